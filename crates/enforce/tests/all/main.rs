//! Every exported policy against a real API server: it must deny each bad example of its control's page and admit each good
//! one, in all carriers and container kinds. Needs a control plane (`cargo xtask control-plane`); without one the tests say
//! that they were left out.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod cost;
mod evaluated;
mod fixed;
mod kyverno;
mod mutation;
mod object;
mod registries;
mod requests;
mod server;
mod type_checking;

use std::collections::BTreeMap;
use std::sync::Arc;

use plimsoll_catalog::all;
use plimsoll_control::{Control, Rule};
use plimsoll_control_plane::{ControlPlane, Programs};
use plimsoll_enforce::Policy;
use plimsoll_snapshot::version::Minor;
use plimsoll_testkit::{Sample, samples};

use server::{Server, Verdict};

/// The version of the API server that `control-plane` builds.
const VERSION: Minor = Minor(37);

/// What became of the samples of one control.
#[derive(Default, Debug)]
struct Counts {
    denied: usize,
    admitted: usize,
    /// The server's validation refuses these before any policy is asked.
    bad_refused: usize,
    good_refused: usize,
}

/// The control plane of this binary; says so when there is none.
fn control_plane(test: &str) -> Option<Arc<ControlPlane>> {
    let Some(programs) = Programs::find() else {
        eprintln!("{test} was left out: `cargo xtask control-plane` builds a control plane");
        return None;
    };
    Some(ControlPlane::shared(&programs).expect("a control plane"))
}

/// What a policy refuses may depend on its parameters, which `registries` tries, or on the namespace, which is tried in
/// `requests`.
fn is_tried_here(control: &Control, policy: &Policy) -> bool {
    !policy.reads_registries() && control.head.id != "default-namespace"
}

/// Every policy with the samples of its control. Where all examples are about older versions, so is the policy: what it says
/// does not depend on who evaluates it.
fn policies(controls: &[&'static Control]) -> Vec<(&'static Control, Policy, Vec<Sample>)> {
    let of = |control: &&'static Control| {
        let policy = Policy::of(control, VERSION, &[]).ok()?;
        is_tried_here(control, &policy).then_some(())?;
        let versions = (30..=VERSION.0).rev().map(Minor);
        versions
            .map(|version| (version, samples(controls, control, version)))
            .find(|(_, samples)| samples.iter().any(|sample| sample.is_bad))
            .and_then(|(version, samples)| {
                let policy = Policy::of(control, version, &[]).ok()?;
                Some((*control, policy, samples))
            })
    };
    controls.iter().filter_map(of).collect()
}

/// Examples on which a policy, which sees one request, says something else than the scan, which sees all objects: the control,
/// the example, and why.
const SEEN_IN_PART: &[Exception] = &[
    (
        &["anonymous-access-granted"],
        BAD,
        "system:public-info-viewer",
        IMITATED,
    ),
    (
        &["anonymous-access-granted"],
        GOOD,
        "system:public-info-viewer",
        PLACED,
    ),
    (
        &["default-service-account-bound"],
        BAD,
        "service-account-issuer-discovery",
        IMITATED,
    ),
    (
        &[
            "admission-change-allowed",
            "certificate-approval-allowed",
            "node-proxy-allowed",
            "persistent-volume-creation-allowed",
        ],
        GOOD,
        "name: other",
        BOUND_IN_NAMESPACE,
    ),
    (
        &[
            "certificate-approval-allowed",
            "impersonation-allowed",
            "node-proxy-allowed",
            "persistent-volume-creation-allowed",
            "pod-exec-allowed",
            "port-forward-allowed",
            "role-escalation-allowed",
            "secrets-readable",
            "token-creation-allowed",
            "workload-creation-allowed",
        ],
        GOOD,
        "system:",
        BUILT_IN,
    ),
    (&["wildcard-permission"], GOOD, "cluster-admin", BUILT_IN),
    (
        &["cpu-request-missing", "memory-limit-missing"],
        GOOD,
        "LimitRange",
        GIVEN,
    ),
];
const GIVEN: &str = "a LimitRange gives it; `requests` tries that";
const PLACED: &str = "it is about the namespace, and each policy is tried in one of its own";
const IMITATED: &str = "what else the role of that name grants stands in another object";
const BOUND_IN_NAMESPACE: &str =
    "who binds the role, and how far it reaches, stands in other objects";
const BUILT_IN: &str =
    "the API server makes the role itself, and only its own request is let through";

/// Does the policy of the control match objects of the kind?
fn is_matched(control: &Control, kind: &str) -> bool {
    match control.rule(VERSION) {
        Some(Rule::Object { kinds, .. } | Rule::JoinedInPart { kinds, .. }) => {
            kinds.is_empty() || kinds.iter().any(|(_, name)| *name == kind)
        }
        _ => true,
    }
}

fn is_seen_in_part(control: &Control, sample: &Sample) -> bool {
    let mut exceptions = SEEN_IN_PART.iter();
    exceptions.any(|exception| is_about(exception, control, sample))
}

/// Examples of controls' pages of which something else holds: the ids, whether they are good or bad, words that they alone of
/// these contain, and why.
type Exception = (
    &'static [&'static str],
    &'static str,
    &'static str,
    &'static str,
);
const BAD: &str = "(bad";
const GOOD: &str = "(good";

fn is_about((ids, kind, words, _): &Exception, control: &Control, sample: &Sample) -> bool {
    ids.contains(&control.head.id) && sample.name.contains(kind) && sample.example.contains(words)
}

#[test]
fn nothing_is_left_of_our_own_names_in_braces() {
    let mut count = 0;
    for control in all() {
        let Ok(policy) = Policy::of(control, VERSION, &[]) else {
            continue;
        };
        count += 1;
        let text = plimsoll_yaml::write(&policy.manifest());
        // Maps of CEL begin with a quote.
        let left = text.split('{').skip(1).filter(|piece| {
            let name = piece.split('}').next().unwrap_or_default();
            name.starts_with(|first: char| first.is_ascii_alphabetic())
        });
        assert_eq!(
            left.collect::<Vec<_>>(),
            Vec::<&str>::new(),
            "{}",
            control.head.id
        );
        assert!(text.contains("    resources:\n"), "{}", control.head.id);
    }
    assert!(count > 45, "{count}");
}

#[test]
fn every_policy_says_what_its_page_says() {
    let Some(plane) = control_plane("every_policy_says_what_its_page_says") else {
        return;
    };
    let server = Server::new(plane.api());
    let controls: Vec<&'static Control> = all().collect();
    let enforced = policies(&controls);
    let expressible = controls
        .iter()
        .filter(|it| Policy::of(it, VERSION, &[]).is_ok_and(|policy| is_tried_here(it, &policy)));
    assert_eq!(
        enforced.len(),
        expressible.count(),
        "each page has an example for a served version"
    );
    for (control, policy, _) in &enforced {
        server.install(control.head.id, policy);
    }
    let mut wrong = Vec::new();
    let mut all_counts = BTreeMap::new();
    let mut refusals = BTreeMap::<String, usize>::new();
    for (control, policy, samples) in &enforced {
        let is_sent = |sample: &&Sample| {
            let object = object::read(&sample.text);
            object.is_some_and(|it| is_matched(control, it["kind"].as_str().unwrap_or_default()))
        };
        let bad = samples
            .iter()
            .filter(|sample| sample.is_bad && is_sent(sample));
        server.await_denial(control.head.id, policy, bad);
        let mut counts = Counts::default();
        let samples: Vec<Sample> = samples.iter().filter(is_sent).cloned().collect();
        for (sample, verdict) in server.ask_all(control.head.id, policy, &samples) {
            if let Verdict::Refused(message) = &verdict {
                let reason = message
                    .split_once(": ")
                    .map_or(message.as_str(), |(_, rest)| rest);
                *refusals.entry(reason.to_owned()).or_default() += 1;
            }
            match (sample.is_bad, verdict) {
                (true, Verdict::Denied(_)) => counts.denied += 1,
                (false, Verdict::Admitted) => counts.admitted += 1,
                (true, Verdict::Refused(_)) => counts.bad_refused += 1,
                (false, Verdict::Refused(_)) => counts.good_refused += 1,
                (_, Verdict::NotSent) => {}
                _ if is_seen_in_part(control, sample) => {}
                (is_bad, verdict) => wrong.push(format!(
                    "{}: {} (bad: {is_bad}): {verdict:?}\n{}",
                    control.head.id, sample.name, sample.text
                )),
            }
        }
        // Where validation refuses every bad example there is nothing left to deny.
        let has_denied = counts.denied > 0 || counts.bad_refused > 0;
        if !has_denied || counts.admitted == 0 {
            wrong.push(format!("{}: proves nothing: {counts:?}", control.head.id));
        }
        all_counts.insert(control.head.id, counts);
    }
    eprintln!("{all_counts:#?}\n{refusals:#?}");
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
