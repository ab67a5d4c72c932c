//! Settings of Kubernetes' own programs that a ConfigMap keeps as text, such as `kubeadm-config`: judged like the files that they
//! are. Paths go on behind `!`; lines are exact in a literal block. Manifests in a ConfigMap are data and not judged: nobody
//! has applied them.

use std::sync::Arc;

use plimsoll_control::{Finding, Tally};
use plimsoll_snapshot::kinds::{is_known, is_settings, mentions_settings};
use plimsoll_snapshot::object::{Document, File, Object, objects};
use plimsoll_snapshot::place::{Location, Place};
use plimsoll_snapshot::provenance::Provenance;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::{Node, Path, Position, Segment, Style, parse, split};
use thin_vec::thin_vec;

use crate::dispatch::Judged;
use crate::gap::document::unparsable;
use crate::judge::Scan;
use crate::part::Part;

/// Judges every text in a ConfigMap that holds settings.
pub(crate) fn judge<'t>(scan: &Scan, object: &'t Object<'t>, part: &mut Part) {
    if (object.group(), object.kind) != ("", "ConfigMap") {
        return;
    }
    let data = object.node.get("data").into_iter().flat_map(Node::entries);
    for (_, value) in data {
        let text = value.as_str().unwrap_or_default();
        // A script may write such a file; it is none.
        if mentions_settings(text) && !text.starts_with("#!") {
            judge_text(scan, &Host::new(object, value), text, part);
        }
    }
}

fn judge_text(scan: &Scan, host: &Host<'_>, text: &str, part: &mut Part) {
    let outer = host.object.document.file;
    let file =
        File::new(outer.name.clone(), outer.unit.clone(), text).keeping(outer.kept().clone());
    let mut inner = Part {
        tallies: thin_vec![Tally::default(); part.tallies.len()],
        ..Part::default()
    };
    for chunk in split(text) {
        match parse(text, &chunk) {
            Ok(tree) => {
                let document = Document::new(&file, chunk.number, &tree);
                let content = objects(&document, scan.target()).unwrap_or_default();
                let settings = |object: &&Object<'_>| is_settings(object.group(), object.kind);
                for object in content.objects.iter().filter(settings) {
                    note_unknown_version(object);
                    scan.judge_with_all(&Judged::new(object), &mut inner);
                }
            }
            Err(error) => inner.gaps.extend(unparsable(&file, &chunk, &error)),
        }
    }
    host.lift(inner, part);
}

/// Notes settings of a version that is not known here: nothing in them can be judged for sure.
pub(crate) fn note_unknown_version(object: &Object<'_>) {
    if is_settings(object.group(), object.kind) && !is_known(object.api_version, object.kind) {
        let version = object.node.get("apiVersion").unwrap_or(object.node);
        object.note_malformed(version, "a version of this kind that is known here");
    }
}

/// The value that holds the text.
struct Host<'t> {
    object: &'t Object<'t>,
    place: Place,
    /// Columns by which the text is indented, where its lines are lines of the file.
    indent: Option<u32>,
}

impl<'t> Host<'t> {
    fn new(object: &'t Object<'t>, value: Node<'t>) -> Host<'t> {
        Host {
            object,
            place: object.source().place(At::node(value)),
            indent: indent(object.document.file, value),
        }
    }

    /// Adds what was found inside to what was found around it.
    fn lift(&self, inner: Part, part: &mut Part) {
        for (sum, tally) in part.tallies.iter_mut().zip(inner.tallies) {
            sum.add(tally);
        }
        for (missing, subjects) in inner.open {
            part.left_open(missing, subjects);
        }
        let findings = inner.findings.into_iter();
        part.findings
            .extend(findings.map(|finding| self.lifted(finding)));
        part.gaps.extend(inner.gaps.into_iter().map(|mut gap| {
            gap.location = gap.location.and_then(|inside| self.location(&inside));
            gap
        }));
    }

    fn lifted(&self, mut finding: Box<Finding>) -> Box<Finding> {
        let id = self.object.id();
        let within = format!(" (in {} of ConfigMap {})", self.place.path, id.name);
        finding.message.append(&within);
        finding.subject.object = Arc::clone(&id);
        finding.place = self.place_of(finding.place);
        for related in finding.related_mut() {
            related.object = Arc::clone(&id);
            related.place = self.place_of(related.place.clone());
        }
        finding
    }

    fn place_of(&self, inside: Place) -> Place {
        let step = Path::from(vec![Segment::Embedded]);
        Place {
            path: self.place.path.join(&step).join(&inside.path),
            stable: format!("{}!{}", self.place.stable, inside.stable).into(),
            location: inside.location.and_then(|inside| self.location(&inside)),
            excerpt: if self.indent.is_some() {
                inside.excerpt
            } else {
                self.place.excerpt.clone()
            },
        }
    }

    /// The same place in the file: exact in a literal block, otherwise the whole value. `None` for a live object.
    fn location(&self, inside: &Location) -> Option<Location> {
        let outer = self.place.location.clone()?;
        let Some(indent) = self.indent else {
            return Some(Location {
                exact: false,
                ..outer
            });
        };
        let moved = |position: Position| Position {
            line: outer.start.line + position.line,
            column: position.column + indent,
        };
        Some(Location {
            start: moved(inside.start),
            end: moved(inside.end),
            ..outer
        })
    }
}

/// By how many columns the lines of a literal block are indented; `None` for other scalars, in rendered texts, and where an explicit indicator or
/// the key on another line makes it unclear.
fn indent(file: &File<'_>, value: Node<'_>) -> Option<u32> {
    let text = file.text;
    let is_written = matches!(file.provenance, Provenance::Written);
    if !is_written || value.style() != Style::Literal || value.key().is_none() {
        return None;
    }
    let inner = value.as_str()?;
    let block = text.get(value.span().start as usize..value.span().end as usize)?;
    let mut lines = block.lines().skip(1).zip(inner.lines());
    let (outside, inside) = lines.find(|(_, inside)| !inside.trim().is_empty())?;
    let indent = outside.len().checked_sub(inside.len())?;
    let is_indented = |(outside, inside): (&str, &str)| {
        inside.is_empty()
            || outside
                .get(indent..)
                .is_some_and(|rest| rest.trim_end_matches('\r') == inside)
    };
    let same_line = block.starts_with('|')
        && text
            .get(value.key()?.span().start as usize..value.span().start as usize)?
            .lines()
            .count()
            == 1;
    let all = block.lines().skip(1).zip(inner.lines()).all(is_indented);
    (same_line && all && outside.get(..indent)?.bytes().all(|byte| byte == b' '))
        .then(|| u32::try_from(indent).ok())?
}
