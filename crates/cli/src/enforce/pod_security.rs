//! `plimsoll enforce --pod-security`: labels for namespaces by what runs there, and the API server's configuration for those that
//! say nothing. Which level suits is decided in the engine; here is what runs, and what is said about it.

use std::path::PathBuf;

use plimsoll_control::{Control, Level as Least};
use plimsoll_enforce::bundle::File;
use plimsoll_enforce::pod_security::{Chosen, Fault, Namespace, common};
use plimsoll_generate::{Request, Tier};
use plimsoll_render::escape;
use plimsoll_scan::Report;
use plimsoll_snapshot::object::ObjectId;
use plimsoll_snapshot::pod_security::Level;
use plimsoll_snapshot::version::Minor;

use crate::arguments::{EnforceOptions, ScanOptions};
use crate::output::{Output, complain};
use crate::scan::{Settings, whole};
use crate::{Exit, Outcome};

/// Where Kubernetes itself lives: its pods are made by whoever installs the cluster.
const SYSTEM: [&str; 3] = ["kube-node-lease", "kube-public", "kube-system"];

/// Runs the command.
pub(super) fn run(options: &EnforceOptions, output: &mut Output) -> Outcome {
    let named = options.controls.iter().map(PathBuf::from);
    let scan = ScanOptions {
        paths: named.chain(options.from.iter().cloned()).collect(),
        ..options.scan()
    };
    if scan.paths.is_empty() && !scan.cluster {
        return Err("labels follow from what runs: name files, folders or a saved snapshot, or add --cluster".into());
    }
    let (settings, report) = whole(&scan, Settings::by_standards)?;
    let namespaces = namespaces(&report, &options.namespace);
    let all_seen = report.gaps.is_empty();
    tell_gaps(&report);
    if namespaces.is_empty() {
        return Err("nothing that was looked at is in a namespace that could be labelled".into());
    }
    let chosen: Vec<(&Namespace, Chosen)> = namespaces
        .iter()
        .map(|namespace| (namespace, namespace.choose(all_seen)))
        .collect();
    let version = settings.version();
    let manifests: Vec<String> = chosen
        .iter()
        .map(|(namespace, chosen)| namespace.manifest(*chosen, version))
        .collect();
    let text = manifests.join("---\n");
    tell_what_is_double(&chosen);
    match &options.output {
        None => output.write(|out| out.write_all(text.as_bytes()))?,
        Some(folder) => {
            let configuration = configuration(&namespaces, all_seen, version)?;
            for (path, text) in [
                ("namespaces.yaml", text),
                ("admission-configuration.yaml", configuration),
            ] {
                super::write(folder, &File { path, text })?;
            }
        }
    }
    Ok(if all_seen { Exit::Fine } else { Exit::Unsure })
}

/// The namespaces of the report with what a level would refuse; those of Kubernetes only where they are asked for by name.
fn namespaces(report: &Report, asked: &[String]) -> Vec<Namespace> {
    let meant = |name: &str| match asked {
        [] => !name.is_empty() && !SYSTEM.contains(&name),
        asked => asked.iter().any(|one| one == name),
    };
    if report.namespaces.contains_key("") {
        complain("note: objects that do not say which namespace they go to may go to each");
    }
    let seen = report.namespaces.iter().filter(|(name, _)| meant(name));
    let mut namespaces: Vec<Namespace> = seen
        .map(|(name, seen)| Namespace {
            name: name.clone(),
            workloads: seen.workloads,
            enforces: seen.enforces,
            faults: Vec::new(),
        })
        .collect();
    let found = report.findings.iter();
    let waived = report.waived.iter().map(|waived| &waived.reported);
    for reported in found.chain(waived) {
        let finding = &reported.finding;
        let Some(level) = finding.control.pss.iter().map(|check| check.level).min() else {
            continue;
        };
        // What several renderings make of one line is one finding, which names the other objects.
        let others = finding.related().iter().map(|related| &related.object);
        for object in std::iter::once(&finding.subject.object).chain(others) {
            let fault = Fault {
                level: level_of(level),
                object: shown(object),
                control: finding.control.id,
            };
            let homes = namespaces.iter_mut().filter(|one| {
                let name = object.namespace.as_deref();
                name.is_none_or(|name| name == one.name)
            });
            homes.for_each(|home| home.faults.push(fault.clone()));
        }
    }
    namespaces
}

fn level_of(level: Least) -> Level {
    match level {
        Least::Baseline => Level::Baseline,
        Least::Restricted => Level::Restricted,
    }
}

fn shown(object: &ObjectId) -> String {
    match &object.namespace {
        Some(namespace) => format!("{} {namespace}/{}", object.kind, object.name),
        None => format!("{} {} of no namespace", object.kind, object.name),
    }
}

fn tell_gaps(report: &Report) {
    for gap in &report.gaps {
        complain(&format!(
            "gap: {}: {}",
            escape(&gap.file),
            escape(&gap.message)
        ));
    }
}

/// Says where policies of the same controls would say the same twice.
fn tell_what_is_double(chosen: &[(&Namespace, Chosen)]) {
    for (level, least) in [
        (Level::Baseline, Least::Baseline),
        (Level::Restricted, Least::Restricted),
    ] {
        let there = chosen
            .iter()
            .filter(|(_, chosen)| chosen.enforce >= Some(level));
        let names: Vec<_> = there
            .map(|(namespace, _)| escape(&namespace.name))
            .collect();
        let is_of = |control: &&'static Control| {
            let levels = control.head.pss.iter().map(|check| check.level);
            levels.min() == Some(least)
        };
        let controls = plimsoll_catalog::all().filter(is_of);
        let controls: Vec<&str> = controls.map(|control| control.head.id).collect();
        if !names.is_empty() {
            complain(&format!(
                "note: in {} Pod Security admission refuses what these controls find: {}",
                names.join(", "),
                controls.join(", ")
            ));
        }
    }
    if chosen
        .iter()
        .any(|(_, chosen)| chosen.enforce >= Some(Level::Baseline))
    {
        complain(
            "note: policies of these controls would be double there: `plimsoll enforce --beside-pod-security` keeps them out",
        );
    }
}

/// What the API server enforces in namespaces without labels, which is what nothing that runs would be refused by.
fn configuration(
    namespaces: &[Namespace],
    all_seen: bool,
    version: Minor,
) -> Result<String, String> {
    let tier = match common(namespaces) {
        _ if !all_seen => Tier::Minimal,
        Level::Restricted => Tier::Strict,
        Level::Baseline | Level::Privileged => Tier::Recommended,
    };
    let generator = plimsoll_generate::find("psa-exemptions").ok_or("nothing can make it")?;
    let request = Request {
        option: Some(tier),
        ..Request::new(version)
    };
    generator
        .generate(&request)
        .map_err(|error| error.to_string())
}
