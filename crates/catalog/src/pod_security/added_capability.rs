//! `securityContext.capabilities.add` may hold only capabilities that the baseline level allows. Absence adds nothing.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Header, How, Must, PssCheck, Remedy, Revision, Rule, Says,
    Severity, Weight, When,
};
use plimsoll_guide::{Chapter, POD_24};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::CAPABILITIES_ADD,
    must: Must::BeOrAbsent(&[
        Lit::Str("AUDIT_WRITE"),
        Lit::Str("CHOWN"),
        Lit::Str("DAC_OVERRIDE"),
        Lit::Str("FOWNER"),
        Lit::Str("FSETID"),
        Lit::Str("KILL"),
        Lit::Str("MKNOD"),
        Lit::Str("NET_BIND_SERVICE"),
        Lit::Str("SETFCAP"),
        Lit::Str("SETGID"),
        Lit::Str("SETPCAP"),
        Lit::Str("SETUID"),
        Lit::Str("SYS_CHROOT"),
    ]),
    says: Says {
        set: "adds the capability {value}",
        unset: "",
        because: "gives a piece of root's power over the node",
    },
    weights: &[
        Weight {
            when: When::Is(Lit::Str("ALL")),
            severity: Severity::Critical,
            reason: "every capability is as good as privileged",
        },
        Weight {
            when: When::Is(Lit::Str("SYS_ADMIN")),
            severity: Severity::Critical,
            reason: "mounts, namespaces and more: the way out of a container",
        },
        Weight {
            when: When::Is(Lit::Str("SYS_MODULE")),
            severity: Severity::Critical,
            reason: "loads code into the kernel of the node",
        },
        Weight {
            when: When::Is(Lit::Str("SYS_PTRACE")),
            severity: Severity::Critical,
            reason: "takes over any process that it can see",
        },
        Weight {
            when: When::Is(Lit::Str("SYS_RAWIO")),
            severity: Severity::Critical,
            reason: "reaches memory and devices of the node",
        },
        Weight {
            when: When::Is(Lit::Str("DAC_READ_SEARCH")),
            severity: Severity::Critical,
            reason: "reads any file of the node by handle",
        },
        Weight {
            when: When::Is(Lit::Str("BPF")),
            severity: Severity::Critical,
            reason: "reads memory of the node's kernel",
        },
    ],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "added-capability",
        formerly: &[],
        title: "container adds a capability beyond the usual",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_24],
        pss: &[
            PssCheck::baseline("capabilities_baseline"),
            PssCheck::restricted("capabilities_restricted"),
        ],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "a program that uses the capability fails",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Derived(Describe {
        clauses: CLAUSES,
        unless: &[],
    }))],
};
