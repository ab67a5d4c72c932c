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
    /// Why the severity differs from the control's.
    pub severity_reason: Option<&'static str>,
    /// One sentence that makes sense alone.
    pub message: Message,
    /// What to say at the place itself.
    pub label: Cow<'static, str>,
    /// What it is about.
    pub subject: Subject,
    /// Where.
    pub place: Place,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// What can be done about it: the control's, or another that the check gives.
    pub fix: Fix,
    /// The description that was not met, where there is one.
    pub clause: Option<&'static Clause>,
    /// The setting that is not as it should be, where there is one.
    pub setting: Option<&'static Setting>,
}
