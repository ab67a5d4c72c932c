//! Controls of the chapter on beyond the guide. One alphabetical list; a test fails when a file is missing from it.

use plimsoll_control::Control;

mod cached_image_reused;
mod dns_answers_every_namespace;
mod kubeconfig_runs_program;
mod logs_endpoint_open;
mod memory_limit_above_request;
mod proxy_metrics_open;
mod scheduler_plugin_added;
mod storage_retained;
mod token_lifetime_extended;
mod webhook_authority_not_pinned;

/// All controls of the chapter.
pub static CONTROLS: &[&Control] = &[
    &cached_image_reused::CONTROL,
    &dns_answers_every_namespace::CONTROL,
    &kubeconfig_runs_program::CONTROL,
    &logs_endpoint_open::CONTROL,
    &memory_limit_above_request::CONTROL,
    &proxy_metrics_open::CONTROL,
    &scheduler_plugin_added::CONTROL,
    &storage_retained::CONTROL,
    &token_lifetime_extended::CONTROL,
    &webhook_authority_not_pinned::CONTROL,
];
