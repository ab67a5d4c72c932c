//! Holds the fast reader to the general one: the same tree, byte for byte of it, or none.
//!
//! For tests and fuzzing only, behind the feature `differ`; nothing of the product uses it.

use crate::text::Span;
use crate::tree::Tree;
use crate::{build, fast};

/// All that a tree holds, for comparison.
fn whole(tree: &Tree<'_>) -> String {
    let nodes: Vec<_> = tree
        .records
        .iter()
        .map(|record| (record, record.span.slice(tree.text)))
        .collect();
    let rest = (&tree.aside, &tree.duplicates, &tree.comments, tree.root);
    format!("{nodes:#?}\n{rest:#?}")
}

fn same(ours: &Tree<'_>, theirs: &Tree<'_>) -> bool {
    ours.records == theirs.records
        && ours.aside == theirs.aside
        && ours.duplicates == theirs.duplicates
        && ours.comments == theirs.comments
        && ours.root == theirs.root
}

/// Reads a document with both readers: true if the fast one read it, false if it declined.
///
/// # Errors
/// The difference, if the fast reader gave another tree than the general one.
pub fn agree(text: &str, span: Span) -> Result<bool, String> {
    let Some(ours) = fast::parse(text, span) else {
        return Ok(false);
    };
    let document = span.slice(text);
    let theirs = build::parse(text, span)
        .map_err(|error| format!("read what must be refused: {error}\n{document:?}"))?;
    if same(&ours, &theirs) {
        return Ok(true);
    }
    let (ours, theirs) = (whole(&ours), whole(&theirs));
    let mut lines = ours.lines().zip(theirs.lines());
    let from = lines
        .position(|(a, b)| a != b)
        .unwrap_or(0)
        .saturating_sub(4);
    let part = |all: &str| {
        all.lines()
            .skip(from)
            .take(10)
            .collect::<Vec<_>>()
            .join("\n")
    };
    Err(format!(
        "ours:\n{}\ntheirs:\n{}\nof {document:?}",
        part(&ours),
        part(&theirs)
    ))
}
