//! Paths: printing and reading are inverse to each other.

use plimsoll_yaml::{Path, Segment};

/// Panics where it does not hold.
pub fn holds(text: &str) {
    if let Ok(path) = text.parse::<Path>() {
        round(&path);
    } else if let Err(error) = text.parse::<Path>() {
        assert!(error.offset <= text.len() && !error.message.is_empty());
    }
    round(&Path::from(
        text.split('\n').map(segment).collect::<Vec<_>>(),
    ));
}

/// A segment from any text: its first character chooses which.
fn segment(text: &str) -> Segment {
    let mut characters = text.chars();
    match characters.next() {
        Some('!') => Segment::Embedded,
        Some('-') => Segment::Flag(characters.as_str().into()),
        Some('[') => match characters.as_str().parse() {
            Ok(index) => Segment::Index(index),
            Err(_) => Segment::Key(characters.as_str().into()),
        },
        _ => Segment::Key(text.into()),
    }
}

fn round(path: &Path) {
    let printed = path.to_string();
    match printed.parse::<Path>() {
        Ok(read) => assert_eq!(&read, path, "{printed:?}"),
        Err(error) => panic!("{error}: {printed:?} of {path:?}"),
    }
}
