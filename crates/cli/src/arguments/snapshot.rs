//! What `plimsoll snapshot` is told.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use plimsoll_snapshot::date::Date;

use super::cluster::{ClusterOptions, namespace};
use super::scan::ScanOptions;
use super::value::ListFormat;

pub(super) const SNAPSHOT_EXAMPLES: &str = "\
Examples:
  plimsoll snapshot -o cluster.snapshot            the cluster of the kubeconfig
  plimsoll scan cluster.snapshot                   judge it, here or elsewhere
  plimsoll snapshot --namespace shop -o shop.snapshot
  plimsoll snapshot --redact -o names-taken-out.snapshot
  plimsoll snapshot redact cluster.snapshot -o names-taken-out.snapshot
  plimsoll snapshot diff monday.snapshot tuesday.snapshot
  plimsoll snapshot --print-rbac | kubectl apply -f -

Secrets are not read. Of ConfigMaps and environment variables only whether they look like credentials is kept.

Exit code: 0 all was read, 2 something could not be read (what could is in the file), or an error";

pub(super) const DIFF_EXAMPLES: &str = "\
Examples:
  plimsoll snapshot diff monday.snapshot tuesday.snapshot
  plimsoll snapshot diff --format json monday.snapshot tuesday.snapshot

Each is judged by the version of its own cluster. What the server changes by itself is no difference.

Exit code: 0 no difference, 1 there is one, 2 a gap in one of them (see --allow-gaps) or an error";

pub(super) const REDACT_EXAMPLES: &str = "\
Examples:
  plimsoll snapshot redact cluster.snapshot -o names-taken-out.snapshot

Names, namespaces, labels, images, hosts, users, addresses and free texts become pseudonyms, the same ones wherever they
stand. Their key is random and kept nowhere. What is kept: docs/snapshot.md of the project.

Exit code: 0 it is written, 2 an error";

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct SnapshotOptions {
    #[command(subcommand)]
    pub(crate) command: Option<SnapshotCommand>,
    /// The file to write
    #[arg(
        long,
        short,
        value_name = "FILE",
        required_unless_present = "print_rbac"
    )]
    pub(crate) output: Option<PathBuf>,
    /// Write the least ClusterRole that taking a snapshot needs, and nothing else
    #[arg(long, conflicts_with = "output")]
    pub(crate) print_rbac: bool,
    /// The date to note, as 2027-01-31; without it, today
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
    /// Replace names, images, hosts, users and addresses by pseudonyms
    #[arg(long, conflicts_with = "print_rbac")]
    pub(crate) redact: bool,
    /// Only this namespace; may be given several times
    #[arg(long, value_name = "NAME", value_parser = namespace)]
    pub(crate) namespace: Vec<String>,
    #[command(flatten)]
    pub(crate) access: ClusterOptions,
}

/// What to do with saved snapshots.
#[derive(Subcommand, Debug)]
pub(crate) enum SnapshotCommand {
    /// Show what changed from one snapshot to a later one, and which findings came and went
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(DiffOptions),
    /// Write a snapshot in which names, images, hosts, users and addresses are replaced by pseudonyms
    #[command(after_help = REDACT_EXAMPLES)]
    Redact(RedactOptions),
}

#[derive(Args, Debug)]
pub(crate) struct DiffOptions {
    /// The former snapshot
    #[arg(value_name = "BEFORE")]
    pub(crate) before: PathBuf,
    /// The later snapshot
    #[arg(value_name = "AFTER")]
    pub(crate) after: PathBuf,
    /// How to write it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: ListFormat,
    /// Do not end with exit code 2 because something could not be looked at
    #[arg(long)]
    pub(crate) allow_gaps: bool,
    /// The configuration; without it, the nearest plimsoll.yaml from here up to the repository's root
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The date at which waivers expire, as 2027-01-31; without it, today
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
}

impl DiffOptions {
    /// The options of the scans by which both are judged.
    pub(crate) fn scan(&self) -> ScanOptions {
        ScanOptions {
            allow_gaps: self.allow_gaps,
            config: self.config.clone(),
            today: self.today,
            ..ScanOptions::default()
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct RedactOptions {
    /// The snapshot
    #[arg(value_name = "SNAPSHOT")]
    pub(crate) snapshot: PathBuf,
    /// The file to write
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}
