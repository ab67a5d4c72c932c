//! Controls said in the API server's own means: admission policies whose CEL follows from the same description as the
//! check. Gives values and texts that can be applied; knows no control by name, no files and no cluster.

pub mod bundle;
pub mod cel;
mod derive;
pub mod exemption;
mod pods;
pub mod policy;

pub use exemption::Exemption;
pub use policy::{NotEnforced, Policy, Stage};
