//! Which ClusterRoles are taken in by which aggregated ones. Aggregated roles with equal selectors are one group, so that many
//! of them that take each other in cost a look at each, and not at each pair.

use std::collections::HashMap;

use super::{Role, Selector};

/// Aggregated roles that select the same, and what they select. By their numbers.
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
    let by_label = by_label(roles);
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

type ByLabel<'r> = HashMap<(&'r str, &'r str, &'r str), Vec<usize>>;

fn by_label(roles: &[Role]) -> ByLabel<'_> {
    let mut index = ByLabel::new();
    for (number, role) in roles.iter().enumerate() {
        for (key, value) in &role.labels {
            let key = (&*role.object.unit, &**key, &**value);
            index.entry(key).or_default().push(number);
        }
    }
    index
}

/// The roles that the selector of an aggregated role selects: looked for by its first label, where it has one.
fn taken_in<'r>(
    parent: &'r Role,
    selector: &'r Selector,
    roles: &'r [Role],
    by_label: &ByLabel<'r>,
) -> Vec<usize> {
    let unit = &*parent.object.unit;
    let candidates = match selector.labels.first() {
        Some((key, value)) => by_label.get(&(unit, &**key, &**value)).cloned(),
        None => Some((0..roles.len()).collect()),
    };
    let selected = |child: &Role| {
        let labels = child.labels.iter().map(|(key, value)| (&**key, &**value));
        child.is_cluster() && *child.object.unit == *unit && selector.selects(&labels.collect())
    };
    let mut candidates = candidates.unwrap_or_default();
    candidates.retain(|child| roles.get(*child).is_some_and(selected));
    candidates
}
