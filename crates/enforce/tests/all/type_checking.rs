//! What the API server's own type checking says of every policy. It looks at validations and messages, kind by kind, and
//! the controller manager writes what it finds into the policy's status. On the same server: what differs from what was applied.

use std::thread;
use std::time::{Duration, Instant};

use plimsoll_control_plane::{Api, ControlPlane, Programs, Settings};
use plimsoll_enforce::bundle::{Bundle, Namespaces, Scope, Staged};
use plimsoll_enforce::difference::{Compare, Difference, Installed, State, differences};
use plimsoll_enforce::{Mutation, Policy, Stage};
use plimsoll_yaml::{parse, split};
use serde_json::{Value, json};

use crate::VERSION;
use crate::object::of_manifest;

const COLLECTION: &str = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
const BINDINGS: &str = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";
const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn type_checking_has_no_warning() {
    let Some(programs) = Programs::find() else {
        eprintln!(
            "type_checking_has_no_warning was left out: `cargo xtask control-plane` builds a control plane"
        );
        return;
    };
    let settings = Settings {
        controller_manager: true,
        ..Settings::default()
    };
    let plane = ControlPlane::start(&programs, &settings).expect("a control plane");
    let mut count = 0;
    for control in plimsoll_catalog::all() {
        let Ok(policy) = Policy::of(control, VERSION, &[]) else {
            continue;
        };
        let path = format!("{COLLECTION}?fieldValidation=Strict");
        let manifest = of_manifest(&policy.manifest());
        let answer = plane.api().post(&path, &manifest).expect("an answer");
        assert!(
            answer.is_fine(),
            "{}: {}",
            control.head.id,
            answer.message()
        );
        count += 1;
    }
    let checked = checked(plane.api(), count);
    assert_eq!(checked.len(), count);
    let warned = checked.iter().filter(|policy| {
        let warnings = &policy["status"]["typeChecking"]["expressionWarnings"];
        warnings.as_array().is_some_and(|list| !list.is_empty())
    });
    let warned: Vec<&Value> = warned.collect();
    assert!(warned.is_empty(), "{warned:#?}");
    differences_are_seen(plane.api());
}

/// All policies are there; with their bindings nothing differs, until somebody changes something.
fn differences_are_seen(api: &Api) {
    let scope = Scope {
        namespaces: Namespaces::all_but_system(),
        beside_pod_security: true,
    };
    let policies = plimsoll_catalog::all().filter_map(|it| Policy::of(it, VERSION, &[]).ok());
    let staged: Vec<Staged> = policies
        .map(|policy| Staged {
            policy,
            stage: Stage::Audit,
        })
        .collect();
    let bundle = Bundle::of(&staged, &scope, &["registry.example.com/".to_owned()]);
    let strictly = |path: &str, object| {
        let path = format!("{path}?fieldValidation=Strict");
        let answer = api.post(&path, &of_manifest(object)).expect("an answer");
        assert!(answer.is_fine(), "{}", answer.message());
    };
    for binding in &bundle.bindings {
        strictly(BINDINGS, binding);
    }
    for parameter in &bundle.parameters {
        strictly("/api/v1/namespaces/kube-system/configmaps", parameter);
    }
    let compared = || -> Vec<Difference> {
        let collections = [
            COLLECTION,
            BINDINGS,
            "/api/v1/namespaces/kube-system/configmaps",
        ];
        let kinds = [
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "ConfigMap",
        ];
        let there = collections
            .iter()
            .zip(kinds)
            .flat_map(|(path, kind)| installed(api, path, kind));
        let compare = Compare {
            today: None,
            stages: true,
            all: true,
        };
        differences(bundle.objects(), &there.collect::<Vec<_>>(), compare)
    };
    assert_eq!(compared(), []);
    let path = format!("{COLLECTION}/plimsoll-host-path");
    let mut policy = api.get(&path).expect("an answer").body;
    policy["spec"]["failurePolicy"] = json!("Ignore");
    assert!(api.put(&path, &policy).expect("an answer").is_fine());
    let gone = format!("{BINDINGS}/plimsoll-host-port");
    assert!(api.delete(&gone).expect("an answer").is_fine());
    let found = compared();
    let found: Vec<_> = found
        .iter()
        .map(|it| (it.state, it.name.as_str()))
        .collect();
    let expected = [
        (State::Changed, "plimsoll-host-path"),
        (State::Missing, "plimsoll-host-port"),
    ];
    assert_eq!(found, expected);
}

/// The objects of a collection. Items of a list do not say what they are.
fn installed(api: &Api, path: &str, kind: &str) -> Vec<Installed> {
    let list = api.get(path).expect("an answer").body;
    let items = list["items"].as_array().cloned().unwrap_or_default();
    let read = |mut item: Value| {
        item["kind"] = json!(kind);
        let text = item.to_string();
        let tree = parse(&text, &split(&text).remove(0)).expect("a tree");
        Installed::read(tree.root())
    };
    items.into_iter().filter_map(read).collect()
}

/// Every mutating policy of the version, as the API of that version describes it. Version 1.37 still serves the older ones
/// where somebody turns them on.
#[test]
fn mutating_policies_are_written_for_the_api_of_each_version() {
    let Some(programs) = Programs::find() else {
        eprintln!(
            "mutating_policies_are_written_for_the_api_of_each_version was left out: `cargo xtask control-plane` builds a control plane"
        );
        return;
    };
    let group = "admissionregistration.k8s.io";
    let settings = Settings {
        api_server: vec![format!(
            "--runtime-config={group}/v1beta1=true,{group}/v1alpha1=true"
        )],
        ..Settings::default()
    };
    let plane = ControlPlane::start(&programs, &settings).expect("a control plane");
    let mut apis = Vec::new();
    for minor in (32..=VERSION.0).rev() {
        let version = plimsoll_snapshot::version::Minor(minor);
        for control in plimsoll_catalog::all() {
            let Ok(mutation) = Mutation::of(control, version, &[]) else {
                continue;
            };
            let policy = of_manifest(&mutation.manifest());
            let api = policy["apiVersion"].as_str().expect("a text").to_owned();
            for (object, resource) in [
                (policy, "mutatingadmissionpolicies"),
                (
                    of_manifest(&mutation.binding(None)),
                    "mutatingadmissionpolicybindings",
                ),
            ] {
                let path = format!("/apis/{api}/{resource}?fieldValidation=Strict&dryRun=All");
                let answer = plane.api().post(&path, &object).expect("an answer");
                assert!(
                    answer.is_fine(),
                    "{api} {}: {}",
                    control.head.id,
                    answer.message()
                );
            }
            apis.push(api);
        }
    }
    apis.dedup();
    let suffixes: Vec<_> = apis
        .iter()
        .filter_map(|api| api.rsplit('/').next())
        .collect();
    assert_eq!(suffixes, ["v1", "v1beta1", "v1alpha1"]);
}

/// All policies, once the controller has seen each as it is.
fn checked(api: &Api, count: usize) -> Vec<Value> {
    let begin = Instant::now();
    loop {
        let mut list = api.get(COLLECTION).expect("an answer").body;
        let items = list["items"].as_array_mut().map(std::mem::take);
        let items = items.unwrap_or_default();
        let seen = items.iter().filter(|policy| {
            let observed = &policy["status"]["observedGeneration"];
            !observed.is_null() && *observed == policy["metadata"]["generation"]
        });
        if seen.count() == count {
            return items;
        }
        assert!(
            begin.elapsed() < PATIENCE,
            "the controller has not seen every policy"
        );
        thread::sleep(Duration::from_millis(200));
    }
}
