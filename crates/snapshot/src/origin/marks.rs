//! What Helm, Argo CD and Flux write on the objects that they deliver, and which folder their own objects say that these
//! come from. What is written on an object is a claim of its owner, used to choose among texts and for nothing else.

use plimsoll_yaml::Node;

use crate::object::Object;

const RELEASE: &str = "meta.helm.sh/release-name";
const MANAGED: &str = "app.kubernetes.io/managed-by";
const INSTANCE: &str = "app.kubernetes.io/instance";
const TRACKING: &str = "argocd.argoproj.io/tracking-id";
const CHART: &str = "helm.sh/chart";
const ARGO: &str = "argoproj.io";
const KUSTOMIZE: &str = "kustomize.toolkit.fluxcd.io";
const HELM: &str = "helm.toolkit.fluxcd.io";
/// What Helm calls a release that is only rendered.
const UNNAMED: &str = "release-name";
/// Stands in a name for that of the release.
const HOLE: &str = "\u{0}";

/// Who delivers an object: the group of the object that says so, and its name.
type Owner = (&'static str, String);

/// The marks of an object.
pub(super) struct Marks {
    /// The release of Helm.
    pub(super) release: Option<String>,
    owners: Vec<Owner>,
}

impl Marks {
    pub(super) fn of(object: Node<'_>) -> Marks {
        let annotation = |key: &str| metadata(object, "annotations", key);
        let label = |key: &str| metadata(object, "labels", key);
        let instance = label(INSTANCE);
        let is_helm = label(MANAGED).as_deref() == Some("Helm");
        let tracking = annotation(TRACKING);
        let tracking = tracking.and_then(|id| Some(id.split_once(':')?.0.to_owned()));
        // Without tracking annotations, Argo CD writes the name of its Application here.
        let application = tracking.or(instance.clone());
        let flux = |group: &'static str| {
            let name = label(&format!("{group}/name"))?;
            Some((group, name))
        };
        let mut owners: Vec<Owner> = [flux(KUSTOMIZE), flux(HELM)]
            .into_iter()
            .flatten()
            .collect();
        owners.extend(application.map(|name| (ARGO, name)));
        Marks {
            release: annotation(RELEASE).or(instance.filter(|_| is_helm)),
            owners,
        }
    }

    /// The names of those who deliver it, and of its release.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let owners = self.owners.iter().map(|(_, name)| name.as_str());
        owners.chain(self.release.as_deref())
    }
}

fn metadata(object: Node<'_>, map: &str, key: &str) -> Option<String> {
    let value = object.get("metadata")?.get(map)?.get(key)?.as_str()?;
    Some(value.to_owned()).filter(|value| !value.is_empty())
}

/// An object that tells a controller to deliver what lies below a path.
pub(super) struct Delivery {
    by: Owner,
    paths: Vec<String>,
}

impl Delivery {
    /// `None` when the object is no such one.
    pub(super) fn of(object: &Object<'_>) -> Option<Delivery> {
        let spec = object.node.get("spec")?;
        let (by, keys): (&'static str, &[&[&str]]) = match (object.group(), object.kind) {
            (ARGO, "Application") => (ARGO, &[&["source", "path"]]),
            (KUSTOMIZE, "Kustomization") => (KUSTOMIZE, &[&["path"]]),
            (HELM, "HelmRelease") => (HELM, &[&["chart", "spec", "chart"]]),
            _ => return None,
        };
        let at = |node: Node<'_>, keys: &[&str]| {
            let node = keys.iter().try_fold(node, |node, key| node.get(key))?;
            Some(node.as_str()?.to_owned())
        };
        let mut paths: Vec<String> = keys.iter().filter_map(|keys| at(spec, keys)).collect();
        let sources = spec.get("sources").into_iter().flat_map(Node::items);
        paths.extend(sources.filter_map(|source| at(source, &["path"])));
        Some(Delivery {
            by: (by, object.name()?.to_owned()),
            paths,
        })
    }

    /// Does it deliver an object with these marks?
    pub(super) fn makes(&self, marks: &Marks) -> bool {
        marks.owners.contains(&self.by)
    }

    /// Does a text of this name and unit lie below one of its paths? These count from the root of a repository, of which only a
    /// part may be known.
    pub(super) fn holds(&self, name: &str, unit: &str) -> bool {
        let mut paths = self.paths.iter();
        paths.any(|path| lies_below(name, path) || lies_below(unit, path))
    }
}

fn lies_below(name: &str, path: &str) -> bool {
    let steps = |text: &'_ str| -> Vec<String> {
        let steps = text.split('/').filter(|step| !matches!(*step, "" | "."));
        steps.map(str::to_owned).collect()
    };
    let (name, path) = (steps(name), steps(path));
    !path.is_empty() && name.windows(path.len()).any(|window| window == path)
}

/// The release that an object was rendered for, whose text may have been rendered just now. `None`: no chart made it.
pub(super) fn release_of(object: Node<'_>, is_rendered: bool) -> Option<&str> {
    let labels = object.get("metadata")?.get("labels");
    let label = |key: &str| labels?.get(key)?.as_str();
    let is_helm = label(CHART).is_some() || label(MANAGED) == Some("Helm");
    (is_helm || is_rendered).then(|| label(INSTANCE).unwrap_or(UNNAMED))
}

/// A name with a hole where the release stands in it. `None`: there is no release, or it is not in the name.
pub(super) fn without_release(name: &str, release: Option<&str>) -> Option<String> {
    let release = release.filter(|release| !release.is_empty())?;
    let mut parts = name.split('-').collect::<Vec<_>>();
    let words: Vec<&str> = release.split('-').collect();
    let at = parts
        .windows(words.len())
        .position(|window| window == words)?;
    parts.splice(at..at + words.len(), [HOLE]);
    Some(parts.join("-"))
}
