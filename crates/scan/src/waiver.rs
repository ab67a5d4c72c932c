//! Which findings are waived, and what becomes of each waiver. Pure: the date is part of the target.
//!
//! Invariants: a waiver that has expired, gives no reason or cannot be understood hides nothing; no waiver hides a gap
//! or what is found about waivers.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use plimsoll_control::{Control, Finding, POLICY_PREFIX};
use plimsoll_snapshot::date::Date;
use plimsoll_snapshot::object::ObjectId;
use plimsoll_snapshot::waiver::{Audited, Covers, Standing, Waiver, fits};

use crate::nearest::nearest;

/// The waivers that stand outside of what is judged.
#[derive(Clone, Default, Debug)]
pub struct ConfiguredWaivers {
    /// The waivers.
    pub waivers: Vec<Waiver>,
    /// Was everything judged that they can cover? Only then is one that covers nothing a finding.
    pub all_scanned: bool,
}

/// What a waiver is about, as far as that is a single thing: findings look for theirs by it.
#[derive(Clone, PartialEq, Eq, Hash)]
enum About {
    /// A line of a file.
    Line(Arc<str>, u32),
    /// One object.
    Object(Arc<ObjectId>),
    /// Objects of one name, or of many.
    Named(Option<String>),
}

/// All waivers of a run, by the control that they name.
pub(crate) struct Waivers {
    all: Vec<(Arc<Waiver>, Standing)>,
    /// By control.
    index: HashMap<(&'static str, About), Vec<usize>>,
    matched: HashSet<usize>,
}

impl Waivers {
    /// Takes the waivers that stand in files and those of the configuration. `named` finds the control of an id, also
    /// of a former one, and `meant` asks back about one that does not exist.
    pub(crate) fn new(
        inline: Vec<Waiver>,
        configured: &[Waiver],
        all_scanned: bool,
        today: Option<Date>,
        named: impl Fn(&str) -> Option<&'static str>,
        meant: impl Fn(&str) -> Option<String>,
    ) -> Waivers {
        let unused = if all_scanned {
            Standing::Unmatched
        } else {
            Standing::Unsettled
        };
        let inline = inline
            .into_iter()
            .map(|waiver| (waiver, Standing::Unmatched));
        let outside = configured.iter().cloned().map(|waiver| (waiver, unused));
        let mut waivers = Waivers {
            all: Vec::new(),
            index: HashMap::new(),
            matched: HashSet::new(),
        };
        for (mut waiver, unused) in inline.chain(outside) {
            let control = named(&waiver.control);
            if control.is_none() && waiver.fault.is_none() {
                let advice = meant(&waiver.control);
                let advice = advice.map_or_else(String::new, |advice| format!(", {advice}"));
                waiver.fault = Some(format!("\"{}\" is no control{advice}", waiver.control));
            }
            let standing = standing(&waiver, today).unwrap_or(unused);
            let about = about(&waiver).filter(|_| standing == unused);
            if let (Some(control), Some(about)) = (control, about) {
                let same = waivers.index.entry((control, about)).or_default();
                same.push(waivers.all.len());
            }
            waivers.all.push((Arc::new(waiver), standing));
        }
        waivers
    }

    /// The waiver that hides a finding; every waiver that covers it counts as matched.
    pub(crate) fn of(&mut self, finding: &Finding) -> Option<Arc<Waiver>> {
        if self.index.is_empty() {
            return None;
        }
        let id = finding.control.id;
        let object = &finding.subject.object;
        let place = finding.place.location.as_ref();
        let keys = [
            place.map(|at| About::Line(at.file.clone(), at.start.line)),
            Some(About::Object(object.clone())),
            Some(About::Named(Some(object.name.clone()))),
            Some(About::Named(None)),
        ];
        let keys = keys.into_iter().flatten();
        let found = keys.filter_map(|about| self.index.get(&(id, about)));
        let mut first = None;
        for index in found.flatten() {
            let Some((waiver, _)) = self.all.get(*index) else {
                continue;
            };
            if covers(waiver, finding) {
                self.matched.insert(*index);
                first.get_or_insert_with(|| waiver.clone());
            }
        }
        first
    }

    /// What has become of each. Waivers of controls that `is_off` are left out: they would be matched if these ran.
    pub(crate) fn audited(self, is_off: impl Fn(&str) -> bool) -> Vec<Audited> {
        let audited = |(index, (waiver, standing)): (usize, (Arc<Waiver>, Standing))| Audited {
            standing: if self.matched.contains(&index) {
                Standing::Counts
            } else {
                standing
            },
            waiver,
        };
        let idle = |audited: &Audited| {
            let unused = matches!(audited.standing, Standing::Unmatched | Standing::Unsettled);
            unused && is_off(&audited.waiver.control)
        };
        let all = self.all.into_iter().enumerate().map(audited);
        all.filter(|audited| !idle(audited)).collect()
    }
}

/// `None` where it can cover nothing.
fn about(waiver: &Waiver) -> Option<About> {
    match &waiver.covers {
        Covers::Line { line, .. } => {
            let location = waiver.place.location.as_ref()?;
            Some(About::Line(location.file.clone(), *line))
        }
        Covers::Object { .. } => Some(About::Object(waiver.object.clone())),
        Covers::Named { name, .. } => {
            let name = name.clone().filter(|name| !name.contains('*'));
            Some(About::Named(name))
        }
    }
}

/// What a waiver is whatever it covers; `None`: it counts if it covers something.
fn standing(waiver: &Waiver, today: Option<Date>) -> Option<Standing> {
    let over = |expires: Date| today.is_some_and(|today| today > expires);
    if waiver.fault.is_some() {
        Some(Standing::Malformed)
    } else if waiver.reason.is_empty() {
        Some(Standing::WithoutReason)
    } else if waiver.expires.is_some_and(over) {
        Some(Standing::Expired)
    } else {
        None
    }
}

fn covers(waiver: &Waiver, finding: &Finding) -> bool {
    let object = &finding.subject.object;
    let named = |pattern: &Option<String>, name: &str| {
        pattern.as_ref().is_none_or(|pattern| fits(pattern, name))
    };
    let container = |pattern: &Option<String>| match (pattern, &finding.subject.container) {
        (None, _) => true,
        (Some(pattern), Some(container)) => fits(pattern, container),
        (Some(pattern), None) => pattern == "*",
    };
    match &waiver.covers {
        Covers::Line {
            line,
            container: pattern,
        } => {
            let start = finding.place.location.as_ref().map(|at| at.start.line);
            same_document(waiver, finding) && start == Some(*line) && container(pattern)
        }
        Covers::Object { container: pattern } => {
            same_document(waiver, finding) && *object == waiver.object && container(pattern)
        }
        Covers::Named {
            kind,
            namespace,
            name,
            container: pattern,
        } => {
            let in_namespace = match (namespace, &object.namespace) {
                (None, _) => true,
                (Some(pattern), Some(namespace)) => fits(pattern, namespace),
                (Some(pattern), None) => pattern == "*",
            };
            named(kind, &object.kind)
                && in_namespace
                && named(name, &object.name)
                && container(pattern)
        }
    }
}

fn same_document(waiver: &Waiver, finding: &Finding) -> bool {
    match (&waiver.place.location, &finding.place.location) {
        (Some(one), Some(other)) => (&one.file, one.document) == (&other.file, other.document),
        // Live objects: which one it is has been compared.
        (None, None) => true,
        _ => false,
    }
}

/// The id of the control that has, or once had, this id.
pub fn current_id(controls: &[&'static Control], id: &str) -> Option<&'static str> {
    let has = |control: &&&Control| control.head.id == id || control.head.formerly.contains(&id);
    controls.iter().find(has).map(|control| control.head.id)
}

/// Is it the id of a user's policy, where no policies were given? Then nobody can say whether there is one.
pub(crate) fn is_policy_elsewhere(controls: &[&'static Control], id: &str) -> bool {
    let is_policy = |id: &str| id.starts_with(POLICY_PREFIX);
    is_policy(id) && !controls.iter().any(|control| is_policy(control.head.id))
}

/// The question whether another control was meant; `None` when none is spelled alike.
pub(crate) fn meant(controls: &[&'static Control], id: &str) -> Option<String> {
    let ids = controls.iter().map(|control| control.head.id);
    let near = nearest(id, ids, 1).first().copied()?;
    Some(format!("did you mean {near}?"))
}

#[cfg(test)]
mod tests {
    use plimsoll_control::{Enforce, Found, Header, Revision, Rule, Severity, Words};
    use plimsoll_guide::Chapter;
    use plimsoll_snapshot::pod::Container;
    use plimsoll_snapshot::target::Target;
    use plimsoll_snapshot::value::At;
    use plimsoll_snapshot::version::Minor;

    use super::*;
    use crate::{Configuration, Report, Scan, SourceText};

    static RENAMED: Control = Control {
        head: Header {
            id: "new-name",
            formerly: &["old-name"],
            title: "a container",
            chapter: Chapter::BeyondTheGuide,
            guide: &[],
            pss: &[],
            severity: Severity::High,
            fix: plimsoll_control::Fix::Not(""),
            page: plimsoll_control::Page::Text(""),
        },
        needs: &[],
        revisions: &[Revision::always(Rule::Container {
            check,
            words: &[],
            enforce: Enforce::Not("a test"),
        })],
    };

    fn check(container: &Container<'_, '_>, _: Words, found: &mut Found<'_>) {
        found.on_container(container, At::node(container.node), "is there", "");
    }

    fn scanned(comment: &str, configuration: &str) -> Report {
        let text = format!(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a # {comment}\n    - name: b\n"
        );
        let configuration =
            Configuration::read("plimsoll.yaml", configuration, &[&RENAMED]).unwrap();
        let configured = ConfiguredWaivers {
            waivers: configuration.waivers,
            all_scanned: true,
        };
        let scan = Scan::new([&RENAMED], Target::new(Minor::NEWEST));
        let scan = scan.without(&configuration.off).with_waivers(configured);
        let part = scan.judge(&SourceText {
            name: "a.yaml".into(),
            unit: "a".into(),
            text: &text,
            provenance: plimsoll_snapshot::provenance::Provenance::Written,
        });
        scan.report(vec![part], Vec::new(), Vec::new())
    }

    #[test]
    fn a_former_id_is_as_good_as_the_present_one() {
        for id in ["old-name", "new-name"] {
            let report = scanned(&format!("plimsoll: allow {id}: x"), "version: 1");
            assert_eq!((report.findings.len(), report.waived.len()), (1, 1), "{id}");
            let all = format!("version: 1\nwaivers: [{{control: {id}, reason: x}}]");
            assert_eq!(scanned("", &all).waived.len(), 2, "{id}");
            let off = format!("version: 1\ncontrols: {{off: {{{id}: x}}}}");
            let report = scanned("", &off);
            assert_eq!(
                (report.findings.len(), report.not_assessed.len()),
                (0, 1),
                "{id}"
            );
        }
    }

    #[test]
    fn a_control_that_does_not_exist_asks_back() {
        let all = [&RENAMED];
        let asked = Some("did you mean new-name?".to_owned());
        assert_eq!(meant(&all, "newname"), asked);
        assert_eq!(meant(&all, "zzz"), None);
    }

    #[test]
    fn subjects_are_counted_and_waived_findings_are_ranked_last() {
        let report = scanned("plimsoll: allow new-name: x", "version: 1");
        let tally = report.summary.controls["new-name"];
        assert_eq!((tally.failed, tally.waived, tally.passed), (1, 1, 0));
        assert_eq!(report.findings[0].priority.rank, 1);
        assert_eq!(report.waived[0].reported.priority.rank, 2);
        assert_eq!(report.waived[0].waiver.source(), "a.yaml:5");
    }
}
