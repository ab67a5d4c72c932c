//! Splitting and parsing: chunks lie in order within the text, both readers give the same tree, every place is inside its document and
//! is found again by its path, and the tree has what was written.

use plimsoll_yaml::{Chunk, Kind, Node, Tree, differ, parse, split};

use crate::model::Model;

/// Panics where it does not hold.
pub fn holds(text: &str) {
    let chunks = split(text);
    let mut end = 0;
    for (index, chunk) in chunks.iter().enumerate() {
        assert_eq!(chunk.number as usize, index + 1);
        assert!(chunk.span.start >= end && chunk.span.start <= chunk.span.end);
        let (from, to) = (chunk.span.start as usize, chunk.span.end as usize);
        assert!(
            text.get(from..to).is_some(),
            "a chunk is cut off a character"
        );
        end = chunk.span.end;
        document(text, chunk);
    }
}

fn document(text: &str, chunk: &Chunk) {
    if !chunk.json
        && chunk.separator_error.is_none()
        && let Err(difference) = differ::agree(text, chunk.span)
    {
        panic!("{difference}");
    }
    match parse(text, chunk) {
        Ok(tree) => {
            whole(&tree, chunk);
            alone(text, chunk, &tree);
        }
        Err(error) => {
            assert!(!error.message.is_empty());
            assert!(error.span.start <= error.span.end && error.span.end as usize <= text.len());
            assert!(
                text.is_char_boundary(error.span.start as usize),
                "{error:?}"
            );
        }
    }
}

fn whole(tree: &Tree<'_>, chunk: &Chunk) {
    let mut waiting = vec![tree.root()];
    let mut seen = 0;
    while let Some(node) = waiting.pop() {
        seen += 1;
        place(node, chunk);
        if seen < 50 {
            let found = node.path().resolve(tree.root()).map(Node::id);
            assert_eq!(found, Some(node.id()), "{}", node.path());
        }
        waiting.extend(node.items());
        waiting.extend(node.entries().map(|(_, value)| value));
        assert_eq!(node.kind() == Kind::Scalar, node.scalar().is_some());
    }
    for comment in tree.comments() {
        let said = comment.slice(tree.text());
        assert!(said.starts_with('#') && !said.contains('\n'), "{said:?}");
    }
}

fn place(node: Node<'_>, chunk: &Chunk) {
    let (span, text) = (node.span(), node.tree().text());
    assert!(
        span.start >= chunk.span.start && span.end <= chunk.span.end,
        "{span:?}"
    );
    assert!(text.get(span.start as usize..span.end as usize).is_some());
}

/// A document means the same when it stands alone, and when it is written anew.
fn alone(text: &str, chunk: &Chunk, tree: &Tree<'_>) {
    let Some(model) = Model::of(tree.root()) else {
        return;
    };
    let own = chunk.span.slice(text);
    // What follows JSON on its line begins where no line does: a tab there indents nothing, but would if it stood alone.
    let before = &text[..chunk.span.start as usize];
    let begins_a_line = before.is_empty() || before.ends_with('\n');
    if begins_a_line
        && let [only] = split(own).as_slice()
        && only.json == chunk.json
    {
        let tree = parse(own, only).expect("it was read among others");
        assert_eq!(Model::of(tree.root()), Some(model.clone()));
    }
    if let Some(value) = model.written() {
        let written = plimsoll_yaml::write(&value);
        let chunks = split(&written);
        assert_eq!(chunks.len(), 1, "{written:?}");
        let again =
            parse(&written, &chunks[0]).unwrap_or_else(|error| panic!("{error}: {written:?}"));
        assert_eq!(Model::of(again.root()), Some(model.clone()), "{written:?}");
    }
    if chunk.json {
        json(own, &model);
    }
}

/// What is taken for JSON is JSON to others as well.
fn json(text: &str, model: &Model) {
    match serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}')) {
        Ok(value) => assert!(model.means(&value), "{value}\n{model:?}"),
        // Lone surrogates, numbers beyond a float and deep nesting are what only we read.
        Err(error) => assert!(
            ["surrogate", "recursion", "out of range", "hex escape"]
                .iter()
                .any(|known| error.to_string().contains(known)),
            "{error}: {text:?}"
        ),
    }
}
