//! A webhook outside of the cluster that is trusted with any certificate of any public authority.

use plimsoll_control::{
    Control, Enforce, Fix, Found, GroupKind, Header, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{BEY_09, Chapter};
use plimsoll_snapshot::admission::{GROUP, gates};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "webhook-authority-not-pinned",
        formerly: &[],
        title: "admission webhook is trusted with any public certificate",
        chapter: Chapter::BeyondTheGuide,
        guide: &[&BEY_09],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not(
            "the authority that signs for the webhook has to be asked for its certificate",
        ),
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

const IN_CEL: Enforce = Enforce::Cel(&[
    "{object.webhooks}.filter(w, has(w.clientConfig.url) && (!has(w.clientConfig.caBundle) || size(w.clientConfig.caBundle) == 0)) \
     .map(w, 'has a webhook, ' + w.name + ', that is outside of the cluster and has no caBundle')",
]);

const KINDS: &[GroupKind] = &[
    (GROUP, "MutatingWebhookConfiguration"),
    (GROUP, "ValidatingWebhookConfiguration"),
];

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    for gate in gates(object) {
        let config = gate.node.get("clientConfig");
        let Some(url) = config.and_then(|config| config.get("url")) else {
            continue;
        };
        let bundle = config.and_then(|config| config.get("caBundle"));
        if bundle.is_none_or(|bundle| bundle.is_null() || bundle.as_str() == Some("")) {
            let predicate = format!(
                "{}is outside of the cluster and has no caBundle",
                gate.that()
            );
            let label = "whoever gets a certificate for this name reads and answers for it";
            found.on_object(At::node(url), &predicate, label);
        }
    }
}
