//! `plimsoll completions` and `plimsoll man`: both are made from the arguments, so that they never tell anything else.

use std::fs;

use clap::Command;
use clap::builder::PossibleValuesParser;

use crate::arguments::{CompletionsOptions, ManOptions};
use crate::output::Output;
use crate::{Exit, Outcome};

/// Writes the script that teaches a shell to complete.
pub(crate) fn completions(
    options: &CompletionsOptions,
    command: &Command,
    output: &mut Output,
) -> Outcome {
    let mut command = command.clone().mut_subcommands(with_names);
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut command, "plimsoll", &mut script);
    output.write(|out| out.write_all(&script))?;
    Ok(Exit::Fine)
}

/// Writes one page for each command.
pub(crate) fn man(options: &ManOptions, command: &Command) -> Outcome {
    let folder = &options.folder;
    let written =
        fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command.clone(), folder));
    written.map_err(|error| {
        let folder = folder.display();
        format!("the manual cannot be written to {folder} ({error}): name a folder that can be")
    })?;
    Ok(Exit::Fine)
}

/// Arguments that name controls or recommendations are completed with all that there are.
fn with_names(command: Command) -> Command {
    let controls = || plimsoll_catalog::all().map(|control| control.head.id);
    let recommendations = || plimsoll_guide::ALL.iter().map(|entry| entry.id);
    command.mut_args(|argument| {
        let names: Vec<&str> = match argument.get_value_names().unwrap_or_default() {
            [name] if name == "CONTROL" => controls().collect(),
            [name] if name == "ID" => controls().chain(recommendations()).collect(),
            _ => return argument,
        };
        argument.value_parser(PossibleValuesParser::new(names))
    })
}
