//! How paths are shown, and which files of a folder are of interest. Pure: works on names alone.

use std::ffi::OsStr;
use std::path::Path;

/// The path as shown: `/` on every system, without a leading `./`. `.` itself stays.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    };
    let mut rest = text.as_str();
    while let Some(below) = rest.strip_prefix("./") {
        rest = below.trim_start_matches('/');
    }
    if rest.is_empty() {
        ".".to_owned()
    } else {
        rest.to_owned()
    }
}

/// The folder of a shown name.
pub(crate) fn folder(name: &str) -> String {
    match name.rsplit_once('/') {
        Some(("", _)) => "/".to_owned(),
        Some((folder, _)) => folder.to_owned(),
        None => ".".to_owned(),
    }
}

/// Does a file of this name belong to what is read in a folder? Endings count in any case.
pub(crate) fn is_input(name: &OsStr) -> bool {
    let ending = Path::new(name).extension().and_then(OsStr::to_str);
    let ending = ending.is_some_and(|ending| {
        ["yaml", "yml", "json"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    });
    let archive = name.to_str().is_some_and(crate::is_archive);
    ending || archive || name == "Kustomization"
}

/// Folders of other people's files that a scan of the folder above does not mean.
pub(crate) fn is_foreign_folder(name: &OsStr) -> bool {
    name == "node_modules" || name == "vendor"
}

/// Is this the name of a file that says what to ignore?
pub(crate) fn is_ignore_file(name: &OsStr) -> bool {
    name == ".gitignore" || name == ".ignore"
}

/// Is this name hidden?
pub(crate) fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_names_have_no_leading_dot() {
        for (path, name) in [
            ("./deploy/a.yaml", "deploy/a.yaml"),
            (".//./a.yaml", "a.yaml"),
            (".", "."),
            ("./", "."),
            ("../a.yaml", "../a.yaml"),
            ("/srv/a.yaml", "/srv/a.yaml"),
            (".hidden", ".hidden"),
        ] {
            assert_eq!(shown(Path::new(path)), name, "{path}");
        }
    }

    #[test]
    fn the_folder_of_a_lonely_file_is_the_current_one() {
        assert_eq!(folder("a.yaml"), ".");
        assert_eq!(folder("x/y/a.yaml"), "x/y");
        assert_eq!(folder("/a.yaml"), "/");
    }

    #[test]
    fn inputs_are_known_by_their_ending() {
        for name in [
            "a.yaml",
            "a.yml",
            "a.json",
            "A.YAML",
            "Kustomization",
            "a-1.0.tgz",
        ] {
            assert!(is_input(OsStr::new(name)), "{name}");
        }
        for name in ["yaml", "a.yaml.bak", "a.tpl", "kustomization", ".yaml"] {
            assert!(!is_input(OsStr::new(name)), "{name}");
        }
    }
}
