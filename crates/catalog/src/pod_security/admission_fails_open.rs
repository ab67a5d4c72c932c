//! Admission webhooks and policies that let a request pass when they fail, or when their parameters are missing. Only those
//! that look at resources through which somebody could take something over; Kubernetes' own default is to refuse.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Found, GroupKind, Header, How, Remedy, Revision, Rule,
    Severity, Words,
};
use plimsoll_guide::{BEY_09, Chapter, POD_12};
use plimsoll_snapshot::admission::{GROUP, SENSITIVE, gates};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::shape::word;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Segment;
use plimsoll_yaml::edit::Edit;

use crate::admission_plugins::sensitive_in_cel;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "admission-fails-open",
        formerly: &[],
        title: "admission control lets everything in when it fails",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_12, &BEY_09],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::Rule(fail_closed),
            "requests are refused while the webhook or the parameters are not there",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: KINDS,
        check,
        words: &[],
        enforce: Enforce::Made(cel),
    })],
};

const KINDS: &[GroupKind] = &[
    (GROUP, "ValidatingWebhookConfiguration"),
    (GROUP, "MutatingWebhookConfiguration"),
    (GROUP, "ValidatingAdmissionPolicy"),
    (GROUP, "MutatingAdmissionPolicy"),
    (GROUP, "ValidatingAdmissionPolicyBinding"),
    (GROUP, "MutatingAdmissionPolicyBinding"),
];

const BECAUSE: &str = "what it guards is let in whenever it fails";

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    for gate in gates(object) {
        if !SENSITIVE.iter().any(|resource| gate.may_watch(resource)) {
            continue;
        }
        let policy = word(
            object,
            gate.node,
            "failurePolicy",
            (&["Fail", "Ignore"], "Fail or Ignore"),
        );
        if let Some((_, at)) = policy.filter(|(policy, _)| *policy == "Ignore") {
            let called = object.kind.ends_with("WebhookConfiguration");
            let finding = found.on_object(
                At::node(at),
                &format!("{}ignores its own failures", gate.that()),
                BECAUSE,
            );
            if !gate.refuses {
                finding.weigh(Severity::Low, "it changes objects and cannot refuse them");
            } else if !called {
                finding.weigh(
                    Severity::Low,
                    "an expression fails less easily than a server",
                );
            }
        }
        let Some(reference) = gate.node.get("paramRef") else {
            continue;
        };
        let action = word(
            object,
            reference,
            "parameterNotFoundAction",
            (&["Allow", "Deny"], "Allow or Deny"),
        );
        if let Some((_, at)) = action.filter(|(action, _)| *action == "Allow") {
            let finding = found.on_object(
                At::node(at),
                "allows everything when its parameters are missing",
                BECAUSE,
            );
            finding.weigh(Severity::Low, "somebody has to delete the parameters first");
        }
    }
}

/// Refuses, in the words of the field.
fn fail_closed(_: &Object<'_>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    let path = finding.place.path.clone();
    let parameters = Segment::Key("parameterNotFoundAction".into());
    let word = if path.segments().last() == Some(&parameters) {
        "Deny"
    } else {
        "Fail"
    };
    Ok(vec![Edit::set(path, word)])
}

/// Of webhooks: the API server shows policies to no policy.
fn cel() -> String {
    let sensitive = sensitive_in_cel();
    format!(
        "{{object.webhooks}}.filter(w, has(w.failurePolicy) && w.failurePolicy == 'Ignore' && {sensitive})\
         .map(w, 'has a webhook, ' + w.name + ', that ignores its own failures')"
    )
}
