//! What many findings hold alike is kept once for a whole run, whichever files they are from: memory is made of findings.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use plimsoll_control::Finding;
use plimsoll_snapshot::place::Place;
use plimsoll_yaml::Path;

/// The texts and paths that were met so far.
#[derive(Default, Debug)]
pub(crate) struct Shared {
    texts: HashSet<Arc<str>>,
    paths: HashSet<Path>,
}

impl Shared {
    /// Lets a finding hold what others hold already.
    pub(crate) fn finding(&mut self, finding: &mut Finding) {
        finding.message.share(|text| keep(&mut self.texts, text));
        if let Some(container) = &mut finding.subject.container {
            keep(&mut self.texts, container);
        }
        self.place(&mut finding.place);
        for related in &mut finding.related {
            self.place(&mut related.place);
        }
    }

    fn place(&mut self, place: &mut Place) {
        keep(&mut self.paths, &mut place.path);
        keep(&mut self.texts, &mut place.stable);
        if let Some(excerpt) = &mut place.excerpt {
            keep(&mut self.texts, &mut excerpt.text);
        }
    }
}

/// Replaces `mine` by the equal one that is kept, or keeps it.
fn keep<T: Clone + Eq + Hash>(kept: &mut HashSet<T>, mine: &mut T) {
    match kept.get(mine) {
        Some(known) => mine.clone_from(known),
        None => drop(kept.insert(mine.clone())),
    }
}
