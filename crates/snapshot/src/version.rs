//! Kubernetes minor versions. Everything that depends on the target's version says so with a [`Minor`];
//! patch levels never change a verdict.

use std::fmt;
use std::str::FromStr;

use crate::pod_security::PolicyVersion;

/// A Kubernetes 1.x minor version, such as 1.37.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Minor(pub u8);

impl Minor {
    /// The oldest version whose behaviour is known here.
    pub const OLDEST: Minor = Minor(24);
    /// The newest version whose behaviour is known here; the default target.
    pub const NEWEST: Minor = Minor(37);

    /// All known versions, oldest first.
    pub fn known() -> impl Iterator<Item = Minor> {
        (Self::OLDEST.0..=Self::NEWEST.0).map(Minor)
    }

    /// The version that a namespace's label gives the Pod Security policy, `v1.30` and nothing else, moved into the
    /// range that is known here. `None` for `latest` and for what the admission plugin cannot read, which comes to the same.
    pub fn of_policy(label: &str) -> Option<Minor> {
        let PolicyVersion::Pinned(minor) = PolicyVersion::read(label)? else {
            return None;
        };
        let minor = u8::try_from(minor).map_or(Self::NEWEST, Minor);
        Some(minor.clamp(Self::OLDEST, Self::NEWEST))
    }
}

impl fmt::Display for Minor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.0)
    }
}

/// Why a text is not a Kubernetes version that can be judged.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MinorError {
    /// Not of the form 1.37.
    #[error("\"{0}\" is not a Kubernetes version: write it as 1.37")]
    Malformed(String),
    /// Outside the range whose behaviour is known.
    #[error("Kubernetes {0} is not known: choose a version from 1.24 to 1.37")]
    Unknown(String),
}

impl FromStr for Minor {
    type Err = MinorError;

    /// Reads `1.37`, `v1.37` and `v1.37.2-gke.1`.
    fn from_str(text: &str) -> Result<Minor, MinorError> {
        let malformed = || MinorError::Malformed(text.to_owned());
        let rest = text
            .strip_prefix('v')
            .unwrap_or(text)
            .strip_prefix("1.")
            .ok_or_else(malformed)?;
        let digits = rest.split(['.', '-', '+']).next().unwrap_or_default();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(malformed());
        }
        match digits.parse().map(Minor) {
            Ok(minor) if (Self::OLDEST..=Self::NEWEST).contains(&minor) => Ok(minor),
            _ => Err(MinorError::Unknown(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_spellings_that_people_use() {
        for text in ["1.30", "v1.30", "1.30.2", "v1.30.2-gke.100", "1.30+"] {
            assert_eq!(text.parse(), Ok(Minor(30)), "{text}");
        }
    }

    #[test]
    fn a_policy_is_pinned_only_as_the_plugin_reads_it() {
        for (label, policy) in [
            ("v1.30", Some(Minor(30))),
            ("v1.8", Some(Minor::OLDEST)),
            ("v1.99", Some(Minor::NEWEST)),
            ("v1.70000", Some(Minor::NEWEST)),
            ("latest", None),
            ("1.30", None),
            ("v1.30.2", None),
            ("v1.030", None),
            ("v1.", None),
            ("v2.1", None),
        ] {
            assert_eq!(Minor::of_policy(label), policy, "{label}");
        }
    }

    #[test]
    fn refuses_what_it_cannot_judge() {
        for text in ["", "30", "1.", "1.x", "2.1", "latest", "1.-1"] {
            assert!(
                matches!(text.parse::<Minor>(), Err(MinorError::Malformed(_))),
                "{text}"
            );
        }
        for text in ["1.23", "1.38", "1.999"] {
            assert!(
                matches!(text.parse::<Minor>(), Err(MinorError::Unknown(_))),
                "{text}"
            );
        }
    }
}
