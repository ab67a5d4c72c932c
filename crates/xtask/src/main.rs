//! `cargo xtask COMMAND`: the project's own chores, one module for each command.
//!
//! Here lives only the list of commands; nothing in this package is part of the product.
//! Exit code: 0 done, 1 the command failed, 2 no such command.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a chore talks to the person who runs it"
)]

mod bench;
mod bootstrap;
mod browser;
mod ci;
mod codegen;
mod control_plane;
mod corpus;
mod fixable;
mod fuzz;
mod linear;
mod programs;
mod referee;
mod release;
mod schemas;
mod tidy;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

/// How a command ends; the error is printed.
type Outcome = Result<(), Box<dyn Error>>;

/// A chore: its name, one line of help, and what runs it with the project's folder and the remaining arguments.
struct Command {
    name: &'static str,
    help: &'static str,
    run: fn(&Path, &[String]) -> Outcome,
}

/// Every command, in alphabetical order.
const COMMANDS: &[Command] = &[
    Command {
        name: "bench",
        help: "count instructions and compare with the accepted counts (needs valgrind)",
        run: bench::run,
    },
    Command {
        name: "bootstrap",
        help: "write the rights of Kubernetes' own roles (needs Go and the network)",
        run: bootstrap::run,
    },
    Command {
        name: "browser",
        help: "open the HTML report of 20,000 findings and use it (needs Chromium)",
        run: browser::run,
    },
    Command {
        name: "ci",
        help: "the one gate: format, lints, tidiness, tests, documentation",
        run: ci::run,
    },
    Command {
        name: "codegen",
        help: "write the generated sources from their data files",
        run: codegen::run,
    },
    Command {
        name: "control-plane",
        help: "build a real Kubernetes control plane for tests (needs Go)",
        run: control_plane::run,
    },
    Command {
        name: "corpus",
        help: "write manifests of any size into a folder, to measure with",
        run: corpus::run,
    },
    Command {
        name: "fixable",
        help: "count the findings in folders that fixing ends, and why others are left",
        run: fixable::run,
    },
    Command {
        name: "fuzz",
        help: "look for texts for which what must hold does not (needs a C++ compiler)",
        run: fuzz::run,
    },
    Command {
        name: "programs",
        help: "build Helm 3, Helm 4 and Kustomize for the tests (needs Go; minutes at first)",
        run: programs::run,
    },
    Command {
        name: "linear",
        help: "check that twice the input costs about twice as much (needs valgrind)",
        run: linear::run,
    },
    Command {
        name: "referee",
        help: "build the Pod Security referee (needs Go)",
        run: referee::run,
    },
    Command {
        name: "release-manifests",
        help: "print Homebrew's formula or krew's manifest for a version",
        run: release::run,
    },
    Command {
        name: "schemas",
        help: "fetch the published schemas of formats (needs Go and Python)",
        run: schemas::run,
    },
    Command {
        name: "tidy",
        help: "headers, rooms, documents, licences",
        run: tidy::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let named = |name: &String| COMMANDS.iter().find(|command| command.name == name);
    let Some((command, rest)) = arguments
        .split_first()
        .and_then(|(name, rest)| Some((named(name)?, rest)))
    else {
        eprintln!("usage: cargo xtask COMMAND\n\ncommands:");
        for Command { name, help, .. } in COMMANDS {
            eprintln!("  {name:<18} {help}");
        }
        return ExitCode::from(2);
    };
    match (command.run)(project(), rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The project's folder: two above this package.
fn project() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().and_then(Path::parent).unwrap_or(package)
}
