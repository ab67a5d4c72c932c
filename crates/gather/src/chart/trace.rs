//! From a chart's plain rendering and the one with marks to the template line behind every line.
//!
//! Documents are paired by the template that Helm names above each; lines one by one, because checksums and random values
//! differ by nature. What cannot be paired falls back to about there in its template.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use plimsoll_snapshot::provenance::{LineMap, Step};

use super::mark::{Marks, is_bare, unmark};

/// What Helm writes above each document.
const SOURCE: &str = "# Source: ";

/// A template of a chart as the map knows it.
pub(crate) struct Template<'c> {
    /// As Helm names it, such as `web/templates/a.yaml`.
    pub(crate) path: String,
    /// Where it is among the chart's files.
    pub(crate) file: &'c str,
    /// As written.
    pub(crate) text: &'c str,
    /// Its number in the map.
    pub(crate) source: usize,
    /// Lines that may print and carry no mark.
    pub(crate) unmarked: Vec<u32>,
}

/// Says of each line of `plain` where it came from. `marked` is the rendering of the marked copy, whose marks hold indexes
/// into `templates`; `None` when that did not render.
pub(crate) fn trace(
    plain: &str,
    marked: Option<&str>,
    templates: &[Template<'_>],
    map: &mut LineMap,
) {
    let mut twins = Twins::of(marked.unwrap_or_default());
    for lines in documents(plain) {
        let twin = twins.next(&lines);
        let tracer = Tracer::new(templates, &lines, twin);
        tracer.steps().into_iter().for_each(|step| map.push(step));
    }
}

/// The lines of a text, document by document, each with its `---`.
fn documents(text: &str) -> Vec<Vec<&str>> {
    let mut documents: Vec<Vec<&str>> = Vec::new();
    for line in text.lines() {
        if documents.is_empty() || line.starts_with("---") {
            documents.push(Vec::new());
        }
        if let Some(document) = documents.last_mut() {
            document.push(line);
        }
    }
    documents
}

/// The template that Helm names above a document.
fn named<'l>(lines: &[&'l str]) -> Option<&'l str> {
    lines
        .iter()
        .take(3)
        .find_map(|line| line.strip_prefix(SOURCE))
}

/// A template's index and a line's number.
type Mark = (usize, u32);

/// A line of the marked rendering.
type Line = (String, Marks);

/// The marked documents by their template, in order.
struct Twins {
    by_template: HashMap<String, std::collections::VecDeque<Vec<Line>>>,
}

impl Twins {
    fn of(marked: &str) -> Twins {
        let mut by_template: HashMap<_, std::collections::VecDeque<_>> = HashMap::new();
        for lines in documents(marked) {
            let name = named(&lines).unwrap_or_default().to_owned();
            let lines: Vec<Line> = lines.into_iter().map(unmark).collect();
            let says = |line: &Line| {
                let text = line.0.trim();
                !text.is_empty() && !text.starts_with('#') && !text.starts_with("---")
            };
            // Of templates that print nothing, marks may be left.
            if lines.iter().any(says) {
                by_template.entry(name).or_default().push_back(lines);
            }
        }
        Twins { by_template }
    }

    /// The marked document of the same template; one that only comments fill has none.
    fn next(&mut self, lines: &[&str]) -> Vec<Line> {
        let says = |line: &&str| {
            let text = line.trim();
            !text.is_empty() && !text.starts_with('#') && !text.starts_with("---")
        };
        if !lines.iter().any(says) {
            return Vec::new();
        }
        let queue = self.by_template.get_mut(named(lines).unwrap_or_default());
        let twin = queue.and_then(|queue| queue.pop_front());
        twin.map(|twin| fit(twin, lines)).unwrap_or_default()
    }
}

/// Helm takes blank lines off both ends of what a template prints, where a mark keeps them: the twin gets the ends of the
/// plain one.
fn fit(mut twin: Vec<Line>, lines: &[&str]) -> Vec<Line> {
    let own = extent(twin.iter().map(|(text, _)| text.as_str()));
    let plain = extent(lines.iter().copied());
    let end = |lines: Option<&[&str]>| -> Vec<Line> {
        let lines = lines.unwrap_or_default().iter();
        lines
            .map(|line| ((*line).to_owned(), Marks::new()))
            .collect()
    };
    twin.truncate(own.end);
    twin.splice(..own.start, end(lines.get(..plain.start)));
    twin.extend(end(lines.get(plain.end..)));
    twin
}

/// The lines from the first to the last that say something; what Helm writes above a document does not.
fn extent<'l>(lines: impl Iterator<Item = &'l str>) -> Range<usize> {
    let is_above = |line: &str| line.starts_with("---") || line.starts_with(SOURCE);
    let says = |line: &str| !line.trim().is_empty() && !is_above(line) && !is_bare(line);
    let mut saying = lines.enumerate().filter(|(_, line)| says(line));
    let start = saying.next().map_or(0, |(start, _)| start);
    let last = saying.last().map_or(start, |(last, _)| last);
    start..last + 1
}

/// One document with its marked twin. What depends on the whole document is worked out once: some have a hundred thousand lines.
struct Tracer<'d> {
    templates: &'d [Template<'d>],
    lines: &'d [&'d str],
    twin: Vec<Line>,
    /// How many lines at the start, and at the end, read the same in the twin.
    alike: (usize, usize),
    /// For each line of the twin the first mark on it or behind it.
    next: Vec<Option<Mark>>,
}

impl<'d> Tracer<'d> {
    fn new(templates: &'d [Template<'d>], lines: &'d [&'d str], twin: Vec<Line>) -> Tracer<'d> {
        let same = |(line, twin): &(&&str, &Line)| **line == twin.0;
        let ahead = lines.iter().zip(&twin).take_while(same).count();
        let ends = lines.iter().rev().zip(twin.iter().rev());
        let behind = ends.take_while(same).count();
        let mut next = Vec::with_capacity(twin.len());
        let mut mark = None;
        for (_, marks) in twin.iter().rev() {
            mark = marks.first().copied().or(mark);
            next.push(mark);
        }
        next.reverse();
        Tracer {
            templates,
            lines,
            twin,
            alike: (ahead, behind),
            next,
        }
    }

    fn steps(&self) -> Vec<Option<Step>> {
        let named = named(self.lines);
        let named = self
            .templates
            .iter()
            .position(|template| Some(template.path.as_str()) == named);
        let written = OnceCell::new();
        let mut before = None;
        let origin = |(number, line): (usize, &&str)| {
            let at = self.paired(number);
            let twin = at.and_then(|at| self.twin.get(at));
            let mark = twin.and_then(|(_, marks)| marks.first()).copied();
            let step = match (mark, at) {
                (Some((template, line_of)), _) => {
                    let same = twin.is_some_and(|(text, _)| text == line);
                    self.step(template, line_of, same)
                }
                (None, Some(at)) => self.between(before, at),
                (None, None) => named.and_then(|named| {
                    let written = written.get_or_init(|| self.written(named));
                    self.about(named, written, line)
                }),
            };
            let last = twin.and_then(|(_, marks)| marks.last()).copied();
            before = last.or(before);
            step
        };
        self.lines.iter().enumerate().map(origin).collect()
    }

    /// The line of the twin for a line: the same one where both are as long, else counted from the end that is alike.
    fn paired(&self, number: usize) -> Option<usize> {
        let (ahead, behind) = self.alike;
        let left = self.lines.len() - number;
        if self.twin.len() == self.lines.len() || number < ahead {
            return Some(number);
        }
        (left <= behind).then(|| self.twin.len().saturating_sub(left))
    }

    /// A line without a mark was printed by an action between the marks around it: by an unmarked one, if there is just
    /// one, else by the next marked one, since the mark stands behind what the action prints.
    fn between(&self, before: Option<Mark>, at: usize) -> Option<Step> {
        let next = self.next.get(at).copied().flatten();
        let (template, line) = next.or(before)?;
        let unmarked = &self.templates.get(template)?.unmarked;
        let first = match before {
            Some((file, line)) if file == template => {
                unmarked.partition_point(|unmarked| *unmarked <= line)
            }
            _ => 0,
        };
        let ends = |unmarked: &&u32| next.is_none_or(|(_, line)| **unmarked < line);
        let mut candidates = unmarked.iter().skip(first).take_while(ends);
        match (candidates.next(), candidates.next()) {
            (Some(only), None) => self.step(template, *only, false),
            _ => self.step(template, line, false),
        }
    }

    fn step(&self, template: usize, line: u32, exact: bool) -> Option<Step> {
        Some(Step {
            source: self.templates.get(template)?.source,
            line,
            part: None,
            exact,
        })
    }

    /// The lines of a template by what they say: the number of each, `None` where several say the same.
    fn written(&self, template: usize) -> HashMap<&'d str, Option<u32>> {
        let text = self.templates.get(template).map_or("", |found| found.text);
        let mut written = HashMap::new();
        for (number, line) in (1..).zip(text.lines()) {
            let several = written.entry(line.trim());
            several
                .and_modify(|only| *only = None)
                .or_insert(Some(number));
        }
        written
    }

    /// The only line of the template that reads the same, else its first.
    fn about(
        &self,
        template: usize,
        written: &HashMap<&str, Option<u32>>,
        line: &str,
    ) -> Option<Step> {
        let only = written.get(line.trim()).copied().flatten();
        self.step(template, only.unwrap_or(1), false)
    }
}

#[cfg(test)]
mod tests;
