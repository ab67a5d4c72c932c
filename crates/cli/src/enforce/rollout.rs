//! Where each control starts when a saved report says what there is: deny where nothing would be refused, warn elsewhere, with
//! what deny would refuse. What the report could not look at is no reason to deny.

use std::collections::BTreeSet;

use plimsoll_control::Control;
use plimsoll_enforce::Stage;
use plimsoll_render::record::Finding;
use plimsoll_render::{Record, escape};
use plimsoll_scan::current_id;

use super::exemptions::exemption_of;

/// As many are named as a reader takes in.
const SHOWN: usize = 3;

/// Where a control starts, and why it does not start at deny.
pub(super) fn start(control: &'static Control, record: &Record<'_>) -> (Stage, Option<String>) {
    let refused = refused(control, record);
    let reason = if !refused.is_empty() {
        Some(format!("deny would refuse {}", listed(&refused)))
    } else if !is_judged(control, record) {
        Some("the report does not say what deny would refuse".to_owned())
    } else {
        None
    };
    let stage = match reason {
        Some(_) => Stage::Warn,
        None => Stage::Deny,
    };
    (stage, reason)
}

/// The objects that fail, whether or not they were known before, and those whose waiver exempts nobody.
fn refused(control: &'static Control, record: &Record<'_>) -> BTreeSet<String> {
    let waived = record.waived.iter().map(|waived| &waived.finding);
    let waived = waived.filter(|finding| exemption_of(finding).is_none());
    let found = record.findings.iter().chain(record.known.iter().flatten());
    found
        .chain(waived)
        .filter(|finding| current_id(&[control], &finding.control).is_some())
        .map(shown)
        .collect()
}

fn shown(finding: &Finding<'_>) -> String {
    let object = &finding.object;
    let name = match &object.namespace {
        Some(namespace) => format!("{} {namespace}/{}", object.kind, object.name),
        None => format!("{} {}", object.kind, object.name),
    };
    escape(&name).into_owned()
}

/// Did the control judge everything that it was meant to?
fn is_judged(control: &'static Control, record: &Record<'_>) -> bool {
    let id = control.head.id;
    let gaps = record.gaps.iter();
    let blind = |controls: &[std::borrow::Cow<'_, str>]| {
        controls.is_empty() || controls.iter().any(|other| other == id)
    };
    record.summary.controls.contains_key(id)
        && !gaps.into_iter().any(|gap| blind(&gap.controls))
        && !record.not_assessed.iter().any(|open| open.control == id)
}

fn listed(objects: &BTreeSet<String>) -> String {
    let names: Vec<&str> = objects.iter().take(SHOWN).map(String::as_str).collect();
    let names = names.join(", ");
    match objects.len().saturating_sub(SHOWN) {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}
