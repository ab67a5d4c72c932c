//! `host` in `httpGet` and `tcpSocket` of probes and lifecycle hooks must be absent or empty: the kubelet makes the
//! request, from the node. Judged since policy version 1.34.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Header, How, Must, PssCheck, Remedy, Revision, Rule, Says,
    Severity,
};
use plimsoll_guide::Chapter;
use plimsoll_snapshot::field::{Field, Lit, PROBE_HOSTS};

const fn clause(field: &'static Field) -> Clause {
    Clause {
        field,
        must: Must::Be(&[Lit::Str("")]),
        says: Says {
            set: "makes the kubelet connect to {value} ({field})",
            unset: "",
            because: "the node sends this request, past every NetworkPolicy",
        },
        weights: &[],
    }
}

const CLAUSES: &[Clause] = &[
    clause(&PROBE_HOSTS[0]),
    clause(&PROBE_HOSTS[1]),
    clause(&PROBE_HOSTS[2]),
    clause(&PROBE_HOSTS[3]),
    clause(&PROBE_HOSTS[4]),
    clause(&PROBE_HOSTS[5]),
    clause(&PROBE_HOSTS[6]),
    clause(&PROBE_HOSTS[7]),
    clause(&PROBE_HOSTS[8]),
    clause(&PROBE_HOSTS[9]),
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "probe-host",
        formerly: &[],
        title: "probe or hook makes the node connect elsewhere",
        chapter: Chapter::PodSecurity,
        guide: &[],
        pss: &[PssCheck::baseline("hostProbesAndHostLifecycle")],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "the probe goes to the pod itself",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::since(
        34,
        Rule::Derived(Describe {
            clauses: CLAUSES,
            unless: &[],
        }),
    )],
};
