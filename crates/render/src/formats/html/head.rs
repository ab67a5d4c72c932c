//! The top of the page, what was found in one sentence and four figures; and the foot.

use std::io::{self, Write};

use crate::formats::html::MARK;
use crate::formats::html::chart::{Stack, figures};
use crate::formats::html::text::{Count, Text};
use crate::record::Record;

/// Writes the top.
pub(super) fn head(record: &Record<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        r#"<header>
<div class="brand"><svg viewBox="0 0 24 24" aria-hidden="true">{MARK}</svg>Plimsoll <span>hardening report</span><button type="button" id="theme" hidden></button></div>
<h1>{}</h1>"#,
        verdict(record)
    )?;
    target(record, out)?;
    if !record.gaps.is_empty() {
        writeln!(
            out,
            r##"<p class="notice"><a href="#gaps">{}</a>: something that was asked for could not be looked at. What is below is not the whole truth.</p>"##,
            Count(record.gaps.len(), "gap")
        )?;
    }
    if !record.findings.is_empty() {
        figures(Stack::of(record.findings.iter()), out)?;
    }
    out.write_all(b"</header>\n")
}

/// What was found, in a few words.
pub(super) fn verdict(record: &Record<'_>) -> String {
    match (record.findings.len(), record.gaps.len()) {
        (0, 0) if record.summary.objects == 0 => "No Kubernetes objects".to_owned(),
        (0, 0) => "No findings".to_owned(),
        (0, gaps) => format!("No findings, but {}", Count(gaps, "gap")),
        (findings, 0) => Count(findings, "finding").to_string(),
        (findings, gaps) => format!("{} and {}", Count(findings, "finding"), Count(gaps, "gap")),
    }
}

fn target(record: &Record<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (target, summary) = (&record.target, &record.summary);
    let sources = target.sources.iter();
    let sources: Vec<String> = sources
        .map(|source| format!("<code>{}</code>", Text(source)))
        .collect();
    write!(
        out,
        "<p class=\"target\"><span>{}</span><span>{} in {}</span><span>Kubernetes {}</span><span>profile {}</span>",
        sources.join(" "),
        Count(summary.objects, "object"),
        Count(summary.files, "file"),
        Text(&target.kubernetes_version),
        Text(&target.profile)
    )?;
    if let Some(date) = &target.date {
        write!(out, "<span>{}</span>", Text(date))?;
    }
    out.write_all(b"</p>\n")
}

/// Writes the foot.
pub(super) fn foot(record: &Record<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<footer><p>{} {} by the NSA/CISA Kubernetes Hardening Guidance. This page needs no network and sends nothing.</p></footer>",
        Text(&record.tool.name),
        Text(&record.tool.version)
    )
}
