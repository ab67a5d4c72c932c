//! What comes out for policies and objects: places, severities, gaps.

use plimsoll_control::Severity;
use plimsoll_policy::{Policies, ProblemKind};
use plimsoll_scan::{GapReason, Report};
use plimsoll_snapshot::target::Target;

use crate::{VERSION, policies, report, report_on};

/// A policy on pods and Deployments with these parts, and its binding.
fn policy(parts: &str, actions: &str) -> String {
    format!(
        "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {{name: rule}}
spec:
  matchConstraints:
    resourceRules:
    - {{apiGroups: ['', apps], apiVersions: ['*'], operations: [CREATE], resources: [pods, deployments]}}
{parts}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {{name: rule}}
spec: {{policyName: rule, validationActions: [{actions}]}}
"
    )
}

/// A policy with this expression.
pub(crate) fn expression(expression: &str) -> String {
    policy(
        &format!("  validations:\n  - expression: {expression:?}\n    message: so it is\n"),
        "Deny",
    )
}

const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: one, image: \"registry.example.com/a:1\"}
  - {name: two, image: \"docker.io/b:1\", securityContext: {runAsUser: 0}}
";

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: one, image: \"registry.example.com/a:1\"}
      - {name: two, image: \"docker.io/b:1\"}
";

/// The path, container and message of each finding.
fn findings(report: &Report) -> Vec<(String, Option<&str>, String)> {
    let findings = report.findings.iter().map(|reported| {
        let finding = &reported.finding;
        let container = finding.subject.container.as_deref();
        (
            finding.place.path.to_string(),
            container,
            finding.message.to_string(),
        )
    });
    findings.collect()
}

fn judged(expression_: &str, text: &str) -> Report {
    let policies = policies(&expression(expression_));
    assert_eq!(policies.problems, [], "{expression_}");
    report(&policies, text)
}

#[test]
fn a_finding_stands_where_the_demand_was_decided() {
    for (demand, path, container) in [
        (
            "object.spec.containers.all(c, c.image.startsWith('registry.example.com/'))",
            "spec.containers[1].image",
            Some("two"),
        ),
        (
            "object.spec.containers.all(c, has(c.securityContext) && c.securityContext.runAsNonRoot)",
            "spec.containers[0].securityContext",
            Some("one"),
        ),
        (
            "!object.spec.containers.exists(c, has(c.securityContext) && c.securityContext.?runAsUser.orValue(1) == 0)",
            "spec.containers[1].securityContext.runAsUser",
            Some("two"),
        ),
        (
            "object.spec.containers.filter(c, !c.image.startsWith('registry')).size() == 0",
            "spec.containers",
            None,
        ),
        (
            "has(object.metadata.labels) && 'team' in object.metadata.labels",
            "metadata.labels",
            None,
        ),
        (
            "object.spec.terminationGracePeriodSeconds < 10",
            "spec.terminationGracePeriodSeconds",
            None,
        ),
        ("request.operation == 'UPDATE'", "metadata.name", None),
    ] {
        let report = judged(demand, POD);
        let wanted = "Pod shop/web would be denied by policy rule: so it is";
        assert_eq!(
            findings(&report),
            [(path.to_owned(), container, wanted.to_owned())],
            "{demand}"
        );
        assert_eq!(report.gaps, [], "{demand}");
    }
}

#[test]
fn a_workload_is_told_of_the_pods_that_it_makes() {
    let report = judged(
        "object.kind != 'Pod' || object.spec.containers.all(c, c.image.startsWith('registry'))",
        DEPLOYMENT,
    );
    let path = "spec.template.spec.containers[1].image".to_owned();
    let message = "Deployment shop/web makes pods that would be denied by policy rule: so it is";
    assert_eq!(findings(&report), [(path, Some("two"), message.to_owned())]);
    assert_eq!(report.findings[0].finding.control.id, "policy/rule");
}

#[test]
fn the_binding_gives_the_severity() {
    for (actions, severity) in [
        ("Deny, Audit", Severity::High),
        ("Warn", Severity::Medium),
        ("Audit", Severity::Low),
    ] {
        let text = policy("  validations: [{expression: 'false'}]", actions);
        let report = report(&policies(&text), POD);
        assert_eq!(report.findings.len(), 1, "{actions}");
        assert_eq!(report.findings[0].finding.severity, severity, "{actions}");
    }
}

#[test]
fn a_policy_without_a_binding_is_judged_and_told() {
    let text = expression("false");
    let policies = policies(text.split("---").next().expect("a policy"));
    assert_eq!(policies.notes.len(), 1);
    assert_eq!(report(&policies, POD).findings.len(), 1);
}

#[test]
fn the_message_falls_back_as_on_the_server() {
    for (parts, message) in [
        (
            "messageExpression: \"'says ' + object.metadata.name\", message: plain",
            "says web",
        ),
        (
            "messageExpression: \"'two\\\\nlines'\", message: plain",
            "plain",
        ),
        ("messageExpression: \"'  '\", message: ' plain '", "plain"),
        (
            "messageExpression: \"object.none + 'x'\", message: plain",
            "plain",
        ),
        (
            "messageExpression: \"object.none + 'x'\"",
            "failed expression: false",
        ),
        ("reason: Invalid", "failed expression: false"),
    ] {
        let parts = format!("  validations: [{{expression: 'false', {parts}}}]");
        let policies = policies(&policy(&parts, "Deny"));
        let report = report(&policies, POD);
        let found = findings(&report);
        assert!(
            found[0].2.ends_with(&format!("rule: {message}")),
            "{parts}: {found:?}"
        );
    }
}

#[test]
fn what_cannot_be_known_is_a_gap_that_says_where() {
    let without = POD.replace(", namespace: shop", "");
    for (demand, text, why) in [
        (
            "request.userInfo.username == 'admin'",
            POD,
            "who sends the object",
        ),
        (
            "namespaceObject.metadata.labels.tier == 'prod'",
            POD,
            "scan its Namespace",
        ),
        (
            "object.metadata.namespace == 'shop'",
            without.as_str(),
            "does not say its namespace",
        ),
        ("object.metadata.uid != ''", POD, "gives every object"),
        (
            "object.metadata.all(key, key != 'a')",
            POD,
            "gives every object",
        ),
    ] {
        let report = judged(demand, text);
        assert_eq!(findings(&report), [], "{demand}");
        let [gap] = report.gaps.as_slice() else {
            panic!("{demand}: {:?}", report.gaps);
        };
        assert_eq!(gap.reason, GapReason::UnsupportedExpression);
        assert_eq!(gap.controls, ["policy/rule"]);
        assert!(gap.message.contains(why), "{demand}: {}", gap.message);
        assert!(gap.message.contains("policies.yaml:9:5"), "{}", gap.message);
        assert_eq!(report.summary.controls["policy/rule"].not_assessed, 1);
    }
}

#[test]
fn what_does_not_matter_is_no_gap() {
    for demand in [
        "object.metadata.name == 'web' || request.userInfo.username == 'admin'",
        "has(object.spec.nothing) && request.userInfo.username == 'admin' || true",
    ] {
        let report = judged(demand, POD);
        assert_eq!(
            (findings(&report), report.gaps.len()),
            (vec![], 0),
            "{demand}"
        );
    }
}

#[test]
fn an_error_is_a_denial_unless_errors_are_ignored() {
    let fails = |policy: &str| {
        let validation = "  validations: [{expression: \"object.spec.nothing == 'a'\"}]";
        let text =
            crate::judged::policy(&format!("  failurePolicy: {policy}\n{validation}"), "Deny");
        let report = report(&policies(&text), POD);
        assert_eq!(report.gaps, []);
        report
            .findings
            .into_iter()
            .map(|it| it.finding.message.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(fails("Ignore"), Vec::<String>::new());
    let denied = fails("Fail");
    assert!(
        denied[0].contains("resulted in error: no such key: nothing"),
        "{denied:?}"
    );
}

/// The problems of a policy, as kind, line and message.
fn problems(policies: &Policies) -> Vec<(ProblemKind, u32, &str)> {
    let problems = policies.problems.iter().map(|problem| {
        let line = problem.location.as_ref().map_or(0, |at| at.start.line);
        (problem.kind, line, problem.message.as_str())
    });
    problems.collect()
}

/// Expressions that cannot be judged: whose fault that is, and what is said.
pub(crate) const FAULTY: &[(&str, ProblemKind, &str)] = &[
    (
        "object.a ==",
        ProblemKind::Invalid,
        "refused by the API server",
    ),
    (
        "nothing.a",
        ProblemKind::Invalid,
        "nothing is called \"nothing\"",
    ),
    (
        "object.spec.hostNetwork",
        ProblemKind::Invalid,
        "has to be of type bool, and is of type dyn",
    ),
    (
        "variables.none",
        ProblemKind::Invalid,
        "no variable is called",
    ),
    (
        "params.a == 'b'",
        ProblemKind::Invalid,
        "nothing is called \"params\"",
    ),
    (
        "isIP('1.2.3.4')",
        ProblemKind::Unsupported,
        "the function isIP()",
    ),
    (
        "request.user.username == 'a'",
        ProblemKind::Invalid,
        "there is no request.user",
    ),
    (
        "has(namespaceObject.labels)",
        ProblemKind::Invalid,
        "there is no namespaceObject.labels",
    ),
];

#[test]
fn a_faulty_policy_is_told_and_judges_nothing() {
    for &(demand, kind, why) in FAULTY {
        let policies = policies(&expression(demand));
        let problems = problems(&policies);
        assert_eq!(problems.len(), 1, "{demand}: {problems:?}");
        assert_eq!((problems[0].0, problems[0].1), (kind, 9), "{demand}");
        assert!(problems[0].2.contains(why), "{demand}: {}", problems[0].2);
        let report = report(&policies, POD);
        assert_eq!(
            (report.findings.len(), report.gaps.len()),
            (0, 0),
            "{demand}: told once"
        );
    }
}

#[test]
fn what_is_supported_still_judges_beside_what_is_not() {
    let parts = "  variables: [{name: ip, expression: \"isIP('1.2.3.4')\"}]
  validations: [{expression: variables.ip}, {expression: 'false', message: plain}]";
    let text = policy(parts, "Deny").replace("variables.ip", "variables.ip == true");
    let policies = policies(&text);
    assert_eq!(problems(&policies).len(), 1);
    let report = report(&policies, POD);
    assert_eq!(findings(&report).len(), 1);
    assert_eq!(report.gaps, []);
}

#[test]
fn parameters_come_from_both_sides() {
    let config = |name: &str, namespace: &str, value: &str| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: {namespace}, labels: {{of: rule}}}}\ndata: {{prefix: {value}}}\n"
        )
    };
    let parts = "  paramKind: {apiVersion: v1, kind: ConfigMap}
  validations: [{expression: 'object.spec.containers.all(c, c.image.startsWith(params.data.prefix))'}]";
    let bound = |named: &str| {
        policy(parts, "Deny").replace(
            "policyName: rule,",
            &format!("policyName: rule, paramRef: {named},"),
        )
    };
    let named = bound("{name: one, parameterNotFoundAction: Deny}");
    let count = |policy: &str, text: &str| {
        let report = report(&policies(policy), text);
        (report.findings.len(), report.gaps.len())
    };
    assert_eq!(count(&named, POD), (0, 1), "it is not there");
    let complete = |policy: &str| {
        let target = Target {
            complete: true,
            ..Target::new(VERSION)
        };
        let report = report_on(&policies(policy), POD, target);
        (report.findings.len(), report.gaps.len())
    };
    assert_eq!(complete(&named), (1, 0), "an error is a denial");
    assert_eq!(
        complete(&named.replace("Action: Deny", "Action: Allow")),
        (0, 0)
    );
    let there = format!("{named}{}", config("one", "shop", "registry"));
    assert_eq!(count(&there, POD), (1, 0));
    let beside = format!("{POD}{}", config("one", "shop", "''"));
    assert_eq!(count(&named, &beside), (0, 0));
    let elsewhere = format!("{POD}{}", config("one", "elsewhere", "''"));
    assert_eq!(count(&named, &elsewhere), (0, 1));
    let selected = bound("{selector: {matchLabels: {of: rule}}, parameterNotFoundAction: Deny}");
    let two = format!(
        "{selected}{}{}",
        config("one", "shop", "''"),
        config("two", "shop", "registry")
    );
    assert_eq!(count(&two, POD), (1, 0));
    let without = policy(parts, "Deny");
    assert_eq!(count(&without, POD).1, 0, "params are null then");
}

#[test]
fn namespaces_are_known_from_what_is_scanned() {
    let parts = "  validations: [{expression: \"namespaceObject.metadata.labels.tier == 'test'\"}]";
    let selects = |value: &str| {
        let text = policy(parts, "Deny");
        text.replace(
            "policyName: rule,",
            &format!(
                "policyName: rule, matchResources: {{namespaceSelector: {{matchLabels: {value}}}}},"
            ),
        )
    };
    let namespace =
        "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {tier: prod}}\n";
    let both = format!("{POD}{namespace}");
    let count = |policy: &str, text: &str| {
        let report = report(&policies(policy), text);
        (report.findings.len(), report.gaps.len())
    };
    assert_eq!(count(&selects("{tier: prod}"), &both), (1, 0));
    assert_eq!(count(&selects("{tier: other}"), &both), (0, 0));
    assert_eq!(
        count(&selects("{kubernetes.io/metadata.name: shop}"), &both),
        (1, 0)
    );
    assert_eq!(
        count(&selects("{tier: prod}"), POD),
        (0, 1),
        "unknown labels"
    );
}

#[test]
fn whether_an_object_is_meant_matters_only_when_it_fails() {
    let without = POD.replace(", namespace: shop", "");
    let selecting = |demand: &str, selector: &str| {
        let parts = format!("  validations: [{{expression: \"{demand}\", message: so it is}}]");
        let bound = format!("policyName: rule, matchResources: {{namespaceSelector: {selector}}},");
        policy(&parts, "Deny").replace("policyName: rule,", &bound)
    };
    let count = |policy: &str, text: &str| {
        let report = report(&policies(policy), text);
        (report.findings.len(), report.gaps.len())
    };
    let labeled = "{matchLabels: {tier: prod}}";
    assert_eq!(count(&selecting("true", labeled), &without), (0, 0));
    assert_eq!(count(&selecting("false", labeled), &without), (0, 1));
    // The name is a label that every namespace has.
    let named = |operator: &str| {
        format!(
            "{{matchExpressions: [{{key: kubernetes.io/metadata.name, operator: {operator}, values: [kube-system]}}]}}"
        )
    };
    assert_eq!(count(&selecting("false", &named("NotIn")), POD), (1, 0));
    assert_eq!(count(&selecting("false", &named("In")), POD), (0, 0));
    assert_eq!(
        count(&selecting("false", &named("NotIn")), &without),
        (0, 1)
    );
}

#[test]
fn what_a_limit_range_gives_is_not_missing() {
    let limited = "object.kind != 'Pod' || object.spec.containers.all(c, has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits)";
    let own = policies(&expression(limited));
    let range = |namespace: &str| {
        format!(
            "{POD}---\napiVersion: v1\nkind: LimitRange\nmetadata: {{name: all, namespace: {namespace}}}\n\
             spec: {{limits: [{{type: Container, default: {{memory: 1Gi}}}}]}}\n"
        )
    };
    assert_eq!(findings(&report(&own, &range("other"))).len(), 1);
    let report = report(&own, &range("shop"));
    assert_eq!(findings(&report), []);
    let [gap] = &report.gaps[..] else {
        panic!("{:?}", report.gaps);
    };
    assert_eq!(gap.reason, GapReason::UnsupportedExpression);
    assert!(gap.message.ends_with("what a LimitRange gives"), "{gap:?}");
}
