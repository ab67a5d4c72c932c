//! Rights that lead to more rights: finds the rules of roles that hold them, and weighs each by how far the role reaches.
//! Which right is dangerous is said by the controls; here a role is judged once, however many bindings name it.

use std::cell::LazyCell;

use plimsoll_control::{Finding, GroupKind, JoinedFound, Related, Severity};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::accounts::{Accounts, TokenUse};
use plimsoll_snapshot::facts::rbac::{Binding, Entry, Grant, Granted, PolicyRule, Reach, Subject};
use plimsoll_snapshot::facts::together::Together;

use crate::withdraw::EVERYTHING;

/// A right, as rules name it.
pub(crate) struct Power {
    /// Resources by group, any of which will do.
    pub(crate) resources: &'static [(&'static str, &'static str)],
    /// Verbs, any of which will do.
    pub(crate) verbs: &'static [&'static str],
    /// Are the resources outside of namespaces, so that only a ClusterRoleBinding gives the right?
    pub(crate) cluster_only: bool,
    /// Does a list of `resourceNames` take the danger away?
    pub(crate) tamed_by_names: bool,
    /// Does the right count in a rule on every resource (`*`) as well?
    pub(crate) in_wildcards: bool,
    /// What the holder can do, after "lets somebody".
    pub(crate) does: &'static str,
    /// What to say at the rule.
    pub(crate) label: &'static str,
    /// How bad it is in the whole cluster.
    pub(crate) cluster: Severity,
    /// How bad it is in one namespace.
    pub(crate) namespace: Severity,
}

/// The kinds that grant something.
pub(crate) const ROLES: &[GroupKind] = &[
    ("rbac.authorization.k8s.io", "Role"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
];

/// The kinds that hand it out.
pub(crate) const BINDINGS: &[GroupKind] = &[
    ("rbac.authorization.k8s.io", "RoleBinding"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
];

/// Judges every role by the powers; the first power that a rule holds gives the finding.
pub(crate) fn judge(facts: &Facts, powers: &[Power], found: &mut JoinedFound) {
    judge_where(facts, powers, |_, _| true, found);
}

/// Like [`judge`], for rules of which `really` holds.
pub(crate) fn judge_where(
    facts: &Facts,
    powers: &[Power],
    really: impl Fn(&Granted<'_>, &PolicyRule) -> bool,
    found: &mut JoinedFound,
) {
    let mounts = Mounts::new(facts);
    let ways = facts.rbac.ways();
    let mounting = LazyCell::new(|| ways.first(|binding| mounts.of(binding)));
    for (number, granted) in ways.granted().iter().enumerate() {
        let mut fine = true;
        if !granted.role.is_bootstrap() {
            for rule in &granted.role.rules {
                let held = powers
                    .iter()
                    .find_map(|power| Some((power, power.held_by(granted, rule)?)));
                if let Some((power, entry)) = held.filter(|_| really(granted, rule)) {
                    fine = false;
                    let finding = report(granted, power, entry, found);
                    let mounting = mounting.get(number).copied().flatten();
                    finding.relate(mounting.map(mounted));
                }
                fine &= !powers
                    .iter()
                    .any(|power| power.is_in_wildcard(granted, rule));
            }
        }
        if fine {
            found.pass();
        }
    }
}

/// The same in CEL, as far as one role shows it: whoever is bound to it is not known. The rules of an aggregated role are
/// the control plane's.
pub(crate) fn in_cel(powers: &[Power]) -> String {
    in_cel_where(powers, "true")
}

/// Like [`in_cel`], for rules `r` of which an expression holds.
pub(crate) fn in_cel_where(powers: &[Power], really: &str) -> String {
    let really = match really {
        "true" => String::new(),
        really => format!(" && ({really})"),
    };
    let lists = powers.iter().map(|power| {
        format!(
            "(has({{object}}.aggregationRule) ? [] : {{object.rules}}).filter(r, {}{really})\
             .map(r, 'lets whoever is bound to it {}: ' + r.verbs.join(', ') + ' on ' + r.resources.join(', '))",
            power.held_in_cel(),
            power.does.replace('\'', "\\'"),
        )
    });
    lists.collect::<Vec<_>>().join(" +\n")
}

impl Power {
    /// Does the rule `r` of `{object}` hold it? As [`Power::held_by`], of a role that may be bound anywhere.
    fn held_in_cel(&self) -> String {
        let quoted = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
            words.join(", ")
        };
        let verbs = quoted(self.verbs);
        let resources = self.resources.iter().map(|(group, resource)| {
            let mut names = vec![*resource];
            let below = resource.split_once('/').map(|(_, below)| format!("*/{below}"));
            names.extend(below.as_deref());
            let every = match self.in_wildcards {
                true => " || x == '*' && !('*' in r.verbs)",
                false => "",
            };
            format!(
                "r.apiGroups.exists(g, g in ['*', '{group}']) && r.resources.exists(x, x in [{}]{every})",
                quoted(&names)
            )
        });
        let resources = resources.collect::<Vec<_>>().join(" || ");
        let mut all = vec![format!(
            "has(r.apiGroups) && has(r.resources) && r.verbs.exists(v, v in ['*', {verbs}]) && ({resources})"
        )];
        if self.tamed_by_names {
            all.push("!(has(r.resourceNames) && size(r.resourceNames) > 0)".to_owned());
        }
        if self.cluster_only {
            all.push("{object}.kind == 'ClusterRole'".to_owned());
        }
        all.join(" && ")
    }

    /// The word of the rule that gives the power; `None` also where that is left to the control on wildcards.
    fn held_by<'r>(&self, granted: &Granted<'_>, rule: &'r PolicyRule) -> Option<&'r Entry> {
        let total = rule.verbs.iter().any(|verb| &**verb == "*");
        let in_wildcard = self.in_wildcards && !total;
        self.resources_in(granted, rule).find_map(|resource| {
            let named = rule.names_resource(resource);
            named.or_else(|| rule.every_resource().filter(|_| in_wildcard))
        })
    }

    /// Does the rule give the power by giving every resource? Its role has not passed, whoever tells of it.
    fn is_in_wildcard(&self, granted: &Granted<'_>, rule: &PolicyRule) -> bool {
        rule.every_resource().is_some() && self.resources_in(granted, rule).next().is_some()
    }

    /// The resources that would give the power in this rule, as its verbs and groups do.
    fn resources_in(
        &self,
        granted: &Granted<'_>,
        rule: &PolicyRule,
    ) -> impl Iterator<Item = &'static str> {
        let narrowed = self.tamed_by_names && !rule.names.is_empty();
        let powerless = self.cluster_only && !reaches_cluster(granted);
        let dangerous = !narrowed && !powerless && self.verbs.iter().any(|verb| rule.allows(verb));
        let resources = self.resources.iter().filter(move |_| dangerous);
        resources
            .filter(|(group, _)| rule.covers(group))
            .map(|(_, resource)| *resource)
    }
}

/// Might the role hold in the whole cluster? Not one that is a Role, nor one that only RoleBindings name.
fn reaches_cluster(granted: &Granted<'_>) -> bool {
    granted.role.is_cluster() && (granted.grants.is_empty() || granted.everywhere)
}

/// How far the role reaches.
pub(crate) fn reach(granted: &Granted<'_>) -> Reach {
    let joined = match granted.role.joins() {
        Some(_) => Reach::Namespace,
        None => Reach::Nobody,
    };
    let furthest = granted.grants.first();
    furthest.map_or(joined, |grant| joined.max(grant.reach))
}

fn report<'f>(
    granted: &Granted<'_>,
    power: &Power,
    entry: &Entry,
    found: &'f mut JoinedFound,
) -> &'f mut Finding {
    let predicate = format!("{}{}", who(granted), power.does);
    let finding = found.on_object(&granted.role.object, &entry.place, &predicate, power.label);
    weigh(finding, reach(granted), power.cluster, power.namespace);
    finding.relate(chain(granted));
    if &*entry.text == "*" {
        finding.without_fix(EVERYTHING);
    }
    finding
}

/// Who mounts the token of which account: through these pods an intruder comes to the rights.
struct Mounts<'f> {
    uses: Together<'f, (&'f str, &'f str), Uses<'f>>,
    accounts: Together<'f, (&'f str, &'f str), Accounts<'f>>,
}

/// Pods that use the token of one account.
#[derive(Default)]
struct Uses<'f> {
    first: Option<&'f TokenUse>,
    /// The first that mounts it whatever the account says.
    insists: Option<&'f TokenUse>,
}

impl<'f> Mounts<'f> {
    fn new(facts: &'f Facts) -> Mounts<'f> {
        let mut uses: Together<'_, _, Uses<'_>> = Together::default();
        for token in &facts.accounts.token_uses {
            let (unit, namespace) = token.object.whereabouts();
            let key = (unit, token.account.as_deref().unwrap_or("default"));
            uses.add(key, namespace, |uses| {
                uses.first.get_or_insert(token);
                uses.insists = uses
                    .insists
                    .or(Some(token).filter(|one| one.says == Some(true)));
            });
        }
        Mounts {
            uses,
            accounts: facts.accounts.by_name(),
        }
    }

    /// A pod that mounts the token of an account which the binding names; one is enough to tell.
    fn of(&self, binding: &'f Binding) -> Option<(&'f Subject, &'f TokenUse)> {
        let subjects = binding.subjects.iter();
        let mut accounts = subjects.filter(|subject| &*subject.kind == "ServiceAccount");
        accounts.find_map(|subject| {
            let key = (&*binding.object.unit, &*subject.name);
            let namespace = subject.namespace.as_deref();
            let off = self
                .accounts
                .of(key, namespace)
                .any(|accounts| accounts.off);
            let token = self.uses.of(key, namespace).find_map(|uses| match off {
                true => uses.insists,
                false => uses.first,
            });
            Some((subject, token?))
        })
    }
}

/// The pod by which an intruder comes to what a binding gives.
fn mounted((subject, token): (&Subject, &TokenUse)) -> Related {
    let message = format!(
        "this {} mounts the token of {}",
        token.object.kind,
        subject.describe()
    );
    Related::new(message, &token.object, &token.place)
}

/// "lets User ann " or "would let its holder ", as far as the furthest binding says.
pub(crate) fn who(granted: &Granted<'_>) -> String {
    let furthest = granted.grants.first();
    match (furthest, granted.role.joins()) {
        (Some(Grant { binding, .. }), _) if !binding.subjects.is_empty() => {
            let range = match (binding.is_cluster(), &binding.object.namespace) {
                (true, _) => " in the whole cluster".to_owned(),
                (false, Some(namespace)) => format!(" in the namespace {namespace}"),
                (false, None) => " in a namespace".to_owned(),
            };
            format!("lets {}{range} ", binding.describe_subjects())
        }
        (_, Some(joined)) => format!("lets everyone with the built-in role {joined} "),
        _ => "lets whoever is bound to it ".to_owned(),
    }
}

/// Gives the severity that belongs to the reach.
pub(crate) fn weigh(finding: &mut Finding, reach: Reach, cluster: Severity, namespace: Severity) {
    let (severity, reason) = match reach {
        Reach::Nobody => (
            Severity::Low,
            "no binding among what was scanned gives it to anybody",
        ),
        Reach::Namespace => (namespace, "it holds in one namespace only"),
        Reach::EverybodyInNamespace => {
            (cluster, "callers that nobody chose hold it in a namespace")
        }
        Reach::Cluster => (cluster, "it holds in the whole cluster"),
        Reach::Everybody => (
            Severity::Critical,
            "callers that nobody chose hold it in the whole cluster",
        ),
    };
    if severity != finding.severity {
        finding.weigh(severity, reason);
    }
}

/// The links from the rule to the subjects: each binding with the aggregated role between, the furthest first.
pub(crate) fn chain(granted: &Granted<'_>) -> Vec<Related> {
    let links = granted.grants.iter().flat_map(|grant| {
        let through = grant.through.map(|role| {
            let message = format!("{} takes the rule in", role.object.name);
            Related::new(message, &role.object, &role.place)
        });
        through.into_iter().chain([link(grant.binding)])
    });
    links.collect()
}

fn link(binding: &Binding) -> Related {
    let message = format!(
        "this {} gives it to {}",
        binding.object.kind,
        binding.describe_subjects()
    );
    Related::new(message, &binding.object, &binding.role_place)
}

#[cfg(test)]
mod tests {
    use plimsoll_scan::{Report, Scan, SourceText};
    use plimsoll_snapshot::provenance::Provenance;
    use plimsoll_snapshot::target::Target;
    use plimsoll_snapshot::version::Minor;

    const ROLE: &str = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: all}\n\
        rules: [{apiGroups: [''], resources: [secrets], verbs: [list]}]\n---\n\
        apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: all}\n\
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all}\n\
        subjects: [{kind: ServiceAccount, name: reader, namespace: shop}]\n---\n";
    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\n\
        spec: {serviceAccountName: reader, containers: [{name: web, image: web}]}\n";

    /// What a control on a right says of a text.
    fn report(control: &str, text: &str) -> Report {
        let control = crate::find(control).expect("a control on a right");
        let scan = Scan::new([control], Target::new(Minor::NEWEST));
        let source = SourceText {
            name: "shop.yaml".into(),
            unit: "shop".into(),
            text,
            provenance: Provenance::Written,
        };
        scan.report(vec![scan.judge(&source)], Vec::new(), Vec::new())
    }

    /// What the finding on the role is related to.
    fn related(rest: &str) -> Vec<String> {
        let report = report("secrets-readable", &format!("{ROLE}{rest}"));
        let findings = report.findings.iter();
        let related = findings.flat_map(|reported| reported.finding.related());
        related.map(|related| related.message.clone()).collect()
    }

    const MOUNTS: &str = "this Pod mounts the token of ServiceAccount shop/reader";

    #[test]
    fn a_right_is_followed_to_the_pod_that_mounts_its_token() {
        let related = related(POD);
        assert_eq!(
            related.last().map(String::as_str),
            Some(MOUNTS),
            "{related:?}"
        );
        assert_eq!(related.len(), 2, "{related:?}");
    }

    #[test]
    fn a_pod_without_the_token_is_no_way_to_the_right() {
        let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: reader, namespace: shop}\n\
            automountServiceAccountToken: false\n---\n";
        for pod in [
            POD.replace("reader", "other"),
            POD.replace("namespace: shop", "namespace: far"),
            POD.replace("spec: {", "spec: {automountServiceAccountToken: false, "),
            format!("{account}{POD}"),
        ] {
            let related = related(&pod);
            assert!(!related.iter().any(|message| message == MOUNTS), "{pod}");
        }
    }

    #[test]
    fn a_role_that_may_do_everything_passes_no_control_on_a_right() {
        let everything = ROLE
            .replace("apiGroups: ['']", "apiGroups: ['*']")
            .replace("resources: [secrets]", "resources: ['*']")
            .replace("verbs: [list]", "verbs: ['*']");
        for control in [
            "secrets-readable",
            "pod-exec-allowed",
            "role-escalation-allowed",
        ] {
            let tallies = report(control, &everything).summary.controls;
            assert_eq!(tallies[control].passed, 0, "{control}");
        }
    }

    #[test]
    fn what_the_pod_says_wins_over_its_account() {
        let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: reader, namespace: shop}\n\
            automountServiceAccountToken: false\n---\n";
        let pod = POD.replace("spec: {", "spec: {automountServiceAccountToken: true, ");
        assert!(related(&format!("{account}{pod}")).contains(&MOUNTS.to_owned()));
    }
}
