//! `spec.hostNetwork` of the pod must not be true; absence means false.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Header, How, Must, PssCheck, Remedy, Revision, Rule, Says,
    Severity,
};
use plimsoll_guide::{Chapter, PSC_04, SIG_31};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::HOST_NETWORK,
    must: Must::NotBe(&[Lit::Bool(true)]),
    says: Says {
        set: "uses the host's network",
        unset: "",
        because: "escapes NetworkPolicy and reaches what listens on the node",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "host-network",
        formerly: &[],
        title: "pod uses the host's network",
        chapter: Chapter::PodSecurity,
        guide: &[&PSC_04, &SIG_31],
        pss: &[PssCheck::baseline("hostNamespaces")],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "the pod gets an address of its own, so it is no longer found at its node's",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Derived(Describe {
        clauses: CLAUSES,
        unless: &[],
    }))],
};
