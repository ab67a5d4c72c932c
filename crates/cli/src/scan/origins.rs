//! Reads the folder that `--source` names, with its charts and overlays rendered as in any scan, so that findings in a cluster
//! can name the line that made the object.
//!
//! Invariant: nothing of it is judged, and what cannot be read there costs lines and no findings.

use std::error::Error;
use std::sync::Arc;

use plimsoll_gather::{Found, find, read};
use plimsoll_render::escape;
use plimsoll_snapshot::origin::Origins;
use plimsoll_snapshot::provenance::Provenance;
use plimsoll_yaml::decode;

use super::settings::Settings;
use super::work::Work;
use crate::arguments::ScanOptions;
use crate::output::complain;

/// Where the objects of the cluster come from, as far as the options tell.
pub(super) fn provenance(options: &ScanOptions) -> Result<Provenance, Box<dyn Error>> {
    if options.source.is_empty() {
        return Ok(Provenance::Live);
    }
    let mut found = find(&options.source)?;
    let settings = Settings::read(options, &options.source)?;
    if let Some(exclusions) = &settings.exclusions {
        found.exclude(exclusions);
    }
    let Found {
        mut files,
        problems,
        packed_charts,
    } = found;
    files.extend(packed_charts);
    let work = Work::sort(files, &settings.rendering);
    let mut origins = Origins::default();
    let problems = problems.into_iter();
    let mut told: Vec<String> = problems
        .map(|problem| format!("{}: {}", problem.name, problem.message))
        .collect();
    told.extend(work.gaps.into_iter().map(|gap| gap.message));
    for manifest in work.manifests {
        let name = manifest.file.name.clone();
        match read(&manifest.file) {
            // What is no text makes no object.
            Ok(bytes) => drop(decode(bytes).map(|text| {
                origins.add(name, manifest.unit, text, manifest.provenance);
            })),
            Err(problem) => told.push(format!("{name}: {}", problem.message)),
        }
    }
    for problem in told {
        complain(&format!("source: {}", escape(&problem)));
    }
    if origins.is_empty() {
        complain("source: no object was found there; check the path");
    }
    Ok(Provenance::Deployed(Arc::new(origins)))
}
