//! What a generator is asked for: typed, checked parameters, each named after its option on the command line.
//!
//! Invariant: whatever a parameter lets through can stand in a YAML scalar as [`crate::scalar::scalar`] writes it.

use std::fmt;
use std::str::FromStr;

use plimsoll_snapshot::version::Minor;

use crate::parameter::{Exemption, Peer, Subject};

/// How far to go.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Tier {
    /// What breaks least.
    Minimal,
    /// What fits most.
    Recommended,
    /// What leaves least open, at a price that the comments name.
    Strict,
}

impl Tier {
    /// All of them, mildest first.
    pub const ALL: [Tier; 3] = [Tier::Minimal, Tier::Recommended, Tier::Strict];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Tier::Minimal => "minimal",
            Tier::Recommended => "recommended",
            Tier::Strict => "strict",
        }
    }
}

impl FromStr for Tier {
    type Err = String;

    fn from_str(text: &str) -> Result<Tier, String> {
        let found = Tier::ALL.into_iter().find(|tier| tier.as_str() == text);
        found.ok_or_else(|| "choose from minimal, recommended, strict".to_owned())
    }
}

/// A parameter that only some generators take.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Parameter {
    /// How far to go.
    Option,
    /// The object's name.
    Name,
    /// The namespace.
    Namespace,
    /// The container image.
    Image,
    /// Who may connect.
    AllowFrom,
    /// Where connections may go.
    AllowTo,
    /// Verbs of a rule.
    Verb,
    /// Resources of a rule.
    Resource,
    /// The role that a binding gives.
    Role,
    /// Who gets it.
    Subject,
    /// Who is exempt from admission.
    Exempt,
    /// The address of another program.
    Server,
    /// What is there already.
    From,
    /// A fresh key.
    KeyFromRandom,
}

impl Parameter {
    /// The option on the command line.
    pub fn flag(self) -> &'static str {
        match self {
            Parameter::Option => "--option",
            Parameter::Name => "--name",
            Parameter::Namespace => "--namespace",
            Parameter::Image => "--image",
            Parameter::AllowFrom => "--allow-from",
            Parameter::AllowTo => "--allow-to",
            Parameter::Verb => "--verb",
            Parameter::Resource => "--resource",
            Parameter::Role => "--role",
            Parameter::Subject => "--subject",
            Parameter::Exempt => "--exempt",
            Parameter::Server => "--server",
            Parameter::From => "--from",
            Parameter::KeyFromRandom => "--key-from-random",
        }
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.flag())
    }
}

/// A text that is there already: its name as shown, and what it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    /// As shown.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// What is asked for. `None` and empty lists leave it to the generator.
#[derive(Clone, Debug)]
pub struct Request {
    /// For which Kubernetes.
    pub version: Minor,
    /// How far to go; recommended when left open.
    pub option: Option<Tier>,
    /// The object's name.
    pub name: Option<String>,
    /// The namespace.
    pub namespace: Option<String>,
    /// The container image.
    pub image: Option<String>,
    /// Who may connect.
    pub allow_from: Vec<Peer>,
    /// Where connections may go.
    pub allow_to: Vec<Peer>,
    /// Verbs of a rule.
    pub verbs: Vec<String>,
    /// Resources of a rule, as `deployments.apps`.
    pub resources: Vec<String>,
    /// The role that a binding gives.
    pub role: Option<String>,
    /// Who gets it.
    pub subjects: Vec<Subject>,
    /// Who is exempt from admission.
    pub exempt: Vec<Exemption>,
    /// The address of another program.
    pub server: Option<String>,
    /// What is there already; `None` when nothing was named.
    pub from: Option<Vec<Text>>,
    /// A fresh key from the operating system.
    pub key: Option<[u8; 32]>,
}

impl Request {
    /// A request that leaves everything open.
    pub fn new(version: Minor) -> Request {
        Request {
            version,
            option: None,
            name: None,
            namespace: None,
            image: None,
            allow_from: Vec::new(),
            allow_to: Vec::new(),
            verbs: Vec::new(),
            resources: Vec::new(),
            role: None,
            subjects: Vec::new(),
            exempt: Vec::new(),
            server: None,
            from: None,
            key: None,
        }
    }

    /// How far to go.
    pub(crate) fn tier(&self) -> Tier {
        self.option.unwrap_or(Tier::Recommended)
    }

    /// The name, or `app`: the outputs of all generators fit together.
    pub(crate) fn name(&self) -> &str {
        self.name.as_deref().unwrap_or("app")
    }

    /// The namespace, or `app`.
    pub(crate) fn namespace(&self) -> &str {
        self.namespace.as_deref().unwrap_or("app")
    }

    /// What was asked for beyond the version.
    pub(crate) fn given(&self) -> impl Iterator<Item = Parameter> {
        [
            (self.option.is_some(), Parameter::Option),
            (self.name.is_some(), Parameter::Name),
            (self.namespace.is_some(), Parameter::Namespace),
            (self.image.is_some(), Parameter::Image),
            (!self.allow_from.is_empty(), Parameter::AllowFrom),
            (!self.allow_to.is_empty(), Parameter::AllowTo),
            (!self.verbs.is_empty(), Parameter::Verb),
            (!self.resources.is_empty(), Parameter::Resource),
            (self.role.is_some(), Parameter::Role),
            (!self.subjects.is_empty(), Parameter::Subject),
            (!self.exempt.is_empty(), Parameter::Exempt),
            (self.server.is_some(), Parameter::Server),
            (self.from.is_some(), Parameter::From),
            (self.key.is_some(), Parameter::KeyFromRandom),
        ]
        .into_iter()
        .filter_map(|(given, parameter)| given.then_some(parameter))
    }
}

/// Why nothing can be generated.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RequestError {
    /// A parameter that means nothing here.
    #[error("{generator} takes no {parameter}{}", listed(.takes))]
    NotTaken {
        /// The generator.
        generator: &'static str,
        /// What it does not take.
        parameter: Parameter,
        /// What it takes.
        takes: &'static [Parameter],
    },
    /// A parameter without which nothing can be said.
    #[error("{generator} needs {parameter}: {advice}")]
    Needed {
        /// The generator.
        generator: &'static str,
        /// What is missing.
        parameter: Parameter,
        /// What to give.
        advice: &'static str,
    },
    /// What is asked for does not exist at this version.
    #[error("{what} only from Kubernetes {since} on: {advice}")]
    TooOld {
        /// What, with its verb.
        what: &'static str,
        /// The first version that has it.
        since: Minor,
        /// What to do instead.
        advice: &'static str,
    },
    /// What is asked for would open what the guide wants closed.
    #[error("{0}")]
    Refused(String),
    /// What is there already cannot be used.
    #[error("{name}: {message}")]
    From {
        /// The text.
        name: String,
        /// Why, and what to do.
        message: String,
    },
}

fn listed(parameters: &[Parameter]) -> String {
    if parameters.is_empty() {
        return ": it has no options of its own".to_owned();
    }
    let flags: Vec<_> = parameters
        .iter()
        .map(|parameter| parameter.flag())
        .collect();
    format!(": it takes {}", flags.join(", "))
}
