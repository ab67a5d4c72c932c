//! Which ClusterRoles are taken in by which aggregated ones. Aggregated roles with equal selectors are one group, so that many
//! of them that take each other in cost a look at each, and not at each pair.

use std::collections::HashMap;

use super::{Role, Selector};

/// Who takes in whom, and room to walk upwards in.
pub(super) struct Aggregation {
    /// For each role, the groups that take it in.
    groups: Vec<Vec<usize>>,
    /// For each group, its aggregated roles.
    members: Vec<Vec<usize>>,
    /// The last walk, plus one, that came to a role and to a group.
    seen: (Vec<usize>, Vec<usize>),
    above: Vec<usize>,
}

impl Aggregation {
    pub(super) fn of(roles: &[Role]) -> Aggregation {
        let mut members: Vec<Vec<usize>> = Vec::new();
        let mut groups = vec![Vec::new(); roles.len()];
        let mut known: HashMap<(&str, &Selector), usize> = HashMap::new();
        let by_label = by_label(roles);
        let aggregated = roles
            .iter()
            .enumerate()
            .filter(|(_, role)| role.is_cluster());
        for (index, role) in aggregated {
            for selector in role.aggregates.iter().flatten() {
                let next = known.len();
                let group = *known.entry((&role.object.unit, selector)).or_insert(next);
                if group == next {
                    members.push(Vec::new());
                    for child in taken_in(role, selector, roles, &by_label) {
                        let list: Option<&mut Vec<usize>> = groups.get_mut(child);
                        list.into_iter().for_each(|list| list.push(group));
                    }
                }
                members
                    .get_mut(group)
                    .into_iter()
                    .for_each(|list| list.push(index));
            }
        }
        let seen = (vec![0; roles.len()], vec![0; members.len()]);
        Aggregation {
            groups,
            members,
            seen,
            above: Vec::new(),
        }
    }

    /// The aggregated roles that take a role in, directly or through others; nearer ones first.
    pub(super) fn above(&mut self, role: usize) -> &[usize] {
        self.above.clear();
        let walk = role + 1;
        let (roles, groups) = &mut self.seen;
        let first = |seen: &mut Vec<usize>, index: usize| {
            let before = seen
                .get_mut(index)
                .map(|last| std::mem::replace(last, walk));
            before.is_some_and(|before| before != walk)
        };
        first(roles, role);
        let mut next = Some(role);
        let mut done = 0;
        while let Some(here) = next {
            for group in self.groups.get(here).into_iter().flatten() {
                if first(groups, *group) {
                    let members = self.members.get(*group).into_iter().flatten();
                    let new = members.copied().filter(|member| first(roles, *member));
                    self.above.extend(new);
                }
            }
            next = self.above.get(done).copied();
            done += 1;
        }
        &self.above
    }
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
