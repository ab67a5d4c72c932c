//! What an audit policy does with a request, as the API server reads it: the first rule that matches decides. Who asks, where
//! and for which name is not known beforehand, so that a rule for some of the requests leaves the others to the next.

use plimsoll_yaml::Node;

/// How much of a request is recorded, least first.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Level {
    /// Nothing.
    None,
    /// Who asked for what, and when.
    Metadata,
    /// What was sent as well.
    Request,
    /// What was answered as well.
    RequestResponse,
}

impl Level {
    /// The level of a rule. `None` where there is no valid one, with which no API server starts.
    pub(crate) fn of(rule: Node<'_>) -> Option<Level> {
        match rule.get("level")?.as_str()? {
            "None" => Some(Level::None),
            "Metadata" => Some(Level::Metadata),
            "Request" => Some(Level::Request),
            "RequestResponse" => Some(Level::RequestResponse),
            _ => None,
        }
    }
}

/// Who asks.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Caller {
    /// Somebody who logged in, or a program, and no part of Kubernetes.
    Person,
    /// Somebody who did not log in.
    Anonymous,
}

/// Group, resource and subresource; the last is empty for the resource itself.
pub(crate) type Resource = (&'static str, &'static str, &'static str);

/// What is asked for.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Asked {
    /// A resource.
    Resource(Resource),
    /// A path of the API server that is no resource.
    Url(&'static str),
}

/// Which of the requests that somebody thinks of a rule takes, fewest first.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Takes {
    None,
    Some,
    All,
}

/// The rules that may decide such a request: those that take some of them, as far as the first that takes all.
pub(crate) fn deciders<'t>(
    policy: Node<'t>,
    caller: Caller,
    verb: &str,
    asked: Asked,
) -> Vec<Node<'t>> {
    let mut deciders = Vec::new();
    for rule in policy.get("rules").into_iter().flat_map(Node::items) {
        match takes(rule, caller, verb, asked) {
            Takes::None => {}
            Takes::Some => deciders.push(rule),
            Takes::All => {
                deciders.push(rule);
                break;
            }
        }
    }
    deciders
}

fn takes(rule: Node<'_>, caller: Caller, verb: &str, asked: Asked) -> Takes {
    let verbs = texts(rule, "verbs");
    if !verbs.is_empty() && !verbs.contains(&verb) {
        return Takes::None;
    }
    let what = match asked {
        Asked::Resource(resource) => takes_resource(rule, resource),
        Asked::Url(url) => takes_url(rule, url),
    };
    what.min(takes_caller(rule, caller))
}

/// Does the rule take requests of such a caller at all?
pub(crate) fn is_for(rule: Node<'_>, caller: Caller) -> bool {
    takes_caller(rule, caller) != Takes::None
}

fn takes_caller(rule: Node<'_>, caller: Caller) -> Takes {
    let (user, group) = match caller {
        Caller::Person => (None, "system:authenticated"),
        Caller::Anonymous => (Some("system:anonymous"), "system:unauthenticated"),
    };
    let (users, groups) = (texts(rule, "users"), texts(rule, "userGroups"));
    let some = |names: &[&str]| {
        caller == Caller::Person && names.iter().any(|name| !is_of_kubernetes(name))
    };
    let judge = |names: &[&str], name: Option<&str>| {
        if names.is_empty() || name.is_some_and(|name| names.contains(&name)) {
            Takes::All
        } else if some(names) {
            Takes::Some
        } else {
            Takes::None
        }
    };
    judge(&users, user).min(judge(&groups, Some(group)))
}

/// Is it a user or group of Kubernetes itself? Those begin with `system:`; administrators' group and the accounts of
/// programs, but for those in kube-system, only look alike.
fn is_of_kubernetes(name: &str) -> bool {
    match name.strip_prefix("system:serviceaccount") {
        Some(rest) => {
            let namespace = rest.trim_start_matches('s').trim_start_matches(':');
            namespace.split(':').next() == Some("kube-system")
        }
        None => name.starts_with("system:") && name != "system:masters",
    }
}

fn takes_resource(rule: Node<'_>, resource: Resource) -> Takes {
    let entries = || rule.get("resources").into_iter().flat_map(Node::items);
    if entries().next().is_none() {
        return match (
            is_empty(rule, "namespaces"),
            is_empty(rule, "nonResourceURLs"),
        ) {
            (false, _) => Takes::Some,
            (true, true) => Takes::All,
            (true, false) => Takes::None,
        };
    }
    let taken = entries().filter(|entry| names(*entry, resource));
    let taken = taken.map(|entry| match is_empty(entry, "resourceNames") {
        true => Takes::All,
        false => Takes::Some,
    });
    let taken = taken.max().unwrap_or(Takes::None);
    match is_empty(rule, "namespaces") {
        true => taken,
        false => taken.min(Takes::Some),
    }
}

fn takes_url(rule: Node<'_>, url: &str) -> Takes {
    if !is_empty(rule, "resources") || !is_empty(rule, "namespaces") {
        return Takes::None;
    }
    let urls = texts(rule, "nonResourceURLs");
    let matches = |pattern: &&str| match pattern.strip_suffix('*') {
        Some(start) => url.starts_with(start),
        None => *pattern == url,
    };
    if urls.is_empty() || urls.iter().any(matches) {
        Takes::All
    } else {
        Takes::None
    }
}

/// May the rule decide requests for the resource, whoever asks and however?
pub(crate) fn may_take(rule: Node<'_>, resource: Resource) -> bool {
    takes_resource(rule, resource) != Takes::None
}

/// Does an entry of `resources` name the resource? `*` means every one of its group, subresources included.
fn names(entry: Node<'_>, (group, resource, sub): Resource) -> bool {
    let its_group = entry.get("group").and_then(Node::as_str);
    let combined = if sub.is_empty() {
        resource.to_owned()
    } else {
        format!("{resource}/{sub}")
    };
    let same = |name: &&str| {
        let any = name
            .strip_prefix("*/")
            .is_some_and(|name| !sub.is_empty() && name == sub);
        **name == combined || *name == "*" || any || name.strip_suffix("/*") == Some(resource)
    };
    let names = texts(entry, "resources");
    its_group.unwrap_or_default() == group && (names.is_empty() || names.iter().any(same))
}

/// The texts of a list; none where it is not there.
pub(crate) fn texts<'t>(node: Node<'t>, key: &str) -> Vec<&'t str> {
    let items = node.get(key).into_iter().flat_map(Node::items);
    items.filter_map(Node::as_str).collect()
}

/// Is the list not there, or without items?
pub(crate) fn is_empty(node: Node<'_>, key: &str) -> bool {
    node.get(key).is_none_or(Node::is_empty)
}
