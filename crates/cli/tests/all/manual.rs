//! Completions, manual pages, help, and the name under which the program is called.

use std::fs;
use std::process::Command;

use plimsoll_control_plane::Programs;

use crate::folder::{Folder, ended};
use crate::programs::left_out;

const COMMANDS: [&str; 12] = [
    "scan",
    "snapshot",
    "enforce",
    "fix",
    "generate",
    "explain",
    "controls",
    "guide",
    "init",
    "report",
    "completions",
    "man",
];

#[test]
fn every_shell_is_taught_commands_options_and_controls() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = Folder::new().run(&["completions", shell]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{shell}");
        for word in COMMANDS.into_iter().chain(["fail-on"]) {
            assert!(run.out.contains(word), "{shell} does not know {word}");
        }
        // clap_complete teaches the other shells no values of arguments that are not options.
        if ["bash", "zsh"].contains(&shell) {
            for id in ["privileged-container", "PSC-01", "critical"] {
                assert!(run.out.contains(id), "{shell} does not know {id}");
            }
        }
    }
    let unknown = Folder::new().run(&["completions", "bsh"]);
    assert!(
        unknown.code == 2 && unknown.err.contains("'bash'"),
        "{}",
        unknown.err
    );
}

#[test]
fn bash_completes_with_the_script() {
    let folder = Folder::new();
    let script = folder.run(&["completions", "bash"]).out;
    let folder = folder.file("script", script);
    let ask = "source ./script; COMP_WORDS=(plimsoll explain privileged-c); COMP_CWORD=2; \
               _plimsoll plimsoll privileged-c explain; echo \"${COMPREPLY[*]}\"";
    let Ok(output) = Command::new("bash")
        .args(["-c", ask])
        .current_dir(folder.path("."))
        .output()
    else {
        eprintln!("left out: bash is not installed");
        return;
    };
    assert_eq!(ended(output).out, "privileged-container\n");
}

#[test]
fn every_command_has_a_page() {
    let folder = Folder::new();
    let run = folder.run(&["man", "pages/man1"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", ""));
    for command in COMMANDS {
        let page = folder.path(&format!("pages/man1/plimsoll-{command}.1"));
        let page = fs::read_to_string(page).unwrap();
        assert!(
            page.contains(".SH OPTIONS") && page.contains("Examples:"),
            "{command}"
        );
    }
    let file = folder.file("file", "").run(&["man", "file"]);
    assert!(file.code == 2 && file.err.contains("the manual cannot be written to file"));
}

#[test]
fn every_help_teaches_by_examples_that_are_understood() {
    for command in COMMANDS {
        let help = Folder::new().run(&[command, "--help"]);
        assert_eq!(help.code, 0);
        let (_, examples) = help.out.split_once("Examples:\n").expect(command);
        let starts = format!("plimsoll {command}");
        assert!(
            examples
                .lines()
                .any(|line| line.trim().starts_with(&starts)),
            "{command}"
        );
    }
}

#[test]
fn a_heading_of_help_holds_only_what_belongs_to_it() {
    for (command, general) in [
        ("scan", ["--watch", "--today", "--stats"]),
        ("enforce", ["--format", "--output", "--today"]),
    ] {
        let help = Folder::new().run(&[command, "--help"]).out;
        let (before, _) = help.split_once("\nCluster:\n").expect(command);
        for option in general {
            assert!(before.contains(&format!("\n      {option}")), "{option}");
        }
    }
}

#[cfg(unix)]
#[test]
fn under_its_other_name_it_is_a_plugin_of_kubectl() {
    let folder = Folder::new().file("a.yaml", crate::folder::HARMLESS);
    let plugin = folder.path("kubectl-plimsoll");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_plimsoll"), &plugin).unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(&plugin)
            .args(arguments)
            .current_dir(folder.path("."))
            .output();
        ended(output.unwrap())
    };
    let help = run(&["scan", "--help"]).out;
    assert!(
        help.contains("Usage: kubectl plimsoll scan [OPTIONS]"),
        "{help}"
    );
    assert!(help.contains("\n  kubectl plimsoll scan deploy/"), "{help}");
    assert!(!help.contains("\n  plimsoll"), "{help}");
    let wrong = run(&["scna"]);
    assert!(wrong.code == 2 && wrong.err.contains("Usage: kubectl plimsoll"));
    assert_eq!(run(&["scan", "."]).code, 0);
    assert!(
        Folder::new()
            .run(&["scan", "--help"])
            .out
            .contains("Usage: plimsoll scan")
    );
}

#[cfg(unix)]
#[test]
fn kubectl_finds_its_plugin() {
    let test = "kubectl_finds_its_plugin";
    let Some(Programs::Single(control_plane)) = Programs::find() else {
        return left_out(test);
    };
    let folder = Folder::with(crate::folder::PRIVILEGED);
    let plugin = folder.path("bin/kubectl-plimsoll");
    fs::create_dir(folder.path("bin")).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_plimsoll"), plugin).unwrap();
    let output = Command::new(control_plane)
        .args(["kubectl", "plimsoll", "scan", "--format", "concise", "."])
        .current_dir(folder.path("."))
        .env("PATH", folder.path("bin"))
        .output();
    let run = ended(output.unwrap());
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.out
            .contains("a.yaml:9:9: critical[privileged-container]")
    );
}
