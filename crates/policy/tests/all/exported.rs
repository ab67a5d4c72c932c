//! Every exported policy, given as a user's own: it must say of each example of its page what the page says, as the API server
//! does in the tests of `enforce`.

use std::collections::BTreeMap;

use plimsoll_catalog::all;
use plimsoll_control::Control;
use plimsoll_enforce::{Policy, Stage};
use plimsoll_testkit::{Sample, samples};
use plimsoll_yaml::write;

use crate::{VERSION, policies, report};

/// Is the example about what no policy is shown, or what another object gives?
fn is_elsewhere(control: &str, sample: &Sample) -> bool {
    // No API server takes this group any more, the policies do not name Kyverno's, and what configures admission is kept from them.
    let unseen = [
        "extensions/v1beta1",
        "kyverno.io/",
        "kind: MutatingAdmissionPolicy",
        "kind: ValidatingAdmissionPolicy",
    ];
    // A LimitRange of the same block gives what is missing; and nothing makes pods of a PodTemplate.
    let may_be_given = matches!(control, "cpu-request-missing" | "memory-limit-missing");
    let makes_no_pods = sample.name.contains("as PodTemplate");
    let is_given = sample.name.contains("(good") && sample.example.contains("LimitRange");
    may_be_given && (makes_no_pods || is_given)
        || unseen.iter().any(|text| sample.text.contains(text))
}

#[test]
fn exported_policies_say_what_their_pages_say() {
    let controls: Vec<&'static Control> = all().collect();
    let (mut found, mut fine, mut wrong) = (0, 0, Vec::new());
    let mut undecided = BTreeMap::new();
    for control in &controls {
        let Ok(policy) = Policy::of(control, VERSION, &[]) else {
            continue;
        };
        let text = format!(
            "{}---\n{}",
            write(&policy.manifest()),
            write(&policy.binding(Stage::Deny, None))
        );
        let own = policies(&text);
        assert_eq!(own.problems, [], "{}", control.head.id);
        for sample in samples(&controls, control, VERSION) {
            if is_elsewhere(control.head.id, &sample) {
                continue;
            }
            let report = report(&own, &sample.text);
            let denied = !report.findings.is_empty();
            match (sample.is_bad, denied, report.gaps.is_empty()) {
                (true, true, _) => found += 1,
                (false, false, true) => fine += 1,
                (_, false, false) => {
                    let why = report.gaps[0]
                        .message
                        .rsplit(": ")
                        .next()
                        .unwrap_or_default();
                    let why = format!("{}: {why}", control.head.id);
                    *undecided.entry(why).or_insert(0_usize) += 1;
                }
                _ => wrong.push(format!(
                    "{}: {} (bad: {}): {:?}\n{}",
                    control.head.id,
                    sample.name,
                    sample.is_bad,
                    report
                        .findings
                        .first()
                        .map(|it| it.finding.message.to_string()),
                    sample.text
                )),
            }
        }
    }
    eprintln!("{found} found, {fine} fine, undecided: {undecided:#?}");
    // What depends on who sends an object, or on parameters that lie elsewhere, no file says.
    let elsewhere = ["needs who sends the object", "put them beside the policy"];
    undecided.retain(|why, _| !elsewhere.iter().any(|end| why.ends_with(end)));
    let undecided: usize = undecided.values().sum();
    assert!(
        found > 1000 && fine > 1000,
        "proves nothing: {found} found, {fine} fine"
    );
    assert!(
        undecided * 50 < found + fine,
        "{undecided} undecided of {found} and {fine}"
    );
    let some: Vec<_> = wrong.iter().take(8).cloned().collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        some.join("\n")
    );
}
