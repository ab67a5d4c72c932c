//! Inputs made to hurt: deep, wide, repetitive, random.

use plimsoll_yaml::{Kind, ParseErrorKind, parse, split};
use proptest::prelude::*;

use crate::support::{error, try_tree};

/// Depth of the first-child chain, counted without recursion.
fn depth(text: &str) -> usize {
    let tree = try_tree(text).unwrap();
    let child = |node: plimsoll_yaml::Node<'_>| match node.kind() {
        Kind::Mapping => node.entries().next().map(|(_, value)| value.id()),
        _ => node.at(0).map(|item| item.id()),
    };
    let ids = std::iter::successors(Some(tree.root().id()), |id| child(tree.node(*id).unwrap()));
    ids.count() - 1
}

#[test]
fn ten_thousand_levels_are_read() {
    assert_eq!(
        depth(&("[".repeat(9_999) + "1" + &"]".repeat(9_999))),
        9_999
    );
    assert_eq!(
        depth(&("{a: ".repeat(9_999) + "1" + &"}".repeat(9_999))),
        9_999
    );
    assert_eq!(
        depth(&("{\"a\":".repeat(9_999) + "1" + &"}".repeat(9_999))),
        9_999
    );
    assert_eq!(depth(&("- ".repeat(9_999) + "1")), 9_999);
    let steps: String = (0..2_000).map(|n| " ".repeat(n) + "a:\n").collect();
    assert_eq!(depth(&steps), 2_000);
}

#[test]
fn more_levels_are_refused() {
    let json = "{\"a\":".repeat(10_001) + "1" + &"}".repeat(10_001);
    for text in [
        "[".repeat(10_001),
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        json,
    ] {
        assert_eq!(error(&text).0, ParseErrorKind::TooDeep);
    }
}

#[test]
fn aliases_cannot_exceed_the_depth() {
    let deep = "[".repeat(6_000) + "1" + &"]".repeat(6_000);
    let text = format!(
        "a: &a {deep}\nb: {}*a{}\n",
        "[".repeat(6_000),
        "]".repeat(6_000)
    );
    assert_eq!(error(&text), (ParseErrorKind::TooDeep, "*a"));
}

#[test]
fn alias_bombs_are_refused_early() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    assert_eq!(error(&text).0, ParseErrorKind::ExcessiveAliasing);
    let merges: String = (1..40)
        .map(|n| format!("m{n}: &m{n}\n  <<: *m{}\n  k{n}: [*m{}]\n", n - 1, n - 1))
        .collect();
    assert_eq!(
        error(&format!("m0: &m0 {{x: 1}}\n{merges}")).0,
        ParseErrorKind::ExcessiveAliasing
    );
}

#[test]
fn merge_keys_inside_each_other_are_bounded() {
    let keys: String = (0..5_000).map(|n| format!("k{n}: 1, ")).collect();
    let nested = |levels: usize| "{<<: ".repeat(levels) + "{" + &keys + "}" + &"}".repeat(levels);
    assert_eq!(try_tree(&nested(3)).unwrap().root().len(), 5_000);
    assert_eq!(error(&nested(9_000)).0, ParseErrorKind::ExcessiveAliasing);
    assert!(try_tree(&("{<<: ".repeat(50) + "{a: 1}" + &"}".repeat(50))).is_ok());
}

#[test]
fn honest_aliases_are_allowed() {
    let many = "- *a\n".repeat(40);
    let tree_text = format!("a: &a {{b: 1, c: 2}}\nlist:\n{many}");
    assert_eq!(
        try_tree(&tree_text)
            .unwrap()
            .root()
            .get("list")
            .unwrap()
            .len(),
        40
    );
}

#[test]
fn long_inputs_take_one_pass() {
    for text in [
        format!("a: {}b\n", " ".repeat(1_000_000)),
        format!("a:\n{}  b: c\n", "  # x\n".repeat(100_000)),
        format!("[{}]", "a,".repeat(200_000)),
        format!("a: |\n{}", "  é\n".repeat(200_000)),
        "- &a x\n- *a\n".repeat(20_000),
        format!("a: &a\n{}b: *a\n", "- |\n  x\n".repeat(20_000)),
    ] {
        assert!(try_tree(&text).is_ok());
    }
}

fn yaml_like() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "b: ",
        "- ",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        ":",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "'",
        "\"",
        "|\n",
        ">-\n",
        "# c\n",
        "&x ",
        "*x",
        "<<: ",
        "!!int ",
        "!!binary ",
        "---\n",
        "...\n",
        "é",
        "\u{feff}",
        "\t",
        "\r\n",
        "1",
        "~",
        "\\",
        "%",
        "\"a\":",
        "null",
        "@",
        "😀",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_read_is_consistent(text in yaml_like()) {
        for chunk in split(&text) {
            let Ok(tree) = parse(&text, &chunk) else { continue };
            for id in 0..tree.len() {
                let node = tree.node(plimsoll_yaml::NodeId(id as u32)).unwrap();
                let span = node.span();
                prop_assert!(span.start <= span.end && span.end as usize <= text.len());
                prop_assert!(text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize));
                prop_assert!(span.is_empty() == span.slice(&text).is_empty());
                prop_assert!(node.parent().is_none_or(|parent| parent.id() < node.id()));
            }
            let mut pending = vec![tree.root()];
            while let Some(node) = pending.pop() {
                prop_assert_eq!(node.path().resolve(tree.root()), Some(node));
                prop_assert_eq!(node.len(), node.items().count() + node.entries().count());
                for (key, value) in node.entries() {
                    prop_assert_eq!(value.key(), Some(key));
                    prop_assert_eq!((key.parent(), value.parent()), (Some(node), Some(node)));
                    pending.push(value);
                }
                for child in node.items() {
                    let inside = node.span().start <= child.span().start && child.span().end <= node.span().end;
                    prop_assert!(inside || child.from_alias());
                    pending.push(child);
                }
                let _ = (node.leading_comments().count(), node.trailing_comment());
            }
        }
    }
}
