//! Renders kustomizations with the user's own Kustomize, through a wrapper in a temporary folder that asks for the origin of
//! every object, so that the user's files stay as they are.
//!
//! Invariant: nothing runs before it is known what would be read, and that none of it lies elsewhere.

mod closure;
mod kustomization;
mod layer;
mod origin;
mod trace;

use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::chart::{RenderError, Rendered};
use crate::program::{NoSuchProgram, Program, Running};
pub use closure::Overlay;

/// `kustomize`, or the `kubectl` that has it built in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kustomize {
    program: Program,
}

impl Kustomize {
    /// The program that the user named.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn named(path: &Path) -> Result<Kustomize, NoSuchProgram> {
        let program = Program::named(path)?;
        Ok(Kustomize { program })
    }

    /// `kustomize` from the PATH, else `kubectl`; see [`Program::on_path`].
    pub fn on_path(scanned: &[PathBuf]) -> Option<Kustomize> {
        let program = Program::on_path("kustomize", scanned);
        let program = program.or_else(|| Program::on_path("kubectl", scanned))?;
        Some(Kustomize { program })
    }

    fn arguments(&self, folder: &Path) -> [OsString; 2] {
        let is_kubectl = self.program.name().contains("kubectl");
        let command = if is_kubectl { "kustomize" } else { "build" };
        [command.into(), folder.into()]
    }
}

/// Names files as they are shown.
pub type Shown<'s> = &'s (dyn Fn(&Path) -> String + Sync);

/// Renders an overlay. `whole` stands in reports for what has no better origin.
///
/// # Errors
/// When Kustomize refuses it, with its own message.
pub fn render_overlay(
    kustomize: &Kustomize,
    overlay: &Overlay,
    whole: &str,
    shown: Shown<'_>,
    network: bool,
) -> Result<Rendered, RenderError> {
    let scratch = tempfile::tempdir()?;
    // Kustomize follows no links in the path of its own folder.
    let scratch = scratch.path().canonicalize().map(|path| (path, scratch))?;
    let (folder, _guard) = (&scratch.0, &scratch.1);
    let (home, wrapper) = (folder.join("home"), folder.join("wrapper"));
    fs::create_dir(&home)?;
    fs::create_dir(&wrapper)?;
    let resource = relative(&wrapper, &overlay.folder);
    fs::write(wrapper.join("kustomization.yaml"), wrapping(&resource))?;
    let running = Running {
        folder,
        home: &home,
        network,
    };
    let printed = kustomize
        .program
        .run(&kustomize.arguments(&wrapper), &running);
    let printed = printed
        .map_err(|error| RenderError::Failed(told(&error.to_string(), &wrapper, overlay, whole)))?;
    let (text, map) = trace::trace(&printed, overlay, &wrapper, whole, shown);
    Ok(Rendered {
        text,
        map: Arc::new(map),
    })
}

/// A kustomization around another one. The path is quoted as JSON, which YAML reads as well.
fn wrapping(resource: &str) -> String {
    let quoted = resource.replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n\
         resources: [\"{quoted}\"]\nbuildMetadata: [originAnnotations]\n"
    )
}

/// Kustomize's message, with the files' names as they are shown.
fn told(message: &str, wrapper: &Path, overlay: &Overlay, whole: &str) -> String {
    let folder = overlay.folder.to_string_lossy();
    let shown = whole.rsplit_once('/').map_or(".", |(folder, _)| folder);
    let message = message.replace(&relative(wrapper, &overlay.folder), shown);
    let message = message.replace(&*folder, shown);
    essence(&message.replace(&*wrapper.to_string_lossy(), "…")).to_owned()
}

/// What went wrong, without warnings, marks of time and process, and what our wrapper adds.
fn essence(message: &str) -> &str {
    let mut complaints = message
        .lines()
        .filter(|line| !line.starts_with("# Warning"));
    let message = complaints.next_back().unwrap_or(message);
    let logged = message.split_once("] \"command failed\" err=\"");
    let message = logged.map_or(message, |(_, error)| error.trim_end_matches('"'));
    let message = message
        .trim_start_matches("Error: ")
        .trim_start_matches("error: ");
    let ours = [
        "recursed accumulation of path '",
        "couldn't make target for path '",
    ];
    let wrapped = ours.iter().find_map(|words| message.split_once(words));
    let within = wrapped.and_then(|(_, rest)| Some(rest.split_once("': ")?.1));
    within.unwrap_or(message)
}

/// The way from one absolute folder to another.
fn relative(from: &Path, to: &Path) -> String {
    let shared = from
        .components()
        .zip(to.components())
        .take_while(|(one, other)| one == other);
    let shared = shared.count();
    let up = from.components().skip(shared).map(|_| "..".to_owned());
    let down = to.components().skip(shared).filter_map(|step| match step {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_the_same_every_time() {
        let first = "# Warning: 'bases' is deprecated.\nE1121 18:57:40.578162    8062 run.go:72] \"command failed\" err=\"\
            accumulating resources: accumulation err='accumulating resources from 'a': 'a' must resolve to a file': \
            recursed accumulation of path 'a': no matches for Id b\"";
        assert_eq!(essence(first), "no matches for Id b");
        let second = "Error: accumulating resources: accumulation err='accumulating resources from 'a': 'a' must \
            resolve to a file': couldn't make target for path 'a': invalid Kustomization: no string";
        assert_eq!(essence(second), "invalid Kustomization: no string");
        assert_eq!(essence("Error: a: b"), "a: b");
        assert_eq!(essence(""), "");
    }
}
