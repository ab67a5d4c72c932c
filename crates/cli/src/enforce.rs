//! `plimsoll enforce`: admission policies for the API server, at a stage that was asked for or that a saved report suggests. Files are written only into a folder that was named, and never
//! over what is there.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use plimsoll_control::Control;
use plimsoll_enforce::bundle::{self, File, Namespaces, Staged};
use plimsoll_enforce::{NotEnforced, Policy, Stage};
use plimsoll_render::Record;
use plimsoll_snapshot::version::Minor;

use crate::arguments::{BundleFormat, EnforceOptions};
use crate::explain::advice;
use crate::output::{Output, complain};
use crate::report::read;
use crate::scan::Settings;
use crate::{Exit, Outcome};

mod exemptions;
mod rollout;

use exemptions::Exemptions;

/// Runs the command.
pub(crate) fn run(options: &EnforceOptions, output: &mut Output) -> Outcome {
    let settings = Settings::read(&options.scan(), &[])?;
    let record = options.from_report.as_deref().map(read).transpose()?;
    let staged = staged(options, &settings, record.as_ref())?;
    let namespaces = match options.namespace.as_slice() {
        [] => Namespaces::all_but_system(),
        names => Namespaces::Only(names.to_vec()),
    };
    let files = match (options.format, &options.output) {
        (BundleFormat::Manifests, None) => {
            let text = bundle::manifests(&staged, &namespaces);
            output.write(|out| out.write_all(text.as_bytes()))?;
            return Ok(Exit::Fine);
        }
        (_, None) => return Err("this format is several files: name a folder with --output".into()),
        (BundleFormat::Manifests, Some(_)) => vec![File {
            path: "policies.yaml",
            text: bundle::manifests(&staged, &namespaces),
        }],
        (BundleFormat::Kustomize, Some(_)) => bundle::kustomize(&staged, &namespaces),
        (BundleFormat::Helm, Some(_)) => bundle::helm(&staged, &namespaces),
    };
    if let Some(folder) = &options.output {
        files.iter().try_for_each(|file| write(folder, file))?;
    }
    Ok(Exit::Fine)
}

/// The policies with their stages; says on the standard error what is left out, and what is not denied yet.
fn staged(
    options: &EnforceOptions,
    settings: &Settings,
    record: Option<&Record<'_>>,
) -> Result<Vec<Staged>, Box<dyn Error>> {
    let mut exemptions = Exemptions::default();
    settings
        .waivers_in_force()
        .for_each(|waiver| exemptions.add(waiver));
    for waived in record.iter().flat_map(|record| &record.waived) {
        exemptions.add_waived(waived, settings.today());
    }
    let mut staged = Vec::new();
    let mut left_out = BTreeMap::<String, Vec<&str>>::new();
    for control in chosen(&options.controls)? {
        match Policy::of(control, settings.version(), &exemptions.of_control(control)) {
            Ok(policy) => staged.push(Staged {
                policy,
                stage: stage(options, control, record),
            }),
            // Whoever asks for all controls knows that not every one can be a policy.
            Err(NotEnforced::NoPolicies) => return Err(NotEnforced::NoPolicies.into()),
            Err(reason) if !options.controls.is_empty() => {
                return Err(format!("{} cannot be a policy: {reason}", control.head.id).into());
            }
            Err(reason) => {
                let ids = left_out.entry(reason.to_string()).or_default();
                ids.push(control.head.id);
            }
        }
    }
    for (reason, ids) in left_out {
        complain(&format!("note: no policy for {}: {reason}", ids.join(", ")));
    }
    exemptions.tell_what_is_left_out();
    Ok(staged)
}

/// The stage that was asked for, or the one at which nothing breaks that the report has seen.
fn stage(
    options: &EnforceOptions,
    control: &'static Control,
    record: Option<&Record<'_>>,
) -> Stage {
    let Some(record) = record else {
        return options.stage.stage();
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

/// What the API server can do about a control of the newest version, in words, and whether it can do anything.
pub(crate) fn enforcement(control: &'static Control) -> (bool, String) {
    match Policy::of(control, Minor::NEWEST, &[]) {
        Ok(_) => (
            true,
            format!(
                "`plimsoll enforce {}` writes an admission policy",
                control.head.id
            ),
        ),
        Err(reason) => (false, format!("cannot be a policy: {reason}")),
    }
}

/// The controls that are named, or all.
fn chosen(ids: &[String]) -> Result<Vec<&'static Control>, Box<dyn Error>> {
    if ids.is_empty() {
        return Ok(plimsoll_catalog::all().collect());
    }
    let find = |id: &String| {
        let control = plimsoll_catalog::find(&id.to_ascii_lowercase());
        control.ok_or_else(|| format!("there is no control {id}: {}", advice(id)).into())
    };
    ids.iter().map(find).collect()
}

fn write(folder: &Path, file: &File) -> Result<(), Box<dyn Error>> {
    let path = folder.join(file.path);
    let named = |error: std::io::Error| format!("{} cannot be written: {error}", path.display());
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(named)?;
    }
    let mut target = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)
        .map_err(named)?;
    target.write_all(file.text.as_bytes()).map_err(named)?;
    Ok(())
}
