//! Policies for Kyverno against its own definition of the kind, on a real API server that takes no field that it does not know.
//! Kyverno itself does not run here: the expressions are those that the other tests try.

use std::fs;
use std::path::PathBuf;

use plimsoll_enforce::bundle::{Namespaces, Scope, Staged};
use plimsoll_enforce::{Policy, Stage, kyverno};

use crate::object::{of_manifest, read};
use crate::server::Server;
use crate::{VERSION, control_plane};

const DEFINITION: &str = "policies.kyverno.io_validatingpolicies.yaml";

/// Kyverno's definition of the kind; says so when nobody fetched it.
fn definition(test: &str) -> Option<String> {
    let folder = std::env::var_os("PLIMSOLL_SCHEMAS").map(PathBuf::from);
    let text = folder.and_then(|folder| fs::read_to_string(folder.join(DEFINITION)).ok());
    if text.is_none() {
        eprintln!("{test} was left out: `cargo xtask schemas` fetches {DEFINITION}");
    }
    text
}

#[test]
fn kyverno_s_own_definition_takes_every_policy() {
    const TEST: &str = "kyverno_s_own_definition_takes_every_policy";
    let (Some(definition), Some(plane)) = (definition(TEST), control_plane(TEST)) else {
        return;
    };
    let server = Server::new(plane.api());
    let definition = read(&definition).expect("a definition");
    server.create(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        &definition,
    );
    let scope = Scope {
        namespaces: Namespaces::all_but_system(),
        beside_pod_security: true,
    };
    let path = "/apis/policies.kyverno.io/v1/validatingpolicies?fieldValidation=Strict";
    let (mut taken, mut left_out) = (0, Vec::new());
    for control in plimsoll_catalog::all() {
        let Ok(policy) = Policy::of(control, VERSION, &[]) else {
            continue;
        };
        let staged = Staged {
            policy,
            stage: Stage::Deny,
        };
        if kyverno::obstacle(&staged).is_some() {
            left_out.push(control.head.id);
            continue;
        }
        let object = of_manifest(&kyverno::manifest(&staged, &scope));
        // The kind is served some moments after it was defined.
        server.await_status(path, &object, 201);
        taken += 1;
    }
    assert_eq!(left_out, ["untrusted-registry"]);
    assert!(taken > 60, "{taken}");
}
