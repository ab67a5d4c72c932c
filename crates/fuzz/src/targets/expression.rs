//! Users' expressions: compiling and evaluating ends within its budget, a refusal names a place in the text, and what is put around an
//! expression without changing what it means changes neither its value nor its failing.

use std::sync::LazyLock;

use plimsoll_cel::{Budget, Declared, Fault, Names, Program, Refusal, Type, Value};
use plimsoll_yaml::{Node, Tree, parse, split};

/// What `object` stands for; `variables.list` are its containers.
const OBJECT: &str = r#"
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web, tier: "1"}}
spec:
  hostNetwork: true
  priority: 1000
  containers:
  - {name: one, image: "registry.example.com/a:1", resources: {limits: {memory: 64Mi, cpu: 0.5}}}
  - {name: two, image: "b", securityContext: {runAsUser: 0, privileged: null}}
"#;

static TREE: LazyLock<Tree<'static>> = LazyLock::new(|| {
    let chunk = split(OBJECT).remove(0);
    parse(OBJECT, &chunk).expect("it is well-formed")
});

static DECLARED: LazyLock<Declared> = LazyLock::new(|| Declared {
    names: ["object", "oldObject"]
        .map(|name| (name.into(), Type::Dyn))
        .to_vec(),
    variables: Some(vec![
        ("list".into(), Type::Dyn),
        ("broken".into(), Type::Bool),
    ]),
});

/// Panics where it does not hold.
pub fn holds(text: &str) {
    let program = match Program::compile(text, &DECLARED) {
        Ok(program) => program,
        Err(refusal) => return place(&refusal, text),
    };
    let alone = answer(&program);
    let mut around = vec![
        format!("({text}\n)"),
        format!("[{text}\n][0]"),
        format!("{{'key': {text}\n}}.key"),
        format!("true ? ({text}\n) : ({text}\n)"),
        format!("[0].map(unused, {text}\n)[0]"),
    ];
    if *program.result() == Type::Bool {
        around.extend([
            format!("!(!({text}\n))"),
            format!("({text}\n) && true"),
            format!("false || ({text}\n)"),
            format!("[0].all(unused, {text}\n)"),
        ]);
    }
    for same in around {
        let found = match Program::compile(&same, &DECLARED) {
            Ok(program) => answer(&program),
            Err(refusal) if refusal.is_unsupported() => Answer::Unsupported,
            Err(refusal) => panic!("{refusal}: {same:?}"),
        };
        if ![&alone, &found].contains(&&Answer::Unsupported) {
            assert_eq!(found, alone, "{same:?}");
        }
    }
}

/// What an expression gives.
#[derive(PartialEq, Debug)]
enum Answer {
    Value(String),
    Failed,
    Unsupported,
}

fn answer(program: &Program) -> Answer {
    match program.evaluate(&Object(TREE.root()), &Budget::new(20_000)) {
        Ok(value) => Answer::Value(format!("{value:?}")),
        Err(Fault::Failed(_)) => Answer::Failed,
        Err(Fault::Unsupported(_)) => Answer::Unsupported,
    }
}

struct Object<'t>(Node<'t>);

impl<'t> Names<'t> for Object<'t> {
    fn name(&self, name: &str) -> Option<Value<'t>> {
        Some(match name {
            "object" => Value::of(self.0),
            _ => Value::Null,
        })
    }

    fn variable(&self, name: &str) -> Result<Value<'t>, Fault> {
        let list = self.0.get("spec").and_then(|spec| spec.get("containers"));
        match (name, list) {
            ("list", Some(list)) => Ok(Value::of(list)),
            _ => Err(Fault::Failed("it fails".to_owned())),
        }
    }
}

fn place(refusal: &Refusal, text: &str) {
    assert!(!refusal.what.is_empty());
    let line = text.split('\n').nth(refusal.line - 1);
    let length = line.expect("a line of the text").chars().count();
    assert!((1..=length + 1).contains(&refusal.column), "{refusal}");
}
