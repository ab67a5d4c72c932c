//! What a finding holds. Owned: it outlives the text in which the fault was found.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use plimsoll_snapshot::kinds::is_settings;
use plimsoll_snapshot::object::ObjectId;
use plimsoll_snapshot::place::Place;

use crate::describe::Clause;
use crate::remedy::Fix;
use crate::settings::Setting;
use crate::{Header, Severity};

/// What a finding is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// The object.
    pub object: Arc<ObjectId>,
    /// The container, where the finding is about one; empty when it has no name.
    pub container: Option<Arc<str>>,
}

/// A sentence, mostly about an object: what many say alike is kept once. Holds untrusted text, unescaped.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    part: Option<Arc<str>>,
    object: Option<Arc<ObjectId>>,
    predicate: Arc<str>,
}

impl Message {
    /// What is said of an object: `predicate` goes on after its name ("shares the host's network").
    pub fn of(object: Arc<ObjectId>, predicate: Arc<str>) -> Message {
        Message {
            part: None,
            object: Some(object),
            predicate,
        }
    }

    /// Makes it a sentence about a part of the object, such as `container "api"`.
    pub fn narrow(&mut self, part: Arc<str>) {
        self.part = Some(part);
    }

    /// Adds to its end.
    pub fn append(&mut self, more: &str) {
        self.predicate = (self.predicate.to_string() + more).into();
    }
}

impl From<String> for Message {
    fn from(sentence: String) -> Message {
        Message {
            part: None,
            object: None,
            predicate: sentence.into(),
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(part) = &self.part {
            write!(f, "{part} of ")?;
        }
        if let Some(object) = &self.object {
            write_described(object, f)?;
            f.write_str(" ")?;
        }
        f.write_str(&self.predicate)
    }
}

/// An object in a sentence: `Deployment shop/api`.
fn write_described(object: &ObjectId, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(&object.kind)?;
    match (&object.namespace, object.name.as_str()) {
        (_, "") if is_settings(object.group(), &object.kind) => Ok(()),
        (_, "") => f.write_str(" without a name"),
        (Some(namespace), name) => write!(f, " {namespace}/{name}"),
        (None, name) => write!(f, " {name}"),
    }
}

/// Another place that explains a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// The object there.
    pub object: Arc<ObjectId>,
    /// Where.
    pub place: Place,
}

/// One recommendation that is not met, at one place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The control that found it.
    pub control: &'static Header,
    /// The control's severity, or another with its reason.
    pub severity: Severity,
    /// One sentence that makes sense alone.
    pub message: Message,
    /// What to say at the place itself.
    pub label: Cow<'static, str>,
    /// What it is about.
    pub subject: Subject,
    /// Where.
    pub place: Place,
    /// The description that was not met, where there is one.
    pub clause: Option<&'static Clause>,
    /// The setting that is not as it should be, where there is one.
    pub setting: Option<&'static Setting>,
    /// What few findings have.
    pub(crate) aside: Option<Box<Aside>>,
}

/// What few findings have, kept apart because findings are kept by the thousand.
#[derive(Clone, Default, Debug)]
pub(crate) struct Aside {
    severity_reason: Option<&'static str>,
    obstacle: Option<&'static str>,
    related: Vec<Related>,
}

impl Finding {
    /// What a control says of a place, and nothing else so far.
    pub fn new(
        control: &'static Header,
        message: Message,
        label: Cow<'static, str>,
        subject: Subject,
        place: Place,
    ) -> Finding {
        Finding {
            control,
            severity: control.severity,
            message,
            label,
            subject,
            place,
            clause: None,
            setting: None,
            aside: None,
        }
    }

    /// Why the severity differs from the control's.
    pub fn severity_reason(&self) -> Option<&'static str> {
        self.aside.as_ref()?.severity_reason
    }

    /// What can be done about it: the control's, unless something stands in the way here.
    pub fn fix(&self) -> Fix {
        let obstacle = self.aside.as_ref().and_then(|aside| aside.obstacle);
        obstacle.map_or(self.control.fix, Fix::Not)
    }

    /// Other places that explain it.
    pub fn related(&self) -> &[Related] {
        self.aside.as_ref().map_or(&[], |aside| &aside.related)
    }

    /// The same, to change them.
    pub fn related_mut(&mut self) -> &mut [Related] {
        self.aside
            .as_mut()
            .map_or(&mut [], |aside| &mut aside.related)
    }

    /// Gives the finding another severity than its control's, with the reason.
    pub fn weigh(&mut self, severity: Severity, reason: &'static str) -> &mut Finding {
        self.severity = severity;
        self.aside.get_or_insert_default().severity_reason = Some(reason);
        self
    }

    /// This one cannot be fixed as others of its control can. Why, as a sentence without full stop.
    pub fn without_fix(&mut self, reason: &'static str) -> &mut Finding {
        self.aside.get_or_insert_default().obstacle = Some(reason);
        self
    }

    /// Adds places that explain it.
    pub fn relate(&mut self, related: impl IntoIterator<Item = Related>) -> &mut Finding {
        let mut related = related.into_iter().peekable();
        if related.peek().is_some() {
            self.aside.get_or_insert_default().related.extend(related);
        }
        self
    }
}
