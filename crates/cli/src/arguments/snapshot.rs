//! What `plimsoll snapshot` is told.

use std::path::PathBuf;

use clap::Args;
use plimsoll_snapshot::date::Date;

use super::cluster::{ClusterOptions, namespace};

pub(super) const SNAPSHOT_EXAMPLES: &str = "\
Examples:
  plimsoll snapshot -o cluster.snapshot            the cluster of the kubeconfig
  plimsoll scan cluster.snapshot                   judge it, here or elsewhere
  plimsoll snapshot --namespace shop -o shop.snapshot
  plimsoll snapshot --print-rbac | kubectl apply -f -

Secrets are not read. Of ConfigMaps and environment variables only whether they look like credentials is kept.

Exit code: 0 all was read, 2 something could not be read (what could is in the file), or an error";

#[derive(Args, Debug)]
pub(crate) struct SnapshotOptions {
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
    /// Only this namespace; may be given several times
    #[arg(long, value_name = "NAME", value_parser = namespace)]
    pub(crate) namespace: Vec<String>,
    #[command(flatten)]
    pub(crate) access: ClusterOptions,
}
