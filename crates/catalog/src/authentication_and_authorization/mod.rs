//! Controls of the guide's chapter on authentication and authorization: who may do what. One alphabetical list.

use plimsoll_control::Control;

mod admission_change_allowed;
mod anonymous_access_granted;
mod anonymous_api_requests;
mod anonymous_paths_too_wide;
mod authenticated_access_granted;
mod authenticators_overlap;
mod authorization_always_allowed;
mod binding_to_missing_account;
mod binding_without_role;
mod broad_rights_from_another_namespace;
mod certificate_approval_allowed;
mod cluster_admin_binding;
mod cluster_wide_edit;
mod config_maps_readable;
mod default_account_mounts_token;
mod default_account_used;
mod default_service_account_bound;
mod impersonation_allowed;
mod kubelet_anonymous_access;
mod kubelet_client_ca_missing;
mod login_names_not_prefixed;
mod namespace_change_allowed;
mod namespaced_rights_bound_everywhere;
mod node_change_allowed;
mod node_proxy_allowed;
mod persistent_volume_creation_allowed;
mod pod_exec_allowed;
mod port_forward_allowed;
mod rights_add_up;
mod role_escalation_allowed;
mod secrets_readable;
mod static_token_file;
mod system_masters_binding;
mod token_creation_allowed;
mod unused_role;
mod wildcard_permission;
mod workload_creation_allowed;

/// All controls of the chapter.
pub static CONTROLS: &[&Control] = &[
    &admission_change_allowed::CONTROL,
    &anonymous_access_granted::CONTROL,
    &anonymous_api_requests::CONTROL,
    &anonymous_paths_too_wide::CONTROL,
    &authenticated_access_granted::CONTROL,
    &authenticators_overlap::CONTROL,
    &authorization_always_allowed::CONTROL,
    &binding_to_missing_account::CONTROL,
    &binding_without_role::CONTROL,
    &broad_rights_from_another_namespace::CONTROL,
    &certificate_approval_allowed::CONTROL,
    &cluster_admin_binding::CONTROL,
    &cluster_wide_edit::CONTROL,
    &config_maps_readable::CONTROL,
    &default_account_mounts_token::CONTROL,
    &default_account_used::CONTROL,
    &default_service_account_bound::CONTROL,
    &impersonation_allowed::CONTROL,
    &kubelet_anonymous_access::CONTROL,
    &kubelet_client_ca_missing::CONTROL,
    &login_names_not_prefixed::CONTROL,
    &namespace_change_allowed::CONTROL,
    &namespaced_rights_bound_everywhere::CONTROL,
    &node_change_allowed::CONTROL,
    &node_proxy_allowed::CONTROL,
    &persistent_volume_creation_allowed::CONTROL,
    &pod_exec_allowed::CONTROL,
    &port_forward_allowed::CONTROL,
    &rights_add_up::CONTROL,
    &role_escalation_allowed::CONTROL,
    &secrets_readable::CONTROL,
    &static_token_file::CONTROL,
    &system_masters_binding::CONTROL,
    &token_creation_allowed::CONTROL,
    &unused_role::CONTROL,
    &wildcard_permission::CONTROL,
    &workload_creation_allowed::CONTROL,
];
