//! Values that several commands take, and how they are read.

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use plimsoll_control::Severity;
use plimsoll_render::{FORMATS, Format};
use plimsoll_scan::{Profile, nearest};

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
pub(super) fn format(suits: fn(&Format) -> bool) -> impl TypedValueParser<Value = &'static Format> {
    let suiting = FORMATS.iter().filter(move |format| suits(format));
    let names = suiting.map(|format| PossibleValue::new(format.name).help(format.help));
    PossibleValuesParser::new(names)
        .try_map(|name| Format::find(&name).ok_or("there is no such format"))
}

pub(super) fn profile(name: &str) -> Result<Profile, String> {
    let names = Profile::ALL.map(|profile| profile.name);
    Profile::find(name).ok_or_else(|| match nearest(name, names.into_iter(), 1).first() {
        Some(near) => format!("did you mean {near}?"),
        None => format!("choose from {}", names.join(", ")),
    })
}
