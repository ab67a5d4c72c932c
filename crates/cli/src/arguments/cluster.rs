//! Which cluster is read.

use std::path::PathBuf;

use clap::Args;

/// Which cluster, as whom, and how much of it.
#[derive(Args, Clone, Default, PartialEq, Eq, Debug)]
#[command(next_help_heading = "Cluster")]
pub(crate) struct ClusterOptions {
    /// The kubeconfig; without it, those of KUBECONFIG or ~/.kube/config, or the cluster in which plimsoll runs
    #[arg(long, value_name = "FILE")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// The context; without it, the current one
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,
    /// Read as this user
    #[arg(long = "as", value_name = "USER")]
    pub(crate) as_user: Option<String>,
    /// Of objects with pods only those with these labels, such as app=shop
    #[arg(long, value_name = "LABELS")]
    pub(crate) selector: Option<String>,
    /// Read the names of Secrets as well, never their values
    #[arg(long)]
    pub(crate) secret_names: bool,
}

pub(super) fn namespace(name: &str) -> Result<String, &'static str> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 63 || !name.chars().all(is_part) {
        return Err("a namespace has small letters, digits and - in its name");
    }
    Ok(name.to_owned())
}
