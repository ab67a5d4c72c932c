//! Controls said in the API server's own means: admission policies whose CEL follows from the same description as the
//! check, or stands beside it; the labels of Pod Security admission. Gives values and texts that can be applied, and says what of
//! them a cluster lacks; knows no control by name, no files and no cluster.

pub mod bundle;
pub mod cel;
mod derive;
pub mod difference;
pub mod exemption;
mod expand;
pub mod kyverno;
pub mod mutation;
mod objects;
pub mod parameters;
pub mod pod_security;
mod pods;
pub mod policy;
mod sets;
mod stage;
mod variables;

pub use exemption::Exemption;
pub use mutation::{Mutation, NotMutated};
pub use objects::is_of_cluster;
pub use policy::{NotEnforced, Policy};
pub use stage::{Old, Stage};
