//! Waivers in every form: what they cover, what they do to the report and the exit code, and what becomes of those that
//! cover nothing.

use serde_json::Value;

use crate::folder::{Folder, PRIVILEGED, Scan};

/// The pod with something behind `privileged: true`.
fn behind(text: &str) -> String {
    PRIVILEGED.replace("privileged: true", &format!("privileged: true{text}"))
}

/// A folder with the pod and a configuration with waivers.
fn configured(waivers: &str) -> Folder {
    Folder::with(PRIVILEGED).file("plimsoll.yaml", format!("version: 1\nwaivers:\n{waivers}"))
}

/// The sources of the waivers that cover findings of a control.
fn waived(scan: &Scan, control: &str) -> Vec<String> {
    let waived = scan.report["waived"].as_array().unwrap().iter();
    let waived = waived.filter(|waived| waived["finding"]["control"] == control);
    waived
        .map(|waived| waived["waiver"]["source"].as_str().unwrap().to_owned())
        .collect()
}

const NONE: [&str; 0] = [];
const TODAY: [&str; 3] = ["--today", "2027-01-31", "."];

#[test]
fn a_waiver_in_a_comment_covers_its_line() {
    let comment = "plimsoll: allow privileged-container until 2027-01-31 (platform@example.com): loads a module";
    let above = PRIVILEGED.replace(
        "        privileged",
        &format!("        # {comment}\n        privileged"),
    );
    let flow = PRIVILEGED.replace(
        "      securityContext:\n        privileged: true",
        &format!("      securityContext: {{privileged: true}} # {comment}"),
    );
    for (text, source) in [(behind(&format!(" # {comment}")), 9), (above, 9), (flow, 8)] {
        let scan = Folder::with(&text).scan_with(&TODAY);
        assert_eq!(scan.found("privileged-container"), NONE, "{text}");
        assert_eq!(
            waived(&scan, "privileged-container"),
            [format!("a.yaml:{source}")],
            "{text}"
        );
        let waiver = &scan.report["waived"][0]["waiver"];
        assert_eq!(
            waiver.to_string(),
            format!(
                r#"{{"expires":"2027-01-31","owner":"platform@example.com","reason":"loads a module","source":"a.yaml:{source}"}}"#
            )
        );
        let counts = &scan.report["summary"]["controls"]["privileged-container"];
        assert_eq!(
            counts.to_string(),
            r#"{"failed":0,"notAssessed":0,"passed":0,"waived":1}"#
        );
        assert_eq!(scan.summary("waived"), 1);
        assert_eq!(scan.report["summary"]["findings"]["critical"], 0);
    }
}

#[test]
fn a_waived_finding_does_not_fail_and_is_told_when_asked() {
    let folder = Folder::with(behind(
        " # plimsoll: allow privileged-container: loads a module",
    ));
    let code = |arguments: &[&str]| {
        folder
            .run(&[&["scan", "--fail-on", "critical"], arguments].concat())
            .code
    };
    assert_eq!(code(&[]), 0);
    assert_eq!(
        Folder::with(PRIVILEGED)
            .run(&["scan", "--fail-on", "critical"])
            .code,
        1
    );
    let text = folder.run(&["scan"]).out;
    assert!(
        text.contains("1 finding that somebody decided to live with"),
        "{text}"
    );
    assert!(!text.contains("loads a module"));
    let text = folder.run(&["scan", "--verbose"]).out;
    assert!(text.contains("waiver: a.yaml:9: loads a module"), "{text}");
    let concise = folder.run(&["scan", "--format", "concise"]).out;
    assert!(
        concise.contains(" 1 waived, 0 gaps") && !concise.contains("waived["),
        "{concise}"
    );
    let concise = folder
        .run(&["scan", "--format", "concise", "--verbose"])
        .out;
    assert!(
        concise.contains("a.yaml:9:9: waived[privileged-container]: container"),
        "{concise}"
    );
}

#[test]
fn a_fingerprint_does_not_depend_on_a_waiver() {
    let open = Folder::with(PRIVILEGED).scan();
    let scan = Folder::with(behind(" # plimsoll: allow privileged-container: x")).scan();
    let findings = open.report["findings"].as_array().unwrap();
    let finding = findings
        .iter()
        .find(|finding| finding["control"] == "privileged-container")
        .unwrap();
    assert_eq!(
        scan.report["waived"][0]["finding"]["fingerprint"],
        finding["fingerprint"]
    );
}

#[test]
fn a_waiver_in_an_annotation_covers_its_object_or_a_container() {
    let annotated = |value: &str| {
        let metadata = format!(
            "metadata: {{name: agent, annotations: {{plimsoll.dev/allow.privileged-container: '{value}'}}}}"
        );
        let other = PRIVILEGED.replace("name: agent", "name: other");
        let text = PRIVILEGED.replace("metadata: {name: agent}", &metadata);
        Folder::with(format!("{text}---\n{other}")).scan_with(&TODAY)
    };
    for (value, found) in [
        (": loads a module", 1),
        ("container main until 2027-01-31 (me): loads a module", 1),
        ("container m*n: x", 1),
        ("container sidecar: x", 2),
        ("until 2027-01-30: x", 2),
        ("(me)", 2),
    ] {
        assert_eq!(
            annotated(value).found("privileged-container").len(),
            found,
            "{value}"
        );
    }
    let template = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  template:\n    metadata: {annotations: {plimsoll.dev/allow.host-network: ': routes'}}\n    spec: {hostNetwork: true, containers: [{name: a, image: b}]}\n";
    let scan = Folder::with(template).scan();
    assert_eq!(
        (
            scan.found("host-network").len(),
            waived(&scan, "host-network")
        ),
        (0, vec!["a.yaml:6".to_owned()])
    );
}

#[test]
fn a_waiver_in_the_configuration_names_what_it_covers() {
    for (object, covers) in [
        ("", true),
        (", object: {}", true),
        (", object: {kind: Pod, name: agent, container: main}", true),
        (
            ", object: {kind: 'P*', name: '*', namespace: '*', container: '*'}",
            true,
        ),
        (", object: {kind: Deployment}", false),
        (", object: {name: other}", false),
        (", object: {namespace: shop}", false),
        (", object: {container: sidecar}", false),
        (", expires: 2027-01-31", true),
        (", expires: 2027-01-30", false),
    ] {
        let folder = configured(&format!(
            "  - {{control: privileged-container, reason: x, owner: me{object}}}\n"
        ));
        let scan = folder.scan_with(&TODAY);
        assert_eq!(
            scan.found("privileged-container").is_empty(),
            covers,
            "{object}"
        );
        let sources = if covers {
            vec!["plimsoll.yaml:3".to_owned()]
        } else {
            Vec::new()
        };
        assert_eq!(waived(&scan, "privileged-container"), sources, "{object}");
    }
}

#[test]
fn what_hides_nothing_is_a_finding_where_it_stands() {
    for (says, control) in [
        (
            "allow privileged-container until 2027-01-30: x",
            "waiver-expired",
        ),
        ("allow privileged-container (me)", "waiver-without-reason"),
        ("allow privileged-container because", "waiver-malformed"),
        ("allow privileged: x", "waiver-malformed"),
        ("allow host-network: x", "waiver-unmatched"),
        ("allow waiver-unmatched: x", "waiver-unmatched"),
    ] {
        let scan = Folder::with(behind(&format!(" # plimsoll: {says}"))).scan_with(&TODAY);
        let findings = scan.report["findings"].as_array().unwrap().iter();
        let about: Vec<_> = findings
            .filter(|finding| finding["control"].as_str().unwrap().starts_with("waiver"))
            .map(|finding| finding["control"].as_str().unwrap())
            .collect();
        assert_eq!(about, [control], "{says}");
        assert_eq!(scan.found(control), ["a.yaml:9"], "{says}");
        assert_eq!(scan.found("privileged-container"), ["a.yaml:9"], "{says}");
        assert_eq!(scan.report["waived"], Value::Array(Vec::new()));
    }
}

#[test]
fn waivers_of_the_configuration_are_audited_too() {
    let waivers = "  - control: host-network\n    reason: x\n    expires: 2027-01-30\n  - control: host-pid\n  - {control: host-ipc, reason: x}\n";
    let folder = configured(waivers);
    let scan = folder.scan_with(&TODAY);
    assert_eq!(scan.found("waiver-expired"), ["plimsoll.yaml:3"]);
    assert_eq!(scan.found("waiver-without-reason"), ["plimsoll.yaml:6"]);
    assert_eq!(scan.found("waiver-unmatched"), ["plimsoll.yaml:7"]);
    let finding = scan.report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["control"] == "waiver-expired")
        .unwrap();
    assert_eq!(finding["path"], "waivers[0].control");
    assert_eq!(
        finding["message"],
        "Configuration plimsoll.yaml has a waiver of host-network whose last day was 2027-01-30"
    );
    let off = folder.file(
        "plimsoll.yaml",
        format!("version: 1\ncontrols: {{off: {{host-ipc: x}}}}\nwaivers:\n{waivers}"),
    );
    assert_eq!(off.scan_with(&TODAY).found("waiver-unmatched"), NONE);
}

#[test]
fn an_unmatched_waiver_is_open_when_not_all_was_looked_at() {
    let open = |scan: &Scan| {
        let open = scan.report["notAssessed"].as_array().unwrap().iter();
        open.filter(|open| open["control"] == "waiver-unmatched")
            .count()
    };
    let folder = configured("  - {control: host-ipc, reason: x}\n").file("sub/a.yaml", PRIVILEGED);
    for path in ["a.yaml", "sub"] {
        let scan = folder.scan_with(&[path]);
        assert_eq!(
            (scan.found("waiver-unmatched").len(), open(&scan)),
            (0, 1),
            "{path}"
        );
    }
    let whole = folder.scan_with(&["sub", "."]);
    assert_eq!(
        (whole.found("waiver-unmatched").len(), open(&whole)),
        (1, 0)
    );
    let broken = folder
        .file("sub/b.yaml", "apiVersion: v1\nkind: [\n")
        .scan();
    assert_eq!(
        (broken.found("waiver-unmatched").len(), open(&broken)),
        (0, 1)
    );
}

#[test]
fn a_waiver_never_hides_a_gap() {
    let text = behind(" # plimsoll: allow privileged-container: x").replace(": true", ": 'true'");
    let folder = Folder::with(text).file(
        "plimsoll.yaml",
        "version: 1\nwaivers: [{control: privileged-container, reason: x}]\n",
    );
    let scan = folder.scan();
    assert_eq!(
        (scan.code, scan.gaps()),
        (2, vec!["malformed a.yaml:9".to_owned()])
    );
}

#[test]
fn only_some_findings_of_a_subject_waived_leave_it_failed() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  volumes:\n    - name: x\n      hostPath: {path: /a} # plimsoll: allow host-path: x\n    - name: y\n      hostPath: {path: /b}\n  containers: [{name: c, image: d}]\n";
    let scan = Folder::with(text).scan();
    let counts = &scan.report["summary"]["controls"]["host-path"];
    assert_eq!(
        (scan.summary("waived"), &counts["failed"], &counts["waived"]),
        (1, &1.into(), &0.into())
    );
}

#[test]
fn what_stands_before_a_waiver_is_not_shown_with_it() {
    let env = "      env: [{name: PASSWORD, value: hunter2-correct-horse}] # plimsoll: allow host-ipc until 2027-02-30: x\n";
    let folder = Folder::with(PRIVILEGED.replace(
        "      securityContext:",
        &format!("{env}      securityContext:"),
    ));
    assert_eq!(folder.scan().found("waiver-malformed"), ["a.yaml:8"]);
    let text = folder.run(&["scan", "--verbose"]).out;
    assert!(
        text.contains("waiver-malformed") && !text.contains("hunter2"),
        "{text}"
    );
}

#[test]
fn a_slip_in_the_control_of_a_waiver_is_asked_back() {
    for (id, advice) in [
        (
            "privilegedcontainer",
            ", did you mean privileged-container?",
        ),
        ("zzzz", ""),
    ] {
        let waived = format!("privileged: true # plimsoll: allow {id}: loads a module");
        let folder = Folder::with(PRIVILEGED.replace("privileged: true", &waived));
        let scan = folder.scan();
        let findings = scan.report["findings"].as_array().unwrap();
        let malformed = findings
            .iter()
            .find(|finding| finding["control"] == "waiver-malformed");
        let message = malformed.unwrap()["message"].as_str().unwrap();
        assert!(
            message.ends_with(&format!("\"{id}\" is no control{advice}")),
            "{message}"
        );
        assert_eq!(scan.found("privileged-container"), ["a.yaml:9"]);
    }
}
