//! `plimsoll.snapshot-diff/v1`. Scripts rely on every name here: fields may be added and never changed.

use std::io::{self, Write};

use plimsoll_scan::Report;
use plimsoll_snapshot::difference::{Change, Which};
use serde::Serialize;
use serde_json::Value;

use super::{Comparison, Side};
use crate::json::pretty;
use crate::record::{Finding, Gap, Tool};

const SCHEMA: &str = "plimsoll.snapshot-diff/v1";

/// Writes a comparison as JSON, indented by two spaces.
///
/// # Errors
/// What writing to `out` gives.
pub fn comparison_json(comparison: &Comparison<'_>, out: &mut dyn Write) -> io::Result<()> {
    let differences = comparison.differences;
    let (came, went): (Vec<_>, Vec<_>) = (
        comparison.came().map(Finding::of).collect(),
        comparison.went().map(Finding::of).collect(),
    );
    let shown = Whole {
        schema: SCHEMA,
        tool: Tool::THIS,
        before: SideShown::of(&comparison.before),
        after: SideShown::of(&comparison.after),
        summary: Summary {
            added: differences.added.len(),
            removed: differences.removed.len(),
            changed: differences.changed.len(),
            came: came.len(),
            went: went.len(),
        },
        objects: Objects {
            added: differences.added.iter().map(WhichShown::of).collect(),
            removed: differences.removed.iter().map(WhichShown::of).collect(),
            changed: differences.changed.iter().map(Changed::of).collect(),
        },
        findings: Findings { came, went },
    };
    pretty(&shown, out)
}

#[derive(Serialize)]
struct Whole<'r> {
    schema: &'static str,
    tool: Tool<'static>,
    before: SideShown<'r>,
    after: SideShown<'r>,
    objects: Objects<'r>,
    findings: Findings<'r>,
    summary: Summary,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SideShown<'r> {
    file: &'r str,
    server_version: &'r str,
    taken: &'r str,
    objects: u64,
    gaps: Vec<Gap<'r>>,
}

impl<'r> SideShown<'r> {
    fn of((side, report): &'r (Side, &'r Report)) -> SideShown<'r> {
        SideShown {
            file: &side.name,
            server_version: &side.server_version,
            taken: &side.taken,
            objects: side.objects,
            gaps: report.gaps.iter().map(Gap::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct Objects<'r> {
    added: Vec<WhichShown<'r>>,
    removed: Vec<WhichShown<'r>>,
    changed: Vec<Changed<'r>>,
}

#[derive(Serialize)]
struct WhichShown<'r> {
    group: &'r str,
    kind: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'r str>,
    name: &'r str,
}

impl<'r> WhichShown<'r> {
    fn of(which: &'r Which) -> WhichShown<'r> {
        WhichShown {
            group: &which.group,
            kind: &which.kind,
            namespace: which.namespace.as_deref(),
            name: &which.name,
        }
    }
}

#[derive(Serialize)]
struct Changed<'r> {
    object: WhichShown<'r>,
    changes: Vec<ChangeShown>,
}

impl<'r> Changed<'r> {
    fn of((which, changes): &'r (Which, Vec<Change>)) -> Changed<'r> {
        Changed {
            object: WhichShown::of(which),
            changes: changes.iter().map(ChangeShown::of).collect(),
        }
    }
}

/// Where nothing was, or is, the value is absent: `null` is a value too.
#[derive(Serialize)]
struct ChangeShown {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Value>,
}

impl ChangeShown {
    fn of(change: &Change) -> ChangeShown {
        let read = |value: &Option<String>| {
            let value = value.as_deref()?;
            Some(serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned())))
        };
        ChangeShown {
            path: change.path.to_string(),
            before: read(&change.before),
            after: read(&change.after),
        }
    }
}

#[derive(Serialize)]
struct Findings<'r> {
    came: Vec<Finding<'r>>,
    went: Vec<Finding<'r>>,
}

#[derive(Serialize)]
struct Summary {
    added: usize,
    removed: usize,
    changed: usize,
    came: usize,
    went: usize,
}
