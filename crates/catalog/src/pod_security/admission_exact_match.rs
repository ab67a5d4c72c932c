//! `matchPolicy: Exact` of validating webhooks and policies: a request for the same resource in another version or group is
//! not shown to them.

use plimsoll_control::{
    Control, Enforce, Fix, Found, GroupKind, Header, How, Remedy, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{BEY_09, Chapter};
use plimsoll_snapshot::admission::{GROUP, gates};
use plimsoll_snapshot::field::Lit;
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::shape::word;
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "admission-exact-match",
        formerly: &[],
        title: "admission control that another API version passes by",
        chapter: Chapter::PodSecurity,
        guide: &[&BEY_09],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::Set(Lit::Str("Equivalent")),
            "requests in other API versions are judged as well",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: KINDS,
        check,
        words: &[],
        enforce: IN_CEL,
    })],
};

/// Of webhooks: the API server shows policies to no policy.
const IN_CEL: Enforce = Enforce::Cel(&[
    "{object.webhooks}.filter(w, has(w.matchPolicy) && w.matchPolicy == 'Exact' && has(w.rules) && \
     !w.rules.all(r, '*' in r.apiVersions)) \
     .map(w, 'has a webhook, ' + w.name + ', that looks only at the API versions that it names')",
]);

const KINDS: &[GroupKind] = &[
    (GROUP, "ValidatingWebhookConfiguration"),
    (GROUP, "ValidatingAdmissionPolicy"),
    (GROUP, "ValidatingAdmissionPolicyBinding"),
];

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    for gate in gates(object) {
        let Some(scope) = gate.scope else { continue };
        let words = (&["Exact", "Equivalent"][..], "Exact or Equivalent");
        let policy = word(object, scope, "matchPolicy", words);
        let Some((_, at)) = policy.filter(|(policy, _)| *policy == "Exact") else {
            continue;
        };
        if !gate.rules.iter().all(|rule| rule.versions.contains(&"*")) {
            found.on_object(
                At::node(at),
                &format!(
                    "{}looks only at the API versions that it names",
                    gate.that()
                ),
                "the same object in another version passes it by",
            );
        }
    }
}
