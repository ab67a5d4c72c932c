//! How charts and kustomizations are rendered.

use std::path::PathBuf;

use clap::Args;

use super::cluster::namespace;

/// How charts and kustomizations among the PATHs are rendered.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Charts and kustomizations")]
pub(crate) struct RenderingOptions {
    /// The Helm to render charts with, 3 or 4; without it, helm from the PATH
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) helm: Option<PathBuf>,
    /// The Kustomize to render with, or a kubectl; without it, kustomize or kubectl from the PATH
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) kustomize: Option<PathBuf>,
    /// Values for all charts; may be given several times, the last one wins
    #[arg(long, short = 'f', value_name = "FILE", value_delimiter = ',')]
    pub(crate) values: Vec<PathBuf>,
    /// A value for all charts, as Helm writes it; may be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// The name of the release; without it, Helm's own default
    #[arg(long, value_name = "NAME")]
    pub(crate) release_name: Option<String>,
    /// The namespace of the release; without it, Helm's own default. With scan --cluster, the only namespace to read
    #[arg(long, short, value_name = "NAME", value_parser = namespace)]
    pub(crate) namespace: Option<String>,
    /// The version that charts see; without it, that of --kubernetes-version
    #[arg(long, value_name = "VERSION")]
    pub(crate) kube_version: Option<String>,
    /// More API versions that charts see; may be given several times
    #[arg(long, short, value_name = "VERSION", value_delimiter = ',')]
    pub(crate) api_versions: Vec<String>,
    /// Let Helm fetch what charts depend on
    #[arg(long)]
    pub(crate) dependency_update: bool,
    /// Let Kustomize fetch what kustomizations refer to elsewhere
    #[arg(long)]
    pub(crate) allow_remote: bool,
}
