//! The policy that is told which registries are trusted: by a parameter that the API server reads for each request, and that it
//! misses when it is not there.

use std::collections::BTreeSet;

use plimsoll_enforce::{Policy, Stage, parameters};
use plimsoll_testkit::{Sample, samples};
use serde_json::{Value, json};

use crate::object::of_manifest;
use crate::server::{Server, Verdict};
use crate::{VERSION, control_plane};

const ADMISSION: &str = "/apis/admissionregistration.k8s.io/v1";

/// A namespace with a binding of the policy that has this name, and with parameters of its own.
fn bind(server: &Server<'_>, policy: &Policy, namespace: &str, name: &str) {
    let labels = json!({"name": namespace, "labels": {"control": namespace}});
    server.create(
        "/api/v1/namespaces",
        &json!({"apiVersion": "v1", "kind": "Namespace", "metadata": labels}),
    );
    let mut binding = of_manifest(&policy.binding(Stage::Deny, None));
    binding["metadata"]["name"] = json!(namespace);
    binding["spec"]["policyName"] = json!(name);
    binding["spec"]["paramRef"]["name"] = json!(namespace);
    binding["spec"]["matchResources"] =
        json!({"namespaceSelector": {"matchLabels": {"control": namespace}}});
    server.create(
        &format!("{ADMISSION}/validatingadmissionpolicybindings"),
        &binding,
    );
}

fn trust(server: &Server<'_>, name: &str, registries: &[String]) {
    let mut given = of_manifest(&parameters::manifest(registries));
    given["metadata"]["name"] = json!(name);
    let path = format!("/api/v1/namespaces/{}/configmaps", parameters::NAMESPACE);
    server.create(&path, &given);
}

#[test]
fn registries_are_trusted_by_a_parameter() {
    let Some(plane) = control_plane("registries_are_trusted_by_a_parameter") else {
        return;
    };
    let server = Server::new(plane.api());
    let control = plimsoll_catalog::find("untrusted-registry").expect("a control");
    let policy = Policy::of(control, VERSION, &[]).expect("a policy");
    assert!(policy.reads_registries());
    server.create(
        &format!("{ADMISSION}/validatingadmissionpolicies"),
        &of_manifest(&policy.manifest()),
    );
    let controls: Vec<_> = plimsoll_catalog::all().collect();
    let samples = samples(&controls, control, VERSION);
    let trusts: BTreeSet<_> = samples.iter().map(|sample| sample.trusts.clone()).collect();
    let (mut denied, mut admitted) = (0, 0);
    for (index, trusted) in trusts.iter().filter(|list| !list.is_empty()).enumerate() {
        let namespace = format!("trusts-{index}");
        trust(&server, &namespace, trusted);
        bind(&server, &policy, &namespace, &policy.name());
        let own: Vec<Sample> = samples
            .iter()
            .filter(|it| it.trusts == *trusted)
            .cloned()
            .collect();
        server.await_denial(&namespace, &policy, own.iter().filter(|it| it.is_bad));
        for (sample, verdict) in server.ask_all(&namespace, &policy, &own) {
            match (sample.is_bad, verdict) {
                (true, Verdict::Denied(message)) => {
                    assert!(
                        message.contains("none of the trusted registries"),
                        "{message}"
                    );
                    denied += 1;
                }
                (false, Verdict::Admitted) => admitted += 1,
                (_, Verdict::NotSent | Verdict::Refused(_)) => {}
                (_, verdict) => panic!("{} {trusted:?}: {verdict:?}\n{}", sample.name, sample.text),
            }
        }
    }
    assert!(
        denied > 5 && admitted > 5,
        "{denied} denied, {admitted} admitted"
    );
}

fn pod(image: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "probe"},
        "spec": {"containers": [{"name": "app", "image": image}]},
    })
}

#[test]
fn without_its_parameter_nothing_is_let_in() {
    let Some(plane) = control_plane("without_its_parameter_nothing_is_let_in") else {
        return;
    };
    let server = Server::new(plane.api());
    let control = plimsoll_catalog::find("untrusted-registry").expect("a control");
    let policy = Policy::of(control, VERSION, &[]).expect("a policy");
    let mut manifest = of_manifest(&policy.manifest());
    manifest["metadata"]["name"] = json!("without-parameter");
    server.create(
        &format!("{ADMISSION}/validatingadmissionpolicies"),
        &manifest,
    );
    for (namespace, given) in [("param-missing", None), ("param-empty", Some(""))] {
        if given.is_some() {
            trust(&server, namespace, &[]);
        }
        bind(&server, &policy, namespace, "without-parameter");
        let path = format!("/api/v1/namespaces/{namespace}/pods?dryRun=All");
        let (status, says) = match given {
            None => (422, "no params found"),
            Some(_) => (403, "none of the trusted registries"),
        };
        let answer = server.await_status(&path, &pod("registry.example.com/app:1"), status);
        assert!(answer.message().contains(says), "{}", answer.message());
    }
}
