//! Compares two saved snapshots, object by object and path by path.
//!
//! Invariants: what the server changes by itself is no difference, nor is the order of what Kubernetes tells by a name; memory
//! holds a mark for each object, and only those objects that differ.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_snapshot::difference::{Change, Differences, Which};
use plimsoll_snapshot::object::group_of;
use plimsoll_yaml::{Path, Segment};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::saved::{Entry, Header, Saved, SavedError};
use crate::trim::{FLEETING, LAST_APPLIED};

/// Annotations in which controllers count what they do.
const COUNTERS: [&str; 4] = [
    "deployment.kubernetes.io/revision",
    "deprecated.daemonset.template.generation",
    "control-plane.alpha.kubernetes.io/leader",
    LAST_APPLIED,
];
/// What tells the items of a list apart, in the order in which they are tried.
const KEYS: [&str; 5] = ["mountPath", "name", "containerPort", "port", "key"];

/// Why two snapshots say nothing about each other.
#[derive(Debug, thiserror::Error)]
pub enum NotComparable {
    /// One of them cannot be read.
    #[error(transparent)]
    Saved(#[from] SavedError),
    /// What is missing in one of them may not have been asked for.
    #[error("were not taken of the same part of a cluster ({0}, then {1}): take both alike")]
    OtherScope(String, String),
    /// The names in them are not the same ones.
    #[error(
        "do not call things by the same names, since each was redacted by itself: compare them before they are redacted"
    )]
    OtherNames,
}

/// Compares a snapshot with a later one.
///
/// # Errors
/// When one of them cannot be read, or they do not speak of the same things.
pub fn compare(before: &mut Saved, after: &mut Saved) -> Result<Differences, NotComparable> {
    is_comparable(&before.header, &after.header)?;
    let former = marks(before)?;
    let later = marks(after)?;
    let only = |one: &BTreeMap<Which, Mark>, other: &BTreeMap<Which, Mark>| -> Vec<Which> {
        let only = one.keys().filter(|which| !other.contains_key(*which));
        only.cloned().collect()
    };
    let differs =
        |(which, mark): &(&Which, &Mark)| later.get(*which).is_some_and(|other| other != *mark);
    let differing = former.iter().filter(differs);
    let differing: BTreeSet<&Which> = differing.map(|(which, _)| which).collect();
    let (old, new) = (whole(before, &differing)?, whole(after, &differing)?);
    let changed = old.into_iter().filter_map(|(which, old)| {
        let changes = changes(&old, new.get(&which)?);
        (!changes.is_empty()).then_some((which, changes))
    });
    Ok(Differences {
        added: only(&later, &former),
        removed: only(&former, &later),
        changed: changed.collect(),
    })
}

fn is_comparable(before: &Header, after: &Header) -> Result<(), NotComparable> {
    if before.redaction != after.redaction {
        return Err(NotComparable::OtherNames);
    }
    let namespaces = |header: &Header| header.namespaces.iter().cloned().collect::<BTreeSet<_>>();
    let is_same = namespaces(before) == namespaces(after) && before.selector == after.selector;
    if is_same {
        Ok(())
    } else {
        Err(NotComparable::OtherScope(scope(before), scope(after)))
    }
}

fn scope(header: &Header) -> String {
    let namespaces = match &*header.namespaces {
        [] => "all namespaces".to_owned(),
        some => format!("namespace {}", some.join(", ")),
    };
    match &header.selector {
        Some(selector) => format!("{namespaces} with the selector {selector}"),
        None => namespaces,
    }
}

type Mark = [u8; 16];

/// What an object is, without what does not count.
fn marks(saved: &mut Saved) -> Result<BTreeMap<Which, Mark>, SavedError> {
    let mut marks = BTreeMap::new();
    each(saved, |which, object| {
        let digest = Sha256::digest(object.to_string());
        if let Some(mark) = digest.first_chunk() {
            marks.insert(which, *mark);
        }
    })?;
    Ok(marks)
}

fn whole(
    saved: &mut Saved,
    wanted: &BTreeSet<&Which>,
) -> Result<BTreeMap<Which, Value>, SavedError> {
    let mut objects = BTreeMap::new();
    each(saved, |which, object| {
        if wanted.contains(&which) {
            objects.insert(which, object);
        }
    })?;
    Ok(objects)
}

fn each(saved: &mut Saved, mut give: impl FnMut(Which, Value)) -> Result<(), SavedError> {
    for entry in saved.entries()? {
        if let Entry::Object(text) = entry? {
            let object = serde_json::from_str::<Map<String, Value>>(&text);
            let object = object.map_err(std::io::Error::from)?;
            give(which(&object), Value::Object(without_noise(object)));
        }
    }
    Ok(())
}

fn which(object: &Map<String, Value>) -> Which {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let metadata = object.get("metadata");
    let member = |key| text(metadata.and_then(|metadata| metadata.get(key)));
    let api_version = text(object.get("apiVersion")).unwrap_or_default();
    Which {
        group: group_of(&api_version).to_owned(),
        kind: text(object.get("kind")).unwrap_or_default(),
        namespace: member("namespace"),
        name: member("name").unwrap_or_default(),
    }
}

fn without_noise(mut object: Map<String, Value>) -> Map<String, Value> {
    object.remove("status");
    if let Some(Value::Object(metadata)) = object.get_mut("metadata") {
        metadata.retain(|key, _| !FLEETING.contains(&key.as_str()));
        if let Some(Value::Object(annotations)) = metadata.get_mut("annotations") {
            annotations.retain(|key, _| !COUNTERS.contains(&key.as_str()));
            if annotations.is_empty() {
                metadata.remove("annotations");
            }
        }
    }
    object
}

/// What differs between two values, by path.
fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    walk(&Path::root(), Some(before), Some(after), &mut changes);
    changes
}

fn walk(path: &Path, before: Option<&Value>, after: Option<&Value>, changes: &mut Vec<Change>) {
    match (before, after) {
        (one, other) if one == other => {}
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for key in keys {
                let path = below(path, Segment::Key(key.as_str().into()));
                walk(&path, old.get(key), new.get(key), changes);
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) if have_parts(old, new) => {
            walk_items(path, old, new, changes);
        }
        (before, after) => changes.push(Change {
            path: path.clone(),
            before: before.map(Value::to_string),
            after: after.map(Value::to_string),
        }),
    }
}

/// Does a list hold what can be compared part by part? A list of plain values is one value.
fn have_parts(old: &[Value], new: &[Value]) -> bool {
    let mut items = old.iter().chain(new);
    items.all(|item| item.is_object() || item.is_array())
}

fn walk_items(path: &Path, old: &[Value], new: &[Value], changes: &mut Vec<Change>) {
    let item = |number: usize| {
        below(
            path,
            Segment::Index(u32::try_from(number).unwrap_or(u32::MAX)),
        )
    };
    let Some(key) = KEYS
        .into_iter()
        .find(|key| tells_apart(key, old) && tells_apart(key, new))
    else {
        for number in 0..old.len().max(new.len()) {
            walk(&item(number), old.get(number), new.get(number), changes);
        }
        return;
    };
    let same = |one: &Value, other: &Value| one.get(key) == other.get(key);
    for (number, later) in new.iter().enumerate() {
        let former = old.iter().find(|former| same(former, later));
        walk(&item(number), former, Some(later), changes);
    }
    for (number, former) in old.iter().enumerate() {
        if !new.iter().any(|later| same(former, later)) {
            walk(&item(number), Some(former), None, changes);
        }
    }
}

fn tells_apart(key: &str, items: &[Value]) -> bool {
    let mut seen = BTreeSet::new();
    let names = items.iter().map(|item| item.get(key));
    names
        .into_iter()
        .all(|name| name.is_some_and(|name| seen.insert(name.to_string())))
}

fn below(path: &Path, step: Segment) -> Path {
    let mut path = path.clone();
    path.push(step);
    path
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(before: &Value, after: &Value) -> Vec<(String, Option<String>, Option<String>)> {
        let changes = changes(before, after).into_iter();
        changes
            .map(|change| (change.path.to_string(), change.before, change.after))
            .collect()
    }

    fn text(value: &str) -> Option<String> {
        Some(value.to_owned())
    }

    #[test]
    fn named_items_are_followed_wherever_they_stand() {
        let before =
            json!({"containers": [{"name": "a", "image": "a:1"}, {"name": "b", "image": "b:1"}]});
        let after = json!({"containers": [{"name": "mesh"}, {"name": "b", "image": "b:1"}, {"name": "a", "image": "a:2"}]});
        assert_eq!(
            told(&before, &after),
            [
                ("containers[0]".to_owned(), None, text(r#"{"name":"mesh"}"#)),
                (
                    "containers[2].image".to_owned(),
                    text("\"a:1\""),
                    text("\"a:2\"")
                ),
            ]
        );
        let gone = json!({"containers": [{"name": "b", "image": "b:1"}]});
        assert_eq!(told(&before, &gone)[0].0, "containers[0]");
        assert_eq!(told(&before, &gone)[0].2, None);
    }

    #[test]
    fn lists_without_names_are_compared_by_place_and_plain_ones_whole() {
        let before = json!({"rules": [{"verbs": ["get"]}], "x": {"a.b/c": 1}});
        let after = json!({"rules": [{"verbs": ["get", "list"]}], "x": {}});
        assert_eq!(
            told(&before, &after),
            [
                (
                    "rules[0].verbs".to_owned(),
                    text("[\"get\"]"),
                    text("[\"get\",\"list\"]")
                ),
                ("x[\"a.b/c\"]".to_owned(), text("1"), None),
            ]
        );
    }

    #[test]
    fn what_the_server_changes_by_itself_does_not_count() {
        let object = |version: &str, revision: &str| {
            let object = json!({"kind": "Deployment", "status": {"replicas": version},
                "metadata": {"name": "a", "resourceVersion": version, "generation": version,
                    "annotations": {"deployment.kubernetes.io/revision": revision}}});
            without_noise(object.as_object().cloned().unwrap())
        };
        assert_eq!(object("1", "1"), object("2", "7"));
        assert_eq!(object("1", "1").len(), 2);
    }

    #[test]
    fn what_was_taken_otherwise_is_not_compared() {
        let header = |namespaces: &[&str], redaction: Option<&str>| Header {
            schema: String::new(),
            server_version: String::new(),
            taken: String::new(),
            namespaces: namespaces.iter().map(|name| (*name).to_owned()).collect(),
            selector: None,
            redaction: redaction.map(str::to_owned),
        };
        let all = header(&[], None);
        assert!(is_comparable(&all, &all).is_ok());
        let error = is_comparable(&all, &header(&["shop"], None)).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("(all namespaces, then namespace shop)"),
            "{error}"
        );
        let error = is_comparable(&header(&[], Some("a")), &header(&[], Some("b"))).unwrap_err();
        assert!(matches!(error, NotComparable::OtherNames));
    }
}
