//! `securityContext.capabilities.add` must not hold a capability of the runtime's default set, save NET_BIND_SERVICE.
//! What lies beyond that set is `added-capability`'s. Windows pods have no capabilities (since policy 1.25).

use plimsoll_control::{
    Clause, Control, Describe, Fix, Guard, Header, How, Must, PssCheck, Remedy, Revision, Rule,
    Says, Severity,
};
use plimsoll_guide::{Chapter, POD_24};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::CAPABILITIES_ADD,
    must: Must::NotBe(&[
        Lit::Str("AUDIT_WRITE"),
        Lit::Str("CHOWN"),
        Lit::Str("DAC_OVERRIDE"),
        Lit::Str("FOWNER"),
        Lit::Str("FSETID"),
        Lit::Str("KILL"),
        Lit::Str("MKNOD"),
        Lit::Str("SETFCAP"),
        Lit::Str("SETGID"),
        Lit::Str("SETPCAP"),
        Lit::Str("SETUID"),
        Lit::Str("SYS_CHROOT"),
    ]),
    says: Says {
        set: "adds back the capability {value}",
        unset: "",
        because: "few programs need it once they do not run as root",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "added-default-capability",
        formerly: &[],
        title: "container adds a capability that the restricted level takes away",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_24],
        pss: &[PssCheck::restricted("capabilities_restricted")],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "a program that uses the capability fails",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[
        Revision::always(Rule::Derived(Describe {
            clauses: CLAUSES,
            unless: &[],
        })),
        Revision::since(
            25,
            Rule::Derived(Describe {
                clauses: CLAUSES,
                unless: &[Guard::Windows],
            }),
        ),
    ],
};
