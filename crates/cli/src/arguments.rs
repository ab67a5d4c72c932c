//! The arguments of every command, with the help that teaches them. What they mean lives with the commands.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use plimsoll_control::{Extent, Severity};
use plimsoll_enforce::Stage;
use plimsoll_generate::Tier;
use plimsoll_generate::parameter::{Exemption, Peer, Subject, image, label, server, word};
use plimsoll_render::{FORMATS, Format};
use plimsoll_scan::{Profile, nearest};
use plimsoll_snapshot::date::Date;
use plimsoll_snapshot::version::Minor;

use crate::destination::Destination;

/// Judges Kubernetes objects by the NSA/CISA Kubernetes Hardening Guidance.
#[derive(Parser, Debug)]
#[command(name = "plimsoll", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colour; NO_COLOR and CLICOLOR_FORCE are respected
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
}

pub(crate) const EXAMPLES: &str = "\
Examples:
  plimsoll scan deploy/                     judge all manifests below a folder
  kubectl get pods -o yaml | plimsoll scan -    judge what another tool prints
  plimsoll scan --fail-on high deploy/      complain from high severity on
  plimsoll fix deploy/                      how to end what was found
  plimsoll explain host-path                why it matters and what to do
  plimsoll guide                            every recommendation
  plimsoll init                             write a configuration to begin with
  plimsoll generate namespace --name shop   a hardened starting point

Exit code: 0 fine, 1 findings, 2 something could not be looked at, or an error";

/// What to do.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Judge files, folders or standard input
    #[command(after_help = SCAN_EXAMPLES)]
    Scan(Box<ScanOptions>),
    /// Show how to end findings by editing the files, or do it
    #[command(after_help = FIX_EXAMPLES)]
    Fix(FixOptions),
    /// Explain a control or a recommendation
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainOptions),
    /// List every control
    #[command(after_help = CONTROLS_EXAMPLES)]
    Controls(ListOptions),
    /// List every recommendation of the guide and what serves it
    #[command(after_help = GUIDE_EXAMPLES)]
    Guide(GuideOptions),
    /// Write a hardened starting point, with comments that teach
    #[command(after_help = GENERATE_EXAMPLES)]
    Generate(Box<GenerateOptions>),
    /// Write admission policies with which the API server enforces controls itself
    #[command(after_help = ENFORCE_EXAMPLES)]
    Enforce(EnforceOptions),
    /// Collect a cluster into a file, to judge it anywhere
    #[command(after_help = SNAPSHOT_EXAMPLES)]
    Snapshot(SnapshotOptions),
    /// Turn a saved report into another format
    #[command(after_help = REPORT_EXAMPLES)]
    Report(ReportOptions),
    /// Write a commented configuration from what is found in a folder
    #[command(after_help = INIT_EXAMPLES)]
    Init(InitOptions),
    /// Teach a shell to complete commands, options and controls
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsOptions),
    /// Write manual pages, one for each command
    #[command(after_help = MAN_EXAMPLES)]
    Man(ManOptions),
}

const SCAN_EXAMPLES: &str = "\
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
  plimsoll scan cluster.snapshot                 a cluster that was saved by `snapshot`

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
    /// Which threats weigh more among findings of the same severity: default, public-single-team or
    /// internal-multi-team
    #[arg(long, value_name = "NAME", value_parser = profile)]
    pub(crate) profile: Option<Profile>,
    /// The configuration; without it, the nearest plimsoll.yaml from the first PATH up to the repository's root
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Take configuration and waivers from this git revision, so that a change cannot waive itself
    #[arg(long, value_name = "REV")]
    pub(crate) waivers_from: Option<String>,
    /// Report only findings that are new since this git revision
    #[arg(long, value_name = "REV", conflicts_with = "baseline")]
    pub(crate) since: Option<String>,
    /// A former report of `--format json`: only findings that are not in it fail
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Judge the cluster of the kubeconfig; it is only read
    #[arg(long, conflicts_with_all = ["paths", "watch", "since", "waivers_from"])]
    pub(crate) cluster: bool,
    #[command(flatten)]
    pub(crate) access: ClusterOptions,
    /// Scan again whenever something changes, and tell what is new and what is gone; Ctrl-C ends it
    #[arg(long)]
    pub(crate) watch: bool,
    /// The date at which waivers expire, as 2027-01-31, so that a scan can be repeated; without it, today
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
    /// Show every finding, and what is waived, however much there is
    #[arg(long, short)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) rendering: RenderingOptions,
    /// Say on standard error how much was read, by which reader, and where the time went
    #[arg(long)]
    pub(crate) stats: bool,
}

/// How charts and kustomizations among the PATHs are rendered.
#[derive(Args, Debug, Default)]
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
    /// The namespace of the release; without it, Helm's own default. With --cluster, the only namespace to read
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

/// Which cluster, as whom, and how much of it.
#[derive(Args, Default, PartialEq, Eq, Debug)]
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

fn namespace(name: &str) -> Result<String, &'static str> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 63 || !name.chars().all(is_part) {
        return Err("a namespace has small letters, digits and - in its name");
    }
    Ok(name.to_owned())
}

const SNAPSHOT_EXAMPLES: &str = "\
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

const REPORT_EXAMPLES: &str = "\
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

const FIX_EXAMPLES: &str = "\
Examples:
  plimsoll fix                                   the difference for the current folder
  plimsoll fix --write deploy/                   edit the files
  plimsoll fix --safe-only --write deploy/       only what cannot break a program that works
  plimsoll fix --interactive deploy/             ask about each change, then edit
  plimsoll fix --control host-path deploy/       only the findings of one control
  plimsoll fix --format json deploy/             the edits for editors and other tools
  plimsoll fix --write - < in.yaml > out.yaml    a text from elsewhere

Exit code: without --write 0 nothing to change, 1 there is a difference; with --write 0 all was
done that was asked for, 1 something was refused; 2 an error";

#[derive(Args, Debug)]
pub(crate) struct FixOptions {
    /// Files, folders, or - for standard input; without any, the current folder
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Edit the files instead of showing the difference; for standard input, write the edited text
    #[arg(long)]
    pub(crate) write: bool,
    /// Ask about each change, then edit the files
    #[arg(long, conflicts_with = "format")]
    pub(crate) interactive: bool,
    /// Leave out what may break a program that works
    #[arg(long)]
    pub(crate) safe_only: bool,
    /// Only findings of this control; may be given several times
    #[arg(long, value_name = "CONTROL")]
    pub(crate) control: Vec<String>,
    /// How far to go where a control offers a choice
    #[arg(long, value_enum, default_value_t, value_name = "EXTENT")]
    pub(crate) option: FixExtent,
    /// How to report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: ListFormat,
    /// The Kubernetes version that the objects are meant for, from 1.24 to 1.37
    #[arg(long, value_name = "VERSION")]
    pub(crate) kubernetes_version: Option<Minor>,
    /// The configuration; without it, the nearest plimsoll.yaml from the first PATH up to the repository's root
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The date at which waivers expire, as 2027-01-31; without it, today
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
    /// Say also why findings cannot be fixed by editing
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

impl FixOptions {
    /// The options of the scan that finds what there is to fix.
    pub(crate) fn scan(&self) -> ScanOptions {
        ScanOptions {
            paths: self.paths.clone(),
            kubernetes_version: self.kubernetes_version,
            config: self.config.clone(),
            today: self.today,
            ..ScanOptions::default()
        }
    }
}

/// How far a fix goes.
#[derive(ValueEnum, Copy, Clone, Default, Debug)]
pub(crate) enum FixExtent {
    /// The least that ends the finding
    Minimal,
    /// What suits most programs
    #[default]
    Recommended,
    /// The most that can be done
    Strict,
}

impl FixExtent {
    /// The extent of a remedy that is meant.
    pub(crate) fn extent(self) -> Extent {
        match self {
            FixExtent::Minimal => Extent::Minimal,
            FixExtent::Recommended => Extent::Recommended,
            FixExtent::Strict => Extent::Strict,
        }
    }
}

const ENFORCE_EXAMPLES: &str = "\
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

pub(crate) const EXPLAIN_EXAMPLES: &str = "\
Examples:
  plimsoll explain privileged-container     a control
  plimsoll explain psc-01                   a recommendation of the guide";

#[derive(Args, Debug)]
pub(crate) struct ExplainOptions {
    /// Controls or recommendations
    #[arg(value_name = "ID", required = true)]
    pub(crate) ids: Vec<String>,
}

const CONTROLS_EXAMPLES: &str = "\
Examples:
  plimsoll controls
  plimsoll controls --format json";

#[derive(Args, Debug)]
pub(crate) struct ListOptions {
    /// How to list
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: ListFormat,
}

const GUIDE_EXAMPLES: &str = "\
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

const GENERATE_EXAMPLES: &str = "\
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

const INIT_EXAMPLES: &str = "\
Examples:
  plimsoll init                  write plimsoll.yaml for the current folder
  plimsoll init deploy/          for another folder, and into it
  plimsoll init --stdout         only show it";

#[derive(Args, Debug)]
pub(crate) struct InitOptions {
    /// The folder to look through and to write to
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Show the configuration instead of writing it
    #[arg(long)]
    pub(crate) stdout: bool,
}

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  plimsoll completions bash > ~/.local/share/bash-completion/completions/plimsoll
  plimsoll completions zsh > ~/.zfunc/_plimsoll
  plimsoll completions fish > ~/.config/fish/completions/plimsoll.fish
  plimsoll completions powershell >> $PROFILE";

#[derive(Args, Debug)]
pub(crate) struct CompletionsOptions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

const MAN_EXAMPLES: &str = "\
Examples:
  plimsoll man ~/.local/share/man/man1
  plimsoll man pages && man ./pages/plimsoll-scan.1";

#[derive(Args, Debug)]
pub(crate) struct ManOptions {
    /// The folder to write to; pages that are there are replaced
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

/// When to use colour: on a terminal, also in files and pipes, or nowhere.
#[derive(ValueEnum, Copy, Clone, Default, Debug)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    /// Makes every stream follow the choice.
    pub(crate) fn write_global(self) {
        let choice = match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// How a list is written: for people or for machines.
#[derive(ValueEnum, Copy, Clone, Default, Debug)]
pub(crate) enum ListFormat {
    #[default]
    Text,
    Json,
}

/// From which severity on a scan fails.
#[derive(ValueEnum, Copy, Clone, Default, Debug)]
pub(crate) enum FailOn {
    Low,
    #[default]
    Medium,
    High,
    Critical,
    Never,
}

impl FailOn {
    /// The least severity that fails a scan; `None` when none does.
    pub(crate) fn least(self) -> Option<Severity> {
        match self {
            FailOn::Low => Some(Severity::Low),
            FailOn::Medium => Some(Severity::Medium),
            FailOn::High => Some(Severity::High),
            FailOn::Critical => Some(Severity::Critical),
            FailOn::Never => None,
        }
    }
}

/// Takes the names of the table of formats, of which some may not do.
fn format(suits: fn(&Format) -> bool) -> impl TypedValueParser<Value = &'static Format> {
    let suiting = FORMATS.iter().filter(move |format| suits(format));
    let names = suiting.map(|format| PossibleValue::new(format.name).help(format.help));
    PossibleValuesParser::new(names)
        .try_map(|name| Format::find(&name).ok_or("there is no such format"))
}

fn profile(name: &str) -> Result<Profile, String> {
    let names = Profile::ALL.map(|profile| profile.name);
    Profile::find(name).ok_or_else(|| match nearest(name, names.into_iter(), 1).first() {
        Some(near) => format!("did you mean {near}?"),
        None => format!("choose from {}", names.join(", ")),
    })
}

/// What the program is called where kubectl runs it as a plugin.
const PLUGIN: &str = "kubectl-plimsoll";

/// The arguments under the name by which the program was called: a copy of or a link to it that is named
/// `kubectl-plimsoll` is `kubectl plimsoll` in everything that it teaches.
pub(crate) fn command(called: Option<&OsStr>) -> clap::Command {
    let command = Arguments::command();
    let name = called.map(Path::new).and_then(Path::file_stem);
    if name.is_some_and(|name| name == PLUGIN) {
        let command = command.name(PLUGIN).bin_name("kubectl plimsoll");
        as_plugin(command).mut_subcommands(as_plugin)
    } else {
        command
    }
}

fn as_plugin(command: clap::Command) -> clap::Command {
    let examples = command.get_after_help().map(ToString::to_string);
    match examples {
        Some(examples) => command.after_help(examples.replace("plimsoll ", "kubectl plimsoll ")),
        None => command,
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn the_arguments_fit_together() {
        Arguments::command().debug_assert();
    }
}
