//! `plimsoll guide`: every recommendation, what serves it, and with a report the evidence for it.

use std::fs;
use std::path::{Path, PathBuf};

use plimsoll_generate::{GENERATORS, Generator};
use plimsoll_render::{Coverage, Evidence, NotAReport, Writes, read_evidence};

use crate::arguments::{GuideOptions, ListFormat};
use crate::output::Output;
use crate::{Exit, Outcome};

/// Why a report cannot serve as evidence.
#[derive(Debug, thiserror::Error)]
enum EvidenceError {
    #[error("the report {} cannot be read: {cause}", path.display())]
    Unreadable {
        path: PathBuf,
        cause: std::io::Error,
    },
    #[error("{}: {cause}", path.display())]
    NotAReport { path: PathBuf, cause: NotAReport },
}

/// Runs the command.
pub(crate) fn run(options: &GuideOptions, output: &mut Output) -> Outcome {
    let evidence = options.report.as_deref().map(evidence).transpose()?;
    let (coverage, width, color) = (coverage(), output.width, output.color);
    output.write(|out| match options.format {
        ListFormat::Text => {
            plimsoll_render::guide_text(&coverage, evidence.as_ref(), width, color, out)
        }
        ListFormat::Json => plimsoll_render::guide_json(&coverage, evidence.as_ref(), out),
    })?;
    Ok(Exit::Fine)
}

/// What controls and generators serve of the guide.
pub(crate) fn coverage() -> Coverage<'static> {
    let writes = |generator: &&'static Generator| Writes {
        id: generator.id,
        title: generator.title,
        serves: generator.serves,
    };
    Coverage {
        controls: plimsoll_catalog::all().collect(),
        generators: GENERATORS.iter().map(writes).collect(),
        missing: [plimsoll_catalog::MISSING, plimsoll_generate::MISSING].concat(),
    }
}

/// The counts of each control in a report.
fn evidence(path: &Path) -> Result<Evidence, EvidenceError> {
    let path = path.to_owned();
    match fs::read_to_string(&path) {
        Ok(text) => read_evidence(&text).map_err(|cause| EvidenceError::NotAReport { path, cause }),
        Err(cause) => Err(EvidenceError::Unreadable { path, cause }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a control looks, the catalogue says what is left; two lists would contradict each other.
    #[test]
    fn generators_say_what_is_missing_only_where_no_control_looks() {
        let coverage = coverage();
        for (recommendation, _) in plimsoll_generate::MISSING {
            let id = recommendation.id;
            assert!(
                coverage.served_by(recommendation).next().is_none(),
                "{id} has a control"
            );
            assert!(
                coverage.written_by(recommendation).next().is_some(),
                "{id} has no generator"
            );
        }
    }
}
