//! `plimsoll enforce`: admission policies for the API server. Files are written only into a folder that was named, and never
//! over what is there.

use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use plimsoll_control::Control;
use plimsoll_enforce::bundle::{self, File, Namespaces, Staged};
use plimsoll_enforce::{Exemption, NotEnforced, Policy};
use plimsoll_scan::current_id;
use plimsoll_snapshot::waiver::{Covers, Waiver};

use crate::arguments::{BundleFormat, EnforceOptions};
use crate::explain::advice;
use crate::output::{Output, complain};
use crate::scan::Settings;
use crate::{Exit, Outcome};

/// Runs the command.
pub(crate) fn run(options: &EnforceOptions, output: &mut Output) -> Outcome {
    let settings = Settings::read(&options.scan(), &[])?;
    let controls = chosen(&options.controls)?;
    let exemptions = Exemptions::of(settings.waivers_in_force());
    let mut staged = Vec::new();
    for control in controls {
        let exempt = exemptions.of_control(control);
        match Policy::of(control, settings.version(), &exempt) {
            Ok(policy) => staged.push(Staged {
                policy,
                stage: options.stage.stage(),
            }),
            // Whoever asks for all controls knows that not every one can be a policy.
            Err(NotEnforced::NoPolicies) => return Err(NotEnforced::NoPolicies.into()),
            Err(reason) if !options.controls.is_empty() => {
                return Err(format!("{} cannot be a policy: {reason}", control.head.id).into());
            }
            Err(_) => {}
        }
    }
    exemptions.tell_what_is_left_out();
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

/// The waivers of the configuration, as far as they name an object.
struct Exemptions<'w> {
    named: Vec<(&'w str, Exemption)>,
    left_out: Vec<&'w Waiver>,
}

impl<'w> Exemptions<'w> {
    fn of(waivers: impl Iterator<Item = &'w Waiver>) -> Exemptions<'w> {
        let (mut named, mut left_out) = (Vec::new(), Vec::new());
        for waiver in waivers {
            match exemption(waiver) {
                Some(exemption) => named.push((waiver.control.as_str(), exemption)),
                None => left_out.push(waiver),
            }
        }
        Exemptions { named, left_out }
    }

    fn of_control(&self, control: &'static Control) -> Vec<Exemption> {
        let about = |id: &str| current_id(&[control], id).is_some();
        let named = self.named.iter().filter(|(id, _)| about(id));
        named.map(|(_, exemption)| exemption.clone()).collect()
    }

    fn tell_what_is_left_out(&self) {
        for waiver in &self.left_out {
            complain(&format!(
                "note: the waiver of {} names no kind, namespace and name without *, so nobody is exempt by it",
                waiver.control
            ));
        }
    }
}

/// `None` for a waiver that does not say exactly which object it is about.
fn exemption(waiver: &Waiver) -> Option<Exemption> {
    let Covers::Named {
        kind,
        namespace,
        name,
        container,
    } = &waiver.covers
    else {
        return None;
    };
    let exact = |text: &Option<String>| text.clone().filter(|text| !text.contains('*'));
    Some(Exemption {
        namespace: exact(namespace)?,
        kind: exact(kind)?,
        name: exact(name)?,
        container: match container {
            Some(pattern) if pattern != "*" => Some(exact(container)?),
            whole => whole.clone(),
        },
    })
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
