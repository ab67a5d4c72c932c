//! Parameters: which objects a binding means by its `paramRef`. They come from the folder of the policies or from what is
//! scanned.

use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::selector::Selector;
use plimsoll_snapshot::surroundings::Kept;
use plimsoll_yaml::Node;

use crate::resource::{Scope, scope};
use crate::sent::Sent;

/// The kind of a policy's parameters: apiVersion and kind.
pub(crate) type ParamKind = (String, String);

/// Which parameters a binding means.
#[derive(Clone, Debug)]
pub(crate) struct ParamRef {
    name: Option<String>,
    namespace: Option<String>,
    selector: Option<Selector>,
    denies_missing: bool,
}

/// The parameters of one request.
#[derive(Debug)]
pub(crate) enum Params<'k> {
    /// The policy takes none, or the binding gives none: it is evaluated once.
    None,
    /// It is evaluated once with each.
    Each(Vec<&'k Kept>),
    /// None is there, and the binding says that this is an error.
    Missing,
    /// It depends on what is not known here.
    Unknown(String),
}

impl ParamRef {
    pub(crate) fn read<'t>(object: &Object<'t>, node: Node<'t>) -> ParamRef {
        let text = |key| node.get(key).and_then(Node::as_str).map(str::to_owned);
        let selector = node.get("selector").filter(|node| !node.is_null());
        ParamRef {
            name: text("name").filter(|name| !name.is_empty()),
            namespace: text("namespace").filter(|name| !name.is_empty()),
            selector: selector.map(|node| Selector::read(object, node)),
            denies_missing: text("parameterNotFoundAction").as_deref() != Some("Allow"),
        }
    }

    /// The parameters for a request; `is_complete` says that what is not known is not there.
    pub(crate) fn find<'t>(
        &self,
        kind: &ParamKind,
        sent: &Sent<'t>,
        is_complete: bool,
    ) -> Params<'t> {
        let namespaced = scope(&kind.0, &kind.1, false) != Scope::Cluster;
        let own = match sent.is_namespace() {
            true => sent.name,
            false => sent.namespace,
        };
        let namespace = self.namespace.as_deref().or(own).filter(|_| namespaced);
        let known = sent.surroundings().iter().flat_map(|known| known.kept());
        let mut found: Vec<&'t Kept> = Vec::new();
        for kept in known.filter(|kept| (&kept.api_version, &kept.kind) == (&kind.0, &kind.1)) {
            // One that does not say its namespace is meant for wherever it is looked for.
            let is_there = match (&kept.namespace, namespace) {
                (Some(of), Some(namespace)) => of == namespace,
                (Some(_), None) => {
                    return Params::Unknown(format!(
                        "its {} is looked for in the object's namespace, which the object does not say",
                        kind.1
                    ));
                }
                (None, _) => true,
            };
            match is_there.then(|| self.means(kept)) {
                Some(None) => {
                    return Params::Unknown(
                        "the selector of its paramRef is none that the API takes".to_owned(),
                    );
                }
                Some(Some(true)) if !found.contains(&kept) => found.push(kept),
                _ => {}
            }
        }
        match (found.is_empty(), is_complete) {
            (false, _) => Params::Each(found),
            (true, true) if self.denies_missing => Params::Missing,
            (true, true) => Params::Each(found),
            (true, false) => Params::Unknown(format!(
                "none of its parameters ({}) is here: put them beside the policy",
                kind.1
            )),
        }
    }

    fn means(&self, kept: &Kept) -> Option<bool> {
        match (&self.name, &self.selector) {
            (Some(name), _) => Some(*name == kept.name),
            (None, Some(selector)) => selector.matches(&kept.labels),
            (None, None) => Some(false),
        }
    }
}
