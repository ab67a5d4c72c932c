//! Fixes what pages show as bad with every control at once, in every carrier, container kind and style, and looks at the text: each
//! document still parses, no comment is lost but with what it stood in, a second fix changes nothing, and what is refused has a reason.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_control::{Control, Extent};
use plimsoll_fix::{Fate, Outcome};
use plimsoll_yaml::edit::Change;
use plimsoll_yaml::{Node, Path, Segment, Span, Tree, parse, split};

use crate::block::{Block, Variant};
use crate::fixes::{alone, fixed};
use crate::markdown::Markdown;
use crate::outcome::audits;
use crate::page::{blocks, variants};

/// What was looked at.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Figures {
    /// Texts that were fixed, counting each option.
    pub texts: usize,
    /// Documents in them.
    pub documents: usize,
    /// Findings that are gone.
    pub fixed: usize,
    /// Findings that had a remedy and are not, by the reason.
    pub refused: BTreeMap<String, usize>,
    /// Comments that were kept.
    pub kept: usize,
    /// Comments that went with what they stood in.
    pub gone: usize,
}

impl Figures {
    /// Adds those of another part.
    pub fn add(&mut self, other: Figures) {
        self.texts += other.texts;
        self.documents += other.documents;
        self.fixed += other.fixed;
        self.kept += other.kept;
        self.gone += other.gone;
        for (reason, count) in other.refused {
            *self.refused.entry(reason).or_default() += count;
        }
    }
}

/// Fixes each `step`th text that follows from the bad blocks of the page of `control`.
///
/// # Errors
/// Everything that is wrong with what comes out.
pub fn check(
    controls: &[&'static Control],
    control: &'static Control,
    step: usize,
) -> Result<Figures, Vec<String>> {
    let (mut figures, mut complaints) = (Figures::default(), Vec::new());
    if audits(control) {
        return Ok(figures);
    }
    let (blocks, _) = blocks(&Markdown::new(control.head.page.text()), controls, control);
    let bad = blocks.iter().filter(|block| !block.marks.is_empty());
    let texts = bad.flat_map(|block| {
        let plain = Variant {
            name: "as it stands".to_owned(),
            text: block.unmarked(),
            expected: block.expected(),
        };
        let all = std::iter::once(plain).chain(variants(block));
        all.map(move |variant| (block, variant))
    });
    for (block, variant) in texts.step_by(step.max(1)) {
        for extent in [Extent::Recommended, Extent::Strict] {
            let seen = look(controls, block, &variant, extent, &mut figures);
            let named = |wrong: String| {
                let id = control.head.id;
                format!(
                    "{id}.md, {}, {} ({}): {wrong}",
                    block.name,
                    variant.name,
                    extent.as_str()
                )
            };
            complaints.extend(seen.err().map(named));
        }
    }
    match complaints.is_empty() {
        true => Ok(figures),
        false => Err(complaints),
    }
}

fn look(
    controls: &[&'static Control],
    block: &Block,
    variant: &Variant,
    extent: Extent,
    figures: &mut Figures,
) -> Result<(), String> {
    let Some(version) = block.versions.last() else {
        return Ok(());
    };
    let (target, before) = (block.target(*version), &variant.text);
    let made = fixed(controls, &alone(before), extent, &target, &|_| true);
    let after = made.text();
    figures.texts += 1;
    for outcome in &made.fixes.outcomes {
        match &outcome.fate {
            Fate::Fixed => figures.fixed += 1,
            Fate::Refused(reason) if reason.is_empty() => {
                return Err("a refusal without a reason".to_owned());
            }
            Fate::Refused(reason) => *figures.refused.entry(reason.clone()).or_default() += 1,
            Fate::NeedsReview(_) | Fate::NoFix(_) => {}
        }
    }
    let (old, new) = (split(before), split(after));
    if old.len() != new.len() {
        return Err(format!(
            "there were {} documents, there are {}:\n{after}",
            old.len(),
            new.len()
        ));
    }
    for (one, other) in old.iter().zip(&new) {
        figures.documents += 1;
        let Ok(tree) = parse(before, one) else {
            continue;
        };
        let Ok(edited) = parse(after, other) else {
            return Err(format!(
                "document {} does not parse any more:\n{after}",
                one.number
            ));
        };
        comments(
            &tree,
            &edited,
            &removed(&tree, one.number, &made.fixes.outcomes),
            figures,
        )
        .map_err(|lost| format!("the comment {lost:?} is lost:\n{before}\n{after}"))?;
    }
    let again = fixed(controls, &made.texts, extent, &target, &|_| true);
    match again.texts == made.texts {
        true => Ok(()),
        false => Err(format!(
            "a second fix changes\n{after}\nto\n{}",
            again.text()
        )),
    }
}

/// Compares the comments; gives one that is lost.
fn comments(
    old: &Tree<'_>,
    new: &Tree<'_>,
    removed: &[Span],
    figures: &mut Figures,
) -> Result<(), String> {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for comment in new.comments() {
        *left.entry(comment.slice(new.text())).or_default() += 1;
    }
    for comment in old.comments() {
        if removed
            .iter()
            .any(|span| span.start <= comment.start && comment.start < span.end)
        {
            figures.gone += 1;
            continue;
        }
        let text = comment.slice(old.text());
        match left.get_mut(text).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => return Err(text.to_owned()),
        }
        figures.kept += 1;
    }
    Ok(())
}

/// The stretches of a document that were to go, whole lines each: with what is left empty, what stands around its last word, and the
/// comments directly above.
fn removed(tree: &Tree<'_>, document: u32, outcomes: &[Outcome]) -> Vec<Span> {
    let mut paths: BTreeSet<Path> = BTreeSet::new();
    for outcome in outcomes {
        let location = outcome.reported.finding.place.location.as_ref();
        if location.is_none_or(|at| at.document != document) {
            continue;
        }
        for edit in &outcome.edits {
            if matches!(edit.change, Change::Remove | Change::Withdraw) {
                go(&edit.path, &mut paths, tree.root());
                let list = parent(&edit.path);
                if edit.change == Change::Withdraw && paths.contains(&list) {
                    go(&item_around(list), &mut paths, tree.root());
                }
            }
        }
    }
    let nodes = paths.iter().filter_map(|path| path.resolve(tree.root()));
    nodes.map(|node| lines(node, tree.text())).collect()
}

/// Adds a place to those that go, and what it leaves empty.
fn go(place: &Path, gone: &mut BTreeSet<Path>, root: Node<'_>) {
    let mut place = place.clone();
    gone.insert(place.clone());
    while place.pop().is_some() && emptied(&place, gone, root) {
        gone.insert(place.clone());
    }
}

/// The item in which a list stands.
fn item_around(mut list: Path) -> Path {
    while !matches!(list.segments().last(), None | Some(Segment::Index(_))) {
        list.pop();
    }
    list
}

fn parent(path: &Path) -> Path {
    let mut path = path.clone();
    path.pop();
    path
}

/// Are all members of a collection among what goes?
fn emptied(place: &Path, gone: &BTreeSet<Path>, root: Node<'_>) -> bool {
    let node = place.resolve(root);
    let direct = gone
        .iter()
        .filter(|path| path.segments().len() == place.segments().len() + 1);
    let direct = direct.filter(|path| path.starts_with(place)).count();
    node.is_some_and(|node| !node.is_empty() && node.len() == direct)
}

fn lines(node: Node<'_>, text: &str) -> Span {
    let start = node.key().unwrap_or(node).span().start as usize;
    let end = node.span().end as usize;
    let above = text.get(..start).unwrap_or_default();
    let mut from = above.rfind('\n').map_or(0, |at| at + 1);
    let indented = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let column = indented(text.get(from..).unwrap_or_default());
    for line in above
        .get(..from)
        .unwrap_or_default()
        .split_inclusive('\n')
        .rev()
    {
        if !line.trim_start().starts_with('#') || indented(line) != column {
            break;
        }
        from -= line.len();
    }
    let to = text
        .get(end..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |at| end + at);
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        start: offset(from),
        end: offset(to),
    }
}
