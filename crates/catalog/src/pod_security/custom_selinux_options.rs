//! `seLinuxOptions.type` of pod and containers must be absent or a confined container type; `user` and `role` must not
//! be set. Policy 1.31 adds `container_engine_t`.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Header, How, Must, PssCheck, Remedy, Revision, Rule, Says,
    Severity,
};
use plimsoll_guide::{Chapter, PSC_12};
use plimsoll_snapshot::field::{self, Field, Lit};

const UNTIL_1_30: &[Clause] = &[
    kind(&[
        Lit::Str(""),
        Lit::Str("container_t"),
        Lit::Str("container_init_t"),
        Lit::Str("container_kvm_t"),
    ]),
    unset(&field::SELINUX_USER, "sets the SELinux user {value}"),
    unset(&field::SELINUX_ROLE, "sets the SELinux role {value}"),
];

const SINCE_1_31: &[Clause] = &[
    kind(&[
        Lit::Str(""),
        Lit::Str("container_t"),
        Lit::Str("container_init_t"),
        Lit::Str("container_kvm_t"),
        Lit::Str("container_engine_t"),
    ]),
    unset(&field::SELINUX_USER, "sets the SELinux user {value}"),
    unset(&field::SELINUX_ROLE, "sets the SELinux role {value}"),
];

const fn kind(allowed: &'static [Lit<'static>]) -> Clause {
    Clause {
        field: &field::SELINUX_TYPE,
        must: Must::BeOrAbsent(allowed),
        says: Says {
            set: "sets the SELinux type {value}",
            unset: "",
            because: "leaves the confinement that the runtime chose",
        },
        weights: &[],
    }
}

const fn unset(field: &'static Field, set: &'static str) -> Clause {
    Clause {
        field,
        must: Must::BeOrAbsent(&[Lit::Str("")]),
        says: Says {
            set,
            unset: "",
            because: "only the type and level of a container may be chosen",
        },
        weights: &[],
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "custom-selinux-options",
        formerly: &[],
        title: "pod leaves the confinement that SELinux gives containers",
        chapter: Chapter::PodSecurity,
        guide: &[&PSC_12],
        pss: &[PssCheck::baseline("seLinuxOptions")],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "the label decides which files the program may touch",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[
        Revision::always(Rule::Derived(Describe {
            clauses: UNTIL_1_30,
            unless: &[],
        })),
        Revision::since(
            31,
            Rule::Derived(Describe {
                clauses: SINCE_1_31,
                unless: &[],
            }),
        ),
    ],
};
