//! Roles, their rules, and the bindings that hand them out: who gets what, and how far it reaches. Says nothing about
//! which right is dangerous. Joining is linear in the number of objects, but for roles that are aggregated by expressions.

mod aggregation;
mod bootstrap;
mod flood;
mod read;
mod ways;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use thin_vec::ThinVec;

use crate::object::{Object, ObjectId};
use crate::place::Place;

pub use self::ways::Ways;

const GROUP: &str = "rbac.authorization.k8s.io";

/// The names of the roles that come with Kubernetes, in any version known here.
pub fn built_in_roles() -> impl Iterator<Item = &'static str> {
    bootstrap::names()
}

/// A word of a rule, with where it stands.
#[derive(Clone, Debug)]
pub struct Entry {
    /// As written, such as `pods/exec`.
    pub text: Box<str>,
    /// Where.
    pub place: Place,
}

/// One rule of a role.
#[derive(Clone, Debug)]
pub struct PolicyRule {
    /// API groups; empty text is the core group.
    pub groups: Vec<Box<str>>,
    /// Resources, with subresources behind a slash. Empty for rules on URLs.
    pub resources: Vec<Entry>,
    /// Paths of the API server that are no resources, such as `/metrics`.
    pub urls: Vec<Box<str>>,
    /// Verbs.
    pub verbs: Vec<Box<str>>,
    /// Names to which the rule is limited; empty for all.
    pub names: Vec<Box<str>>,
    /// Where the verbs stand.
    pub verbs_place: Place,
    /// Where the groups stand, or would.
    pub groups_place: Place,
}

impl PolicyRule {
    /// Is the verb among those of the rule, itself or as `*`?
    pub fn allows(&self, verb: &str) -> bool {
        self.verbs
            .iter()
            .any(|have| &**have == "*" || **have == *verb)
    }

    /// Is the group among those of the rule, itself or as `*`?
    pub fn covers(&self, group: &str) -> bool {
        self.groups
            .iter()
            .any(|have| &**have == "*" || **have == *group)
    }

    /// The word that names the resource: itself, or `*/subresource`. A bare `*` does not count.
    pub fn names_resource(&self, resource: &str) -> Option<&Entry> {
        let any = resource.split_once('/').map(|(_, sub)| sub);
        self.resources.iter().find(|entry| {
            &*entry.text == resource || (any.is_some() && entry.text.strip_prefix("*/") == any)
        })
    }

    /// The bare `*` among the resources.
    pub fn every_resource(&self) -> Option<&Entry> {
        self.resources.iter().find(|entry| &*entry.text == "*")
    }
}

/// A selector of an aggregated ClusterRole.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Selector {
    labels: Vec<(Box<str>, Box<str>)>,
    expressions: Vec<(Box<str>, Operator, Vec<Box<str>>)>,
}

#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

impl Selector {
    fn selects(&self, labels: &HashMap<&str, &str>) -> bool {
        let equal = |(key, value): &(Box<str>, Box<str>)| labels.get(&**key) == Some(&&**value);
        let holds = |(key, operator, values): &(Box<str>, Operator, Vec<Box<str>>)| {
            let have = labels.get(&**key);
            let listed = have.is_some_and(|have| values.iter().any(|value| **value == **have));
            match operator {
                Operator::In => listed,
                Operator::NotIn => !listed,
                Operator::Exists => have.is_some(),
                Operator::DoesNotExist => have.is_none(),
            }
        };
        self.labels.iter().all(equal) && self.expressions.iter().all(holds)
    }
}

/// A Role or ClusterRole.
#[derive(Clone, Debug)]
pub struct Role {
    /// Which.
    pub object: Arc<ObjectId>,
    /// Its own rules. The control plane overwrites those of an aggregated role, so it has none.
    pub rules: Vec<PolicyRule>,
    /// What an aggregated role takes its rules from; `None` for a role with rules of its own.
    pub aggregates: Option<Vec<Selector>>,
    /// Its labels.
    pub labels: Vec<(Box<str>, Box<str>)>,
    /// Where its name stands.
    pub place: Place,
}

impl Role {
    /// Is it a ClusterRole?
    pub fn is_cluster(&self) -> bool {
        self.object.kind == "ClusterRole"
    }

    /// The value of a label.
    pub fn label(&self, key: &str) -> Option<&str> {
        let found = self.labels.iter().find(|(have, _)| **have == *key);
        found.map(|(_, value)| &**value)
    }

    /// Does the API server make this role itself? By what it grants: a role that has the name of such a role, and no
    /// right more than it, adds nothing to a cluster. One that grants more is somebody's own.
    pub fn is_bootstrap(&self) -> bool {
        bootstrap::covers(self)
    }

    /// The built-in role that takes this role's rules in: `view`, `edit` or `admin`.
    pub fn joins(&self) -> Option<&'static str> {
        const LABELS: [(&str, &str); 3] = [
            ("rbac.authorization.k8s.io/aggregate-to-view", "view"),
            ("rbac.authorization.k8s.io/aggregate-to-edit", "edit"),
            ("rbac.authorization.k8s.io/aggregate-to-admin", "admin"),
        ];
        let joined = LABELS
            .iter()
            .find(|(key, _)| self.label(key) == Some("true"));
        joined.filter(|_| self.is_cluster()).map(|(_, name)| *name)
    }
}

/// Does the API server make a role of this name itself, a Role in the namespace or else a ClusterRole?
pub fn is_built_in(namespace: Option<&str>, name: &str) -> bool {
    bootstrap::find(namespace.unwrap_or_default(), name).is_some()
}

/// Whom a binding names.
#[derive(Clone, Debug)]
pub struct Subject {
    /// `User`, `Group` or `ServiceAccount`.
    pub kind: Box<str>,
    /// The name.
    pub name: Box<str>,
    /// The namespace of a ServiceAccount; `None` is unknown.
    pub namespace: Option<Box<str>>,
    /// Where its name stands.
    pub place: Place,
}

impl Subject {
    /// Is it this group?
    pub fn is_group(&self, name: &str) -> bool {
        &*self.kind == "Group" && &*self.name == name
    }

    /// Is it this user?
    pub fn is_user(&self, name: &str) -> bool {
        &*self.kind == "User" && &*self.name == name
    }

    /// Does it stand for callers that nobody chose: anonymous ones, all authenticated ones, all service accounts?
    pub fn is_everybody(&self) -> bool {
        const GROUPS: [&str; 3] = [
            "system:unauthenticated",
            "system:authenticated",
            "system:serviceaccounts",
        ];
        self.is_user("system:anonymous") || GROUPS.iter().any(|group| self.is_group(group))
    }

    /// In a sentence: `ServiceAccount shop/operator`.
    pub fn describe(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!("{} {namespace}/{}", self.kind, self.name),
            None => format!("{} {}", self.kind, self.name),
        }
    }
}

/// A RoleBinding or ClusterRoleBinding.
#[derive(Clone, Debug)]
pub struct Binding {
    /// Which.
    pub object: Arc<ObjectId>,
    /// `Role` or `ClusterRole`.
    pub role_kind: Box<str>,
    /// The role's name.
    pub role_name: Box<str>,
    /// Where the role's name stands.
    pub role_place: Place,
    /// Who gets it.
    pub subjects: Vec<Subject>,
}

impl Binding {
    /// Does it hold in the whole cluster?
    pub fn is_cluster(&self) -> bool {
        self.object.kind == "ClusterRoleBinding"
    }

    /// Does it name this ClusterRole?
    pub fn gives(&self, cluster_role: &str) -> bool {
        &*self.role_kind == "ClusterRole" && &*self.role_name == cluster_role
    }

    /// Does it name a role that the API server makes?
    pub fn gives_built_in(&self) -> bool {
        let namespace = self.object.namespace.as_deref();
        is_built_in(
            namespace.filter(|_| &*self.role_kind == "Role"),
            &self.role_name,
        )
    }

    /// How far it reaches.
    pub fn reach(&self) -> Reach {
        let everybody = self.subjects.iter().any(Subject::is_everybody);
        match (self.is_cluster(), everybody) {
            _ if self.subjects.is_empty() => Reach::Nobody,
            (true, true) => Reach::Everybody,
            (true, false) => Reach::Cluster,
            (false, true) => Reach::EverybodyInNamespace,
            (false, false) => Reach::Namespace,
        }
    }

    /// Who gets it, in a sentence.
    pub fn describe_subjects(&self) -> String {
        match self.subjects.as_slice() {
            [] => "nobody".to_owned(),
            [one] => one.describe(),
            [one, other] => format!("{} and {}", one.describe(), other.describe()),
            [one, rest @ ..] => format!("{} and {} others", one.describe(), rest.len()),
        }
    }
}

/// How far a binding, or all of a role, reaches. Later is further.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reach {
    /// No binding is among what was scanned, or it names nobody.
    Nobody,
    /// One namespace, or a few.
    Namespace,
    /// Everyone in one namespace, or callers that nobody chose.
    EverybodyInNamespace,
    /// The whole cluster.
    Cluster,
    /// Callers that nobody chose, in the whole cluster.
    Everybody,
}

/// ClusterRoles that have the name of one that the API server makes, and grant more: by unit and name.
#[derive(Clone, Debug)]
pub struct Imitations<'f>(HashSet<(&'f str, &'f str)>);

impl Imitations<'_> {
    /// Does the binding give one of them?
    pub fn gives(&self, binding: &Binding) -> bool {
        let role = (&*binding.object.unit, &*binding.role_name);
        &*binding.role_kind == "ClusterRole" && self.0.contains(&role)
    }
}

/// What is known about roles and bindings.
#[derive(Clone, Default, Debug)]
pub struct RbacFacts {
    /// Roles and ClusterRoles.
    pub roles: ThinVec<Role>,
    /// Bindings of both kinds.
    pub bindings: ThinVec<Binding>,
}

/// How a role reaches subjects.
#[derive(Copy, Clone, Debug)]
pub struct Grant<'f> {
    /// The binding.
    pub binding: &'f Binding,
    /// How far that reaches.
    pub reach: Reach,
    /// The aggregated role that the binding names, where it is not the role itself.
    pub through: Option<&'f Role>,
}

/// A role with those who get it.
#[derive(Clone, Debug)]
pub struct Granted<'f> {
    /// The role.
    pub role: &'f Role,
    /// How it is handed out: the bindings that reach furthest, these first, and no more than [`Granted::ENOUGH`].
    pub grants: Vec<Grant<'f>>,
    /// Is there a ClusterRoleBinding among all bindings that give it?
    pub everywhere: bool,
}

impl Granted<'_> {
    /// How many bindings are enough to tell of a role.
    pub const ENOUGH: usize = 3;
}

impl RbacFacts {
    pub(super) fn note(&mut self, object: &Object<'_>) {
        if object.group() != GROUP {
            return;
        }
        match object.kind {
            "Role" | "ClusterRole" => self.roles.push(read::role(object)),
            "RoleBinding" | "ClusterRoleBinding" => self.bindings.extend(read::binding(object)),
            _ => {}
        }
    }

    pub(super) fn absorb(&mut self, other: RbacFacts) {
        self.roles.extend(other.roles);
        self.bindings.extend(other.bindings);
    }

    pub(super) fn move_to(&mut self, unit: &Arc<str>) {
        let roles = self.roles.iter_mut().map(|role| &mut role.object);
        let bindings = self.bindings.iter_mut().map(|binding| &mut binding.object);
        for object in roles.chain(bindings) {
            Arc::make_mut(object).unit = unit.clone();
        }
    }

    /// The roles that borrow a name from the API server's own.
    pub fn imitations(&self) -> Imitations<'_> {
        let roles = self.roles.iter().filter(|role| role.is_cluster());
        let borrowed = roles.filter(|role| bootstrap::is_name(role) && !role.is_bootstrap());
        Imitations(
            borrowed
                .map(|role| (&*role.object.unit, role.object.name.as_str()))
                .collect(),
        )
    }

    /// Who gets which role.
    pub fn ways(&self) -> Ways<'_> {
        Ways::of(self)
    }
}
