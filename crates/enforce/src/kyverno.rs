//! The same policies for clusters with Kyverno: `ValidatingPolicy`, which takes the expressions of the API server as they are.
//! Only what means exactly the same there is written; the rest says why it is not.

use plimsoll_yaml::edit::Value;

use crate::bundle::{Scope, Staged};
use crate::policy::{map, text};

/// Served since Kyverno 1.17.
const API_VERSION: &str = "policies.kyverno.io/v1";

/// Why a policy has no exact counterpart; `None` where it has.
pub fn obstacle(staged: &Staged) -> Option<&'static str> {
    let reads = staged.policy.reads_registries();
    reads.then_some(
        "a ValidatingPolicy takes no parameters of its own, such as the trusted registries",
    )
}

/// The policy with what its binding would say.
pub fn manifest(staged: &Staged, scope: &Scope) -> Value {
    let policy = &staged.policy;
    let Value::Map(mut own) = policy.manifest() else {
        return Value::Map(Vec::new());
    };
    let mut spec = Vec::new();
    let actions = staged.stage.actions().iter().map(|action| text(action));
    spec.push((
        "validationActions".to_owned(),
        Value::List(actions.collect()),
    ));
    // Policies name every kind that carries pods themselves; Kyverno must not write rules for more of them.
    let none = map([("controllers", Value::List(Vec::new()))]);
    spec.push(("autogen".to_owned(), map([("podControllers", none)])));
    if let Value::Map(members) = policy.spec() {
        spec.extend(members);
    }
    for (key, value) in &mut spec {
        if let ("matchConstraints", Value::Map(constraints)) = (key.as_str(), value) {
            let selector = scope.selector(policy);
            constraints.push(("namespaceSelector".to_owned(), selector));
        }
    }
    for (key, value) in &mut own {
        match key.as_str() {
            "apiVersion" => *value = text(API_VERSION),
            "kind" => *value = text("ValidatingPolicy"),
            "spec" => *value = Value::Map(std::mem::take(&mut spec)),
            _ => {}
        }
    }
    Value::Map(own)
}
