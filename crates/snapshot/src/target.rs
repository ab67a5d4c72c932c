//! What a scan is asked to judge against. Plain values; where they come from (arguments, configuration) is not known here.

use std::sync::Arc;

use crate::date::Date;
use crate::surroundings::Surroundings;
use crate::version::Minor;

/// The cluster that the objects are meant for, and what its owner says about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// The Kubernetes version of its API server.
    pub version: Minor,
    /// Prefixes of image references whose registries the owner trusts; empty when nothing is said.
    pub trusted_registries: Vec<String>,
    /// Is what was gathered everything there is? Then what is not there is missing, and not merely elsewhere.
    pub complete: bool,
    /// The day for which is judged; `None`: nothing expires.
    pub today: Option<Date>,
    /// What is known of other objects beforehand; nothing, unless somebody's rules ask for it.
    pub surroundings: Arc<Surroundings>,
}

impl Target {
    /// A target of which only the version is known.
    pub fn new(version: Minor) -> Target {
        Target {
            version,
            trusted_registries: Vec::new(),
            complete: false,
            today: None,
            surroundings: Arc::default(),
        }
    }
}
