//! What was read last, and what becomes of values that nobody knows.

use plimsoll_cel::{Budget, Declared, Fault, Names, Program, Type, Value};

struct Object<'a>(Value<'a>);

impl<'a> Names<'a> for Object<'a> {
    fn name(&self, name: &str) -> Option<Value<'a>> {
        (name == "object").then(|| self.0.clone())
    }

    fn variable(&self, name: &str) -> Result<Value<'a>, Fault> {
        Err(Fault::Failed(name.to_owned()))
    }
}

/// One item with `a: 1`, one with `a: 2`, one whose `a` is unknown; and a plain member.
fn object() -> Object<'static> {
    let item = |value| Value::map([("a", value)]);
    let items = vec![item(Value::Int(1)), item(Value::Int(2))];
    let unknown = Value::Unknown("the weather".into());
    Object(Value::map([
        ("items", Value::List(items.into())),
        ("open", item(unknown)),
        ("plain", Value::Bool(true)),
    ]))
}

fn program(text: &str) -> Program {
    let declared = Declared {
        names: vec![("object".to_owned(), Type::Dyn)],
        variables: None,
    };
    Program::compile(text, &declared).expect("compiles")
}

/// The last key that was read, and the number of the item in which it was.
fn read(text: &str) -> Option<(String, Option<usize>)> {
    let object = object();
    let (_, read) = program(text).trace(&object, &Budget::new(10_000));
    let read = read?;
    let all = object.0.members().expect("members").into_owned();
    let items = all[0].1.items().expect("items").into_owned();
    let item = items
        .iter()
        .position(|item| item.address() == read.of.address());
    Some((read.key.as_str().unwrap_or("?").to_owned(), item))
}

#[test]
fn what_decided_is_what_was_read_last() {
    for (text, key, item) in [
        ("object.items.all(i, i.a == 1)", "a", Some(1)),
        ("object.items.exists(i, i.a == 1)", "a", Some(0)),
        (
            "!object.items.exists(i, has(i.b) || i.a == 2)",
            "a",
            Some(1),
        ),
        ("object.items.all(i, i.a < 9)", "items", None),
        (
            "object.items.filter(i, i.a == 1).size() == 0",
            "items",
            None,
        ),
        ("has(object.plain) && has(object.none)", "none", None),
    ] {
        assert_eq!(read(text), Some((key.to_owned(), item)), "{text}");
    }
    assert_eq!(read("1 == 2"), None);
}

#[test]
fn what_is_unknown_counts_only_where_it_matters() {
    let said = |text: &str| program(text).evaluate(&object(), &Budget::new(10_000));
    for text in [
        "object.open.a == 1",
        "has(object.open.a)",
        "'a' in object.open",
        "size(object.open) == 1",
        "object.open.all(key, key == 'a')",
        "object.open == {'a': 1}",
        "object.open.?a.hasValue()",
    ] {
        assert!(
            matches!(said(text), Err(Fault::Unsupported(_))),
            "{text}: {:?}",
            said(text)
        );
    }
    for text in [
        "object.plain || object.open.a",
        "has(object.open.b) || object.plain",
        "has(object.open)",
    ] {
        assert_eq!(
            said(text).ok().and_then(|value| value.as_bool()),
            Some(true),
            "{text}"
        );
    }
}

#[test]
fn an_operator_gives_the_type_that_is_known() {
    for (text, result) in [
        ("'a' + object.plain", Type::Str),
        ("object.plain + 'a'", Type::Str),
        ("object.plain + object.plain", Type::Dyn),
        ("object.plain * 2", Type::Int),
    ] {
        assert_eq!(*program(text).result(), result, "{text}");
    }
}
