//! Formats on the command line: exact regions, saved reports that become any format, and files that are written whole or not at
//! all. Which source goes with which format is tried in `matrix`.

use std::fs;

use plimsoll_render::FORMATS;
use serde_json::Value;

use crate::folder::{Folder, HARMLESS, PRIVILEGED, ended};
use crate::recovered::recover;

/// Findings with and without a namespace, a waived one, one control that was not assessed, and a gap.
pub(crate) fn folder() -> Folder {
    let waived = PRIVILEGED.replace(
        "        privileged: true\n",
        "        # plimsoll: allow privileged-container until 2999-01-31 (me@example.com): drives a modem\n        privileged: true\n",
    );
    let in_shop = PRIVILEGED.replace(
        "{name: agent}",
        "{name: \"a=b, \\\"c\\\"\", namespace: shop}",
    );
    Folder::with(format!("{PRIVILEGED}---\n{HARMLESS}"))
        .file("b/waived.yaml", waived.replace("agent", "modem"))
        .file("b/shop, 100%.yaml", in_shop)
        .file("broken.yaml", "apiVersion: v1\nkind: [\n")
}

#[test]
fn sarif_has_the_exact_regions_in_code_points() {
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: 日本😀}, spec: {containers: [{name: é, securityContext: {privileged: true}}]}}";
    let folder = Folder::with(pod);
    let parsed = |format: &str| -> Value {
        serde_json::from_str(&folder.run(&["scan", "--format", format, "."]).out).unwrap()
    };
    let (report, log) = (parsed("json"), parsed("sarif"));
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let findings = report["findings"].as_array().unwrap().iter();
    for (finding, result) in findings.zip(run["results"].as_array().unwrap()) {
        let (at, region) = (
            &finding["location"],
            &result["locations"][0]["physicalLocation"]["region"],
        );
        for (ours, theirs) in [
            ("line", "startLine"),
            ("column", "startColumn"),
            ("endLine", "endLine"),
            ("endColumn", "endColumn"),
        ] {
            assert_eq!(at[ours], region[theirs], "{finding}");
        }
    }
    let before = pod.find("privileged").unwrap();
    let column = pod[..before].chars().count() + 1;
    assert!(
        run["results"]
            .to_string()
            .contains(&format!("\"startColumn\":{column}"))
    );
}

#[test]
fn a_saved_report_becomes_any_format() {
    let folder = folder();
    // What SARIF says of fixes is saved where that was asked for.
    let saved = folder
        .run(&["scan", "--format", "json", "--fixes", "."])
        .out;
    let folder = folder.file("saved/report.json", &saved);
    for format in FORMATS.iter().filter(|format| format.takes_records()) {
        let report = folder.run(&["report", "saved/report.json", "--format", format.name]);
        assert_eq!(
            (report.code, report.err.as_str()),
            (0, ""),
            "{}",
            format.name
        );
        let direct = folder.run(&[
            "scan",
            "--fixes",
            "--format",
            format.name,
            "a.yaml",
            "b",
            "broken.yaml",
        ]);
        let same_sources = saved_of(&folder, &["a.yaml", "b", "broken.yaml"], format.name);
        assert_eq!(direct.out, same_sources, "{}", format.name);
    }
    let piped = folder.pipe(&["report", "-", "--format", "json"], &saved);
    assert_eq!(piped.out, saved);
}

/// What a scan says, saved and turned into a format.
fn saved_of(folder: &Folder, sources: &[&str], format: &str) -> String {
    let saved = folder.run(&[&["scan", "--format", "json", "--fixes"], sources].concat());
    folder
        .pipe(&["report", "-", "--format", format], &saved.out)
        .out
}

#[test]
fn what_cannot_be_turned_into_a_format_is_told() {
    let folder = folder();
    let newer = r#"{"schema": "plimsoll.report/v7", "findings": 1}"#;
    for (input, advice) in [
        ("not json", "plimsoll scan --format json"),
        (newer, "use the plimsoll that wrote it"),
        ("{\"schema\": \"sarif\"}", "write it anew"),
    ] {
        let run = folder.pipe(&["report", "-", "--format", "csv"], input);
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert!(run.err.contains(advice), "{}", run.err);
    }
    let run = folder.run(&["report", "gone.json", "--format", "csv"]);
    assert!(
        run.code == 2 && run.err.contains("gone.json"),
        "{}",
        run.err
    );
    let run = folder.run(&["report", "a.yaml", "--format", "text"]);
    assert!(
        run.code == 2 && run.err.contains("possible values"),
        "{}",
        run.err
    );
    let run = folder.run(&["report", "a.yaml", "--output", "text=a.txt"]);
    assert!(
        run.code == 2 && run.err.contains("scan again"),
        "{}",
        run.err
    );
}

#[test]
fn several_files_at_once_and_the_exit_code_of_the_scan() {
    let folder = folder().file("out/report.json", "old");
    let run = folder.run(&[
        "scan",
        "--format",
        "concise",
        "--output",
        "json=out/report.json",
        "--output",
        "sarif=out/report.sarif",
        "--output",
        "text=out/report.txt",
        "--color",
        "always",
        "a.yaml",
    ]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    assert!(run.out.contains("privileged-container"));
    let read = |name: &str| fs::read_to_string(folder.path(name)).unwrap();
    let json = recover("json", &read("out/report.json"));
    assert_eq!(json, recover("sarif", &read("out/report.sarif")));
    let text = read("out/report.txt");
    assert!(text.contains("privileged-container") && !text.contains('\u{1b}'));
    assert_eq!(
        fs::read_dir(folder.path("out")).unwrap().count(),
        3,
        "nothing else is left"
    );
    let run = folder.run(&["report", "out/report.json", "--output", "csv=out/all.csv"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    assert_eq!(json, recover("csv", &read("out/all.csv")));
}

#[test]
fn destinations_that_cannot_work_are_told_before_anything_runs() {
    let folder = folder();
    for (output, says) in [
        ("sarif=gone/report.sarif", "create it first"),
        ("sarif=b", "is a folder"),
        ("sarf=a.sarif", "did you mean sarif"),
        ("sarif", "FORMAT=FILE"),
        ("sarif=", "say which file"),
        ("sarif=-", "--format sarif"),
        ("yaml=a", "choose from"),
    ] {
        let run = folder.run(&["scan", "--output", output, "."]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{output}");
        assert!(run.err.contains(says), "{output}: {}", run.err);
    }
    let twice = ["scan", "--output", "csv=x", "--output", "json=x", "."];
    let run = folder.run(&twice);
    assert!(
        run.code == 2 && run.err.contains("two --output"),
        "{}",
        run.err
    );
    assert!(!folder.path("x").exists());
}

#[cfg(unix)]
#[test]
fn devices_are_written_to_and_links_stay_links() {
    let folder = folder();
    let run = folder.run(&["scan", "--output", "json=/dev/null", "a.yaml"]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    assert!(!fs::symlink_metadata("/dev/null").unwrap().is_file());
    let folder = folder.file("real.json", "old");
    std::os::unix::fs::symlink("real.json", folder.path("link.json")).unwrap();
    folder.run(&["scan", "--output", "json=link.json", "a.yaml"]);
    assert!(
        fs::symlink_metadata(folder.path("link.json"))
            .unwrap()
            .is_symlink()
    );
    let report: Value =
        serde_json::from_slice(&fs::read(folder.path("real.json")).unwrap()).unwrap();
    assert_eq!(report["schema"], "plimsoll.report/v1");
}

#[test]
fn a_pipeline_says_where_the_files_are() {
    let folder = Folder::new().file("deploy/a.yaml", PRIVILEGED);
    let scan = |format: &str, inside: &str, name: &str| {
        let mut command = folder.command(&["scan", "--format", format, name]);
        command
            .current_dir(folder.path(inside))
            .env("GITHUB_SERVER_URL", "https://github.com")
            .env("GITHUB_REPOSITORY", "shop/web")
            .env("GITHUB_SHA", "0123abc")
            .env("GITHUB_WORKSPACE", folder.path("."));
        ended(command.output().unwrap()).out
    };
    let base = "https://github.com/shop/web/blob/0123abc/";
    let link = format!("| [9]({base}deploy/a.yaml#L9) |");
    assert!(scan("markdown", ".", ".").contains(&link));
    assert!(scan("markdown", "deploy", "a.yaml").contains(&link));
    let saved = scan("json", "deploy", "a.yaml");
    assert!(
        saved.contains(&format!("\"filesAt\": \"{base}deploy/\"")),
        "{saved}"
    );
    let later = folder.pipe(&["report", "-", "--format", "markdown"], &saved);
    assert!(later.out.contains(&link));
    let plain = folder.run(&["scan", "--format", "markdown", "."]).out;
    assert!(plain.contains("| **critical** | 9 |") && !plain.contains("]("));
}
