//! The tree that edits intend, to hold the edited text against: grown from the old tree along the edited paths only, and by
//! other means than the splices.

use crate::edit::{Change, Edit, Value, proof};
use crate::node::{Kind, Node};
use crate::path::Segment;

/// What is intended at a place.
pub(super) enum Intent<'a> {
    /// What was there.
    Kept(Node<'a>),
    Written(Value),
    Map(Vec<(String, Intent<'a>)>),
    List(Vec<Intent<'a>>),
}

impl<'a> Intent<'a> {
    /// Does what an edit asks for. False where it cannot be reached.
    pub(super) fn take(&mut self, edit: &Edit) -> bool {
        let segments = edit.path.segments();
        match &edit.change {
            Change::Set(value) => self.put(segments, &|place| {
                *place = Intent::Written(value.clone());
                true
            }),
            Change::Append(value) => self.put(segments, &|place| match place.list() {
                Some(items) => {
                    items.push(Intent::Written(value.clone()));
                    true
                }
                None => false,
            }),
            Change::Remove => self.remove(segments, false).is_some(),
            Change::Withdraw => self.remove(segments, true).is_some(),
        }
    }

    /// Does a tree hold what is intended?
    pub(super) fn is(&self, node: Node<'_>) -> bool {
        match self {
            Intent::Kept(old) => proof::equal(*old, node),
            Intent::Written(value) => proof::is(node, value),
            Intent::Map(members) => {
                let found = |(key, intent): &(String, Intent<'_>)| {
                    node.get(key).is_some_and(|node| intent.is(node))
                };
                node.kind() == Kind::Mapping
                    && node.len() == members.len()
                    && members.iter().all(found)
            }
            Intent::List(items) => {
                node.kind() == Kind::Sequence
                    && node.len() == items.len()
                    && items
                        .iter()
                        .zip(node.items())
                        .all(|(intent, node)| intent.is(node))
            }
        }
    }

    /// Follows keys and indices, making mappings on the way.
    fn put(&mut self, segments: &[Segment], change: &dyn Fn(&mut Intent<'a>) -> bool) -> bool {
        let Some((first, rest)) = segments.split_first() else {
            return change(self);
        };
        match first {
            Segment::Key(key) => {
                let Some(members) = self.map() else {
                    return false;
                };
                let found = members.iter().position(|(name, _)| **name == **key);
                let at = found.unwrap_or(members.len());
                if found.is_none() {
                    let Some(new) = Intent::begun(rest) else {
                        return false;
                    };
                    members.push((key.to_string(), new));
                }
                let member = members.get_mut(at);
                member.is_some_and(|(_, member)| member.put(rest, change))
            }
            Segment::Index(index) => match self.open() {
                Intent::List(items) => {
                    let item = items.get_mut(*index as usize);
                    item.is_some_and(|item| item.put(rest, change))
                }
                _ => false,
            },
            Segment::Embedded | Segment::Flag(_) => false,
        }
    }

    /// What a place that was not there has to be: a mapping where `rest` leads on by a key, else whatever is put there.
    fn begun(rest: &[Segment]) -> Option<Intent<'a>> {
        match rest.first() {
            Some(Segment::Key(_)) => Some(Intent::Map(Vec::new())),
            Some(_) => None,
            None => Some(Intent::List(Vec::new())),
        }
    }

    /// Takes away what the segments name, and above it the mappings' members that are empty now; with `whole`, the list item
    /// above goes with the last of its list. True: this itself is empty now and may go.
    fn remove(&mut self, segments: &[Segment], whole: bool) -> Option<Gone> {
        let (first, rest) = segments.split_first()?;
        let gone = match (first, self.open()) {
            (Segment::Key(key), Intent::Map(members)) => {
                let Some(at) = members.iter().position(|(name, _)| **name == **key) else {
                    return Some(Gone::No);
                };
                let below = match rest.is_empty() {
                    true => Gone::Empty,
                    false => members.get_mut(at)?.1.remove(rest, whole)?,
                };
                if matches!(below, Gone::Empty) {
                    members.remove(at);
                    Gone::when(members.is_empty())
                } else {
                    below
                }
            }
            (Segment::Index(index), Intent::List(items)) => {
                let at = *index as usize;
                let Some(item) = items.get_mut(at) else {
                    return Some(Gone::No);
                };
                let (goes, whole_item) = match rest.is_empty() {
                    true => (true, whole),
                    false => (matches!(item.remove(rest, whole)?, Gone::Whole), false),
                };
                match goes {
                    true => {
                        items.remove(at);
                        match items.is_empty() {
                            true if whole_item => Gone::Whole,
                            empty => Gone::when(empty),
                        }
                    }
                    false => Gone::No,
                }
            }
            _ => Gone::No,
        };
        Some(gone)
    }

    fn map(&mut self) -> Option<&mut Vec<(String, Intent<'a>)>> {
        if self.is_null() {
            *self = Intent::Map(Vec::new());
        }
        match self.open() {
            Intent::Map(members) => Some(members),
            _ => None,
        }
    }

    fn list(&mut self) -> Option<&mut Vec<Intent<'a>>> {
        if self.is_null() {
            *self = Intent::List(Vec::new());
        }
        match self.open() {
            Intent::List(items) => Some(items),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self, Intent::Kept(node) if node.is_null())
    }

    /// What was kept as a whole becomes its members.
    fn open(&mut self) -> &mut Intent<'a> {
        let opened = match self {
            Intent::Kept(node) => match node.kind() {
                Kind::Mapping => {
                    let name = |key: Node<'a>| key.key_text().unwrap_or_default().to_owned();
                    let members = node.entries();
                    let members = members.map(|(key, value)| (name(key), Intent::Kept(value)));
                    Intent::Map(members.collect())
                }
                Kind::Sequence => Intent::List(node.items().map(Intent::Kept).collect()),
                Kind::Scalar => return self,
            },
            Intent::Written(Value::Map(members)) => {
                let members = std::mem::take(members).into_iter();
                Intent::Map(
                    members
                        .map(|(key, value)| (key, Intent::Written(value)))
                        .collect(),
                )
            }
            Intent::Written(Value::List(items)) => {
                let items = std::mem::take(items).into_iter();
                Intent::List(items.map(Intent::Written).collect())
            }
            _ => return self,
        };
        *self = opened;
        self
    }
}

/// What a removal leaves.
enum Gone {
    /// Something, or nothing was there.
    No,
    /// Nothing: the member that holds it goes.
    Empty,
    /// Nothing: the list item above goes.
    Whole,
}

impl Gone {
    fn when(empty: bool) -> Gone {
        if empty { Gone::Empty } else { Gone::No }
    }
}
