//! The roles that every API server makes itself, told by what they grant and not by a label that anybody can write. The
//! API server gives such a role what it lacks and leaves what somebody added, so one that grants more is no longer its own.

use super::{PolicyRule, Role};

#[rustfmt::skip]
mod generated;

use generated::ROLES;

/// A role with all that it grants in any version known here.
pub(super) struct Known {
    /// Empty for a ClusterRole.
    namespace: &'static str,
    name: &'static str,
    rights: &'static [Rights],
}

/// Verbs on resources. Without groups, the resources are paths of the API server.
struct Rights {
    groups: &'static [&'static str],
    resources: &'static [&'static str],
    /// Empty: whatever they are called.
    names: &'static [&'static str],
    verbs: &'static [&'static str],
}

/// Has the role the name of one that the API server makes, and only rights that it has in some version? Cost: a look into a
/// sorted table, and for such a role its rights one by one.
pub(super) fn covers(role: &Role) -> bool {
    known(role).is_some_and(|known| role.rules.iter().all(|rule| known.covers(rule)))
}

/// Has the role the name of one that the API server makes?
pub(super) fn is_name(role: &Role) -> bool {
    known(role).is_some()
}

fn known(role: &Role) -> Option<&'static Known> {
    let namespace = match (role.is_cluster(), &role.object.namespace) {
        (true, _) => "",
        (false, Some(namespace)) => namespace,
        (false, None) => return None,
    };
    find(namespace, &role.object.name)
}

/// The role of this name; the namespace is empty for a ClusterRole.
pub(super) fn find(namespace: &str, name: &str) -> Option<&'static Known> {
    let key = (namespace, name);
    let index = ROLES.binary_search_by_key(&key, |known| (known.namespace, known.name));
    index.ok().and_then(|index| ROLES.get(index))
}

/// The names of all of them.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ROLES.iter().map(|known| known.name)
}

impl Known {
    fn covers(&self, rule: &PolicyRule) -> bool {
        let resources = rule.groups.iter().all(|group| {
            let mut resources = rule.resources.iter();
            resources.all(|entry| self.allows(rule, Some(group), &entry.text))
        });
        let urls = rule.urls.iter().all(|url| self.allows(rule, None, url));
        resources && urls
    }

    /// Every verb of the rule on one resource, or on one path.
    fn allows(&self, rule: &PolicyRule, group: Option<&str>, resource: &str) -> bool {
        let named = |rights: &&Rights| {
            let names = rights.names.is_empty()
                || !rule.names.is_empty()
                    && rule
                        .names
                        .iter()
                        .all(|name| rights.names.contains(&&**name));
            let groups = match group {
                Some(group) => has(rights.groups, group),
                None => rights.groups.is_empty(),
            };
            names && groups && has(rights.resources, resource)
        };
        let rights: Vec<&Rights> = self.rights.iter().filter(named).collect();
        let mut verbs = rule.verbs.iter();
        verbs.all(|verb| rights.iter().any(|rights| has(rights.verbs, verb)))
    }
}

/// Is the word in the list, itself or as `*`?
fn has(list: &[&str], word: &str) -> bool {
    list.iter().any(|have| *have == "*" || *have == word)
}

#[cfg(test)]
mod tests;
