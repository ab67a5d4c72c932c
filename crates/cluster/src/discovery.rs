//! Which resources a server serves, in which version: asked only about the groups that are needed. Custom kinds that carry
//! pod templates are found by their definitions.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use crate::server::{Asking, Failure, JSON};

/// Something that can be listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Resource {
    pub(crate) group: String,
    pub(crate) kind: String,
    /// As in a path.
    pub(crate) name: String,
    /// `v1` or `apps/v1`.
    pub(crate) api_version: String,
    pub(crate) namespaced: bool,
    /// Is it a kind of which only the pod template is kept?
    pub(crate) custom: bool,
}

impl Resource {
    /// The path of the list, in one namespace or everywhere.
    pub(crate) fn path(&self, namespace: Option<&str>) -> String {
        let root = root(&self.api_version);
        match namespace {
            Some(namespace) => format!("{root}/namespaces/{namespace}/{}", self.name),
            None => format!("{root}/{}", self.name),
        }
    }
}

fn root(api_version: &str) -> String {
    if api_version.contains('/') {
        format!("/apis/{api_version}")
    } else {
        format!("/api/{api_version}")
    }
}

#[derive(Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    name: String,
    versions: Vec<GroupVersion>,
    #[serde(rename = "preferredVersion")]
    preferred: Option<GroupVersion>,
}

#[derive(Deserialize)]
struct GroupVersion {
    #[serde(rename = "groupVersion")]
    name: String,
}

#[derive(Deserialize)]
struct Resources {
    resources: Vec<Served>,
}

#[derive(Deserialize, Clone)]
struct Served {
    name: String,
    kind: String,
    #[serde(default)]
    namespaced: bool,
    #[serde(default)]
    verbs: Vec<String>,
}

/// What the server said about itself so far.
pub(crate) struct Discovery {
    groups: Result<Vec<Group>, Failure>,
    served: HashMap<String, Result<Vec<Served>, Failure>>,
}

impl Discovery {
    /// Asks for the groups.
    pub(crate) fn new(asking: &mut Asking<'_>) -> Discovery {
        let groups = asking.get("/apis", JSON, |body| serde_json::from_slice::<Groups>(body));
        Discovery {
            groups: groups.map(|groups| groups.groups),
            served: HashMap::new(),
        }
    }

    /// Finds a kind, in the version that the server prefers if it is served there. `None`: it is not served at all.
    pub(crate) fn find(
        &mut self,
        asking: &mut Asking<'_>,
        group: &str,
        kind: &str,
    ) -> Result<Option<Resource>, Failure> {
        for api_version in self.versions(group)? {
            let served = self.served.entry(api_version.clone()).or_insert_with(|| {
                let read = |body: &[u8]| serde_json::from_slice::<Resources>(body);
                let resources = asking.get(&root(&api_version), JSON, read);
                resources.map(|resources| resources.resources)
            });
            let served = served.as_ref().map_err(Clone::clone)?.iter();
            let mut listed = served.filter(|served| served.verbs.iter().any(|verb| verb == "list"));
            if let Some(found) = listed.find(|served| served.kind == kind) {
                return Ok(Some(Resource {
                    group: group.to_owned(),
                    kind: kind.to_owned(),
                    name: found.name.clone(),
                    api_version,
                    namespaced: found.namespaced,
                    custom: false,
                }));
            }
        }
        Ok(None)
    }

    fn versions(&self, group: &str) -> Result<Vec<String>, Failure> {
        if group.is_empty() {
            return Ok(vec!["v1".to_owned()]);
        }
        let groups = self.groups.as_ref().map_err(Clone::clone)?;
        let Some(group) = groups.iter().find(|served| served.name == group) else {
            return Ok(Vec::new());
        };
        let preferred = group.preferred.iter().chain(&group.versions);
        let mut versions: Vec<String> = preferred.map(|version| version.name.clone()).collect();
        let mut seen = std::collections::HashSet::new();
        versions.retain(|version| seen.insert(version.clone()));
        Ok(versions)
    }
}

/// The custom kind that a definition makes, if its objects have a pod template where workloads keep theirs.
pub(crate) fn custom_carrier(definition: &Value) -> Option<Resource> {
    let spec = definition.get("spec")?;
    let text = |node: &Value, key: &str| Some(node.get(key)?.as_str()?.to_owned());
    let group = text(spec, "group")?;
    let versions = spec.get("versions")?.as_array()?;
    let served = versions
        .iter()
        .filter(|version| version.get("served") == Some(&Value::Bool(true)));
    let mut carrying = served.filter(|version| has_template(version));
    let version = carrying.next_back()?;
    let names = spec.get("names")?;
    Some(Resource {
        kind: text(names, "kind")?,
        name: text(names, "plural")?,
        api_version: format!("{group}/{}", text(version, "name")?),
        namespaced: spec.get("scope")?.as_str()? == "Namespaced",
        custom: true,
        group,
    })
}

fn has_template(version: &Value) -> bool {
    let pod = "/schema/openAPIV3Schema/properties/spec/properties/template/properties/spec";
    let template = "/schema/openAPIV3Schema/properties/spec/properties/template";
    let open = "x-kubernetes-preserve-unknown-fields";
    let is_open = |node: &Value| node.get(open) == Some(&Value::Bool(true));
    let pod = version.pointer(pod);
    let holds = pod.is_some_and(|pod| pod.pointer("/properties/containers").is_some());
    holds || pod.is_some_and(is_open) || version.pointer(template).is_some_and(is_open)
}
