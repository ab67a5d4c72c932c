//! Controls of the guide's chapter on network separation and hardening. One alphabetical list; a test fails when a file
//! is missing from it.

use plimsoll_control::Control;

mod credential_in_annotation;
mod credential_in_config_map;
mod credential_in_container;
mod secret_in_environment;
mod secret_in_manifest;

/// All controls of the chapter.
pub static CONTROLS: &[&Control] = &[
    &credential_in_annotation::CONTROL,
    &credential_in_config_map::CONTROL,
    &credential_in_container::CONTROL,
    &secret_in_environment::CONTROL,
    &secret_in_manifest::CONTROL,
];
