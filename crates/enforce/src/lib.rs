//! Controls said in the API server's own means: admission policies whose CEL follows from the same description as the
//! check, or stands beside it. Gives values and texts that can be applied; knows no control by name, no files and no cluster.

pub mod bundle;
pub mod cel;
mod derive;
pub mod exemption;
mod expand;
mod objects;
mod pods;
pub mod policy;
mod variables;

pub use exemption::Exemption;
pub use objects::is_of_cluster;
pub use policy::{NotEnforced, Policy, Stage};
