//! Controls of the guide's chapter on upgrading. One alphabetical list; a test fails when a file is missing from it.

use plimsoll_control::Control;

mod deprecated_api_version;
mod removed_api_version;
mod retired_component;
mod unserved_api_version;

/// All controls of the chapter.
pub static CONTROLS: &[&Control] = &[
    &deprecated_api_version::CONTROL,
    &removed_api_version::CONTROL,
    &retired_component::CONTROL,
    &unserved_api_version::CONTROL,
];
