//! The configuration: an error names its place in the file, and what is read depends on the values alone, not on how they are written.

use plimsoll_scan::Configuration;
use plimsoll_yaml::{parse, split};

use super::scan::CONTROLS;
use crate::model::Model;

const NAME: &str = "plimsoll.yaml";

/// Panics where it does not hold.
pub fn holds(text: &str) {
    match Configuration::read(NAME, text, &CONTROLS) {
        Ok(read) => {
            for pattern in read.exclude.iter().chain(&read.trusted_registries) {
                assert!(!pattern.is_empty(), "an empty pattern means everything");
            }
            if let Some(anew) = anew(text) {
                let again = Configuration::read(NAME, &anew, &CONTROLS);
                let again = again.unwrap_or_else(|error| panic!("{error}: {anew:?}"));
                assert_eq!(said(&again), said(&read), "{anew:?}");
            }
        }
        Err(error) => place(&error.to_string(), text),
    }
}

/// The same values, written another way.
fn anew(text: &str) -> Option<String> {
    let chunks = split(text);
    let tree = parse(text, chunks.first()?).ok()?;
    let value = Model::of(tree.root())?.written()?;
    // `off` is a key of ours that YAML takes for a boolean; only as `off` it is understood.
    let again = plimsoll_yaml::write(&value);
    (!again.contains("\"false\":")).then_some(again)
}

/// Everything but the places.
fn said(configuration: &Configuration) -> String {
    let mut rest = configuration.clone();
    let waivers: Vec<_> = std::mem::take(&mut rest.waivers)
        .into_iter()
        .map(|it| {
            (
                it.control, it.reason, it.owner, it.expires, it.covers, it.fault,
            )
        })
        .collect();
    format!("{rest:?} {waivers:?}")
}

fn place(error: &str, text: &str) {
    let rest = error
        .strip_prefix(NAME)
        .expect("an error begins with the file's name");
    let Some(rest) = rest.strip_prefix(':') else {
        assert!(rest.starts_with(" is empty"), "{error}");
        return;
    };
    let line: usize = rest
        .split(':')
        .next()
        .and_then(|line| line.parse().ok())
        .expect("a line");
    assert!(line <= text.split('\n').count(), "{error}");
}
