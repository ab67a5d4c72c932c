//! A pod that says it must be kept apart from the node's kernel needs a runtime that does so, and nodes that have it.

use std::collections::HashMap;

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{Chapter, POD_05, POD_21, POD_23};
use plimsoll_snapshot::facts::isolation::{IsolatedPod, RuntimeClass};
use plimsoll_snapshot::facts::{FactKind, Facts};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "workload-not-sandboxed",
        formerly: &[],
        title: "workload that must be isolated shares the node's kernel",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_21, &POD_23, &POD_05],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("the runtime has to be installed on the nodes first"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};

/// How handlers of runtimes with a virtual machine for each pod begin.
const MACHINES: [&str; 4] = ["kata", "hyperv", "firecracker", "peer-pods"];
/// How those that put a kernel of their own before the node's begin.
const SANDBOXES: [&str; 2] = ["runsc", "gvisor"];

fn check(facts: &Facts, found: &mut JoinedFound) {
    let facts_of = &facts.isolation;
    let mut classes: HashMap<(&str, &str), &RuntimeClass> = HashMap::new();
    for class in &facts_of.classes {
        classes.insert((&class.object.unit, &class.object.name), class);
    }
    for pod in &facts_of.pods {
        let name = pod.runtime_class.as_deref();
        let class = name.and_then(|name| classes.get(&(&*pod.object.unit, name)));
        let verdict = match (pod.needs.as_str(), name, class) {
            ("user-namespace", None, _) if pod.user_namespace => Verdict::Fine,
            (_, None, _) => Verdict::Bad(shares(pod)),
            (_, Some(name), None) if facts.complete => Verdict::Bad(format!(
                "names the RuntimeClass {name}, which does not exist"
            )),
            (_, Some(_), None) => Verdict::Open,
            (needs, Some(_), Some(class)) => judge(needs, class, facts),
        };
        match verdict {
            Verdict::Fine => found.pass(),
            Verdict::Open => found.not_assessed(FactKind::Everything),
            Verdict::Bad(predicate) => {
                let label = "one fault of the kernel is enough to leave the container";
                found.on_object(&pod.object, &pod.place, &predicate, label);
            }
        }
    }
}

enum Verdict {
    Fine,
    Open,
    Bad(String),
}

fn judge(needs: &str, class: &RuntimeClass, facts: &Facts) -> Verdict {
    let handler = class.handler.as_str();
    let is = |starts: &[&str]| starts.iter().any(|start| handler.starts_with(start));
    let apart = is(&MACHINES) || needs != "vm" && is(&SANDBOXES);
    let handlers = &facts.isolation.handlers;
    if !apart {
        return Verdict::Bad(format!("asks for isolation and runs with {handler}"));
    }
    if !handlers.is_empty() && !handlers.contains(handler) {
        return Verdict::Bad(format!("runs with {handler}, which no node has"));
    }
    Verdict::Fine
}

fn shares(pod: &IsolatedPod) -> String {
    match pod.needs.as_str() {
        "user-namespace" => "asks for isolation and shares the users of its node".to_owned(),
        _ => "asks for isolation and runs with the node's own runtime".to_owned(),
    }
}
