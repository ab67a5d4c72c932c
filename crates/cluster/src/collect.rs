//! Collects a cluster into a snapshot: kind after kind, page after page, one object at a time.
//!
//! Invariants: what could not be read is a gap, and costs nothing else; Secrets are asked for only by name, and never with
//! their objects; memory holds one page and a mark for each owner of pods.

use std::collections::HashSet;
use std::io::Write;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use plimsoll_snapshot::carrier::{TEMPLATE, carrier_of};
use plimsoll_snapshot::collected::COLLECTED;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::discovery::{Discovery, Resource, custom_carrier};
use crate::owner::Owners;
use crate::role::rule;
use crate::saved::{Cause, End, Header, Missed, SCHEMA, SavedError, Writer};
use crate::server::{Asking, Failure, JSON, Server, TABLE};
use crate::trim::{StandIns, conceal, keep_template, read};

/// How many objects a page holds.
const PAGE: usize = 500;
/// How many definitions a page holds: one may have a megabyte.
const DEFINITIONS: usize = 20;
/// How often a list is begun again because the server no longer knows it.
const BEGINNINGS: usize = 4;

/// What is asked for.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Request {
    /// Only these namespaces, and nothing that belongs to none; all when empty.
    pub namespaces: Vec<String>,
    /// Only objects with pods that have these labels.
    pub selector: Option<String>,
    /// Ask for the names of Secrets?
    pub secret_names: bool,
    /// The day, such as `2027-01-31`.
    pub taken: String,
}

/// Why there is no snapshot at all.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The server does not even tell its version.
    #[error("the API server does not tell its version: {0}")]
    NoVersion(String),
    /// The snapshot cannot be written.
    #[error("the snapshot cannot be written: {0}")]
    Saved(#[from] SavedError),
}

/// Collects what is asked for.
///
/// # Errors
/// When the server does not tell its version, or the snapshot cannot be written. Whatever else goes wrong is a gap.
pub fn collect<W: Write>(
    server: &mut dyn Server,
    request: &Request,
    stand_ins: &StandIns,
    out: W,
) -> Result<(W, End), CollectError> {
    let mut asking = Asking::new(server);
    let header = Header {
        schema: SCHEMA.to_owned(),
        server_version: version(&mut asking)?,
        taken: request.taken.clone(),
        namespaces: request.namespaces.clone(),
        selector: request.selector.clone(),
        redaction: None,
    };
    let mut collecting = Collecting {
        asking,
        request,
        stand_ins,
        owners: Owners::default(),
        writer: Writer::new(out, &header)?,
    };
    collecting.all()?;
    collecting.writer.set_differing(collecting.owners.differing);
    Ok(collecting.writer.finish()?)
}

fn version(asking: &mut Asking<'_>) -> Result<String, CollectError> {
    #[derive(Deserialize)]
    struct Version {
        #[serde(rename = "gitVersion")]
        git: String,
    }
    let version = asking.get("/version", JSON, |body| serde_json::from_slice(body));
    match version {
        Ok(Version { git }) => Ok(git),
        Err(failure) => Err(CollectError::NoVersion(words(&failure))),
    }
}

/// Why something could not be read.
fn words(failure: &Failure) -> String {
    match failure {
        Failure::Unauthenticated => {
            "it does not accept the credentials (401): log in again, or choose another context"
                .to_owned()
        }
        Failure::Forbidden => "it does not allow it (403)".to_owned(),
        Failure::Gone => "it no longer serves this".to_owned(),
        Failure::Expired(_) => "the list changes faster than it can be read (410)".to_owned(),
        Failure::Other(why) => why.clone(),
    }
}

#[derive(Deserialize)]
struct Page<'p> {
    #[serde(default)]
    metadata: ListMeta,
    #[serde(borrow)]
    items: Option<Vec<&'p RawValue>>,
}

#[derive(Deserialize, Default)]
struct ListMeta {
    #[serde(rename = "continue", default)]
    token: Option<String>,
}

struct Collecting<'c, W: Write> {
    asking: Asking<'c>,
    request: &'c Request,
    stand_ins: &'c StandIns,
    owners: Owners,
    writer: Writer<W>,
}

impl<W: Write> Collecting<'_, W> {
    fn all(&mut self) -> Result<(), SavedError> {
        let mut discovery = Discovery::new(&mut self.asking);
        for row in COLLECTED {
            // They own ReplicaSets, Jobs and pods.
            if row.kind == "ReplicaSet" {
                self.custom_kinds(&mut discovery)?;
            }
            match discovery.find(&mut self.asking, row.group, row.kind) {
                Ok(Some(resource)) => self.everywhere(&resource)?,
                Ok(None) if row.always => {
                    self.missed(row.group, row.resource, None, &Failure::Gone)?
                }
                Ok(None) => {}
                Err(failure) => self.missed(row.group, row.resource, None, &failure)?,
            }
        }
        if self.request.secret_names {
            self.secret_names()?;
        }
        Ok(())
    }

    /// Collects a kind in all namespaces that were asked for.
    fn everywhere(&mut self, resource: &Resource) -> Result<(), SavedError> {
        let namespaces = &self.request.namespaces;
        if namespaces.is_empty() {
            return self.list(resource, None);
        }
        for namespace in namespaces {
            if resource.namespaced {
                self.list(resource, Some(namespace))?;
            } else if resource.kind == "Namespace" {
                self.namespace(resource, namespace)?;
            }
        }
        Ok(())
    }

    fn namespace(&mut self, resource: &Resource, name: &str) -> Result<(), SavedError> {
        let path = format!("{}/{name}", resource.path(None));
        let read_text = |body: &[u8]| serde_json::from_slice::<Box<RawValue>>(body);
        match self.asking.get(&path, JSON, read_text) {
            Ok(raw) => self.keep(resource, raw.get()),
            Err(failure) => self.missed("", "namespaces", Some(name), &failure),
        }
    }

    fn list(&mut self, resource: &Resource, namespace: Option<&str>) -> Result<(), SavedError> {
        let mut path = format!("{}?limit={PAGE}", resource.path(namespace));
        let carries = resource.custom || carrier_of(&resource.group, &resource.kind).is_some();
        if let Some(selector) = self.request.selector.as_ref().filter(|_| carries) {
            let selector = utf8_percent_encode(selector, NON_ALPHANUMERIC);
            path.push_str(&format!("&labelSelector={selector}"));
        }
        let mut seen = HashSet::new();
        let pages = self.pages(&path, |collecting, raw| {
            // A list that was begun again gives what came before once more.
            if seen.insert(identity(raw)) {
                collecting.keep(resource, raw)
            } else {
                Ok(())
            }
        })?;
        match pages {
            Ok(()) => Ok(()),
            Err(failure) => self.missed(&resource.group, &resource.name, namespace, &failure),
        }
    }

    /// Gives every item of a list. The inner error is what the server did, the outer one what the file did.
    fn pages(
        &mut self,
        path: &str,
        mut each: impl FnMut(&mut Self, &str) -> Result<(), SavedError>,
    ) -> Result<Result<(), Failure>, SavedError> {
        let mut token: Option<String> = None;
        let mut beginnings = 1;
        loop {
            let page = match &token {
                Some(token) => {
                    format!(
                        "{path}&continue={}",
                        utf8_percent_encode(token, NON_ALPHANUMERIC)
                    )
                }
                None => path.to_owned(),
            };
            match self.asking.get(&page, JSON, items) {
                Ok((next, items)) => {
                    for raw in items {
                        each(self, raw.get())?;
                    }
                    match next {
                        Some(next) => token = Some(next),
                        None => return Ok(Ok(())),
                    }
                }
                Err(Failure::Expired(next)) if beginnings < BEGINNINGS => {
                    beginnings += 1;
                    token = next;
                }
                Err(failure) => return Ok(Err(failure)),
            }
        }
    }

    /// Keeps an object, unless its owner stands for it.
    fn keep(&mut self, resource: &Resource, raw: &str) -> Result<(), SavedError> {
        let item = read(raw, &resource.api_version, &resource.kind);
        let mut item = item.map_err(std::io::Error::from)?;
        let pod = match carrier_of(&resource.group, &resource.kind) {
            Some(carrier) => Some(carrier.pod),
            None => resource.custom.then_some(TEMPLATE),
        };
        if pod.is_some_and(|pod| self.owners.covers(&item.uid, &item.object, pod)) {
            self.writer.count_owned();
            return Ok(());
        }
        if resource.custom {
            keep_template(&mut item.object);
        }
        conceal(&mut item.object, self.stand_ins);
        self.writer.object(&Value::Object(item.object))
    }

    fn custom_kinds(&mut self, discovery: &mut Discovery) -> Result<(), SavedError> {
        let (group, kind) = ("apiextensions.k8s.io", "CustomResourceDefinition");
        let names = "customresourcedefinitions";
        let definitions = match discovery.find(&mut self.asking, group, kind) {
            Ok(Some(definitions)) => definitions,
            Ok(None) => return Ok(()),
            Err(failure) => return self.missed(group, names, None, &failure),
        };
        let path = format!("{}?limit={DEFINITIONS}", definitions.path(None));
        let mut found = Vec::new();
        let pages = self.pages(&path, |_, raw| {
            let definition = serde_json::from_str(raw).map_err(std::io::Error::from)?;
            found.extend(custom_carrier(&definition).filter(|new| !found.contains(new)));
            Ok(())
        })?;
        if let Err(failure) = pages {
            self.missed(group, names, None, &failure)?;
        }
        found.iter().try_for_each(|custom| self.everywhere(custom))
    }

    /// The names of Secrets, as rows of a table without objects: metadata would carry values in annotations.
    fn secret_names(&mut self) -> Result<(), SavedError> {
        let namespaces = match &*self.request.namespaces {
            [] => match self.namespace_names()? {
                Some(names) => names,
                None => return Ok(()),
            },
            names => names.to_vec(),
        };
        for namespace in namespaces {
            let path = format!("/api/v1/namespaces/{namespace}/secrets?includeObject=None");
            match self.asking.get(&path, TABLE, rows) {
                Ok(names) => {
                    for name in names {
                        let metadata = json!({"name": name, "namespace": namespace});
                        let secret =
                            json!({"apiVersion": "v1", "kind": "Secret", "metadata": metadata});
                        self.writer.object(&secret)?;
                    }
                }
                Err(failure) => self.missed("", "secrets", Some(&namespace), &failure)?,
            }
        }
        Ok(())
    }

    fn namespace_names(&mut self) -> Result<Option<Vec<String>>, SavedError> {
        let mut names = Vec::new();
        let pages = self.pages("/api/v1/namespaces?limit=500", |_, raw| {
            let object: Map<String, Value> =
                serde_json::from_str(raw).map_err(std::io::Error::from)?;
            let name = object
                .get("metadata")
                .and_then(|node| node.get("name")?.as_str());
            names.extend(name.map(str::to_owned));
            Ok(())
        })?;
        match pages {
            Ok(()) => Ok(Some(names)),
            Err(failure) => {
                self.missed("", "secrets", None, &failure)?;
                Ok(None)
            }
        }
    }

    fn missed(
        &mut self,
        group: &str,
        resource: &str,
        namespace: Option<&str>,
        failure: &Failure,
    ) -> Result<(), SavedError> {
        let name = match group {
            "" => resource.to_owned(),
            group => format!("{resource}.{group}"),
        };
        let scope = namespace.map_or_else(
            || "in the cluster".to_owned(),
            |namespace| format!("in the namespace {namespace}"),
        );
        let (cause, why) = match failure {
            Failure::Forbidden => {
                let rule = rule(group, resource);
                let why = format!(
                    "may not be listed: allow it with the rule {rule}; `plimsoll snapshot --print-rbac` prints the whole role"
                );
                (Cause::Forbidden, why)
            }
            Failure::Unauthenticated => (Cause::Forbidden, not_all(failure)),
            _ => (Cause::Unreachable, not_all(failure)),
        };
        let message = format!("{name} {scope} {why}");
        self.writer.gap(&Missed { cause, message })
    }
}

fn not_all(failure: &Failure) -> String {
    format!("could not all be read: {}", words(failure))
}

/// The token of the next page, and the items of this one.
fn items(body: &[u8]) -> serde_json::Result<(Option<String>, Vec<Box<RawValue>>)> {
    let page: Page<'_> = serde_json::from_slice(body)?;
    let next = page.metadata.token.filter(|token| !token.is_empty());
    let items = page.items.into_iter().flatten().map(ToOwned::to_owned);
    Ok((next, items.collect()))
}

fn identity(raw: &str) -> String {
    #[derive(Deserialize)]
    struct Metadata {
        #[serde(default)]
        namespace: String,
        #[serde(default)]
        name: String,
    }
    #[derive(Deserialize)]
    struct Named {
        metadata: Metadata,
    }
    serde_json::from_str::<Named>(raw).map_or_else(
        |_| String::new(),
        |named| format!("{}/{}", named.metadata.namespace, named.metadata.name),
    )
}

/// The first cell of every row, which is the name.
fn rows(body: &[u8]) -> serde_json::Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Row {
        cells: Vec<Value>,
    }
    #[derive(Deserialize)]
    struct Table {
        rows: Option<Vec<Row>>,
    }
    let table: Table = serde_json::from_slice(body)?;
    let rows = table.rows.into_iter().flatten();
    let names = rows.filter_map(|row| Some(row.cells.first()?.as_str()?.to_owned()));
    Ok(names.collect())
}

#[cfg(test)]
mod tests;
