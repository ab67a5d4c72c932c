//! Edits of rules in roles: taking a resource out of a rule, and saying verbs instead of `*`. Who needs which rights is for
//! the owner of the cluster to say, so that what takes rights away has to be asked for.

use plimsoll_control::{EditsFor, Extent, Finding, How, Remedy};
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::{Change, Edit};
use plimsoll_yaml::{Node, Path};

use crate::grants::Power;

/// Why a finding on a rule for everything is left.
pub(crate) const EVERYTHING: &str =
    "the rule is for every resource, and which are needed only the audit log tells";

/// The remedy that takes rights away.
pub(crate) const fn strictly(without: EditsFor) -> Remedy {
    let breaks = "whoever uses the resource by this rule is refused";
    Remedy::review(How::Rule(without), breaks).to(Extent::Strict)
}

/// Takes the resources that give one of the powers out of the rule in which the finding is, and the rule away with its last one.
///
/// # Errors
/// Why that cannot be done.
pub(crate) fn without_powers<'t>(
    object: &'t Object<'t>,
    finding: &Finding,
    powers: impl Iterator<Item = &'static Power>,
) -> Result<Vec<Edit>, &'static str> {
    let rule = rule(object, finding)?;
    let (groups, verbs) = (words(rule, "apiGroups"), words(rule, "verbs"));
    let has = |words: &[&str], word: &str| words.iter().any(|have| *have == "*" || *have == word);
    let named = rule
        .get("resourceNames")
        .is_some_and(|names| !names.is_empty());
    let held = powers.filter(|power| {
        !(power.tamed_by_names && named) && power.verbs.iter().any(|verb| has(&verbs, verb))
    });
    let resources = held.flat_map(|power| power.resources);
    let resources: Vec<&str> = resources
        .filter(|(group, _)| has(&groups, group))
        .map(|(_, resource)| *resource)
        .collect();
    without(rule, &resources)
}

/// Takes these resources out of the rule in which the finding is, and the rule away with its last one.
///
/// # Errors
/// Why that cannot be done.
pub(crate) fn without_resources<'t>(
    object: &'t Object<'t>,
    finding: &Finding,
    resources: &[&str],
) -> Result<Vec<Edit>, &'static str> {
    without(rule(object, finding)?, resources)
}

fn without(rule: Node<'_>, resources: &[&str]) -> Result<Vec<Edit>, &'static str> {
    let entries = rule.get("resources").into_iter().flat_map(Node::items);
    let gone = entries.filter(|entry| {
        let text = entry.as_str().unwrap_or_default();
        let any = text.strip_prefix("*/");
        resources.iter().any(|resource| {
            text == *resource || any.is_some() && any == resource.split_once('/').map(|it| it.1)
        })
    });
    let change = Change::Withdraw;
    let edits: Vec<Edit> = gone
        .map(|entry| Edit {
            path: entry.path(),
            change: change.clone(),
        })
        .collect();
    match edits.is_empty() {
        true => Err(EVERYTHING),
        false => Ok(edits),
    }
}

/// Verbs of resources in general, in alphabetical order. Special ones, such as `bind` and `use`, belong to special resources.
const VERBS: [&str; 8] = [
    "create",
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "update",
    "watch",
];

/// Says the verbs that every resource has where the rule says `*`.
///
/// # Errors
/// Why that cannot be done.
pub(crate) fn with_verbs<'t>(
    object: &'t Object<'t>,
    finding: &Finding,
) -> Result<Vec<Edit>, &'static str> {
    let rule = rule(object, finding)?;
    let list = rule.get("verbs").ok_or("its verbs are not there")?;
    let said = words(rule, "verbs");
    let mut missing = VERBS.into_iter().filter(|verb| !said.contains(verb));
    let mut edits = Vec::new();
    for star in list.items().filter(|verb| verb.as_str() == Some("*")) {
        edits.push(match missing.next() {
            Some(verb) => Edit::set(star.path(), verb),
            None => Edit::remove(star.path()),
        });
    }
    edits.extend(missing.map(|verb| Edit::append(list.path(), verb)));
    Ok(edits)
}

/// The rule in which a finding is: the path as far as the item of `rules`.
fn rule<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Node<'t>, &'static str> {
    let own = object.node.path().segments().len();
    let segments = finding.place.path.segments();
    let path = Path::from(segments.get(..own + 2).unwrap_or_default().to_vec());
    let rule = path.resolve(object.document.tree.root());
    rule.filter(|rule| rule.get("verbs").is_some())
        .ok_or("its rule is not there any more")
}

fn words<'t>(rule: Node<'t>, key: &str) -> Vec<&'t str> {
    let list = rule.get(key).into_iter().flat_map(Node::items);
    list.filter_map(Node::as_str).collect()
}
