//! Comments and the nodes they stand by.

use crate::support::tree;

const TEXT: &str = "\
# one
# two
a: 1 # end a

# far

# near é
b: # of b
  # of c
  # of c too
  c: '# no' # yes
  # of list
  list: # of items
  # item
  - x # of x
    # deep
  # second
  - k: |  # head
      # content
    l: 2
";

fn leading(path: &str) -> Vec<String> {
    let tree = tree(TEXT);
    let path: plimsoll_yaml::Path = path.parse().unwrap();
    let node = path.resolve(tree.root()).unwrap();
    node.leading_comments()
        .map(|span| span.slice(TEXT).to_owned())
        .collect()
}

fn trailing(path: &str) -> Option<&'static str> {
    let tree = tree(TEXT);
    let path: plimsoll_yaml::Path = path.parse().unwrap();
    let node = path.resolve(tree.root()).unwrap();
    node.trailing_comment().map(|span| span.slice(TEXT))
}

#[test]
fn comments_come_in_order_and_exclude_look_alikes() {
    let tree = tree(TEXT);
    let found: Vec<_> = tree
        .comments()
        .iter()
        .map(|span| span.slice(TEXT))
        .collect();
    assert_eq!(
        found,
        [
            "# one",
            "# two",
            "# end a",
            "# far",
            "# near é",
            "# of b",
            "# of c",
            "# of c too",
            "# yes",
            "# of list",
            "# of items",
            "# item",
            "# of x",
            "# deep",
            "# second",
            "# head"
        ]
    );
}

#[test]
fn leading_comments_touch_the_line_below() {
    assert_eq!(leading("a"), ["# one", "# two"]);
    assert_eq!(leading("b"), ["# near é"]);
    assert_eq!(leading("b.c"), ["# of c", "# of c too"]);
    assert_eq!(leading("b.list"), ["# of list"]);
    assert_eq!(leading("b.list[0]"), ["# item"]);
    assert_eq!(leading("b.list[1]"), ["# second"]);
    assert_eq!(leading("b.list[1].l"), [""; 0]);
}

#[test]
fn trailing_comments_share_the_line() {
    assert_eq!(trailing("a"), Some("# end a"));
    assert_eq!(trailing("b.c"), Some("# yes"));
    assert_eq!(trailing("b.list[0]"), Some("# of x"));
    assert_eq!(trailing("b.list[1].k"), Some("# head"));
    assert_eq!(trailing("b.list[1].l"), None);
    let tree = tree(TEXT);
    let key = tree.root().get("b").and_then(|b| b.key()).unwrap();
    assert_eq!(
        key.trailing_comment().map(|span| span.slice(TEXT)),
        Some("# of b")
    );
}

#[test]
fn carriage_returns_are_not_part_of_a_comment() {
    let text = "\u{feff}# a\r\nb: 1 # c\r\n";
    let tree = tree(text);
    assert_eq!(
        tree.comments()
            .iter()
            .map(|span| span.slice(text))
            .collect::<Vec<_>>(),
        ["# a", "# c"]
    );
    assert_eq!(tree.root().get("b").unwrap().leading_comments().count(), 1);
}
