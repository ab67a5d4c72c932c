//! Which requests a policy or binding is about: `matchConstraints` and `matchResources`. The object is taken for one that
//! is created.

use plimsoll_snapshot::kinds::is_known;
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::selector::{Labels, Requirement, Selector};
use plimsoll_snapshot::served::{Served, served};
use plimsoll_yaml::Node;

use crate::resource::Scope;
use crate::sent::{Labeled, Sent};

/// Is a request meant?
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Meant {
    Yes,
    No,
    /// It depends on what is not known here.
    Unknown(String),
}

/// What a request has to be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Constraint {
    rules: Vec<Rule>,
    excluded: Vec<Rule>,
    namespaces: Selector,
    objects: Selector,
    /// `matchPolicy: Exact`.
    is_exact: bool,
}

#[derive(Clone, Debug)]
struct Rule {
    operations: Vec<String>,
    groups: Vec<String>,
    versions: Vec<String>,
    resources: Vec<String>,
    names: Vec<String>,
    scope: Option<String>,
}

impl Constraint {
    /// Reads one; `None` stands for no constraint.
    pub(crate) fn read<'t>(object: &Object<'t>, node: Option<Node<'t>>) -> Constraint {
        let Some(node) = node else {
            return Constraint::default();
        };
        let rules = |key| object.items(node, key).map(|item| Rule::read(object, item));
        let selector = |key| match node.get(key) {
            Some(selector) => Selector::read(object, selector),
            None => Selector::default(),
        };
        Constraint {
            rules: rules("resourceRules").collect(),
            excluded: rules("excludeResourceRules").collect(),
            namespaces: selector("namespaceSelector"),
            objects: selector("objectSelector"),
            is_exact: node.get("matchPolicy").and_then(Node::as_str) == Some("Exact"),
        }
    }

    /// Has it no rule about resources?
    pub(crate) fn is_open(&self) -> bool {
        self.rules.is_empty()
    }

    /// May it mean such an object, whatever its labels and namespace?
    pub(crate) fn concerns(&self, sent: &Sent<'_>) -> bool {
        self.resource(sent) != Meant::No
    }

    /// Is the request meant? In the order of the API server, so that what surely is not meant never is unknown.
    pub(crate) fn means(&self, sent: &Sent<'_>) -> Meant {
        let of_namespace = self.namespace(sent);
        let of_object = selects(&self.objects, &sent.labels, None);
        let all = [of_namespace, of_object, self.resource(sent)];
        if all.contains(&Meant::No) {
            return Meant::No;
        }
        let unknown = all.into_iter().find(|meant| *meant != Meant::Yes);
        unknown.unwrap_or(Meant::Yes)
    }

    fn namespace(&self, sent: &Sent<'_>) -> Meant {
        let selector = &self.namespaces;
        if selector.is_empty() {
            return Meant::Yes;
        }
        match sent.namespace_labels() {
            Labeled::Not => Meant::Yes,
            Labeled::With(labels) => selects(selector, &labels, None),
            Labeled::Partly(labels, why) => selects(selector, &labels, Some(why)),
        }
    }

    fn resource(&self, sent: &Sent<'_>) -> Meant {
        let excluded = self.by_rules(&self.excluded, sent);
        let meant = match self.rules.is_empty() {
            true => Meant::Yes,
            false => self.by_rules(&self.rules, sent),
        };
        match (excluded, meant) {
            (Meant::Yes, _) | (_, Meant::No) => Meant::No,
            (Meant::Unknown(why), _) | (_, Meant::Unknown(why)) => Meant::Unknown(why),
            (Meant::No, Meant::Yes) => Meant::Yes,
        }
    }

    fn by_rules(&self, rules: &[Rule], sent: &Sent<'_>) -> Meant {
        let mut unknown = None;
        for rule in rules {
            match rule.means(sent, self.is_exact) {
                Meant::Yes => return Meant::Yes,
                Meant::No => {}
                Meant::Unknown(why) => unknown = Some(why),
            }
        }
        unknown.map_or(Meant::No, Meant::Unknown)
    }
}

/// Are these labels selected? With `unknown`, there may be others; why, is said there.
fn selects(selector: &Selector, labels: &Labels, unknown: Option<String>) -> Meant {
    if selector.malformed {
        return Meant::Unknown("a selector of it is none that the API takes".to_owned());
    }
    let mut open = None;
    for requirement in &selector.requirements {
        let (Requirement::In(key, _)
        | Requirement::NotIn(key, _)
        | Requirement::Exists(key)
        | Requirement::DoesNotExist(key)) = requirement;
        let one = Selector {
            requirements: vec![requirement.clone()],
            malformed: false,
        };
        match &unknown {
            Some(why) if !labels.iter().any(|(label, _)| **label == **key) => {
                open = Some(why.clone())
            }
            _ if one.matches(labels) == Some(false) => return Meant::No,
            _ => {}
        }
    }
    open.map_or(Meant::Yes, Meant::Unknown)
}

fn holds(list: &[String], wanted: &str) -> bool {
    list.iter().any(|item| item == "*" || item == wanted)
}

impl Rule {
    fn read<'t>(object: &Object<'t>, node: Node<'t>) -> Rule {
        let texts = |key| {
            let items = object.items(node, key);
            items
                .filter_map(Node::as_str)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let scope = node.get("scope").and_then(Node::as_str);
        Rule {
            operations: texts("operations"),
            groups: texts("apiGroups"),
            versions: texts("apiVersions"),
            resources: texts("resources"),
            names: texts("resourceNames"),
            scope: scope.filter(|scope| *scope != "*").map(str::to_owned),
        }
    }

    fn means(&self, sent: &Sent<'_>, is_exact: bool) -> Meant {
        let resource = |resource: &String| {
            matches!(resource.as_str(), "*" | "*/*") || sent.resources.contains(resource)
        };
        if !holds(&self.operations, "CREATE")
            || !holds(&self.groups, sent.group)
            || !self.resources.iter().any(resource)
        {
            return Meant::No;
        }
        let conditions = [
            self.version(sent, is_exact),
            self.named(sent),
            self.scoped(sent),
        ];
        if conditions.contains(&Meant::No) {
            return Meant::No;
        }
        let unknown = conditions.into_iter().find(|meant| *meant != Meant::Yes);
        unknown.unwrap_or(Meant::Yes)
    }

    /// Under `matchPolicy: Equivalent` the server converts an object to the version of the rule.
    fn version(&self, sent: &Sent<'_>, is_exact: bool) -> Meant {
        if holds(&self.versions, sent.version) {
            return Meant::Yes;
        }
        let equivalent = self.versions.iter().find(|version| {
            let api_version = match sent.group {
                "" => (*version).clone(),
                group => format!("{group}/{version}"),
            };
            let gone = |state| matches!(state, Served::Removed { .. } | Served::NotYet { .. });
            is_known(&api_version, sent.kind)
                && !served(&api_version, sent.kind, sent.server).is_some_and(gone)
        });
        match equivalent {
            Some(version) if !is_exact => Meant::Unknown(format!(
                "it is about version {version}, to which the API server converts the object"
            )),
            _ => Meant::No,
        }
    }

    fn named(&self, sent: &Sent<'_>) -> Meant {
        match sent.name {
            _ if self.names.is_empty() => Meant::Yes,
            Some(name) if self.names.iter().any(|known| known == name) => Meant::Yes,
            Some(_) => Meant::No,
            None => Meant::Unknown("it goes by names, and the object has none yet".to_owned()),
        }
    }

    fn scoped(&self, sent: &Sent<'_>) -> Meant {
        match (self.scope.as_deref(), sent.scope) {
            (None, _)
            | (Some("Namespaced"), Scope::Namespaced)
            | (Some("Cluster"), Scope::Cluster) => Meant::Yes,
            // A namespace's scope is the cluster's, but it is matched as what it is.
            (Some(_), Scope::Unknown) => Meant::Unknown(format!(
                "it goes by scope, and nobody says whether a {} lives in a namespace",
                sent.kind
            )),
            (Some(_), _) => Meant::No,
        }
    }
}
