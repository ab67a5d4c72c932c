//! What `plimsoll enforce` is told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use plimsoll_enforce::Stage;
use plimsoll_snapshot::date::Date;
use plimsoll_snapshot::version::Minor;

use super::scan::ScanOptions;

pub(super) const ENFORCE_EXAMPLES: &str = "\
Examples:
  plimsoll enforce | kubectl apply -f -                    warn about everything that can be a policy
  plimsoll enforce privileged-container --stage deny       one control, refused
  plimsoll enforce --namespace shop --stage audit          only note it, in one namespace
  plimsoll enforce --from-report report.json               refuse what nobody does, warn of the rest
  plimsoll enforce --format kustomize --output policies    a base for kustomize
  plimsoll enforce --format helm --output chart            a chart whose values are the stages

Waivers of the configuration that name kind, namespace and name become exemptions. Without --namespace all
namespaces but Kubernetes' own are meant. Exit code: 0 done, 2 an error";

#[derive(Args, Debug)]
pub(crate) struct EnforceOptions {
    /// Controls; without any, all that can be a policy
    #[arg(value_name = "CONTROL")]
    pub(crate) controls: Vec<String>,
    /// How far to go: note in the audit log, warn whoever asks, or deny
    #[arg(long, value_enum, default_value_t, value_name = "STAGE")]
    pub(crate) stage: EnforceStage,
    /// A saved report of what runs: controls that it finds nothing of start at deny, others at warn, and what it says is
    /// waived is exempt
    #[arg(long, value_name = "FILE", conflicts_with = "stage")]
    pub(crate) from_report: Option<PathBuf>,
    /// Only in this namespace; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) namespace: Vec<String>,
    /// Manifests to apply, a base for kustomize, or a Helm chart
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: BundleFormat,
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
}

impl EnforceOptions {
    /// The options of a scan with the same configuration.
    pub(crate) fn scan(&self) -> ScanOptions {
        ScanOptions {
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

/// What policies are written as.
#[derive(ValueEnum, Copy, Clone, Default, Debug)]
pub(crate) enum BundleFormat {
    /// Manifests to apply
    #[default]
    Manifests,
    /// A base for kustomize
    Kustomize,
    /// A Helm chart
    Helm,
}
