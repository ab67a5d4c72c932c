//! Folders as users have them: ignore files, links, loops, strange names.

use std::fs;

use tempfile::TempDir;

use super::*;

/// A folder with these files; what ends in `/` is an empty folder.
fn folder_of(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn find_one(path: &Path) -> Found {
    find(&[path.to_owned()]).unwrap()
}

/// The shown names, without the folder's own.
fn names(found: &Found, folder: &TempDir) -> Vec<String> {
    let prefix = format!("{}/", folder.path().display());
    let short = |file: &InputFile| file.name.replace(&prefix, "");
    found.files.iter().map(short).collect()
}

#[test]
fn a_folder_gives_its_manifests_in_bytewise_order() {
    let folder = folder_of(&[
        ("b.yaml", ""),
        ("a/z.yml", ""),
        ("a.yaml", ""),
        ("B.json", ""),
        ("readme.md", ""),
        ("x/Kustomization", ""),
    ]);
    let found = find_one(folder.path());
    assert_eq!(
        names(&found, &folder),
        ["B.json", "a.yaml", "a/z.yml", "b.yaml", "x/Kustomization"]
    );
    assert!(found.files.iter().all(|file| !file.explicit));
}

#[test]
fn ignore_files_count_without_a_repository() {
    let folder = folder_of(&[
        (".gitignore", "out/\n*.gen.yaml\n"),
        ("sub/.ignore", "secret.yaml\n"),
        ("out/a.yaml", ""),
        ("x.gen.yaml", ""),
        ("sub/secret.yaml", ""),
        ("sub/kept.yaml", ""),
    ]);
    assert_eq!(names(&find_one(folder.path()), &folder), ["sub/kept.yaml"]);
}

#[test]
fn what_is_named_is_not_ignored_by_files_above_it() {
    let folder = folder_of(&[(".gitignore", "out/*\n"), ("out/a.yaml", "")]);
    assert_eq!(names(&find_one(folder.path()), &folder), [""; 0]);
    let out = find_one(&folder.path().join("out"));
    assert_eq!(names(&out, &folder), ["out/a.yaml"]);
}

#[test]
fn hidden_and_foreign_folders_are_skipped_unless_named() {
    let folder = folder_of(&[
        (".git/a.yaml", ""),
        (".hidden.yaml", ""),
        ("node_modules/p/a.yaml", ""),
        ("vendor/a.yaml", ""),
        ("vendors/a.yaml", ""),
    ]);
    assert_eq!(names(&find_one(folder.path()), &folder), ["vendors/a.yaml"]);
    let vendor = find_one(&folder.path().join("vendor"));
    assert_eq!(names(&vendor, &folder), ["vendor/a.yaml"]);
    let hidden = find_one(&folder.path().join(".hidden.yaml"));
    assert_eq!(names(&hidden, &folder), [".hidden.yaml"]);
}

#[test]
fn a_named_file_is_read_whatever_its_ending() {
    let folder = folder_of(&[("manifest.txt", "text"), (".gitignore", "*")]);
    let found = find_one(&folder.path().join("manifest.txt"));
    let [file] = found.files.as_slice() else {
        panic!("{found:?}")
    };
    assert!(file.explicit);
    assert_eq!(*file.root, *folder.path().display().to_string());
    assert_eq!(crate::read(file).unwrap(), b"text");
}

#[test]
fn what_is_asked_for_twice_is_found_once() {
    let folder = folder_of(&[("a.yaml", "")]);
    let file = folder.path().join("a.yaml");
    let found = find(&[folder.path().to_owned(), file.clone(), file]).unwrap();
    assert_eq!(names(&found, &folder), ["a.yaml"]);
    assert!(found.files[0].explicit);
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    let folder = folder_of(&[("a.yaml", "")]);
    let missing = folder.path().join("missing");
    let error = find(&[folder.path().to_owned(), missing.clone()]).unwrap_err();
    assert_eq!(error, NoSuchPath(missing));
    assert!(error.to_string().ends_with("missing: check the path"));
    assert!(find(&[folder.path().join("a.yaml/below")]).is_err());
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn loops_are_survived_and_links_inside_are_followed() {
        let folder = folder_of(&[("real/a.yaml", "")]);
        symlink(folder.path(), folder.path().join("real/loop")).unwrap();
        symlink(folder.path().join("real"), folder.path().join("other")).unwrap();
        symlink("self", folder.path().join("self")).unwrap();
        let found = find_one(folder.path());
        assert_eq!(names(&found, &folder), ["other/a.yaml", "real/a.yaml"]);
        assert_eq!(found.problems, []);
    }

    #[test]
    fn a_manifest_that_links_to_itself_is_a_problem() {
        let folder = folder_of(&[]);
        symlink("a.yaml", folder.path().join("a.yaml")).unwrap();
        let found = find_one(folder.path());
        let message = &found.problems[0].message;
        assert!(
            message.starts_with("cannot be read: Too many levels"),
            "{message}"
        );
    }

    #[test]
    fn links_that_lead_out_are_problems_unless_their_target_is_named() {
        let outside = folder_of(&[("secret.yaml", ""), ("sub/b.yaml", "")]);
        let folder = folder_of(&[("a.yaml", "")]);
        symlink(
            outside.path().join("secret.yaml"),
            folder.path().join("link.yaml"),
        )
        .unwrap();
        symlink(outside.path().join("sub"), folder.path().join("sub")).unwrap();
        symlink("/etc/hostname", folder.path().join("of-no-interest")).unwrap();
        let found = find_one(folder.path());
        assert_eq!(names(&found, &folder), ["a.yaml"]);
        let problems: Vec<_> = found
            .problems
            .iter()
            .map(|problem| &*problem.name)
            .collect();
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].ends_with("link.yaml") && problems[1].ends_with("sub"));
        assert!(found.problems[0].message.contains("leads out"));
        let both = find(&[folder.path().to_owned(), outside.path().to_owned()]).unwrap();
        assert_eq!(both.problems, []);
        assert_eq!(both.files.len(), 5);
    }

    #[test]
    fn broken_links_are_problems_where_they_should_be_read() {
        let folder = folder_of(&[("a.yaml", "")]);
        for name in ["broken.yaml", ".#a.yaml", "broken"] {
            symlink("nowhere", folder.path().join(name)).unwrap();
        }
        let found = find_one(folder.path());
        let [problem] = found.problems.as_slice() else {
            panic!("{:?}", found.problems)
        };
        assert!(problem.name.ends_with("/broken.yaml"));
        assert!(problem.message.contains("leads nowhere"));
        let named = find_one(&folder.path().join("broken"));
        let problem = crate::read(&named.files[0]).unwrap_err();
        assert!(problem.name.ends_with("/broken") && problem.message.contains("leads nowhere"));
    }

    #[test]
    fn a_socket_in_a_folder_is_a_problem_and_not_opened() {
        let folder = folder_of(&[]);
        let _listener = UnixListener::bind(folder.path().join("s.yaml")).unwrap();
        let found = find_one(folder.path());
        assert!(found.files.is_empty());
        assert!(
            found.problems[0]
                .message
                .contains("neither a file nor a folder")
        );
    }
}

#[test]
fn the_same_file_by_another_name_is_one_file() {
    let folder = folder_of(&[("shop/deploy/a.yaml", ""), ("shop/b.yaml", "")]);
    let shop = folder.path().join("shop");
    let around = shop.join("deploy/..");
    let mut paths = vec![shop.join("deploy"), shop.clone(), around];
    for _ in 0..2 {
        let found = find(&paths).unwrap();
        assert_eq!(found.files.len(), 2, "{:?}", found.files);
        paths.reverse();
    }
}

#[test]
fn the_order_of_nested_paths_does_not_matter() {
    let folder = folder_of(&[("shop/deploy/a.yaml", "")]);
    let shop = folder.path().join("shop");
    let mut paths = vec![shop.join("deploy"), shop.clone()];
    for _ in 0..2 {
        let found = find(&paths).unwrap();
        let roots: Vec<_> = found.files.iter().map(|file| &*file.root).collect();
        assert_eq!(roots, [shown(&shop).as_str()]);
        paths.reverse();
    }
}
