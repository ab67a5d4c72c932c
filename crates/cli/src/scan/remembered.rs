//! What files gave the last time, for whoever scans the same files again and again with a few texts changed, as proofs of fixes do.
//!
//! Invariant: only a file as it lies on the disk is remembered, and only for scans in which no namespace pins a version of the
//! policy; everything else is judged anew.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use plimsoll_scan::{Part, Scan};
use plimsoll_snapshot::provenance::Provenance;

use super::work::Manifest;

/// A file's name and the unit that it was taken for.
type Key = (Arc<str>, Arc<str>);

/// What files gave the last time; without a memory, every file is judged anew.
#[derive(Default)]
pub(crate) struct Remembered {
    parts: Option<Mutex<HashMap<Key, Box<Part>>>>,
}

impl Remembered {
    /// With a memory.
    pub(crate) fn some() -> Remembered {
        Remembered {
            parts: Some(Mutex::default()),
        }
    }

    /// What a file gave, if it is remembered.
    pub(super) fn part(&self, scan: &Scan, manifest: &Manifest) -> Option<Box<Part>> {
        let parts = self.parts_for(scan, manifest)?;
        let parts = parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.get(&key(manifest)).cloned()
    }

    /// Remembers what a file gave.
    pub(super) fn keep(&self, scan: &Scan, manifest: &Manifest, part: &Part) {
        if let Some(parts) = self.parts_for(scan, manifest) {
            let mut parts = parts.lock().unwrap_or_else(PoisonError::into_inner);
            parts.insert(key(manifest), Box::new(part.clone()));
        }
    }

    fn parts_for(
        &self,
        scan: &Scan,
        manifest: &Manifest,
    ) -> Option<&Mutex<HashMap<Key, Box<Part>>>> {
        let written = matches!(manifest.provenance, Provenance::Written);
        let same = written && !manifest.file.is_stream() && !scan.is_repinned();
        self.parts.as_ref().filter(|_| same)
    }
}

fn key(manifest: &Manifest) -> Key {
    (manifest.file.name.clone(), manifest.unit.clone())
}
