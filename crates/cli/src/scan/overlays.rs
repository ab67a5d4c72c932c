//! Has the kustomizations among the files rendered: those that no other one includes, and only where that changes
//! something. What a rendered kustomization reads is judged as it is rendered; everything else is judged as written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll_gather::{InputFile, Overlay, render_overlay, seen_from_here};
use plimsoll_scan::{Gap, GapReason};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::rendering::{Rendering, gap, manifest};
use super::work::Manifest;

/// What became of the kustomizations.
#[derive(Default)]
pub(super) struct Overlays {
    /// To judge.
    pub(super) manifests: Vec<Manifest>,
    /// What was not rendered.
    pub(super) gaps: Vec<Gap>,
    /// The files that were rendered into the manifests, canonical.
    read: BTreeSet<PathBuf>,
}

impl Overlays {
    /// Renders what `kustomizations`, files of this run, ask for. `files` are all of the run.
    pub(super) fn render(
        kustomizations: &[Arc<str>],
        files: &[InputFile],
        rendering: &Rendering,
    ) -> Overlays {
        if rendering.as_written {
            return Overlays::default();
        }
        let found = kustomizations.iter().filter_map(|file| {
            let folder = Path::new(&**file).parent().unwrap_or(Path::new(""));
            let overlay = Overlay::read(&Path::new(".").join(folder), rendering.scanned())?;
            Some((file.clone(), overlay))
        });
        let found: Vec<(Arc<str>, Overlay)> = found.collect();
        let included: BTreeSet<PathBuf> = found
            .iter()
            .flat_map(|(_, overlay)| overlay.includes.iter().cloned())
            .collect();
        let is_root = |(_, overlay): &&(Arc<str>, Overlay)| {
            let idle = !overlay.changes && overlay.remote.is_empty() && overlay.absent.is_empty();
            !idle && !overlay.component && !included.contains(&overlay.folder)
        };
        let roots: Vec<_> = found.iter().filter(is_root).collect();
        if roots.is_empty() {
            return Overlays::default();
        }
        let names = names(files);
        let shown = |path: &Path| {
            names
                .get(path)
                .map_or_else(|| seen_from_here(path), |name| name.to_string())
        };
        let render =
            |(file, overlay): &&(Arc<str>, Overlay)| rendering.overlay(file, overlay, &shown);
        let rendered: Vec<_> = roots.par_iter().map(render).collect();
        let mut overlays = Overlays::default();
        for ((_, overlay), outcome) in roots.into_iter().zip(rendered) {
            match outcome {
                Ok(manifest) => {
                    overlays.manifests.push(manifest);
                    overlays.read.extend(overlay.resources.iter().cloned());
                }
                Err(gap) => overlays.gaps.push(gap),
            }
        }
        overlays
    }

    /// Is this file judged already, as a part of what was rendered?
    pub(super) fn hold(&self, file: &InputFile) -> bool {
        !self.read.is_empty()
            && file
                .path
                .canonicalize()
                .is_ok_and(|path| self.read.contains(&path))
    }
}

/// The names under which files are shown, by their canonical path.
fn names(files: &[InputFile]) -> BTreeMap<PathBuf, Arc<str>> {
    let name = |file: &InputFile| Some((file.path.canonicalize().ok()?, file.name.clone()));
    files.iter().rev().filter_map(name).collect()
}

impl Rendering {
    fn overlay(
        &self,
        file: &Arc<str>,
        overlay: &Overlay,
        shown: &(dyn Fn(&Path) -> String + Sync),
    ) -> Result<Manifest, Gap> {
        let unit = file.rsplit_once('/').map_or(".", |(folder, _)| folder);
        let refuse = |reason, message| Err(gap(reason, message, file.clone()));
        let list = |entries: &BTreeSet<String>| {
            let entries: Vec<_> = entries.iter().map(String::as_str).collect();
            entries.join(", ")
        };
        if !overlay.absent.is_empty() {
            let message = format!(
                "kustomization {unit} is not rendered: it reads {}, which is not there or lies outside of what was \
                 asked for; name that folder as well",
                list(&overlay.absent)
            );
            return refuse(GapReason::KustomizeFailed, message);
        }
        if !overlay.remote.is_empty() && !self.allow_remote {
            let message = format!(
                "kustomization {unit} is not rendered: it would fetch {}; allow that with --allow-remote",
                list(&overlay.remote)
            );
            return refuse(GapReason::KustomizeRemote, message);
        }
        let Some(kustomize) = self.kustomize() else {
            let message = format!(
                "kustomization {unit} is not rendered, its files are judged as written: install kustomize or kubectl, or \
                 name one with --kustomize"
            );
            return refuse(GapReason::KustomizeNotFound, message);
        };
        match render_overlay(kustomize, overlay, file, shown, self.allow_remote) {
            Ok(rendered) => Ok(manifest(rendered, file.clone(), unit.to_owned())),
            Err(error) => {
                let message = format!(
                    "kustomization {unit} does not render, its files are judged as written: {error}"
                );
                refuse(GapReason::KustomizeFailed, message)
            }
        }
    }
}
