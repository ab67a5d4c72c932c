//! What `plimsoll fix` is told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use plimsoll_control::{Extent, Finding};
use plimsoll_fix::Wanted;
use plimsoll_snapshot::date::Date;
use plimsoll_snapshot::version::Minor;

use super::rendering::RenderingOptions;
use super::scan::ScanOptions;

pub(super) const FIX_EXAMPLES: &str = "\
Examples:
  plimsoll fix                                   the difference for the current folder
  plimsoll fix --write deploy/                   edit the files
  plimsoll fix --safe-only --write deploy/       only what cannot break a program that works
  plimsoll fix --interactive deploy/             ask about each change, then edit
  plimsoll fix --control host-path deploy/       only the findings of one control
  plimsoll fix --format json deploy/             the edits for editors and other tools
  plimsoll fix --format sarif deploy/            each finding with the edits that end it
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
    pub(crate) format: FixFormat,
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
    #[command(flatten)]
    pub(crate) rendering: RenderingOptions,
}

impl FixOptions {
    /// The options of the scan that finds what there is to fix.
    pub(crate) fn scan(&self) -> ScanOptions {
        ScanOptions {
            paths: self.paths.clone(),
            kubernetes_version: self.kubernetes_version,
            config: self.config.clone(),
            rendering: self.rendering.clone(),
            today: self.today,
            ..ScanOptions::default()
        }
    }

    /// What is to be fixed of all that is asked for, and how far.
    pub(crate) fn wanted<'w>(&self, asks: &'w dyn Fn(&Finding) -> bool) -> Wanted<'w> {
        Wanted {
            safe_only: self.safe_only,
            extent: self.option.extent(),
            asks,
        }
    }
}

/// How a fix is told.
#[derive(ValueEnum, Copy, Clone, Default, PartialEq, Eq, Debug)]
pub(crate) enum FixFormat {
    /// A unified diff of all together
    #[default]
    Text,
    /// Edits of all together, and what became of each finding: plimsoll.fix/v1
    Json,
    /// Findings with the edits that end each by itself, for editors and code scanning
    Sarif,
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
