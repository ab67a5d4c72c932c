//! Ways from bindings to roles: by the name that a binding gives, and from an aggregated role on to those that it takes in.
//!
//! Invariant: linear in roles and bindings, also where many bindings give many roles of one name, or roles take each other in.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::aggregation::groups;
use super::flood::{Graph, Reached};
use super::{Binding, Grant, Granted, RbacFacts, Reach, Role};

/// What a binding may call a role: unit, kind, name, and where it is.
type Name<'f> = (&'f str, &'f str, &'f str, Where<'f>);

#[derive(Copy, Clone, PartialEq, Eq, Hash)]
enum Where<'f> {
    /// In a namespace; `None` is one that the role does not say.
    In(Option<&'f str>),
    /// In whichever: a binding that does not say its namespace may be in any.
    Any,
}

/// Who gets which role.
pub struct Ways<'f> {
    facts: &'f RbacFacts,
    /// Roles by their numbers, then groups of aggregated roles, then names; each leads to roles.
    down: Graph,
    up: Graph,
    names: HashMap<Name<'f>, usize>,
}

impl<'f> Ways<'f> {
    pub(super) fn of(facts: &'f RbacFacts) -> Ways<'f> {
        let mut down = Graph::of(facts.roles.len());
        for group in groups(&facts.roles) {
            let place = down.add();
            group.takers.iter().for_each(|role| down.link(*role, place));
            group.taken.iter().for_each(|role| down.link(place, *role));
        }
        let mut names = HashMap::new();
        for (number, role) in facts.roles.iter().enumerate() {
            for name in names_of(role) {
                let place = *names.entry(name).or_insert_with(|| down.add());
                down.link(place, number);
            }
        }
        Ways {
            facts,
            up: down.reversed(),
            down,
            names,
        }
    }

    /// Every role with those who get it, directly or through aggregated roles, in the order of the roles.
    pub fn granted(&self) -> Vec<Granted<'f>> {
        let bindings = &self.facts.bindings;
        let reaches: Vec<Reach> = bindings.iter().map(Binding::reach).collect();
        let mut furthest: Vec<_> = bindings.iter().enumerate().zip(&reaches).collect();
        furthest.sort_by_key(|(_, reach)| Reverse(*reach));
        let furthest = furthest.into_iter().map(|(binding, _)| binding);
        let mut told = self.flood(furthest, Granted::ENOUGH).into_iter();
        let everywhere = bindings.iter().enumerate();
        let everywhere = everywhere.filter(|(_, binding)| binding.is_cluster());
        let everywhere = self.flood(everywhere, 1);
        let roles = self.facts.roles.iter().enumerate().zip(everywhere);
        let granted = roles.map(|((number, role), everywhere)| Granted {
            role,
            grants: self.grants(number, &told.next().unwrap_or_default(), &reaches),
            everywhere: !everywhere.is_empty(),
        });
        granted.collect()
    }

    /// For each binding, in their order, a role that it gives and of which `is` holds, directly or through aggregated roles.
    pub fn giving(&self, is: impl Fn(&Role) -> bool) -> Vec<Option<&'f Role>> {
        let roles = self.facts.roles.iter().enumerate();
        let roles = roles.filter(|(_, role)| is(role));
        let reached = self
            .up
            .flood(roles.map(|(number, _)| (number, [number])), 1);
        self.of_bindings(|place| {
            let first = reached.get(place)?.first()?;
            self.facts.roles.get(first.item)
        })
    }

    /// For each binding, in their order, a role that it names itself and of which `is` holds.
    pub fn naming(&self, is: impl Fn(&Role) -> bool) -> Vec<Option<&'f Role>> {
        let mut first = HashMap::new();
        for (number, role) in self.facts.roles.iter().enumerate() {
            if is(role) {
                for place in self.up.behind(number) {
                    first.entry(*place).or_insert(role);
                }
            }
        }
        self.of_bindings(|place| first.get(&place).copied())
    }

    /// For each role the first of these bindings, each with its number, that `of` knows something of.
    pub fn first<T: Clone>(&self, of: impl Fn(&'f Binding) -> Option<T>) -> Vec<Option<T>> {
        let known: Vec<Option<T>> = self.facts.bindings.iter().map(of).collect();
        let bindings = self.facts.bindings.iter().enumerate().zip(&known);
        let bindings = bindings.filter(|(_, known)| known.is_some());
        let reached = self.flood(bindings.map(|(binding, _)| binding), 1);
        let first = |reached: Vec<Reached>| known.get(reached.first()?.item)?.clone();
        let roles = reached.into_iter().take(self.facts.roles.len());
        roles.map(first).collect()
    }

    fn flood<'b>(
        &self,
        bindings: impl IntoIterator<Item = (usize, &'b Binding)>,
        most: usize,
    ) -> Vec<Vec<Reached>> {
        let bindings = bindings.into_iter();
        self.down.flood(
            bindings.map(|(number, binding)| (number, self.starts(binding))),
            most,
        )
    }

    fn grants(&self, role: usize, reached: &[Reached], reaches: &[Reach]) -> Vec<Grant<'f>> {
        let grant = |one: &Reached| {
            Some(Grant {
                binding: self.facts.bindings.get(one.item)?,
                reach: *reaches.get(one.item)?,
                through: self.facts.roles.get(one.by).filter(|_| one.by != role),
            })
        };
        reached.iter().filter_map(grant).collect()
    }

    fn of_bindings<T>(&self, of: impl Fn(usize) -> Option<T>) -> Vec<Option<T>> {
        let bindings = self.facts.bindings.iter();
        bindings
            .map(|binding| self.starts(binding).into_iter().find_map(&of))
            .collect()
    }

    /// The names by which a binding may mean a role.
    fn starts(&self, binding: &Binding) -> Vec<usize> {
        let places = match (&*binding.role_kind, binding.object.namespace.as_deref()) {
            ("Role", Some(namespace)) => vec![Where::In(Some(namespace)), Where::In(None)],
            _ => vec![Where::Any],
        };
        let name = |place| {
            let (kind, name) = (&*binding.role_kind, &*binding.role_name);
            self.names.get(&(&*binding.object.unit, kind, name, place))
        };
        places.into_iter().filter_map(name).copied().collect()
    }
}

fn names_of(role: &Role) -> impl Iterator<Item = Name<'_>> {
    let object = &role.object;
    let own = Where::In(object.namespace.as_deref());
    let places = [Some(own).filter(|_| !role.is_cluster()), Some(Where::Any)];
    let places = places.into_iter().flatten();
    places.map(|place| (&*object.unit, &*object.kind, &*object.name, place))
}
