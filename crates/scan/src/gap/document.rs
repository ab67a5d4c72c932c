//! Gaps of a document: it does not parse, or what it holds is no object.

use std::collections::HashSet;

use plimsoll_snapshot::object::{Fault, FaultKind, File, Object};
use plimsoll_snapshot::place::Source;
use plimsoll_snapshot::provenance::Provenance;
use plimsoll_yaml::{Chunk, Node, ParseError, Span, looks_like};

use super::{Gap, GapReason};

/// Something that was meant to be an object and is none.
pub(crate) fn incomplete(source: &Source<'_>, fault: &Fault<'_>) -> Gap {
    let file = source.document.file;
    let message = match fault.what {
        FaultKind::Lacks(key) => {
            format!(
                "this looks like a Kubernetes object without {key}; add it, kubectl refuses it too"
            )
        }
        FaultKind::NotAnObject => {
            "this item of a list is not a Kubernetes object; kubectl refuses the whole list"
                .to_owned()
        }
        FaultKind::NotItems => {
            "the items of this List are not a list, so nothing in it was judged".to_owned()
        }
    };
    Gap {
        reason: GapReason::Incomplete,
        message,
        file: file.name.clone(),
        location: Some(source.location(first_line(file.text, fault.node.span()))),
        controls: Vec::new(),
    }
}

/// Keys that stand twice above the objects of a list: the earlier one hides objects.
pub(crate) fn stray_duplicates(source: &Source<'_>, objects: &[Object<'_>]) -> Vec<Gap> {
    let tree = source.document.tree;
    let objects: HashSet<_> = objects.iter().map(|object| object.node.id()).collect();
    let in_object = |key: &Node<'_>| {
        let mut above = std::iter::successors(Some(*key), |node| node.parent());
        above.any(|node| objects.contains(&node.id()))
    };
    let keys = tree
        .duplicates()
        .iter()
        .filter_map(|duplicate| tree.node(duplicate.key));
    let stray = keys.filter(|key| !in_object(key));
    stray
        .map(|key| Gap {
            reason: GapReason::DuplicateKey,
            message: format!(
                "{} stands twice here and the last one wins; objects below this one were not judged",
                key.key_text().unwrap_or("a key")
            ),
            file: source.document.file.name.clone(),
            location: Some(source.location(key.span())),
            controls: Vec::new(),
        })
        .collect()
}

/// A gap, if the text shows that it is meant for Kubernetes.
pub(crate) fn unparsable(file: &File<'_>, chunk: &Chunk, error: &ParseError) -> Option<Gap> {
    let text = file
        .text
        .get(chunk.span.start as usize..chunk.span.end as usize)
        .unwrap_or_default();
    if !looks_like(text, &["apiVersion", "kind"]) {
        return None;
    }
    let marked = ["{{", "{%"].iter().any(|mark| text.contains(mark));
    let template = marked && matches!(file.provenance, Provenance::Written);
    let (reason, message) = if template {
        let advice =
            "this is a template: render it first, as in `helm template CHART | plimsoll scan -`";
        (GapReason::Template, advice.to_owned())
    } else {
        (GapReason::Unparsable, error.message.clone())
    };
    Some(Gap {
        reason,
        message,
        file: file.name.clone(),
        location: Some(file.locate(chunk.number, error.span)),
        controls: Vec::new(),
    })
}

/// The span, cut at the end of its first line.
pub(crate) fn first_line(text: &str, span: Span) -> Span {
    let whole = text
        .get(span.start as usize..span.end as usize)
        .unwrap_or_default();
    let length = whole.find(['\r', '\n']).unwrap_or(whole.len());
    Span {
        start: span.start,
        end: span.start + u32::try_from(length).unwrap_or_default(),
    }
}
