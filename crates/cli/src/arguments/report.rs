//! What `plimsoll report` is told.

use std::path::PathBuf;

use clap::Args;
use plimsoll_render::Format;

use super::value::format;
use crate::destination::Destination;

pub(super) const REPORT_EXAMPLES: &str = "\
Examples:
  plimsoll scan --output json=report.json .           look at the scan, and save it
  plimsoll report report.json --format sarif          write it for another tool
  plimsoll report report.json --output csv=all.csv    write it to a file
  plimsoll scan --format json . | plimsoll report - --format junit

Exit code: 0 written, 2 an error; what the report says does not matter";

#[derive(Args, Debug)]
pub(crate) struct ReportOptions {
    /// A report of `plimsoll scan --format json`, or - for standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How to write it
    #[arg(long, value_name = "FORMAT", required_unless_present = "output", value_parser = format(Format::takes_records))]
    pub(crate) format: Option<&'static Format>,
    /// Write it to this file; may be given several times
    #[arg(long, value_name = "FORMAT=FILE")]
    pub(crate) output: Vec<Destination>,
}
