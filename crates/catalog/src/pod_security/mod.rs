//! Controls of the guide's chapter on pod security. One alphabetical list; a test fails when a file is missing from it.

use plimsoll_control::Control;

mod added_capability;
mod added_default_capability;
mod admission_blocks_cluster;
mod admission_exact_match;
mod admission_fails_open;
mod admission_misses_ephemeral_containers;
mod admission_opt_out;
mod admission_policy_not_denying;
mod admission_policy_unbound;
mod admission_spares_users;
mod apparmor_unconfined;
mod capabilities_not_dropped;
mod custom_selinux_options;
mod dead_seccomp_annotation;
mod host_ipc;
mod host_network;
mod host_path;
mod host_pid;
mod host_port;
mod image_groups_merged;
mod image_policy_fails_open;
mod image_tag_latest;
mod image_without_digest;
mod images_not_judged;
mod kubelet_seccomp_default_off;
mod long_lived_projected_token;
mod may_run_as_root;
mod node_path_persistent_volume;
mod pod_security_default_weak;
mod pod_security_exemption;
mod pod_security_label_invalid;
mod pod_security_mode_weaker;
mod pod_security_not_enforced;
mod pod_security_policy_left;
mod pod_security_version_behind;
mod pod_security_version_unpinned;
mod privilege_escalation_allowed;
mod privileged_container;
mod probe_host;
mod removed_admission_plugin;
mod restricted_volume_type;
mod root_fs_group;
mod root_group;
mod root_supplemental_group;
mod runs_as_root;
mod seccomp_not_set;
mod seccomp_unconfined;
mod service_account_token_mounted;
mod stale_image;
mod token_secret;
mod unmasked_proc;
mod unmasked_proc_in_user_namespace;
mod unsafe_sysctl;
mod untrusted_registry;
mod windows_administrator;
mod windows_host_process;
mod workload_not_sandboxed;
mod writable_host_path_mount;
mod writable_root_filesystem;

/// All controls of the chapter.
pub static CONTROLS: &[&Control] = &[
    &added_capability::CONTROL,
    &added_default_capability::CONTROL,
    &admission_blocks_cluster::CONTROL,
    &admission_exact_match::CONTROL,
    &admission_fails_open::CONTROL,
    &admission_misses_ephemeral_containers::CONTROL,
    &admission_opt_out::CONTROL,
    &admission_policy_not_denying::CONTROL,
    &admission_policy_unbound::CONTROL,
    &admission_spares_users::CONTROL,
    &apparmor_unconfined::CONTROL,
    &capabilities_not_dropped::CONTROL,
    &custom_selinux_options::CONTROL,
    &dead_seccomp_annotation::CONTROL,
    &host_ipc::CONTROL,
    &host_network::CONTROL,
    &host_path::CONTROL,
    &host_pid::CONTROL,
    &host_port::CONTROL,
    &image_groups_merged::CONTROL,
    &image_policy_fails_open::CONTROL,
    &image_tag_latest::CONTROL,
    &image_without_digest::CONTROL,
    &images_not_judged::CONTROL,
    &kubelet_seccomp_default_off::CONTROL,
    &long_lived_projected_token::CONTROL,
    &may_run_as_root::CONTROL,
    &node_path_persistent_volume::CONTROL,
    &pod_security_default_weak::CONTROL,
    &pod_security_exemption::CONTROL,
    &pod_security_label_invalid::CONTROL,
    &pod_security_mode_weaker::CONTROL,
    &pod_security_not_enforced::CONTROL,
    &pod_security_policy_left::CONTROL,
    &pod_security_version_behind::CONTROL,
    &pod_security_version_unpinned::CONTROL,
    &privilege_escalation_allowed::CONTROL,
    &privileged_container::CONTROL,
    &probe_host::CONTROL,
    &removed_admission_plugin::CONTROL,
    &restricted_volume_type::CONTROL,
    &root_fs_group::CONTROL,
    &root_group::CONTROL,
    &root_supplemental_group::CONTROL,
    &runs_as_root::CONTROL,
    &seccomp_not_set::CONTROL,
    &seccomp_unconfined::CONTROL,
    &service_account_token_mounted::CONTROL,
    &stale_image::CONTROL,
    &token_secret::CONTROL,
    &unmasked_proc::CONTROL,
    &unmasked_proc_in_user_namespace::CONTROL,
    &unsafe_sysctl::CONTROL,
    &untrusted_registry::CONTROL,
    &windows_administrator::CONTROL,
    &windows_host_process::CONTROL,
    &workload_not_sandboxed::CONTROL,
    &writable_host_path_mount::CONTROL,
    &writable_root_filesystem::CONTROL,
];
