//! Every exported policy, evaluated by our own `cel`: it must say what the page says, as the API server does in the other
//! tests of this folder. Needs no control plane.

use std::cell::RefCell;
use std::collections::HashMap;

use plimsoll_catalog::all;
use plimsoll_cel::{Budget, Declared, Fault, Names, Program, Type, Value};
use plimsoll_control::Control;
use plimsoll_enforce::{Policy, parameters};
use plimsoll_testkit::samples;
use plimsoll_yaml::{Node, parse, split, write};

use crate::object::{collection, read};
use crate::{BAD, Exception, GOOD, VERSION, is_about, is_matched, is_seen_in_part};

struct Compiled {
    variables: Vec<(String, Program)>,
    validation: Program,
    message: Program,
}

struct Request<'p, 't> {
    object: Node<'t>,
    params: Node<'t>,
    policy: &'p Compiled,
    known: RefCell<HashMap<String, Value<'t>>>,
    budget: Budget,
}

impl<'t> Names<'t> for Request<'_, 't> {
    fn name(&self, name: &str) -> Option<Value<'t>> {
        match name {
            "object" => Some(Value::of(self.object)),
            "oldObject" => Some(Value::Null),
            "params" => Some(Value::of(self.params)),
            _ => None,
        }
    }

    fn variable(&self, name: &str) -> Result<Value<'t>, Fault> {
        if let Some(value) = self.known.borrow().get(name) {
            return Ok(value.clone());
        }
        let mut variables = self.policy.variables.iter();
        let (_, program) = variables
            .find(|(known, _)| known == name)
            .expect("declared");
        let value = program.evaluate(self, &self.budget)?;
        self.known
            .borrow_mut()
            .insert(name.to_owned(), value.clone());
        Ok(value)
    }
}

fn compile(policy: &Policy) -> Compiled {
    let text = write(&policy.manifest());
    let tree = parse(&text, &split(&text).remove(0)).expect("a tree");
    let spec = tree.root().get("spec").expect("a spec");
    let expression = |node: Node<'_>, key: &str| {
        node.get(key)
            .and_then(Node::as_str)
            .expect("a text")
            .to_owned()
    };
    let mut declared = Declared {
        names: vec![
            ("object".into(), Type::Dyn),
            ("oldObject".into(), Type::Dyn),
            ("params".into(), Type::Dyn),
        ],
        variables: Some(Vec::new()),
    };
    let mut variables = Vec::new();
    for variable in spec.get("variables").expect("variables").items() {
        let name = expression(variable, "name");
        let program =
            Program::compile(&expression(variable, "expression"), &declared).expect("compiles");
        let known = declared.variables.get_or_insert_default();
        known.push((name.clone(), program.result().clone()));
        variables.push((name, program));
    }
    let validation = spec
        .get("validations")
        .and_then(|all| all.at(0))
        .expect("a validation");
    let compiled =
        |key: &str| Program::compile(&expression(validation, key), &declared).expect("compiles");
    Compiled {
        validation: compiled("expression"),
        message: compiled("messageExpression"),
        variables,
    }
}

/// Is the object admitted? A denial has to have a message.
fn admits(policy: &Compiled, text: &str, trusted: &[String]) -> Result<bool, Fault> {
    let tree = parse(text, &split(text).remove(0)).expect("a tree");
    let given = write(&parameters::manifest(trusted));
    let given = parse(&given, &split(&given).remove(0)).expect("a tree");
    let request = Request {
        object: tree.root(),
        params: given.root(),
        policy,
        known: RefCell::default(),
        budget: Budget::new(10_000_000),
    };
    let admitted = policy.validation.evaluate(&request, &request.budget)?;
    let admitted = admitted.as_bool().expect("a boolean");
    if !admitted
        && request
            .object
            .get("metadata")
            .and_then(|metadata| metadata.get("name"))
            .is_some()
    {
        let message = policy.message.evaluate(&request, &request.budget)?;
        assert!(message.as_str().is_some_and(|message| !message.is_empty()));
    }
    Ok(admitted)
}

/// Examples of which the API server makes something else before a policy sees them, so that only the server's own verdict
/// counts, with what the server does.
const CHANGED_BY_THE_SERVER: &[Exception] = &[
    (
        &["restricted-volume-type"],
        GOOD,
        "name: scratch",
        "gives a volume without source an emptyDir",
    ),
    (&["broad-network-policy"], BAD, "", "fills in policyTypes"),
    (&["exposed-service"], BAD, "", "fills in the type"),
    (&["exposed-service"], GOOD, "", "fills in the type"),
    (
        &["exposed-service-without-tls"],
        GOOD,
        "",
        "fills in the type",
    ),
    (
        &["node-path-persistent-volume"],
        BAD,
        "name: nameless",
        "refuses a hostPath without path",
    ),
];

#[test]
fn our_own_evaluation_says_what_every_page_says() {
    let mut unused: Vec<_> = CHANGED_BY_THE_SERVER.iter().collect();
    let controls: Vec<&'static Control> = all().collect();
    let (mut denied, mut admitted, mut wrong) = (0, 0, Vec::new());
    for control in &controls {
        let Ok(policy) = Policy::of(control, VERSION, &[]) else {
            continue;
        };
        let reads_registries = policy.reads_registries();
        let policy = compile(&policy);
        let mut samples = samples(&controls, control, VERSION);
        samples.retain(|sample| !is_seen_in_part(control, sample));
        // Without registries nothing is trusted, and nothing is known.
        samples.retain(|sample| !reads_registries || !sample.trusts.is_empty());
        for sample in samples {
            let kind =
                read(&sample.text).and_then(|object| object["kind"].as_str().map(str::to_owned));
            let matched = kind.filter(|kind| collection(kind, "any").is_some());
            if !matched.is_some_and(|kind| is_matched(control, &kind)) {
                continue;
            }
            match admits(&policy, &sample.text, &sample.trusts) {
                Ok(true) if !sample.is_bad => admitted += 1,
                Ok(false) if sample.is_bad => denied += 1,
                other => {
                    let is_known = |exception: &&_| is_about(exception, control, &sample);
                    if CHANGED_BY_THE_SERVER.iter().any(|it| is_known(&it)) {
                        unused.retain(|exception| !is_known(exception));
                        continue;
                    }
                    wrong.push(format!(
                        "{}: {}: {other:?}\n{}",
                        control.head.id, sample.name, sample.text
                    ));
                }
            }
        }
    }
    eprintln!("{denied} denied, {admitted} admitted");
    assert!(
        denied > 0 && admitted > 0,
        "proves nothing: {denied} denied, {admitted} admitted"
    );
    assert!(
        wrong.is_empty(),
        "{} wrong, {denied} denied, {admitted} admitted:\n{}",
        wrong.len(),
        wrong
            .iter()
            .take(30)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    );
    assert!(unused.is_empty(), "no longer so: {unused:?}");
}
