//! Controls of the chapter on beyond the guide. One alphabetical list; a test fails when a file is missing from it.

use plimsoll_control::Control;

mod cached_image_reused;
mod logs_endpoint_open;
mod proxy_metrics_open;
mod scheduler_plugin_added;
mod token_lifetime_extended;

/// All controls of the chapter.
pub static CONTROLS: &[&Control] = &[
    &cached_image_reused::CONTROL,
    &logs_endpoint_open::CONTROL,
    &proxy_metrics_open::CONTROL,
    &scheduler_plugin_added::CONTROL,
    &token_lifetime_extended::CONTROL,
];
