//! `*` among verbs, resources or groups grants what nobody has thought of, and what later versions add.

use plimsoll_control::{
    Control, Enforce, Fix, Header, How, JoinedFound, Remedy, Revision, Rule, Severity,
};
use plimsoll_guide::{Chapter, POD_20, RBAC_03, RBAC_09};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::PolicyRule;
use plimsoll_snapshot::place::Place;

use crate::grants::{ROLES, chain, reach, weigh, who};
use crate::withdraw::{EVERYTHING, with_verbs};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "wildcard-permission",
        formerly: &[],
        title: "rule of a role grants more than it names",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&RBAC_09, &RBAC_03, &POD_20],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::Rule(with_verbs),
            "a verb that only special resources have, such as use or bind, is no longer granted",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::JoinedInPart {
        check,
        kinds: ROLES,
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "(has({object}.aggregationRule) ? [] : {object.rules}).filter(r, has(r.resources) && size(r.resources) > 0 && \
     ('*' in r.resources || '*' in r.verbs || '*' in r.apiGroups)) \
     .map(r, 'grants more than it names: ' + r.verbs.join(', ') + ' on ' + r.resources.join(', ') + ' in ' + r.apiGroups.join(', '))",
]);

fn check(facts: &Facts, found: &mut JoinedFound) {
    for granted in facts.rbac.ways().granted() {
        let rules = granted.role.rules.iter();
        let wide: Vec<_> = rules
            .filter(|_| !granted.role.is_bootstrap())
            .filter_map(|rule| Some((rule, Wildcard::of(rule)?)))
            .collect();
        if wide.is_empty() {
            found.pass();
        }
        for (rule, wildcard) in wide {
            let predicate = format!("{}{}", who(&granted), wildcard.does());
            let place = wildcard.place(rule);
            let finding =
                found.on_object(&granted.role.object, place, &predicate, wildcard.label());
            let (cluster, namespace) = wildcard.weights();
            weigh(finding, reach(&granted), cluster, namespace);
            finding.relate(chain(&granted));
            if rule.every_resource().is_some() {
                finding.without_fix(EVERYTHING);
            } else if rule.groups.iter().any(|group| &**group == "*") {
                finding.without_fix("which of the groups is meant only its author knows");
            }
        }
    }
}

/// What a rule leaves open.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Wildcard {
    /// Everything there is, or all of Kubernetes' core.
    Everything,
    /// Some verbs on everything.
    EveryResource,
    /// All verbs on resources of Kubernetes.
    EveryVerb,
    /// Resources of this name in every group.
    EveryGroup,
    /// Something in API groups that an extension brought.
    OwnGroups,
}

impl Wildcard {
    fn of(rule: &PolicyRule) -> Option<Wildcard> {
        if rule.resources.is_empty() {
            return None;
        }
        let resources = rule.every_resource().is_some();
        let verbs = rule.verbs.iter().any(|verb| &**verb == "*");
        let groups = rule.groups.iter().any(|group| &**group == "*");
        let extension = rule.groups.iter().all(|group| is_extension(group));
        match (resources, verbs, groups) {
            (false, false, false) => None,
            _ if extension => Some(Wildcard::OwnGroups),
            (true, true, _) => Some(Wildcard::Everything),
            (true, false, _) => Some(Wildcard::EveryResource),
            (false, true, _) => Some(Wildcard::EveryVerb),
            (false, false, true) => Some(Wildcard::EveryGroup),
        }
    }

    fn place(self, rule: &PolicyRule) -> &Place {
        let verbs = rule.verbs.iter().any(|verb| &**verb == "*");
        match rule.every_resource() {
            Some(entry) => &entry.place,
            None if verbs => &rule.verbs_place,
            None => &rule.groups_place,
        }
    }

    fn does(self) -> &'static str {
        match self {
            Wildcard::Everything => "do everything with all resources, Secrets and roles included",
            Wildcard::EveryResource => {
                "use these verbs on all resources, also on those of later versions"
            }
            Wildcard::EveryVerb => "use all verbs, also those that only special resources have",
            Wildcard::EveryGroup => "reach resources of these names in every API group",
            Wildcard::OwnGroups => "do more in an extension's API groups than the rule names",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Wildcard::Everything => "everything, which is what an administrator has",
            Wildcard::EveryResource => "every resource, named or not",
            Wildcard::EveryVerb => "every verb, named or not",
            Wildcard::EveryGroup => "every API group, named or not",
            Wildcard::OwnGroups => "more than the rule names, in groups of an extension",
        }
    }

    /// In the whole cluster and in a namespace.
    fn weights(self) -> (Severity, Severity) {
        match self {
            Wildcard::Everything => (Severity::Critical, Severity::High),
            Wildcard::EveryResource => (Severity::High, Severity::Medium),
            Wildcard::EveryVerb => (Severity::Medium, Severity::Low),
            Wildcard::EveryGroup | Wildcard::OwnGroups => (Severity::Low, Severity::Low),
        }
    }
}

/// Is it a group that Kubernetes itself does not serve? Its own have no dot or end with `k8s.io`.
fn is_extension(group: &str) -> bool {
    group.contains('.') && group != "k8s.io" && !group.ends_with(".k8s.io")
}
