//! The report as one HTML page that needs nothing else: no network, no font, no image, and for reading no script.
//!
//! Here lives the order of the page and its policy; each part has a module of its own, style and script are files beside
//! them. Invariants: untrusted text reaches markup only through [`text::Text`] and the script only as the inert JSON of
//! [`data`]; the policy names the hash of the only script and the only style, so nothing else runs or loads.

mod chart;
mod data;
mod finding;
mod head;
mod open;
mod text;

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::formats::Catalogue;
use crate::formats::html::chart::facets;
use crate::formats::html::finding::findings;
use crate::formats::html::head::{foot, head, verdict};
use crate::formats::html::open::{controls, gaps, looked_at, not_assessed};
use crate::record::Record;

/// How the page looks.
const STYLE: &str = include_str!("html/page.css");
/// What the page does.
const SCRIPT: &str = include_str!("html/page.js");
/// A circle with a line through it, the mark on a hull.
const MARK: &str = r##"<circle cx="12" cy="12" r="7.5" fill="none" stroke="#0a7bbd" stroke-width="2.5"/><path d="M0 12h24" stroke="#0a7bbd" stroke-width="2.5"/>"##;

/// Writes the page.
///
/// # Errors
/// What writing to `out` gives.
pub(super) fn html(
    record: &Record<'_>,
    catalogue: Catalogue<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    start(record, out)?;
    head(record, out)?;
    out.write_all(b"<main>\n")?;
    facets(record, catalogue, out)?;
    gaps(record, out)?;
    findings(record, catalogue, out)?;
    not_assessed(record, out)?;
    controls(record, out)?;
    looked_at(record, out)?;
    out.write_all(b"</main>\n")?;
    foot(record, out)?;
    out.write_all(br#"<script type="application/json" id="data">"#)?;
    data::write(record, catalogue, out)?;
    writeln!(
        out,
        "</script>\n<script>{SCRIPT}</script>\n</body>\n</html>"
    )
}

fn start(record: &Record<'_>, out: &mut dyn Write) -> io::Result<()> {
    let icon = STANDARD.encode(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{MARK}</svg>"#
    ));
    writeln!(
        out,
        r##"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '{}'; style-src '{}'; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{} · Plimsoll report</title>
<link rel="icon" href="data:image/svg+xml;base64,{icon}">
<style>{STYLE}</style>
</head>
<body>
<a class="skip" href="#findings">To the findings</a>"##,
        hash(SCRIPT),
        hash(STYLE),
        verdict(record),
    )
}

/// A text's hash as a content security policy names it.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests;
