//! The contract between controls and everything else: what a control is, how it is described, and what a finding
//! holds. Knows no control by name and no output format.

mod describe;
mod enforce;
mod finding;
mod found;
mod judge;
mod page;
pub mod remedy;
mod run;
mod settings;
mod visible;

pub use describe::{Clause, Describe, Guard, Must, Says, Weight, When};
pub use enforce::Enforce;
pub use finding::{Finding, Message, Related, Subject};
pub use found::{Found, JoinedFound, Tally};
pub use judge::{Judge, POLICY_PREFIX};
pub use page::Page;
pub use remedy::{Companion, EditsFor, Extent, Fix, How, Remedy, Safety};
pub use run::{Run, RunCheck, judge_runs};
pub use settings::{Setting, Settings, Want};
pub use visible::is_treacherous;

use plimsoll_guide::{Chapter, Recommendation};
use plimsoll_snapshot::component::Program;
use plimsoll_snapshot::facts::{FactKind, Facts};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::pod::{Container, Pod};
use plimsoll_snapshot::version::Minor;
use plimsoll_snapshot::waiver::Audited;

/// How bad it is. Does not depend on the threat profile.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Hardening that narrows what an attacker could do next.
    Low,
    /// A missing layer of defence.
    Medium,
    /// One step from taking over the workload's neighbours or its node.
    High,
    /// Gives the node or the cluster away.
    Critical,
}

impl Severity {
    /// All, least bad first.
    pub const ALL: [Severity; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

/// A level of the Pod Security Standards that forbids something.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Prevents known privilege escalations.
    Baseline,
    /// Current best practice.
    Restricted,
}

impl Level {
    /// The word that Kubernetes uses in namespace labels.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Baseline => "baseline",
            Level::Restricted => "restricted",
        }
    }
}

/// A check of Kubernetes' Pod Security admission plugin that every finding of a control fails.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PssCheck {
    /// The level at which it is evaluated.
    pub level: Level,
    /// The plugin's own id of the check, such as `hostNamespaces`.
    pub check: &'static str,
}

impl PssCheck {
    /// A check of the baseline level.
    pub const fn baseline(check: &'static str) -> PssCheck {
        PssCheck {
            level: Level::Baseline,
            check,
        }
    }

    /// A check of the restricted level.
    pub const fn restricted(check: &'static str) -> PssCheck {
        PssCheck {
            level: Level::Restricted,
            check,
        }
    }
}

/// What a control is called and which recommendations it serves.
#[derive(Debug)]
pub struct Header {
    /// Kebab-case name of the bad state. Never reused.
    pub id: &'static str,
    /// Ids that it had before.
    pub formerly: &'static [&'static str],
    /// One line, the bad state in words.
    pub title: &'static str,
    /// The chapter of the guide to which it belongs.
    pub chapter: Chapter,
    /// Every recommendation that a finding speaks to.
    pub guide: &'static [&'static Recommendation],
    /// Checks of the Pod Security Standards that every finding fails.
    pub pss: &'static [PssCheck],
    /// The severity of a finding, unless the check gives another with a reason.
    pub severity: Severity,
    /// What can be done about its findings by changing the object.
    pub fix: Fix,
    /// The control's page in Markdown.
    pub page: Page,
}

/// One control: one value that answers every question about it.
#[derive(Debug)]
pub struct Control {
    /// Name and references.
    pub head: Header,
    /// Evidence without which a verdict may stay open.
    pub needs: &'static [FactKind],
    /// Behaviour by version, oldest first. Before the first revision the control does not apply.
    pub revisions: &'static [Revision],
}

impl Control {
    /// The rule that holds at a version. `None` before the first revision.
    pub fn rule(&self, version: Minor) -> Option<&'static Rule> {
        let revisions: &'static [Revision] = self.revisions;
        revisions
            .iter()
            .rev()
            .find(|revision| revision.since <= version)
            .map(|revision| &revision.rule)
    }

    /// Is its behaviour decided by the version of the Pod Security policy (which a namespace label can pin)
    /// instead of the server's?
    pub fn follows_policy_version(&self) -> bool {
        !self.head.pss.is_empty()
    }
}

/// From a version on, this rule.
#[derive(Debug)]
pub struct Revision {
    /// The first version for which it holds.
    pub since: Minor,
    /// What is checked.
    pub rule: Rule,
}

impl Revision {
    /// A rule that has held in every version that we know.
    pub const fn always(rule: Rule) -> Revision {
        Revision {
            since: Minor(0),
            rule,
        }
    }

    /// A rule that holds from 1.`minor` on.
    pub const fn since(minor: u8, rule: Rule) -> Revision {
        Revision {
            since: Minor(minor),
            rule,
        }
    }
}

/// Literals of a rule written in Rust: kept beside the function, so that they are data that tests can mutate.
pub type Words = &'static [&'static str];

/// A group and kind, such as `("", "Namespace")`.
pub type GroupKind = (&'static str, &'static str);

impl Rule {
    /// The check of a rule that looks across objects.
    pub fn joined(&self) -> Option<fn(&Facts, &mut JoinedFound)> {
        match self {
            Rule::Joined { check } | Rule::JoinedInPart { check, .. } => Some(*check),
            _ => None,
        }
    }
}

/// What is checked, and of what.
#[derive(Debug)]
pub enum Rule {
    /// Fields of pods or containers that must (not) have certain values: everything follows from the description.
    Derived(Describe),
    /// Settings of Kubernetes' own programs, as flags or in files.
    Settings(Settings),
    /// Each place that says how a program of Kubernetes' own is run: several of its flags together.
    Program {
        /// The program.
        program: Program,
        /// Looks at one run of it.
        check: RunCheck,
        /// The literals that the check uses.
        words: Words,
    },
    /// Each container by itself.
    Container {
        /// Looks at one container.
        check: fn(&Container<'_, '_>, Words, &mut Found<'_>),
        /// The literals that the check uses.
        words: Words,
        /// What the API server can do about it.
        enforce: Enforce,
    },
    /// Each pod as a whole.
    Pod {
        /// Looks at one pod.
        check: fn(&Pod<'_>, Words, &mut Found<'_>),
        /// The literals that the check uses.
        words: Words,
        /// What the API server can do about it.
        enforce: Enforce,
    },
    /// Each object of certain kinds; all objects when no kind is given.
    Object {
        /// The kinds.
        kinds: &'static [GroupKind],
        /// Looks at one object.
        check: fn(&Object<'_>, Words, &mut Found<'_>),
        /// The literals that the check uses.
        words: Words,
        /// What the API server can do about it.
        enforce: Enforce,
    },
    /// Each object, by what was read when the program ran.
    Policy(&'static dyn Judge),
    /// Across objects, when all have been seen.
    Joined {
        /// Looks at the facts of all objects.
        check: fn(&Facts, &mut JoinedFound),
    },
    /// The same, where one object shows by itself that something is wrong, though not how far it reaches.
    JoinedInPart {
        /// Looks at the facts of all objects.
        check: fn(&Facts, &mut JoinedFound),
        /// The kinds whose objects show it; everything that carries a pod when no kind is given.
        kinds: &'static [GroupKind],
        /// What the API server can do about one of them.
        enforce: Enforce,
    },
    /// The waivers, when all other findings have been held against them. What it finds cannot be waived.
    Audit {
        /// Looks at every waiver.
        check: fn(&[Audited], &mut JoinedFound),
    },
}
