//! Holds the fast reader to the general one: the same tree, byte for byte of it, or none.
//!
//! For tests and fuzzing only, behind the feature `differ`; nothing of the product uses it.

use crate::build::{COLON, SHALLOW};
use crate::text::Span;
use crate::tree::{Record, Style, Tree};
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

/// Indents the further lines of quoted texts, which changes nothing of what they say, and compares that.
fn agree_deepened(ours: &Tree<'_>, span: Span) -> Result<bool, String> {
    let document = span.slice(ours.text);
    let longest = document.lines().map(str::len).max();
    let indent = " ".repeat(longest.unwrap_or(0) + 1);
    let quoted =
        |record: &&Record| matches!(record.style, Style::SingleQuoted | Style::DoubleQuoted);
    let mut deepened = String::new();
    let mut copied = span.start;
    for record in ours.records.iter().filter(quoted) {
        deepened += Span {
            start: copied,
            end: record.span.start,
        }
        .slice(ours.text);
        deepened += &record
            .span
            .slice(ours.text)
            .replace('\n', &format!("\n{indent}"));
        copied = record.span.end;
    }
    deepened += Span {
        start: copied,
        end: span.end,
    }
    .slice(ours.text);
    let whole = Span::of(0, deepened.len());
    let theirs = fast::parse(&deepened, whole).ok_or("declined when it is indented more")?;
    let moved = |record: &Record| Record {
        span: whole,
        ..record.clone()
    };
    let bare = |tree: &Tree<'_>| tree.records.iter().map(moved).collect::<Vec<_>>();
    if bare(ours) != bare(&theirs) || ours.aside != theirs.aside {
        return Err(format!(
            "says something else when it is indented more: {document:?}"
        ));
    }
    match build::parse(&deepened, whole) {
        Ok(_) => agree(&deepened, whole),
        Err(error) => Err(format!("read what must be refused: {error}\n{document:?}")),
    }
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
    let theirs = match build::parse(text, span) {
        Ok(theirs) => theirs,
        // kubectl reads on however little the further lines of a quoted text are indented; the event parser does not.
        Err(error) if error.message == SHALLOW && document.contains('\n') => {
            return agree_deepened(&ours, span);
        }
        // In `[fd00::]` the event parser sees a name without a value. kubectl's library, to which fuzzing holds the fast reader, does not.
        Err(error) if error.message == COLON => return Ok(true),
        Err(error) => return Err(format!("read what must be refused: {error}\n{document:?}")),
    };
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
