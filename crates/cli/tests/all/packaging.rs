//! What is packed: the manifests that run the program, and the definitions for other people's pipelines.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::folder::{Folder, HARMLESS, PRIVILEGED, Run, Scan, ended};
use crate::programs::script;
use crate::recovered::recover;

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(file: &str) -> String {
    fs::read_to_string(project().join(file)).unwrap()
}

#[test]
fn the_job_that_runs_it_has_no_findings() {
    let manifests = project().join("packaging/kubernetes");
    let configuration = "version: 1\nimages: {trustedRegistries: [registry.example.com/]}\n";
    let folder = Folder::new().file("plimsoll.yaml", configuration);
    let path = manifests.to_str().unwrap();
    let run = folder.run(&[
        "scan",
        "--format",
        "json",
        "--fail-on",
        "low",
        "--config",
        "plimsoll.yaml",
        path,
    ]);
    let scan = Scan::of(&run);
    assert!(scan.is_clean(), "{}", scan.report["findings"]);
    let open = scan.report["notAssessed"].as_array().unwrap().iter();
    let open: Vec<_> = open.map(|open| &open["control"]).collect();
    // What judges images is the cluster's own and stands elsewhere.
    assert_eq!(open, ["images-not-judged"]);
    assert_eq!((scan.summary("objects"), scan.summary("waived")), (6, 1));
}

#[test]
fn the_image_runs_as_the_user_that_the_job_names() {
    let (dockerfile, job) = (text("Dockerfile"), text("packaging/kubernetes/job.yaml"));
    assert!(dockerfile.contains("\nUSER 65532:65532\n") && job.contains("runAsUser: 65532"));
    let last = dockerfile.rsplit("\nFROM ").next().unwrap();
    assert!(
        last.starts_with("scratch\n") && !last.contains("\nRUN "),
        "no shell, no layers"
    );
}

fn parsed(file: &str) -> Value {
    serde_saphyr::from_str(&text(file)).unwrap()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn word<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key} of {value}"))
}

/// What the metadata of an action needs: https://docs.github.com/actions, "Metadata syntax".
#[test]
fn the_action_has_what_an_action_needs() {
    let action = parsed("action.yml");
    assert!(keys(&action).is_subset(&BTreeSet::from([
        "name",
        "description",
        "inputs",
        "outputs",
        "runs"
    ])));
    assert_eq!(word(&action["runs"], "using"), "composite");
    for input in action["inputs"].as_object().unwrap().values() {
        assert!(!word(input, "description").is_empty() && input["default"].is_string());
    }
    let steps = action["runs"]["steps"].as_array().unwrap();
    for step in steps {
        assert_eq!(
            word(step, "shell"),
            "bash",
            "a composite action has to say it"
        );
        assert!(
            !word(step, "run").contains("${{"),
            "inputs could become commands"
        );
        assert!(keys(step).is_subset(&BTreeSet::from(["id", "shell", "env", "run"])));
    }
    let ids: Vec<_> = steps
        .iter()
        .filter_map(|step| step["id"].as_str())
        .collect();
    for (name, output) in action["outputs"].as_object().unwrap() {
        assert!(!word(output, "description").is_empty());
        let from = format!("${{{{ steps.{}.outputs.{name} }}}}", ids[0]);
        assert_eq!(word(output, "value"), from);
    }
}

/// Runs a step of the action as GitHub does, with the binary where the first step puts it.
fn step(folder: &Folder, number: usize, inputs: &[(&str, &str)]) -> Run {
    let action = parsed("action.yml");
    let temp = folder.path("temp/plimsoll/bin");
    fs::create_dir_all(&temp).unwrap();
    let _ = symlink(env!("CARGO_BIN_EXE_plimsoll"), temp.join("plimsoll"));
    let path = std::env::join_paths([folder.path("bin"), "/usr/bin".into(), "/bin".into()]);
    let mut command = Command::new("bash");
    command
        .args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c"])
        .arg(word(&action["runs"]["steps"][number], "run"))
        .current_dir(folder.path("."))
        .env_clear()
        .env("PATH", path.unwrap())
        .env("RUNNER_TEMP", folder.path("temp"))
        .env("GITHUB_OUTPUT", folder.path("output"))
        .envs(inputs.iter().copied());
    ended(command.output().unwrap())
}

#[test]
fn the_action_scans_what_it_is_told_and_leaves_reports() {
    let folder = Folder::with(PRIVILEGED).file("b/c.yaml", HARMLESS);
    let run = step(
        &folder,
        1,
        &[("PATHS", "a.yaml b"), ("OPTIONS", "--fail-on critical")],
    );
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    assert!(run.out.contains("::error ") && run.out.contains("privileged-container"));
    let outputs = fs::read_to_string(folder.path("output")).unwrap();
    let outputs: BTreeMap<_, _> = outputs
        .lines()
        .map(|line| line.split_once('=').unwrap())
        .collect();
    let action = parsed("action.yml");
    assert_eq!(
        outputs.keys().copied().collect::<BTreeSet<_>>(),
        keys(&action["outputs"])
    );
    let read = |name: &str| fs::read_to_string(outputs[name]).unwrap();
    let json = recover("json", &read("report"));
    assert!(!json.findings.is_empty());
    assert_eq!(json, recover("sarif", &read("sarif")));
    assert!(read("comment").starts_with("<!-- plimsoll report -->\n"));
    let fine = step(&folder, 1, &[("PATHS", "b"), ("OPTIONS", "")]);
    assert_eq!((fine.code, fine.err.as_str()), (0, ""));
}

#[test]
fn inputs_of_the_action_are_no_commands() {
    let folder = Folder::with(PRIVILEGED);
    let evil = "$(touch${IFS}ran) `touch ran`;touch ran|touch ran * && touch ran";
    for inputs in [
        [("PATHS", evil), ("OPTIONS", "")],
        [("PATHS", "."), ("OPTIONS", evil)],
    ] {
        let run = step(&folder, 1, &inputs);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(!folder.path("ran").exists());
    }
}

#[test]
fn the_action_builds_the_revision_by_which_it_is_pinned() {
    let note = "echo \"$(basename \"$0\") $*\" >> \"$RUNNER_TEMP/called\"\n";
    let folder = script(script(Folder::new(), "bin/cargo", note), "bin/rustup", note);
    let run = step(&folder, 0, &[("SOURCE", "/the action")]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let called = fs::read_to_string(folder.path("temp/called")).unwrap();
    let root = folder.path("temp").display().to_string();
    let wanted = format!(
        "rustup toolchain install 1.95 --profile minimal\n\
         cargo +1.95 install --locked --quiet --path /the action/crates/cli --root {root}/plimsoll\n"
    );
    assert_eq!(called, wanted);
    assert!(text("Cargo.toml").contains("rust-version = \"1.95\""));
}

/// What pre-commit needs of a hook: https://pre-commit.com/#new-hooks.
#[test]
fn the_hooks_have_what_pre_commit_needs() {
    let hooks = parsed(".pre-commit-hooks.yaml");
    let known = [
        "id",
        "name",
        "description",
        "entry",
        "language",
        "types_or",
        "pass_filenames",
    ];
    let mut ids = BTreeSet::new();
    for hook in hooks.as_array().unwrap() {
        assert!(keys(hook).is_subset(&known.into()), "{hook}");
        assert!(ids.insert(word(hook, "id")) && !word(hook, "name").is_empty());
        assert!(["system", "docker"].contains(&word(hook, "language")));
        assert_eq!(hook["pass_filenames"], false);
        let entry: Vec<_> = word(hook, "entry").split(' ').collect();
        assert!(entry[0].ends_with("plimsoll"));
        let folder = Folder::with(PRIVILEGED);
        let run = folder.run(&entry[1..]);
        assert!(run.code == 1 && run.out.contains("a.yaml:9:9: "), "{run:?}");
    }
}

#[test]
fn the_template_for_gitlab_runs_what_was_checked_and_leaves_reports() {
    let template = parsed("packaging/plimsoll.gitlab-ci.yml");
    let job = &template["plimsoll"];
    let known = [
        "stage",
        "image",
        "variables",
        "before_script",
        "script",
        "artifacts",
    ];
    assert!(keys(job).is_subset(&known.into()));
    assert!(["on_success", "on_failure", "always"].contains(&word(&job["artifacts"], "when")));
    let lines = |key: &str| -> String {
        let lines = job[key].as_array().unwrap().iter();
        lines
            .map(|line| format!("{}\n", line.as_str().unwrap()))
            .collect()
    };
    let folder = Folder::with(PRIVILEGED).file("release/LICENSE", "");
    let bin = folder.path("bin").display().to_string();
    let folder = script(folder, "bin/wget", "cp release.tar.gz \"$3\"\n");
    symlink(
        env!("CARGO_BIN_EXE_plimsoll"),
        folder.path("release/plimsoll"),
    )
    .unwrap();
    let sh = |text: &str| {
        let mut command = Command::new("sh");
        let path = format!("{bin}:/usr/bin:/bin");
        let command = command
            .args(["-e", "-c", text])
            .current_dir(folder.path("."));
        ended(command.env_clear().env("PATH", path).output().unwrap())
    };
    let packed =
        sh("tar -czf release.tar.gz -C release plimsoll LICENSE && sha256sum release.tar.gz");
    let sum = packed.out.split(' ').next().unwrap();
    let said = |sum: &str| {
        let variables = format!(
            "PLIMSOLL_URL=x PLIMSOLL_SHA256={sum} PLIMSOLL_PATHS=. PLIMSOLL_OPTIONS='--fail-on high'\n"
        );
        let all = lines("before_script") + &lines("script");
        variables + &all.replace("/usr/local/bin", &bin)
    };
    let run = sh(&said(&sum.replace(|_: char| true, "0")));
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        !folder.path("bin/plimsoll").exists(),
        "nothing is unpacked that was not checked"
    );
    let run = sh(&said(sum));
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.out
            .contains("a.yaml:9:9: critical[privileged-container]"),
        "{run:?}"
    );
    let read = |name: &str| fs::read_to_string(folder.path(name)).unwrap();
    let json = recover(
        "json",
        &read(job["artifacts"]["paths"][0].as_str().unwrap()),
    );
    let quality = recover(
        "gitlab",
        &read(word(&job["artifacts"]["reports"], "codequality")),
    );
    assert_eq!(json.findings, quality.findings);
}
