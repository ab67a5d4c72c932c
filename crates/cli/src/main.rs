//! The `plimsoll` command: reads its arguments, runs one command, and ends with its exit code.
//!
//! Here lives only the dispatch; each command has a module of its own, and what can be judged or shown lives in the
//! engines. Invariant: results go to standard output, everything else to standard error.

mod arguments;
mod controls;
mod destination;
mod enforce;
mod explain;
mod fix;
mod generate;
mod guide;
mod init;
mod manual;
mod output;
mod report;
mod scan;
mod snapshot;

use std::error::Error;
use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::FromArgMatches;
use output::Output;

/// How a command ends.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Exit {
    /// Nothing to complain about.
    Fine = 0,
    /// Findings at or above the threshold.
    Findings = 1,
    /// A gap, or the command could not do its work.
    Unsure = 2,
}

/// How a command ends, or why it could not do its work.
type Outcome = Result<Exit, Box<dyn Error>>;

fn main() -> ExitCode {
    let matches = command().try_get_matches();
    let arguments = match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error),
    };
    arguments.color.write_global();
    share_work();
    let exit = run(&arguments.command, &mut Output::new()).unwrap_or_else(|error| {
        output::complain(&format!("error: {error}"));
        Exit::Unsure
    });
    ExitCode::from(exit as u8)
}

/// Makes this thread one of those that judge, so that it does not wait while others work, nor keeps memory that they cannot use. Where
/// no threads can be had, whoever asks for them tells.
fn share_work() {
    let _ = rayon::ThreadPoolBuilder::new()
        .use_current_thread()
        .build_global();
}

/// The arguments that there are, under the name by which the program was called.
fn command() -> clap::Command {
    arguments::command(std::env::args_os().next().as_deref())
}

fn run(asked: &Command, output: &mut Output) -> Outcome {
    match asked {
        Command::Scan(options) => scan::run(options, output),
        Command::Snapshot(options) => snapshot::run(options, output),
        Command::Enforce(options) => enforce::run(options, output),
        Command::Fix(options) => fix::run(options, output),
        Command::Report(options) => report::run(options, output),
        Command::Explain(options) => explain::run(options, output),
        Command::Controls(options) => controls::run(options, output),
        Command::Guide(options) => guide::run(options, output),
        Command::Init(options) => init::run(options, output),
        Command::Completions(options) => manual::completions(options, &command(), output),
        Command::Man(options) => manual::man(options, &command()),
        Command::Generate(options) => generate::run(options, output),
    }
}

/// Help and version are answers; everything else that clap says is an error.
fn refuse(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Exit::Unsure as u8))
}
