//! Which namespaces deny by default what nobody allowed: all policies of a namespace taken together.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::namespaces::DefinedNamespace;
use super::network::{NetworkFacts, Policy};
use super::{FactKind, Facts};
use crate::network_policy::Direction;
use crate::object::ObjectId;
use crate::place::Place;

/// What the policies of one namespace do together in one direction.
#[derive(Copy, Clone, Default, Debug)]
pub struct Coverage<'f> {
    /// A policy that rules the direction.
    pub ruled: Option<&'f Policy>,
    /// One that selects every pod and does not let everything through.
    pub catch_all: Option<&'f Policy>,
    /// One that selects every pod and lets everything through.
    pub opened: Option<&'f Policy>,
    /// Some policy lets DNS through.
    pub allows_dns: bool,
}

/// Per unit and namespace, `None` for policies that do not say theirs.
pub type Coverages<'f> = HashMap<(&'f str, Option<&'f str>), Coverage<'f>>;

impl NetworkFacts {
    /// What the policies of each namespace do together.
    pub fn coverage(&self, direction: Direction) -> Coverages<'_> {
        let mut all = Coverages::new();
        for policy in &self.policies {
            let Some(ruled) = policy.ruled(direction) else {
                continue;
            };
            let key = (&*policy.object.unit, policy.object.namespace.as_deref());
            let one = all.entry(key).or_default();
            one.ruled = one.ruled.or(Some(policy));
            one.allows_dns |= ruled.allows_dns;
            if policy.selects.is_empty() {
                let slot = match ruled.allows_everything {
                    true => &mut one.opened,
                    false => &mut one.catch_all,
                };
                *slot = slot.or(Some(policy));
            }
        }
        all
    }
}

/// Does anything deny what is not allowed, in one namespace and direction?
pub struct DefaultDeny<'f> {
    /// What to report on: the Namespace, a policy of it, or a pod.
    pub object: &'f Arc<ObjectId>,
    /// Where.
    pub place: &'f Place,
    /// The answer.
    pub verdict: DefaultDenyVerdict<'f>,
}

/// See [`DefaultDeny`].
pub enum DefaultDenyVerdict<'f> {
    /// Yes.
    Denied,
    /// No.
    Missing,
    /// This policy lets everything through for every pod.
    Opened(&'f Policy),
    /// What could answer is not there.
    Open(FactKind),
}

impl Facts {
    /// The verdict for every namespace that objects of the run name, once each. Where neither the Namespace nor one of its
    /// policies is there, and more may exist than was gathered, it stays open.
    pub fn default_deny(&self, direction: Direction) -> Vec<DefaultDeny<'_>> {
        let coverage = self.network.coverage(direction);
        let denied = self.network.denied(|policy| match direction {
            Direction::Ingress => policy.ingress,
            Direction::Egress => policy.egress,
        });
        let judge = |unit: &str, name: &str| {
            let of = |namespace| {
                coverage
                    .get(&(unit, namespace))
                    .copied()
                    .unwrap_or_default()
            };
            let (own, loose) = (of(Some(name)), of(None));
            let catches = own.catch_all.or(loose.catch_all).is_some();
            match own.opened {
                Some(policy) => DefaultDenyVerdict::Opened(policy),
                None if catches || denied.contains(unit) => DefaultDenyVerdict::Denied,
                None => DefaultDenyVerdict::Missing,
            }
        };
        let mut seen = HashSet::new();
        let mut verdicts = Vec::new();
        for (source, object, place, name) in self.mentions() {
            let unit = &*object.unit;
            if !seen.insert((unit, name)) {
                continue;
            }
            let known = self.complete || source != Mention::Pod;
            let verdict = match name {
                Some(name) if known => judge(unit, name),
                Some(_) => DefaultDenyVerdict::Open(FactKind::NetworkPolicy),
                None if denied.contains(unit) => DefaultDenyVerdict::Denied,
                None => match coverage
                    .get(&(unit, None))
                    .and_then(|loose| loose.catch_all)
                {
                    Some(_) => DefaultDenyVerdict::Denied,
                    None => DefaultDenyVerdict::Open(FactKind::Namespace),
                },
            };
            verdicts.push(DefaultDeny {
                object,
                place,
                verdict,
            });
        }
        verdicts
    }

    /// Namespaces that the run defines together with pods or policies that may go there, so that what governs them belongs
    /// here as well; all that hold pods, when everything was gathered.
    pub fn governed_namespaces(&self) -> impl Iterator<Item = &DefinedNamespace> {
        let pods = self.network.pods.iter().map(|one| &one.object);
        let policies = self.network.policies.iter().map(|one| &one.object);
        let members: HashSet<_> = pods
            .chain(policies)
            .map(|object| (&*object.unit, object.namespace.as_deref()))
            .collect();
        let defined = self
            .namespaces
            .defined
            .iter()
            .filter(|one| one.holds_pods());
        defined.filter(move |one| {
            let (unit, name) = (&*one.object.unit, Some(one.object.name.as_str()));
            self.complete || members.contains(&(unit, name)) || members.contains(&(unit, None))
        })
    }

    /// Namespaces as they are named: by their own objects first, then by policies, then by pods.
    fn mentions(&self) -> impl Iterator<Item = (Mention, &Arc<ObjectId>, &Place, Option<&str>)> {
        let defined = self.governed_namespaces().map(|one| {
            let name = Some(one.object.name.as_str());
            (Mention::Namespace, &one.object, &one.place, name)
        });
        let policies = self.network.policies.iter().map(|one| {
            let name = one.object.namespace.as_deref();
            (Mention::Policy, &one.object, &one.place, name)
        });
        let pods = self.network.pods.iter().map(|one| {
            let name = one.object.namespace.as_deref();
            (Mention::Pod, &one.object, &one.namespace, name)
        });
        defined.chain(policies).chain(pods)
    }
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum Mention {
    Namespace,
    Policy,
    Pod,
}
