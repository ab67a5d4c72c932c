//! Waivers as they stand beside what they cover: in comments and annotations, and the grammar that both share with each
//! other. Whether a waiver counts is decided by the scan, which knows the date and the findings.
//!
//! Invariant: whatever begins like a waiver becomes a [`Waiver`], if only one with a fault; nothing is dropped.

use std::sync::Arc;

use plimsoll_yaml::{Kind, Node, Span};

use crate::date::Date;
use crate::object::{Document, Object, ObjectId};
use crate::place::Place;
use crate::value::At;

/// What a comment that is meant for us begins with, after its `#`.
const MARK: &str = "plimsoll:";
/// What the key of an annotation that is a waiver begins with.
const ANNOTATION: &str = "plimsoll.dev/allow.";

/// Somebody's decision to live with certain findings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiver {
    /// The control's id, as written; may be a former one.
    pub control: String,
    /// Why; empty when it is missing.
    pub reason: String,
    /// Who decided.
    pub owner: Option<String>,
    /// The last day on which it counts; `None`: no last day.
    pub expires: Option<Date>,
    /// What it covers.
    pub covers: Covers,
    /// The object in which it stands; for a configuration, something named after it.
    pub object: Arc<ObjectId>,
    /// Where it stands. Always has a location.
    pub place: Place,
    /// Why it cannot be understood; such a waiver covers nothing.
    pub fault: Option<String>,
}

/// Which findings of its control a waiver covers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Covers {
    /// Those on a line of its own file, in its own document.
    Line {
        /// From 1.
        line: u32,
        /// The container's name, `*` for any text in it.
        container: Option<String>,
    },
    /// Those on the object in which it stands.
    Object {
        /// The container's name, `*` for any text in it; `None`: the whole object.
        container: Option<String>,
    },
    /// Those on objects of these names, `*` for any text; `None`: any.
    Named {
        /// The kind.
        kind: Option<String>,
        /// The namespace; an object that does not say its namespace is in none of a given name.
        namespace: Option<String>,
        /// The name.
        name: Option<String>,
        /// The container.
        container: Option<String>,
    },
}

/// What has become of a waiver.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It covers findings.
    Counts,
    /// Its last day is over.
    Expired,
    /// It gives no reason.
    WithoutReason,
    /// It cannot be understood.
    Malformed,
    /// It covers nothing.
    Unmatched,
    /// It covers nothing of what was looked at, but not everything that it could cover was.
    Unsettled,
}

/// A waiver with what has become of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Audited {
    /// The waiver.
    pub waiver: Arc<Waiver>,
    /// What has become of it.
    pub standing: Standing,
}

/// Does a text fit a pattern in which `*` stands for any text? Cost: at most the product of both lengths.
pub fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The waivers in the comments of a document and in the annotations of its objects, comments first. Linear in the
/// document's size.
pub fn waivers_of<'t>(document: &'t Document<'t>, objects: &[Object<'t>]) -> Vec<Waiver> {
    let mut waivers = of_comments(document, objects);
    for object in objects {
        of_annotations(object, object.node, &mut waivers);
        if let Some(template) = template(object) {
            of_annotations(object, template, &mut waivers);
        }
    }
    waivers
}

fn template<'t>(object: &Object<'t>) -> Option<Node<'t>> {
    use crate::carrier::TEMPLATE;
    use crate::object::Carries;
    let keys = match object.carries {
        Carries::Known(carrier) => carrier.pod,
        Carries::ByShape => TEMPLATE,
        Carries::Nothing => return None,
    };
    let template = keys
        .iter()
        .try_fold(object.node, |node, key| node.get(key))?;
    (template.id() != object.node.id()).then_some(template)
}

fn of_annotations(object: &Object<'_>, holder: Node<'_>, waivers: &mut Vec<Waiver>) {
    let annotations = holder
        .get("metadata")
        .and_then(|node| node.get("annotations"));
    for (key, value) in annotations.into_iter().flat_map(Node::entries) {
        let Some(control) = key.key_text().and_then(|key| key.strip_prefix(ANNOTATION)) else {
            continue;
        };
        let terms = match value.as_str() {
            Some(text) => Terms::read(text),
            None => Terms::faulty("its value is not a text".to_owned()),
        };
        let container = terms.container.clone();
        let place = object.source().place(At::node(value));
        // A key has one slash at most: the id of a user's policy, `policy/NAME`, is written with a point.
        let control = match control.strip_prefix("policy.") {
            Some(policy) => format!("policy/{policy}"),
            None => control.to_owned(),
        };
        waivers.push(terms.waiver(&control, Covers::Object { container }, object.id(), place));
    }
}

/// What a comment says to us; `None` when it is not meant for us.
fn said(text: &str, comment: Span) -> Option<&str> {
    let says = comment.slice(text).trim_start_matches('#').trim();
    let says = says.strip_prefix(MARK)?.trim();
    // A comment within the comment is not for us.
    Some(
        says.split_once(" # ")
            .map_or(says, |(says, _)| says)
            .trim_end(),
    )
}

fn of_comments<'t>(document: &'t Document<'t>, objects: &[Object<'t>]) -> Vec<Waiver> {
    let (text, comments) = (document.file.text, document.tree.comments());
    if !comments
        .iter()
        .any(|comment| said(text, *comment).is_some())
    {
        return Vec::new();
    }
    let starts = starts(document.tree.root());
    let mut waivers = Vec::new();
    let mut below = None;
    for comment in comments.iter().rev() {
        let line = covered_line(text, *comment, &mut below);
        let (Some(says), Some(object)) = (said(text, *comment), standing_in(objects, *comment))
        else {
            continue;
        };
        let first = starts.partition_point(|(start, _)| *start < line.start);
        let first = starts.get(first).filter(|(start, _)| *start < line.end);
        let node = first.map_or(object.node, |(_, node)| *node);
        waivers.push(of_comment(object, says, (*comment, line, node)));
    }
    waivers.reverse();
    waivers
}

/// The waiver of a comment that stands for a line and the first value on it.
fn of_comment<'t>(
    object: &Object<'t>,
    says: &str,
    (comment, line, node): (Span, Span, Node<'t>),
) -> Waiver {
    let (control, terms) = match says.strip_prefix("allow ").map(str::trim_start) {
        Some(rest) => {
            let end = rest.find([' ', '\t', ':']).unwrap_or(rest.len());
            let (control, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
            (control, Terms::read(rest))
        }
        None => {
            let fault = "it does not begin with `allow` and a control";
            ("", Terms::faulty(fault.to_owned()))
        }
    };
    let source = object.source();
    let covers = Covers::Line {
        line: source.location(line).start.line,
        container: terms.container.clone(),
    };
    let place = source.at_span(node, "#waiver", comment);
    terms.waiver(control, covers, object.id(), place)
}

/// The object in which a comment stands: the last one that begins before it, else the first.
fn standing_in<'o, 't>(objects: &'o [Object<'t>], comment: Span) -> Option<&'o Object<'t>> {
    let after = objects.partition_point(|object| object.node.span().start <= comment.start);
    objects.get(after.saturating_sub(1))
}

/// The line for which a comment stands: its own if there is something before it, else the next one that is not merely
/// a comment. Comments come from the last to the first; `below` keeps what the line below stands for.
fn covered_line(text: &str, comment: Span, below: &mut Option<(usize, Span)>) -> Span {
    let before = text.get(..comment.start as usize).unwrap_or_default();
    let own = before.rfind('\n').map_or(0, |at| at + 1);
    let alone = before
        .get(own..)
        .is_some_and(|before| before.trim().is_empty());
    let line = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        let length = rest.find('\n').unwrap_or(rest.len());
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span {
            start: offset(from.min(text.len())),
            end: offset((from + length).min(text.len())),
        }
    };
    if !alone {
        return line(own);
    }
    let next = (line(own).end as usize + 1).min(text.len());
    let covered = match below {
        Some((start, covered)) if *start == next => *covered,
        _ => line(next),
    };
    *below = Some((own, covered));
    covered
}

/// Where values begin: those of keys with their key, and scalar items. In the order of the text.
fn starts(root: Node<'_>) -> Vec<(u32, Node<'_>)> {
    let mut starts = Vec::new();
    let mut waiting = vec![root];
    while let Some(node) = waiting.pop() {
        let start = node.key().unwrap_or(node).span().start;
        if !node.from_alias() && (node.key().is_some() || node.kind() == Kind::Scalar) {
            starts.push((start, node));
        }
        waiting.extend(node.items());
        waiting.extend(node.entries().map(|(_, value)| value));
    }
    starts.sort_by_key(|(start, _)| *start);
    starts
}

/// What a waiver says besides its control.
#[derive(Default)]
struct Terms {
    container: Option<String>,
    expires: Option<Date>,
    owner: Option<String>,
    reason: String,
    fault: Option<String>,
}

impl Terms {
    fn faulty(fault: String) -> Terms {
        Terms {
            fault: Some(fault),
            ..Terms::default()
        }
    }

    /// Reads `container NAME until DATE (OWNER): REASON`; every part may be missing.
    fn read(text: &str) -> Terms {
        let mut terms = Terms::default();
        let mut rest = text.trim();
        if let Some((name, after)) = worded(rest, "container") {
            terms.container = Some(name.to_owned());
            rest = after;
        }
        if let Some((date, after)) = worded(rest, "until") {
            match date.parse() {
                Ok(date) => terms.expires = Some(date),
                Err(error) => return Terms::faulty(format!("{error}")),
            }
            rest = after;
        }
        if let Some(owned) = rest.strip_prefix('(') {
            let Some((owner, after)) = owned.split_once(')') else {
                return Terms::faulty("the parenthesis of its owner is not closed".to_owned());
            };
            terms.owner = Some(owner.trim().to_owned()).filter(|owner| !owner.is_empty());
            rest = after.trim_start();
        }
        match rest.strip_prefix(':') {
            Some(reason) => terms.reason = reason.trim().to_owned(),
            None if rest.is_empty() => {}
            None => {
                let fault = format!("\"{}\" does not belong there", shortened(rest));
                return Terms::faulty(fault);
            }
        }
        terms
    }

    fn waiver(self, control: &str, covers: Covers, object: Arc<ObjectId>, place: Place) -> Waiver {
        Waiver {
            control: control.to_owned(),
            reason: self.reason,
            owner: self.owner,
            expires: self.expires,
            covers,
            object,
            place,
            fault: self.fault,
        }
    }
}

/// The word behind a leading keyword, and what follows. A colon ends the word.
fn worded<'w>(text: &'w str, keyword: &str) -> Option<(&'w str, &'w str)> {
    let rest = text.strip_prefix(keyword)?;
    let word = rest.trim_start();
    if word.len() == rest.len() {
        return None;
    }
    let end = word.find([' ', '\t', ':']).unwrap_or(word.len());
    let (word, rest) = word.split_at_checked(end)?;
    Some((word, rest.trim_start()))
}

fn shortened(text: &str) -> String {
    const ENOUGH: usize = 40;
    let mut short: String = text.chars().take(ENOUGH).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

impl Waiver {
    /// The name of the file in which it stands.
    pub fn file(&self) -> &str {
        self.place.location.as_ref().map_or("", |at| &at.file)
    }

    /// `file:line`.
    pub fn source(&self) -> String {
        let line = self.place.location.as_ref().map_or(0, |at| at.start.line);
        format!("{}:{line}", self.file())
    }

    /// The same for the same decision about the same thing, wherever in the file it stands.
    pub fn identity(&self) -> impl Eq + std::hash::Hash + use<> {
        let object = &self.object;
        (
            (
                self.control.clone(),
                self.reason.clone(),
                self.owner.clone(),
                self.expires,
            ),
            (
                object.kind.clone(),
                object.namespace.clone(),
                object.name.clone(),
            ),
            (
                self.place.stable.clone(),
                self.container().map(str::to_owned),
            ),
        )
    }

    /// The pattern of container names; `None`: it names none.
    pub fn container(&self) -> Option<&str> {
        match &self.covers {
            Covers::Line { container, .. }
            | Covers::Object { container }
            | Covers::Named { container, .. } => container.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests;
