//! Fingerprints: the same fault keeps its name when lines move, lists are reordered and files are renamed, and has the
//! same name in a manifest and in the live object made from it.

use std::fmt;

use plimsoll_control::Finding;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use sha2::{Digest, Sha256};

/// The version of the recipe; it changes when the recipe does.
const VERSION: &str = "v1";

/// Does this fingerprint follow the present recipe?
pub(crate) fn is_known(fingerprint: &str) -> bool {
    let rest = fingerprint.strip_prefix(VERSION);
    rest.is_some_and(|rest| rest.starts_with(':'))
}

/// The name of a finding that survives moved lines, reordered lists and renamed files. Printed as `v1:` and a hash, with an
/// ordinal behind where there are true duplicates.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Fingerprint {
    hash: [u8; 16],
    /// From 1.
    ordinal: u32,
}

impl Fingerprint {
    /// What true duplicates have in common.
    pub fn hash(self) -> [u8; 16] {
        self.hash
    }
}

impl From<[u8; 16]> for Fingerprint {
    /// The first, or only, fingerprint with this hash.
    fn from(hash: [u8; 16]) -> Fingerprint {
        Fingerprint { hash, ordinal: 1 }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{VERSION}:{:032x}", u128::from_be_bytes(self.hash))?;
        match self.ordinal {
            1 => Ok(()),
            ordinal => write!(f, ":{ordinal}"),
        }
    }
}

/// The fingerprints of findings, which have to come in report order, so that ordinals are stable.
pub(crate) fn fingerprints<T: Sync>(
    judged: &[T],
    finding: impl Fn(&T) -> &Finding + Sync,
) -> Vec<Fingerprint> {
    let hashes = judged.par_iter().map(|judged| hash(finding(judged)).into());
    let mut fingerprints: Vec<Fingerprint> = hashes.collect();
    let mut alike: Vec<&mut Fingerprint> = fingerprints.iter_mut().collect();
    alike.sort_by_key(|fingerprint| fingerprint.hash);
    let mut last = None;
    for fingerprint in alike {
        fingerprint.ordinal = match last {
            Some((hash, ordinal)) if hash == fingerprint.hash => ordinal + 1,
            _ => 1,
        };
        last = Some((fingerprint.hash, fingerprint.ordinal));
    }
    fingerprints
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
