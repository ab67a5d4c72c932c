//! The report as Markdown for a comment on a pull request: counts, then the findings of each file, folded.
//!
//! Here lives what is said and how much of it fits; making text inert lives in `inert`. Invariants: the first line is always
//! the same, so that a bot finds its own comment again; the whole is never longer than GitHub allows, and says what it left out.

mod inert;
mod link;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};

use plimsoll_control::Severity;

use crate::formats::Catalogue;
use crate::formats::markdown::inert::{code, text};
use crate::formats::words::worst_first;
use crate::record::{Finding, Gap, Record};

/// The first line; nothing of it is shown.
const MARKER: &str = "<!-- plimsoll report -->";
/// How long a comment on GitHub may be, in characters; counted here in bytes, of which there are never fewer.
const LIMIT: usize = 65_536;
/// What is kept for the last lines.
const RESERVE: usize = 1_500;
/// Where rows go; no text from outside can be this.
const ROWS: &str = "\0";
/// How much gaps may take.
const GAPS: usize = 12_000;

/// Writes the comment.
///
/// # Errors
/// What writing to `out` gives.
pub(super) fn markdown(
    record: &Record<'_>,
    _: Catalogue<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(comment(record).as_bytes())
}

fn comment(record: &Record<'_>) -> String {
    let mut comment = format!("{MARKER}\n{}", summary(record));
    comment += &gaps(&record.gaps);
    let files = by_file(&record.findings, record.target.files_at.as_deref());
    let shown = most_urgent(&files, (LIMIT - RESERVE).saturating_sub(comment.len()));
    for file in &files {
        comment += &file.folded(shown);
    }
    comment += &rest(&files, shown);
    comment += &foot(record);
    comment
}

fn summary(record: &Record<'_>) -> String {
    let counts = worst_first().map(|severity| record.count(severity));
    let total = record.findings.len();
    let title = match (total, record.gaps.len()) {
        (0, 0) => "no findings".to_owned(),
        (0, gaps) => format!("no findings, but {}", several(gaps, "gap")),
        (_, 0) => several(total, "finding"),
        (_, gaps) => format!("{} and {}", several(total, "finding"), several(gaps, "gap")),
    };
    let mut summary = format!("### Plimsoll: {title}\n\n");
    summary += "| critical | high | medium | low | waived | gaps | not assessed |\n";
    summary += "|---:|---:|---:|---:|---:|---:|---:|\n";
    let open = record.not_assessed.iter().map(|open| &open.control);
    let open: BTreeSet<_> = open.collect();
    let others = [record.waived.len(), record.gaps.len(), open.len()];
    for count in counts.chain(others) {
        let _ = write!(summary, "| {count} ");
    }
    summary += "|\n\n";
    summary
}

fn gaps(gaps: &[Gap<'_>]) -> String {
    if gaps.is_empty() {
        return String::new();
    }
    let mut block = format!(
        "**{} could not be looked at**, though it was asked for:\n\n",
        several(gaps.len(), "place")
    );
    for (index, gap) in gaps.iter().enumerate() {
        let at = match gap.location.place() {
            Some(at) => format!("{}:{}", at.file, at.line),
            None => gap.location.file().to_owned(),
        };
        let line = format!(
            "- {} {}: {}\n",
            code(&at),
            text(&gap.reason),
            text(&gap.message)
        );
        if block.len() + line.len() > GAPS {
            let _ = writeln!(block, "- and {} more", gaps.len() - index);
            break;
        }
        block += &line;
    }
    block + "\n"
}

/// The findings of a file, the most urgent first.
struct File<'f, 'r> {
    name: &'f str,
    /// The address below which files are linked.
    base: Option<&'f str>,
    findings: Vec<&'f Finding<'r>>,
}

/// Every file with findings; the one with the most urgent finding first.
fn by_file<'f, 'r>(findings: &'f [Finding<'r>], base: Option<&'f str>) -> Vec<File<'f, 'r>> {
    let mut files: BTreeMap<&str, Vec<&Finding<'_>>> = BTreeMap::new();
    let mut ranked: Vec<_> = findings.iter().collect();
    ranked.sort_by_key(|finding| finding.priority.rank);
    for finding in ranked {
        let name = finding.location.as_ref().map_or("", |at| &*at.file);
        files.entry(name).or_default().push(finding);
    }
    let files = files.into_iter();
    let mut files: Vec<_> = files
        .map(|(name, findings)| File {
            name,
            base,
            findings,
        })
        .collect();
    files.sort_by_key(|file| file.findings.first().map(|finding| finding.priority.rank));
    files
}

/// The rank up to which findings fit into so many bytes.
fn most_urgent(files: &[File<'_, '_>], room: usize) -> usize {
    let sizes = files.iter().flat_map(|file| {
        let frame = file.frame(file.findings.len());
        let rows = file.findings.iter().enumerate();
        rows.map(move |(index, finding)| {
            let frame = if index == 0 { frame.len() } else { 0 };
            (finding.priority.rank, frame + file.row(finding).len())
        })
    });
    let mut sizes: Vec<_> = sizes.collect();
    sizes.sort_unstable();
    let mut used = 0;
    let fitting = sizes.into_iter().take_while(|(_, size)| {
        used += size;
        used <= room
    });
    fitting.last().map_or(0, |(rank, _)| rank)
}

impl File<'_, '_> {
    fn up_to(&self, rank: usize) -> impl Iterator<Item = &Finding<'_>> {
        let findings = self.findings.iter().copied();
        findings.take_while(move |finding| finding.priority.rank <= rank)
    }

    /// The findings up to a rank, folded; empty when there are none.
    fn folded(&self, rank: usize) -> String {
        let rows: Vec<String> = self.up_to(rank).map(|it| self.row(it)).collect();
        match rows.len() {
            0 => String::new(),
            shown => self
                .frame(self.findings.len() - shown)
                .replacen(ROWS, &rows.concat(), 1),
        }
    }

    fn row(&self, finding: &Finding<'_>) -> String {
        let at = finding.location.as_ref();
        format!(
            "| {} | {} | {} | {} |\n",
            match finding.severity {
                Severity::Critical => "**critical**",
                severity => severity.as_str(),
            },
            at.map_or(String::new(), |at| link::line(at, self.base)),
            text(&finding.message),
            code(&finding.control)
        )
    }

    /// What stands around the rows, of which some may be missing.
    fn frame(&self, missing: usize) -> String {
        let name = match self.name {
            "" => "not in a file".to_owned(),
            name => code(name),
        };
        let missing = match missing {
            0 => String::new(),
            missing => format!(" ({missing} not shown)"),
        };
        format!(
            "<details><summary>{name}: {}{missing}</summary>\n\n\
             | severity | line | finding | control |\n|---|---:|---|---|\n{ROWS}\n</details>\n\n",
            by_severity(&self.findings)
        )
    }
}

fn by_severity(findings: &[&Finding<'_>]) -> String {
    let count = |severity| findings.iter().filter(|it| it.severity == severity).count();
    let counts = worst_first().map(|severity| (severity, count(severity)));
    let counts = counts.filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(severity, count)| format!("{count} {}", severity.as_str()))
        .collect();
    counts.join(", ")
}

/// What did not fit.
fn rest(files: &[File<'_, '_>], rank: usize) -> String {
    let missing = files
        .iter()
        .map(|file| file.findings.len() - file.up_to(rank).count());
    let missing: Vec<usize> = missing.filter(|count| *count > 0).collect();
    match missing.iter().sum() {
        0 => String::new(),
        sum => format!(
            "**and {}** in {}: a comment has no room for them\n\n",
            several(sum, "more finding"),
            several(missing.len(), "file")
        ),
    }
}

fn foot(record: &Record<'_>) -> String {
    format!(
        "<sub>{} {}, Kubernetes {}; {} in {}. <code>plimsoll explain CONTROL</code> says why and what to do.</sub>\n",
        text(&record.tool.name),
        text(&record.tool.version),
        text(&record.target.kubernetes_version),
        several(record.summary.objects, "object"),
        several(record.summary.files, "file")
    )
}

fn several(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

#[cfg(test)]
mod tests;
