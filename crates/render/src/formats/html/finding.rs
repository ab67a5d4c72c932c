//! The list of findings: the filters, and the first rows as plain HTML for readers without script. The script replaces
//! them by rows of the same shape.

use std::io::{self, Write};

use crate::formats::Catalogue;
use crate::formats::html::text::{Count, Number, Text};
use crate::formats::words::worst_first;
use crate::record::{Finding, Fix, Location, Object, Record, Waiver};

/// How many findings are there without script.
pub(super) const PLAIN: usize = 500;

/// Writes the filters and the list.
pub(super) fn findings(
    record: &Record<'_>,
    catalogue: Catalogue<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(b"<section class=\"part\" id=\"findings\" aria-labelledby=\"findings-title\">\n<h2 id=\"findings-title\">Findings</h2>\n")?;
    filters(record, out)?;
    out.write_all(b"<div class=\"more\"><button type=\"button\" id=\"earlier\" hidden>Show earlier ones</button></div>\n<div class=\"list\" id=\"list\">\n")?;
    plain(record, catalogue, out)?;
    out.write_all(b"</div>\n<div class=\"more\"><button type=\"button\" id=\"later\" hidden>Show more</button></div>\n</section>\n")
}

fn filters(record: &Record<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(br#"<form id="filters" role="search" aria-label="Filter findings" hidden>
<div class="row">
<label class="search">Search <input type="search" name="search" autocomplete="off" placeholder="words, names, paths (press /)"></label>
<label>Control <select name="control"><option value="">all</option></select></label>
<label>Chapter <select name="chapter"><option value="">all</option></select></label>
<label>Namespace <select name="namespace"><option value="">all</option></select></label>
<label>File or folder <input name="file" list="files" autocomplete="off"></label>
<datalist id="files"></datalist>
</div>
<div class="row">
"#)?;
    for severity in worst_first() {
        let word = severity.as_str();
        writeln!(
            out,
            r#"<button type="button" class="severity {word}" value="{word}" aria-pressed="true">{word} <span id="count-{word}"></span></button>"#
        )?;
    }
    writeln!(
        out,
        r#"<select name="state" id="state" aria-label="State"><option value="open">open ({})</option><option value="waived">waived ({})</option></select>
<select name="order" aria-label="Order"><option value="priority">most urgent first</option><option value="file">by file</option><option value="control">by control</option><option value="object">by object</option></select>
<button type="button" id="clear" hidden>Clear filters</button>
<span id="count" role="status"></span>
</div>
</form>"#,
        Number(record.findings.len()),
        Number(record.waived.len())
    )
}

fn plain(record: &Record<'_>, catalogue: Catalogue<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"<div id=\"unscripted\">\n")?;
    if record.findings.is_empty() {
        out.write_all(b"<p class=\"empty\">Nothing that was judged is at fault.</p>\n")?;
    }
    let mut ranked: Vec<_> = record.findings.iter().collect();
    ranked.sort_by_key(|finding| finding.priority.rank);
    for finding in ranked.iter().take(PLAIN) {
        row(finding, None, catalogue, out)?;
    }
    left_out(ranked.len(), "finding", out)?;
    if !record.waived.is_empty() {
        out.write_all(b"<h3>Waived</h3>\n")?;
    }
    for waived in record.waived.iter().take(PLAIN) {
        row(&waived.finding, Some(&waived.waiver), catalogue, out)?;
    }
    left_out(record.waived.len(), "waived finding", out)?;
    out.write_all(b"</div>\n")
}

fn left_out(all: usize, noun: &'static str, out: &mut dyn Write) -> io::Result<()> {
    match all.saturating_sub(PLAIN) {
        0 => Ok(()),
        more => writeln!(
            out,
            "<p class=\"note\">{} more: this page shows them when scripts may run.</p>",
            Count(more, noun)
        ),
    }
}

fn row(
    finding: &Finding<'_>,
    waiver: Option<&Waiver<'_>>,
    catalogue: Catalogue<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let title = catalogue
        .find(&finding.control)
        .map_or("", |known| known.head.title);
    let (severity, id) = (finding.severity.as_str(), anchor(&finding.fingerprint));
    writeln!(
        out,
        r#"<article class="finding {severity}" id="{id}"><details><summary><span class="level">{severity}</span><span class="message">{}</span><span class="where"><bdi>{}</bdi></span></summary>
<dl><dt>Control</dt><dd><code>{}</code> <span>{}</span></dd><dt>Path</dt><dd><code>{}</code></dd><dt>Object</dt><dd>{}</dd>"#,
        Text(&finding.message),
        Text(&place(finding.location.as_ref(), &finding.object)),
        Text(&finding.control),
        Text(title),
        Text(&finding.path),
        Text(&whole(&finding.object))
    )?;
    writeln!(
        out,
        "<dt>Rank</dt><dd>{} ({})</dd>",
        Number(finding.priority.rank),
        Text(&finding.priority.why)
    )?;
    lines("Recommendations", &finding.guide, out, |id| {
        let title = plimsoll_guide::find(id).map_or("", |known| known.title);
        format!("<code>{}</code> <span>{}</span>", Text(id), Text(title))
    })?;
    lines("Related", &finding.related, out, |related| {
        let at = place(related.location.as_ref(), &related.object);
        format!("{} <code>{}</code>", Text(&related.message), Text(&at))
    })?;
    let fix = finding.fix.as_ref().map_or("by hand".to_owned(), fix);
    writeln!(out, "<dt>Fix</dt><dd>{}</dd>", Text(&fix))?;
    if let Some(waiver) = waiver {
        decision(waiver, out)?;
    }
    out.write_all(b"</dl></details></article>\n")
}

fn decision(waiver: &Waiver<'_>, out: &mut dyn Write) -> io::Result<()> {
    let owner = waiver.owner.as_deref().unwrap_or("nobody is named");
    let until = waiver.expires.as_deref().unwrap_or("no end is set");
    writeln!(
        out,
        "<dt>Waived</dt><dd>{}</dd><dt>Owner</dt><dd>{}</dd><dt>Until</dt><dd>{}</dd><dt>Waiver in</dt><dd><code>{}</code></dd>",
        Text(&waiver.reason),
        Text(owner),
        Text(until),
        Text(&waiver.source)
    )
}

/// A row of several lines; nothing where there are none.
fn lines<T>(
    name: &str,
    items: &[T],
    out: &mut dyn Write,
    shown: impl Fn(&T) -> String,
) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    write!(out, "<dt>{name}</dt><dd>")?;
    for item in items {
        write!(out, "<p>{}</p>", shown(item))?;
    }
    out.write_all(b"</dd>\n")
}

/// The fragment of the page's address that leads to a finding: its fingerprint with `-` for what is neither letter nor
/// digit.
fn anchor(fingerprint: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    fingerprint.chars().map(plain).collect()
}

/// `file:line:column`, or the object where it is in no file.
fn place(location: Option<&Location<'_>>, object: &Object<'_>) -> String {
    match location {
        Some(at) => format!("{}:{}:{}", at.file, at.line, at.column),
        None => {
            let namespace = object.namespace.as_deref().unwrap_or_default();
            let mut parts = vec![&*object.kind, namespace, &*object.name];
            parts.retain(|part| !part.is_empty());
            parts.join(" ")
        }
    }
}

fn whole(object: &Object<'_>) -> String {
    let name = match &object.namespace {
        Some(namespace) => format!("{namespace}/{}", object.name),
        None => object.name.to_string(),
    };
    let mut shown = format!("{} {name} ({})", object.kind, object.api_version);
    if let Some(container) = &object.container {
        shown += &format!(", container {container}");
    }
    if !object.unit.is_empty() {
        shown += &format!(", unit {}", object.unit);
    }
    shown
}

fn fix(fix: &Fix<'_>) -> String {
    let safety = match fix.safety.as_str() {
        "safe" => "safe",
        _ => "needs review",
    };
    match fix.options.as_slice() {
        [] => safety.to_owned(),
        options => format!("{safety} ({})", options.join(", ")),
    }
}
