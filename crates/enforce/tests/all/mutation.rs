//! Policies that make safe fixes, on a real API server: what it makes of every bad example has no finding any more, good ones
//! stay as they are, doing it again changes nothing, and what others add later is changed as well.

use plimsoll_control::Control;
use plimsoll_control_plane::Api;
use plimsoll_enforce::{Exemption, Mutation};
use plimsoll_scan::{Scan, SourceText};
use plimsoll_snapshot::provenance::Provenance;
use plimsoll_snapshot::target::Target;
use plimsoll_testkit::samples;
use serde_json::{Value, json};

use crate::object::{collection, complete, is_of_cluster, of_manifest, read};
use crate::server::Server;
use crate::{VERSION, control_plane};

const ROOT: &str = "/apis/admissionregistration.k8s.io/v1";

fn make_namespace(server: &Server<'_>, name: &str) {
    let namespace = json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": {"mutates": name}},
    });
    server.create("/api/v1/namespaces", &namespace);
}

/// The control's policy under a name of its own, for objects with a label, in one namespace or outside of all.
fn install(server: &Server<'_>, control: &'static Control, name: &str, exemptions: &[Exemption]) {
    let mutation = Mutation::of(control, VERSION, exemptions).expect("a policy");
    let mut policy = of_manifest(&mutation.manifest());
    policy["metadata"]["name"] = json!(name);
    server.create(&format!("{ROOT}/mutatingadmissionpolicies"), &policy);
    let mut binding = of_manifest(&mutation.binding(None));
    binding["metadata"]["name"] = json!(name);
    binding["spec"]["policyName"] = json!(name);
    let labels = json!({"matchLabels": {"mutates": name}});
    binding["spec"]["matchResources"] =
        json!({"namespaceSelector": labels, "objectSelector": labels});
    server.create(&format!("{ROOT}/mutatingadmissionpolicybindings"), &binding);
}

/// What the server makes of an object that is labelled for a policy, without keeping it; `None` where it takes no such object.
fn made(api: &Api, object: &Value, namespace: &str, policy: &str, name: &str) -> Option<Value> {
    let mut object = object.clone();
    let kind = object["kind"].as_str()?.to_owned();
    let path = collection(&kind, namespace)?;
    complete(&mut object);
    if kind == "Pod" {
        // These come later, by a request of their own.
        object["spec"]
            .as_object_mut()?
            .remove("ephemeralContainers");
    }
    if !is_of_cluster(&kind) {
        object["metadata"]["namespace"] = json!(namespace);
    }
    object["metadata"]["name"] = json!(name);
    object["metadata"]["labels"]["mutates"] = json!(policy);
    let answer = api
        .post(&format!("{path}?dryRun=All"), &object)
        .expect("an answer");
    // What validation says against it, it says without the policy as well.
    assert!(
        matches!(answer.status, 201 | 400 | 409 | 422),
        "{}",
        answer.message()
    );
    let refused = answer.message().contains("MutatingAdmissionPolicy");
    assert!(!refused, "{}", answer.message());
    answer.is_fine().then_some(answer.body)
}

/// How often the control still finds something.
fn findings(control: &'static Control, object: &Value) -> usize {
    let scan = Scan::new([control], Target::new(VERSION));
    let part = scan.judge(&SourceText {
        name: "answer".into(),
        unit: "answer".into(),
        text: &object.to_string(),
        provenance: Provenance::Live,
    });
    scan.report(vec![part], Vec::new(), Vec::new())
        .findings
        .len()
}

/// What the owner of an object says about it, with what the policies may change.
fn said(object: &Value) -> Value {
    let object = without_own_selector(object);
    let annotations = &object["metadata"]["annotations"];
    let mut labels = object["metadata"]["labels"].clone();
    labels
        .as_object_mut()
        .map(|labels| labels.remove("mutates"));
    json!({"spec": object["spec"], "template": object["template"], "annotations": annotations, "labels": labels})
}

/// The server gives each Job a selector with a number of its own.
fn without_own_selector(object: &Value) -> Value {
    let mut object = object.clone();
    if object["kind"] == "Job" {
        object["spec"]
            .as_object_mut()
            .map(|spec| spec.remove("selector"));
        object["spec"]["template"]["metadata"] = json!({});
    }
    object
}

#[test]
fn safe_fixes_are_made_by_the_server() {
    let Some(plane) = control_plane("safe_fixes_are_made_by_the_server") else {
        return;
    };
    let (api, server) = (plane.api(), Server::new(plane.api()));
    let controls: Vec<&'static Control> = plimsoll_catalog::all().collect();
    let mutating = controls
        .iter()
        .filter(|it| Mutation::of(it, VERSION, &[]).is_ok());
    let mutating: Vec<&'static Control> = mutating.copied().collect();
    assert!(mutating.len() >= 4, "{}", mutating.len());
    make_namespace(&server, "mutates-nothing");
    for control in mutating {
        let namespace = format!("mutates-{}", control.head.id);
        make_namespace(&server, &namespace);
        install(&server, control, &namespace, &[]);
        let samples = samples(&controls, control, VERSION);
        let (mut fixed, mut same, mut refused, mut unfixable) = (0, 0, 0, 0);
        await_mutation(api, control, &samples, &namespace);
        for (index, sample) in samples.iter().enumerate() {
            let Some(object) = read(&sample.text) else {
                continue;
            };
            let name = format!("sample-{index}");
            let without = made(api, &object, "mutates-nothing", "nothing", &name);
            let with = made(api, &object, &namespace, &namespace, &name);
            let (Some(without), Some(with)) = (without.clone(), with.clone()) else {
                assert_eq!(without.is_some(), with.is_some(), "{}", sample.text);
                refused += 1;
                continue;
            };
            if findings(control, &without) == 0 {
                assert_eq!(said(&with), said(&without), "{}", sample.text);
                same += 1;
                continue;
            }
            match findings(control, &with) {
                0 => fixed += 1,
                _ => {
                    // The server refuses the good value beside these.
                    let text = with.to_string();
                    let excused =
                        text.contains("\"privileged\":true") || text.contains("CAP_SYS_ADMIN");
                    assert!(excused, "{}: {}\n{text}", control.head.id, sample.text);
                    unfixable += 1;
                }
            }
            let mut again = without_own_selector(&with);
            for key in [
                "resourceVersion",
                "uid",
                "creationTimestamp",
                "managedFields",
                "generation",
            ] {
                again["metadata"]
                    .as_object_mut()
                    .map(|metadata| metadata.remove(key));
            }
            let again = made(api, &again, &namespace, &namespace, &name).expect("is taken");
            assert_eq!(said(&again), said(&with), "{}", sample.text);
        }
        eprintln!(
            "{}: {fixed} fixed, {same} left alone, {unfixable} cannot be fixed, {refused} refused",
            control.head.id
        );
        assert!(fixed > 0 && same > 0, "{}: {fixed} {same}", control.head.id);
        assert!(
            fixed > unfixable,
            "{}: {fixed} {unfixable}",
            control.head.id
        );
    }
}

/// Waits until a bad sample is changed: policies take effect some moments after they are created.
fn await_mutation(
    api: &Api,
    control: &'static Control,
    samples: &[plimsoll_testkit::Sample],
    namespace: &str,
) {
    let begin = std::time::Instant::now();
    let bad = samples.iter().filter(|sample| sample.is_bad);
    let mut bad: Vec<Value> = bad.filter_map(|sample| read(&sample.text)).collect();
    // Of an ephemeral container that is bad there is nothing left to see yet.
    bad.retain(|object| {
        let without = made(api, object, "mutates-nothing", "nothing", "probe");
        without.is_some_and(|object| findings(control, &object) > 0)
    });
    let works = || {
        let mut made = bad
            .iter()
            .filter_map(|it| made(api, it, namespace, namespace, "probe"));
        made.any(|object| findings(control, &object) == 0)
    };
    while !works() {
        assert!(
            begin.elapsed().as_secs() < 60,
            "{} is not in force",
            control.head.id
        );
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
}

fn container(name: &str, context: &Value) -> Value {
    json!({"name": name, "image": "registry.example.com/app:1.0", "securityContext": context})
}

fn pod(name: &str, policy: &str, containers: &[Value]) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "labels": {"mutates": policy}},
        "spec": {"containers": containers},
    })
}

/// What `allowPrivilegeEscalation` is in each container of a list.
fn escalation(list: &Value) -> Vec<Value> {
    let items = list.as_array().into_iter().flatten();
    items
        .map(|item| item["securityContext"]["allowPrivilegeEscalation"].clone())
        .collect()
}

#[test]
fn what_comes_later_is_changed_and_what_must_stay_stays() {
    let Some(plane) = control_plane("what_comes_later_is_changed_and_what_must_stay_stays") else {
        return;
    };
    let (api, server) = (plane.api(), Server::new(plane.api()));
    let namespace = "mutates-later";
    make_namespace(&server, namespace);
    let control = plimsoll_catalog::find("privilege-escalation-allowed").expect("a control");
    let exemption = Exemption {
        namespace: namespace.to_owned(),
        kind: "Pod".to_owned(),
        name: "exempt".to_owned(),
        container: Some("driver".to_owned()),
        expires: None,
    };
    install(&server, control, namespace, &[exemption]);
    sidecar(&server, namespace);
    let pods = format!("/api/v1/namespaces/{namespace}/pods");
    let begin = std::time::Instant::now();
    let ask = |object: &Value| {
        api.post(&format!("{pods}?dryRun=All"), object)
            .expect("an answer")
    };
    // A policy that comes after ours adds a container, and ours is asked again.
    let plain = pod("plain", namespace, &[container("app", &json!({}))]);
    while escalation(&ask(&plain).body["spec"]["containers"]) != [json!(false), json!(false)] {
        assert!(
            begin.elapsed().as_secs() < 60,
            "{}",
            ask(&plain).body["spec"]
        );
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    let exempt = ["driver", "app"].map(|name| container(name, &json!({})));
    let exempt = ask(&pod("exempt", namespace, &exempt)).body;
    assert_eq!(
        escalation(&exempt["spec"]["containers"])[..2],
        [Value::Null, json!(false)]
    );
    // The same variable twice is allowed, and what merges lists must not stumble over it.
    let mut twice = container("app", &json!({"allowPrivilegeEscalation": true}));
    twice["env"] = json!([{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]);
    let answer = ask(&pod("twice", namespace, &[twice]));
    assert!(answer.is_fine(), "{}", answer.message());
    let first = &answer.body["spec"]["containers"][0];
    assert_eq!(
        first["securityContext"]["allowPrivilegeEscalation"],
        json!(false)
    );
    assert_eq!(first["env"].as_array().map(Vec::len), Some(2));
    // Only what is added to a running pod can be changed.
    let unlabelled = pod("running", "nothing", &[container("app", &json!({}))]);
    server.create(&pods, &unlabelled);
    let mut running = api.get(&format!("{pods}/running")).expect("an answer").body;
    running["metadata"]["labels"]["mutates"] = json!(namespace);
    running = api
        .put(&format!("{pods}/running"), &running)
        .expect("an answer")
        .body;
    running["spec"]["ephemeralContainers"] =
        json!([{"name": "debug", "image": "registry.example.com/debug:1"}]);
    let added = api
        .put(&format!("{pods}/running/ephemeralcontainers"), &running)
        .expect("an answer");
    assert!(added.is_fine(), "{}", added.message());
    assert_eq!(
        escalation(&added.body["spec"]["ephemeralContainers"]),
        [json!(false)]
    );
    assert_eq!(escalation(&added.body["spec"]["containers"]), [Value::Null]);
    controllers_copies_are_left_alone(api, namespace);
}

/// A controller that finds its copy changed would make another one, and another.
fn controllers_copies_are_left_alone(api: &Api, namespace: &str) {
    let labels = json!({"mutates": namespace});
    let owner = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "web",
        "uid": "00000000-0000-0000-0000-000000000001", "controller": true});
    let mut copy = json!({
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": {"name": "web-1", "labels": labels, "ownerReferences": [owner]},
        "spec": {"selector": {"matchLabels": labels}, "template": {
            "metadata": {"labels": labels}, "spec": {"containers": [container("app", &json!({}))]}}},
    });
    let path = format!("/apis/apps/v1/namespaces/{namespace}/replicasets?dryRun=All");
    let template = |answer: &Value| escalation(&answer["spec"]["template"]["spec"]["containers"]);
    let owned = api.post(&path, &copy).expect("an answer").body;
    assert_eq!(template(&owned), [Value::Null]);
    copy["metadata"]["ownerReferences"] = json!([]);
    let free = api.post(&path, &copy).expect("an answer").body;
    assert_eq!(template(&free), [json!(false)]);
}

/// A policy that comes after ours and adds a container to pods.
fn sidecar(server: &Server<'_>, namespace: &str) {
    let expression = "[JSONPatch{op: 'add', path: '/spec/containers/-', value: Object.spec.containers{name: 'sidecar', image: 'registry.example.com/sidecar:1'}}]";
    let policy = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingAdmissionPolicy",
        "metadata": {"name": "zz-sidecar"},
        "spec": {
            "matchConstraints": {"resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"],
                "operations": ["CREATE"], "resources": ["pods"]}]},
            "matchConditions": [{"name": "plain", "expression": "object.metadata.name == 'plain'"},
                {"name": "once", "expression": "!object.spec.containers.exists(c, c.name == 'sidecar')"}],
            "failurePolicy": "Fail", "reinvocationPolicy": "Never",
            "mutations": [{"patchType": "JSONPatch", "jsonPatch": {"expression": expression}}],
        },
    });
    server.create(&format!("{ROOT}/mutatingadmissionpolicies"), &policy);
    let binding = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingAdmissionPolicyBinding",
        "metadata": {"name": "zz-sidecar"},
        "spec": {"policyName": "zz-sidecar",
            "matchResources": {"namespaceSelector": {"matchLabels": {"mutates": namespace}}}},
    });
    server.create(&format!("{ROOT}/mutatingadmissionpolicybindings"), &binding);
}
