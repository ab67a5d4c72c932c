//! Where a text comes from: somebody wrote it, or a program rendered it from templates or overlays. A rendered text knows,
//! line by line, which written line it came from; places in it are told as places there. Only written text can be edited.
//!
//! Invariant: a place is called exact only where the value, or at least its key, is known to stand there.

use std::ops::Range;
use std::sync::Arc;

use plimsoll_yaml::{Lines, Position, Span, split};

use crate::origin::Origins;
use crate::place::{Excerpt, Location, excerpt};

/// Where a text comes from.
#[derive(Clone, Default)]
pub enum Provenance {
    /// Somebody wrote it; it can be edited in place.
    #[default]
    Written,
    /// A program made it; what has to be changed is a template, a patch or a value.
    Rendered(Arc<LineMap>),
    /// A cluster said it: places in it are paths, and lines mean nothing.
    Live,
    /// A cluster said it, and these texts may have made what is in it.
    Deployed(Arc<Origins>),
}

impl Provenance {
    /// Did a cluster say it?
    pub fn is_live(&self) -> bool {
        matches!(self, Provenance::Live | Provenance::Deployed(_))
    }

    /// The texts that may have made it.
    pub(crate) fn origins(&self) -> Option<&Origins> {
        match self {
            Provenance::Deployed(origins) => Some(origins),
            _ => None,
        }
    }
}

/// The origin of each line of a rendered text.
#[derive(Debug)]
pub struct LineMap {
    whole: Arc<str>,
    sources: Vec<Written>,
    lines: Vec<Option<Step>>,
    assumed_namespace: Option<&'static str>,
}

/// A text that somebody wrote.
#[derive(Debug)]
struct Written {
    name: Arc<str>,
    text: Box<str>,
    lines: Lines,
    documents: Vec<u32>,
}

/// The way from one rendered line to its origin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// As given by [`LineMap::add`].
    pub source: usize,
    /// From 1.
    pub line: u32,
    /// The bytes of that line that became the rendered one, where they are known; else they are looked for.
    pub part: Option<Range<u32>>,
    /// Is it certain that the line came from there unchanged?
    pub exact: bool,
}

impl LineMap {
    /// A map without lines. `whole` is the file, as shown, for whatever has no better origin.
    pub fn new(whole: Arc<str>) -> LineMap {
        LineMap {
            whole,
            sources: Vec::new(),
            lines: Vec::new(),
            assumed_namespace: None,
        }
    }

    /// Says which namespace the program takes because nobody named one.
    pub fn assume_namespace(&mut self, name: &'static str) {
        self.assumed_namespace = Some(name);
    }

    /// Is the namespace that stands on a rendered line (from 1) the assumed one, and not written in its origin?
    pub(crate) fn assumes_namespace(&self, name: &str, line: u32) -> bool {
        let written = self.step(line).and_then(|step| {
            let source = self.sources.get(step.source)?;
            let line = source.lines.line_span(step.line)?;
            find(line.slice(&source.text), name)
        });
        self.assumed_namespace == Some(name) && written.is_none()
    }

    /// Adds a written text under its name as shown. Gives its number for [`Step::source`].
    pub fn add(&mut self, name: Arc<str>, text: String) -> usize {
        let documents = split(&text).iter().map(|chunk| chunk.span.end).collect();
        self.sources.push(Written {
            name,
            lines: Lines::new(&text),
            text: text.into(),
            documents,
        });
        self.sources.len() - 1
    }

    /// Says where the next rendered line came from; `None`: nobody knows.
    pub fn push(&mut self, step: Option<Step>) {
        self.lines.push(step);
    }

    /// The steps so far, in the order of the rendered lines.
    pub fn steps(&self) -> &[Option<Step>] {
        &self.lines
    }

    /// The name and line from which a rendered line (from 1) came.
    pub fn origin(&self, line: u32) -> Option<(&str, u32)> {
        let step = self.step(line)?;
        let source = self.sources.get(step.source)?;
        Some((&source.name, step.line))
    }

    fn step(&self, line: u32) -> Option<&Step> {
        let index = (line as usize).checked_sub(1)?;
        self.lines.get(index)?.as_ref()
    }

    /// The written place of a span of the rendered text, with its line; without a line where only the file is known.
    pub(crate) fn trace(
        &self,
        text: &str,
        lines: &Lines,
        span: Span,
    ) -> (Location, Option<Excerpt>) {
        let line = lines.position(text, span.start).line;
        let found = self.step(line).and_then(|step| {
            let rendered = lines.line_span(line)?;
            self.sources
                .get(step.source)?
                .trace(step, text, rendered, span)
        });
        found.unwrap_or_else(|| (self.somewhere(), None))
    }

    fn somewhere(&self) -> Location {
        let start = Position { line: 1, column: 1 };
        Location {
            file: self.whole.clone(),
            document: 1,
            start,
            end: start,
            exact: false,
        }
    }
}

impl Written {
    fn trace(
        &self,
        step: &Step,
        text: &str,
        rendered: Span,
        span: Span,
    ) -> Option<(Location, Option<Excerpt>)> {
        let line = self.lines.line_span(step.line)?;
        let within = Span {
            start: span.start,
            end: span.end.min(rendered.end).max(span.start),
        };
        let (part, found) = match &step.part {
            Some(part) => (part.clone(), true),
            None => look_for(line.slice(&self.text), text, rendered, within),
        };
        let here = Span {
            start: line.start + part.start,
            end: (line.start + part.end).min(line.end),
        };
        let document = self.documents.partition_point(|end| *end <= here.start) + 1;
        let document = document.min(self.documents.len().max(1));
        let location = Location {
            file: self.name.clone(),
            document: u32::try_from(document).unwrap_or(u32::MAX),
            start: self.lines.position(&self.text, here.start),
            end: self.lines.position(&self.text, here.end),
            exact: step.exact && found,
        };
        Some((location, Some(excerpt(&self.text, here))))
    }
}

/// Looks for a rendered piece in a written line: the whole rendered line unchanged, else its key, whose value was filled
/// in, else all of the line. Also tells whether the piece itself or its key was found.
fn look_for(written: &str, text: &str, rendered: Span, span: Span) -> (Range<u32>, bool) {
    let whole = rendered.slice(text);
    let lead = whole.len() - whole.trim_start().len();
    if let Some(at) = find(written, whole.trim()) {
        let from = (at + span.start.saturating_sub(rendered.start) as usize).saturating_sub(lead);
        return (part(from, from + span.len() as usize), true);
    }
    let piece = span.slice(text);
    let key = piece.find(": ").and_then(|end| piece.get(..=end));
    let key = key.or(piece.ends_with(':').then_some(piece));
    let end = written.trim_end().len();
    match (find(written, piece), key.and_then(|key| find(written, key))) {
        (Some(at), _) => (part(at, at + piece.len()), false),
        (None, Some(at)) => (part(at, end), true),
        (None, None) => (part(end - written.trim().len(), end), false),
    }
}

fn part(from: usize, to: usize) -> Range<u32> {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    offset(from)..offset(to)
}

/// Where a piece stands in a line, not as a part of a longer word.
fn find(line: &str, piece: &str) -> Option<usize> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '{' | '.' | '/');
    let ends = |at: usize| {
        let (before, rest) = line.split_at_checked(at)?;
        let after = rest.get(piece.len()..)?.chars().next();
        Some(!before.ends_with(is_word) && !after.is_some_and(is_word))
    };
    let mut places = line.match_indices(piece).map(|(at, _)| at);
    places.find(|at| !piece.is_empty() && ends(*at) == Some(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of `marked` in a rendered text of one line that came from the second line of a template.
    fn traced(template: &str, rendered: &str, marked: &str) -> (u32, u32, bool, String) {
        let mut map = LineMap::new("web/Chart.yaml".into());
        let text = format!("# first\n{template}\nlast: 1\n");
        let source = map.add("web/templates/a.yaml".into(), text);
        map.push(Some(Step {
            source,
            line: 2,
            part: None,
            exact: true,
        }));
        let start = u32::try_from(rendered.find(marked).unwrap_or_default()).unwrap_or_default();
        let end = start + u32::try_from(marked.len()).unwrap_or_default();
        let (location, excerpt) = map.trace(rendered, &Lines::new(rendered), Span { start, end });
        assert_eq!(
            (&*location.file, location.start.line),
            ("web/templates/a.yaml", 2)
        );
        let excerpt = excerpt.map(|excerpt| excerpt.text.to_string());
        let (start, end) = (location.start.column, location.end.column);
        (start, end, location.exact, excerpt.unwrap_or_default())
    }

    #[test]
    fn what_stands_unchanged_is_exact_wherever_it_is_indented() {
        let template = "  privileged: true # näive";
        assert_eq!(
            traced(template, "      privileged: true", "privileged: true"),
            (3, 19, true, template.to_owned())
        );
        assert_eq!(
            traced("- {name: a, image: b}", "image: b", "image: b"),
            (13, 21, true, "- … image: b}".to_owned())
        );
    }

    #[test]
    fn what_was_filled_in_is_marked_from_its_key() {
        let template = "    runAsUser: {{ .Values.user }}";
        assert_eq!(
            traced(template, "    runAsUser: 0", "runAsUser: 0"),
            (5, 34, true, template.to_owned())
        );
    }

    #[test]
    fn what_an_action_printed_is_the_whole_line() {
        let template = "  {{- toYaml .Values.ports | nindent 4 }}";
        assert_eq!(
            traced(template, "      hostPort: 80", "hostPort: 80"),
            (3, 42, false, template.to_owned())
        );
    }

    #[test]
    fn a_part_of_a_word_is_something_else() {
        let template = "name: web-{{ .x }}";
        assert_eq!(
            traced(template, "name: web", "name: web"),
            (1, 19, true, template.to_owned()),
            "the whole entry, not its first half"
        );
    }

    #[test]
    fn a_line_without_origin_is_somewhere_in_the_whole() {
        let map = LineMap::new("web/Chart.yaml".into());
        let (location, excerpt) = map.trace("a: 1", &Lines::new("a: 1"), Span { start: 0, end: 1 });
        assert_eq!((&*location.file, location.exact), ("web/Chart.yaml", false));
        assert_eq!(excerpt, None);
    }

    #[test]
    fn a_namespace_that_nobody_wrote_is_assumed() {
        let mut map = LineMap::new("web/Chart.yaml".into());
        let text = "namespace: {{ .Release.Namespace }}\nnamespace: default\n";
        let source = map.add("a.yaml".into(), text.to_owned());
        for line in [1, 2] {
            map.push(Some(Step {
                source,
                line,
                part: None,
                exact: true,
            }));
        }
        let assumed = |map: &LineMap| [1, 2].map(|line| map.assumes_namespace("default", line));
        assert_eq!(assumed(&map), [false, false]);
        map.assume_namespace("default");
        assert_eq!(assumed(&map), [true, false]);
        assert!(!map.assumes_namespace("shop", 1));
    }

    #[test]
    fn documents_are_counted_in_the_written_text() {
        let mut map = LineMap::new("k".into());
        let source = map.add("a.yaml".into(), "a: 1\n---\nb: 2\n".to_owned());
        let step = |line, part| Step {
            source,
            line,
            part,
            exact: true,
        };
        map.push(Some(step(3, Some(0..4))));
        map.push(Some(step(1, None)));
        let text = "b: 2\na: 1\n";
        let lines = Lines::new(text);
        let document = |start| {
            map.trace(
                text,
                &lines,
                Span {
                    start,
                    end: start + 4,
                },
            )
            .0
            .document
        };
        assert_eq!((document(0), document(5)), (2, 1));
        assert_eq!(map.origin(1), Some(("a.yaml", 3)));
    }
}
