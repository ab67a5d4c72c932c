//! The little that outlives a document: what controls need to know about one object when they judge another. Owned
//! and small, because it is kept for every object of a run. One module for each subject.

pub mod accounts;
pub mod namespaces;

use std::sync::Arc;

use crate::object::Object;
use crate::pod::Pod;

use accounts::AccountFacts;
use namespaces::NamespaceFacts;

/// Kinds of evidence that a control may need besides the object at hand.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum FactKind {
    /// The ServiceAccount that a pod names.
    ServiceAccount,
    /// The registries that the owner trusts.
    TrustedRegistries,
}

/// Facts of any number of objects.
#[derive(Default, Debug)]
pub struct Facts {
    /// ServiceAccounts and their tokens.
    pub accounts: AccountFacts,
    /// Namespaces.
    pub namespaces: NamespaceFacts,
    /// Is what was gathered everything there is? Then what is not there is missing, and not merely elsewhere.
    pub complete: bool,
}

impl Facts {
    /// Copies what others need to know about an object.
    pub fn note(&mut self, object: &Object<'_>, pod: Option<&Pod<'_>>) {
        self.accounts.note(object, pod);
        self.namespaces.note(object);
    }

    /// Takes in the facts of another part of the run.
    pub fn absorb(&mut self, other: Facts) {
        self.accounts.absorb(other.accounts);
        self.namespaces.absorb(other.namespaces);
    }

    /// Moves all facts to another unit.
    pub fn move_to(&mut self, unit: &Arc<str>) {
        self.accounts.move_to(unit);
        self.namespaces.move_to(unit);
    }
}

/// May two mentions of a namespace mean the same one? An absent namespace is unknown: it may be any.
pub fn same_namespace(one: Option<&str>, other: Option<&str>) -> bool {
    one.is_none() || other.is_none() || one == other
}
