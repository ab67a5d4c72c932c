//! The edits that a report carries: each ends its finding by itself, as `plimsoll fix` for that control would.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::folder::{Folder, PRIVILEGED};
use crate::programs::program;

/// Line, column, end line, end column, and what stands there afterwards.
type Replacement = (usize, usize, usize, usize, String);

/// Multi-byte names, Windows line ends, two documents, a list, and one line of flow style behind a comment.
fn folder() -> Folder {
    let windows = PRIVILEGED
        .replace("{name: agent}", "{name: windows} # näme 日本")
        .replace('\n', "\r\n");
    let flow = "# 😀\n{apiVersion: v1, kind: Pod, metadata: {name: 日本😀}, spec: {hostPID: true, containers: [{name: é, image: a}]}}\n";
    let listed = PRIVILEGED.replace("agent", "listed");
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n- {}",
        listed.trim_end().replace('\n', "\n  ")
    );
    let mut folder = Folder::new()
        .file("windows.yaml", windows)
        .file("two.yaml", format!("{flow}---\n{PRIVILEGED}"))
        .file("list.yaml", list);
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop");
    for file in fs::read_dir(shop).unwrap() {
        let file = file.unwrap();
        let text = fs::read(file.path()).unwrap();
        folder = folder.file(&format!("shop/{}", file.file_name().display()), text);
    }
    folder
}

fn log(folder: &Folder, arguments: &[&str]) -> Value {
    let run = folder.run(arguments);
    serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.err))
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn results(log: &Value) -> impl Iterator<Item = &Value> {
    items(&log["runs"][0]["results"])
}

/// What ends one finding.
type Fix = BTreeSet<Replacement>;

/// By control and file, the fixes with the fingerprints of the findings. Several findings may want the very same.
fn fixes(log: &Value) -> BTreeMap<String, BTreeMap<String, BTreeMap<Fix, String>>> {
    let mut all: BTreeMap<_, BTreeMap<_, BTreeMap<_, _>>> = BTreeMap::new();
    for result in results(log) {
        let changes = items(&result["fixes"]).flat_map(|fix| items(&fix["artifactChanges"]));
        for change in changes {
            let file = change["artifactLocation"]["uri"].as_str().unwrap();
            let fixes = all
                .entry(result["ruleId"].as_str().unwrap().to_owned())
                .or_default()
                .entry(file.to_owned())
                .or_default();
            let fix: Fix = items(&change["replacements"]).map(replacement).collect();
            let fingerprint = &result["partialFingerprints"]["plimsollFingerprint/v1"];
            fixes.insert(fix, fingerprint.to_string());
        }
    }
    all
}

fn replacement(replacement: &Value) -> Replacement {
    let region = &replacement["deletedRegion"];
    let at = |key: &str| usize::try_from(region[key].as_u64().unwrap()).unwrap();
    let text = replacement["insertedContent"]["text"].as_str().unwrap();
    (
        at("startLine"),
        at("startColumn"),
        at("endLine"),
        at("endColumn"),
        text.to_owned(),
    )
}

/// All together, if none of them touches what another one does.
fn together<'f>(fixes: impl Iterator<Item = &'f Fix>) -> Option<Fix> {
    let all: Fix = fixes.flatten().cloned().collect();
    let ordered: Vec<_> = all.iter().collect();
    let apart = ordered
        .windows(2)
        .all(|two| (two[0].2, two[0].3) < (two[1].0, two[1].1));
    apart.then_some(all)
}

/// As an editor makes them: columns are code points.
fn with(text: &str, replacements: &BTreeSet<Replacement>) -> String {
    let offset = |line: usize, column: usize| {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        let start = starts.into_iter().nth(line - 1).expect("the line is there");
        let mut columns = text[start..].char_indices().map(|(at, _)| start + at);
        columns.nth(column - 1).unwrap_or(text.len())
    };
    let mut edited = text.to_owned();
    for (line, column, end_line, end_column, new) in replacements.iter().rev() {
        edited.replace_range(offset(*line, *column)..offset(*end_line, *end_column), new);
    }
    edited
}

#[test]
fn every_fix_of_a_log_is_what_fix_writes_for_its_control() {
    let folder = folder();
    let fixes = fixes(&log(&folder, &["scan", "--format", "sarif", "."]));
    assert!(fixes.len() > 15, "{:?}", fixes.keys());
    let mut compared = 0;
    for (control, files) in &fixes {
        let fixed = log(
            &folder,
            &["fix", "--format", "json", "--control", control, "."],
        );
        let written = items(&fixed["files"]).filter(|file| file["new"].is_null());
        let written: BTreeMap<_, _> = written
            .map(|file| (file["file"].as_str().unwrap(), &file["edits"]))
            .collect();
        let named: BTreeSet<_> = files.keys().map(String::as_str).collect();
        assert_eq!(named, written.keys().copied().collect(), "{control}");
        for (name, edits) in written {
            let old = fs::read_to_string(folder.path(name)).unwrap();
            if let Some(all) = together(files[name].keys()) {
                assert_eq!(
                    with(&old, &all),
                    written_by(&old, edits),
                    "{control} {name}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 60, "{compared}");
}

/// The text with the edits of `plimsoll fix --format json`.
fn written_by(old: &str, edits: &Value) -> String {
    let mut text = old.to_owned();
    for edit in items(edits).collect::<Vec<_>>().into_iter().rev() {
        let at = |key: &str| usize::try_from(edit[key].as_u64().unwrap()).unwrap();
        let new = edit["newText"].as_str().unwrap();
        text.replace_range(at("startByte")..at("endByte"), new);
    }
    text
}

#[test]
fn fixes_that_touch_each_other_end_their_findings_alone() {
    let capable = PRIVILEGED.replace(
        "privileged: true",
        "capabilities: {add: [NET_ADMIN, NET_RAW, SYS_TIME]}",
    );
    let folder = Folder::with(&capable);
    let fixes = fixes(&log(&folder, &["scan", "--format", "sarif", "."]));
    let fixes = &fixes["added-capability"]["a.yaml"];
    assert_eq!((fixes.len(), together(fixes.keys())), (3, None));
    for (fix, fingerprint) in fixes {
        let fixed = with(&capable, fix);
        let after = folder.pipe(&["scan", "--format", "json", "-"], &fixed).out;
        assert!(!after.contains(fingerprint), "{fixed}");
        assert_eq!(
            after.matches("\"control\": \"added-capability\"").count(),
            2
        );
    }
}

#[test]
fn a_fix_that_needs_another_one_is_not_offered() {
    // The API server refuses allowPrivilegeEscalation: false beside privileged: true.
    let folder = Folder::with(PRIVILEGED);
    let log = log(&folder, &["scan", "--format", "sarif", "."]);
    let of = |control: &str| {
        let mut all = results(&log);
        items(&all.find(|it| it["ruleId"] == control).unwrap()["fixes"]).count()
    };
    assert_eq!(of("privileged-container"), 1);
    assert_eq!(of("privilege-escalation-allowed"), 0);
}

#[test]
fn edits_are_saved_where_that_is_asked_for() {
    let folder = folder();
    let plain = folder.run(&["scan", "--format", "json", "."]).out;
    assert!(!plain.contains("\"edits\""));
    let saved = folder
        .run(&["scan", "--format", "json", "--fixes", "."])
        .out;
    let direct = folder.run(&["scan", "--format", "sarif", "."]).out;
    let turned = folder.pipe(&["report", "-", "--format", "sarif"], &saved);
    assert_eq!(turned.out, direct);
    let report: Value = serde_json::from_str(&saved).unwrap();
    let finding = items(&report["findings"])
        .find(|it| it["control"] == "host-pid" && it["location"]["file"] == "two.yaml")
        .unwrap();
    assert_eq!(finding["fix"]["options"][0], "recommended");
    let edit = &finding["fix"]["edits"][0];
    assert_eq!(
        (&edit["location"]["file"], &edit["location"]["line"]),
        (&"two.yaml".into(), &2.into())
    );
    assert_eq!(edit["text"], "");
}

#[test]
fn fix_tells_the_same_for_what_was_asked() {
    let folder = folder();
    let fix = |arguments: &[&str]| {
        log(
            &folder,
            &[&["fix", "--format", "sarif"], arguments, &["."]].concat(),
        )
    };
    let pid = fix(&["--control", "host-pid"]);
    assert!(results(&pid).all(|it| it["ruleId"] == "host-pid"));
    let scanned = fixes(&log(&folder, &["scan", "--format", "sarif", "."]));
    assert_eq!(fixes(&pid)["host-pid"], scanned["host-pid"], "also in scan");
    let safe = fixes(&fix(&["--safe-only"]));
    assert!(safe.len() < scanned.len() && !safe.is_empty());
    // What is written does not change what is told.
    let before = fix(&[]);
    let run = folder.run(&["fix", "--write", "--format", "sarif", "."]);
    assert_eq!(serde_json::from_str::<Value>(&run.out).unwrap(), before);
    assert_ne!(
        fs::read_to_string(folder.path("two.yaml")).unwrap(),
        format!("{PRIVILEGED}---\n")
    );
}

#[test]
fn what_is_no_file_has_findings_and_no_edits() {
    let run = Folder::new().pipe(&["scan", "--format", "sarif", "-"], PRIVILEGED);
    let log: Value = serde_json::from_str(&run.out).unwrap();
    assert!(results(&log).count() > 3);
    assert_eq!(fixes(&log), BTreeMap::new());
}

#[test]
fn what_is_rendered_is_edited_where_it_is_written() {
    let test = "what_is_rendered_is_edited_where_it_is_written";
    let Some(kustomize) = program("kustomize", test) else {
        return;
    };
    let patch = "apiVersion: v1\nkind: Pod\nmetadata: {name: agent}\nspec: {hostPID: true}\n";
    let folder = Folder::new()
        .file("base/kustomization.yaml", "resources: [a.yaml]\n")
        .file("base/a.yaml", PRIVILEGED)
        .file(
            "prod/kustomization.yaml",
            "resources: [../base]\nnamespace: shop\npatches: [{path: patch.yaml}]\n",
        )
        .file("prod/patch.yaml", patch);
    let arguments = ["scan", "--format", "sarif", "--kustomize", &kustomize, "."];
    let log = log(&folder, &arguments);
    let in_patch = results(&log).find(|it| it["ruleId"] == "host-pid").unwrap();
    let place = &in_patch["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(place["uri"], "prod/patch.yaml");
    assert_eq!(in_patch.get("fixes"), None, "a patch is no object");
    let fixes = fixes(&log);
    let (fix, fingerprint) = fixes["privileged-container"]["base/a.yaml"]
        .first_key_value()
        .unwrap();
    let folder = folder.file("base/a.yaml", with(PRIVILEGED, fix));
    let after = folder.run(&arguments).out;
    assert!(after.contains("host-pid") && !after.contains(fingerprint));
}

#[test]
fn a_baseline_makes_the_others_new() {
    let folder = Folder::with(PRIVILEGED);
    let former = folder.run(&["scan", "--format", "json", "."]).out;
    let former = folder.file("former.json", former);
    let folder = former.file("b.yaml", PRIVILEGED.replace("agent", "other"));
    let compared = log(
        &folder,
        &[
            "scan",
            "--format",
            "sarif",
            "--baseline",
            "former.json",
            ".",
        ],
    );
    assert!(results(&compared).count() > 3);
    for result in results(&compared) {
        assert_eq!(result["baselineState"], "new");
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(place["uri"], "b.yaml");
    }
    assert!(!fixes(&compared).is_empty());
    let alone = log(&folder, &["scan", "--format", "sarif", "."]);
    assert!(results(&alone).all(|result| result.get("baselineState").is_none()));
}

#[test]
fn a_document_too_large_for_its_findings_gets_no_edits() {
    // About eight findings: 64 MiB are divided among them.
    let large = format!("{PRIVILEGED}  # {}\n", "x".repeat(16 << 20));
    let folder = Folder::with(&large).file("b.yaml", PRIVILEGED.replace("agent", "small"));
    let log = log(&folder, &["scan", "--format", "sarif", "."]);
    let of_large = results(&log).filter(|result| {
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        place["uri"] == "a.yaml"
    });
    assert!(of_large.count() > 5);
    let fixes = fixes(&log);
    let files: BTreeSet<_> = fixes.values().flat_map(BTreeMap::keys).collect();
    assert_eq!(Vec::from_iter(files), ["b.yaml"]);
}
