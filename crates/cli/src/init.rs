//! `plimsoll init`: writes a configuration from what is found in a folder, and never over one that is there.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use plimsoll_gather::{CONFIGURATION, find, read};
use plimsoll_scan::{SourceText, Survey};
use plimsoll_snapshot::provenance::Provenance;
use plimsoll_yaml::decode;

use crate::arguments::InitOptions;
use crate::output::Output;
use crate::scan::work::{Manifest, Work};
use crate::{Exit, Outcome};

/// Runs the command.
pub(crate) fn run(options: &InitOptions, output: &mut Output) -> Outcome {
    let folder = &options.folder;
    let file = folder.join(CONFIGURATION);
    let shown = file.strip_prefix("./").unwrap_or(&file).display();
    if folder.exists() && !folder.is_dir() {
        return Err(format!("{} is a file: name its folder", folder.display()).into());
    }
    let draft = draft(folder)?;
    if options.stdout {
        output.write(|out| out.write_all(draft.as_bytes()))?;
        return Ok(Exit::Fine);
    }
    let mut opened = OpenOptions::new();
    let written = opened.write(true).create_new(true).open(&file);
    match written.and_then(|mut written| written.write_all(draft.as_bytes())) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(
                format!("{shown} is there already: --stdout shows what would be written").into(),
            );
        }
        Err(error) => {
            return Err(
                format!("{shown} cannot be written ({error}): --stdout shows it instead").into(),
            );
        }
    }
    output.write(|out| {
        writeln!(
            out,
            "wrote {shown}: read it, take what you want, then `plimsoll scan`"
        )
    })?;
    Ok(Exit::Fine)
}

fn draft(folder: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let found = find(&[folder.to_owned()])?;
    let (work, charts) = Work::unrendered(found.files);
    let mut survey = Survey::default();
    survey.add_charts(charts);
    for Manifest { file, unit, .. } in &work.manifests {
        let text = read(file).ok().and_then(|bytes| decode(bytes).ok());
        let below = file.path.strip_prefix(folder).unwrap_or(&file.path);
        if let Some(text) = text {
            let within = unit
                .strip_prefix(&*file.root)
                .map(|unit| unit.trim_start_matches('/'));
            let within = within.filter(|unit| !unit.is_empty()).unwrap_or(unit);
            let source = SourceText {
                name: file.name.clone(),
                unit: within.into(),
                text: &text,
                provenance: Provenance::Written,
            };
            survey.add(&source, &below.to_string_lossy().replace('\\', "/"));
        }
    }
    let control = plimsoll_catalog::all().next();
    Ok(survey.draft(control.map_or("", |control| control.head.id)))
}
