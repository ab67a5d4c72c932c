//! How far a policy goes, and whether it looks at what was there before.

/// What happens to a request that fails a policy.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Stage {
    /// It is noted in the audit log.
    Audit,
    /// Whoever sends it is warned, too.
    #[default]
    Warn,
    /// It is refused.
    Deny,
}

impl Stage {
    /// The word by which people choose it.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Audit => "audit",
            Stage::Warn => "warn",
            Stage::Deny => "deny",
        }
    }

    /// The actions of a binding. Deny and Warn exclude each other.
    pub(crate) fn actions(self) -> &'static [&'static str] {
        match self {
            Stage::Audit => &["Audit"],
            Stage::Warn => &["Warn", "Audit"],
            Stage::Deny => &["Deny", "Audit"],
        }
    }
}

/// What becomes of an update of an object that had the fault before.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Old {
    /// It is let through: only what an update brings counts.
    #[default]
    Allowed,
    /// It is refused like a new object, unless it is being deleted.
    Refused,
}
