//! `plimsoll enforce`: admission policies for the API server, at a stage that was asked for or that a saved report suggests;
//! policies that change instead of refusing; labels of Pod Security admission; and what a cluster lacks of all that. Files are
//! written only into a folder that was named, and never over what is there.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use plimsoll_control::Control;
use plimsoll_enforce::bundle::{self, Bundle, File, Namespaces, Scope, Staged};
use plimsoll_enforce::{Mutation, NotEnforced, NotMutated, Old, Policy, Stage, kyverno};
use plimsoll_render::Record;
use plimsoll_snapshot::version::Minor;

use crate::arguments::{BundleFormat, EnforceOptions, Engine};
use crate::explain::advice;
use crate::output::{Output, complain};
use crate::report::read;
use crate::scan::Settings;
use crate::{Exit, Outcome};

mod difference;
mod exemptions;
mod pod_security;
mod rollout;

use difference::There;
use exemptions::Exemptions;

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

/// Who is let off, by the configuration and by the report.
fn exemptions(settings: &Settings, record: Option<&Record<'_>>) -> Exemptions {
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
fn staged(
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
fn mutations(
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
