//! Hostile expressions: deep, long, or making much of little. They are refused or run out of budget, and nothing else.

use plimsoll_cel::{Budget, Declared, Fault, Names, Program, Value};

struct Nothing;

impl<'a> Names<'a> for Nothing {
    fn name(&self, _: &str) -> Option<Value<'a>> {
        None
    }

    fn variable(&self, name: &str) -> Result<Value<'a>, Fault> {
        Err(Fault::Failed(name.to_owned()))
    }
}

fn refusal(text: &str) -> String {
    let refusal = Program::compile(text, &Declared::default()).expect_err("refused");
    assert!(refusal.is_unsupported(), "{refusal}");
    refusal.to_string()
}

#[test]
fn deep_expressions_are_refused() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("!(", ")"),
        ("-(", ")"),
        ("true ? true : (", ")"),
    ] {
        let text = format!("{}true{}", open.repeat(50_000), close.repeat(50_000));
        assert!(refusal(&text).contains("deep"), "{open}");
    }
}

#[test]
fn long_rows_are_refused() {
    assert!(refusal(&format!("1{}", " + 1".repeat(50_000))).contains("deep"));
    assert!(refusal(&format!("[]{}", "[0]".repeat(50_000))).contains("deep"));
    let either = format!("false{}", " || false".repeat(50_000));
    let program = Program::compile(&either, &Declared::default()).expect("taken");
    let value = program
        .evaluate(&Nothing, &Budget::new(1_000_000))
        .expect("a value");
    assert_eq!(value.as_bool(), Some(false));
}

#[test]
fn rows_within_rows_are_refused() {
    let row = |inner: &str| format!("({inner}{})", " + 1".repeat(150));
    let text = (0..50).fold("1".to_owned(), |inner, _| row(&inner));
    assert!(refusal(&text).contains("deep"));
}

#[test]
fn much_work_runs_out_of_budget() {
    let list = format!("[{}]", vec!["1"; 100].join(", "));
    let text =
        format!("{list}.all(a, {list}.all(b, {list}.all(c, {list}.all(d, a + b + c + d == 4))))");
    let program = Program::compile(&text, &Declared::default()).expect("taken");
    let fault = program
        .evaluate(&Nothing, &Budget::new(1_000_000))
        .expect_err("too much");
    assert!(fault.to_string().contains("that long"), "{fault}");
}

#[test]
fn much_text_runs_out_of_budget() {
    let mut text = "\"xxxxxxxx\"".to_owned();
    for _ in 0..30 {
        text = format!("{text}.replace(\"x\", \"xxxxxxxx\")");
    }
    let program = Program::compile(&text, &Declared::default()).expect("taken");
    let fault = program
        .evaluate(&Nothing, &Budget::new(1_000_000))
        .expect_err("too much");
    assert!(fault.to_string().contains("that long"), "{fault}");
}

#[test]
fn a_refusal_tells_line_and_column() {
    let refusal = Program::compile("true &&\n  nobody", &Declared::default()).expect_err("refused");
    assert_eq!((refusal.line, refusal.column), (2, 3));
    assert!(!refusal.is_unsupported());
}
