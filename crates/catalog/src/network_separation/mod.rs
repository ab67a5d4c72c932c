//! Controls of the guide's chapter on network separation and hardening. One alphabetical list; a test fails when a file
//! is missing from it.

use plimsoll_control::Control;

mod api_server_certificate_missing;
mod broad_network_policy;
mod cpu_request_missing;
mod credential_in_annotation;
mod credential_in_config_map;
mod credential_in_container;
mod default_namespace;
mod dns_denied;
mod egress_not_denied_by_default;
mod encryption_at_rest_missing;
mod etcd_clients_not_authenticated;
mod etcd_connection_not_protected;
mod etcd_without_tls;
mod eviction_defaults_lost;
mod exposed_service;
mod exposed_service_without_tls;
mod host_network_escapes_policy;
mod ingress_not_denied_by_default;
mod ingress_without_tls;
mod insecure_api_port;
mod insecure_component_port;
mod kubeconfig_not_verified;
mod kubelet_certificates_not_rotated;
mod kubelet_not_verified;
mod limit_range_contradiction;
mod limit_range_missing;
mod memory_amount_fractional;
mod memory_limit_far_above_request;
mod memory_limit_missing;
mod metadata_service_reachable;
mod namespace_mixes_teams;
mod network_policy_selects_nothing;
mod pod_process_limit_missing;
mod pod_without_network_policy;
mod process_eviction_missing;
mod process_reservation_missing;
mod reserved_namespace_name;
mod resource_quota_missing;
mod secret_in_environment;
mod secret_in_manifest;
mod secrets_not_encrypted;
mod several_limit_ranges;
mod system_namespace_workload;
mod unbounded_empty_dir;
mod unbounded_storage;
mod unlimited_object_counts;
mod weak_encryption_provider;
mod weak_tls;

/// All controls of the chapter.
pub static CONTROLS: &[&Control] = &[
    &api_server_certificate_missing::CONTROL,
    &broad_network_policy::CONTROL,
    &cpu_request_missing::CONTROL,
    &credential_in_annotation::CONTROL,
    &credential_in_config_map::CONTROL,
    &credential_in_container::CONTROL,
    &default_namespace::CONTROL,
    &dns_denied::CONTROL,
    &egress_not_denied_by_default::CONTROL,
    &encryption_at_rest_missing::CONTROL,
    &etcd_clients_not_authenticated::CONTROL,
    &etcd_connection_not_protected::CONTROL,
    &etcd_without_tls::CONTROL,
    &eviction_defaults_lost::CONTROL,
    &exposed_service::CONTROL,
    &exposed_service_without_tls::CONTROL,
    &host_network_escapes_policy::CONTROL,
    &ingress_not_denied_by_default::CONTROL,
    &ingress_without_tls::CONTROL,
    &insecure_api_port::CONTROL,
    &insecure_component_port::CONTROL,
    &kubeconfig_not_verified::CONTROL,
    &kubelet_certificates_not_rotated::CONTROL,
    &kubelet_not_verified::CONTROL,
    &limit_range_contradiction::CONTROL,
    &limit_range_missing::CONTROL,
    &memory_amount_fractional::CONTROL,
    &memory_limit_far_above_request::CONTROL,
    &memory_limit_missing::CONTROL,
    &metadata_service_reachable::CONTROL,
    &namespace_mixes_teams::CONTROL,
    &network_policy_selects_nothing::CONTROL,
    &pod_process_limit_missing::CONTROL,
    &pod_without_network_policy::CONTROL,
    &process_eviction_missing::CONTROL,
    &process_reservation_missing::CONTROL,
    &reserved_namespace_name::CONTROL,
    &resource_quota_missing::CONTROL,
    &secret_in_environment::CONTROL,
    &secret_in_manifest::CONTROL,
    &secrets_not_encrypted::CONTROL,
    &several_limit_ranges::CONTROL,
    &system_namespace_workload::CONTROL,
    &unbounded_empty_dir::CONTROL,
    &unbounded_storage::CONTROL,
    &unlimited_object_counts::CONTROL,
    &weak_encryption_provider::CONTROL,
    &weak_tls::CONTROL,
];
