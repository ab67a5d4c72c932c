//! The roles that every API server makes itself, told by what they grant and not by a label that anybody can write. The
//! API server gives such a role what it lacks and leaves what somebody added, so one that grants more is no longer its own.

use std::collections::BTreeSet;

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
    /// Words that the same rights know are one case, and there are few rights: the rule's words are looked at one by one, never
    /// all of them together.
    fn covers(&self, rule: &PolicyRule) -> bool {
        let resources = self.knowing(rule.resources.iter().map(|entry| &*entry.text), |one| {
            one.resources
        });
        let groups = self.knowing(rule.groups.iter().map(|group| &**group), |one| one.groups);
        let urls = self.knowing(rule.urls.iter().map(|url| &**url), |one| one.resources);
        let no_groups = self.which(|one| one.groups.is_empty());
        let verbs = self.knowing(rule.verbs.iter().map(|verb| &**verb), |one| one.verbs);
        let named = self.which(|one| one.is_for(&rule.names));
        let allowed = |these: u128| verbs.iter().all(|verbs| verbs & these & named != 0);
        let mut pairs = resources
            .iter()
            .flat_map(|one| groups.iter().map(move |other| one & other));
        pairs.all(allowed) && urls.iter().all(|urls| allowed(urls & no_groups))
    }

    /// For each word the rights that have it in a list, one bit each; equal sets once.
    fn knowing<'w>(
        &self,
        words: impl Iterator<Item = &'w str>,
        list: fn(&Rights) -> &[&str],
    ) -> BTreeSet<u128> {
        words
            .map(|word| self.which(|one| has(list(one), word)))
            .collect()
    }

    /// The rights of which something holds, one bit each.
    fn which(&self, is: impl Fn(&Rights) -> bool) -> u128 {
        let rights = self.rights.iter().enumerate();
        rights.fold(0, |set, (number, one)| set | u128::from(is(one)) << number)
    }
}

impl Rights {
    /// Do they reach as far as a rule that is limited to these names, or to none?
    fn is_for(&self, names: &[Box<str>]) -> bool {
        let known = |name: &Box<str>| self.names.contains(&&**name);
        self.names.is_empty() || !names.is_empty() && names.iter().all(known)
    }
}

/// Is the word in the list, itself or as `*`?
fn has(list: &[&str], word: &str) -> bool {
    list.iter().any(|have| *have == "*" || *have == word)
}

#[cfg(test)]
mod tests;
