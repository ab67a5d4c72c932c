//! The real Helm and Kustomize, for the tests that need them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::folder::Folder;

/// A program that `cargo xtask programs` built; `None` without it, and then the test says that it was left out.
pub(crate) fn program(name: &str, test: &str) -> Option<String> {
    let folder = std::env::var_os("PLIMSOLL_PROGRAMS").map(PathBuf::from);
    let Some(folder) = folder else {
        let said = "left out, because PLIMSOLL_PROGRAMS is not set: `cargo xtask programs` builds Helm and Kustomize";
        // Standard error of a test that passes is not shown otherwise.
        let _ = fs::write("/dev/stderr", format!("{test} with {name}: {said}\n"));
        return None;
    };
    let program = folder.join(name);
    assert!(program.is_file(), "there is no {}", program.display());
    Some(program.to_str().unwrap().to_owned())
}

/// Says that a test was left out for want of kubectl.
pub(crate) fn left_out(test: &str) {
    let said = "left out, because PLIMSOLL_CONTROL_PLANE is not set: `cargo xtask control-plane` builds kubectl";
    let _ = fs::write("/dev/stderr", format!("{test}: {said}\n"));
}

/// A program of our own making in a folder.
pub(crate) fn script(folder: Folder, name: &str, text: &str) -> Folder {
    let folder = folder.file(name, format!("#!/bin/sh\n{text}"));
    fs::set_permissions(folder.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}
