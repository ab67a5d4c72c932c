//! What a policy does with requests that are no plain creation of a faulty object: updates of what was there before, and
//! objects that are exempt.

use std::thread;
use std::time::{Duration, Instant};

use plimsoll_control::Control;
use plimsoll_control_plane::{Answer, Api};
use plimsoll_enforce::{Exemption, Old, Policy, Stage};
use plimsoll_yaml::edit::Value as Written;
use serde_json::{Value, json};

use crate::object::of_manifest;
use crate::{VERSION, control_plane};

const ROOT: &str = "/apis/admissionregistration.k8s.io/v1";

fn privileged() -> &'static Control {
    plimsoll_catalog::find("privileged-container").expect("a control")
}

fn create(api: &Api, path: &str, body: &Value) {
    let answer = api.post(path, body).expect("an answer");
    assert!(answer.is_fine(), "{}", answer.message());
}

fn make_namespace(api: &Api, name: &str) {
    let namespace = json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": {"requests": name}},
    });
    create(api, "/api/v1/namespaces", &namespace);
}

/// The control's policy under a name of its own, bound to one namespace.
fn install(api: &Api, namespace: &str, exemptions: &[Exemption], old: Old) {
    let policy = Policy::with(privileged(), VERSION, exemptions, old).expect("a policy");
    bind(api, namespace, &policy);
    await_denial(api, namespace);
}

fn bind(api: &Api, namespace: &str, policy: &Policy) {
    let selector = Written::Map(vec![(
        "matchLabels".to_owned(),
        Written::Map(vec![(
            "requests".to_owned(),
            Written::Str(namespace.to_owned()),
        )]),
    )]);
    let mut manifest = of_manifest(&policy.manifest());
    manifest["metadata"]["name"] = json!(namespace);
    create(
        api,
        &format!("{ROOT}/validatingadmissionpolicies"),
        &manifest,
    );
    let mut binding = of_manifest(&policy.binding(Stage::Deny, Some(selector)));
    binding["metadata"]["name"] = json!(namespace);
    binding["spec"]["policyName"] = json!(namespace);
    create(
        api,
        &format!("{ROOT}/validatingadmissionpolicybindings"),
        &binding,
    );
}

/// Waits until the policy is in force.
fn await_denial(api: &Api, namespace: &str) {
    let begin = Instant::now();
    let path = format!("/apis/apps/v1/namespaces/{namespace}/deployments?dryRun=All");
    let probe = deployment("probe", &["probe"]);
    while api.post(&path, &probe).expect("an answer").status != 403 {
        assert!(
            begin.elapsed() < Duration::from_secs(60),
            "the policy is not in force"
        );
        thread::sleep(Duration::from_millis(200));
    }
}

/// A Deployment with these privileged containers, and one that is fine.
fn deployment(name: &str, privileged: &[&str]) -> Value {
    let image = "registry.example.com/app:1.0";
    let mut containers = vec![json!({"name": "fine", "image": image})];
    containers.extend(privileged.iter().map(
        |name| json!({"name": name, "image": image, "securityContext": {"privileged": true}}),
    ));
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": containers}},
        },
    })
}

fn is_denied(answer: &Answer) -> bool {
    answer.status == 403 && answer.message().contains("runs privileged")
}

#[test]
fn an_update_is_denied_only_for_what_it_brings() {
    let Some(plane) = control_plane("an_update_is_denied_only_for_what_it_brings") else {
        return;
    };
    let (api, namespace) = (plane.api(), "updates");
    make_namespace(api, namespace);
    let collection = format!("/apis/apps/v1/namespaces/{namespace}/deployments");
    create(api, &collection, &deployment("old", &["driver"]));
    install(api, namespace, &[], Old::Allowed);
    let path = format!("{collection}/old");
    let mut old = api.get(&path).expect("an answer").body;
    old["spec"]["replicas"] = json!(3);
    let unrelated = api.put(&path, &old).expect("an answer");
    assert!(unrelated.is_fine(), "{}", unrelated.message());
    let worse = api
        .put(&path, &deployment("old", &["driver", "agent"]))
        .expect("an answer");
    assert!(is_denied(&worse), "{} {}", worse.status, worse.message());
    assert!(
        worse.message().contains("container agent runs privileged"),
        "{}",
        worse.message()
    );
    assert!(!worse.message().contains("driver"), "{}", worse.message());
}

#[test]
fn an_exemption_holds_for_whom_it_names() {
    let Some(plane) = control_plane("an_exemption_holds_for_whom_it_names") else {
        return;
    };
    let (api, namespace) = (plane.api(), "exemptions");
    make_namespace(api, namespace);
    let exemption = |name: &str, container: Option<&str>| Exemption {
        namespace: namespace.to_owned(),
        kind: "Deployment".to_owned(),
        name: name.to_owned(),
        container: container.map(str::to_owned),
        expires: None,
    };
    let elsewhere = Exemption {
        namespace: "elsewhere".to_owned(),
        ..exemption("web", None)
    };
    let exemptions = [
        exemption("storage", Some("driver")),
        exemption("whole", None),
        exemption("each", Some("*")),
        elsewhere,
    ];
    install(api, namespace, &exemptions, Old::Allowed);
    let ask = |object: &Value| {
        let path = format!("/apis/apps/v1/namespaces/{namespace}/deployments?dryRun=All");
        api.post(&path, object).expect("an answer")
    };
    for (name, containers, denied) in [
        ("storage", &["driver"][..], false),
        ("storage", &["driver", "agent"], true),
        ("whole", &["driver", "agent"], false),
        ("each", &["driver", "agent"], false),
        ("web", &["driver"], true),
        ("storage-2", &["driver"], true),
    ] {
        let answer = ask(&deployment(name, containers));
        assert_eq!(is_denied(&answer), denied, "{name}: {}", answer.message());
    }
    // What a controller makes is named after its owner.
    let mut pod =
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "storage-7d9f-x2x"}});
    pod["spec"] = deployment("storage", &["driver"])["spec"]["template"]["spec"].clone();
    let answer = api.post(
        &format!("/api/v1/namespaces/{namespace}/pods?dryRun=All"),
        &pod,
    );
    let answer = answer.expect("an answer");
    assert!(answer.is_fine(), "{}", answer.message());
}

#[test]
fn a_strict_policy_refuses_what_was_there_before_and_lets_it_go() {
    let Some(plane) = control_plane("a_strict_policy_refuses_what_was_there_before_and_lets_it_go")
    else {
        return;
    };
    let (api, namespace) = (plane.api(), "strict");
    make_namespace(api, namespace);
    let collection = format!("/apis/apps/v1/namespaces/{namespace}/deployments");
    let mut old = deployment("old", &["driver"]);
    old["metadata"]["finalizers"] = json!(["example.com/wait"]);
    create(api, &collection, &old);
    install(api, namespace, &[], Old::Refused);
    let path = format!("{collection}/old");
    let mut there = api.get(&path).expect("an answer").body;
    there["spec"]["replicas"] = json!(3);
    let scaled = api.put(&path, &there).expect("an answer");
    assert!(is_denied(&scaled), "{} {}", scaled.status, scaled.message());
    assert!(api.delete(&path).expect("an answer").is_fine());
    let mut going = api.get(&path).expect("an answer").body;
    assert!(!going["metadata"]["deletionTimestamp"].is_null());
    going["metadata"]["finalizers"] = json!([]);
    going["spec"]["replicas"] = json!(0);
    let gone = api.put(&path, &going).expect("an answer");
    assert!(gone.is_fine(), "{}", gone.message());
}

#[test]
fn a_pod_cannot_be_given_afterwards_what_it_could_not_ask_for() {
    let Some(plane) = control_plane("a_pod_cannot_be_given_afterwards_what_it_could_not_ask_for")
    else {
        return;
    };
    let (api, namespace) = (plane.api(), "resize");
    make_namespace(api, namespace);
    let control = plimsoll_catalog::find("memory-limit-far-above-request").expect("a control");
    bind(
        api,
        namespace,
        &Policy::of(control, VERSION, &[]).expect("a policy"),
    );
    let pods = format!("/api/v1/namespaces/{namespace}/pods");
    let pod = |name: &str, limit: &str| {
        let resources = json!({"requests": {"memory": "64Mi"}, "limits": {"memory": limit}});
        let container =
            json!({"name": "app", "image": "registry.example.com/app:1", "resources": resources});
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container]}})
    };
    create(api, &pods, &pod("app", "128Mi"));
    let begin = Instant::now();
    let probe = || {
        api.post(&format!("{pods}?dryRun=All"), &pod("probe", "64Gi"))
            .expect("an answer")
    };
    while probe().status != 403 {
        assert!(
            begin.elapsed() < Duration::from_secs(60),
            "the policy is not in force"
        );
        thread::sleep(Duration::from_millis(200));
    }
    let resized = |limit: &str| {
        let mut there = api.get(&format!("{pods}/app")).expect("an answer").body;
        there["spec"]["containers"][0]["resources"]["limits"]["memory"] = json!(limit);
        api.put(&format!("{pods}/app/resize?dryRun=All"), &there)
            .expect("an answer")
    };
    let (much, little) = (resized("64Gi"), resized("192Mi"));
    assert_eq!(much.status, 403, "{}", much.message());
    assert!(
        much.message().contains("plimsoll") || much.message().contains("'resize'"),
        "{}",
        much.message()
    );
    assert!(little.is_fine(), "{}", little.message());
}

#[test]
fn the_namespace_default_takes_no_workload() {
    let Some(plane) = control_plane("the_namespace_default_takes_no_workload") else {
        return;
    };
    let api = plane.api();
    let control = plimsoll_catalog::find("default-namespace").expect("a control");
    let policy = Policy::of(control, VERSION, &[]).expect("a policy");
    let root = format!("{ROOT}/validatingadmissionpolicies");
    create(api, &root, &of_manifest(&policy.manifest()));
    let mut binding = of_manifest(&policy.binding(Stage::Deny, None));
    // Other tests need no object with this label.
    binding["spec"]["matchResources"] =
        json!({"objectSelector": {"matchLabels": {"placed": "yes"}}});
    create(
        api,
        &format!("{ROOT}/validatingadmissionpolicybindings"),
        &binding,
    );
    make_namespace(api, "placed");
    let mut object = deployment("web", &[]);
    object["metadata"]["labels"] = json!({"placed": "yes"});
    let ask = |namespace: &str| {
        let path = format!("/apis/apps/v1/namespaces/{namespace}/deployments?dryRun=All");
        api.post(&path, &object).expect("an answer")
    };
    let begin = Instant::now();
    while ask("default").status != 403 {
        assert!(
            begin.elapsed() < Duration::from_secs(60),
            "the policy is not in force"
        );
        thread::sleep(Duration::from_millis(200));
    }
    let answer = ask("default");
    assert!(
        answer.message().contains("runs in the namespace default"),
        "{}",
        answer.message()
    );
    assert!(ask("placed").is_fine());
}

#[test]
fn what_a_limit_range_gives_is_there_before_a_policy_looks() {
    let Some(plane) = control_plane("what_a_limit_range_gives_is_there_before_a_policy_looks")
    else {
        return;
    };
    let (api, namespace) = (plane.api(), "limited");
    make_namespace(api, namespace);
    let control = plimsoll_catalog::find("memory-limit-missing").expect("a control");
    bind(
        api,
        namespace,
        &Policy::of(control, VERSION, &[]).expect("a policy"),
    );
    let path = format!("/api/v1/namespaces/{namespace}/pods?dryRun=All");
    let container = json!({"name": "app", "image": "registry.example.com/app:1"});
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app"}, "spec": {"containers": [container]}});
    let begin = Instant::now();
    let ask = || api.post(&path, &pod).expect("an answer");
    while ask().status != 403 {
        assert!(
            begin.elapsed() < Duration::from_secs(60),
            "the policy is not in force"
        );
        thread::sleep(Duration::from_millis(200));
    }
    let limits = json!([{"type": "Container", "default": {"memory": "128Mi"}}]);
    let range = json!({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "limits"}, "spec": {"limits": limits}});
    create(
        api,
        &format!("/api/v1/namespaces/{namespace}/limitranges"),
        &range,
    );
    let begin = Instant::now();
    while !ask().is_fine() {
        assert!(
            begin.elapsed() < Duration::from_secs(60),
            "{}",
            ask().message()
        );
        thread::sleep(Duration::from_millis(200));
    }
}
