//! What the findings do not say: gaps, what was not assessed, the verdicts of every control, and what was looked at.

use std::io::{self, Write};

use crate::evidence::Counts;
use crate::formats::html::text::{Count, Number, Text};
use crate::record::{Gap, Record};

/// How many gaps are listed.
const GAPS: usize = 1000;

/// Writes the gaps; nothing where there are none.
pub(super) fn gaps(record: &Record<'_>, out: &mut dyn Write) -> io::Result<()> {
    let gaps = &record.gaps;
    if gaps.is_empty() {
        return Ok(());
    }
    start("gaps", "Gaps", out)?;
    out.write_all(b"<p class=\"note\">Could not be looked at, though it was asked for.</p>\n")?;
    table(&["Where", "Why", "What it is"], &[], out)?;
    for gap in gaps.iter().take(GAPS) {
        writeln!(
            out,
            "<tr><td><code>{}</code></td><td class=\"word\">{}</td><td>{}{}</td></tr>",
            Text(&gap_place(gap)),
            Text(&gap.reason),
            Text(&gap.message),
            unjudged(gap)
        )?;
    }
    out.write_all(b"</tbody></table></div>\n")?;
    if let more @ 1.. = gaps.len().saturating_sub(GAPS) {
        writeln!(
            out,
            "<p class=\"note\">and {} more: the JSON report lists them all.</p>",
            Number(more)
        )?;
    }
    out.write_all(b"</section>\n")
}

fn gap_place(gap: &Gap<'_>) -> String {
    match gap.location.place() {
        Some(at) => format!("{}:{}:{}", at.file, at.line, at.column),
        None => gap.location.file().to_owned(),
    }
}

/// The controls that could not judge; empty when that is all of them.
fn unjudged(gap: &Gap<'_>) -> String {
    let controls = gap.controls.iter();
    let controls: Vec<String> = controls
        .map(|id| format!("<code>{}</code>", Text(id)))
        .collect();
    match controls.as_slice() {
        [] => String::new(),
        controls => format!("<br>not judged by {}", controls.join(", ")),
    }
}

/// Writes what was not assessed; nothing where there is none.
pub(super) fn not_assessed(record: &Record<'_>, out: &mut dyn Write) -> io::Result<()> {
    if record.not_assessed.is_empty() {
        return Ok(());
    }
    start("not-assessed", "Not assessed", out)?;
    out.write_all(
        b"<p class=\"note\">Outside of what was asked for. Nothing is known about these.</p>\n",
    )?;
    table(
        &["Control", "What is missing", "What would help"],
        &["Subjects"],
        out,
    )?;
    for open in &record.not_assessed {
        let subjects = match open.subjects {
            0 => "off".to_owned(),
            subjects => Number(subjects).to_string(),
        };
        writeln!(
            out,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td class=\"figure\">{subjects}</td></tr>",
            Text(&open.control),
            Text(&open.reason),
            Text(&open.would_help)
        )?;
    }
    out.write_all(b"</tbody></table></div>\n</section>\n")
}

/// Writes the verdicts of every control, those that failed most first.
pub(super) fn controls(record: &Record<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut rows: Vec<_> = record.summary.controls.iter().collect();
    rows.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.failed));
    start("controls", "Controls", out)?;
    let judged = rows
        .iter()
        .filter(|(_, counts)| counts.failed + counts.passed + counts.waived > 0);
    writeln!(
        out,
        "<p class=\"note\">{} of {} had something to judge. Counted are subjects: containers where a control judges containers, objects otherwise.</p>\n<details><summary>Verdicts of every control</summary>",
        Number(judged.count()),
        Count(rows.len(), "control")
    )?;
    table(
        &["Control"],
        &["Failed", "Waived", "Passed", "Not assessed"],
        out,
    )?;
    for (id, counts) in rows {
        write!(out, "<tr><td><code>{}</code></td>", Text(id))?;
        let Counts {
            failed,
            passed,
            waived,
            not_assessed,
        } = *counts;
        for figure in [failed, waived, passed, not_assessed] {
            let class = if figure == 0 { "figure zero" } else { "figure" };
            write!(out, "<td class=\"{class}\">{}</td>", Number(figure))?;
        }
        out.write_all(b"</tr>\n")?;
    }
    out.write_all(b"</tbody></table></div>\n</details>\n</section>\n")
}

/// Writes what was looked at.
pub(super) fn looked_at(record: &Record<'_>, out: &mut dyn Write) -> io::Result<()> {
    let summary = &record.summary;
    start("looked-at", "Looked at", out)?;
    out.write_all(b"<dl class=\"facts\">\n")?;
    let facts = [
        ("Files", summary.files),
        ("Other files", summary.other_files),
        ("Objects", summary.objects),
        ("Units", summary.units),
        ("Patches", summary.patches),
        ("Excluded files", summary.excluded),
        ("Waivers not counted", summary.foreign_waivers),
    ];
    for (name, count) in facts {
        if count > 0 || matches!(name, "Files" | "Objects") {
            writeln!(out, "<dt>{name}</dt><dd>{}</dd>", Number(count))?;
        }
    }
    if !summary.unknown_kinds.is_empty() {
        out.write_all(b"<dt>Unknown kinds</dt><dd>")?;
        for kind in &summary.unknown_kinds {
            let judged = kind.judged_as.as_ref().map_or(String::new(), |judged| {
                format!(", judged as {}", Text(judged))
            });
            write!(
                out,
                "<p><code>{}/{}</code> {}{judged}</p>",
                Text(&kind.api_version),
                Text(&kind.kind),
                Number(kind.objects)
            )?;
        }
        out.write_all(b"</dd>\n")?;
    }
    out.write_all(b"</dl>\n</section>\n")
}

fn start(id: &str, title: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<section class=\"part\" id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{title}</h2>"
    )
}

/// Opens a table: columns of text, then columns of figures.
fn table(texts: &[&str], figures: &[&str], out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"<div class=\"scroll\"><table><thead><tr>")?;
    for title in texts {
        write!(out, "<th scope=\"col\">{title}</th>")?;
    }
    for title in figures {
        write!(out, "<th scope=\"col\" class=\"figure\">{title}</th>")?;
    }
    out.write_all(b"</tr></thead><tbody>\n")
}
