//! `plimsoll enforce --diff`: what a cluster, or a saved snapshot of it, or a folder of manifests, has of the policies that it
//! should have. What differs is decided in the engine; here is where the objects come from and how it is told.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};

use plimsoll_enforce::bundle::Bundle;
use plimsoll_enforce::difference::{Compare, Difference, Installed, differences};
use plimsoll_gather::{find, read};
use plimsoll_render::escape;
use plimsoll_scan::current_id;
use plimsoll_snapshot::object::{Document, File, objects};
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;
use plimsoll_yaml::{decode, parse, split};
use serde_json::json;

use crate::arguments::{BundleFormat, EnforceOptions, ScanOptions};
use crate::output::{Output, complain};
use crate::scan::{Settings, live};
use crate::{Exit, Outcome};

/// What is there.
#[derive(Default)]
pub(super) struct There {
    installed: Vec<Installed>,
    /// The version of the API server, where one was asked.
    pub(super) version: Option<Minor>,
    gaps: Vec<String>,
}

impl There {
    /// Reads what the options name.
    ///
    /// # Errors
    /// When nothing is named, or it cannot be read.
    pub(super) fn read(options: &EnforceOptions) -> Result<There, Box<dyn Error>> {
        if options.from.is_empty() && !options.cluster {
            return Err(
                "a difference to what: add --cluster, or --from with a saved snapshot or manifests"
                    .into(),
            );
        }
        let mut there = There::default();
        let scan = ScanOptions {
            paths: options.from.clone(),
            ..options.scan()
        };
        if let Some(mut source) = live::source(&scan, &options.from)? {
            there.version = source.version();
            source.objects(&mut |entry| match entry {
                Ok(object) => there.take(&object),
                Err(missed) => there.gaps.push(missed),
            })?;
            return Ok(there);
        }
        for file in find(&options.from)?.files {
            let text =
                read(&file).map_err(|problem| format!("{}: {}", file.name, problem.message))?;
            if let Ok(text) = decode(text) {
                there.take(&text);
            }
        }
        Ok(there)
    }

    fn take(&mut self, text: &str) {
        let target = Target::new(Minor::NEWEST);
        let file = File::new("cluster".into(), "cluster".into(), text);
        for chunk in split(text) {
            let Ok(tree) = parse(text, &chunk) else {
                continue;
            };
            let document = Document::new(&file, chunk.number, &tree);
            let found = objects(&document, &target).into_iter();
            let found = found.flat_map(|content| content.objects);
            self.installed
                .extend(found.filter_map(|object| Installed::read(object.node)));
        }
    }

    /// Tells how it differs from the bundle.
    pub(super) fn compare(
        &self,
        bundle: &Bundle,
        options: &EnforceOptions,
        settings: &Settings,
        output: &mut Output,
    ) -> Outcome {
        let compare = Compare {
            today: settings.today(),
            stages: options.stage.is_some() || options.from_report.is_some(),
            all: options.controls.is_empty(),
        };
        let found = differences(bundle.objects(), &self.installed, compare);
        match options.format {
            Some(BundleFormat::Json) => output.write(|out| write_json(&found, settings, out))?,
            None | Some(BundleFormat::Text) => output.write(|out| write_text(&found, out))?,
            Some(_) => return Err("differences are told as text or json".into()),
        }
        for hidden in self.installed.iter().filter(|it| it.is_concealed()) {
            complain(&format!(
                "note: snapshots keep no value of a ConfigMap: whether {} was changed by hand is not known",
                escape(hidden.name())
            ));
        }
        for gap in &self.gaps {
            complain(&format!("gap: {}", escape(gap)));
        }
        Ok(match (self.gaps.is_empty(), found.is_empty()) {
            (false, _) => Exit::Unsure,
            (true, true) => Exit::Fine,
            (true, false) => Exit::Findings,
        })
    }
}

fn write_text(found: &[Difference], out: &mut dyn Write) -> io::Result<()> {
    let mut counts = BTreeMap::new();
    for one in found {
        *counts.entry(one.state.as_str()).or_insert(0) += 1;
        let (name, detail) = (escape(&one.name), escape(&one.detail));
        writeln!(
            out,
            "{}: {} {name}: {detail}",
            one.state.as_str(),
            escape(&one.kind)
        )?;
    }
    match found {
        [] => writeln!(out, "no difference"),
        _ => {
            let counts = counts
                .iter()
                .map(|(state, count)| format!("{count} {state}"));
            writeln!(out, "{}", counts.collect::<Vec<_>>().join(", "))
        }
    }
}

/// `plimsoll.enforce-diff/v1`: names may be added and never changed.
fn write_json(found: &[Difference], settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    let one = |one: &Difference| {
        let control = one.name.strip_prefix("plimsoll-");
        let control =
            control.and_then(|id| current_id(&plimsoll_catalog::all().collect::<Vec<_>>(), id));
        json!({
            "state": one.state.as_str(),
            "kind": one.kind,
            "name": one.name,
            "control": control,
            "message": one.detail,
        })
    };
    let whole = json!({
        "schema": "plimsoll.enforce-diff/v1",
        "tool": {"name": "plimsoll", "version": env!("CARGO_PKG_VERSION")},
        "target": {
            "kubernetesVersion": settings.version().to_string(),
            "date": settings.today().map(|day| day.to_string()),
        },
        "differences": found.iter().map(one).collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}
