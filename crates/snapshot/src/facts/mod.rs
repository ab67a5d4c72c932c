//! The little that outlives a document: what controls need to know about one object when they judge another. Owned
//! and small, because it is kept for every object of a run. One module for each subject.

pub mod accounts;
pub mod admission;
pub mod default_deny;
pub mod isolation;
pub mod namespaces;
pub mod network;
pub mod rbac;
pub mod resources;
pub mod together;

use std::sync::Arc;

use crate::object::Object;
use crate::pod::Pod;

use accounts::AccountFacts;
use admission::AdmissionFacts;
use isolation::IsolationFacts;
use namespaces::NamespaceFacts;
use network::NetworkFacts;
use rbac::RbacFacts;
use resources::ResourceFacts;

/// Kinds of evidence that a control may need besides the object at hand.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum FactKind {
    /// The ServiceAccount that a pod names.
    ServiceAccount,
    /// The binding that puts an admission policy into force.
    AdmissionPolicyBinding,
    /// The registries that the owner trusts.
    TrustedRegistries,
    /// The namespace that an object goes to.
    Namespace,
    /// The network policies of a namespace.
    NetworkPolicy,
    /// The LimitRanges and ResourceQuotas of a namespace.
    ResourcePolicy,
    /// All files below the configuration.
    AllBelowConfiguration,
    /// The Role or ClusterRole that a binding names.
    Role,
    /// All that the cluster holds: what is missing shows only there.
    Everything,
    /// With which values a program of Kubernetes is started.
    CommandLine,
}

/// Facts of any number of objects.
#[derive(Clone, Default, Debug)]
pub struct Facts {
    /// ServiceAccounts and their tokens.
    pub accounts: AccountFacts,
    /// Admission policies and their bindings.
    pub admission: AdmissionFacts,
    /// How strongly pods are kept apart from their nodes.
    pub isolation: IsolationFacts,
    /// Namespaces.
    pub namespaces: NamespaceFacts,
    /// Network policies and the pods that they select.
    pub network: NetworkFacts,
    /// Limits and quotas.
    pub resources: ResourceFacts,
    /// Roles and bindings.
    pub rbac: RbacFacts,
    /// Is what was gathered everything there is? Then what is not there is missing, and not merely elsewhere.
    pub complete: bool,
}

impl Facts {
    /// Copies what others need to know about an object.
    pub fn note(&mut self, object: &Object<'_>, pod: Option<&Pod<'_>>) {
        self.accounts.note(object, pod);
        self.admission.note(object, pod);
        self.isolation.note(object, pod);
        self.namespaces.note(object);
        self.network.note(object, pod);
        self.resources.note(object, pod);
        self.rbac.note(object);
    }

    /// Gives back the room that was not used: facts of small files are kept by the thousand.
    pub fn shrink(&mut self) {
        self.accounts.token_uses.shrink_to_fit();
        self.accounts.accounts.shrink_to_fit();
        self.network.pods.shrink_to_fit();
        self.network.policies.shrink_to_fit();
    }

    /// Takes in the facts of another part of the run.
    pub fn absorb(&mut self, other: Facts) {
        self.accounts.absorb(other.accounts);
        self.admission.absorb(other.admission);
        self.isolation.absorb(other.isolation);
        self.namespaces.absorb(other.namespaces);
        self.network.absorb(other.network);
        self.resources.absorb(other.resources);
        self.rbac.absorb(other.rbac);
    }

    /// Moves all facts to another unit.
    pub fn move_to(&mut self, unit: &Arc<str>) {
        self.accounts.move_to(unit);
        self.admission.move_to(unit);
        self.isolation.move_to(unit);
        self.namespaces.move_to(unit);
        self.network.move_to(unit);
        self.resources.move_to(unit);
        self.rbac.move_to(unit);
    }
}

/// May two mentions of a namespace mean the same one? An absent namespace is unknown: it may be any.
pub fn same_namespace(one: Option<&str>, other: Option<&str>) -> bool {
    one.is_none() || other.is_none() || one == other
}
