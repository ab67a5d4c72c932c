//! The summary's pictures: stacked bars in inline SVG, whose unit is a finding, so that nothing is rounded.

use std::collections::HashMap;
use std::io::{self, Write};

use plimsoll_control::Severity;

use crate::formats::Catalogue;
use crate::formats::html::text::{Count, Number, Text};
use crate::formats::words::worst_first;
use crate::record::{Finding, Record};

/// How many rows a list shows.
const ROWS: usize = 8;

/// Findings by severity, the worst first.
#[derive(Copy, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stack([usize; 4]);

impl Stack {
    /// How many there are of each severity.
    pub(super) fn of<'f>(findings: impl Iterator<Item = &'f Finding<'f>>) -> Stack {
        let mut stack = Stack::default();
        findings.for_each(|finding| stack.add(finding.severity));
        stack
    }

    fn add(&mut self, severity: Severity) {
        let mut cells = self.0.iter_mut().zip(worst_first());
        if let Some((cell, _)) = cells.find(|(_, its)| *its == severity) {
            *cell += 1;
        }
    }

    /// Each severity with its number, the worst first.
    pub(super) fn each(self) -> impl Iterator<Item = (Severity, usize)> {
        worst_first().zip(self.0)
    }

    /// All severities together.
    pub(super) fn total(self) -> usize {
        self.0.iter().sum()
    }

    /// The numbers that are not zero, in words.
    pub(super) fn words(self) -> String {
        let said = self.each().filter(|(_, count)| *count > 0);
        let said = said.map(|(severity, count)| format!("{} {}", Number(count), severity.as_str()));
        said.collect::<Vec<_>>().join(", ")
    }
}

/// The heading of the chapter that a control belongs to.
pub(super) fn chapter(control: &str, catalogue: Catalogue<'_>) -> &'static str {
    let control = catalogue.find(control);
    control.map_or("Unknown controls", |known| known.head.chapter.title())
}

/// A bar as wide as its text column, where `whole` findings would fill it.
pub(super) fn bar(class: &str, stack: Stack, whole: usize, out: &mut dyn Write) -> io::Result<()> {
    let whole = whole.max(1);
    write!(
        out,
        r#"<svg class="bar {class}" viewBox="0 0 {whole} 1" preserveAspectRatio="none" role="img" aria-label="{}">"#,
        stack.words()
    )?;
    let mut x = 0;
    for (severity, count) in stack.each().filter(|(_, count)| *count > 0) {
        let class = severity.as_str();
        write!(
            out,
            r#"<rect class="{class}" x="{x}" width="{count}" height="1"/>"#
        )?;
        x += count;
    }
    out.write_all(b"</svg>")
}

/// What findings are counted by.
struct Facet {
    title: &'static str,
    /// The filter's name in the page's script.
    filter: &'static str,
    of: fn(&Finding<'_>, Catalogue<'_>) -> String,
}

const FACETS: [Facet; 3] = [
    Facet {
        title: "By chapter of the guide",
        filter: "chapter",
        of: |finding, catalogue| chapter(&finding.control, catalogue).to_owned(),
    },
    Facet {
        title: "By control",
        filter: "control",
        of: |finding, _| finding.control.to_string(),
    },
    Facet {
        title: "By file",
        filter: "file",
        of: |finding, _| file(finding),
    },
];

/// The finding's file as the page calls it.
fn file(finding: &Finding<'_>) -> String {
    let location = finding.location.as_ref();
    location.map_or("not in a file".to_owned(), |at| at.file.to_string())
}

/// Writes who has how many; nothing where there are no findings.
pub(super) fn facets(
    record: &Record<'_>,
    catalogue: Catalogue<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if record.findings.is_empty() {
        return Ok(());
    }
    out.write_all(b"<h2 class=\"unseen\">Summary</h2>\n<div class=\"facets\">\n")?;
    FACETS
        .iter()
        .try_for_each(|facet| list(facet, &record.findings, catalogue, out))?;
    out.write_all(b"</div>\n")
}

fn list(
    facet: &Facet,
    findings: &[Finding<'_>],
    catalogue: Catalogue<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut counted: HashMap<String, Stack> = HashMap::new();
    for finding in findings {
        let name = (facet.of)(finding, catalogue);
        counted.entry(name).or_default().add(finding.severity);
    }
    let mut counted: Vec<(String, Stack)> = counted.into_iter().collect();
    counted.sort_by(|(one, its), (other, others)| others.cmp(its).then_with(|| one.cmp(other)));
    let most = counted.iter().map(|(_, stack)| stack.total()).max();
    writeln!(
        out,
        "<section>\n<h3>{} <span>worst first</span></h3>\n<ol>",
        facet.title
    )?;
    for (name, stack) in counted.iter().take(ROWS) {
        row(facet.filter, name, *stack, most.unwrap_or(0), out)?;
    }
    out.write_all(b"</ol>\n")?;
    match counted.len().saturating_sub(ROWS) {
        0 => {}
        more => writeln!(out, r#"<p class="note">and {} more</p>"#, Number(more))?,
    }
    out.write_all(b"</section>\n")
}

fn row(
    filter: &str,
    name: &str,
    stack: Stack,
    whole: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let class = if filter == "file" {
        "name path"
    } else {
        "name"
    };
    let name = Text(name);
    write!(
        out,
        r##"<li><a href="#findings" data-filter="{filter}" data-value="{name}" title="{name}: {}"><span class="{class}"><bdi>{name}</bdi></span><span class="count">{}</span>"##,
        stack.words(),
        Number(stack.total())
    )?;
    bar("", stack, whole, out)?;
    out.write_all(b"</a></li>\n")
}

/// Writes the four figures and the bar of all findings.
pub(super) fn figures(stack: Stack, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"<dl class=\"severities\">\n")?;
    for (severity, count) in stack.each() {
        let (word, none) = (severity.as_str(), if count == 0 { " none" } else { "" });
        writeln!(
            out,
            r#"<div class="{word}{none}"><dt>{word}</dt><dd>{}</dd></div>"#,
            Number(count)
        )?;
    }
    out.write_all(b"</dl>\n")?;
    bar("whole", stack, stack.total(), out)?;
    writeln!(
        out,
        "<span class=\"unseen\">{} in all</span>",
        Count(stack.total(), "finding")
    )
}
