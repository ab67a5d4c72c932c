//! Policies that mean harm: they end in a gap or a problem, soon.

use std::time::{Duration, Instant};

use plimsoll_scan::GapReason;

use crate::{policies, report};

fn policy(expression: &str) -> String {
    format!(
        "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {{name: rule}}
spec:
  matchConstraints:
    resourceRules:
    - {{apiGroups: [''], apiVersions: ['*'], operations: ['*'], resources: ['*']}}
  validations: [{{expression: {expression:?}}}]
"
    )
}

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: a, image: b}]}\n";

#[test]
fn hostile_policies_end_in_a_gap() {
    let list = format!("[{}]", vec!["1"; 200].join(", "));
    let endless =
        format!("{list}.all(a, {list}.all(b, {list}.all(c, {list}.all(d, a + b + c + d == 4))))");
    let doubling = (0..40).fold("'aaaaaaaa'".to_owned(), |text, _| {
        format!("[{text}].map(x, x + x)[0]")
    });
    let begin = Instant::now();
    for expression in [
        "(".repeat(100_000),
        format!("{}true{}", "!(".repeat(100_000), ")".repeat(100_000)),
        endless,
        format!("{doubling} == ''"),
        format!("'a'.matches('{}')", "(a{1000}){1000}".repeat(50)),
    ] {
        let policies = policies(&policy(&expression));
        let report = report(&policies, POD);
        assert!(report.findings.is_empty());
        let gaps = report
            .gaps
            .iter()
            .filter(|gap| gap.reason == GapReason::UnsupportedExpression);
        assert_eq!(
            policies.problems.len() + gaps.count(),
            1,
            "{}",
            expression.chars().take(60).collect::<String>()
        );
    }
    assert!(begin.elapsed() < Duration::from_secs(60));
}

#[test]
fn texts_that_are_no_policies_are_told() {
    for (text, problems) in [
        ("kind: ValidatingAdmissionPolicy\n  a: [", 1),
        (
            "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nspec: 3\n",
            1,
        ),
        (
            "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: a}\nspec: [1]\n",
            2,
        ),
        (
            "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: '<b>'}\nspec: {}\n",
            1,
        ),
        ("a: b\n", 0),
    ] {
        let policies = policies(text);
        assert_eq!(
            policies.problems.len(),
            problems,
            "{text}: {:?}",
            policies.problems
        );
        assert!(report(&policies, POD).findings.is_empty());
    }
}

#[test]
fn titles_and_pages_hold_no_marks() {
    let text = policy("'X' == ''").replace('X', "\\e[2J").replace(
        "{name: rule}",
        "{name: rule, annotations: {plimsoll.dev/title: \"<script>a\\e[31m</script>\\n# b | c\"}}",
    );
    let policies = policies(&text);
    let head = &policies.controls[0].head;
    assert_eq!(head.title, "scripta31m/script b c");
    let page = head.page.text();
    assert!(!page.contains('\u{1b}'), "{page}");
}
