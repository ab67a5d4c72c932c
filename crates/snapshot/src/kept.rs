//! What outlives its file is kept once for a whole run: findings and facts, of which memory is made, say the same words and
//! name the same paths again and again.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use foldhash::fast::RandomState;
use plimsoll_yaml::{Path, Segment};

/// Asked for every finding: hashed fast, and so that nobody can guess what falls together.
pub(crate) type Set<T> = HashSet<T, RandomState>;

/// The texts and paths that were met so far. Shared by all threads of a run.
#[derive(Default, Debug)]
pub struct Kept {
    texts: RwLock<Set<Arc<str>>>,
    paths: RwLock<Set<Path>>,
}

impl Kept {
    /// A text, equal to this one.
    pub fn text(&self, text: &str) -> Arc<str> {
        keep(&self.texts, text)
    }

    /// The path of these steps.
    pub fn path(&self, steps: &[Segment]) -> Path {
        keep(&self.paths, steps)
    }
}

/// Nearly all are known: many threads may look at the same time.
fn keep<T, Q>(kept: &RwLock<Set<T>>, wanted: &Q) -> T
where
    T: Borrow<Q> + for<'q> From<&'q Q> + Clone + Eq + Hash,
    Q: Eq + Hash + ?Sized,
{
    let known = kept.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = known.get(wanted) {
        return known.clone();
    }
    drop(known);
    let mut kept = kept.write().unwrap_or_else(PoisonError::into_inner);
    // Another thread may have been faster.
    if let Some(known) = kept.get(wanted) {
        return known.clone();
    }
    let new = T::from(wanted);
    kept.insert(new.clone());
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_equal_is_one() {
        let kept = Kept::default();
        let (one, other) = (kept.text("spec"), kept.text("spec"));
        assert!(Arc::ptr_eq(&one, &other) && &*one == "spec");
        let steps = [Segment::Key("spec".into()), Segment::Index(1)];
        let (one, other) = (kept.path(&steps), kept.path(&steps));
        assert_eq!(one.to_string(), "spec[1]");
        assert!(std::ptr::eq(one.segments(), other.segments()));
        assert_ne!(kept.path(&steps[..1]), one);
    }
}
