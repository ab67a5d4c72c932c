//! `plimsoll enforce`: admission policies for the API server, at a stage that was asked for or that a saved report suggests;
//! policies that change instead of refusing; labels of Pod Security admission; and what a cluster lacks of all that. Files are
//! written only into a folder that was named, and never over what is there.

use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use plimsoll_control::Control;
use plimsoll_enforce::bundle::{self, Bundle, File, Namespaces, Scope, Staged};
use plimsoll_enforce::{Mutation, Policy, kyverno};
use plimsoll_snapshot::version::Minor;

use crate::arguments::{BundleFormat, EnforceOptions, Engine};
use crate::output::{Output, complain};
use crate::report::read;
use crate::scan::Settings;
use crate::{Exit, Outcome};

mod difference;
mod exemptions;
mod made;
mod pod_security;
mod rollout;

use difference::There;
use made::{exemptions, mutations, staged};

/// Runs the command.
pub(crate) fn run(options: &EnforceOptions, output: &mut Output) -> Outcome {
    if options.pod_security {
        return pod_security::run(options, output);
    }
    let there = match options.diff {
        true => Some(There::read(options)?),
        false if options.cluster || !options.from.is_empty() => {
            return Err("--cluster and --from belong to --pod-security and --diff".into());
        }
        false => None,
    };
    let mut settings = Settings::read(&options.scan(), &[])?;
    if let Some(there) = &there {
        settings = settings.for_cluster(there.version, false);
    }
    let scope = Scope {
        namespaces: match options.namespace.as_slice() {
            [] => Namespaces::all_but_system(),
            names => Namespaces::Only(names.to_vec()),
        },
        beside_pod_security: options.beside_pod_security,
    };
    let made = Made::new(options, &settings, &scope)?;
    match there {
        Some(there) => there.compare(&made.bundle, options, &settings, output),
        None => made.write(options, &settings, &scope, output),
    }
}

/// What was asked for.
struct Made {
    /// Empty for policies that change.
    staged: Vec<Staged>,
    bundle: Bundle,
}

impl Made {
    fn new(
        options: &EnforceOptions,
        settings: &Settings,
        scope: &Scope,
    ) -> Result<Made, Box<dyn Error>> {
        let record = options.from_report.as_deref().map(read).transpose()?;
        let exemptions = exemptions(settings, record.as_ref());
        let made = if options.mutate {
            let mutations = mutations(options, settings, &exemptions)?;
            Made {
                staged: Vec::new(),
                bundle: Bundle::of_mutations(&mutations, scope),
            }
        } else {
            let staged = staged(options, settings, record.as_ref(), &exemptions)?;
            Made {
                bundle: Bundle::of(&staged, scope, settings.trusted_registries()),
                staged,
            }
        };
        exemptions.tell_what_is_left_out();
        Ok(made)
    }

    fn write(
        &self,
        options: &EnforceOptions,
        settings: &Settings,
        scope: &Scope,
        output: &mut Output,
    ) -> Outcome {
        let format = options.format.unwrap_or(BundleFormat::Manifests);
        let text = match options.engine {
            Engine::Kyverno if format != BundleFormat::Manifests => {
                return Err("policies for Kyverno are written as manifests".into());
            }
            Engine::Kyverno => for_kyverno(&self.staged, scope),
            Engine::Kubernetes => self.bundle.manifests(),
        };
        let files = match (format, &options.output) {
            (BundleFormat::Text | BundleFormat::Json, _) => {
                return Err("text and json are for --diff".into());
            }
            (BundleFormat::Manifests, None) => {
                output.write(|out| out.write_all(text.as_bytes()))?;
                return Ok(Exit::Fine);
            }
            (_, None) => {
                return Err("this format is several files: name a folder with --output".into());
            }
            (BundleFormat::Manifests, Some(_)) => vec![File {
                path: "policies.yaml",
                text,
            }],
            (BundleFormat::Kustomize, Some(_)) => self.bundle.kustomize(),
            (BundleFormat::Helm, Some(_)) if options.mutate => {
                return Err("a chart's values are stages, which mutating policies do not have: choose manifests or kustomize".into());
            }
            (BundleFormat::Helm, Some(_)) => {
                bundle::helm(&self.staged, scope, settings.trusted_registries())
            }
        };
        if let Some(folder) = &options.output {
            files.iter().try_for_each(|file| write(folder, file))?;
        }
        Ok(Exit::Fine)
    }
}

/// The policies that mean exactly the same in Kyverno; says which do not.
fn for_kyverno(staged: &[Staged], scope: &Scope) -> String {
    let mut left_out = String::new();
    let mut texts = Vec::new();
    for staged in staged {
        match kyverno::obstacle(staged) {
            None => texts.push(plimsoll_yaml::write(&kyverno::manifest(staged, scope))),
            Some(reason) => {
                let line = format!(
                    "no ValidatingPolicy for {}: {reason}",
                    staged.policy.control()
                );
                complain(&format!("note: {line}"));
                left_out += &format!("# {line}\n");
            }
        }
    }
    format!("{left_out}{}", texts.join("---\n"))
}

/// What the API server can do about a control of the newest version, in words, and whether it can do anything.
pub(crate) fn enforcement(control: &'static Control) -> (bool, String) {
    let id = control.head.id;
    match Policy::of(control, Minor::NEWEST, &[]) {
        Ok(_) => {
            let mutates = Mutation::of(control, Minor::NEWEST, &[]).is_ok();
            let changes = match mutates {
                true => format!(", and `plimsoll enforce --mutate {id}` one that makes the fix"),
                false => String::new(),
            };
            (
                true,
                format!("`plimsoll enforce {id}` writes an admission policy{changes}"),
            )
        }
        Err(reason) => (false, format!("cannot be a policy: {reason}")),
    }
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
