//! Every control: one `.rs` and one `.md` each, in folders named after the guide's chapters. A control knows what it
//! checks and nothing about files, terminals, configuration or the other controls.

mod admission_plugins;
mod amounts;
mod audit;
pub mod audit_logging_and_threat_detection;
pub mod authentication_and_authorization;
mod base64;
pub mod beyond_the_guide;
mod corefile;
mod coverage;
mod credential;
mod default_deny;
mod grants;
mod image;
pub mod manifests;
pub mod network_separation;
mod page;
pub mod pod_security;
pub mod sig_security;
mod stand_in;
#[cfg(test)]
mod tests;
pub mod upgrading;
mod withdraw;

use plimsoll_control::{Control, Rule};

pub use coverage::MISSING;
pub use stand_in::{
    alike, alike_argument, stand_in, stand_in_argument, stand_in_text, stand_in_token,
};

/// All controls, chapter by chapter.
pub fn all() -> impl Iterator<Item = &'static Control> {
    [
        pod_security::CONTROLS,
        authentication_and_authorization::CONTROLS,
        network_separation::CONTROLS,
        upgrading::CONTROLS,
        audit_logging_and_threat_detection::CONTROLS,
        sig_security::CONTROLS,
        beyond_the_guide::CONTROLS,
        manifests::CONTROLS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The literals with which controls compare what people write: names of images and components, keys and values of annotations.
pub fn words() -> impl Iterator<Item = &'static str> {
    let revisions = all().flat_map(|control| control.revisions);
    let words = revisions.map(|revision| match &revision.rule {
        Rule::Container { words, .. } | Rule::Pod { words, .. } | Rule::Object { words, .. } => {
            *words
        }
        _ => &[],
    });
    words.flatten().copied()
}

/// The control of an id, also of one that it had before.
pub fn find(id: &str) -> Option<&'static Control> {
    all().find(|control| control.head.id == id || control.head.formerly.contains(&id))
}
