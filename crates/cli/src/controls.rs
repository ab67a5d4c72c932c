//! `plimsoll controls`: every control of the catalogue.

use plimsoll_control::Control;

use crate::arguments::{ListFormat, ListOptions};
use crate::enforce::enforcement;
use crate::output::Output;
use crate::{Exit, Outcome};

/// Runs the command.
pub(crate) fn run(options: &ListOptions, output: &mut Output) -> Outcome {
    let controls: Vec<&'static Control> = plimsoll_catalog::all().collect();
    let (width, color) = (output.width, output.color);
    output.write(|out| match options.format {
        ListFormat::Text => plimsoll_render::controls_text(&controls, width, color, out),
        ListFormat::Json => {
            plimsoll_render::controls_json(&controls, |control| enforcement(control).0, out)
        }
    })?;
    Ok(Exit::Fine)
}
