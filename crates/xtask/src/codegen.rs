//! `cargo xtask codegen`: turns `crates/guide/data/register.yaml` into `crates/guide/src/generated.rs`.
//!
//! Here lives the whole way from the data file to Rust text; what the fields mean lives in `crates/guide`.
//! Invariants: the same data gives the same bytes, and a word that `crates/guide` does not know fails to compile
//! there rather than being guessed at here. The text is not for `rustfmt`, which skips the module.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize;

use crate::Outcome;

const DATA: &str = "crates/guide/data/register.yaml";
const GENERATED: &str = "crates/guide/src/generated.rs";

/// Why nothing could be generated.
#[derive(Debug, thiserror::Error)]
enum CodegenError {
    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot write {}: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("{DATA} does not hold a list of recommendations: {0}")]
    Parse(#[from] Box<serde_saphyr::Error>),
}

/// One record of the data file. Unknown fields are refused, so that a misspelt one is noticed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    id: String,
    title: String,
    chapter: String,
    section: String,
    kind: String,
    severity: String,
    source: String,
    page_v1_0: Option<u16>,
    statement: String,
    how: String,
    remedy: String,
    versions: String,
    superseded: Option<String>,
    #[serde(default)]
    threats: Vec<String>,
    #[serde(default)]
    evidence: Vec<String>,
    #[serde(default)]
    cis: Vec<String>,
    #[serde(default)]
    attack: Vec<String>,
    #[serde(default)]
    related: Vec<String>,
}

/// Writes the generated file if it differs. Takes no arguments.
pub(crate) fn run(project: &Path, _arguments: &[String]) -> Outcome {
    let path = project.join(GENERATED);
    let text = generate(project)?;
    if fs::read_to_string(&path).is_ok_and(|present| present == text) {
        println!("{GENERATED} is fresh");
        return Ok(());
    }
    fs::write(&path, text).map_err(|source| CodegenError::Write { path, source })?;
    println!("wrote {GENERATED}");
    Ok(())
}

/// The text that the generated file must have.
fn generate(project: &Path) -> Result<String, CodegenError> {
    let path = project.join(DATA);
    let data = fs::read_to_string(&path).map_err(|source| CodegenError::Read { path, source })?;
    Ok(render(&parse(&data)?))
}

fn parse(data: &str) -> Result<Vec<Record>, CodegenError> {
    serde_saphyr::from_str(data).map_err(|error| CodegenError::Parse(Box::new(error)))
}

fn render(records: &[Record]) -> String {
    let mut text = String::from(concat!(
        "//! Every recommendation as a static, and the list of all of them.\n",
        "//!\n",
        "//! Written by `cargo xtask codegen` from `data/register.yaml`: edit that file, not this one.\n",
        "\n",
        "use crate::{Chapter, Evidence, Kind, Recommendation, Severity, Source, Threat};\n",
    ));
    for record in records {
        text += &render_record(record);
    }
    text += "\n/// Every recommendation, in the order of the guide.\n";
    let _ = writeln!(
        text,
        "pub static ALL: [&Recommendation; {}] = [",
        records.len()
    );
    for record in records {
        let _ = writeln!(text, "    &{},", constant(&record.id));
    }
    text + "];\n"
}

fn render_record(record: &Record) -> String {
    let fields = [
        ("id", quoted(&record.id)),
        ("title", quoted(&record.title)),
        ("chapter", variant("Chapter", &record.chapter)),
        ("section", quoted(&record.section)),
        ("kind", variant("Kind", &record.kind)),
        ("statement", quoted(&record.statement)),
        ("how", quoted(&record.how)),
        ("remedy", quoted(&record.remedy)),
        ("versions", quoted(&record.versions)),
        ("severity", variant("Severity", &record.severity)),
        (
            "threats",
            list(&record.threats, |word| variant("Threat", word)),
        ),
        (
            "evidence",
            list(&record.evidence, |word| variant("Evidence", word)),
        ),
        ("cis", list(&record.cis, quoted)),
        ("attack", list(&record.attack, quoted)),
        ("related", list(&record.related, quoted)),
        ("source", variant("Source", &record.source)),
        (
            "superseded",
            option(record.superseded.as_deref().map(quoted)),
        ),
        (
            "page_v1_0",
            option(record.page_v1_0.map(|page| page.to_string())),
        ),
    ];
    let name = constant(&record.id);
    let mut text = format!(
        "\n/// {}.\npub static {name}: Recommendation = Recommendation {{\n",
        record.title
    );
    for (field, value) in fields {
        let _ = writeln!(text, "    {field}: {value},");
    }
    text + "};\n"
}

/// `PSC-01` as `PSC_01`.
fn constant(id: &str) -> String {
    id.replace('-', "_")
}

/// `control-plane-node` of `Evidence` as `Evidence::ControlPlaneNode`.
fn variant(of: &str, word: &str) -> String {
    let mut text = format!("{of}::");
    for part in word.split('-') {
        let mut characters = part.chars();
        text.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(characters.as_str());
    }
    text
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}

fn option(value: Option<String>) -> String {
    value.map_or_else(|| "None".to_owned(), |value| format!("Some({value})"))
}

fn list<'r>(words: &'r [String], item: impl Fn(&'r str) -> String) -> String {
    let items: Vec<String> = words.iter().map(|word| item(word)).collect();
    format!("&[{}]", items.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str = "\
- id: NET-1
  title: Say \"no\"
  chapter: network-separation
  section: here
  kind: check
  severity: low
  source: project
  statement: >-
    two
    lines
  how: look
  remedy: mend
  versions: all
  evidence: [control-plane-node, cluster-api]
  cis: ['1.2']
";

    #[test]
    fn the_committed_file_is_fresh() {
        let project = crate::project();
        let committed = fs::read_to_string(project.join(GENERATED)).unwrap();
        let fresh = generate(project).unwrap();
        assert!(
            committed == fresh,
            "{GENERATED} is stale: run `cargo xtask codegen`"
        );
    }

    #[test]
    fn a_record_becomes_a_static_and_a_row_of_the_list() {
        let text = render(&parse(MINIMAL).unwrap());
        assert!(text.contains("pub static NET_1: Recommendation = Recommendation {\n"));
        assert!(text.contains("    title: \"Say \\\"no\\\"\",\n"));
        assert!(text.contains("    chapter: Chapter::NetworkSeparation,\n"));
        assert!(text.contains("    statement: \"two lines\",\n"));
        assert!(text.contains("    cis: &[\"1.2\"],\n    attack: &[],\n"));
        assert!(
            text.contains("    evidence: &[Evidence::ControlPlaneNode, Evidence::ClusterApi],\n")
        );
        assert!(text.contains("    superseded: None,\n    page_v1_0: None,\n};\n"));
        assert!(text.ends_with("pub static ALL: [&Recommendation; 1] = [\n    &NET_1,\n];\n"));
    }

    #[test]
    fn a_misspelt_or_missing_field_is_refused() {
        assert!(parse(&MINIMAL.replace("  how:", "  hwo:")).is_err());
        assert!(parse(&MINIMAL.replace("  remedy: mend\n", "")).is_err());
    }
}
