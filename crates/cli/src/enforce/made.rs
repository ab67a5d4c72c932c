//! The policies that were asked for: of the controls that are named, or of all, at their stages and with their exemptions. What
//! cannot be had is told with its reason.

use std::collections::BTreeMap;
use std::error::Error;

use plimsoll_control::Control;
use plimsoll_enforce::bundle::Staged;
use plimsoll_enforce::{Mutation, NotEnforced, NotMutated, Old, Policy, Stage};
use plimsoll_render::Record;
use plimsoll_snapshot::version::Minor;

use super::exemptions::Exemptions;
use super::rollout;
use crate::arguments::EnforceOptions;
use crate::explain::control;
use crate::output::complain;
use crate::scan::Settings;

/// Who is let off, by the configuration and by the report.
pub(super) fn exemptions(settings: &Settings, record: Option<&Record<'_>>) -> Exemptions {
    let mut exemptions = Exemptions::default();
    settings
        .waivers_in_force()
        .for_each(|waiver| exemptions.add(waiver));
    for waived in record.iter().flat_map(|record| &record.waived) {
        exemptions.add_waived(waived, settings.today());
    }
    exemptions
}

/// The policies with their stages; says on the standard error what is left out, and what is not denied yet.
pub(super) fn staged(
    options: &EnforceOptions,
    settings: &Settings,
    record: Option<&Record<'_>>,
    exemptions: &Exemptions,
) -> Result<Vec<Staged>, Box<dyn Error>> {
    let old = match options.strict {
        true => Old::Refused,
        false => Old::Allowed,
    };
    let (version, nobody_trusted) = (settings.version(), settings.trusted_registries().is_empty());
    let made = each(options, "policy", &|control| {
        let policy = Policy::with(control, version, &exemptions.of_control(control), old);
        let policy = policy.map_err(|reason| match reason {
            NotEnforced::NoPolicies => Unmade::All(reason.to_string()),
            reason => Unmade::This(reason.to_string()),
        })?;
        if policy.reads_registries() && nobody_trusted {
            let reason = "the configuration names no trusted registries (images.trustedRegistries)";
            return Err(Unmade::This(reason.to_owned()));
        }
        Ok(policy)
    })?;
    let staged = made.into_iter().map(|(control, policy)| Staged {
        policy,
        stage: stage(options, control, record),
    });
    Ok(staged.collect())
}

/// The policies that make safe fixes.
pub(super) fn mutations(
    options: &EnforceOptions,
    settings: &Settings,
    exemptions: &Exemptions,
) -> Result<Vec<Mutation>, Box<dyn Error>> {
    let version = settings.version();
    let made = each(options, "mutating policy", &|control| {
        let mutation = Mutation::of(control, version, &exemptions.of_control(control));
        mutation.map_err(|reason| match reason {
            NotMutated::NoPolicies => Unmade::All(reason.to_string()),
            reason => Unmade::This(reason.to_string()),
        })
    })?;
    if version < Minor(36) {
        complain(
            "note: before Kubernetes 1.36 mutating policies need the feature gate MutatingAdmissionPolicy and their API turned on (--runtime-config)",
        );
    }
    Ok(made.into_iter().map(|(_, mutation)| mutation).collect())
}

/// Why there is no policy.
enum Unmade {
    /// Of this control.
    This(String),
    /// Of any control.
    All(String),
}

/// What `make` makes of each control that was named, or of all. Whoever asks for all controls knows that not every one can be
/// a policy.
fn each<T>(
    options: &EnforceOptions,
    what: &str,
    make: &dyn Fn(&'static Control) -> Result<T, Unmade>,
) -> Result<Vec<(&'static Control, T)>, Box<dyn Error>> {
    let mut made = Vec::new();
    let mut left_out = BTreeMap::<String, Vec<&str>>::new();
    for control in chosen(&options.controls)? {
        match make(control) {
            Ok(one) => made.push((control, one)),
            Err(Unmade::All(reason)) => return Err(reason.into()),
            Err(Unmade::This(reason)) if !options.controls.is_empty() => {
                return Err(format!("{} cannot be a {what}: {reason}", control.head.id).into());
            }
            Err(Unmade::This(reason)) => left_out.entry(reason).or_default().push(control.head.id),
        }
    }
    for (reason, ids) in left_out {
        complain(&format!("note: no {what} for {}: {reason}", ids.join(", ")));
    }
    Ok(made)
}

/// The stage that was asked for, or the one at which nothing breaks that the report has seen.
fn stage(
    options: &EnforceOptions,
    control: &'static Control,
    record: Option<&Record<'_>>,
) -> Stage {
    let Some(record) = record else {
        return options.stage.unwrap_or_default().stage();
    };
    let (stage, reason) = rollout::start(control, record);
    if let Some(reason) = reason {
        complain(&format!(
            "note: {} starts at {}: {reason}",
            control.head.id,
            stage.as_str()
        ));
    }
    stage
}

/// The controls that are named, or all.
fn chosen(ids: &[String]) -> Result<Vec<&'static Control>, Box<dyn Error>> {
    if ids.is_empty() {
        return Ok(plimsoll_catalog::all().collect());
    }
    let find = |id: &String| Ok(control(id)?);
    ids.iter().map(find).collect()
}
