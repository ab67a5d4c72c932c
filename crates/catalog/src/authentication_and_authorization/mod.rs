//! Controls of the guide's chapter on authentication and authorization: who may do what. One alphabetical list.

use plimsoll_control::Control;

mod admission_change_allowed;
mod anonymous_access_granted;
mod authenticated_access_granted;
mod certificate_approval_allowed;
mod cluster_admin_binding;
mod cluster_wide_edit;
mod default_service_account_bound;
mod impersonation_allowed;
mod namespace_change_allowed;
mod node_proxy_allowed;
mod persistent_volume_creation_allowed;
mod pod_exec_allowed;
mod port_forward_allowed;
mod role_escalation_allowed;
mod secrets_readable;
mod system_masters_binding;
mod token_creation_allowed;
mod wildcard_permission;
mod workload_creation_allowed;

/// All controls of the chapter.
pub static CONTROLS: &[&Control] = &[
    &admission_change_allowed::CONTROL,
    &anonymous_access_granted::CONTROL,
    &authenticated_access_granted::CONTROL,
    &certificate_approval_allowed::CONTROL,
    &cluster_admin_binding::CONTROL,
    &cluster_wide_edit::CONTROL,
    &default_service_account_bound::CONTROL,
    &impersonation_allowed::CONTROL,
    &namespace_change_allowed::CONTROL,
    &node_proxy_allowed::CONTROL,
    &persistent_volume_creation_allowed::CONTROL,
    &pod_exec_allowed::CONTROL,
    &port_forward_allowed::CONTROL,
    &role_escalation_allowed::CONTROL,
    &secrets_readable::CONTROL,
    &system_masters_binding::CONTROL,
    &token_creation_allowed::CONTROL,
    &wildcard_permission::CONTROL,
    &workload_creation_allowed::CONTROL,
];
