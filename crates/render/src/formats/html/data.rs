//! What the page's script reads: the findings as JSON inside the page, as they are shown.
//!
//! Invariant: no text in it can end the element it stands in or mislead its reader. `<`, `>` and `&` are written as JSON
//! escapes; what [`escape`](crate::escape()) makes visible is visible here too.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter};

use crate::escape::escape;
use crate::formats::Catalogue;
use crate::formats::html::chart::chapter;
use crate::record::{Finding, Record, Waived};

#[derive(Serialize)]
struct Data<'d> {
    findings: &'d [Finding<'d>],
    waived: &'d [Waived<'d>],
    controls: BTreeMap<&'d str, Control>,
    recommendations: BTreeMap<&'static str, &'static str>,
}

/// What the catalogue says of a control.
#[derive(Serialize)]
struct Control {
    title: &'static str,
    chapter: &'static str,
}

/// Writes the data for the script.
pub(super) fn write(
    record: &Record<'_>,
    catalogue: Catalogue<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let waived = record.waived.iter().map(|waived| &waived.finding);
    let all: Vec<&Finding<'_>> = record.findings.iter().chain(waived).collect();
    let controls: BTreeSet<&str> = all.iter().map(|finding| &*finding.control).collect();
    let controls = controls.into_iter().filter_map(|id| {
        let said = Control {
            title: catalogue.find(id)?.head.title,
            chapter: chapter(id, catalogue),
        };
        Some((id, said))
    });
    let guide: BTreeSet<&str> = (all.iter().flat_map(|finding| &finding.guide))
        .map(|id| &**id)
        .collect();
    let known = guide.into_iter().filter_map(plimsoll_guide::find);
    let data = Data {
        findings: &record.findings,
        waived: &record.waived,
        controls: controls.collect(),
        recommendations: known.map(|known| (known.id, known.title)).collect(),
    };
    data.serialize(&mut serde_json::Serializer::with_formatter(out, Inert))?;
    Ok(())
}

/// JSON on one line that is inert inside a `script` element.
struct Inert;

impl Formatter for Inert {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        for (index, line) in escape(fragment).split('\\').enumerate() {
            if index > 0 {
                out.write_all(b"\\\\")?;
            }
            let mut rest = line;
            while let Some(at) = rest.find(['<', '>', '&']) {
                let (plain, special) = rest.split_at(at);
                out.write_all(plain.as_bytes())?;
                let (byte, after) = special.split_at(1);
                for byte in byte.bytes() {
                    write!(out, "\\u{byte:04x}")?;
                }
                rest = after;
            }
            out.write_all(rest.as_bytes())?;
        }
        Ok(())
    }

    /// Control characters come here, not into the fragments.
    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        match escape {
            CharEscape::Quote => out.write_all(br#"\""#),
            CharEscape::ReverseSolidus => out.write_all(br"\\"),
            CharEscape::Solidus => out.write_all(b"/"),
            CharEscape::Backspace => out.write_all(br"\\u{8}"),
            CharEscape::FormFeed => out.write_all(br"\\u{c}"),
            CharEscape::LineFeed => out.write_all(br"\\n"),
            CharEscape::CarriageReturn => out.write_all(br"\\r"),
            CharEscape::Tab => out.write_all(br"\\t"),
            CharEscape::AsciiControl(byte) => write!(out, "\\\\u{{{byte:x}}}"),
        }
    }
}
