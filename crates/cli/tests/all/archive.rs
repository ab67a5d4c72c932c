//! Archives of manifests as paths.

use std::fs::File;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::Builder;

use crate::folder::{Folder, HARMLESS, PRIVILEGED};

/// Packs what the folder has below `from` as `name`.
fn packed(folder: Folder, from: &str, name: &str) -> Folder {
    let file = File::create(folder.path(name)).unwrap();
    let mut archive = Builder::new(GzEncoder::new(file, Compression::fast()));
    archive.append_dir_all(".", folder.path(from)).unwrap();
    archive.into_inner().unwrap().finish().unwrap();
    folder
}

fn manifests() -> Folder {
    let folder = Folder::new()
        .file("src/deploy/a.yaml", PRIVILEGED)
        .file("src/deploy/.gitignore", "ignored.yaml\n")
        .file("src/deploy/ignored.yaml", PRIVILEGED)
        .file("src/testdata/b.yaml", PRIVILEGED)
        .file("src/c.yaml", HARMLESS);
    packed(folder, "src", "all.tar.gz")
}

#[test]
fn an_archive_is_the_folder_that_was_packed() {
    let folder = manifests();
    let scan = folder.scan_with(&["all.tar.gz"]);
    assert_eq!(
        scan.found("privileged-container"),
        ["all.tar.gz!deploy/a.yaml:9", "all.tar.gz!testdata/b.yaml:9"]
    );
    assert_eq!((scan.code, scan.gaps().len()), (1, 0));
    let unpacked = folder.scan_with(&["src"]);
    assert_eq!(
        scan.report["findings"][0]["object"]["unit"],
        "all.tar.gz!deploy"
    );
    assert_eq!(
        unpacked.report["findings"][0]["object"]["unit"],
        "src/deploy"
    );
    let fingerprints = |scan: &crate::folder::Scan| -> Vec<String> {
        let findings = scan.report["findings"].as_array().unwrap().iter();
        findings
            .map(|finding| finding["fingerprint"].to_string())
            .collect()
    };
    assert_eq!(fingerprints(&scan), fingerprints(&unpacked));
    assert_eq!(scan.summary("files"), unpacked.summary("files"));
}

#[test]
fn the_configuration_leaves_out_members_as_it_does_files() {
    let folder = manifests().file("plimsoll.yaml", "version: 1\nexclude: ['**/testdata/**']\n");
    let scan = folder.scan_with(&["all.tar.gz"]);
    assert_eq!(
        scan.found("privileged-container"),
        ["all.tar.gz!deploy/a.yaml:9"]
    );
    assert_eq!(scan.summary("excluded"), 1);
}

#[test]
fn a_kustomization_in_an_archive_governs_only_its_members() {
    let folder = Folder::new()
        .file(
            "src/kustomization.yaml",
            "resources: [a.yaml]\npatches: [{path: patch.yaml}]\n",
        )
        .file("src/a.yaml", PRIVILEGED)
        .file("src/patch.yaml", PRIVILEGED)
        .file("patch.yaml", PRIVILEGED);
    let folder = packed(folder, "src", "x.tgz");
    let scan = folder.scan_with(&["x.tgz", "patch.yaml"]);
    assert_eq!(
        scan.found("privileged-container"),
        ["patch.yaml:9", "x.tgz!a.yaml:9"]
    );
    let units = scan.report["findings"].as_array().unwrap().iter();
    let units: std::collections::BTreeSet<_> = units
        .map(|finding| finding["object"]["unit"].to_string())
        .collect();
    assert_eq!(Vec::from_iter(units), ["\".\"", "\"x.tgz\""]);
}

#[test]
fn a_packed_chart_is_a_gap_that_says_what_to_do() {
    let folder = Folder::new()
        .file("src/web/Chart.yaml", "name: web\n")
        .file("src/web/templates/a.yaml", "kind: {{ .x }}\n");
    let scan = packed(folder, "src", "web-1.0.tgz").scan_with(&["web-1.0.tgz"]);
    assert_eq!(
        (scan.code, scan.gaps()),
        (2, vec!["helm-not-found web-1.0.tgz".to_owned()])
    );
    assert!(scan.gap_message().contains("helm template web-1.0.tgz"));
}

#[test]
fn an_archive_that_is_none_is_a_gap() {
    let folder = Folder::new().file("x.tgz", "kind: Pod");
    let scan = folder.scan_with(&["x.tgz"]);
    assert_eq!(
        (scan.code, scan.gaps()),
        (2, vec!["unreadable x.tgz".to_owned()])
    );
    assert!(
        scan.gap_message()
            .contains("is damaged, or no gzipped tar archive")
    );
}
