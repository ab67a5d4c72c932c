//! Makes edits that do not depend on each other with one parse before and one after. What is read and compared grows with the document
//! and the number of edits, not with their product.
//!
//! Invariant: what comes out is what making them one after the other gives, or `Dependent`.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::edit::around::Around;
use crate::edit::intent::Intent;
use crate::edit::plan::{Task, What};
use crate::edit::{
    Change, Edit, Refusal, Splice, Value, arrange, chunk, item_above, parent_of, proof,
};
use crate::node::{Kind, Node};
use crate::parse::parse;
use crate::path::{Path, Segment};
use crate::split::split;
use crate::tree::Style;

/// What came of making edits together.
pub(super) enum Made {
    Done(String),
    /// All that are refused whatever the others do, by their place in the list.
    Refused(Vec<(usize, Refusal)>),
    /// They have to be made one after the other.
    Dependent,
}

/// Makes the edits.
pub(super) fn make(text: &str, document: u32, edits: &[Edit]) -> Made {
    let Some(old) = chunk(text, document).and_then(|chunk| parse(text, &chunk).ok()) else {
        return Made::Dependent;
    };
    let mut way = Way::new(old.root());
    let Some(wanted) = independent(edits, &mut way) else {
        return Made::Dependent;
    };
    let tasks = match tasks(&wanted, &mut way) {
        Ok(Some(tasks)) => tasks,
        Ok(None) => return Made::Dependent,
        Err(refused) => return Made::Refused(refused),
    };
    let around = Around::of(old.root());
    let splices: Result<Vec<Splice>, _> = tasks.iter().map(|task| task.splice(&around)).collect();
    let edited = splices.ok().and_then(|splices| arrange::all(text, splices));
    let proved = edited.filter(|edited| proves(old.root(), text, edited, document, edits));
    proved.map_or(Made::Dependent, Made::Done)
}

/// Is the edited document what the edits intend, one after the other, and nothing else changed?
fn proves(old: Node<'_>, text: &str, edited: &str, document: u32, edits: &[Edit]) -> bool {
    let mut intent = Intent::Kept(old);
    if !edits.iter().all(|edit| intent.take(edit)) || split(edited).len() != split(text).len() {
        return false;
    }
    let new = chunk(edited, document).and_then(|chunk| parse(edited, &chunk).ok());
    new.is_some_and(|new| intent.is(new.root()))
}

/// Finds nodes by their paths, going through each list once.
struct Way<'a> {
    root: Node<'a>,
    items: HashMap<u32, Vec<Node<'a>>>,
}

impl<'a> Way<'a> {
    fn new(root: Node<'a>) -> Way<'a> {
        let items = HashMap::new();
        Way { root, items }
    }

    /// The deepest node on a path, and how many segments lead to it.
    fn reach(&mut self, path: &Path) -> (Node<'a>, usize) {
        let mut node = self.root;
        for (depth, segment) in path.segments().iter().enumerate() {
            let child = match (segment, node.kind()) {
                (Segment::Key(key), Kind::Mapping) => node.get(key),
                (Segment::Index(index), Kind::Sequence) => {
                    let items = self.items.entry(node.id().0);
                    let items = items.or_insert_with(|| node.items().collect());
                    items.get(*index as usize).copied()
                }
                _ => None,
            };
            match child {
                Some(child) => node = child,
                None => return (node, depth),
            }
        }
        (node, path.segments().len())
    }

    fn node(&mut self, path: &Path) -> Option<Node<'a>> {
        let (node, depth) = self.reach(path);
        (depth == path.segments().len()).then_some(node)
    }
}

/// An edit with its place in the list; removals of all members of a collection have become one of the collection.
struct Wanted {
    index: usize,
    edit: Edit,
}

/// The edits that are not done yet, each with the path it has in the old document. `None` where one needs another to be made first,
/// or undoes it.
fn independent(edits: &[Edit], way: &mut Way<'_>) -> Option<Vec<Wanted>> {
    if moves_others(edits) {
        return None;
    }
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut removed = BTreeMap::new();
    for (index, edit) in edits.iter().enumerate() {
        match (&edit.change, way.node(&edit.path)) {
            (Change::Remove | Change::Withdraw, None) => {}
            (Change::Remove | Change::Withdraw, Some(_)) => {
                let whole = edit.change == Change::Withdraw;
                removed.insert(edit.path.clone(), (index, whole));
            }
            (Change::Set(value), Some(node)) if proof::is(node, value) => {}
            _ => wanted.push(Wanted {
                index,
                edit: edit.clone(),
            }),
        }
    }
    climb(&mut removed, &wanted, way);
    wanted.extend(removed.into_iter().map(|(path, (index, _))| {
        let edit = Edit::remove(path);
        Wanted { index, edit }
    }));
    are_apart(&wanted).then_some(wanted)
}

/// Would an item that goes change the number of one that a later edit names?
fn moves_others(edits: &[Edit]) -> bool {
    let mut gone: HashMap<Path, u32> = HashMap::new();
    for edit in edits {
        let mut list = edit.path.clone();
        while let Some(segment) = list.pop() {
            if let Segment::Index(index) = segment
                && gone.get(&list).is_some_and(|first| *first <= index)
            {
                return true;
            }
        }
        if let (Change::Remove | Change::Withdraw, Some(Segment::Index(index))) =
            (&edit.change, edit.path.segments().last())
            && let Some(list) = parent_of(&edit.path)
        {
            gone.insert(list, *index);
        }
    }
    false
}

/// Where all members of a collection go, it goes itself, as far as it is a member of a mapping.
fn climb(removed: &mut BTreeMap<Path, (usize, bool)>, written: &[Wanted], way: &mut Way<'_>) {
    let mut written_into: HashSet<Path> = HashSet::new();
    for one in written {
        let mut path = one.edit.path.clone();
        while path.pop().is_some() {
            written_into.insert(path.clone());
        }
        written_into.insert(one.edit.path.clone());
    }
    let mut levels: BTreeMap<usize, HashMap<Path, usize>> = BTreeMap::new();
    for path in removed.keys() {
        if let Some(parent) = parent_of(path) {
            let level = levels.entry(parent.segments().len()).or_default();
            *level.entry(parent).or_default() += 1;
        }
    }
    while let Some((_, level)) = levels.pop_last() {
        for (parent, count) in level {
            let node = way.node(&parent).filter(|node| node.len() == count);
            let Some(node) = node.filter(|_| !written_into.contains(&parent)) else {
                continue;
            };
            let inside: Vec<Path> = inside(removed, &parent);
            if inside.is_empty() {
                continue;
            }
            let whole = inside
                .iter()
                .any(|path| removed.get(path).is_some_and(|(_, whole)| *whole));
            let above =
                item_above_list(&parent).filter(|above| whole && !written_into.contains(above));
            let target = match above {
                Some(above) => above,
                None if node.key().is_some() => parent,
                None => continue,
            };
            let first = inside
                .iter()
                .filter_map(|path| removed.remove(path))
                .map(|(index, _)| index)
                .min();
            let settled = self::inside(removed, &target);
            let settled = settled
                .iter()
                .filter_map(|path| removed.remove(path))
                .map(|(index, _)| index);
            let index = settled.chain(first).min().unwrap_or_default();
            let parent = parent_of(&target);
            if let (None, Some(parent)) = (removed.insert(target, (index, false)), parent) {
                let level = levels.entry(parent.segments().len()).or_default();
                *level.entry(parent).or_default() += 1;
            }
        }
    }
}

fn item_above_list(list: &Path) -> Option<Path> {
    let mut item = list.clone();
    item.push(Segment::Index(0));
    item_above(&item)
}

/// The removals inside of a place.
fn inside(removed: &BTreeMap<Path, (usize, bool)>, place: &Path) -> Vec<Path> {
    let behind = removed.range(place.clone()..);
    let inside = behind.take_while(|(path, _)| path.starts_with(place));
    inside.map(|(path, _)| path.clone()).collect()
}

/// Does none change what another one stands in? Appending to a list leaves its items where they are.
fn are_apart(wanted: &[Wanted]) -> bool {
    let mut edits: Vec<&Edit> = wanted.iter().map(|one| &one.edit).collect();
    edits.sort_by(|one, other| one.path.cmp(&other.path));
    let appends = |edit: &Edit| matches!(edit.change, Change::Append(_));
    edits.windows(2).all(|pair| {
        let [one, other] = pair else { return true };
        let inside = other.path.starts_with(&one.path);
        !inside || appends(one) && (appends(other) || one.path != other.path)
    })
}

/// What is to be done, one task for each node and kind of change. `Ok(None)` where tasks get in each other's way.
#[allow(
    clippy::type_complexity,
    reason = "both sides are read once, by the caller above"
)]
fn tasks<'a, 'p>(
    wanted: &'p [Wanted],
    way: &mut Way<'a>,
) -> Result<Option<Vec<Task<'a, 'p>>>, Vec<(usize, Refusal)>> {
    let mut tasks: Vec<(usize, Task<'a, 'p>)> = Vec::with_capacity(wanted.len());
    let mut refused = Vec::new();
    for Wanted { index, edit } in wanted {
        match Task::of(way.reach(&edit.path), edit) {
            Ok(task) => tasks.push((*index, task)),
            Err(refusal) => refused.push((*index, refusal)),
        }
    }
    let Some(tasks) = grouped(tasks) else {
        return Ok(None);
    };
    let mut tasks = rewritten(at_anchors(tasks, way.root, &mut refused));
    say_what_stays(&mut tasks);
    match refused.is_empty() {
        true => Ok(Some(tasks)),
        false => Err(refused),
    }
}

/// A flow mapping of which nothing stays is written anew: there is no comma left to hold on to.
fn rewritten<'a, 'p>(tasks: Vec<Task<'a, 'p>>) -> Vec<Task<'a, 'p>> {
    let mut gone: HashMap<u32, usize> = HashMap::new();
    for parent in tasks
        .iter()
        .filter(|task| task.removes())
        .filter_map(|task| task.node.parent())
    {
        *gone.entry(parent.id().0).or_default() += 1;
    }
    let is_new = |task: &Task<'_, '_>| {
        let (node, adds) = (task.node, matches!(task.what, What::Entries(_)));
        adds && node.style() == Style::Flow && gone.get(&node.id().0) == Some(&node.len())
    };
    let new: HashSet<u32> = tasks
        .iter()
        .filter(|task| is_new(task))
        .map(|task| task.node.id().0)
        .collect();
    let stays = |task: &Task<'_, '_>| {
        let parent = task.node.parent().map(|parent| parent.id().0);
        !task.removes() || parent.is_none_or(|parent| !new.contains(&parent))
    };
    let tasks = tasks.into_iter().filter(|task| stays(task));
    let anew = tasks.map(|mut task| {
        if let (What::Entries(members), true) = (&mut task.what, new.contains(&task.node.id().0)) {
            task.what = What::Replace(Value::Map(std::mem::take(members)));
        }
        task
    });
    anew.collect()
}

/// Tells removals what else happens to the members of the same collection.
fn say_what_stays(tasks: &mut [Task<'_, '_>]) {
    let adds = |task: &&Task<'_, '_>| matches!(task.what, What::Entries(_) | What::Items(_));
    let filled: HashSet<u32> = tasks
        .iter()
        .filter(adds)
        .map(|task| task.node.id().0)
        .collect();
    let gone = tasks.iter().filter(|task| task.removes());
    let gone: HashSet<u32> = gone.map(|task| task.node.id().0).collect();
    for task in tasks.iter_mut() {
        let (node, parent) = (task.node, task.node.parent());
        if let (What::Remove(company), Some(parent)) = (&mut task.what, parent) {
            company.beside_new = filled.contains(&parent.id().0);
            let members = parent
                .entries()
                .map(|(_, value)| value)
                .chain(parent.items());
            let mut behind = members.skip_while(|member| *member != node);
            company.rest_goes =
                parent.style() == Style::Flow && behind.all(|member| gone.contains(&member.id().0));
        }
    }
}

type Numbered<'a, 'p> = (usize, Task<'a, 'p>);

/// Entries of the same mapping and items of the same list are written in one go.
fn grouped<'a, 'p>(tasks: Vec<Numbered<'a, 'p>>) -> Option<Vec<Numbered<'a, 'p>>> {
    let mut grouped: Vec<Numbered<'a, 'p>> = Vec::with_capacity(tasks.len());
    let mut known: HashMap<u32, usize> = HashMap::new();
    for (index, task) in tasks {
        let adds = matches!(task.what, What::Entries(_) | What::Items(_));
        match known.get(&task.node.id().0).filter(|_| adds) {
            Some(at) => match (&mut grouped.get_mut(*at)?.1.what, task.what) {
                (What::Entries(members), What::Entries(more)) => merge(members, more)?,
                (What::Items(items), What::Items(more)) => items.extend(more),
                _ => return None,
            },
            None => {
                if adds {
                    known.insert(task.node.id().0, grouped.len());
                }
                grouped.push((index, task));
            }
        }
    }
    Some(grouped)
}

/// Adds entries that are to be made to others. `None` where both write the same place.
fn merge(members: &mut Vec<(String, Value)>, more: Vec<(String, Value)>) -> Option<()> {
    for (key, value) in more {
        match (members.iter_mut().find(|(name, _)| *name == key), value) {
            (None, value) => members.push((key, value)),
            (Some((_, Value::Map(inner))), Value::Map(more)) => merge(inner, more)?,
            (Some((_, Value::List(items))), Value::List(more)) => items.extend(more),
            _ => return None,
        }
    }
    Some(())
}

/// Text behind an anchor is changed once where every place that it stands for wants the same; else it is refused.
fn at_anchors<'a, 'p>(
    tasks: Vec<Numbered<'a, 'p>>,
    root: Node<'a>,
    refused: &mut Vec<(usize, Refusal)>,
) -> Vec<Task<'a, 'p>> {
    if tasks.iter().all(|(_, task)| !task.is_shared()) {
        return tasks.into_iter().map(|(_, task)| task).collect();
    }
    let mut places: HashMap<(u32, u32), usize> = HashMap::new();
    for node in root.tree().nodes() {
        *places.entry(span(node)).or_default() += 1;
    }
    // An alias that goes as a whole needs nothing of its anchor any more.
    let goes = |task: &Task<'_, '_>| !task.is_shared() && task.node.is_alias();
    for (_, task) in tasks.iter().filter(|(_, task)| goes(task)) {
        *places.entry(span(task.node)).or_default() -= 1;
    }
    let mut wanting: HashMap<(u32, u32), Vec<Numbered<'a, 'p>>> = HashMap::new();
    let (mut own, mut spans) = (Vec::new(), Vec::new());
    for (index, task) in tasks {
        if goes(&task) || !task.is_shared() && places.get(&span(task.node)) == Some(&1) {
            own.push(task);
            continue;
        }
        let same = wanting.entry(span(task.node)).or_default();
        if same.is_empty() {
            spans.push(span(task.node));
        }
        same.push((index, task));
    }
    for span in spans {
        let Some(same) = wanting.remove(&span) else {
            continue;
        };
        let all = places.get(&span) == Some(&same.len());
        let alike = same
            .windows(2)
            .all(|pair| matches!(pair, [one, other] if one.1.what == other.1.what));
        match same.iter().find(|(_, task)| !task.is_shared()) {
            Some((_, first)) if all && alike => own.push(first.clone()),
            _ => refused.extend(same.into_iter().map(|(index, task)| (index, task.shared()))),
        }
    }
    own
}

fn span(node: Node<'_>) -> (u32, u32) {
    (node.span().start, node.span().end)
}
