//! The corpus as a whole: the same on every machine, of the size that was asked for, readable, varied.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::*;

/// As much of a document as every object has.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    api_version: String,
    kind: String,
    #[serde(default)]
    metadata: Metadata,
    #[serde(default)]
    items: Vec<Head>,
}

#[derive(Deserialize, Default)]
struct Metadata {
    name: String,
}

fn corpus(line: &str) -> Vec<File> {
    let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    generate(&Request::parse(&arguments).unwrap()).collect()
}

/// FNV-1a of every path and text.
fn hash(files: &[File]) -> u64 {
    let bytes = files
        .iter()
        .flat_map(|file| [file.path.bytes(), file.text.bytes()])
        .flatten();
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn heads(file: &File) -> Vec<Head> {
    let mut heads = Vec::new();
    for head in serde_saphyr::from_multiple::<Head>(&file.text).unwrap() {
        if head.kind == "List" {
            heads.extend(head.items);
        } else {
            heads.push(head);
        }
    }
    heads
}

fn size(files: &[File]) -> usize {
    files.iter().map(|file| file.text.len()).sum()
}

fn assert_close(actual: usize, wanted: usize) {
    let apart = actual.abs_diff(wanted);
    assert!(
        apart * 20 <= wanted,
        "{actual} is not within 5 % of {wanted}"
    );
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    assert_eq!(
        hash(&corpus("d --files 40 --seed 7")),
        0x0aa2_f842_9c53_47dd
    );
    assert_eq!(
        hash(&corpus("d --pods 20 --single --seed 7")),
        0xb66e_5ad6_053a_e182
    );
    assert_eq!(
        hash(&corpus("d --crd-bytes 50000 --seed 7")),
        0x0cdb_6681_a31b_fce5
    );
    assert_eq!(
        hash(&corpus("d --platform 65 --seed 7")),
        0x589e_0a0e_b0f6_e708
    );
    assert_ne!(
        hash(&corpus("d --files 40 --seed 7")),
        hash(&corpus("d --files 40 --seed 8"))
    );
}

#[test]
fn the_default_has_the_size_of_a_large_repository() {
    let files = corpus("d");
    assert_eq!(files.len(), 300);
    assert_close(size(&files), 1_410_000);
    assert_close(
        files.iter().map(|file| file.text.lines().count()).sum(),
        36_000,
    );
}

#[test]
fn a_platform_has_the_density_of_the_input_that_others_were_measured_with() {
    let files = corpus("d --platform 325");
    assert_eq!(files.iter().flat_map(heads).count(), 325);
    assert_close(size(&files), 1_430_000);
    assert_close(
        files.iter().map(|file| file.text.lines().count()).sum(),
        36_000,
    );
}

#[test]
fn any_size_is_met() {
    for (files, each) in [
        (1, 1_024),
        (1, 1_500),
        (1, 30_000),
        (9, 1_100),
        (50, 2_000),
        (20, 30_000),
    ] {
        for seed in 0..4 {
            let made = corpus(&format!(
                "d --files {files} --bytes-per-file {each} --seed {seed}"
            ));
            assert_eq!(made.len(), files);
            assert_close(size(&made), files * each);
        }
    }
    for bytes in [4_096, 20_000, 300_000, 2_000_000] {
        assert_close(size(&corpus(&format!("d --crd-bytes {bytes}"))), bytes);
    }
}

#[test]
fn every_document_reads_as_an_object_with_a_name() {
    let lines = ["d", "d --crd-bytes 600000", "d --platform 65"];
    for file in lines.into_iter().flat_map(corpus) {
        let heads = heads(&file);
        assert!(!heads.is_empty(), "{} is empty", file.path);
        for head in heads {
            assert!(
                !head.api_version.is_empty() && !head.metadata.name.is_empty(),
                "{}",
                file.path
            );
        }
    }
}

#[test]
fn paths_are_unique() {
    let files = corpus("d");
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths.len(), files.len());
}

#[test]
fn every_carrier_and_every_companion_occurs() {
    let files = corpus("d");
    let mut kinds = BTreeMap::new();
    for head in files.iter().flat_map(heads) {
        *kinds.entry(head.kind).or_insert(0) += 1;
    }
    for kind in [
        "Pod",
        "Deployment",
        "ReplicaSet",
        "StatefulSet",
        "DaemonSet",
        "Job",
        "CronJob",
        "ReplicationController",
        "PodTemplate",
        "Service",
        "ConfigMap",
        "ServiceAccount",
        "Role",
        "RoleBinding",
        "NetworkPolicy",
        "Ingress",
        "PodDisruptionBudget",
        "CustomResourceDefinition",
    ] {
        assert!(
            kinds.get(kind).is_some_and(|count| *count > 2),
            "{kind}: {kinds:?}"
        );
    }
}

#[test]
fn one_pod_in_three_is_hardened() {
    let [file] = &corpus("d --pods 900 --single")[..] else {
        panic!("one file");
    };
    assert_eq!(heads(file).len(), 900);
    let hardened = file
        .text
        .matches("automountServiceAccountToken: false")
        .count();
    assert!((250..350).contains(&hardened), "{hardened}");
    for fault in [
        "privileged: true",
        "hostNetwork: true",
        "hostPath:",
        "Unconfined",
        "sysctls:",
        "runAsUser: 0",
    ] {
        assert!(file.text.contains(fault), "{fault}");
    }
}

#[test]
fn the_fast_reader_reads_nearly_all_of_it() {
    let files = corpus("out --files 300");
    let (mut fast, mut all) = (0, 0);
    for File { text, .. } in &files {
        for chunk in plimsoll_yaml::split(text) {
            let tree = plimsoll_yaml::parse(text, &chunk).unwrap();
            all += 1;
            fast += usize::from(tree.fast());
        }
    }
    assert!(all > 500, "{all} documents");
    assert!(fast * 100 > all * 98, "{fast} of {all} documents");
}
