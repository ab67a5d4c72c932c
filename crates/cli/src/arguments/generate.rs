//! What `plimsoll generate` is told.

use std::path::PathBuf;

use clap::Args;
use plimsoll_generate::Tier;
use plimsoll_generate::parameter::{Exemption, Peer, Subject, image, label, server, word};
use plimsoll_snapshot::version::Minor;

pub(super) const GENERATE_EXAMPLES: &str = "\
Examples:
  plimsoll generate                                            what there is
  plimsoll generate namespace --name shop | kubectl apply -f -
  plimsoll generate deployment --name web --namespace shop --image registry.example.com/web:1.2@sha256:...
  plimsoll generate networkpolicy --namespace shop --allow-from ingress-nginx:8080 --allow-to 10.1.0.0/16:5432
  plimsoll generate resourcequota --namespace shop --from deploy/
  plimsoll generate role --name viewer --verb get,list --resource pods,deployments.apps
  plimsoll generate rolebinding --role viewer --subject group:shop-team
  plimsoll generate audit-policy --option strict --output policy.yaml
  plimsoll generate encryption-config --key-from-random --output encryption.yaml
  plimsoll generate psp-to-psa --namespace shop --from psp.yaml

Exit code: 0 written, 2 an error: nothing was written";

#[derive(Args, Debug)]
pub(crate) struct GenerateOptions {
    /// What to generate; without it, a list of what there is
    #[arg(value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// How far to go: minimal, recommended (the default) or strict
    #[arg(long, value_name = "OPTION")]
    pub(crate) option: Option<Tier>,
    /// The Kubernetes version that it is meant for, from 1.24 to 1.37; without it, the newest
    #[arg(long, value_name = "VERSION")]
    pub(crate) kubernetes_version: Option<Minor>,
    /// The object's name; without it, app
    #[arg(long, value_name = "NAME", value_parser = label)]
    pub(crate) name: Option<String>,
    /// Its namespace; without it, app, or what --from says
    #[arg(long, value_name = "NAME", value_parser = label)]
    pub(crate) namespace: Option<String>,
    /// The container image, with tag and digest
    #[arg(long, value_name = "IMAGE", value_parser = image)]
    pub(crate) image: Option<String>,
    /// Who may connect: NAMESPACE, NAMESPACE/KEY=VALUE or a range of addresses, each with :PORT
    #[arg(long, value_name = "PEER")]
    pub(crate) allow_from: Vec<Peer>,
    /// Where connections may go, in the same form
    #[arg(long, value_name = "PEER")]
    pub(crate) allow_to: Vec<Peer>,
    /// What a role allows, such as get,watch,list
    #[arg(long, value_name = "VERB", value_delimiter = ',', value_parser = word)]
    pub(crate) verb: Vec<String>,
    /// On what, such as pods,deployments.apps
    #[arg(long, value_name = "RESOURCE", value_delimiter = ',', value_parser = word)]
    pub(crate) resource: Vec<String>,
    /// The role that a binding gives
    #[arg(long, value_name = "NAME", value_parser = word)]
    pub(crate) role: Option<String>,
    /// Who gets it: user:NAME, group:NAME or serviceaccount:NAMESPACE/NAME
    #[arg(long, value_name = "WHO")]
    pub(crate) subject: Vec<Subject>,
    /// Who is exempt from Pod Security admission: namespace:NAME, user:NAME or runtimeclass:NAME
    #[arg(long, value_name = "WHO")]
    pub(crate) exempt: Vec<Exemption>,
    /// The audit collector (https://…) or the KMS plugin's socket (unix:///…)
    #[arg(long, value_name = "URL", value_parser = server)]
    pub(crate) server: Option<String>,
    /// Files or folders with what is there already
    #[arg(long, value_name = "PATH")]
    pub(crate) from: Vec<PathBuf>,
    /// Write a fresh random key into the file; needs --output
    #[arg(long)]
    pub(crate) key_from_random: bool,
    /// A new file, readable by you alone; without it, standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}
