//! The annotations `seccomp.security.alpha.kubernetes.io/pod` and `container.seccomp.security.alpha.kubernetes.io/…` do
//! nothing since server version 1.27; whoever still relies on them runs without the profile.

use plimsoll_control::{
    Control, Enforce, Fix, Found, Header, How, Remedy, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{Chapter, PSC_14};
use plimsoll_snapshot::pod::Pod;
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "dead-seccomp-annotation",
        formerly: &[],
        title: "pod asks for seccomp by an annotation that nothing reads any more",
        chapter: Chapter::PodSecurity,
        guide: &[&PSC_14],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::safe(How::Remove).patched(REMOVED)]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::since(
        27,
        Rule::Pod {
            check,
            words: &[
                "seccomp.security.alpha.kubernetes.io/pod",
                "container.seccomp.security.alpha.kubernetes.io/",
            ],
            enforce: IN_CEL,
        },
    )],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{annotations}.filter(k, k == {words}[0] || k.startsWith({words}[1])) \
     .map(k, 'asks for a seccomp profile by the annotation ' + k)",
]);

const REMOVED: &[&str] = &[
    "{annotations}.filter(k, k == {words}[0] || k.startsWith({words}[1])) \
     .map(k, JSONPatch{op: 'remove', path: {template} + '/metadata/annotations/' + jsonpatch.escapeKey(k)})",
];

fn check(pod: &Pod<'_>, words: Words, found: &mut Found<'_>) {
    let [whole, prefix] = words else { return };
    for (key, value) in pod.annotations() {
        if key == *whole || key.starts_with(prefix) {
            found.on_object(
                At::node(value),
                &format!("asks for a seccomp profile by the annotation {key}"),
                "ignored since Kubernetes 1.27; set seccompProfile instead",
            );
        }
    }
}
