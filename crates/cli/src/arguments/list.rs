//! What the commands that teach are told: `explain`, `controls` and `guide`.

use std::path::PathBuf;

use clap::Args;

use super::value::ListFormat;

pub(crate) const EXPLAIN_EXAMPLES: &str = "\
Examples:
  plimsoll explain privileged-container     a control
  plimsoll explain psc-01                   a recommendation of the guide";

#[derive(Args, Debug)]
pub(crate) struct ExplainOptions {
    /// Controls or recommendations
    #[arg(value_name = "ID", required = true)]
    pub(crate) ids: Vec<String>,
    /// A file or folder with the ValidatingAdmissionPolicies among them, as for scan; may be given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) policies: Vec<PathBuf>,
}

pub(super) const CONTROLS_EXAMPLES: &str = "\
Examples:
  plimsoll controls
  plimsoll controls --format json";

#[derive(Args, Debug)]
pub(crate) struct ListOptions {
    /// How to list
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: ListFormat,
}

pub(super) const GUIDE_EXAMPLES: &str = "\
Examples:
  plimsoll guide
  plimsoll scan --format json . > report.json; plimsoll guide --report report.json";

#[derive(Args, Debug)]
pub(crate) struct GuideOptions {
    /// How to list
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: ListFormat,
    /// A report of `plimsoll scan --format json`, as evidence
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}
