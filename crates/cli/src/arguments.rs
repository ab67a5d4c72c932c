//! The arguments of every command, with the help that teaches them, one module a command or family. What they mean lives with the
//! commands.

mod cluster;
mod enforce;
mod fix;
mod generate;
mod list;
mod rendering;
mod report;
mod scan;
mod setup;
mod snapshot;
mod value;

use std::ffi::OsStr;
use std::path::Path;

use clap::{CommandFactory, Parser, Subcommand};

use self::enforce::ENFORCE_EXAMPLES;
use self::fix::FIX_EXAMPLES;
use self::generate::GENERATE_EXAMPLES;
use self::list::{CONTROLS_EXAMPLES, GUIDE_EXAMPLES};
use self::report::REPORT_EXAMPLES;
use self::scan::SCAN_EXAMPLES;
use self::setup::{COMPLETIONS_EXAMPLES, INIT_EXAMPLES, MAN_EXAMPLES};
use self::snapshot::SNAPSHOT_EXAMPLES;

pub(crate) use self::cluster::ClusterOptions;
pub(crate) use self::enforce::{BundleFormat, EnforceOptions, Engine};
pub(crate) use self::fix::{FixFormat, FixOptions};
pub(crate) use self::generate::GenerateOptions;
pub(crate) use self::list::{EXPLAIN_EXAMPLES, ExplainOptions, GuideOptions, ListOptions};
pub(crate) use self::rendering::RenderingOptions;
pub(crate) use self::report::ReportOptions;
pub(crate) use self::scan::ScanOptions;
pub(crate) use self::setup::{CompletionsOptions, InitOptions, ManOptions};
pub(crate) use self::snapshot::{DiffOptions, RedactOptions, SnapshotCommand, SnapshotOptions};
pub(crate) use self::value::{Color, FailOn, ListFormat};

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
    Fix(Box<FixOptions>),
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
    Enforce(Box<EnforceOptions>),
    /// Collect a cluster into a file, to judge it anywhere
    #[command(after_help = SNAPSHOT_EXAMPLES)]
    Snapshot(Box<SnapshotOptions>),
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
