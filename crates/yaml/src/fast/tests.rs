//! The fast reader against the general one: the same tree, byte for byte of it, or none.

pub(super) use crate::differ::agree;
use crate::fast;
use crate::split;
use crate::text::Span;

/// How many documents of the text the fast reader declined; fails where it differs.
pub(super) fn declined(text: &str) -> Result<usize, String> {
    let mut declined = 0;
    for chunk in split(text) {
        let ours = chunk.json || agree(text, chunk.span)?;
        declined += usize::from(!ours);
    }
    Ok(declined)
}

/// What ordinary manifests are written in must not be declined.
pub(super) const ORDINARY: &[&str] = &[
    "a: 1\n",
    "a:\nb: 1",
    "a:\n  b:\n\n    c: 1\n  d:\ne:\n",
    "a: # one\n  b: 2 # two\n  # three\n# four\nc:   \n",
    "a:\n- b\n- c: 1\n  d: 2\n-\n- - e\n  - f\ng:\n  - h\n  -   i: 1\n      j: 2\n",
    "- \n- # x\n-\n  a: b\n",
    "a:\n-\nb:\n- #x\n",
    "\"a b\": 'c'\n'd': \"e\"  # f\n\"g\" : h\nyes: no\n0777: 1.5\n",
    "a: \"x\\ty\\u00e9\\x41\\\"\"\nb: 'it''s'\nc: ''\nd: \"\"\n",
    "a: x y\n  z\n\n  w\nb: 1\n",
    "a:\n  x y\n  z # no\n",
    "a: \"b\nc\"\nd:\n  e: 'f\n  g\n\nh'\n  i: \"j\n \\n k\n\"\n",
    "a: \"x  \n  y\n\n  z\\\n  \\ w\"\nb: 'x\n  y'\n",
    "a: |\n  x\n    y\n\n  z\n\n\nb: |-\n  x\nc: |+\n  x\n\n# d\ne: >\n  x\n  y\n\n  z\n    w\n  v\nf: >-\n  x\n",
    "a: |2\n    x\n  y\nb: |1-\n  x\nc: >+1 # d\n  x\n",
    "a: |\nb: >-\nc: 1\n",
    "a: | # x\n\nb: 1\n",
    "a: |\n  x",
    "a:\n- |\n  x\n- >-\n   y\n   z\n",
    "a: {}\nb: []\nc: [1, \"a\", 'b', x y, [1], {a: 1}]\nd: {a: 1, \"b\": c, e: [f]}\n",
    "a: [fd00::, 2001:db8::]\nb: {c: 1::2, d: fd00::}\n",
    "a: [\n  \"b\", # c\n  d,\n]\ne: {\n  f: g\n}\nh: [\n]\n",
    "a: 1\r\nb:\r\n  - c\r\n  - |\r\n    d\r\n    e\r\nf: x\r\n  y\r\n",
    "\u{feff}a: 1\n---\n\u{feff}b: 2\n",
    "# x\na: 1\na: 2\n  # y\nb: a:b\nc: a#b\nd: http://x:80/\ne: -x\nf: ?x\ng: :x\n",
    "é: ü\nb: 日本 語 # ö\n",
    "a: b\u{a0}; c\u{a0}\n# \u{2003}d\ne: |\n  f\u{a0}\n\u{a0}g: 'h\u{a0}'\n",
    "a:\n- |\n  x\u{a0}\n- >-\n   y\n",
    "script: |\n  #!/bin/sh\n  if a; then\n  \tb\n  fi\n",
    "a: \"b\tc\"\nb: c # d\te\n",
    "- a\n- b:\n  - c\n- d\n",
];

#[test]
fn ordinary_documents_are_read_and_agree() {
    let wrong: Vec<_> = ORDINARY
        .iter()
        .map(|text| match declined(text) {
            Ok(0) => String::new(),
            Ok(_) => format!("declined {text:?}"),
            Err(difference) => difference,
        })
        .filter(|message| !message.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Rare or wrong, so the general reader's business.
const UNUSUAL: &[&str] = &[
    "a: &x 1\nb: *x\n",
    "<<: {a: 1}\n",
    "a: !!str 1\n",
    "? a\n: b\n",
    "%YAML 1.2\na: 1\n",
    "a: {{ b }}\n",
    "{{ a }}: b\n",
    "a:\n\tb: 1\n",
    "a: b: c\n",
    "a: - b\n",
    "a: \"b\" c\n",
    "a: 'b'#c\n",
    "a: [b]c\n",
    "a: [b, c: d]\n",
    "a: {b}\n",
    "a: [b,, c]\n",
    "a: [b\n",
    "a: \"b\n--- c\"\n",
    "a: \"b\n...\"\n",
    "a: \"b\n\tc\"\n",
    "a: 'b\n",
    "a: \"\\q\"\n",
    "a: \"\\u00e\\\n9\"\n",
    "a: \"\\ud83d\\ude00\"\n",
    "a: .inf\n",
    "null: 1\n",
    "a: b # c\n  d\n",
    "a: b\n  c: d\n",
    "a:\n    b: 1\n  c: 2\n",
    "- a\nb: c\n",
    "a: 1\n- b\n",
    "a: |\n    x\n   y\n",
    "a: |\n     \n  x\n",
    "a: |0\n  x\n",
    "a: |x\n  x\n",
    "a: @x\n",
    "a: `x`\n",
    "a: 1\n...\nb: 2\n",
    "x\n",
    "[a]\n",
    "# a\n",
    "a: 1\rb: 2\r",
    "a: \u{7f}\n",
];

#[test]
fn unusual_documents_are_declined() {
    let read: Vec<_> = UNUSUAL
        .iter()
        .filter(|text| fast::parse(text, Span::of(0, text.len())).is_some())
        .collect();
    assert!(read.is_empty(), "read: {read:#?}");
}

/// What libyaml 0.2.5 gives, which is what go-yaml was made from.
#[test]
fn further_lines_of_quoted_texts_may_stand_anywhere() {
    for (text, expected) in [
        ("a: 'b\nc'\n", "b c"),
        ("a: \"b\n\n c\"\n", "b\nc"),
        ("x:\n    a: 'b\n  c\n    d'\n", "b c d"),
        ("- a: \"b \\\n  c\"\n", "b c"),
    ] {
        let tree = fast::parse(text, Span::of(0, text.len())).unwrap();
        let said = tree.aside.iter().map(|text| &**text).collect::<Vec<_>>();
        assert_eq!(said, [expected], "{text:?}");
    }
}

#[test]
fn the_reader_of_a_document_is_told() {
    let told = |text: &str| {
        let chunks = split(text);
        let trees = chunks.iter().map(|chunk| crate::parse(text, chunk));
        trees
            .map(|tree| tree.map(|tree| tree.fast()))
            .collect::<Result<Vec<_>, _>>()
    };
    let text = "a: 1\n---\na: &x 1\n---\n{\"a\": 1}\n";
    assert_eq!(told(text), Ok(vec![true, false, true]));
}

/// Long, deep and nasty: read or declined in one pass, as the time this test takes shows.
#[test]
fn hostile_documents_agree() {
    let steps: String = (0..900).map(|depth| format!("{:depth$}a:\n", "")).collect();
    let deep: String = (0..3_000)
        .map(|depth| format!("{:depth$}a:\n", ""))
        .collect();
    let documents = [
        steps,
        deep,
        format!("a: {}", "[".repeat(100_000)),
        format!("a: {}{}", "[".repeat(5_000), "]".repeat(5_000)),
        "- ".repeat(20_000),
        format!("a: {}\n", "x ".repeat(1_000_000)),
        format!("a: \"{}\"\n", "\\n".repeat(500_000)),
        format!("a: '{}'\n", "''".repeat(500_000)),
        format!("a: {}\n", ":#".repeat(500_000)),
        format!("a: x\n{}", "  x\n".repeat(200_000)),
        format!("a: |\n{}", "  x\n\n".repeat(200_000)),
        format!("a: >\n{}", "  x\n\n".repeat(200_000)),
        format!("a: \"x\n{}\"\n", "  x\n\n".repeat(100_000)),
        format!("a:\n{}", "# x\n".repeat(200_000)),
        format!("a:\n{}b:\n", "\n".repeat(1_000_000)),
        format!("a: [{}]\n", "x,\n".repeat(100_000)),
        "a: |\n".repeat(50_000),
        "a:\n- |\n".repeat(1_000),
        "\"".repeat(100_001),
        "a: \"\n".repeat(20_000),
    ];
    for document in documents {
        let agreed = agree(&document, Span::of(0, document.len()));
        assert!(agreed.is_ok(), "differs: {:?}", document.get(..40));
    }
}
