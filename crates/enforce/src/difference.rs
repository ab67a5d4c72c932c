//! What a cluster lacks of the policies that it should have, what somebody changed there, what an older catalogue or another
//! configuration made, what is left over, and which exemptions are over. Compares; reads no cluster.

use plimsoll_snapshot::date::Date;
use plimsoll_yaml::edit::Value;
use plimsoll_yaml::{Kind, Node, Path, Scalar, Segment};

use crate::exemption::{UNTIL, over};
use crate::parameters::KEY;

/// How an object differs from the one that it should be.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// It is not there.
    Missing,
    /// It is as another version of the catalogue, or another configuration, makes it.
    Stale,
    /// Somebody changed it by hand.
    Changed,
    /// It is there and should not be.
    LeftOver,
    /// It exempts somebody whose time is over.
    Expired,
}

impl State {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Missing => "missing",
            State::Stale => "stale",
            State::Changed => "changed",
            State::LeftOver => "leftOver",
            State::Expired => "expired",
        }
    }
}

/// One way in which a cluster differs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Difference {
    /// The object's kind.
    pub kind: String,
    /// The object's name. Comes from a cluster where it is left over.
    pub name: String,
    /// In what way.
    pub state: State,
    /// What exactly, as a sentence without full stop. Holds untrusted text.
    pub detail: String,
}

/// An object of a cluster that carries our label.
#[derive(Clone, PartialEq, Debug)]
pub struct Installed {
    kind: String,
    name: String,
    object: Value,
}

/// What somebody who applies policies may leave open.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Compare {
    /// The day on which exemptions are judged.
    pub today: Option<Date>,
    /// Must bindings be at exactly the stages that are wanted?
    pub stages: bool,
    /// Are all policies wanted, so that others of ours are left over?
    pub all: bool,
}

impl Installed {
    /// Is something of it hidden, so that nobody can tell whether it was changed by hand?
    pub fn is_concealed(&self) -> bool {
        is_concealed(&self.object)
    }

    /// Its name. Comes from a cluster.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads an object of a cluster; `None` for what is not ours.
    pub fn read(object: Node<'_>) -> Option<Installed> {
        let text = |keys: &[&str]| {
            let node = keys.iter().try_fold(object, |node, key| node.get(key));
            node.and_then(Node::as_str).map(str::to_owned)
        };
        let labelled = text(&["metadata", "labels", "app.kubernetes.io/managed-by"]);
        let kind = text(&["kind"])?;
        let is_policy = kind.contains("AdmissionPolicy") || kind == "ConfigMap";
        (labelled.as_deref() == Some("plimsoll") && is_policy).then_some(())?;
        Some(Installed {
            kind,
            name: text(&["metadata", "name"])?,
            object: value(object, DEPTH),
        })
    }
}

/// Everything in which the cluster differs from what is wanted, by kind and name.
pub fn differences<'w>(
    wanted: impl Iterator<Item = &'w Value>,
    installed: &[Installed],
    compare: Compare,
) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut known = Vec::new();
    for wanted in wanted {
        let (kind, name) = (
            str_at(wanted, &["kind"]),
            str_at(wanted, &["metadata", "name"]),
        );
        known.push((kind, name));
        let mut same = installed
            .iter()
            .filter(|it| it.kind == kind && it.name == name);
        let says = match same.next() {
            None => Some((State::Missing, "the cluster does not have it".to_owned())),
            Some(there) => compared(wanted, &there.object, compare),
        };
        found.extend(says.map(|(state, detail)| difference(kind, name, state, detail)));
    }
    for there in installed {
        let is_known = known.contains(&(there.kind.as_str(), there.name.as_str()));
        if compare.all && !is_known {
            let detail = "nothing that is enforced today needs it".to_owned();
            found.push(difference(
                &there.kind,
                &there.name,
                State::LeftOver,
                detail,
            ));
        }
        let exempt = str_at(&there.object, &["metadata", "annotations", UNTIL]);
        let over = compare
            .today
            .map(|today| over(exempt, today))
            .unwrap_or_default();
        found.extend(over.into_iter().map(|(date, whom)| {
            let detail = format!("{whom} is exempt although that was over on {date}");
            difference(&there.kind, &there.name, State::Expired, detail)
        }));
    }
    found.sort();
    found
}

fn difference(kind: &str, name: &str, state: State, detail: String) -> Difference {
    let (kind, name) = (kind.to_owned(), name.to_owned());
    Difference {
        kind,
        name,
        state,
        detail,
    }
}

fn compared(wanted: &Value, there: &Value, compare: Compare) -> Option<(State, String)> {
    const DIGEST: &[&str] = &["metadata", "annotations", "plimsoll.dev/digest"];
    let (digest, old) = (str_at(wanted, DIGEST), str_at(there, DIGEST));
    if digest != old {
        let detail = format!("its digest is {old:?}, and {digest:?} today");
        return Some((State::Stale, detail));
    }
    let part = match is_concealed(there) {
        true => return None,
        false if member(wanted, "spec").is_some() => "spec",
        false => "data",
    };
    let wanted = member(wanted, part)?;
    let empty = Value::Map(Vec::new());
    let there = member(there, part).unwrap_or(&empty);
    let mut path = Path::default();
    path.push(Segment::Key(part.into()));
    let at = first_difference(wanted, there, &mut path, compare)?;
    Some((State::Changed, format!("{at} is not what it was made with")))
}

/// Snapshots keep no value of a ConfigMap, so that only the digest tells of another one.
fn is_concealed(there: &Value) -> bool {
    str_at(there, &["kind"]) == "ConfigMap" && str_at(there, &["data", KEY]).is_empty()
}

/// The first place at which an object of a cluster is not what it was made from: `None` where it differs only in what the API
/// server fills in.
fn first_difference(
    wanted: &Value,
    there: &Value,
    path: &mut Path,
    compare: Compare,
) -> Option<Path> {
    match (wanted, there) {
        (Value::Map(wanted), Value::Map(members)) => {
            let own = wanted.iter().find_map(|(key, value)| {
                if key == "validationActions" && !compare.stages {
                    return None;
                }
                path.push(Segment::Key(key.as_str().into()));
                let found = match find(members, key) {
                    Some(there) => first_difference(value, there, path, compare),
                    None if *value == Value::Map(Vec::new()) => None,
                    None => Some(path.clone()),
                };
                path.pop();
                found
            });
            own.or_else(|| {
                let added = members
                    .iter()
                    .find(|(key, value)| find(wanted, key).is_none() && !is_filled_in(key, value));
                let (key, _) = added?;
                let mut path = path.clone();
                path.push(Segment::Key(key.as_str().into()));
                Some(path)
            })
        }
        (Value::List(wanted), Value::List(items)) if wanted.len() == items.len() => {
            let mut pairs = (0..)
                .zip(wanted.iter().zip(items))
                .map(|(index, (wanted, there))| {
                    path.push(Segment::Index(index));
                    let found = first_difference(wanted, there, path, compare);
                    path.pop();
                    found
                });
            pairs.find_map(|found| found)
        }
        (wanted, there) => (wanted != there).then(|| path.clone()),
    }
}

/// What the API server writes where nobody said anything (`SetDefaults` of admissionregistration, 1.37).
fn is_filled_in(key: &str, value: &Value) -> bool {
    match (key, value) {
        ("namespaceSelector" | "objectSelector", Value::Map(members)) => members.is_empty(),
        ("matchPolicy", Value::Str(word)) => word == "Equivalent",
        ("scope", Value::Str(word)) => word == "*",
        ("matchResources", Value::Map(members)) => {
            members.iter().all(|(key, value)| is_filled_in(key, value))
        }
        _ => false,
    }
}

fn str_at<'v>(value: &'v Value, keys: &[&str]) -> &'v str {
    match keys.iter().try_fold(value, |value, key| member(value, key)) {
        Some(Value::Str(text)) => text,
        _ => "",
    }
}

fn member<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::Map(members) => find(members, key),
        _ => None,
    }
}

fn find<'v>(members: &'v [(String, Value)], key: &str) -> Option<&'v Value> {
    let mut members = members.iter();
    members
        .find(|(name, _)| name == key)
        .map(|(_, value)| value)
}

/// No policy is nested deeper.
const DEPTH: usize = 32;

/// A node as a value; what is null is left out, as the API server does, and what lies deeper than `depth` levels.
fn value(node: Node<'_>, depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else {
        return Value::Map(Vec::new());
    };
    match node.kind() {
        Kind::Mapping => {
            let entries = node.entries().filter(|(_, value)| !value.is_null());
            let entry = |(key, node): (Node<'_>, Node<'_>)| {
                Some((key.key_text()?.to_owned(), value(node, depth)))
            };
            Value::Map(entries.filter_map(entry).collect())
        }
        Kind::Sequence => Value::List(node.items().map(|item| value(item, depth)).collect()),
        _ => match node.scalar() {
            Some(Scalar::Bool(value)) => Value::Bool(value),
            Some(Scalar::Int(value)) => Value::Int(value),
            _ => Value::Str(node.as_str().unwrap_or_default().to_owned()),
        },
    }
}

#[cfg(test)]
mod tests;
