//! From an edit to what is to be done at a node: the deepest one on its path that is there. Text that stands behind an anchor is left
//! alone here; `together` knows when all that use it want the same.

use crate::edit::around::Around;
use crate::edit::splice::Place;
use crate::edit::{Change, Edit, Refusal, Splice, Value, step};
use crate::node::Node;
use crate::path::{Path, Segment};
use crate::tree::Style;

/// What is to be done at a node.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum What {
    Replace(Value),
    Remove(Company),
    /// Entries that are not there yet.
    Entries(Vec<(String, Value)>),
    /// Items behind the last.
    Items(Vec<Value>),
}

/// What else happens to the members of a collection from which one goes.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub(super) struct Company {
    /// Something new is written behind them.
    pub(super) beside_new: bool,
    /// All that stand behind it go as well.
    pub(super) rest_goes: bool,
}

/// A node and what is to be done there.
#[derive(Clone, Debug)]
pub(super) struct Task<'a, 'p> {
    pub(super) node: Node<'a>,
    pub(super) path: &'p Path,
    pub(super) what: What,
}

/// The splice for an edit that is not yet done.
pub(super) fn plan(root: Node<'_>, edit: &Edit) -> Result<Splice, Refusal> {
    let task = Task::of(reach(root, &edit.path), edit)?;
    if task.is_shared() {
        return Err(task.shared());
    }
    task.splice(&Around::of(root))
}

/// The deepest node on the path, and how many segments lead to it.
fn reach<'a>(root: Node<'a>, path: &Path) -> (Node<'a>, usize) {
    let mut node = root;
    for (depth, segment) in path.segments().iter().enumerate() {
        match step(node, segment) {
            Some(child) => node = child,
            None => return (node, depth),
        }
    }
    (node, path.segments().len())
}

impl<'a, 'p> Task<'a, 'p> {
    /// What an edit asks for, given the deepest node on its path and how deep it is.
    pub(super) fn of(
        (node, depth): (Node<'a>, usize),
        edit: &'p Edit,
    ) -> Result<Task<'a, 'p>, Refusal> {
        let path = &edit.path;
        let rest = path.segments().get(depth..).unwrap_or_default();
        let what = match (&edit.change, rest) {
            (Change::Set(value), []) => What::Replace(value.clone()),
            (Change::Append(value), []) => What::Items(vec![value.clone()]),
            (Change::Remove | Change::Withdraw, []) => What::Remove(Company::default()),
            (Change::Remove | Change::Withdraw, _) => {
                return Err(Refusal::Unreachable(path.clone()));
            }
            (Change::Set(value), rest) => entry(path, rest, value.clone())?,
            (Change::Append(value), rest) => entry(path, rest, Value::List(vec![value.clone()]))?,
        };
        Ok(Task { node, path, what })
    }

    /// Does the text that would change stand behind an anchor? A line with an alias as its value can go.
    pub(super) fn is_shared(&self) -> bool {
        let shared = |node: Node<'_>| node.from_alias() || node.from_merge();
        let goes = self.removes();
        let stays = !goes || !self.node.is_alias() || self.node.key().is_none();
        let parent = self.node.parent();
        match parent.filter(|parent| !stays && parent.style() != Style::Flow) {
            Some(parent) => shared(parent),
            None => shared(self.node) || goes && parent.is_some_and(shared),
        }
    }

    pub(super) fn removes(&self) -> bool {
        matches!(self.what, What::Remove(_))
    }

    pub(super) fn shared(&self) -> Refusal {
        Refusal::Shared {
            path: self.path.clone(),
            anchor: self.node.span(),
        }
    }

    /// The stretch of text that does it.
    pub(super) fn splice(&self, around: &Around<'a>) -> Result<Splice, Refusal> {
        let place = Place {
            node: self.node,
            path: self.path,
            around,
        };
        match &self.what {
            What::Replace(value) => place.replace(value),
            What::Remove(company) => place.remove(*company),
            What::Entries(members) => place.add_entries(members),
            What::Items(values) => place.add_items(values),
        }
    }
}

/// The entry that the keys of `rest` make, the last with `value`.
fn entry(path: &Path, rest: &[Segment], mut value: Value) -> Result<What, Refusal> {
    let mut keys = rest.iter().rev().peekable();
    while let Some(segment) = keys.next() {
        let Segment::Key(key) = segment else {
            return Err(Refusal::Unreachable(path.clone()));
        };
        if keys.peek().is_none() {
            return Ok(What::Entries(vec![(key.to_string(), value)]));
        }
        value = Value::Map(vec![(key.to_string(), value)]);
    }
    Err(Refusal::Unreachable(path.clone()))
}
