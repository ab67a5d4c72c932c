//! Every `securityContext.sysctls[].name` of the pod must be one that is namespaced and isolated. The list grew with
//! policy 1.27, 1.29, 1.32 and 1.37.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Header, How, Must, PssCheck, Remedy, Revision, Rule, Says,
    Severity,
};
use plimsoll_guide::Chapter;
use plimsoll_snapshot::field::{self, Lit};

const SINCE_1_24: &[Clause] = &[allow(&[
    Lit::Str("kernel.shm_rmid_forced"),
    Lit::Str("net.ipv4.ip_local_port_range"),
    Lit::Str("net.ipv4.tcp_syncookies"),
    Lit::Str("net.ipv4.ping_group_range"),
    Lit::Str("net.ipv4.ip_unprivileged_port_start"),
])];

const SINCE_1_27: &[Clause] = &[allow(&[
    Lit::Str("kernel.shm_rmid_forced"),
    Lit::Str("net.ipv4.ip_local_port_range"),
    Lit::Str("net.ipv4.tcp_syncookies"),
    Lit::Str("net.ipv4.ping_group_range"),
    Lit::Str("net.ipv4.ip_unprivileged_port_start"),
    Lit::Str("net.ipv4.ip_local_reserved_ports"),
])];

const SINCE_1_29: &[Clause] = &[allow(&[
    Lit::Str("kernel.shm_rmid_forced"),
    Lit::Str("net.ipv4.ip_local_port_range"),
    Lit::Str("net.ipv4.tcp_syncookies"),
    Lit::Str("net.ipv4.ping_group_range"),
    Lit::Str("net.ipv4.ip_unprivileged_port_start"),
    Lit::Str("net.ipv4.ip_local_reserved_ports"),
    Lit::Str("net.ipv4.tcp_keepalive_time"),
    Lit::Str("net.ipv4.tcp_fin_timeout"),
    Lit::Str("net.ipv4.tcp_keepalive_intvl"),
    Lit::Str("net.ipv4.tcp_keepalive_probes"),
])];

const SINCE_1_32: &[Clause] = &[allow(&[
    Lit::Str("kernel.shm_rmid_forced"),
    Lit::Str("net.ipv4.ip_local_port_range"),
    Lit::Str("net.ipv4.tcp_syncookies"),
    Lit::Str("net.ipv4.ping_group_range"),
    Lit::Str("net.ipv4.ip_unprivileged_port_start"),
    Lit::Str("net.ipv4.ip_local_reserved_ports"),
    Lit::Str("net.ipv4.tcp_keepalive_time"),
    Lit::Str("net.ipv4.tcp_fin_timeout"),
    Lit::Str("net.ipv4.tcp_keepalive_intvl"),
    Lit::Str("net.ipv4.tcp_keepalive_probes"),
    Lit::Str("net.ipv4.tcp_rmem"),
    Lit::Str("net.ipv4.tcp_wmem"),
])];

const SINCE_1_37: &[Clause] = &[allow(&[
    Lit::Str("kernel.shm_rmid_forced"),
    Lit::Str("net.ipv4.ip_local_port_range"),
    Lit::Str("net.ipv4.tcp_syncookies"),
    Lit::Str("net.ipv4.ping_group_range"),
    Lit::Str("net.ipv4.ip_unprivileged_port_start"),
    Lit::Str("net.ipv4.ip_local_reserved_ports"),
    Lit::Str("net.ipv4.tcp_keepalive_time"),
    Lit::Str("net.ipv4.tcp_fin_timeout"),
    Lit::Str("net.ipv4.tcp_keepalive_intvl"),
    Lit::Str("net.ipv4.tcp_keepalive_probes"),
    Lit::Str("net.ipv4.tcp_rmem"),
    Lit::Str("net.ipv4.tcp_wmem"),
    Lit::Str("net.ipv4.tcp_slow_start_after_idle"),
    Lit::Str("net.ipv4.tcp_notsent_lowat"),
])];

const fn allow(names: &'static [Lit<'static>]) -> Clause {
    Clause {
        field: &field::SYSCTL_NAME,
        must: Must::Be(names),
        says: Says {
            set: "sets the unsafe sysctl {value}",
            unset: "sets a sysctl without a name",
            because: "may reach beyond the pod, to the node or its neighbours",
        },
        weights: &[],
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "unsafe-sysctl",
        formerly: &[],
        title: "pod sets an unsafe sysctl",
        chapter: Chapter::PodSecurity,
        guide: &[],
        pss: &[PssCheck::baseline("sysctls")],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::RemoveItem,
            "the kernel's default takes its place",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[
        Revision::always(Rule::Derived(Describe {
            clauses: SINCE_1_24,
            unless: &[],
        })),
        Revision::since(
            27,
            Rule::Derived(Describe {
                clauses: SINCE_1_27,
                unless: &[],
            }),
        ),
        Revision::since(
            29,
            Rule::Derived(Describe {
                clauses: SINCE_1_29,
                unless: &[],
            }),
        ),
        Revision::since(
            32,
            Rule::Derived(Describe {
                clauses: SINCE_1_32,
                unless: &[],
            }),
        ),
        Revision::since(
            37,
            Rule::Derived(Describe {
                clauses: SINCE_1_37,
                unless: &[],
            }),
        ),
    ],
};
