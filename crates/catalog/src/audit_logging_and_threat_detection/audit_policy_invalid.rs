//! An audit policy must be of version 1, with valid levels, no rule that can never match, and a rule for the rest.

use std::cell::Cell;

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use plimsoll_guide::{AUD_02, Chapter};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "audit-policy-invalid",
        formerly: &[],
        title: "audit policy is refused, or rules of it never match",
        chapter: Chapter::AuditLoggingAndThreatDetection,
        guide: &[&AUD_02],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("what the rule was meant to say only its author knows"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("audit.k8s.io", "Policy")],
        check,
        words: &[],
        enforce: Enforce::NO_OBJECT,
    })],
};

const NARROWS: [&str; 6] = [
    "users",
    "userGroups",
    "verbs",
    "namespaces",
    "resources",
    "nonResourceURLs",
];

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    if object.api_version != "audit.k8s.io/v1" {
        found.on_object(
            At::nearest(object.node, &["apiVersion"]),
            &format!("is written for {}", object.api_version),
            "only version 1 is read since 1.24",
        );
    }
    let rules: Vec<Node<'_>> = object
        .node
        .get("rules")
        .into_iter()
        .flat_map(Node::items)
        .collect();
    if rules.is_empty() {
        let at = At::nearest(object.node, &["rules"]);
        found.on_object(at, "has no rules", "the API server does not start with it");
        return;
    }
    for rule in &rules {
        judge_level(*rule, found);
    }
    find_idle(object, &rules, found);
    if !rules.iter().any(|rule| is_for_all(*rule)) {
        let at = At::nearest(object.node, &["rules"]);
        found.on_object(
            at,
            "has no rule for the rest",
            "requests that no rule takes are not recorded",
        );
    }
}

/// How many pairs of words of two rules are compared, so that no policy keeps us: enough for hundreds of rules.
const PATIENCE: u32 = 1_000_000;

/// Finds the rules that never match. Which rules those are has no answer in linear time.
fn find_idle<'t>(object: &Object<'t>, rules: &[Node<'t>], found: &mut Found<'_>) {
    let patience = Patience(Cell::new(PATIENCE));
    for (number, rule) in rules.iter().enumerate() {
        let mut earlier = rules.iter().take(number);
        let is_idle = earlier.any(|earlier| patience.takes_all_of(*earlier, *rule));
        if patience.is_over() {
            let place = object.source().place(At::node(*rule));
            let why = "the audit policy has too many rules to compare each with those before it: join rules that say the same";
            return found.undecided(Some((place, why.to_owned())));
        }
        if is_idle {
            found.on_object(
                At::node(*rule),
                "has a rule that never matches",
                "a rule above takes every such request",
            );
        }
    }
}

/// Compares rules, and when there are too many words to compare says no.
struct Patience(Cell<u32>);

impl Patience {
    fn is_over(&self) -> bool {
        self.0.get() == 0
    }

    fn spend(&self) -> bool {
        self.0.set(self.0.get().saturating_sub(1));
        !self.is_over()
    }

    /// Does the first rule match every request that the second would?
    fn takes_all_of(&self, first: Node<'_>, second: Node<'_>) -> bool {
        let listed = ["users", "userGroups", "verbs", "namespaces"];
        let mut lists = listed.iter();
        let lists = lists.all(|key| self.covers(first.get(key), second.get(key), same));
        let (resources, urls) = (first.get("resources"), first.get("nonResourceURLs"));
        let open = |list: Option<Node<'_>>| list.is_none_or(Node::is_empty);
        let takes = |by: Node<'_>, item: Node<'_>| self.takes_resources(by, item);
        // A rule on resources never matches a URL, nor the other way round.
        let requests = || {
            open(resources) && open(urls)
                || !open(second.get("resources"))
                    && !open(resources)
                    && self.covers(resources, second.get("resources"), takes)
                || !open(second.get("nonResourceURLs"))
                    && !open(urls)
                    && self.covers(urls, second.get("nonResourceURLs"), takes_url)
        };
        self.spend() && lists && requests()
    }

    /// Is every item of the second list covered by one of the first, which covers everything when it is empty?
    fn covers(
        &self,
        first: Option<Node<'_>>,
        second: Option<Node<'_>>,
        takes: impl Fn(Node<'_>, Node<'_>) -> bool,
    ) -> bool {
        let Some(first) = first.filter(|list| !list.is_empty()) else {
            return true;
        };
        let second = second.filter(|list| !list.is_empty());
        second.is_some_and(|second| {
            let mut items = second.items();
            items.all(|item| {
                let mut by = first.items().take_while(|_| self.spend());
                by.any(|by| takes(by, item))
            })
        })
    }

    fn takes_resources(&self, first: Node<'_>, second: Node<'_>) -> bool {
        let group = |node: Node<'_>| {
            let group = node.get("group").and_then(Node::as_str);
            group.unwrap_or_default().to_owned()
        };
        let named = |key| {
            self.covers(first.get(key), second.get(key), |by, item| {
                same(by, item) || by.as_str() == Some("*")
            })
        };
        group(first) == group(second) && named("resources") && named("resourceNames")
    }
}

fn same(first: Node<'_>, second: Node<'_>) -> bool {
    first.as_str().is_some() && first.as_str() == second.as_str()
}

fn takes_url(first: Node<'_>, second: Node<'_>) -> bool {
    let prefix = first.as_str().and_then(|text| text.strip_suffix('*'));
    let begins =
        prefix.is_some_and(|prefix| second.as_str().is_some_and(|url| url.starts_with(prefix)));
    begins || same(first, second)
}

fn judge_level<'t>(rule: Node<'t>, found: &mut Found<'_>) {
    let at = At::nearest(rule, &["level"]);
    let level = rule.get("level").and_then(Node::as_str);
    if !matches!(
        level,
        Some("None" | "Metadata" | "Request" | "RequestResponse")
    ) {
        found.on_object(
            at,
            "has a rule without a valid level",
            "the API server does not start with it",
        );
    }
}

fn is_for_all(rule: Node<'_>) -> bool {
    !NARROWS
        .iter()
        .any(|key| rule.get(key).is_some_and(|list| !list.is_empty()))
}
