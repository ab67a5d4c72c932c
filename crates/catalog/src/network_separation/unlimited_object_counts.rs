//! Quotas of a namespace that bound no number of pods, Secrets or Services.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{BEY_14, Chapter, RES_02};
use std::collections::HashSet;

use plimsoll_snapshot::facts::Facts;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "unlimited-object-counts",
        formerly: &[],
        title: "namespace may hold any number of objects",
        chapter: Chapter::NetworkSeparation,
        guide: &[&RES_02, &BEY_14],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("how many objects the namespace needs is for its owner to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};

const WANTED: [&str; 3] = ["pods", "secrets", "services"];

fn check(facts: &Facts, found: &mut JoinedFound) {
    let all = facts.resources.quotas_by_unit();
    let mut seen = HashSet::new();
    for quota in facts.resources.quotas.iter().filter(|quota| !quota.scoped) {
        let (unit, namespace) = (&*quota.object.unit, quota.object.namespace.as_deref());
        if !seen.insert((unit, namespace)) {
            continue;
        }
        let quotas = all.of(unit, namespace);
        let bounds = |name: &str| {
            let counts = format!("count/{name}");
            let mut quotas = quotas.iter().filter(|quota| !quota.scoped);
            quotas.any(|quota| quota.bounds.contains(name) || quota.bounds.contains(&counts))
        };
        let open: Vec<&str> = WANTED.into_iter().filter(|name| !bounds(name)).collect();
        if open.is_empty() {
            found.pass();
            continue;
        }
        let says = format!("does not bound the number of {}", open.join(", "));
        found.on_object(
            &quota.object,
            &quota.place,
            &says,
            "objects without number fill etcd for everybody",
        );
    }
}
