//! `scan --policies`: users' own rules in every place where controls are.

use serde_json::Value;

use crate::folder::{Folder, HARMLESS, PRIVILEGED, Run};

const POLICY: &str = "\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: needs-team}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: ['', apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods, configmaps, deployments]}
  validations:
  - expression: \"has(object.metadata.labels) && 'team' in object.metadata.labels\"
    message: say whose it is by the label team
";

const BINDING: &str = "\
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: needs-team}
spec: {policyName: needs-team, validationActions: [Deny]}
";

const ID: &str = "policy/needs-team";

/// A folder with the policy, its binding, and a ConfigMap without a team in `a.yaml`.
fn folder() -> Folder {
    Folder::with(HARMLESS).file("policies/team.yaml", format!("{POLICY}{BINDING}"))
}

fn scan(folder: &Folder, more: &[&str]) -> (Run, Value) {
    let arguments = [
        &[
            "scan",
            "--format",
            "json",
            "--policies",
            "policies",
            "a.yaml",
        ],
        more,
    ]
    .concat();
    let run = folder.run(&arguments);
    let report = serde_json::from_str(&run.out).unwrap_or_default();
    (run, report)
}

fn of_policy(report: &Value) -> Vec<&Value> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["control"] == ID)
        .collect()
}

#[test]
fn a_policy_finds_like_a_control() {
    let (run, report) = scan(&folder(), &[]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    let [finding] = of_policy(&report)[..] else {
        panic!("{}", run.out);
    };
    assert_eq!(finding["severity"], "high");
    assert_eq!(
        finding["message"],
        "ConfigMap shop/settings would be denied by policy needs-team: say whose it is by the label team"
    );
    assert_eq!(finding["path"], "metadata.labels");
    let location = &finding["location"];
    assert_eq!(
        (&location["file"], &location["line"]),
        (&"a.yaml".into(), &3.into())
    );
    assert!(finding["fix"].is_null());
    assert_eq!(report["summary"]["controls"][ID]["failed"], 1);
    let fine = HARMLESS.replace("namespace: shop", "namespace: shop, labels: {team: a}");
    let (run, report) = scan(&folder().file("a.yaml", fine), &[]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert_eq!(report["summary"]["controls"][ID]["passed"], 1);
}

#[test]
fn without_a_binding_it_is_judged_and_told() {
    let folder = folder().file("policies/team.yaml", POLICY);
    let (run, report) = scan(&folder, &[]);
    assert_eq!(of_policy(&report).len(), 1);
    assert_eq!(
        run.err,
        "note: policy needs-team has no binding: it is judged as if one bound everything and denied\n"
    );
}

#[test]
fn waivers_cover_findings_of_policies() {
    let comment = "# plimsoll: allow policy/needs-team: nobody's";
    let annotation = "annotations: {plimsoll.dev/allow.policy.needs-team: \": nobody's\"}";
    for text in [
        HARMLESS.replace("shop}", &format!("shop}} {comment}")),
        HARMLESS.replace("shop}", &format!("shop, {annotation}}}")),
    ] {
        let folder = folder().file("a.yaml", &text);
        let (run, report) = scan(&folder, &[]);
        assert_eq!(run.code, 0, "{text}{}", run.out);
        assert_eq!(report["waived"][0]["finding"]["control"], ID, "{text}");
        // Where the policies are not given, nobody can say that the waiver is of no use.
        let without = folder.run(&["scan", "a.yaml"]);
        assert_eq!(without.code, 0, "{}", without.out);
    }
}

#[test]
fn the_configuration_knows_policies() {
    let waiver = |id: &str| {
        format!(
            "version: 1\nwaivers:\n- {{control: {id}, reason: nobody's, object: {{kind: ConfigMap}}}}\n"
        )
    };
    let waived = folder().file("plimsoll.yaml", waiver(ID));
    assert_eq!(scan(&waived, &[]).0.code, 0);
    assert_eq!(waived.run(&["scan", "a.yaml"]).code, 0);
    let misspelled = folder().file("plimsoll.yaml", waiver("policy/need-team"));
    let (run, _) = scan(&misspelled, &[]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("did you mean policy/needs-team?"),
        "{}",
        run.err
    );
    let off = "version: 1\ncontrols: {off: {policy/needs-team: not yet}}\n";
    let off = folder().file("plimsoll.yaml", off);
    let (run, report) = scan(&off, &[]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert_eq!(report["notAssessed"][0]["control"], ID);
    assert_eq!(off.run(&["scan", "a.yaml"]).code, 0);
}

#[test]
fn what_is_wrong_with_a_policy_is_a_gap_with_its_place() {
    for (expression, reason) in [
        ("object.a ==", "invalid-policy"),
        ("isIP('::1')", "unsupported-expression"),
    ] {
        let text = POLICY.replace(
            "has(object.metadata.labels) && 'team' in object.metadata.labels",
            expression,
        );
        let (run, report) = scan(&folder().file("policies/team.yaml", text + BINDING), &[]);
        assert_eq!(run.code, 2, "{}", run.err);
        let gap = &report["gaps"][0];
        assert_eq!(gap["reason"], reason);
        assert_eq!(gap["controls"][0], ID);
        let location = &gap["location"];
        assert_eq!(
            (&location["file"], &location["line"], &location["column"]),
            (&"policies/team.yaml".into(), &9.into(), &5.into())
        );
    }
    let (run, _) = scan(&folder(), &["--allow-gaps"]);
    assert_eq!(run.code, 1);
}

#[test]
fn nothing_to_judge_by_is_an_error() {
    let run = Folder::with(HARMLESS).run(&["scan", "--policies", "a.yaml", "a.yaml"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err
            .contains("there is no ValidatingAdmissionPolicy in a.yaml"),
        "{}",
        run.err
    );
    let run = Folder::with(HARMLESS).run(&["scan", "--policies", "gone", "a.yaml"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("there is no file or folder gone"),
        "{}",
        run.err
    );
}

#[test]
fn every_format_takes_findings_of_policies_also_from_a_saved_report() {
    let folder = folder().file("a.yaml", format!("{PRIVILEGED}---\n{HARMLESS}"));
    let (run, report) = scan(&folder, &[]);
    assert_eq!(of_policy(&report).len(), 2);
    let folder = folder.file("report.json", &run.out);
    for format in [
        "sarif",
        "junit",
        "github",
        "gitlab",
        "csv",
        "openreports",
        "oscal",
        "openmetrics",
        "html",
        "markdown",
        "jsonl",
    ] {
        let live = folder.run(&[
            "scan",
            "--policies",
            "policies",
            "--format",
            format,
            "a.yaml",
        ]);
        assert!(live.out.contains("needs-team"), "{format}: {}", live.err);
        let saved = folder.run(&["report", "report.json", "--format", format]);
        assert_eq!(saved.code, 0, "{format}: {}", saved.err);
        assert!(saved.out.contains("needs-team"), "{format}");
    }
    let sarif = folder.run(&[
        "scan",
        "--policies",
        "policies",
        "--format",
        "sarif",
        "a.yaml",
    ]);
    let sarif: Value = serde_json::from_str(&sarif.out).unwrap();
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    let rule = rules.iter().find(|rule| rule["id"] == ID).unwrap();
    assert!(
        rule.to_string()
            .contains("'team' in object.metadata.labels"),
        "{rule}"
    );
}

#[test]
fn a_baseline_knows_findings_of_policies() {
    let folder = folder();
    let (run, _) = scan(&folder, &[]);
    let folder = folder.file("report.json", &run.out);
    let (run, report) = scan(&folder, &["--baseline", "report.json"]);
    assert_eq!((run.code, of_policy(&report).len()), (0, 0), "{}", run.err);
}

#[test]
fn explain_tells_a_policy() {
    let folder = folder();
    let run = folder.run(&["explain", "--policies", "policies", ID]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains("policies/team.yaml:3") && run.out.contains("say whose it is"),
        "{}",
        run.out
    );
    let run = folder.run(&["explain", ID]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("name its file or folder by --policies"),
        "{}",
        run.err
    );
}

#[test]
fn namespaces_and_parameters_are_found_in_any_file() {
    let policy = POLICY.replace(
        "'team' in object.metadata.labels\"",
        "object.metadata.labels.team == params.data.team\"",
    );
    let policy = policy.replace(
        "spec:\n  match",
        "spec:\n  paramKind: {apiVersion: v1, kind: ConfigMap}\n  match",
    );
    let binding = BINDING.replace("[Deny]", "[Deny], paramRef: {name: team, namespace: rules, parameterNotFoundAction: Deny}, matchResources: {namespaceSelector: {matchLabels: {tier: prod}}}");
    let namespace = |tier: &str| {
        format!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, labels: {{tier: {tier}}}}}\n"
        )
    };
    let params = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: team, namespace: rules, labels: {team: b}}\ndata: {team: b}\n";
    let pod = PRIVILEGED.replace(
        "{name: agent}",
        "{name: agent, namespace: shop, labels: {team: a}}",
    );
    let judged = |tier: &str| {
        let folder = Folder::new()
            .file("policies/rule.yaml", format!("{policy}{binding}"))
            .file("objects/pod.yaml", &pod)
            .file("objects/z/params.yaml", params)
            .file("objects/z/namespace.yaml", namespace(tier));
        let scan = folder.scan_with(&["--policies", "policies", "objects"]);
        scan.found(ID).len()
    };
    assert_eq!((judged("prod"), judged("test")), (1, 0));
}
