//! What `plimsoll enforce` is told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use plimsoll_enforce::Stage;
use plimsoll_snapshot::date::Date;
use plimsoll_snapshot::version::Minor;

use super::cluster::ClusterOptions;
use super::scan::ScanOptions;

pub(super) const ENFORCE_EXAMPLES: &str = "\
Examples:
  plimsoll enforce | kubectl apply -f -                    warn about all that can be a policy
  plimsoll enforce privileged-container --stage deny       one control, refused
  plimsoll enforce --namespace shop --stage audit          only note it, in one namespace
  plimsoll enforce --from-report report.json               refuse what nobody does, warn of the rest
  plimsoll enforce --format kustomize --output policies    a base for kustomize
  plimsoll enforce --format helm --output chart            a chart whose values are the stages
  plimsoll enforce --mutate                                have the API server make safe fixes
  plimsoll enforce --for kyverno                           the same policies for Kyverno
  plimsoll enforce --pod-security --cluster                labels that refuse nothing that runs
  plimsoll enforce --diff --from cluster.snapshot          what the cluster lacks or has changed

Waivers of the configuration that name kind, namespace and name become exemptions.
Without --namespace all namespaces but Kubernetes' own are meant.

Exit code: 0 done, 2 an error; with --diff 0 no difference, 1 some, 2 an error;
with --pod-security 2 also when something could not be looked at";

#[derive(Args, Debug)]
pub(crate) struct EnforceOptions {
    /// Controls; without any, all that can be a policy. With --pod-security, files and folders of what runs
    #[arg(value_name = "CONTROL")]
    pub(crate) controls: Vec<String>,
    /// How far to go: note in the audit log, warn whoever asks, or deny; without it, warn
    #[arg(long, value_enum, value_name = "STAGE")]
    pub(crate) stage: Option<EnforceStage>,
    /// A saved report of what runs: controls that it finds nothing of start at deny, others at warn, and what it says is
    /// waived is exempt
    #[arg(long, value_name = "FILE", conflicts_with = "stage")]
    pub(crate) from_report: Option<PathBuf>,
    /// Only in this namespace; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) namespace: Vec<String>,
    /// Refuse updates of objects also for faults that they had before; deleting goes on
    #[arg(long)]
    pub(crate) strict: bool,
    /// Leave what Pod Security admission refuses to it, in namespaces whose label enforces a level
    #[arg(long)]
    pub(crate) beside_pod_security: bool,
    /// Have the API server make the fixes that are safe, by mutating policies, instead of refusing
    #[arg(long, conflicts_with_all = ["stage", "from_report", "strict", "beside_pod_security"])]
    pub(crate) mutate: bool,
    /// What judges requests: the API server itself, or Kyverno
    #[arg(
        long = "for",
        value_enum,
        default_value_t,
        value_name = "ENGINE",
        conflicts_with = "mutate"
    )]
    pub(crate) engine: Engine,
    /// Write the labels of Pod Security admission for each namespace, the strictest that refuse nothing that runs, and
    /// with --output the API server's configuration file
    #[arg(long, conflicts_with_all = ["stage", "from_report", "strict", "beside_pod_security", "mutate", "engine", "format", "diff"])]
    pub(crate) pod_security: bool,
    /// Tell what a cluster lacks of the policies, what was changed there, what is left over, and which exemptions are over.
    /// Stages are compared where --stage or --from-report says them
    #[arg(long, conflicts_with_all = ["output", "engine"])]
    pub(crate) diff: bool,
    /// With --pod-security and --diff, what there is: a saved snapshot, files or folders; may be given several times
    #[arg(long, value_name = "PATH", conflicts_with = "cluster")]
    pub(crate) from: Vec<PathBuf>,
    /// With --pod-security and --diff, read the cluster of the kubeconfig
    #[arg(long)]
    pub(crate) cluster: bool,
    /// Manifests to apply, a base for kustomize, or a Helm chart; with --diff, text or json
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<BundleFormat>,
    /// Write files into this folder; nothing that is there is overwritten
    #[arg(long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
    /// The Kubernetes version of the cluster, from 1.30 to 1.37; without it and without a configuration that says,
    /// the newest
    #[arg(long, value_name = "VERSION")]
    pub(crate) kubernetes_version: Option<Minor>,
    /// The configuration; without it, the nearest plimsoll.yaml from the current folder up to the repository's root
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The date at which waivers expire, as 2027-01-31; without it, today
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
    // Last, because a heading of help holds for all that comes after it.
    #[command(flatten)]
    pub(crate) access: ClusterOptions,
}

impl EnforceOptions {
    /// The options of a scan with the same configuration.
    pub(crate) fn scan(&self) -> ScanOptions {
        ScanOptions {
            cluster: self.cluster,
            access: self.access.clone(),
            kubernetes_version: self.kubernetes_version,
            config: self.config.clone(),
            today: self.today,
            ..ScanOptions::default()
        }
    }
}

/// How far a policy goes.
#[derive(ValueEnum, Copy, Clone, Default, Debug)]
pub(crate) enum EnforceStage {
    /// Note it in the audit log
    Audit,
    /// Warn whoever sends the object, too
    #[default]
    Warn,
    /// Refuse it
    Deny,
}

impl EnforceStage {
    /// The stage of a binding.
    pub(crate) fn stage(self) -> Stage {
        match self {
            EnforceStage::Audit => Stage::Audit,
            EnforceStage::Warn => Stage::Warn,
            EnforceStage::Deny => Stage::Deny,
        }
    }
}

/// What judges requests.
#[derive(ValueEnum, Copy, Clone, PartialEq, Eq, Default, Debug)]
pub(crate) enum Engine {
    /// The API server itself
    #[default]
    Kubernetes,
    /// Kyverno 1.17 or newer
    Kyverno,
}

/// What policies, or differences, are written as.
#[derive(ValueEnum, Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum BundleFormat {
    /// Manifests to apply
    Manifests,
    /// A base for kustomize
    Kustomize,
    /// A Helm chart
    Helm,
    /// Differences for people
    Text,
    /// Differences for machines
    Json,
}
