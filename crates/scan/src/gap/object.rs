//! Gaps of one object: values of the wrong type, and controls that failed on it.

use std::collections::BTreeMap;

use plimsoll_control::Control;
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::place::Place;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::{NodeId, Path};

use super::document::first_line;
use super::{Gap, GapReason};

/// Values of the wrong type in one object, and which controls stumbled over each.
#[derive(Default)]
pub(crate) struct MalformedValues {
    values: BTreeMap<NodeId, (&'static str, Vec<&'static str>)>,
}

impl MalformedValues {
    /// Takes what was met since the last call; `control` met it.
    pub(crate) fn take(&mut self, object: &Object<'_>, control: Option<&'static str>) {
        for (node, wanted) in object.take_malformed() {
            let (_, controls) = self.values.entry(node).or_insert((wanted, Vec::new()));
            controls.extend(control);
        }
    }

    /// One gap for each value.
    pub(crate) fn into_gaps(self, object: &Object<'_>) -> impl Iterator<Item = Gap> {
        self.values
            .into_iter()
            .filter_map(move |(node, (wanted, controls))| {
                let node = object.document.tree.node(node)?;
                let place = object.source().place(At::node(node));
                Some(Gap {
                    reason: GapReason::Malformed,
                    message: format!(
                        "{}{} {} is not {wanted}; the API server refuses it, so it was not judged",
                        within(&place.path),
                        object.kind,
                        object.name().unwrap_or("without a name"),
                    ),
                    file: object.document.file.name.clone(),
                    location: place.location,
                    controls,
                })
            })
    }
}

/// A path, to go before the name of its object.
fn within(path: &Path) -> String {
    if path.segments().is_empty() {
        String::new()
    } else {
        format!("{path} of ")
    }
}

/// A control that panicked on an object.
pub(crate) fn panicked(control: &Control, object: &Object<'_>) -> Gap {
    let source = object.source();
    Gap {
        reason: GapReason::ControlPanicked,
        message: format!(
            "the control {} failed on {} {}; this is a fault of plimsoll, please report it",
            control.head.id,
            object.kind,
            object.name().unwrap_or("without a name"),
        ),
        file: object.document.file.name.clone(),
        location: Some(source.location(first_line(object.document.file.text, object.node.span()))),
        controls: vec![control.head.id],
    }
}

/// A policy that has no verdict on an object.
pub(crate) fn undecided(control: &Control, object: &Object<'_>, place: Place, why: String) -> Gap {
    Gap {
        reason: GapReason::UnsupportedExpression,
        message: why,
        file: object.document.file.name.clone(),
        location: place.location,
        controls: vec![control.head.id],
    }
}
