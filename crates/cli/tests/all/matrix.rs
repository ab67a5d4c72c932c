//! Every source with every format: what a reader of the format gets back is what the JSON report says, finding by finding.

use std::fs::{self, File};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use plimsoll_cluster::{Header, Writer};
use plimsoll_render::FORMATS;
use serde_json::json;

use crate::folder::{Folder, PRIVILEGED, Run};
use crate::formats;
use crate::programs::program;
use crate::recovered::{Recovered, recover};
use crate::revision::committed;

/// What is scanned, by the name of its column in `docs/formats.md`.
struct Source {
    name: &'static str,
    folder: Folder,
    arguments: Vec<String>,
    input: Option<String>,
}

impl Source {
    fn new(name: &'static str, folder: Folder, arguments: &[&str]) -> Source {
        let arguments = arguments.iter().map(ToString::to_string).collect();
        Source {
            name,
            folder,
            arguments,
            input: None,
        }
    }

    fn piped(name: &'static str, input: String) -> Source {
        Source {
            input: Some(input),
            ..Source::new(name, Folder::new(), &["-"])
        }
    }

    fn scan(&self, format: &str) -> Run {
        let mut arguments = vec!["scan", "--format", format];
        arguments.extend(self.arguments.iter().map(String::as_str));
        match &self.input {
            Some(input) => self.folder.pipe(&arguments, input),
            None => self.folder.run(&arguments),
        }
    }
}

/// The formats from which a report can be got back. A comment for a pull request holds no fingerprints.
pub(crate) fn machine_formats() -> impl Iterator<Item = &'static str> {
    let formats = FORMATS.iter().filter(|format| format.takes_records());
    formats
        .map(|format| format.name)
        .filter(|name| *name != "markdown")
}

/// What a format gives back of a report, for which it has a place.
pub(crate) fn expected(json: &str, format: &str) -> Recovered {
    let all = recover("json", json);
    match format {
        "github" | "gitlab" => Recovered {
            waived: None,
            ..all
        },
        _ => all,
    }
}

/// Scans a source in every format. The number of findings.
fn try_all(source: &Source) -> usize {
    let base = source.scan("json");
    let name = source.name;
    let findings = recover("json", &base.out).findings.len();
    assert!(findings > 0, "{name}: {}", base.err);
    for format in machine_formats() {
        let run = source.scan(format);
        assert_eq!(
            (run.code, run.err.as_str()),
            (base.code, ""),
            "{name} as {format}"
        );
        let recovered = recover(format, &run.out);
        assert_eq!(recovered, expected(&base.out, format), "{name} as {format}");
    }
    let shown = source.scan("markdown");
    let several = if findings == 1 { "finding" } else { "findings" };
    let title = format!("### Plimsoll: {findings} {several}");
    assert!(shown.out.contains(&title), "{name}: {}", shown.out);
    assert_eq!(shown.code, base.code);
    findings
}

/// Has the documentation's table a column for this source?
fn is_documented(source: &str) {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats.md");
    let page = fs::read_to_string(project).unwrap();
    let mut lines = page.lines();
    let head = lines.find(|line| line.starts_with("| format |")).unwrap();
    assert!(head.contains(&format!("| {source} |")), "{source}: {head}");
}

fn all_formats_of(source: Source) -> usize {
    is_documented(source.name);
    try_all(&source)
}

#[test]
fn a_folder() {
    let source = Source::new("folder", formats::folder(), &["."]);
    let report = recover("json", &source.scan("json").out);
    assert_eq!((report.waived, report.gaps), (Some(1), 1));
    all_formats_of(source);
}

#[test]
fn files() {
    let files = ["a.yaml", "b/shop, 100%.yaml"];
    all_formats_of(Source::new("files", formats::folder(), &files));
}

#[test]
fn standard_input_and_lists() {
    all_formats_of(Source::piped("standard input", PRIVILEGED.to_owned()));
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n- {}",
        PRIVILEGED.trim_end().replace('\n', "\n  ")
    );
    all_formats_of(Source::piped("`List`", list));
}

#[test]
fn an_archive_says_what_its_folder_says() {
    let folder = formats::folder();
    let file = File::create(folder.path("all.tgz")).unwrap();
    let mut archive = tar::Builder::new(GzEncoder::new(file, Compression::fast()));
    for name in ["a.yaml", "b", "broken.yaml"] {
        let path = folder.path(name);
        match path.is_dir() {
            true => archive.append_dir_all(name, path).unwrap(),
            false => archive.append_path_with_name(path, name).unwrap(),
        }
    }
    archive.into_inner().unwrap().finish().unwrap();
    let whole = recover("json", &folder.run(&["scan", "--format", "json", "."]).out);
    let source = Source::new("archive", folder, &["all.tgz"]);
    assert_eq!(recover("json", &source.scan("json").out), whole);
    all_formats_of(source);
}

#[test]
fn only_what_is_new_since_a_revision() {
    let folder = committed(formats::folder());
    let folder = folder.file("new.yaml", PRIVILEGED.replace("agent", "new"));
    let all = recover("json", &folder.run(&["scan", "--format", "json", "."]).out);
    let new = all_formats_of(Source::new("`--since`", folder, &["--since", "main", "."]));
    assert!(new < all.findings.len(), "{new}");
}

#[test]
fn only_what_is_not_in_a_former_report() {
    let folder = formats::folder();
    let former = folder.run(&["scan", "--format", "json", "a.yaml"]).out;
    let folder = folder.file("former.json", former);
    let all = recover("json", &folder.run(&["scan", "--format", "json", "."]).out);
    let arguments = ["--baseline", "former.json", "."];
    let new = all_formats_of(Source::new("`--baseline`", folder, &arguments));
    assert!(new < all.findings.len(), "{new}");
}

#[test]
fn a_chart() {
    for helm in ["helm3", "helm4"]
        .iter()
        .filter_map(|name| program(name, "a_chart"))
    {
        let pod = PRIVILEGED.replace("{name: agent}", "{name: '{{ .Release.Name }}'}");
        let folder = Folder::new()
            .file(
                "web/Chart.yaml",
                "apiVersion: v2\nname: web\nversion: 1.0.0\n",
            )
            .file("web/templates/pod.yaml", pod);
        all_formats_of(Source::new("chart", folder, &["--helm", &helm, "web"]));
    }
}

#[test]
fn a_kustomization() {
    let Some(kustomize) = program("kustomize", "a_kustomization") else {
        return;
    };
    let folder = Folder::new()
        .file(
            "kustomization.yaml",
            "resources: [a.yaml]\nnamePrefix: prod-\n",
        )
        .file("a.yaml", PRIVILEGED);
    let arguments = ["--kustomize", &kustomize, "."];
    all_formats_of(Source::new("kustomization", folder, &arguments));
}

#[test]
fn a_saved_cluster() {
    let folder = Folder::new();
    let header = Header {
        schema: plimsoll_cluster::SCHEMA.to_owned(),
        server_version: "v1.37.1".to_owned(),
        taken: "2027-01-31".to_owned(),
        namespaces: Vec::new(),
        selector: None,
        redaction: None,
    };
    let file = File::create(folder.path("cluster.snapshot")).unwrap();
    let mut writer = Writer::new(file, &header).unwrap();
    writer
        .object(&json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "agent", "namespace": "shop"},
            "spec": {"containers": [{"name": "main", "image": "a", "securityContext": {"privileged": true}}]},
        }))
        .unwrap();
    writer.finish().unwrap();
    all_formats_of(Source::new("saved cluster", folder, &["cluster.snapshot"]));
}

#[test]
fn the_documentation_has_every_format() {
    let project = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats.md");
    let page = fs::read_to_string(project).unwrap();
    for format in FORMATS {
        let row = format!("| `{}` |", format.name);
        assert!(
            page.contains(&row),
            "docs/formats.md has no row for {}",
            format.name
        );
    }
}
