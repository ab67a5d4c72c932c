//! Controls of the chapter on audit logging and threat detection. One alphabetical list; a test fails when a file is missing from it.

use plimsoll_control::Control;

mod anonymous_requests_unrecorded;
mod audit_events_dropped;
mod audit_file_not_mounted;
mod audit_level_too_low;
mod audit_log_holds_secrets;
mod audit_log_missing;
mod audit_log_not_json;
mod audit_log_rotation_unsafe;
mod audit_outcome_omitted;
mod audit_policy_invalid;
mod audit_requests_unrecorded;
mod container_logs_too_short;

/// All controls of the chapter.
pub static CONTROLS: &[&Control] = &[
    &anonymous_requests_unrecorded::CONTROL,
    &audit_events_dropped::CONTROL,
    &audit_file_not_mounted::CONTROL,
    &audit_level_too_low::CONTROL,
    &audit_log_holds_secrets::CONTROL,
    &audit_log_missing::CONTROL,
    &audit_log_not_json::CONTROL,
    &audit_log_rotation_unsafe::CONTROL,
    &audit_outcome_omitted::CONTROL,
    &audit_policy_invalid::CONTROL,
    &audit_requests_unrecorded::CONTROL,
    &container_logs_too_short::CONTROL,
];
