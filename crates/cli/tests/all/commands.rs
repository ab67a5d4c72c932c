//! The other commands, colour, and readers that stop reading.

use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use crate::folder::{Folder, PRIVILEGED, ended};

#[test]
fn controls_are_listed_for_machines() {
    let run = Folder::new().run(&["controls", "--format", "json"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let controls: Vec<Value> = serde_json::from_str(&run.out).unwrap();
    let control = controls
        .iter()
        .find(|control| control["id"] == "privileged-container")
        .unwrap();
    assert_eq!(control["severity"], "critical");
    assert!(
        control["guide"]
            .as_array()
            .unwrap()
            .contains(&"PSC-01".into())
    );
}

#[test]
fn controls_are_listed_for_people() {
    let run = Folder::new().run(&["controls"]);
    assert_eq!(run.code, 0);
    assert!(run.out.contains("privileged-container"));
}

#[test]
fn controls_and_recommendations_are_explained() {
    let run = Folder::new().run(&["explain", "Privileged-Container", "psc-01"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("privileged-container") && run.out.contains("PSC-01"));
}

#[test]
fn the_guide_shows_everything() {
    let run = Folder::new().run(&["guide", "--format", "json"]);
    let guide: Vec<Value> = serde_json::from_str(&run.out).unwrap();
    assert!(guide.len() > 300);
    assert!(
        guide
            .iter()
            .all(|entry| entry.get("evidence").is_none_or(Value::is_null))
    );
    let text = Folder::new().run(&["guide"]);
    assert_eq!(text.code, 0);
    assert!(text.out.contains("PSC-01"));
}

#[test]
fn a_report_is_evidence_for_the_guide() {
    let folder = Folder::with(PRIVILEGED);
    let report = folder.run(&["scan", "--format", "json"]).out;
    let folder = folder.file("report.json", report);
    let run = folder.run(&["guide", "--format", "json", "--report", "report.json"]);
    let guide: Vec<Value> = serde_json::from_str(&run.out).unwrap();
    let entry = guide.iter().find(|entry| entry["id"] == "PSC-01").unwrap();
    assert!(
        entry["evidence"]["failed"].as_u64().unwrap() >= 1,
        "{entry}"
    );
    let run = folder.run(&["guide", "--report", "a.yaml"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("plimsoll scan --format json"),
        "{}",
        run.err
    );
}

#[test]
fn help_teaches_by_example() {
    let help = Folder::new().run(&["--help"]);
    assert_eq!(help.code, 0);
    assert!(help.out.contains("plimsoll scan -"), "{}", help.out);
    for command in ["scan", "report", "explain", "controls", "guide"] {
        let run = Folder::new().run(&[command, "--help"]);
        assert!(
            run.out.contains(&format!("plimsoll {command}")),
            "{}",
            run.out
        );
        assert!(run.out.contains("Examples:"), "{}", run.out);
    }
}

#[test]
fn colour_is_used_only_when_wanted() {
    let folder = Folder::with(PRIVILEGED);
    let colored = |arguments: &[&str], variables: &[(&str, &str)]| {
        let arguments = [&["scan"], arguments].concat();
        let mut command = folder.command(&arguments);
        let run = ended(command.envs(variables.iter().copied()).output().unwrap());
        run.out.contains('\u{1b}')
    };
    assert!(!colored(&[], &[]));
    assert!(colored(&["--color", "always"], &[]));
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&["--color=never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("NO_COLOR", "1")]));
    assert!(!colored(&["--format", "json", "--color", "always"], &[]));
}

#[test]
fn a_reader_that_stops_reading_changes_nothing() {
    let mut folder = Folder::new();
    for number in 0..400 {
        folder = folder.file(&format!("{number}.yaml"), PRIVILEGED);
    }
    let mut command = folder.command(&["scan", "--format", "json"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let run = ended(child.wait_with_output().unwrap());
    assert_eq!((run.code, run.err.as_str()), (1, ""));
}
