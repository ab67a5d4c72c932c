//! One finding as people read it: the message, the line of text with the fault marked, and what else there is to say.

use std::io;

use plimsoll_control::{Extent, Finding, Safety};
use plimsoll_snapshot::object::ObjectId;
use plimsoll_snapshot::place::{Excerpt, Location, Place};
use plimsoll_snapshot::waiver::Waiver;
use unicode_width::UnicodeWidthStr;

use crate::pen::Pen;
use crate::style::{self, CODE, FAINT, PLAIN, STRONG};
use crate::window::window;

/// A label below the marks starts at the mark only if so many columns are left there.
const LABEL: usize = 32;

/// Where a place is: `file:line:column`; for a live object its name and the path in it.
pub(crate) fn whereabouts(object: &ObjectId, place: &Place) -> String {
    match &place.location {
        Some(location) => position(location),
        None => format!("{} {}", name(object), place.path),
    }
}

/// `file:line:column`.
pub(crate) fn position(location: &Location) -> String {
    let about = if location.exact { "" } else { " (about here)" };
    let start = location.start;
    format!("{}:{}:{}{about}", location.file, start.line, start.column)
}

/// A waiver in a few words: where it stands, how long it counts, whose it is and why.
pub(crate) fn decision(waiver: &Waiver) -> String {
    let until = waiver.expires.map(|date| format!(" until {date}"));
    let owner = waiver.owner.as_ref().map(|owner| format!(" by {owner}"));
    format!(
        "{}{}{}: {}",
        waiver.source(),
        until.unwrap_or_default(),
        owner.unwrap_or_default(),
        waiver.reason
    )
}

/// `Deployment shop/api`.
fn name(object: &ObjectId) -> String {
    match &object.namespace {
        Some(namespace) => format!("{} {namespace}/{}", object.kind, object.name),
        None => format!("{} {}", object.kind, object.name),
    }
}

/// Writes a finding. `hint`: say which command explains it.
pub(crate) fn frame(finding: &Finding, hint: bool, pen: &mut Pen<'_>) -> io::Result<()> {
    let line = finding
        .place
        .location
        .as_ref()
        .map(|location| location.start.line.to_string());
    let line = line.unwrap_or_default();
    let gutter = " ".repeat(line.len().max(1));
    title(finding, pen)?;
    let at = whereabouts(&finding.subject.object, &finding.place);
    pen.line(&[(FAINT, &gutter), (FAINT, "--> "), (PLAIN, &at)])?;
    match &finding.place.excerpt {
        Some(excerpt) => shown(finding, excerpt, &line, &gutter, pen)?,
        None => note(&gutter, "here", &finding.label, pen)?,
    }
    let has_notes = hint || finding.severity_reason().is_some() || !finding.related().is_empty();
    if has_notes && finding.place.excerpt.is_some() {
        pen.line(&[(FAINT, &gutter), (FAINT, " |")])?;
    }
    notes(finding, &gutter, pen)?;
    if hint {
        let margin = format!("{gutter} = ");
        if let Some(says) = offer(finding) {
            let indent = " ".repeat(margin.len() + 2);
            let text = [(STRONG, "fix: "), (PLAIN, &says)];
            pen.flow(&[(FAINT, &margin)], (PLAIN, &indent), &text)?;
        }
        let command = format!("plimsoll explain {}", finding.control.id);
        pen.line(&[(FAINT, &margin), (STRONG, "see: "), (CODE, &command)])?;
    }
    Ok(())
}

/// What can be done about a finding, in words. `None` where nothing is offered.
fn offer(finding: &Finding) -> Option<String> {
    let usual = finding.fix().remedy(Extent::Recommended);
    let strict = || {
        let remedy = finding.fix().remedy(Extent::Strict)?;
        Some(format!(
            "{}, with --option strict",
            available(remedy.safety)
        ))
    };
    usual.map(|remedy| available(remedy.safety)).or_else(strict)
}

/// What a remedy costs, in words.
pub(crate) fn available(safety: Safety) -> String {
    match safety {
        Safety::Safe => "available, safe".to_owned(),
        Safety::Review(breaks) => format!("available, needs review ({breaks})"),
    }
}

fn title(finding: &Finding, pen: &mut Pen<'_>) -> io::Result<()> {
    let severity = style::of(finding.severity);
    let text = [
        (severity, finding.severity.as_str()),
        (STRONG, "["),
        (STRONG, finding.control.id),
        (STRONG, "]: "),
        (STRONG, &finding.message.to_string()),
    ];
    pen.flow(&[], (PLAIN, "    "), &text)
}

/// The line of text, the marks and the label.
fn shown(
    finding: &Finding,
    excerpt: &Excerpt,
    line: &str,
    gutter: &str,
    pen: &mut Pen<'_>,
) -> io::Result<()> {
    let margin = format!("{gutter} |");
    let room = pen.width.saturating_sub(margin.len() + 1);
    let window = window(&excerpt.text, excerpt.mark(), room);
    let severity = style::of(finding.severity);
    pen.line(&[(FAINT, &margin)])?;
    pen.line(&[(FAINT, line), (FAINT, " | "), (PLAIN, &window.text)])?;
    let indent = " ".repeat(window.mark.start + 1);
    let marks = "^".repeat(window.mark.len());
    pen.put(FAINT, &margin)?;
    pen.put(PLAIN, &indent)?;
    pen.put(severity, &marks)?;
    let label = &*finding.label;
    if window.mark.end + 1 + label.width() <= room {
        pen.line(&[(PLAIN, " "), (severity, label)])?;
    } else {
        pen.end()?;
        let indent = if window.mark.start + LABEL <= room {
            indent
        } else {
            "  ".to_owned()
        };
        let below = format!("{margin}{indent}");
        pen.flow(&[(FAINT, &below)], (FAINT, &below), &[(severity, label)])?;
    }
    Ok(())
}

fn notes(finding: &Finding, gutter: &str, pen: &mut Pen<'_>) -> io::Result<()> {
    if let Some(reason) = finding.severity_reason() {
        let (here, usual) = (finding.severity, finding.control.severity);
        let mut says = format!("{} instead of {}", here.as_str(), usual.as_str());
        // The frame says it already where the reason is the label.
        if reason != finding.label {
            says.push_str(": ");
            says.push_str(reason);
        }
        note(gutter, "severity", &says, pen)?;
    }
    for related in finding.related() {
        let at = whereabouts(&related.object, &related.place);
        note(gutter, "note", &format!("{} ({at})", related.message), pen)?;
    }
    Ok(())
}

fn note(gutter: &str, what: &str, says: &str, pen: &mut Pen<'_>) -> io::Result<()> {
    let what = format!("{what}: ");
    let (margin, below) = (format!("{gutter} = "), format!("{gutter}   "));
    pen.flow(
        &[(FAINT, &margin)],
        (PLAIN, &below),
        &[(STRONG, &what), (PLAIN, says)],
    )
}
