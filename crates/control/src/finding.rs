//! What a finding holds. Owned: it outlives the text in which the fault was found.

use std::borrow::Cow;
use std::sync::Arc;

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
    pub container: Option<String>,
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
    /// One sentence that makes sense alone. Holds untrusted text, unescaped.
    pub message: String,
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
