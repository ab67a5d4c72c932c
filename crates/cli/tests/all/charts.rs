//! Charts: rendered by the real Helm, 3 and 4, with every finding on the line of its template. The chart is our own.

use std::fs::File;

use crate::folder::{Folder, PRIVILEGED, Run, Scan};
use crate::programs::{program, script};

const CHART: &str = "apiVersion: v2\nname: web\nversion: 1.0.0\n";

const HELPERS: &str = r#"{{- define "web.name" -}}
{{ .Release.Name }}-web
{{- end }}
{{- define "web.security" }}
privileged: true
runAsUser: 0
{{- end }}
"#;

const VALUES: &str = "\
host: true
workers: [one, two]
ports:
  - name: http
    containerPort: 80
    hostPort: 8080
job: {privileged: true}
db: {privileged: false}
";

/// Every line with a fault that the tests look for says so.
const DEPLOYMENT: &str = r#"{{- $name := include "web.name" . }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  annotations:
    checksum/config: {{ include (print $.Template.BasePath "/config.yaml") . | sha256sum }}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
    spec:
      {{- if .Values.host }}
      hostNetwork: true
      {{- end }}
      hostPID: {{ .Values.host }}
      containers:
        {{- range .Values.workers }}
        - name: {{ . }}
          image: registry.example.com/web:1
          securityContext:
            {{- include "web.security" $ | nindent 12 }}
        {{- end }}
        - name: front
          image: "registry.example.com/front"
          {{- with .Values.ports }}
          ports:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          securityContext: {privileged: true}
"#;

const CONFIG: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: config}
data: {colour: blue}
";

const HOOK: &str = r#"{{- if .Values.job -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {helm.sh/hook: pre-install}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: registry.example.com/migrate:1
          securityContext:
            {{- toYaml .Values.job | nindent 12 -}}
{{- end -}}
"#;

const DATABASE: &str = r#"apiVersion: v1
kind: Pod
metadata: {name: db}
spec:
  hostIPC: true
  containers:
    - name: db
      image: registry.example.com/db:1
      securityContext:
        privileged: {{ .Values.privileged }} # plimsoll: allow privileged-container: a database of our own
"#;

fn chart() -> Folder {
    Folder::new()
        .file("web/Chart.yaml", CHART)
        .file("web/values.yaml", VALUES)
        .file("web/templates/_helpers.tpl", HELPERS)
        .file("web/templates/deployment.yaml", DEPLOYMENT)
        .file("web/templates/config.yaml", CONFIG)
        .file("web/templates/hook.yaml", HOOK)
        .file("web/templates/NOTES.txt", "kind: Pod\n{{ .Values.host }}\n")
        .file("web/charts/db/Chart.yaml", CHART.replace("web", "db"))
        .file("web/charts/db/values.yaml", "privileged: true\n")
        .file("web/charts/db/templates/pod.yaml", DATABASE)
}

/// Both versions of Helm, as far as they are there.
fn helms(test: &str) -> Vec<String> {
    ["helm3", "helm4"]
        .iter()
        .filter_map(|name| program(name, test))
        .collect()
}

/// `line:column` of a control's findings in a template; `~` before those that are only about there.
fn places(scan: &Scan, control: &str, file: &str) -> Vec<String> {
    let findings = scan.report["findings"].as_array().unwrap().iter();
    let of_control = findings
        .filter(|finding| finding["control"] == control && finding["location"]["file"] == file);
    let place = |at: &serde_json::Value| {
        let about = if at["exact"] == true { "" } else { "~" };
        format!("{about}{}:{}", at["line"], at["column"])
    };
    of_control
        .map(|finding| place(&finding["location"]))
        .collect()
}

#[test]
fn every_finding_stands_on_the_line_of_its_template() {
    for helm in helms("every_finding_stands_on_the_line_of_its_template") {
        let scan = chart().scan_with(&["--helm", &helm, "."]);
        assert_eq!(scan.gaps(), [""; 0], "{helm}");
        let deployment = "web/templates/deployment.yaml";
        for (control, places_there) in [
            ("host-network", vec!["15:7"]),
            ("host-pid", vec!["17:7"]),
            // The helper's lines belong to the line that includes it, once for each worker; the last is written there.
            ("privileged-container", vec!["~23:13", "~23:13", "31:29"]),
            ("image-tag-latest", vec!["26:11"]),
            ("host-port", vec!["~29:13"]),
        ] {
            assert_eq!(
                places(&scan, control, deployment),
                places_there,
                "{control} with {helm}"
            );
        }
        let hook = places(&scan, "privileged-container", "web/templates/hook.yaml");
        assert_eq!(hook, ["~15:13"], "{helm}");
        let database = "web/charts/db/templates/pod.yaml";
        assert_eq!(places(&scan, "host-ipc", database), ["5:3"], "{helm}");
    }
}

#[test]
fn a_comment_in_a_template_waives() {
    for helm in helms("a_comment_in_a_template_waives") {
        let folder = chart().file("web/charts/db/values.yaml", "privileged: true\n");
        let folder = folder.file(
            "web/values.yaml",
            VALUES.replace("db: {privileged: false}\n", ""),
        );
        let scan = folder.scan_with(&["--helm", &helm, "."]);
        let waived = &scan.report["waived"];
        assert_eq!(waived.as_array().unwrap().len(), 1, "{waived}");
        let at = &waived[0]["finding"]["location"];
        assert_eq!(
            (&at["file"], &at["line"]),
            (&"web/charts/db/templates/pod.yaml".into(), &10.into())
        );
    }
}

#[test]
fn where_nobody_says_where_a_release_goes_it_is_not_in_the_default_namespace() {
    let pod = |namespace| {
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}]}\n".to_owned()
        .replace("{name: a}\n", &format!("\n  name: a\n  namespace: {namespace}\n"))
    };
    let chart = Folder::new()
        .file("web/Chart.yaml", CHART)
        .file("web/templates/said.yaml", pod("default"))
        .file(
            "web/templates/released.yaml",
            pod("{{ .Release.Namespace }}"),
        );
    let test = "where_nobody_says_where_a_release_goes_it_is_not_in_the_default_namespace";
    for helm in helms(test) {
        let found = |options: &[&str]| {
            let scan = chart.scan_with(&[&["--helm", &helm], options, &["."]].concat());
            let counts = &scan.report["summary"]["controls"]["default-namespace"];
            (counts["failed"].clone(), counts["notAssessed"].clone())
        };
        assert_eq!(found(&[]), (1.into(), 1.into()), "{helm}");
        assert_eq!(found(&["--namespace", "default"]), (2.into(), 0.into()));
        assert_eq!(found(&["--namespace", "shop"]), (1.into(), 0.into()));
    }
}

#[test]
fn options_reach_helm() {
    let template = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: '{{ .Release.Name }}', namespace: '{{ .Release.Namespace }}'}
data:
  a: {{ .Values.a | quote }}
  b: {{ .Values.b | quote }}
  version: {{ .Capabilities.KubeVersion.Version }}
  has: {{ .Capabilities.APIVersions.Has \"a.example/v1\" | quote }}
---
apiVersion: v1
kind: Pod
metadata: {name: '{{ .Release.Name }}-{{ .Values.a }}{{ .Values.b }}', namespace: '{{ .Release.Namespace }}'}
spec:
  hostNetwork: {{ .Capabilities.APIVersions.Has \"a.example/v1\" }}
  hostPID: {{ eq .Capabilities.KubeVersion.Minor \"30\" }}
";
    for helm in helms("options_reach_helm") {
        let folder = Folder::new()
            .file("web/Chart.yaml", CHART)
            .file("web/templates/a.yaml", template)
            .file("values.yaml", "a: 1\nb: 1\n");
        let arguments = [
            "--helm",
            &helm,
            "-f",
            "values.yaml",
            "--set",
            "b=2",
            "--release-name",
            "shop",
            "-n",
            "prod",
            "--kubernetes-version",
            "1.30",
            "--api-versions",
            "a.example/v1",
            "web",
        ];
        let scan = folder.scan_with(&arguments);
        assert_eq!(scan.found("host-network"), ["web/templates/a.yaml:14"]);
        assert_eq!(scan.found("host-pid"), ["web/templates/a.yaml:15"]);
        let object = &scan.report["findings"][0]["object"];
        assert_eq!(
            (&object["name"], &object["namespace"]),
            (&"shop-12".into(), &"prod".into())
        );
    }
}

#[test]
fn a_chart_is_rendered_once_for_each_file_of_values() {
    for helm in helms("a_chart_is_rendered_once_for_each_file_of_values") {
        let configuration = "\
version: 1
charts:
  - path: web
    namespace: shop
    values: [dev.yaml, prod.yaml]
";
        let pod = "\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: '{{ .Release.Namespace }}'}
spec:
  hostPID: {{ .Values.debug }}
  hostNetwork: true
";
        let folder = Folder::new()
            .file("plimsoll.yaml", configuration)
            .file("web/Chart.yaml", CHART)
            .file("web/templates/a.yaml", pod)
            .file("dev.yaml", "debug: true\n")
            .file("prod.yaml", "debug: false\n");
        let scan = folder.scan_with(&["--helm", &helm, "."]);
        assert_eq!(scan.summary("units"), 2);
        assert_eq!(scan.found("host-pid"), ["web/templates/a.yaml:5"]);
        // The same fault of both renderings is told once.
        assert_eq!(scan.found("host-network"), ["web/templates/a.yaml:6"]);
        let findings = scan.report["findings"].as_array().unwrap();
        let network = findings
            .iter()
            .find(|finding| finding["control"] == "host-network")
            .unwrap();
        assert_eq!(network["object"]["unit"], "web (dev.yaml)");
        assert_eq!(network["related"][0]["object"]["unit"], "web (prod.yaml)");
    }
}

#[test]
fn files_of_values_lie_below_the_configuration() {
    let folder = Folder::new()
        .file("values.yaml", "")
        .file("in/web/Chart.yaml", CHART)
        .file(
            "in/plimsoll.yaml",
            "version: 1\ncharts: [{path: web, values: [../values.yaml]}]\n",
        );
    let run = folder.run(&["scan", "in"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err
            .contains("there is no ../values.yaml below the configuration's folder"),
        "{}",
        run.err
    );
}

fn pack(folder: &Folder, chart: &str, archive: &str) {
    let archive = File::create(folder.path(archive)).unwrap();
    let fast = flate2::Compression::fast();
    let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(archive, fast));
    archive.append_dir_all(chart, folder.path(chart)).unwrap();
    archive.into_inner().unwrap().finish().unwrap();
}

#[test]
fn an_archive_is_a_chart_and_its_members_are_named() {
    for helm in helms("an_archive_is_a_chart_and_its_members_are_named") {
        let folder = chart();
        pack(&folder, "web", "web-1.0.0.tgz");
        let scan = folder.scan_with(&["--helm", &helm, "web-1.0.0.tgz"]);
        assert_eq!(
            scan.found("host-network"),
            ["web-1.0.0.tgz!templates/deployment.yaml:15"]
        );
        assert_eq!(
            scan.found("host-ipc"),
            ["web-1.0.0.tgz!charts/db/templates/pod.yaml:5"]
        );
        std::fs::remove_dir_all(folder.path("web")).unwrap();
        let whole = folder.scan_with(&["--helm", &helm, "."]);
        assert_eq!(
            whole.found("host-pid"),
            ["web-1.0.0.tgz!templates/deployment.yaml:17"]
        );
    }
}

#[test]
fn what_helm_refuses_is_a_gap_with_its_own_words() {
    for helm in helms("what_helm_refuses_is_a_gap_with_its_own_words") {
        let template = "a: {{ required \"set the name\" .Values.name }}\n";
        let folder = Folder::new()
            .file("web/Chart.yaml", CHART)
            .file("web/templates/a.yaml", template)
            .file("pod.yaml", PRIVILEGED);
        let scan = folder.scan_with(&["--helm", &helm, "."]);
        assert_eq!(scan.code, 2);
        assert_eq!(scan.gaps(), ["helm-failed web/Chart.yaml"]);
        assert!(
            scan.gap_message().contains("set the name"),
            "{}",
            scan.gap_message()
        );
        assert!(
            !scan.gap_message().contains("/tmp"),
            "{}",
            scan.gap_message()
        );
        assert_eq!(scan.found("privileged-container"), ["pod.yaml:9"]);
    }
}

#[test]
fn a_template_that_bears_no_marks_costs_only_its_own_lines() {
    // A comment within a quoted key or a plain text of several lines is none.
    let plain = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data:
  text: one
    two
    three
";
    for helm in helms("a_template_that_bears_no_marks_costs_only_its_own_lines") {
        let folder = chart().file("web/templates/plain.yaml", plain);
        let scan = folder.scan_with(&["--helm", &helm, "."]);
        assert_eq!(scan.gaps(), [""; 0], "{helm}");
        assert_eq!(
            scan.found("host-pid"),
            ["web/templates/deployment.yaml:17"],
            "{helm}"
        );
    }
}

#[test]
fn lines_are_found_beside_checksums_and_definitions() {
    let definition = |number: usize| {
        format!(
            "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: kind{number}s.example.com}}
spec:
  description: what is said here
    goes on here
"
        )
    };
    let guarded = "\
{{- if true }}
apiVersion: v1
kind: Pod
metadata:
  name: guarded
  annotations:
    checksum: {{ include (print $.Template.BasePath \"/0.yaml\") . | sha256sum }}
spec:
  hostPID: true
  containers: []
{{- end }}
";
    for helm in helms("lines_are_found_beside_checksums_and_definitions") {
        let folder = Folder::new()
            .file("web/Chart.yaml", CHART)
            .file("web/templates/guarded.yaml", guarded);
        let folder = (0..6).fold(folder, |folder, number| {
            folder.file(&format!("web/templates/{number}.yaml"), definition(number))
        });
        // Helm prints the chart's name, not that of the folder into which its archive is unpacked.
        let folder = folder
            .file("db/Chart.yaml", CHART.replace("web", "db"))
            .file("db/templates/6.yaml", definition(6));
        std::fs::create_dir(folder.path("web/charts")).unwrap();
        pack(&folder, "db", "web/charts/db-1.0.0.tgz");
        let scan = folder.scan_with(&["--helm", &helm, "."]);
        let findings = scan.report["findings"].as_array().unwrap().iter();
        let mut findings = findings.filter(|finding| finding["control"] == "host-pid");
        let location = &findings.next().unwrap()["location"];
        assert_eq!(location["line"], 9, "{helm}");
        assert_eq!(location["exact"], true, "{helm}");
    }
}

#[test]
fn a_chart_named_by_its_path_is_no_gap_and_keeps_its_place() {
    let chart = format!(
        "{CHART}dependencies: [{{name: db, version: 1.0.0, repository: 'file://../db'}}]\n"
    );
    for helm in helms("a_chart_named_by_its_path_is_no_gap_and_keeps_its_place") {
        let folder = Folder::new()
            .file("all/web/Chart.yaml", &chart)
            .file("all/db/Chart.yaml", CHART.replace("web", "db"))
            .file("all/db/values.yaml", "privileged: true\n")
            .file("all/db/templates/pod.yaml", DATABASE);
        let scan = folder.scan_with(&["--helm", &helm, "all"]);
        assert_eq!(scan.gaps(), [""; 0], "{helm}");
        // Once by itself and once as a part of the other, which is the same fault.
        assert_eq!(
            scan.found("host-ipc"),
            ["all/db/templates/pod.yaml:5"],
            "{helm}"
        );
        let alone = folder.scan_with(&["--helm", &helm, "all/web"]);
        assert_eq!(
            alone.gaps(),
            ["helm-failed all/web/Chart.yaml"],
            "it lies outside"
        );
    }
}

#[test]
fn a_library_renders_nothing() {
    let chart = format!("{CHART}type: library\n");
    let folder = Folder::new()
        .file("web/Chart.yaml", chart)
        .file("web/templates/_a.yaml", "kind: Pod\n");
    assert!(folder.scan().is_clean());
}

#[test]
fn no_program_of_the_scanned_folder_runs() {
    let folder = script(chart(), "bin/helm", "touch \"$(dirname \"$0\")/ran\"\n");
    let folder = script(folder, "bin/kustomize", "touch \"$(dirname \"$0\")/ran\"\n");
    let folder = folder.file("over/kustomization.yaml", "namespace: a\n");
    let bin = folder.path("bin");
    for path in [bin.to_str().unwrap(), "bin", "", "."] {
        let output = folder
            .command(&["scan", "."])
            .env("PATH", path)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(!folder.path("bin/ran").exists(), "PATH={path}");
    }
    // The same program is good enough when it is named.
    let run: Run = folder.run(&["scan", "--helm", "bin/helm", "web"]);
    assert!(folder.path("bin/ran").exists(), "{run:?}");
}

#[test]
fn programs_see_nothing_of_the_user() {
    let folder = script(
        chart(),
        "outside/helm",
        "env | sort > \"$(dirname \"$0\")/seen\"\n",
    );
    let output = folder
        .command(&["scan", "--helm", "outside/helm", "web"])
        .env("HELM_PLUGINS", "/plugins")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .output()
        .unwrap();
    assert!(output.status.code().is_some());
    let seen = std::fs::read_to_string(folder.path("outside/seen")).unwrap();
    assert!(
        !seen.contains("secret") && !seen.contains("/plugins"),
        "{seen}"
    );
    assert!(seen.contains("HTTPS_PROXY=http://127.0.0.1:9"), "{seen}");
}

#[test]
fn a_program_that_is_named_has_to_be_there() {
    let run = chart().run(&["scan", "--helm", "gone", "."]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (2, "error: there is no program gone: check the path\n")
    );
}

/// What a fix says about a chart: the template and the values to change, and what they should come to. Nothing is edited, wherever it
/// is called from and also where the chart is packed.
#[test]
fn a_fix_names_the_values_and_leaves_templates_alone() {
    let Some(helm) = program("helm4", "a_fix_names_the_values_and_leaves_templates_alone") else {
        return;
    };
    let told = |folder: &Folder, path: &str| {
        let run = folder.run(&["fix", "--write", "--helm", &helm, path]);
        let told = run.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(run.code, 1, "{told}");
        told
    };
    let folder = chart();
    let says = told(&folder, "web");
    for line in [
        "change host in the values of its chart, which web/templates/deployment.yaml takes at line 17, so that \
         spec.template.spec.hostPID is gone",
        "line 5 of web/charts/db/templates/pod.yaml, `hostIPC: true`, should go, so that spec.hostIPC is gone",
    ] {
        assert!(says.contains(line), "{says}");
    }
    let kept = std::fs::read_to_string(folder.path("web/charts/db/templates/pod.yaml")).unwrap();
    assert_eq!(kept, DATABASE);

    pack(&folder, "web", "web-1.0.0.tgz");
    let says = told(&folder, "web-1.0.0.tgz");
    let line = "it was rendered: change web-1.0.0.tgz!charts/db/templates/pod.yaml at line 5";
    assert!(says.contains(line), "{says}");

    let lone = Folder::new()
        .file("Chart.yaml", CHART)
        .file("templates/pod.yaml", PRIVILEGED);
    let line = "line 9 of templates/pod.yaml, `privileged: true`, should go";
    let says = told(&lone, ".");
    assert!(says.contains(line), "{says}");
    let kept = std::fs::read_to_string(lone.path("templates/pod.yaml")).unwrap();
    assert_eq!(kept, PRIVILEGED);
}
