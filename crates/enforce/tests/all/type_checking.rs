//! What the API server's own type checking says of every policy. It looks at validations and messages, kind by kind, and
//! the controller manager writes what it finds into the policy's status.

use std::thread;
use std::time::{Duration, Instant};

use plimsoll_control_plane::{Api, ControlPlane, Programs, Settings};
use plimsoll_enforce::Policy;
use serde_json::Value;

use crate::VERSION;
use crate::object::of_manifest;

const COLLECTION: &str = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
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
