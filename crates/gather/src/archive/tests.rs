//! Archives as people pack them, and as nobody should.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, Header};

use super::*;

/// A gzipped tar of these members; a text that begins with `->` is a link.
fn packed(members: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, text) in members {
        let mut header = Header::new_gnu();
        header.set_mode(0o644);
        // The tar crate would refuse hostile names; archives from elsewhere hold them all the same.
        let raw = header.as_gnu_mut().unwrap();
        raw.name[..name.len()].copy_from_slice(name.as_bytes());
        match text.strip_prefix("->") {
            Some(target) => {
                header.set_entry_type(EntryType::Symlink);
                header.set_size(0);
                header.set_link_name(target).unwrap();
                header.set_cksum();
                builder.append(&header, io::empty()).unwrap();
            }
            None => {
                header.set_size(text.len() as u64);
                header.set_cksum();
                builder.append(&header, text.as_bytes()).unwrap();
            }
        }
    }
    builder.into_inner().unwrap().finish().unwrap()
}

fn unpacked(members: &[(&str, &str)]) -> Archive {
    Archive::unpack(packed(members).as_slice(), LIMITS)
}

fn paths(archive: &Archive) -> Vec<&str> {
    archive.members.keys().map(String::as_str).collect()
}

#[test]
fn manifests_are_members_by_their_path_and_the_last_of_equal_ones_counts() {
    let archive = unpacked(&[
        ("./b.yaml", "old"),
        ("deploy/a.yml", "a"),
        ("readme.md", ""),
        (".hidden/a.yaml", ""),
        ("vendor/a.yaml", ""),
        ("b.yaml", "new"),
    ]);
    assert_eq!(paths(&archive), ["b.yaml", "deploy/a.yml"]);
    assert_eq!(archive.members["b.yaml"], b"new");
    assert_eq!(archive.problems, []);
}

#[test]
fn names_and_links_that_lead_elsewhere_are_problems() {
    let archive = unpacked(&[
        ("../up.yaml", "x"),
        ("/etc/top.yaml", "x"),
        ("a/../../b.yaml", "x"),
        ("link.yaml", "->/etc/passwd"),
        ("link", "->/etc/passwd"),
        ("a.yaml", "x"),
    ]);
    assert_eq!(paths(&archive), ["a.yaml"]);
    let problems: Vec<&str> = archive
        .problems
        .iter()
        .map(|(path, _)| path.as_str())
        .collect();
    assert_eq!(
        problems,
        ["../up.yaml", "/etc/top.yaml", "a/../../b.yaml", "link.yaml"]
    );
    assert!(archive.problems[0].1.contains("leads out of the archive"));
    assert!(archive.problems[3].1.contains("is a link"));
}

#[test]
fn what_is_too_large_is_a_problem_and_what_came_before_is_kept() {
    let large = "a".repeat(5000);
    let bytes = packed(&[("a.yaml", "small"), ("b.yaml", &large), ("c.yaml", "c")]);
    let limits = [
        Limits {
            kept: 4000,
            ..LIMITS
        },
        Limits {
            unpacked: 4000,
            ..LIMITS
        },
        Limits {
            members: 1,
            ..LIMITS
        },
    ];
    for limits in limits {
        let archive = Archive::unpack(bytes.as_slice(), limits);
        assert!(archive.members.contains_key("a.yaml"));
        assert!(!archive.members.contains_key("c.yaml"));
        let [(path, message)] = archive.problems.as_slice() else {
            panic!("{:?}", archive.problems)
        };
        assert!(
            path.is_empty() && message.contains("unpack it and name its folders"),
            "{message}"
        );
    }
}

#[test]
fn a_bomb_ends_at_the_limit_without_being_kept() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let mut header = Header::new_gnu();
    header.set_path("filler.bin").unwrap();
    header.set_size(64 << 20);
    header.set_cksum();
    encoder.write_all(header.as_bytes()).unwrap();
    for _ in 0..64 {
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 1 << 20);
    let limits = Limits {
        unpacked: 8 << 20,
        ..LIMITS
    };
    let archive = Archive::unpack(bomb.as_slice(), limits);
    assert_eq!((archive.members.len(), archive.problems.len()), (0, 1));
}

#[test]
fn what_is_damaged_is_a_problem() {
    let whole = packed(&[("a.yaml", "a"), ("b.yaml", &"b".repeat(2000))]);
    for bytes in [&whole[..whole.len() / 2], b"no archive", b""] {
        let archive = Archive::unpack(bytes, LIMITS);
        let [(_, message)] = archive.problems.as_slice() else {
            panic!("{:?} of {} bytes", archive.problems, bytes.len())
        };
        assert!(message.contains("is damaged"), "{message}");
    }
}

#[test]
fn a_packed_chart_is_known_by_its_description() {
    for (members, is_chart) in [
        (
            vec![("web/Chart.yaml", ""), ("web/templates/a.yaml", "")],
            true,
        ),
        (vec![("Chart.yaml", "")], true),
        (vec![("repo/charts/web/Chart.yaml", "")], false),
        (vec![("repo/NotAChart.yaml", "")], false),
    ] {
        assert_eq!(unpacked(&members).is_chart(), is_chart, "{members:?}");
    }
}

#[test]
fn ignore_files_count_as_in_the_folder_that_was_packed() {
    let files = [
        (
            ".gitignore",
            "out/\n*.gen.yaml\n!kept.gen.yaml\n/top.yaml\n",
        ),
        ("a.yaml", ""),
        ("top.yaml", ""),
        ("x.gen.yaml", ""),
        ("kept.gen.yaml", ""),
        ("out/a.yaml", ""),
        ("sub/top.yaml", ""),
        ("sub/.ignore", "secret.yaml\n!y.gen.yaml\n"),
        ("sub/secret.yaml", ""),
        ("sub/y.gen.yaml", ""),
        ("sub/deep/secret.yaml", ""),
        ("sub/deep/.gitignore", "!secret.yaml\n*\n"),
        ("sub/deep/b.yaml", ""),
        ("node_modules/.gitignore", "*"),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let found = crate::find(&[folder.path().to_owned()]).unwrap();
    let of_folder: BTreeSet<String> = found
        .files
        .iter()
        .map(|file| file.path.strip_prefix(folder.path()).unwrap())
        .map(|path| path.display().to_string())
        .collect();
    let archive = unpacked(&files);
    let of_archive: BTreeSet<String> = archive.members.keys().cloned().collect();
    assert_eq!(of_archive, of_folder);
    assert!(of_folder.contains("sub/y.gen.yaml") && !of_folder.contains("sub/deep/b.yaml"));
}

#[test]
fn archives_are_known_by_their_ending() {
    for (name, is) in [
        ("x.tgz", true),
        ("a/x.TAR.GZ", true),
        ("x.tar", false),
        ("x.yaml.gz", false),
    ] {
        assert_eq!(is_archive(Path::new(name)), is, "{name}");
    }
}

#[test]
fn a_name_longer_than_any_file_has_is_not_read() {
    let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for name in [
        ".gitignore".to_owned(),
        "a/".repeat(50_000) + "b.yaml",
        "b.yaml".to_owned(),
    ] {
        let mut header = Header::new_gnu();
        header.set_size(1);
        builder.append_data(&mut header, name, &b"x"[..]).unwrap();
    }
    let packed = builder.into_inner().unwrap().finish().unwrap();
    let archive = Archive::unpack(packed.as_slice(), LIMITS);
    assert_eq!(paths(&archive), ["b.yaml"]);
    let [(name, message)] = archive.problems.as_slice() else {
        panic!("one is told: {:?}", archive.problems);
    };
    assert!(name.len() < 200 && message.contains("too long"), "{name}");
}

#[test]
fn what_is_not_read_counts_too() {
    let links: Vec<String> = (0..9).map(|number| format!("{number}.yaml")).collect();
    let links: Vec<(&str, &str)> = links.iter().map(|name| (&**name, "->a.yaml")).collect();
    let limits = Limits {
        members: 5,
        ..LIMITS
    };
    let archive = Archive::unpack(packed(&links).as_slice(), limits);
    assert_eq!(archive.problems.len(), 7);
    assert!(archive.problems[6].1.contains("more than 5 manifests"));
}
