//! What is different between two snapshots of a cluster. Plain values, so that whoever compares and whoever shows need not know
//! each other.

use plimsoll_yaml::Path;

/// Which object.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Which {
    /// The API group; empty for the core group.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// `None`: it belongs to none.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

/// A value that is not what it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Where: the later place, or the former one of what is gone.
    pub path: Path,
    /// The former value as JSON; `None`: there was none.
    pub before: Option<String>,
    /// The later value as JSON; `None`: there is none.
    pub after: Option<String>,
}

/// The objects that only one of two snapshots has, and those that differ. Each list is in order of kind, namespace and name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Differences {
    /// Only in the later one.
    pub added: Vec<Which>,
    /// Only in the former one.
    pub removed: Vec<Which>,
    /// In both, and not alike.
    pub changed: Vec<(Which, Vec<Change>)>,
}

impl Differences {
    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}
