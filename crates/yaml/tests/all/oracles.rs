//! Two editors of other people as judges: what we write means to them what it means to us, and where they make the same edit, the
//! result means the same. They refuse some documents; those are left to the other tests.

use std::str::FromStr;

use plimsoll_yaml::edit::{Edit, apply};
use plimsoll_yaml::{Path, Segment};
use proptest::prelude::*;
use proptest::sample::Index;
use saneyaml::PathSegment;
use serde_json::Value as Json;

use crate::documents::{documents, meaning, paths};

/// What saneyaml reads. `None` where it refuses the text.
fn read(text: &str) -> Option<Json> {
    saneyaml::from_str(text).ok()
}

/// saneyaml's edit of the same place; `None` where it refuses it.
fn edited_by_saneyaml(text: &str, path: &Path, value: Option<bool>) -> Option<String> {
    let steps: Vec<PathSegment> = path
        .segments()
        .iter()
        .map(|segment| match segment {
            Segment::Key(key) => PathSegment::from(&**key),
            Segment::Index(index) => PathSegment::from(*index as usize),
            other => panic!("{other:?}"),
        })
        .collect();
    let mut editor = saneyaml::edit(text).ok()?;
    match value {
        Some(value) => editor.set(steps, value).ok()?,
        None => editor.remove(steps).ok()?,
    };
    editor.finish().ok()
}

/// How many comments yaml-edit sees; `None` where it refuses the text.
fn comments(text: &str) -> Option<usize> {
    let document = yaml_edit::Document::from_str(text).ok()?;
    Some(document.comments().count())
}

/// How many of each verdict there were: a judge who never answers judges nothing.
#[derive(Default)]
struct Answers {
    read: usize,
    edited: usize,
    comments: usize,
}

fn judge(before: &str, at: &Index, kind: u8, answers: &mut Answers) {
    let paths = paths(before);
    let path = at.get(&paths);
    let edit = match kind {
        0 => Edit::set(path.clone(), false),
        1 => Edit::remove(path.clone()),
        _ => Edit::set(path.join(&"added.deep".parse().unwrap()), "word"),
    };
    let Ok(edited) = apply(before, 1, std::slice::from_ref(&edit)) else {
        return;
    };
    let told = format!("{edit}\n{before}\n{edited}");
    if read(before) == Some(meaning(before)) {
        answers.read += 1;
        assert_eq!(read(&edited), Some(meaning(&edited)), "{told}");
    }
    // A removal takes emptied mappings along, which saneyaml leaves.
    let alone = kind == 0 || path.segments().len() == 1 && paths.len() > 1;
    let theirs = edited_by_saneyaml(before, path, (kind == 0).then_some(false));
    if let Some(theirs) = theirs.filter(|_| kind < 2 && alone) {
        answers.edited += 1;
        assert_eq!(meaning(&theirs), meaning(&edited), "{told}\n{theirs}");
    }
    if let (Some(old), 2..) = (comments(before), kind) {
        answers.comments += 1;
        assert_eq!(comments(&edited), Some(old), "{told}");
    }
}

#[test]
fn other_editors_agree() {
    let mut answers = Answers::default();
    let strategy = (documents(), any::<Index>(), 0..4u8);
    let config = ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let answers_of = std::cell::RefCell::new(&mut answers);
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let ran = runner.run(&strategy, |(before, at, kind)| {
        judge(&before, &at, kind, &mut answers_of.borrow_mut());
        Ok(())
    });
    if let Err(error) = ran {
        panic!("{error}");
    }
    let Answers {
        read,
        edited,
        comments,
    } = answers;
    assert!(
        read > 500 && edited > 100 && comments > 100,
        "{read} {edited} {comments}"
    );
}
