//! Controls of the guide's chapter on network separation and hardening. One alphabetical list; a test fails when a file
//! is missing from it.

use plimsoll_control::Control;

mod broad_network_policy;
mod cpu_request_missing;
mod credential_in_annotation;
mod credential_in_config_map;
mod credential_in_container;
mod default_namespace;
mod dns_denied;
mod egress_not_denied_by_default;
mod exposed_service;
mod exposed_service_without_tls;
mod host_network_escapes_policy;
mod ingress_not_denied_by_default;
mod ingress_without_tls;
mod limit_range_contradiction;
mod limit_range_missing;
mod memory_limit_far_above_request;
mod memory_limit_missing;
mod metadata_service_reachable;
mod network_policy_selects_nothing;
mod pod_without_network_policy;
mod reserved_namespace_name;
mod resource_quota_missing;
mod secret_in_environment;
mod secret_in_manifest;
mod several_limit_ranges;
mod system_namespace_workload;
mod unbounded_empty_dir;
mod unbounded_storage;
mod unlimited_object_counts;

/// All controls of the chapter.
pub static CONTROLS: &[&Control] = &[
    &broad_network_policy::CONTROL,
    &cpu_request_missing::CONTROL,
    &credential_in_annotation::CONTROL,
    &credential_in_config_map::CONTROL,
    &credential_in_container::CONTROL,
    &default_namespace::CONTROL,
    &dns_denied::CONTROL,
    &egress_not_denied_by_default::CONTROL,
    &exposed_service::CONTROL,
    &exposed_service_without_tls::CONTROL,
    &host_network_escapes_policy::CONTROL,
    &ingress_not_denied_by_default::CONTROL,
    &ingress_without_tls::CONTROL,
    &limit_range_contradiction::CONTROL,
    &limit_range_missing::CONTROL,
    &memory_limit_far_above_request::CONTROL,
    &memory_limit_missing::CONTROL,
    &metadata_service_reachable::CONTROL,
    &network_policy_selects_nothing::CONTROL,
    &pod_without_network_policy::CONTROL,
    &reserved_namespace_name::CONTROL,
    &resource_quota_missing::CONTROL,
    &secret_in_environment::CONTROL,
    &secret_in_manifest::CONTROL,
    &several_limit_ranges::CONTROL,
    &system_namespace_workload::CONTROL,
    &unbounded_empty_dir::CONTROL,
    &unbounded_storage::CONTROL,
    &unlimited_object_counts::CONTROL,
];
