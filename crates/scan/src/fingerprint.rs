//! Fingerprints: the same fault keeps its name when lines move, lists are reordered and files are renamed, and has the
//! same name in a manifest and in the live object made from it.

use std::collections::HashMap;
use std::fmt::Write;

use plimsoll_control::Finding;
use sha2::{Digest, Sha256};

/// The version of the recipe; it changes when the recipe does.
const VERSION: &str = "v1";

/// Does this fingerprint follow the present recipe?
pub(crate) fn is_known(fingerprint: &str) -> bool {
    let rest = fingerprint.strip_prefix(VERSION);
    rest.is_some_and(|rest| rest.starts_with(':'))
}

/// Gives out fingerprints, and ordinals to true duplicates.
#[derive(Default)]
pub(crate) struct Fingerprints {
    seen: HashMap<[u8; 16], u32>,
}

impl Fingerprints {
    /// The fingerprint of a finding. Findings have to come in report order, so that ordinals are stable.
    pub(crate) fn next(&mut self, finding: &Finding) -> String {
        let hash = hash(finding);
        let count = self.seen.entry(hash).or_insert(0);
        *count += 1;
        let mut text = String::with_capacity(VERSION.len() + 1 + 2 * hash.len());
        text.push_str(VERSION);
        text.push(':');
        let digits = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        text.extend(digits.filter_map(|digit| char::from_digit(digit.into(), 16)));
        if *count > 1 {
            let _ = write!(text, ":{count}");
        }
        text
    }
}

fn hash(finding: &Finding) -> [u8; 16] {
    let object = &finding.subject.object;
    let mut digest = Sha256::new();
    let mut part = |text: &str| {
        digest.update(text.as_bytes());
        digest.update([0]);
    };
    part(finding.control.id);
    part(object.group());
    part(&object.kind);
    part(object.namespace.as_deref().unwrap_or_default());
    part(&object.name);
    part(finding.subject.container.as_deref().unwrap_or_default());
    part(&finding.place.stable);
    let mut hash = [0; 16];
    for (to, from) in hash.iter_mut().zip(digest.finalize()) {
        *to = from;
    }
    hash
}
