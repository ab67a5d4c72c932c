//! A real API server takes every object in a strict dry run, and starts and works with the files. Needs a control plane
//! (`cargo xtask control-plane`); without one the tests say that they were left out.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use plimsoll_control_plane::{ControlPlane, Programs, Settings};
use plimsoll_generate::{Request, Tier, find};
use plimsoll_snapshot::version::Minor;

use crate::asked::everything;

/// Files that programs read, not objects of the API.
const FILES: [&str; 10] = [
    "apiserver-audit",
    "apiserver-audit-patch",
    "audit-policy",
    "audit-webhook",
    "dockerfile",
    "encryption-config",
    "kms-config",
    "kubelet-config",
    "psa-exemptions",
    "seccomp",
];

fn programs(test: &str) -> Option<Programs> {
    let programs = Programs::find();
    if programs.is_none() {
        let said = "left out: no control plane; `cargo xtask control-plane` builds one";
        let _ = writeln!(std::io::stderr(), "a real API server: {test} {said}");
    }
    programs
}

/// Whether kubectl ends well with this on standard input, and what it says.
fn piped(command: &mut Command, input: &str) -> (bool, String) {
    let command = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

fn apply(plane: &ControlPlane, text: &str, how: &[&str]) -> (bool, String) {
    let mut kubectl = plane.kubectl();
    kubectl
        .args(["apply", "--validate=strict", "-f", "-"])
        .args(how);
    piped(&mut kubectl, text)
}

#[test]
fn an_api_server_takes_every_object_in_a_strict_dry_run() {
    let Some(programs) = programs("an_api_server_takes_every_object_in_a_strict_dry_run") else {
        return;
    };
    let plane = ControlPlane::start(&programs, &Settings::default()).unwrap();
    // A dry run makes no namespace for what follows in the same file.
    for name in ["app", "no", "web-2", "shop", "plimsoll"] {
        let namespace =
            format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: \"{name}\"}}\n");
        assert!(apply(&plane, &namespace, &[]).0);
    }
    let mut complaints = Vec::new();
    let mut taken = 0;
    for asked in everything() {
        if asked.request.version != Minor::NEWEST || FILES.contains(&asked.generator.id) {
            continue;
        }
        let (fine, said) = apply(&plane, &asked.text(), &["--dry-run=server"]);
        taken += 1;
        if !fine {
            complaints.push(format!("{}: {said}", asked.what));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(taken > 40, "only {taken} were tried");
    let wrong = "apiVersion: v1\nkind: LimitRange\nmetadata: {name: a, namespace: app}\nspec: {limits: [{type: Container, min: {cpu: 2}, max: {cpu: 1}}]}\n";
    assert!(!apply(&plane, wrong, &["--dry-run=server"]).0);
}

const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\nstringData: {password: never-in-the-log}\n";
const ACCOUNT: &str =
    "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: shop}\n";
const PRIVILEGED: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\nspec: {containers: [{name: c, image: 'registry.example.com/a:1', securityContext: {privileged: true}}]}\n";

/// Writes what a kind gives into the folder and names it.
fn file(folder: &Path, kind: &str, request: &Request) -> String {
    let path = folder.join(format!("{kind}.yaml"));
    let text = find(kind).unwrap().generate(request).unwrap();
    fs::write(&path, text).unwrap();
    path.to_string_lossy().into_owned()
}

#[test]
fn an_api_server_starts_with_the_files_and_does_what_they_say() {
    let Some(programs) = programs("an_api_server_starts_with_the_files_and_does_what_they_say")
    else {
        return;
    };
    for tier in Tier::ALL {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let request = Request {
            option: Some(tier),
            ..Request::new(Minor::NEWEST)
        };
        let key = Request {
            key: Some([9; 32]),
            ..request.clone()
        };
        let log = at.join("audit.log");
        let settings = Settings {
            api_server: vec![
                format!("--audit-policy-file={}", file(at, "audit-policy", &request)),
                format!("--audit-log-path={}", log.display()),
                format!(
                    "--admission-control-config-file={}",
                    file(at, "psa-exemptions", &request)
                ),
                format!(
                    "--encryption-provider-config={}",
                    file(at, "encryption-config", &key)
                ),
            ],
            ..Settings::default()
        };
        let plane = ControlPlane::start(&programs, &settings).unwrap();
        let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";
        for text in [namespace, ACCOUNT, SECRET] {
            let (fine, said) = apply(&plane, text, &[]);
            assert!(fine, "{said}");
        }
        let (fine, said) = apply(&plane, PRIVILEGED, &["--dry-run=server"]);
        assert_eq!(fine, tier == Tier::Minimal, "{said}");
        assert!(
            said.contains("PodSecurity"),
            "refused or warned about: {said}"
        );
        let metrics = plane
            .kubectl()
            .args(["get", "--raw", "/metrics"])
            .output()
            .unwrap();
        let metrics = String::from_utf8_lossy(&metrics.stdout);
        assert!(
            metrics.contains("transformer_prefix=\"k8s:enc:secretbox:v1:"),
            "not encrypted"
        );
        let written = fs::read_to_string(&log).unwrap();
        assert!(
            written.contains("\"resource\":\"secrets\""),
            "{}",
            tier.as_str()
        );
        assert!(
            !written.contains("never-in-the-log") && !written.contains("bmV2ZXItaW4tdGhlLWxvZw")
        );
    }
}
