//! What `plimsoll scan` is told.

use std::path::PathBuf;

use clap::Args;
use plimsoll_render::Format;
use plimsoll_scan::Profile;
use plimsoll_snapshot::date::Date;
use plimsoll_snapshot::version::Minor;

use super::cluster::ClusterOptions;
use super::rendering::RenderingOptions;
use super::value::{FailOn, format, profile};
use crate::destination::Destination;

pub(super) const SCAN_EXAMPLES: &str = "\
Examples:
  plimsoll scan                                  the current folder
  plimsoll scan deploy/ extra.yaml               a folder and a file
  plimsoll scan my-chart -f production.yaml      a chart, with these values
  plimsoll scan --format json . > report.json    for machines
  plimsoll scan --format concise .               one line for each finding
  plimsoll scan --output sarif=plimsoll.sarif .  for people here, for machines in a file
  plimsoll scan --kubernetes-version 1.30 .      for an older cluster
  plimsoll scan --fail-on never --allow-gaps .   report and end with 0
  plimsoll scan --waivers-from origin/main .     for pull requests: only waivers that are reviewed
  plimsoll scan --since origin/main .            only what is new since then
  plimsoll scan --baseline report.json .         only what is not in a former report
  plimsoll scan --watch deploy/                  again whenever a file is saved
  plimsoll scan manifests.tgz                    an archive
  plimsoll scan --cluster                        the cluster of the kubeconfig
  plimsoll scan --cluster --publish              and write the report into it
  plimsoll scan cluster.snapshot                 a cluster that was saved by `snapshot`
  plimsoll scan --cluster --source deploy/       and which line of the repository to change
  plimsoll scan --policies policies/ deploy/     your own ValidatingAdmissionPolicies as well

Exit code: 0 no finding from --fail-on on and no gap, 1 such findings,
2 a gap (something could not be looked at; see --allow-gaps) or an error";

#[derive(Args, Default, Debug)]
pub(crate) struct ScanOptions {
    /// Files, folders, or - for standard input; without any, the current folder
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to report
    #[arg(long, default_value = "text", value_name = "FORMAT", value_parser = format(|_| true))]
    pub(crate) format: &'static Format,
    /// Report to this file as well, in a format of its own; may be given several times
    #[arg(long, value_name = "FORMAT=FILE")]
    pub(crate) output: Vec<Destination>,
    /// Say in json and jsonl as well by which edits of the files each finding ends; sarif says it anyway
    #[arg(long, conflicts_with = "watch")]
    pub(crate) fixes: bool,
    /// The least severity that ends with exit code 1; medium unless the configuration says otherwise
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOn>,
    /// Do not end with exit code 2 because something could not be looked at
    #[arg(long)]
    pub(crate) allow_gaps: bool,
    /// The Kubernetes version that the objects are meant for, from 1.24 to 1.37; without it and without a
    /// configuration that says, the newest
    #[arg(long, value_name = "VERSION")]
    pub(crate) kubernetes_version: Option<Minor>,
    /// What is scanned is everything that the cluster holds: what is not there is missing, and not merely elsewhere
    #[arg(long)]
    pub(crate) complete: bool,
    /// What weighs more among findings of the same severity: default, public-single-team,
    /// internal-multi-team, public-multi-team, internal-sensitive-data or public-sensitive-data
    #[arg(long, value_name = "NAME", value_parser = profile)]
    pub(crate) profile: Option<Profile>,
    /// The configuration; without it, the nearest plimsoll.yaml from the first PATH up to the repository's root
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Take configuration and waivers from this git revision, so that a change cannot waive itself
    #[arg(long, value_name = "REV")]
    pub(crate) waivers_from: Option<String>,
    /// A file or folder with ValidatingAdmissionPolicies, their bindings and parameters: they are judged as well, as the API
    /// server would; may be given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) policies: Vec<PathBuf>,
    /// Report only findings that are new since this git revision
    #[arg(long, value_name = "REV", conflicts_with = "baseline")]
    pub(crate) since: Option<String>,
    /// A former report of `--format json`: only findings that are not in it fail
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Judge the cluster of the kubeconfig; it is only read, save for --publish
    #[arg(long, conflicts_with_all = ["paths", "watch", "since", "waivers_from"])]
    pub(crate) cluster: bool,
    /// Write the report into the cluster as objects of openreports.io, and take away those of former scans
    #[arg(
        long,
        requires = "cluster",
        conflicts_with_all = ["paths", "watch", "since", "waivers_from", "baseline", "namespace", "selector"]
    )]
    pub(crate) publish: bool,
    /// Name, for objects of a cluster or a snapshot, the file and line that made them: from this folder, file or chart
    #[arg(long, value_name = "PATH")]
    pub(crate) source: Vec<PathBuf>,
    /// Scan again whenever something changes, and tell what is new and what is gone; Ctrl-C ends it
    #[arg(long)]
    pub(crate) watch: bool,
    /// The date at which waivers expire, as 2027-01-31, so that a scan can be repeated; without it, today
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
    /// Show every finding, and what is waived, however much there is
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Say on standard error how much was read, by which reader, and where the time went
    #[arg(long)]
    pub(crate) stats: bool,
    // Last, because a heading of help holds for all that comes after it.
    #[command(flatten)]
    pub(crate) access: ClusterOptions,
    #[command(flatten)]
    pub(crate) rendering: RenderingOptions,
}
