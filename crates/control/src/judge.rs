//! Rules that are read while the program runs, such as users' own policies.

use std::fmt;

use plimsoll_snapshot::object::Object;

use crate::found::Found;

/// What the id of a control begins with that was read from a user's policy; the policy's name follows.
pub const POLICY_PREFIX: &str = "policy/";

/// Judges one object by what was read.
pub trait Judge: fmt::Debug + Send + Sync {
    /// May it have a verdict on such an object? Cheap.
    fn concerns(&self, object: &Object<'_>) -> bool;

    /// Looks at the object. False when it turned out not to concern it, so that there is no verdict.
    fn judge<'t>(&self, object: &'t Object<'t>, found: &mut Found<'t>) -> bool;
}
