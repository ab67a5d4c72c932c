//! Waivers: no comment that begins like one is dropped, comments and annotations share one grammar, and patterns mean what they say.
//! Each line is a comment; the first two are a pattern and a text as well.

use plimsoll_snapshot::object::{Document, File, objects};
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;
use plimsoll_snapshot::waiver::{Waiver, fits, waivers_of};
use plimsoll_yaml::edit::Value;
use plimsoll_yaml::{parse, split};

/// Panics where it does not hold.
pub fn holds(text: &str) {
    // A carriage return ends a line of YAML as well: what follows it is no comment, or one of its own.
    let lines: Vec<&str> = text.split(['\n', '\r']).collect();
    if let [pattern, name, ..] = lines.as_slice() {
        assert_eq!(
            fits(pattern, name),
            matches(pattern, name),
            "{pattern:?} and {name:?}"
        );
    }
    let comments: String = lines.iter().map(|line| format!("# {line}\n")).collect();
    let document =
        format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n{comments}spec: {{}}\n");
    let wanted = lines
        .iter()
        .filter(|line| line.trim().starts_with("plimsoll:"));
    if let Some(found) = waivers(&document) {
        assert_eq!(found.len(), wanted.count(), "{document:?}: {found:#?}");
    }
    for line in lines {
        alike(line);
    }
}

/// `*` stands for any text; the slow and plain way.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let mut fitting = vec![false; text.len() + 1];
    fitting[0] = true;
    for character in pattern {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = match character {
                '*' => fitting[at] || at > 0 && next[at - 1],
                _ => at > 0 && fitting[at - 1] && text[at - 1] == character,
            };
        }
        fitting = next;
    }
    fitting[text.len()]
}

/// `None`: the document is not read, or is read as another than was meant.
fn waivers(text: &str) -> Option<Vec<Waiver>> {
    let chunks = split(text);
    let [chunk] = chunks.as_slice() else {
        return None;
    };
    let tree = parse(text, chunk).ok()?;
    let file = File::new("file.yaml".into(), "".into(), text);
    let document = Document::new(&file, 1, &tree);
    let target = Target::new(Minor::NEWEST);
    let content = objects(&document, &target)?;
    Some(waivers_of(&document, &content.objects))
}

/// `CONTROL TERMS` means the same in a comment and in an annotation.
fn alike(line: &str) {
    let Some((control, terms)) = line.split_once(' ') else {
        return;
    };
    let cut = |c: char| c.is_whitespace() || c.is_control() || c == ':' || c == '#';
    if control.is_empty() || control.contains(cut) || terms.contains('#') {
        return;
    }
    let comment = format!("# plimsoll: allow {control} {terms}\napiVersion: v1\nkind: Pod\n");
    // A key of an annotation has one slash: there, the rule `policy/NAME` is called `policy.NAME`.
    let key = match control.strip_prefix("policy/") {
        Some(policy) => format!("plimsoll.dev/allow.policy.{policy}"),
        None if control.starts_with("policy.") => return,
        None => format!("plimsoll.dev/allow.{control}"),
    };
    let map = |members: Vec<(&str, Value)>| {
        Value::Map(
            members
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    };
    let annotation = plimsoll_yaml::write(&map(vec![
        ("apiVersion", "v1".into()),
        ("kind", "Pod".into()),
        (
            "metadata",
            map(vec![("annotations", map(vec![(&key, terms.into())]))]),
        ),
    ]));
    let (Some(one), Some(other)) = (waivers(&comment), waivers(&annotation)) else {
        return;
    };
    assert_eq!(
        one.iter().map(said).collect::<Vec<_>>(),
        other.iter().map(said).collect::<Vec<_>>(),
        "{line:?}"
    );
    assert_eq!(one.len(), 1);
}

fn said(waiver: &Waiver) -> String {
    let Waiver {
        control,
        reason,
        owner,
        expires,
        fault,
        ..
    } = waiver;
    format!("{control:?} {reason:?} {owner:?} {expires:?} {fault:?}")
}
