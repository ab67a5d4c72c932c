//! Which ClusterRoles are taken in by which aggregated ones. Aggregated roles with equal selectors are one group, so that many
//! of them that take each other in cost a look at each, and not at each pair.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use super::{Operator, Role, Selector};

/// Aggregated roles that select the same, and what they select. By their numbers.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The aggregated roles.
    pub(super) takers: Vec<usize>,
    /// The roles that they take in; themselves where their own labels say so.
    pub(super) taken: Vec<usize>,
}

/// All groups, in the order of their first roles.
pub(super) fn groups(roles: &[Role]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut known: HashMap<(&str, &Selector), usize> = HashMap::new();
    let by_label = ByLabel::of(roles);
    for (taker, role) in roles.iter().enumerate() {
        let selectors = role.aggregates.iter().flatten();
        for selector in selectors.filter(|_| role.is_cluster()) {
            let number = *known
                .entry((&role.object.unit, selector))
                .or_insert_with(|| {
                    groups.push(Group {
                        takers: Vec::new(),
                        taken: taken_in(role, selector, roles, &by_label),
                    });
                    groups.len() - 1
                });
            if let Some(group) = groups.get_mut(number) {
                group.takers.push(taker);
            }
        }
    }
    groups
}

/// Roles by their labels, and with them.
struct ByLabel<'r> {
    labels: Vec<HashMap<&'r str, &'r str>>,
    by_key: HashMap<(&'r str, &'r str), Vec<usize>>,
    by_value: HashMap<(&'r str, &'r str, &'r str), Vec<usize>>,
}

impl<'r> ByLabel<'r> {
    fn of(roles: &'r [Role]) -> ByLabel<'r> {
        let mut all = ByLabel {
            labels: Vec::new(),
            by_key: HashMap::new(),
            by_value: HashMap::new(),
        };
        for (number, role) in roles.iter().enumerate() {
            let labels = role.labels.iter().map(|(key, value)| (&**key, &**value));
            let labels: HashMap<_, _> = labels.collect();
            let unit = &*role.object.unit;
            for (key, value) in &labels {
                all.by_key.entry((unit, key)).or_default().push(number);
                let by_value = all.by_value.entry((unit, key, value));
                by_value.or_default().push(number);
            }
            all.labels.push(labels);
        }
        all
    }

    /// Roles among which are all that have a label that the selector asks for. `None` where it only says what must not be there.
    fn asked_for(&self, unit: &str, selector: &Selector) -> Option<Vec<usize>> {
        if let Some((key, value)) = selector.labels.first() {
            return Some(of(&self.by_value, &(unit, &**key, &**value)).collect());
        }
        selector
            .expressions
            .iter()
            .find_map(|(key, operator, values)| {
                let key = &**key;
                match operator {
                    Operator::In => {
                        let values = values.iter().map(|value| &**value);
                        let values: BTreeSet<&str> = values.collect();
                        let values = values.into_iter();
                        let having =
                            values.flat_map(|value| of(&self.by_value, &(unit, key, value)));
                        Some(having.collect())
                    }
                    Operator::Exists => Some(of(&self.by_key, &(unit, key)).collect()),
                    Operator::NotIn | Operator::DoesNotExist => None,
                }
            })
    }
}

fn of<'m, K: Eq + Hash>(
    map: &'m HashMap<K, Vec<usize>>,
    key: &K,
) -> impl Iterator<Item = usize> + use<'m, K> {
    map.get(key).into_iter().flatten().copied()
}

/// The roles that the selector of an aggregated role selects.
fn taken_in<'r>(
    parent: &'r Role,
    selector: &'r Selector,
    roles: &'r [Role],
    by_label: &ByLabel<'r>,
) -> Vec<usize> {
    let unit = &*parent.object.unit;
    let candidates = by_label.asked_for(unit, selector);
    let mut candidates = candidates.unwrap_or_else(|| (0..roles.len()).collect());
    let selected = |(child, labels): (&Role, &HashMap<&str, &str>)| {
        child.is_cluster() && *child.object.unit == *unit && selector.selects(labels)
    };
    candidates.retain(|number| {
        let child = roles.get(*number).zip(by_label.labels.get(*number));
        child.is_some_and(selected)
    });
    candidates
}
