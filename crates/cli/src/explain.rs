//! `plimsoll explain`: the page of a control or the entry of a recommendation. All names are checked before anything
//! is shown.

use plimsoll_control::{Control, POLICY_PREFIX};
use plimsoll_guide::Recommendation;
use plimsoll_scan::nearest;

use crate::arguments::ExplainOptions;
use crate::enforce::enforcement;
use crate::guide::coverage;
use crate::output::Output;
use crate::scan::policies::OwnRules;
use crate::{Exit, Outcome};

/// A name that is neither a control's nor a recommendation's.
#[derive(Debug, thiserror::Error)]
#[error("there is no control or recommendation {id}: {advice}")]
struct UnknownName {
    id: String,
    advice: String,
}

enum Topic {
    Control(&'static Control),
    Recommendation(&'static Recommendation),
}

/// Runs the command.
pub(crate) fn run(options: &ExplainOptions, output: &mut Output) -> Outcome {
    let own = OwnRules::read(&options.policies)?.policies.controls;
    let topics = options.ids.iter().map(|id| topic(id, &own));
    let topics: Result<Vec<Topic>, UnknownName> = topics.collect();
    let (topics, coverage) = (topics?, coverage());
    let (width, color) = (output.width, output.color);
    output.write(|out| {
        for (index, topic) in topics.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            match topic {
                Topic::Control(control) => {
                    let (_, says) = enforcement(control);
                    plimsoll_render::explain_control(control, Some(&says), width, color, out)?;
                }
                Topic::Recommendation(recommendation) => {
                    plimsoll_render::explain_recommendation(
                        recommendation,
                        &coverage,
                        width,
                        color,
                        out,
                    )?;
                }
            }
        }
        Ok(())
    })?;
    Ok(Exit::Fine)
}

/// The control of this name.
///
/// # Errors
/// That there is none, with the names that are spelled most alike; of a recommendation, the controls that serve it.
pub(crate) fn control(name: &str) -> Result<&'static Control, String> {
    if let Some(control) = plimsoll_catalog::find(&name.to_ascii_lowercase()) {
        return Ok(control);
    }
    let ids = |control: &'static Control| control.head.id;
    let Some(recommendation) = plimsoll_guide::find(name) else {
        let advice = match nearest(name, plimsoll_catalog::all().map(ids), 3).as_slice() {
            [] => "`plimsoll controls` lists them all".to_owned(),
            names => format!("did you mean {}?", names.join(", ")),
        };
        return Err(format!("there is no control {name}: {advice}"));
    };
    let id = recommendation.id;
    let serving = plimsoll_catalog::all()
        .filter(|control| control.head.guide.iter().any(|served| served.id == id));
    Err(match serving.map(ids).collect::<Vec<_>>().as_slice() {
        [] => format!("{id} is a recommendation that no control serves: name a control"),
        names => format!(
            "{id} is a recommendation: name a control that serves it, such as {}",
            names.join(", ")
        ),
    })
}

fn topic(id: &str, own: &[&'static Control]) -> Result<Topic, UnknownName> {
    let own = own.iter().copied().find(|control| control.head.id == id);
    let control = own.or_else(|| plimsoll_catalog::find(&id.to_ascii_lowercase()));
    let control = control.map(Topic::Control);
    let recommendation = || plimsoll_guide::find(id).map(Topic::Recommendation);
    control.or_else(recommendation).ok_or_else(|| UnknownName {
        id: id.to_owned(),
        advice: match id.starts_with(POLICY_PREFIX) {
            true => "name its file or folder by --policies".to_owned(),
            false => advice(id),
        },
    })
}

/// The names that are spelled most alike, or where all of them are listed.
fn advice(id: &str) -> String {
    let controls = plimsoll_catalog::all().map(|control| control.head.id);
    let recommendations = plimsoll_guide::ALL
        .iter()
        .map(|recommendation| recommendation.id);
    match nearest(id, controls.chain(recommendations), 3).as_slice() {
        [] => "`plimsoll controls` and `plimsoll guide` list them all".to_owned(),
        names => format!("did you mean {}?", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recommendation_in_the_place_of_a_control_names_those_that_serve_it() {
        let error = |name| control(name).map(|_| ()).unwrap_err();
        assert!(error("psc-01").contains("privileged-container"));
        assert!(error("DET-01").contains("no control serves"));
        assert!(error("privleged-container").ends_with("did you mean privileged-container?"));
        assert!(control("Host-Path").is_ok());
    }

    #[test]
    fn the_help_names_what_exists() {
        let help = [
            crate::arguments::EXAMPLES,
            crate::arguments::EXPLAIN_EXAMPLES,
        ]
        .concat();
        let examples = help.split("plimsoll explain ").skip(1);
        let ids: Vec<_> = examples
            .filter_map(|rest| rest.split_whitespace().next())
            .collect();
        assert_eq!(ids.len(), 3);
        for id in ids {
            assert!(topic(id, &[]).is_ok(), "{id}");
        }
    }
}
