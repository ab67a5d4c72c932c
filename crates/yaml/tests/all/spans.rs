//! Where nodes stand in the text.

use plimsoll_yaml::{Style, parse, split};

use crate::support::{json, source, tree};

const TEXT: &str = "\
# é
née: 'q''é'  # c
\"k\\u00e9\": \"a\\n\"
plain: two words
  and more   # x
list:
- é
-   - in
    - ner
-
- k: v
  l: w # last

flow: [ é, {a: b , \"c\":d}, ]
lit: |2-  # head |

   é
  y

# foot
fold: >
  z
empty:
tilde: ~
? ex
: pl
";

#[test]
fn every_node_covers_exactly_its_text() {
    let tree = tree(TEXT);
    for (path, expected) in [
        ("[\"née\"]", "'q''é'"),
        ("[\"ké\"]", "\"a\\n\""),
        ("plain", "two words\n  and more"),
        ("list", "- é\n-   - in\n    - ner\n-\n- k: v\n  l: w"),
        ("list[0]", "é"),
        ("list[1]", "- in\n    - ner"),
        ("list[1][1]", "ner"),
        ("list[2]", ""),
        ("list[3]", "k: v\n  l: w"),
        ("flow", "[ é, {a: b , \"c\":d}, ]"),
        ("flow[1]", "{a: b , \"c\":d}"),
        ("flow[1].c", "d"),
        ("lit", "|2-  # head |\n\n   é\n  y"),
        ("fold", ">\n  z"),
        ("empty", ""),
        ("tilde", "~"),
        ("ex", "pl"),
    ] {
        assert_eq!(source(&tree, path), expected, "{path}");
    }
    assert_eq!(source(&tree, ""), TEXT["# é\n".len()..].trim_end());
    assert_eq!(tree.root().get("lit").unwrap().as_str(), Some("\n é\ny"));
}

#[test]
fn missing_values_stand_behind_their_colon() {
    for (text, path) in [
        ("a:\nb: 1\n", "a"),
        ("a:   \n\n  # c\nb: 1\n", "a"),
        ("a:", "a"),
        ("{a: , b: 1}", "a"),
        ("? a\n:\n", "a"),
        ("é:\r\nb: 1\r\n", "[\"é\"]"),
        ("- a:\n- b\n", "[0].a"),
    ] {
        let tree = tree(text);
        let path: plimsoll_yaml::Path = path.parse().unwrap();
        let node = path.resolve(tree.root()).unwrap();
        assert!(node.is_null() && node.span().is_empty(), "{text}");
        assert_eq!(
            node.span().start as usize,
            text.find(':')
                .filter(|_| !text.starts_with('?'))
                .unwrap_or(4)
                + 1,
            "{text}"
        );
    }
}

#[test]
fn a_missing_value_without_colon_stays_on_its_line() {
    let tree = tree("? a\n? b\n: c\n");
    assert_eq!(tree.root().get("a").unwrap().span().start, 3);
}

#[test]
fn tags_and_anchors_are_outside() {
    let tree = tree("a: &x !!str 'b'\nc: &y\n  d: e\nf: !!str &z |\n  g\nh: &l !!seq\n- i\n");
    assert_eq!(source(&tree, "a"), "'b'");
    assert_eq!(source(&tree, "c"), "d: e");
    assert_eq!(source(&tree, "f"), "|\n  g");
    assert_eq!(source(&tree, "h"), "- i");
}

#[test]
fn block_scalars_start_at_their_header() {
    for (text, expected) in [
        ("a: |\nb: 1\n", "|"),
        ("a: | # x | y\n\n  b\n\n\nb: 1\n", "| # x | y\n\n  b"),
        ("a:\n  |\n  b\n", "|\n  b"),
        ("a: |+\n  b\n\n\n", "|+\n  b"),
        ("a: |\r\n  b\r\n  c # d\r\nb: 1\r\n", "|\r\n  b\r\n  c # d"),
    ] {
        let tree = tree(text);
        assert_eq!(source(&tree, "a"), expected, "{text:?}");
        assert_eq!(tree.root().get("a").unwrap().style(), Style::Literal);
    }
    let tree = tree("|\n a\n b");
    assert_eq!(
        (tree.root().as_str(), source(&tree, "")),
        (Some("a\nb\n"), "|\n a\n b")
    );
}

#[test]
fn spans_count_from_the_start_of_the_file() {
    let text = "\u{feff}é: 1\n---\n# c é\na: ☂\n";
    let chunks = split(text);
    let tree = parse(text, &chunks[1]).unwrap();
    assert_eq!(source(&tree, "a"), "☂");
    assert_eq!(tree.comments()[0].slice(text), "# c é");
}

#[test]
fn nested_lists_on_one_line_keep_their_dashes() {
    let tree = tree("- - a\n- - b\n  - c\nx-y: 1\n".split("x-y").next().unwrap());
    assert_eq!(source(&tree, "[0]"), "- a");
    assert_eq!(source(&tree, "[1]"), "- b\n  - c");
    assert_eq!(json("a:\n- - b\n"), serde_json::json!({"a": [["b"]]}));
    let tree = self::tree("a: # - c\n- - b\n");
    assert_eq!(
        (source(&tree, "a"), source(&tree, "a[0]")),
        ("- - b", "- b")
    );
}

#[test]
fn single_pairs_in_a_flow_list_are_mappings() {
    let tree = tree("[a: b, ? c]");
    assert_eq!(source(&tree, "[0]"), "a: b");
    assert!(tree.root().at(1).unwrap().get("c").unwrap().is_null());
}

#[test]
fn styles_are_those_of_the_text() {
    let tree = tree(TEXT);
    let style = |key: &str| tree.root().get(key).unwrap().style();
    assert_eq!(style("née"), Style::SingleQuoted);
    assert_eq!(style("ké"), Style::DoubleQuoted);
    assert_eq!(
        (style("plain"), style("empty")),
        (Style::Plain, Style::Plain)
    );
    assert_eq!((style("list"), style("flow")), (Style::Block, Style::Flow));
    assert_eq!(
        (style("lit"), style("fold")),
        (Style::Literal, Style::Folded)
    );
}

#[test]
fn a_document_of_comments_alone_is_null() {
    let text = "# c\n";
    let mut chunk = split("a: 1")[0];
    chunk.span.end = 4;
    let tree = parse(text, &chunk).unwrap();
    assert!(tree.root().is_null() && tree.comments().len() == 1);
}
