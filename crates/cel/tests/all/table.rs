//! The table, and this crate's answers to it.

use plimsoll_cel::{Budget, Declared, Fault, Names, Program, Type, Value};
use plimsoll_yaml::{Tree, parse, split};

/// The object of all cases.
pub(crate) const OBJECT: &str = r#"
apiVersion: v1
kind: ConfigMap
metadata:
  name: case
  namespace: default
  labels: {app: web, tier: "1"}
  annotations: {"a.b/c": "x,y", empty: ""}
  finalizers: ["example.com/one", "example.com/two"]
  ownerReferences:
  - {apiVersion: v1, kind: Pod, name: p, uid: "1", controller: true}
  - {apiVersion: v1, kind: Pod, name: q, uid: "2"}
data: {greeting: "grüß dich", number: "42", list: "b,a,c"}
"#;

const TABLE: &str = include_str!("cases.txt");

/// What is said to an expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    /// It is not taken.
    Refused,
    /// It fails when it is evaluated.
    Error,
    /// Its value, as text.
    Value(String),
}

/// A line of the table.
pub(crate) struct Case {
    pub(crate) expression: &'static str,
    /// This crate need not do it.
    pub(crate) may_be_unsupported: bool,
    pub(crate) said: Option<Answer>,
}

pub(crate) fn cases() -> Vec<Case> {
    let mut may_be_unsupported = false;
    let mut cases = Vec::new();
    for line in TABLE.lines() {
        if let Some(title) = line.strip_prefix("##") {
            may_be_unsupported = title.contains("unsupported");
        } else if !line.trim().is_empty() {
            let (expression, said) = line.split_once(" ⇒ ").unwrap_or((line, ""));
            let said = match said {
                "" => None,
                "refused" => Some(Answer::Refused),
                "error" => Some(Answer::Error),
                value => value
                    .strip_prefix("= ")
                    .map(|value| Answer::Value(value.to_owned())),
            };
            cases.push(Case {
                expression,
                may_be_unsupported,
                said,
            });
        }
    }
    cases
}

/// The expression that turns the value into a text.
pub(crate) fn asked(expression: &str) -> String {
    format!("\"= \" + string({expression})")
}

struct Object<'t>(&'t Tree<'t>);

impl<'t> Names<'t> for Object<'t> {
    fn name(&self, name: &str) -> Option<Value<'t>> {
        match name {
            "object" => Some(Value::of(self.0.root())),
            "oldObject" => Some(Value::Null),
            _ => None,
        }
    }

    fn variable(&self, name: &str) -> Result<Value<'t>, Fault> {
        Err(Fault::Failed(format!("no variable {name}")))
    }
}

/// `None`: not supported, with the reason printed.
fn ours(expression: &str) -> Result<Answer, String> {
    let declared = Declared {
        names: vec![
            ("object".into(), Type::Dyn),
            ("oldObject".into(), Type::Dyn),
        ],
        variables: Some(Vec::new()),
    };
    let program = match Program::compile(&asked(expression), &declared) {
        Ok(program) => program,
        Err(refusal) if refusal.is_unsupported() => return Err(refusal.to_string()),
        Err(_) => return Ok(Answer::Refused),
    };
    let chunk = split(OBJECT).remove(0);
    let tree = parse(OBJECT, &chunk).expect("a tree");
    match program.evaluate(&Object(&tree), &Budget::new(1_000_000)) {
        Ok(Value::Str(text)) => Ok(Answer::Value(text["= ".len()..].to_owned())),
        Ok(other) => panic!("{expression}: {other:?}"),
        Err(Fault::Failed(_)) => Ok(Answer::Error),
        Err(fault @ Fault::Unsupported(_)) => Err(fault.to_string()),
    }
}

#[test]
fn every_case_has_the_servers_answer() {
    let cases = cases();
    let mut wrong = Vec::new();
    let mut unsupported = 0;
    for case in &cases {
        let expression = case.expression;
        let said = case.said.as_ref();
        match ours(expression) {
            Err(_) if case.may_be_unsupported => unsupported += 1,
            // What the server refuses for types that are not known here fails when it is evaluated.
            Ok(Answer::Error) if said == Some(&Answer::Refused) => {}
            Ok(answer) if Some(&answer) == said => {}
            other => wrong.push(format!("{expression}: {other:?}, the server says {said:?}")),
        }
    }
    assert!(
        cases.len() - unsupported >= 150,
        "{} cases, {unsupported} unsupported",
        cases.len()
    );
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn what_is_unsupported_says_what_and_where() {
    let mut others = Vec::new();
    for case in cases().iter().filter(|case| case.may_be_unsupported) {
        match ours(case.expression) {
            Err(reason) => assert!(!reason.is_empty()),
            Ok(_) => others.push(case.expression),
        }
    }
    assert!(
        others.is_empty(),
        "these are done: move them up: {others:#?}"
    );
}
