//! Every exported policy, given as a user's own: it must say of each example of its page what the page says, as the API server
//! does in the tests of `enforce`.

use std::collections::BTreeMap;

use plimsoll_catalog::all;
use plimsoll_control::Control;
use plimsoll_enforce::{Policy, Stage};
use plimsoll_testkit::samples;
use plimsoll_yaml::write;

use crate::{VERSION, policies, report};

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
            // No API server takes these groups any more, and the policies do not name them.
            if sample.text.contains("extensions/v1beta1") {
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
                    report.findings.first().map(|it| &it.finding.message),
                    sample.text
                )),
            }
        }
    }
    eprintln!("{found} found, {fine} fine, undecided: {undecided:#?}");
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
