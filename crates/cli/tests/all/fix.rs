//! `plimsoll fix`: what it shows, writes and refuses, and that a killed run leaves whole files.

use std::fs;
use std::process::Stdio;

use serde_json::Value;

use crate::folder::{Folder, HARMLESS, PRIVILEGED};

/// Two containers that lack the same, one of which is privileged.
const WEB: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web  # the shop itself
        image: registry.example.com/web:1.2
        securityContext: {privileged: true}
      - name: cache
        image: registry.example.com/cache:1.2
";

fn fix(folder: &Folder, arguments: &[&str]) -> (i32, String, String) {
    let arguments = [&["fix"], arguments].concat();
    let run = folder.run(&arguments);
    (run.code, run.out, run.err)
}

#[test]
fn without_write_the_difference_is_shown_and_nothing_changes() {
    let folder = Folder::with(PRIVILEGED);
    let (code, out, err) = fix(&folder, &["--control", "privileged-container", "."]);
    assert_eq!(code, 1, "{err}");
    assert_eq!(
        out,
        "\
--- a/a.yaml
+++ b/a.yaml
@@ -5,5 +5,3 @@
   containers:
     - name: main
       image: registry.example.com/agent@sha256:0000000000000000000000000000000000000000000000000000000000000000
-      securityContext:
-        privileged: true
"
    );
    assert!(
        err.contains("1 finding: 1 with a fix, 1 of them fixed"),
        "{err}"
    );
    assert_eq!(
        fs::read_to_string(folder.path("a.yaml")).unwrap(),
        PRIVILEGED
    );
}

#[test]
fn with_write_the_findings_are_gone_and_a_second_run_changes_nothing() {
    let folder = Folder::with(WEB);
    assert_eq!(fix(&folder, &["--write", "."]).0, 0);
    let text = fs::read_to_string(folder.path("a.yaml")).unwrap();
    assert_eq!(
        text,
        "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web  # the shop itself
        image: registry.example.com/web:1.2
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, readOnlyRootFilesystem: true}
        resources:
          limits:
            memory: 256Mi
          requests:
            cpu: 100m
            memory: 128Mi
      - name: cache
        image: registry.example.com/cache:1.2
        resources:
          limits:
            memory: 256Mi
          requests:
            cpu: 100m
            memory: 128Mi
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
            - ALL
          readOnlyRootFilesystem: true
      automountServiceAccountToken: false
      securityContext:
        runAsGroup: 65532
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
"
    );
    let report = folder.scan().report;
    let left = report["findings"].as_array().unwrap().iter();
    let fixable: Vec<&Value> = left.filter(|finding| !finding["fix"].is_null()).collect();
    assert!(fixable.is_empty(), "{fixable:?}");
    let (code, out, _) = fix(&folder, &["."]);
    assert_eq!((code, out.as_str()), (0, ""));
}

#[test]
fn a_fix_that_the_api_server_would_refuse_is_left_out_and_told() {
    let folder = Folder::with(WEB);
    let (code, out, err) = fix(
        &folder,
        &["--write", "--control", "privilege-escalation-allowed", "."],
    );
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(
        err.contains("left[privilege-escalation-allowed]: a.yaml:12"),
        "{err}"
    );
    assert!(
        err.replace("\n    ", " ")
            .contains("cannot be false beside privileged: true"),
        "{err}"
    );
    let text = fs::read_to_string(folder.path("a.yaml")).unwrap();
    assert_eq!(
        text.matches("allowPrivilegeEscalation").count(),
        1,
        "{text}"
    );
}

#[test]
fn safe_only_leaves_what_needs_review() {
    let folder = Folder::with(WEB);
    let (code, out, err) = fix(&folder, &["--safe-only", "."]);
    assert_eq!(code, 1);
    let added: Vec<&str> = out.lines().filter(|line| line.starts_with("+ ")).collect();
    assert_eq!(
        added,
        [
            "+        securityContext:",
            "+          allowPrivilegeEscalation: false"
        ]
    );
    assert!(
        err.contains("left[capabilities-not-dropped]: 2 places"),
        "{err}"
    );
}

#[test]
fn waived_findings_are_not_fixed() {
    let waived = PRIVILEGED.replace(
        "privileged: true",
        "privileged: true  # plimsoll: allow privileged-container: drives the hardware",
    );
    let folder = Folder::with(&waived);
    let (code, out, _) = fix(&folder, &["--control", "privileged-container", "."]);
    assert_eq!((code, out.as_str()), (0, ""));
}

#[test]
fn standard_input_is_shown_as_a_difference_or_written_out() {
    let folder = Folder::new();
    let run = folder.pipe(
        &["fix", "--control", "privileged-container", "-"],
        PRIVILEGED,
    );
    assert_eq!(run.code, 1);
    assert!(
        run.out.starts_with("--- <stdin>\n+++ <stdin>\n@@"),
        "{}",
        run.out
    );
    let arguments = ["fix", "--write", "--control", "privileged-container", "-"];
    let run = folder.pipe(&arguments, PRIVILEGED);
    assert_eq!(run.code, 0);
    let wanted = PRIVILEGED.replace("      securityContext:\n        privileged: true\n", "");
    assert_eq!(run.out, wanted);
    assert_eq!(folder.pipe(&arguments, HARMLESS).out, HARMLESS);
}

#[test]
fn json_carries_edits_that_make_the_text() {
    let folder = Folder::with(WEB);
    let (code, out, _) = fix(&folder, &["--format", "json", "."]);
    assert_eq!(code, 1);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["schema"], "plimsoll.fix/v1");
    let mut text = WEB.to_owned();
    let edits = report["files"][0]["edits"].as_array().unwrap();
    for edit in edits.iter().rev() {
        let at = |key: &str| usize::try_from(edit[key].as_u64().unwrap()).unwrap();
        text.replace_range(
            at("startByte")..at("endByte"),
            edit["newText"].as_str().unwrap(),
        );
    }
    assert_eq!(fix(&folder, &["--write", "."]).0, 0);
    assert_eq!(fs::read_to_string(folder.path("a.yaml")).unwrap(), text);
    let first = &report["findings"][0];
    assert!(first["finding"]["fingerprint"].is_string(), "{first}");
    let count = &report["summary"]["controls"]["privileged-container"];
    assert_eq!(count.to_string(), r#"{"findings":1,"fixable":1,"fixed":1}"#);
}

#[test]
fn answers_decide_what_is_changed() {
    let folder = Folder::with(PRIVILEGED).file("b.yaml", PRIVILEGED.replace("agent", "other"));
    let arguments = [
        "fix",
        "--interactive",
        "--control",
        "privileged-container",
        ".",
    ];
    let run = folder.pipe(&arguments, "n\ny\n");
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.out.matches("change this?").count(), 2, "{}", run.out);
    let text = |name: &str| fs::read_to_string(folder.path(name)).unwrap();
    assert_eq!(text("a.yaml"), PRIVILEGED);
    assert!(!text("b.yaml").contains("privileged"));
    let run = folder.pipe(&arguments, "");
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(text("a.yaml"), PRIVILEGED);
}

/// Two containers far from each other, with what many lines have between them.
fn far_apart() -> String {
    let lines: String = (0..9)
        .map(|n| format!("        - name: N{n}\n          value: a\n"))
        .collect();
    let container = |name: &str| {
        format!(
            "    - name: {name}\n      image: registry.example.com/{name}:1.2\n      securityContext:\n        privileged: true\n      env:\n{lines}"
        )
    };
    let (one, other) = (container("one"), container("other"));
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: far, namespace: shop}}\nspec:\n  containers:\n{one}{other}"
    )
}

#[test]
fn each_hunk_is_asked_for_and_some_of_a_file_can_be_chosen() {
    let arguments = [
        "fix",
        "--interactive",
        "--control",
        "privileged-container",
        ".",
    ];
    let chosen = |answers: &str| {
        let folder = Folder::with(far_apart());
        let run = folder.pipe(&arguments, answers);
        assert_eq!(run.code, 0, "{run:?}");
        let text = fs::read_to_string(folder.path("a.yaml")).unwrap();
        let left = ["one", "other"].map(|name| {
            let own = text.split(&format!("- name: {name}\n")).nth(1).unwrap();
            own.split("- name: o")
                .next()
                .unwrap()
                .contains("privileged")
        });
        (left, run.out.matches("change this?").count())
    };
    assert_eq!(chosen("n\ny\n"), ([true, false], 2));
    assert_eq!(chosen("y\nq\n"), ([false, true], 2));
    assert_eq!(chosen("a\n"), ([false, false], 1));
    assert_eq!(chosen("d\n"), ([true, true], 1));
    assert_eq!(chosen("what\ny\nn\n"), ([false, true], 3));
}

#[test]
fn hunks_that_need_each_other_are_not_written_apart() {
    let mounts = far_apart().replace(
        "      securityContext:\n        privileged: true\n",
        "      volumeMounts:\n        - {name: logs, mountPath: /logs}\n",
    );
    let text =
        format!("{mounts}  volumes:\n    - name: logs\n      hostPath: {{path: /srv/logs}}\n");
    let folder = Folder::with(&text);
    let arguments = ["fix", "--interactive", "--control", "host-path", "."];
    let run = folder.pipe(&arguments, "n\nn\ny\n");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.err.contains("a volume is mounted that is not there"),
        "{run:?}"
    );
    assert_eq!(fs::read_to_string(folder.path("a.yaml")).unwrap(), text);
    let run = folder.pipe(&arguments, "a\n");
    assert_eq!(run.code, 0, "{run:?}");
    let fixed = fs::read_to_string(folder.path("a.yaml")).unwrap();
    assert!(!fixed.contains("logs"), "{fixed}");
}

#[test]
fn a_new_file_is_named_in_the_kustomization_only_when_it_is_chosen() {
    let folder = namespace();
    let arguments = [&["fix", "--interactive"], &LACKS[..], &["."]].concat();
    let run = folder.pipe(&arguments, "n\ny\nq\n");
    assert_eq!(run.code, 0, "{run:?}");
    let listed = fs::read_to_string(folder.path("kustomization.yaml")).unwrap();
    assert_eq!(
        listed,
        "resources:  # all\n- a.yaml\n- shop-network-policy.yaml\n"
    );
    assert!(!folder.path("shop-limit-range.yaml").exists());
}

/// A role that may read Secrets beside ConfigMaps, and do anything with pods.
const ROLE: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: helper, namespace: shop}
rules:
  # what it runs
  - apiGroups: ['']
    resources: [pods/log]
    verbs: ['*']
  - apiGroups: ['']
    resources: [configmaps, secrets]
    verbs: [get, list]
  - apiGroups: ['']
    resources: [secrets]
    verbs: [watch]
";

#[test]
fn rights_are_taken_only_where_strict_was_asked_for() {
    let folder = Folder::with(ROLE);
    let finding = |id: &str| {
        let report = folder.scan().report;
        let findings = report["findings"].as_array().unwrap().clone();
        findings
            .into_iter()
            .find(|finding| finding["control"] == id)
    };
    assert!(
        finding("secrets-readable").unwrap()["fix"].is_null(),
        "nothing does it unasked"
    );
    let (code, _, err) = fix(&folder, &["--write", "--verbose", "."]);
    assert_eq!(code, 0, "{err}");
    let says = "only its strict option ends it: plimsoll fix --option strict";
    assert!(err.replace("\n    ", " ").contains(says), "{err}");
    let usual = ROLE.replace(
        "['*']",
        "['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']",
    );
    assert_eq!(fs::read_to_string(folder.path("a.yaml")).unwrap(), usual);
    assert_eq!(fix(&folder, &["--write", "--option", "strict", "."]).0, 0);
    let strict = usual.replace("configmaps, secrets", "configmaps");
    let strict = strict
        .split("  - apiGroups: ['']\n    resources: [secrets]")
        .next()
        .unwrap();
    assert_eq!(fs::read_to_string(folder.path("a.yaml")).unwrap(), strict);
    assert!(finding("secrets-readable").is_none());
}

#[test]
fn an_account_of_its_own_is_made_where_a_binding_names_the_shared_one() {
    let folder = Folder::with(
        "\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
  - {kind: ServiceAccount, name: default, namespace: shop}
",
    );
    fs::write(folder.path("kustomization.yaml"), "resources: [a.yaml]\n").unwrap();
    let arguments = [
        "--write",
        "--option",
        "strict",
        "--control",
        "default-service-account-bound",
        ".",
    ];
    let (code, _, err) = fix(&folder, &arguments);
    assert_eq!(code, 0, "{err}");
    let text = |name: &str| fs::read_to_string(folder.path(name)).unwrap();
    assert!(text("a.yaml").contains("{kind: ServiceAccount, name: reader, namespace: shop}"));
    let account = text("reader-service-account.yaml");
    assert!(
        account.contains("kind: ServiceAccount\nmetadata:\n  name: reader\n  namespace: shop\n"),
        "{account}"
    );
    assert_eq!(
        text("kustomization.yaml"),
        "resources: [a.yaml, reader-service-account.yaml]\n"
    );
    assert_eq!(fix(&folder, &arguments).0, 0);
}

#[test]
fn an_account_of_its_own_is_made_for_a_pod_that_names_none() {
    let folder = Folder::with(
        "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      serviceAccount: default
      containers:
        - {name: web, image: registry.example.com/web:1.2}
",
    );
    let arguments = |option| {
        [
            "--write",
            "--option",
            option,
            "--control",
            "default-account-used",
            ".",
        ]
    };
    let (code, _, err) = fix(&folder, &arguments("recommended"));
    assert_eq!(code, 0, "{err}");
    assert!(!folder.path("web-service-account.yaml").exists());
    let (code, _, err) = fix(&folder, &arguments("strict"));
    assert_eq!(code, 0, "{err}");
    let text = |name: &str| fs::read_to_string(folder.path(name)).unwrap();
    let pod = "    spec:\n      containers:\n        - {name: web, image: registry.example.com/web:1.2}\n      serviceAccountName: web\n";
    assert!(text("a.yaml").ends_with(pod), "{}", text("a.yaml"));
    let account = text("web-service-account.yaml");
    assert!(
        account.contains("  name: web\n  namespace: shop\n"),
        "{account}"
    );
    assert_eq!(fix(&folder, &arguments("strict")).0, 0);
}

#[test]
fn a_new_object_is_not_blamed_for_what_an_edit_does() {
    let folder = Folder::with(
        "\
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: registry.example.com/web:1.2}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: nodes}
webhooks:
- name: nodes.shop.example.com
  clientConfig: {service: {namespace: shop, name: nodes}}
  rules:
  - {apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [nodes]}
  failurePolicy: Ignore
  sideEffects: None
  admissionReviewVersions: [v1]
",
    );
    let (_, out, err) = fix(&folder, &["."]);
    let err = err.replace("\n    ", " ");
    let blamed = err.lines().filter(|line| line.contains("would cause"));
    let blamed: Vec<&str> = blamed.collect();
    assert!(
        matches!(blamed.as_slice(), [one] if one.starts_with("left[admission-fails-open]")),
        "{err}"
    );
    for kind in ["NetworkPolicy", "LimitRange", "ResourceQuota"] {
        assert!(out.contains(&format!("kind: {kind}")), "{kind}: {out}");
    }
}

#[test]
fn an_unknown_control_is_an_error_that_names_the_nearest() {
    let folder = Folder::with(PRIVILEGED);
    let (code, out, err) = fix(&folder, &["--control", "privileged-contaner", "."]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("privileged-container"), "{err}");
}

#[cfg(unix)]
#[test]
fn a_read_only_file_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with(PRIVILEGED);
    fs::set_permissions(folder.path("a.yaml"), fs::Permissions::from_mode(0o444)).unwrap();
    let (code, _, err) = fix(
        &folder,
        &["--write", "--control", "privileged-container", "."],
    );
    assert_eq!(code, 1);
    assert!(err.contains("a.yaml is read-only"), "{err}");
    assert!(err.contains("0 of them fixed in 0 files"), "{err}");
    assert_eq!(
        fs::read_to_string(folder.path("a.yaml")).unwrap(),
        PRIVILEGED
    );
}

/// How far a run may get before it is killed.
#[derive(Clone, Copy)]
enum Moment {
    Files(usize),
    Draft,
}

/// How many runs are killed every day; `PLIMSOLL_KILLS` says how many when somebody wants to be sure.
const KILLS: usize = 6;

/// Runs are killed when so many files are new, or as soon as a draft lies beside them; watching goes on until then or until
/// the run ends by itself, so nothing depends on how fast anything is.
#[test]
fn a_killed_run_leaves_every_file_old_or_new() {
    const FILES: usize = 24;
    let kills = std::env::var("PLIMSOLL_KILLS").ok();
    let kills = kills.and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let name = |number: usize| format!("{number:02}.yaml");
    let text = |number: usize| WEB.replace("name: web,", &format!("name: web{number},"));
    let whole = (0..FILES).fold(Folder::new(), |folder, number| {
        folder.file(&name(number), text(number))
    });
    assert_eq!(fix(&whole, &["--write", "."]).0, 0);
    let new: Vec<String> = (0..FILES)
        .map(|number| fs::read_to_string(whole.path(&name(number))).unwrap())
        .collect();
    let mut torn = Vec::new();
    let mut killed_between = 0;
    let moments = (0..kills).map(|step| match step % 3 {
        2 => Moment::Draft,
        _ => Moment::Files(step * 5 % (FILES - 4)),
    });
    for moment in moments {
        let folder = (0..FILES).fold(Folder::new(), |folder, number| {
            folder.file(&name(number), text(number))
        });
        let mut command = folder.command(&["fix", "--write", "."]);
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let read = |number: usize| fs::read_to_string(folder.path(&name(number))).unwrap();
        let come = |moment| match moment {
            Moment::Files(count) => read(count) != text(count),
            Moment::Draft => {
                let mut entries = fs::read_dir(folder.path(".")).unwrap().flatten();
                entries.any(|entry| {
                    entry
                        .file_name()
                        .to_string_lossy()
                        .starts_with(".plimsoll-")
                })
            }
        };
        while child.try_wait().unwrap().is_none() && !come(moment) {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let news = (0..FILES)
            .filter(|number| read(*number) == new[*number])
            .count();
        torn.extend((0..FILES).filter(|number| {
            let now = read(*number);
            now != new[*number] && now != text(*number)
        }));
        killed_between += usize::from(news > 0 && news < FILES);
        // What was left over is hidden, and a second run finishes the work.
        assert_eq!(fix(&folder, &["--write", "."]).0, 0);
        assert!((0..FILES).all(|number| read(number) == new[number]));
    }
    assert!(torn.is_empty(), "{torn:?}");
    assert!(killed_between > 0, "no run was killed while it wrote");
}

/// A namespace with something in it.
const NAMESPACE: &str = "\
apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: registry.example.com/web:1.2}]}
";

/// A folder with a namespace, listed in a kustomization.
fn namespace() -> Folder {
    let folder = Folder::with(NAMESPACE);
    let listed = "resources:  # all\n- a.yaml\n";
    fs::write(folder.path("kustomization.yaml"), listed).unwrap();
    folder
}

const LACKS: [&str; 8] = [
    "--control",
    "limit-range-missing",
    "--control",
    "resource-quota-missing",
    "--control",
    "ingress-not-denied-by-default",
    "--control",
    "egress-not-denied-by-default",
];

#[test]
fn what_a_namespace_lacks_is_made_in_new_files_that_the_kustomization_names() {
    let folder = namespace();
    let (code, out, err) = fix(&folder, &[&LACKS[..], &["."]].concat());
    assert_eq!(code, 1, "{err}");
    let head = "--- /dev/null\n+++ b/shop-limit-range.yaml\n";
    assert!(out.contains(head), "{out}");
    let (code, _, err) = fix(&folder, &[&LACKS[..], &["--write", "."]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("4 findings: 4 with a fix, 4 of them fixed in 4 files"),
        "{err}"
    );
    let listed = fs::read_to_string(folder.path("kustomization.yaml")).unwrap();
    assert_eq!(
        listed,
        "resources:  # all\n- a.yaml\n- shop-limit-range.yaml\n- shop-network-policy.yaml\n- shop-resource-quota.yaml\n"
    );
    let quota = fs::read_to_string(folder.path("shop-resource-quota.yaml")).unwrap();
    assert!(quota.contains("\nkind: ResourceQuota\n"), "{quota}");
    assert!(
        !quota.contains("kind: LimitRange"),
        "a file holds what its name says: {quota}"
    );
    let (code, out, err) = fix(&folder, &[&LACKS[..], &["--write", "."]].concat());
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("0 findings"), "{err}");
}

/// Two folders define the same pod and so are environments of their own. The new files define the same objects in the third
/// one, too, which makes it another.
#[test]
fn new_files_may_tell_environments_apart() {
    let folder = Folder::new()
        .file("deploy/one/a.yaml", NAMESPACE)
        .file("deploy/two/a.yaml", NAMESPACE)
        .file("deploy/three/a.yaml", NAMESPACE.replace("web", "api"));
    let (code, _, err) = fix(&folder, &["--write", "."]);
    assert_eq!(code, 0, "{err}");
    assert!(!err.contains("left["), "{err}");
    for place in ["one", "two", "three"] {
        let new = format!("deploy/{place}/shop-network-policy.yaml");
        assert!(folder.path(&new).exists(), "{new}");
    }
    let (code, out, err) = fix(&folder, &["--write", "."]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
}

#[test]
fn a_file_that_is_there_is_not_written_over_by_a_new_one() {
    let folder = namespace();
    fs::write(folder.path("shop-limit-range.yaml"), "# mine\n").unwrap();
    let arguments = ["--write", "--control", "limit-range-missing", "."];
    let (code, _, err) = fix(&folder, &arguments);
    assert_eq!(code, 1, "{err}");
    assert!(
        err.contains("shop-limit-range.yaml is there already"),
        "{err}"
    );
    let mine = fs::read_to_string(folder.path("shop-limit-range.yaml")).unwrap();
    assert_eq!(mine, "# mine\n");
}

#[test]
fn a_file_that_a_kustomization_changes_is_fixed_as_it_is_written() {
    let folder = Folder::with(PRIVILEGED);
    let kustomization = "namePrefix: x-\nresources:\n- a.yaml\n";
    fs::write(folder.path("kustomization.yaml"), kustomization).unwrap();
    let arguments = ["--write", "--control", "privileged-container", "."];
    let (code, _, err) = fix(&folder, &arguments);
    assert_eq!(code, 0, "{err}");
    let text = fs::read_to_string(folder.path("a.yaml")).unwrap();
    assert!(!text.contains("privileged"), "{text}");
}
