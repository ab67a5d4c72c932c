//! `windowsOptions.runAsUserName` of pod and containers must not be `ContainerAdministrator`. Absence leaves the user to
//! the image, which for most is `ContainerUser`.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Header, How, Must, Remedy, Revision, Rule, Says, Severity,
};
use plimsoll_guide::{Chapter, POD_02, SIG_20};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::WINDOWS_USER_NAME,
    must: Must::NotBe(&[Lit::Str("ContainerAdministrator")]),
    says: Says {
        set: "runs as the administrator of its Windows container",
        unset: "",
        because: "may change everything in the container and attack the host's kernel from there",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "windows-administrator",
        formerly: &[],
        title: "container runs as the Windows administrator",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_02, &SIG_20],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "the image's own user takes the administrator's place",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Derived(Describe {
        clauses: CLAUSES,
        unless: &[],
    }))],
};
