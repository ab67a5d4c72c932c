//! Live objects and the texts that made them, and those that did not.

use super::*;

/// The file, line and exactness of a place in a live object, found by a path.
fn told(origins: Origins, live: &str, path: &[&str]) -> Option<(String, u32, bool)> {
    let text = live;
    let chunk = *split(text).first().unwrap();
    let tree = parse(text, &chunk).unwrap();
    let file = File::new("cluster".into(), "cluster".into(), text)
        .from(Provenance::Deployed(Arc::new(origins)));
    let document = Document::new(&file, 1, &tree);
    let target = Target::new(Minor::NEWEST);
    let content = objects(&document, &target).unwrap();
    let object = content.objects.first().unwrap();
    let mut node = object.node;
    for step in path {
        node = match step.parse() {
            Ok(number) => node.at(number).unwrap(),
            Err(_) => node.get(step).unwrap(),
        };
    }
    let place = object.source().place(At::node(node));
    assert_eq!(place.location.is_some(), place.excerpt.is_some());
    let at = place.location?;
    Some((at.file.to_string(), at.start.line, at.exact))
}

fn origins(texts: &[(&str, &str, &str)]) -> Origins {
    let mut origins = Origins::default();
    for (name, unit, text) in texts {
        let text = (*text).to_owned();
        origins.add((*name).into(), (*unit).into(), text, Provenance::Written);
    }
    origins
}

const WRITTEN: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: api, labels: {app: api}}
spec:
  containers:
    - name: api
      image: b
    - name: proxy
      image: c
";

/// What somebody has changed since it was deployed.
const OUTDATED: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: api, labels: {app: api}}
spec: {containers: [{name: other}]}
";

/// A sidecar was put in front, and the server filled in a policy.
const LIVE: &str = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "api", "namespace": "shop", "labels": {"app": "api"}},
 "spec": {"dnsPolicy": "ClusterFirst", "containers": [{"name": "mesh", "image": "m"}, {"name": "api", "image": "b"},
 {"name": "proxy", "image": "c", "imagePullPolicy": "Always"}]}}"#;

fn at(file: &str, line: u32, exact: bool) -> Option<(String, u32, bool)> {
    Some((file.to_owned(), line, exact))
}

#[test]
fn items_are_found_by_name_and_what_is_not_written_at_its_nearest_ancestor() {
    let made = || origins(&[("deploy/api.yaml", "deploy", WRITTEN)]);
    let told = |path: &[&str]| told(made(), LIVE, path);
    let image = |number| told(&["spec", "containers", number, "image"]);
    assert_eq!(image("1"), at("deploy/api.yaml", 7, true));
    assert_eq!(image("2"), at("deploy/api.yaml", 9, true));
    assert_eq!(image("0"), at("deploy/api.yaml", 5, false));
    assert_eq!(
        told(&["spec", "containers", "2", "imagePullPolicy"]),
        at("deploy/api.yaml", 8, false)
    );
    assert_eq!(
        told(&["spec", "dnsPolicy"]),
        at("deploy/api.yaml", 4, false)
    );
}

#[test]
fn another_kind_name_or_namespace_is_another_object() {
    let other = |from: &str, to: &str| {
        let text = WRITTEN.replace(from, to);
        told(origins(&[("a.yaml", "", &text)]), LIVE, &["spec"])
    };
    assert_eq!(other("kind: Pod", "kind: Job"), None);
    assert_eq!(other("name: api, l", "name: api2, l"), None);
    assert_eq!(
        other("name: api, l", "namespace: other, name: api, l"),
        None
    );
    assert!(other("name: api, l", "namespace: shop, name: api, l").is_some());
}

#[test]
fn namespace_then_labels_decide_and_a_tie_decides_nothing() {
    let with = |metadata: &str| WRITTEN.replace("labels: {app: api}", metadata);
    let two = |one: &str, other: &str| {
        let texts = [("dev/a.yaml", "dev", one), ("prod/a.yaml", "prod", other)];
        told(origins(&texts), LIVE, &["spec"]).map(|(file, ..)| file)
    };
    let said = with("namespace: shop");
    assert_eq!(two(WRITTEN, &said).as_deref(), Some("prod/a.yaml"));
    let differs = with("labels: {app: api, tier: web}");
    assert_eq!(
        two(&with("labels: {app: other}"), &differs).as_deref(),
        Some("prod/a.yaml")
    );
    assert_eq!(two(WRITTEN, WRITTEN), None);
    let newer = WRITTEN.replace("image: b", "image: b2");
    assert_eq!(
        two(&newer, WRITTEN).as_deref(),
        Some("prod/a.yaml"),
        "what it says decides"
    );
}

#[test]
fn the_marks_of_argo_and_flux_lead_to_the_folder_that_they_deliver() {
    let application = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop-live}\n\
        spec: {source: {path: apps/prod}}\n";
    let kustomization = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: shop-live}\n\
        spec: {path: ./apps/prod}\n";
    let texts = |delivery: &'static str| {
        origins(&[
            ("repo/apps/dev/a.yaml", "repo/apps/dev", WRITTEN),
            ("repo/apps/prod/a.yaml", "repo/apps/prod", OUTDATED),
            ("repo/argo.yaml", "repo", delivery),
        ])
    };
    let marked = |mark: &str| {
        LIVE.replacen(
            r#""name": "api","#,
            &format!(r#""name": "api", {mark},"#),
            1,
        )
    };
    let labelled =
        |label: &str| LIVE.replacen(r#""app": "api""#, &format!(r#""app": "api", {label}"#), 1);
    let file =
        |delivery, live: String| told(texts(delivery), &live, &["spec"]).map(|(file, ..)| file);
    let prod = Some("repo/apps/prod/a.yaml".to_owned());
    let tracked = r#""annotations": {"argocd.argoproj.io/tracking-id": "shop-live:/Pod:shop/api"}"#;
    assert_eq!(file(application, marked(tracked)), prod);
    let instance = r#""app.kubernetes.io/instance": "shop-live""#;
    assert_eq!(file(application, labelled(instance)), prod);
    let flux = r#""kustomize.toolkit.fluxcd.io/name": "shop-live", "kustomize.toolkit.fluxcd.io/namespace": "flux-system""#;
    assert_eq!(file(kustomization, labelled(flux)), prod);
    let dev = Some("repo/apps/dev/a.yaml".to_owned());
    assert_eq!(
        file(application, labelled(flux)),
        dev,
        "of another controller: only what it says decides"
    );
    assert_eq!(file(application, LIVE.to_owned()), dev);
}

#[test]
fn a_release_is_found_under_the_name_that_it_was_rendered_with() {
    let rendered = "\
apiVersion: v1
kind: Pod
metadata:
  name: release-name-web
  namespace: default
  labels: {helm.sh/chart: web-1.0.0, app.kubernetes.io/instance: release-name, app.kubernetes.io/managed-by: Helm}
spec: {}
";
    let live = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "blue-web", "namespace": "shop",
        "labels": {"app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/instance": "blue"},
        "annotations": {"meta.helm.sh/release-name": "blue", "meta.helm.sh/release-namespace": "shop"}}, "spec": {}}"#;
    let found = |live: &str| told(origins(&[("web/a.yaml", "web", rendered)]), live, &["spec"]);
    assert_eq!(found(live), at("web/a.yaml", 7, true));
    assert_eq!(
        found(&live.replace("blue-web", "green-web")),
        None,
        "not of that release"
    );
}

#[test]
fn a_name_without_its_release_keeps_its_place() {
    assert_eq!(
        without_release("a-blue-web", Some("blue")).as_deref(),
        Some("a-\u{0}-web")
    );
    assert_eq!(without_release("blueweb", Some("blue")), None);
    assert_eq!(
        without_release("my-app-web", Some("my-app")).as_deref(),
        Some("\u{0}-web")
    );
}
