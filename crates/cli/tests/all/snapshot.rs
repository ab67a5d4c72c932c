//! Saved snapshots: judged with the texts that made them, compared, and with their names taken out.

use plimsoll_cluster::{Cause, Entry, Header, Missed, SCHEMA, Saved, Writer};
use serde_json::{Value, json};

use crate::folder::{Folder, Run};
use crate::programs::program;

fn header(namespaces: &[&str]) -> Header {
    Header {
        schema: SCHEMA.to_owned(),
        server_version: "v1.37.1".to_owned(),
        taken: "2027-01-31".to_owned(),
        namespaces: namespaces.iter().map(|name| (*name).to_owned()).collect(),
        selector: None,
        redaction: None,
    }
}

fn saved(objects: &[Value]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), &header(&[])).unwrap();
    objects
        .iter()
        .for_each(|object| writer.object(object).unwrap());
    writer.finish().unwrap().0
}

fn objects(folder: &Folder, name: &str) -> Vec<Value> {
    let mut saved = Saved::open(&folder.path(name)).unwrap();
    let entries = saved.entries().unwrap();
    let objects = entries.filter_map(|entry| match entry.unwrap() {
        Entry::Object(text) => Some(serde_json::from_str(&text).unwrap()),
        Entry::Gap(_) => None,
    });
    objects.collect()
}

fn deployment(name: &str, container: Value) -> Value {
    let labels = json!({"app": name});
    json!({"apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop", "labels": labels},
        "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels},
            "spec": {"dnsPolicy": "ClusterFirst", "securityContext": {}, "containers": [container]}}}})
}

fn container(privileged: bool) -> Value {
    json!({"name": "api", "image": "registry.example.com/api:1.2.3", "imagePullPolicy": "IfNotPresent",
        "resources": {}, "securityContext": {"privileged": privileged}})
}

fn report(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{run:?}"))
}

/// The findings of a control.
fn of<'r>(report: &'r Value, control: &str) -> Vec<&'r Value> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["control"] == control)
        .collect()
}

const WRITTEN: &str = "\
# The API of the shop
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  labels: {app: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: registry.example.com/api:1.2.3
          securityContext:
            privileged: true
";

#[test]
fn a_live_finding_names_the_line_that_made_it() {
    let folder = Folder::new()
        .file(
            "c.snapshot",
            saved(&[
                deployment("api", container(true)),
                deployment("other", container(true)),
            ]),
        )
        .file("deploy/api.yaml", WRITTEN)
        .file("deploy/tsconfig.json", "{ // no JSON");
    let run = folder.run(&[
        "scan",
        "--format",
        "json",
        "c.snapshot",
        "--source",
        "deploy",
    ]);
    assert_eq!(run.code, 1);
    assert!(
        run.err.starts_with("source: ") && run.err.contains("findings have no line there"),
        "{}",
        run.err
    );
    let live = report(&run);
    let privileged = of(&live, "privileged-container");
    let located: Vec<&Value> = privileged
        .iter()
        .map(|finding| &finding["location"])
        .collect();
    assert!(
        located.contains(&&Value::Null),
        "the other one: {located:?}"
    );
    let expected = json!({"file": "deploy/api.yaml", "document": 1, "line": 16, "column": 13, "endLine": 16, "endColumn": 29,
        "exact": true});
    assert!(located.contains(&&expected), "{located:?}");
    // The server filled in what the finding is about: the nearest line that somebody wrote.
    let run = folder.run(&["scan", "--format", "json", "deploy"]);
    let written = report(&run);
    for finding in written["findings"].as_array().unwrap() {
        let control = finding["control"].as_str().unwrap();
        let path = &finding["path"];
        let twins = of(&live, control);
        let twin = twins
            .iter()
            .find(|twin| twin["path"] == *path && !twin["location"].is_null());
        // Without a namespace in the file, some say more about the cluster than about the file.
        if let Some(twin) = twin {
            assert_eq!(
                twin["location"]["line"], finding["location"]["line"],
                "{control}"
            );
        }
    }
}

#[test]
fn what_the_server_filled_in_is_told_at_the_nearest_line() {
    let mut live = deployment("api", container(true));
    live["spec"]["template"]["spec"]["hostNetwork"] = json!(true);
    let folder = Folder::new()
        .file("c.snapshot", saved(&[live]))
        .file("api.yaml", WRITTEN);
    let run = folder.run(&[
        "scan",
        "--format",
        "json",
        "c.snapshot",
        "--source",
        "api.yaml",
    ]);
    let report = report(&run);
    let finding = of(&report, "host-network")[0];
    assert_eq!(finding["path"], "spec.template.spec.hostNetwork");
    assert_eq!(
        (&finding["location"]["line"], &finding["location"]["exact"]),
        (&json!(11), &json!(false))
    );
    let run = folder.run(&["scan", "c.snapshot", "--source", "api.yaml"]);
    assert!(run.out.contains("api.yaml:16:13"), "{}", run.out);
}

#[test]
fn a_release_is_traced_to_the_template_of_its_chart() {
    let template = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .Release.Name }}-web}\nspec:\n  template:\n    spec:\n\
        \x20     {{- if .Values.host }}\n      hostPID: true\n      {{- end }}\n      containers: [{name: api, image: a}]\n";
    let mut live = deployment("blue-web", container(false));
    live["spec"]["template"]["spec"]["hostPID"] = json!(true);
    live["metadata"]["annotations"] =
        json!({"meta.helm.sh/release-name": "blue", "meta.helm.sh/release-namespace": "shop"});
    let mut other = live.clone();
    other["metadata"]["name"] = json!("green-web");
    let folder = Folder::new()
        .file("c.snapshot", saved(&[live, other]))
        .file(
            "web/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        )
        .file("web/values.yaml", "host: true\n")
        .file("web/templates/web.yaml", template);
    let run = folder.run(&["scan", "c.snapshot", "--source", "web", "--format", "json"]);
    assert!(
        run.err
            .contains("source: chart web is not rendered: install helm"),
        "{}",
        run.err
    );
    for name in ["helm3", "helm4"] {
        let Some(helm) = program(name, "a_release_is_traced_to_the_template_of_its_chart") else {
            return;
        };
        let run = folder.run(&[
            "scan",
            "c.snapshot",
            "--source",
            "web",
            "--helm",
            &helm,
            "--format",
            "json",
        ]);
        let report = report(&run);
        let found = of(&report, "host-pid");
        let place = |finding: &Value| {
            let at = &finding["location"];
            (
                finding["object"]["name"].clone(),
                at["file"].clone(),
                at["line"].clone(),
                at["exact"].clone(),
            )
        };
        assert_eq!(found.len(), 2);
        let traced = (
            json!("blue-web"),
            json!("web/templates/web.yaml"),
            json!(8),
            json!(true),
        );
        assert!(
            found.iter().any(|finding| place(finding) == traced),
            "{found:#?}"
        );
        let unknown = found.iter().filter(|finding| finding["location"].is_null());
        assert_eq!(
            unknown.count(),
            1,
            "green was released as blue says its mark, but is not called so"
        );
    }
}

#[test]
fn an_overlay_is_traced_to_its_patch() {
    let Some(kustomize) = program("kustomize", "an_overlay_is_traced_to_its_patch") else {
        return;
    };
    let overlay = |host: &str| {
        format!(
            "resources: [../base]\nnamespace: shop\npatches:\n  - patch: |-\n      apiVersion: apps/v1\n      kind: Deployment\n\
            \x20     metadata: {{name: api}}\n      spec:\n        template:\n          spec:\n            {host}: true\n"
        )
    };
    let mut live = deployment("api", container(true));
    live["spec"]["template"]["spec"]["hostPID"] = json!(true);
    let folder = Folder::new()
        .file("c.snapshot", saved(&[live]))
        .file("base/kustomization.yaml", "resources: [api.yaml]\n")
        .file("base/api.yaml", WRITTEN)
        .file("prod/kustomization.yaml", overlay("hostPID"))
        .file("dev/kustomization.yaml", overlay("hostIPC"));
    let run = folder.run(&[
        "scan",
        "c.snapshot",
        "--source",
        ".",
        "--kustomize",
        &kustomize,
        "--format",
        "json",
    ]);
    let report = report(&run);
    let at = |control: &str| {
        let at = &of(&report, control)[0]["location"];
        (at["file"].clone(), at["line"].clone())
    };
    assert_eq!(
        at("host-pid"),
        (json!("prod/kustomization.yaml"), json!(11)),
        "of both environments the one that was deployed"
    );
    assert_eq!(
        at("privileged-container"),
        (json!("base/api.yaml"), json!(16))
    );
}

#[test]
fn a_source_needs_a_cluster() {
    let folder = Folder::with(WRITTEN);
    let run = folder.run(&["scan", "--source", "a.yaml", "a.yaml"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("add --cluster or name a snapshot"),
        "{}",
        run.err
    );
    let folder = folder.file("c.snapshot", saved(&[]));
    let run = folder.run(&["scan", "c.snapshot", "--source", "nowhere"]);
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn an_annotation_on_a_live_object_waives_its_finding() {
    let mut object = deployment("api", container(true));
    object["metadata"]["annotations"] = json!({"plimsoll.dev/allow.privileged-container": "container api (me@example.com): loads a module"});
    let other = deployment("other", container(true));
    let folder = Folder::new().file("c.snapshot", saved(&[object, other]));
    let report = report(&folder.run(&["scan", "--format", "json", "c.snapshot"]));
    assert_eq!(of(&report, "privileged-container").len(), 1);
    assert_eq!(
        of(&report, "privileged-container")[0]["object"]["name"],
        "other"
    );
    assert_eq!(report["waived"][0]["finding"]["object"]["name"], "api");
    let redacted = folder.run(&["snapshot", "redact", "c.snapshot", "-o", "r.snapshot"]);
    assert_eq!(redacted.code, 0, "{redacted:?}");
    let report = self::report(&folder.run(&["scan", "--format", "json", "r.snapshot"]));
    assert_eq!(report["waived"].as_array().unwrap().len(), 1);
}

#[test]
fn settings_in_a_live_config_map_are_judged() {
    let kubelet = json!({"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
        "authentication": {"anonymous": {"enabled": true}}});
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kubelet-config", "namespace": "kube-system"},
        "data": {"kubelet": kubelet.to_string(), "other": ""}});
    let folder = Folder::new().file("c.snapshot", saved(&[map]));
    for name in ["c.snapshot", "r.snapshot"] {
        let report = report(&folder.run(&["scan", "--format", "json", name]));
        let finding = of(&report, "kubelet-anonymous-access")[0];
        assert_eq!(
            finding["path"],
            "data.kubelet!authentication.anonymous.enabled"
        );
        assert_eq!(finding["location"], Value::Null);
        assert_eq!(finding["object"]["kind"], "ConfigMap");
        folder.run(&["snapshot", "redact", "c.snapshot", "-o", "r.snapshot"]);
    }
}

#[test]
fn a_diff_tells_objects_paths_and_findings() {
    let before = [
        deployment("api", container(false)),
        deployment("old", container(false)),
    ];
    let mut changed = deployment("api", container(true));
    changed["metadata"]["resourceVersion"] = json!("7");
    changed["status"] = json!({"replicas": 1});
    let after = [changed, deployment("new", container(false))];
    let folder = Folder::new()
        .file("a.snapshot", saved(&before))
        .file("b.snapshot", saved(&after));
    let diff = |arguments: &[&str]| folder.run(&[&["snapshot", "diff"], arguments].concat());
    let same = diff(&["a.snapshot", "a.snapshot"]);
    assert_eq!((same.code, same.err.as_str()), (0, ""));
    let run = diff(&["a.snapshot", "b.snapshot"]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(
        lines[..4],
        [
            "added    Deployment shop/new",
            "removed  Deployment shop/old",
            "changed  Deployment shop/api",
            "           spec.template.spec.containers[0].securityContext.privileged: false -> true",
        ]
    );
    let json = report(&diff(&["--format", "json", "a.snapshot", "b.snapshot"]));
    assert_eq!(json["schema"], "plimsoll.snapshot-diff/v1");
    let change = json!({"path": "spec.template.spec.containers[0].securityContext.privileged", "before": false, "after": true});
    let object = json!({"group": "apps", "kind": "Deployment", "namespace": "shop", "name": "api"});
    assert_eq!(
        json["objects"]["changed"],
        json!([{"object": object, "changes": [change]}])
    );
    let of = |side: &str, name: &str| {
        let findings = json["findings"][side].as_array().unwrap().iter();
        let controls = findings.filter(|finding| finding["object"]["name"] == name);
        controls
            .map(|finding| finding["control"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert!(of("came", "api").contains(&"privileged-container".to_owned()));
    assert!(of("came", "old").is_empty() && of("went", "new").is_empty());
    assert!(!of("went", "old").is_empty() && !of("came", "new").is_empty());
    assert_eq!(
        json["summary"]["came"],
        json["findings"]["came"].as_array().unwrap().len()
    );
}

#[test]
fn a_diff_is_unsure_with_gaps_and_refuses_what_says_nothing_about_each_other() {
    let objects = [deployment("api", container(false))];
    let written = |header: &Header, gap: bool| {
        let mut writer = Writer::new(Vec::new(), header).unwrap();
        objects
            .iter()
            .for_each(|object| writer.object(object).unwrap());
        if gap {
            let message = "pods in the cluster may not be listed".to_owned();
            writer
                .gap(&Missed {
                    cause: Cause::Forbidden,
                    message,
                })
                .unwrap();
        }
        writer.finish().unwrap().0
    };
    let folder = Folder::new()
        .file("a.snapshot", written(&header(&[]), false))
        .file("gap.snapshot", written(&header(&[]), true))
        .file("shop.snapshot", written(&header(&["shop"]), false))
        .file("text.yaml", WRITTEN);
    let diff = |arguments: &[&str]| folder.run(&[&["snapshot", "diff"], arguments].concat());
    let run = diff(&["a.snapshot", "gap.snapshot"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.out
            .contains("gap      gap.snapshot: pods in the cluster"),
        "{}",
        run.out
    );
    assert_eq!(
        diff(&["--allow-gaps", "gap.snapshot", "gap.snapshot"]).code,
        0
    );
    let run = diff(&["a.snapshot", "shop.snapshot"]);
    assert_eq!((run.code, run.err.lines().count()), (2, 1));
    assert!(
        run.err.contains("(all namespaces, then namespace shop)"),
        "{}",
        run.err
    );
    let run = diff(&["a.snapshot", "text.yaml"]);
    assert_eq!((run.code, run.err.lines().count()), (2, 1), "{run:?}");
    for name in ["r1.snapshot", "r2.snapshot"] {
        assert_eq!(
            folder
                .run(&["snapshot", "redact", "a.snapshot", "-o", name])
                .code,
            0
        );
    }
    let run = diff(&["r1.snapshot", "r2.snapshot"]);
    assert!(
        run.code == 2 && run.err.contains("before they are redacted"),
        "{run:?}"
    );
    assert_eq!(diff(&["r1.snapshot", "r1.snapshot"]).code, 0);
}

#[test]
fn a_redacted_snapshot_names_nobody() {
    let mut object = deployment("acme-api", container(true));
    object["metadata"]["annotations"] = json!({"owner.acme.example/mail": "jane@acme.example"});
    let folder = Folder::new().file("a.snapshot", saved(&[object]));
    let run = folder.run(&["snapshot", "redact", "a.snapshot", "-o", "r.snapshot"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    assert!(run.err.contains("1 objects with pseudonyms"), "{}", run.err);
    let text = format!("{:?}", objects(&folder, "r.snapshot"));
    for name in ["acme", "jane", "registry.example", "shop", "\"api\""] {
        assert!(!text.contains(name), "{name}: {text}");
    }
    assert!(text.contains("1.2.3"), "{text}");
    let again = folder.run(&["snapshot", "redact", "a.snapshot", "-o", "s.snapshot"]);
    assert_eq!(again.code, 0);
    assert_ne!(
        objects(&folder, "r.snapshot"),
        objects(&folder, "s.snapshot")
    );
}

#[test]
fn pods_that_were_changed_on_the_way_are_told() {
    let mut writer = Writer::new(Vec::new(), &header(&[])).unwrap();
    writer.object(&deployment("api", container(false))).unwrap();
    writer.set_differing(2);
    let folder = Folder::new().file("a.snapshot", writer.finish().unwrap().0);
    folder.run(&["snapshot", "redact", "a.snapshot", "-o", "r.snapshot"]);
    for name in ["a.snapshot", "r.snapshot"] {
        let run = folder.run(&["scan", name]);
        assert!(
            run.err
                .contains("2 running pods are not as their owners made them"),
            "{}",
            run.err
        );
    }
}

#[test]
fn a_newer_schema_is_refused_kindly() {
    let mut newer = header(&[]);
    newer.schema = "plimsoll.snapshot/v2".to_owned();
    let bytes = Writer::new(Vec::new(), &newer).unwrap().finish().unwrap().0;
    let folder = Folder::new().file("a.snapshot", bytes);
    for arguments in [
        &["scan", "a.snapshot"][..],
        &["snapshot", "redact", "a.snapshot", "-o", "b"],
    ] {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.err.lines().count()), (2, 1), "{run:?}");
        assert!(
            run.err.contains("plimsoll.snapshot/v2") && run.err.contains("update plimsoll"),
            "{}",
            run.err
        );
    }
    assert!(!folder.path("b").exists());
}
