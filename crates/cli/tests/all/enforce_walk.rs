//! `docs/enforce.md`, walked on a real API server: the commands of the four steps as they stand there, with the real kubectl, and
//! what an operator sees after each. Needs a control plane (`cargo xtask control-plane`); without one the test says that it was
//! left out.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Output};

use plimsoll_control_plane::{ControlPlane, Programs};

use crate::folder::Folder;

const RUNNING: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: legacy, namespace: shop}
spec:
  selector: {matchLabels: {app: legacy}}
  template:
    metadata: {labels: {app: legacy}}
    spec:
      hostPID: true
      containers: [{name: main, image: registry.example.com/legacy:1}]
";

/// A shell with the binary and a kubectl of the control plane.
struct Shell {
    folder: Folder,
    plane: ControlPlane,
}

impl Shell {
    fn new(programs: &Programs) -> Shell {
        let plane = ControlPlane::start(programs, &Default::default()).unwrap();
        let trusting = "version: 1\nimages: {trustedRegistries: [registry.example.com]}\n";
        let folder = Folder::new()
            .file("deploy/legacy.yaml", RUNNING)
            .file("plimsoll.yaml", trusting);
        let kubectl = plane.kubectl();
        let mut words = vec![kubectl.get_program()];
        words.extend(kubectl.get_args());
        let words: Vec<_> = words
            .iter()
            .map(|word| format!("'{}'", word.display()))
            .collect();
        let folder = folder.file(
            "bin/kubectl",
            format!("#!/bin/sh\nexec {} \"$@\"\n", words.join(" ")),
        );
        let own = fs::Permissions::from_mode(0o755);
        fs::set_permissions(folder.path("bin/kubectl"), own).unwrap();
        symlink(env!("CARGO_BIN_EXE_plimsoll"), folder.path("bin/plimsoll")).unwrap();
        Shell { folder, plane }
    }

    fn run(&self, line: &str) -> Output {
        let path = format!("{}:/usr/bin:/bin", self.folder.path("bin").display());
        let mut command = Command::new("sh");
        command
            .arg("-c")
            .arg(line)
            .current_dir(self.folder.path(""));
        command
            .env("PATH", path)
            .env("KUBECONFIG", self.plane.kubeconfig());
        command.output().unwrap()
    }

    /// Runs commands that have to go well.
    fn do_all(&self, lines: &[String]) -> String {
        let mut errors = String::new();
        for line in lines {
            let output = self.run(line);
            errors += &String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{line}: {errors}");
        }
        errors
    }

    /// Sends a pod until the answer is as wanted: policies take effect some moments after they are applied.
    fn await_answer(&self, spec: &str, wanted: &dyn Fn(&Output) -> bool) -> String {
        let pod = format!(
            "echo '{{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {{\"name\": \"probe\", \"namespace\": \"shop\"}}, \
             \"spec\": {{{spec}, \"containers\": [{{\"name\": \"a\", \"image\": \"registry.example.com/a:1\"}}]}}}}' \
             | kubectl create --dry-run=server -f -"
        );
        let begin = std::time::Instant::now();
        loop {
            let output = self.run(&pod);
            if wanted(&output) {
                return String::from_utf8_lossy(&output.stderr).into_owned();
            }
            assert!(begin.elapsed().as_secs() < 60, "{spec}: {output:?}");
            std::thread::sleep(std::time::Duration::from_millis(300));
        }
    }
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The commands below a heading of the page, in their order.
fn commands(heading: &str) -> Vec<String> {
    let page = include_str!("../../../../docs/enforce.md");
    let section = page
        .split("\n#")
        .find(|section| section.contains(heading))
        .unwrap();
    let lines = section.lines().filter_map(|line| line.strip_prefix("$ "));
    let lines: Vec<String> = lines.map(str::to_owned).collect();
    assert!(!lines.is_empty(), "{heading}");
    lines
}

#[test]
fn an_operator_walks_from_nothing_to_deny() {
    let Some(programs) = Programs::find() else {
        eprintln!(
            "an_operator_walks_from_nothing_to_deny was left out: `cargo xtask control-plane` builds a control plane"
        );
        return;
    };
    let shell = Shell::new(&programs);
    shell.do_all(&[
        "kubectl create namespace shop".into(),
        "kubectl apply -f deploy/".into(),
    ]);
    let (pid, ipc) = ("\"hostPID\": true", "\"hostIPC\": true");

    shell.do_all(&commands(" 1. Only note it"));
    let silent = shell.await_answer(pid, &|answer| answer.status.success());
    assert!(!silent.contains("Warning"), "{silent}");

    shell.do_all(&commands(" 2. Warn"));
    let warned = |answer: &Output| answer.status.success() && errors(answer).contains("shares");
    let warning = shell.await_answer(pid, &warned);
    assert!(
        warning.contains("Warning: Validation failed for ValidatingAdmissionPolicy"),
        "{warning}"
    );

    let told = shell.do_all(&commands(" 3. Deny what nobody does"));
    assert!(
        told.contains("host-pid starts at warn: deny would refuse Deployment shop/legacy"),
        "{told}"
    );
    let denied = shell.await_answer(ipc, &|answer| !answer.status.success());
    assert!(denied.contains("plimsoll-host-ipc"), "{denied}");
    let warning = shell.await_answer(pid, &|answer| answer.status.success());
    assert!(warning.contains("Warning"), "{warning}");

    let mended = RUNNING.replace("      hostPID: true\n", "");
    fs::write(shell.folder.path("deploy/legacy.yaml"), mended).unwrap();
    shell.do_all(&commands(" 3. Deny what nobody does"));
    let denied = shell.await_answer(pid, &|answer| !answer.status.success());
    assert!(denied.contains("plimsoll-host-pid"), "{denied}");
    shell.do_all(&commands(" 4. Deny"));
    // What was there before can still be changed.
    shell.do_all(&["kubectl -n shop scale deployment legacy --replicas 2".into()]);

    still_as_it_was_made(&shell);
    labels_suit_what_runs(&shell);
    the_server_makes_the_fix(&shell);
    let undo =
        "kubectl delete validatingadmissionpolicybindings -l app.kubernetes.io/managed-by=plimsoll";
    assert!(include_str!("../../../../docs/enforce.md").contains(undo));
    shell.do_all(&[undo.to_owned()]);
    let gone = |answer: &Output| !errors(answer).contains("plimsoll-host-ipc");
    shell.await_answer(ipc, &gone);
}

/// Nothing differs from what was applied, until somebody takes a binding away.
fn still_as_it_was_made(shell: &Shell) {
    let [diff] = <[String; 1]>::try_from(commands(" Is it still so?")).unwrap();
    let output = shell.run(&diff);
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(
        (output.status.code(), &*told),
        (Some(0), "no difference\n"),
        "{}",
        errors(&output)
    );
    shell.do_all(&["kubectl delete validatingadmissionpolicybinding plimsoll-host-path".into()]);
    let output = shell.run(&diff);
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told.contains("missing: ValidatingAdmissionPolicyBinding plimsoll-host-path"),
        "{told}"
    );
    let json = shell.run(&format!("{diff} --format json"));
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["schema"], "plimsoll.enforce-diff/v1");
    assert_eq!(json["differences"][0]["control"], "host-path");
}

/// The labels that are applied refuse what nobody does, and the running Deployment goes on.
fn labels_suit_what_runs(shell: &Shell) {
    shell.do_all(&commands(" Labels of Pod Security admission"));
    let label = shell.run("kubectl get namespace shop -o jsonpath='{.metadata.labels.pod-security\\.kubernetes\\.io/enforce}'");
    assert_eq!(
        String::from_utf8_lossy(&label.stdout),
        "baseline",
        "{}",
        errors(&label)
    );
    let refused = shell.await_answer("\"hostPID\": true", &|answer| {
        errors(answer).contains("violates PodSecurity")
    });
    assert!(refused.contains("baseline:v1.37"), "{refused}");
}

/// A pod comes out with what it did not ask for.
fn the_server_makes_the_fix(shell: &Shell) {
    shell.do_all(&commands(" Let the API server make the fix"));
    let run = "kubectl -n shop run probe --image registry.example.com/a:1 --dry-run=server -o json";
    let begin = std::time::Instant::now();
    loop {
        let output = shell.run(run);
        let pod: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let context = &pod["spec"]["containers"][0]["securityContext"];
        if context["allowPrivilegeEscalation"] == false {
            return;
        }
        assert!(begin.elapsed().as_secs() < 60, "{output:?}");
        std::thread::sleep(std::time::Duration::from_millis(300));
    }
}
