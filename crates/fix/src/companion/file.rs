//! The file of an object that a namespace lacks: its text, from the starting points, and its name, that of the namespace and the
//! kind, with the ending of the file beside it. Bounds are reasoned from what the folder requests.

use std::sync::Arc;

use plimsoll_control::{Companion, Extent};
use plimsoll_generate::{Generator, Parameter, Request, Text, Tier, scalar};
use plimsoll_snapshot::object::ObjectId;

use crate::{Bench, NewFile};

/// An object that a namespace needs in a file of its own.
pub(super) struct Needed<'n> {
    /// What.
    pub(super) what: Companion,
    /// The object for which it is needed.
    pub(super) object: &'n ObjectId,
    /// The namespace: a name that the API server takes.
    pub(super) namespace: &'n str,
    /// The file beside which it belongs.
    pub(super) beside: &'n Arc<str>,
    /// How far to go.
    pub(super) extent: Extent,
}

impl Needed<'_> {
    /// The file.
    ///
    /// # Errors
    /// Why there can be none.
    pub(super) fn file<E>(&self, bench: &Bench<'_, E>) -> Result<NewFile, String> {
        let (generator, owner, word) = match self.what {
            Companion::NetworkPolicy => (Some("networkpolicy"), self.namespace, "network-policy"),
            Companion::LimitRange => (Some("limitrange"), self.namespace, "limit-range"),
            Companion::ResourceQuota => (Some("resourcequota"), self.namespace, "resource-quota"),
            Companion::ServiceAccount => (None, self.object.name.as_str(), "service-account"),
        };
        let ending = match self.beside.ends_with(".yml") {
            true => "yml",
            false => "yaml",
        };
        let name = (bench.vacant)(self.beside, &format!("{owner}-{word}.{ending}"))?;
        let text = match generator {
            Some(id) => {
                let generator = plimsoll_generate::find(id).ok_or("nothing can make it")?;
                only(self.what.kind(), &self.start(generator, bench)?)
            }
            None => self.account(),
        };
        Ok(NewFile { name, text })
    }

    /// An account that hands no token to pods which did not ask for one.
    fn account(&self) -> String {
        let (name, namespace) = (scalar(&self.object.name), scalar(self.namespace));
        format!(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n  namespace: {namespace}\n\
             # A pod that calls the API server asks for its token itself.\nautomountServiceAccountToken: false\n"
        )
    }

    fn start<E>(
        &self,
        generator: &'static Generator,
        bench: &Bench<'_, E>,
    ) -> Result<String, String> {
        let request = |from| Request {
            option: Some(tier(self.extent)),
            namespace: Some(self.namespace.to_owned()),
            from,
            ..Request::new(bench.target.version)
        };
        if generator.takes.contains(&Parameter::From) {
            // What is there may belong to several namespaces, of which no sum can be made.
            let read = generator.generate(&request(Some(self.near(bench))));
            if let Ok(text) = read {
                return Ok(text);
            }
        }
        let text = generator.generate(&request(None));
        text.map_err(|error| error.to_string())
    }

    fn near<E>(&self, bench: &Bench<'_, E>) -> Vec<Text> {
        let texts = (bench.near)(self.beside).into_iter();
        let texts = texts.map(|(name, text)| Text {
            name: name.to_string(),
            text,
        });
        texts.collect()
    }
}

/// The documents of a kind. A starting point may hold what goes with it, which has a finding and a file of its own.
fn only(kind: &str, text: &str) -> String {
    let line = format!("\nkind: {kind}\n");
    let documents = text.split_inclusive("\n---\n");
    let mut kept: String = documents
        .filter(|document| document.contains(&line))
        .collect();
    if kept.ends_with("\n---\n") {
        kept.truncate(kept.len() - "---\n".len());
    }
    kept
}

fn tier(extent: Extent) -> Tier {
    match extent {
        Extent::Minimal => Tier::Minimal,
        Extent::Recommended => Tier::Recommended,
        Extent::Strict => Tier::Strict,
    }
}
