//! What holds for every format of the table.

use std::collections::HashSet;

use super::*;

#[test]
fn names_are_unique_and_found() {
    let names: HashSet<_> = FORMATS.iter().map(|format| format.name).collect();
    assert_eq!(names.len(), FORMATS.len());
    for format in FORMATS {
        assert!(std::ptr::eq(Format::find(format.name).unwrap(), format));
        assert!(!format.help.is_empty() && !format.help.ends_with('.'));
    }
    assert!(Format::find("yaml").is_none());
}
