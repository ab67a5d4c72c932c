//! The one table of formats: what `--format`, `--output`, `plimsoll report`, the documentation and the tests go by.
//!
//! A format is a module below and a row here. It writes from a [`Record`], so that a saved report can become it later; only
//! text and concise need the scan itself, whose lines of code a record does not keep. Invariant: a format escapes
//! untrusted text for its own sink, and depends on nothing but the record and the catalogue.

mod csv;
mod github;
mod gitlab;
mod html;
mod jsonl;
mod junit;
mod markdown;
mod openmetrics;
mod oscal;
mod policy_report;
mod sarif;
mod words;

use std::io::{self, Write};

use plimsoll_control::Control;
use plimsoll_scan::Report;
use uuid::Uuid;

use crate::record::Record;
use crate::text::TextOptions;

pub use words::uri;

/// The name space of our UUIDs; drawn once.
const OURS: Uuid = Uuid::from_u128(0x3072dfac_53c5_4aa1_9ee8_ff7a79c7e865);

/// A way to write a report.
#[derive(Debug)]
pub struct Format {
    /// The name by which it is asked for.
    pub name: &'static str,
    /// Its media type.
    pub media: &'static str,
    /// What its files end in, without the dot.
    pub extension: &'static str,
    /// One line of help.
    pub help: &'static str,
    writer: Writer,
}

/// What a format needs to be written.
#[derive(Debug)]
enum Writer {
    /// The scan itself, and how to show it.
    Report(fn(&Report, &TextOptions, &mut dyn Write) -> io::Result<()>),
    /// JSON, which is written from either.
    Json,
    /// The same, a line at a time.
    JsonLines,
    /// A record and the catalogue.
    Record(fn(&Record<'_>, Catalogue<'_>, &mut dyn Write) -> io::Result<()>),
}

/// The controls whose titles and pages a format may quote. A record may name others: it may be older or newer.
#[derive(Copy, Clone)]
pub struct Catalogue<'c>(pub &'c [&'static Control]);

impl Catalogue<'_> {
    /// The control of this id, or formerly of this id; `None` when this version does not know it.
    pub fn find(&self, id: &str) -> Option<&'static Control> {
        let all = || self.0.iter().copied();
        all()
            .find(|control| control.head.id == id)
            .or_else(|| all().find(|control| control.head.formerly.contains(&id)))
    }
}

/// What is written unless another format is asked for.
const TEXT: Format = Format {
    name: "text",
    media: "text/plain",
    extension: "txt",
    help: "for people: each finding in its place",
    writer: Writer::Report(crate::text::text),
};

/// The format of code scanning and editors, which offer to make edits.
pub const SARIF: Format = Format {
    name: "sarif",
    media: "application/sarif+json",
    extension: "sarif",
    help: "SARIF 2.1.0, for code scanning and editors",
    writer: Writer::Record(sarif::sarif),
};

impl Default for &'static Format {
    fn default() -> &'static Format {
        &TEXT
    }
}

/// Every format, in the order in which help lists them.
pub static FORMATS: &[Format] = &[
    TEXT,
    Format {
        name: "concise",
        media: "text/plain",
        extension: "txt",
        help: "one line for each finding",
        writer: Writer::Report(concise),
    },
    Format {
        name: "json",
        media: "application/json",
        extension: "json",
        help: "for machines: plimsoll.report/v1, which `plimsoll report` turns into any other",
        writer: Writer::Json,
    },
    Format {
        name: "jsonl",
        media: "application/jsonl",
        extension: "jsonl",
        help: "one JSON object a line, for pipes and logs",
        writer: Writer::JsonLines,
    },
    SARIF,
    Format {
        name: "junit",
        media: "application/xml",
        extension: "xml",
        help: "JUnit XML, for Jenkins and other test viewers",
        writer: Writer::Record(junit::junit),
    },
    Format {
        name: "github",
        media: "text/plain",
        extension: "txt",
        help: "annotations of GitHub Actions",
        writer: Writer::Record(github::github),
    },
    Format {
        name: "gitlab",
        media: "application/json",
        extension: "json",
        help: "code quality report of GitLab",
        writer: Writer::Record(gitlab::gitlab),
    },
    Format {
        name: "csv",
        media: "text/csv",
        extension: "csv",
        help: "a table, for spreadsheets",
        writer: Writer::Record(csv::csv),
    },
    Format {
        name: "openreports",
        media: "application/json",
        extension: "json",
        help: "objects of openreports.io/v1alpha1, to apply to a cluster",
        writer: Writer::Record(policy_report::openreports),
    },
    Format {
        name: "policy-report",
        media: "application/json",
        extension: "json",
        help: "objects of wgpolicyk8s.io/v1alpha2, to apply to a cluster",
        writer: Writer::Record(policy_report::policy_report),
    },
    Format {
        name: "oscal",
        media: "application/oscal+json",
        extension: "json",
        help: "OSCAL assessment results, as evidence for audits",
        writer: Writer::Record(oscal::oscal),
    },
    Format {
        name: "openmetrics",
        media: "application/openmetrics-text",
        extension: "prom",
        help: "OpenMetrics, for Prometheus",
        writer: Writer::Record(openmetrics::openmetrics),
    },
    Format {
        name: "html",
        media: "text/html",
        extension: "html",
        help: "one page to read, search and print, that needs no network",
        writer: Writer::Record(html::html),
    },
    Format {
        name: "markdown",
        media: "text/markdown",
        extension: "md",
        help: "a comment for a pull request",
        writer: Writer::Record(markdown::markdown),
    },
];

fn concise(report: &Report, options: &TextOptions, out: &mut dyn Write) -> io::Result<()> {
    crate::concise::concise(report, options.color, options.verbose, out)
}

impl Format {
    /// The format of this name.
    pub fn find(name: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// Can a saved report be turned into it?
    pub fn takes_records(&self) -> bool {
        !matches!(self.writer, Writer::Report(_))
    }

    /// Is it read by tools that make the edits which end a finding?
    pub fn carries_edits(&self) -> bool {
        self.name == SARIF.name
    }

    /// Writes what a scan says.
    ///
    /// # Errors
    /// What writing to `out` gives.
    pub fn write(
        &self,
        report: &Report,
        catalogue: Catalogue<'_>,
        options: &TextOptions,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self.writer {
            Writer::Report(write) => write(report, options, out),
            Writer::Json => crate::json::json(report, out),
            Writer::JsonLines => jsonl::report(report, out),
            Writer::Record(write) => write(&Record::of(report), catalogue, out),
        }
    }

    /// Writes a report that was saved.
    ///
    /// # Errors
    /// What writing to `out` gives, and [`io::ErrorKind::Unsupported`] for a format that does not take records.
    pub fn write_record(
        &self,
        record: &Record<'_>,
        catalogue: Catalogue<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self.writer {
            Writer::Report(_) => Err(io::Error::new(
                io::ErrorKind::Unsupported,
                format!(
                    "{} shows lines that a saved report does not keep",
                    self.name
                ),
            )),
            Writer::Json => crate::json::record(record, out),
            Writer::JsonLines => jsonl::record(record, out),
            Writer::Record(write) => write(record, catalogue, out),
        }
    }
}

#[cfg(test)]
mod tests;
