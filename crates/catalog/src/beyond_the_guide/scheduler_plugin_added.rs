//! Plugins that decide where and when pods run see every pod, and some may keep any pod from running.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use plimsoll_guide::{BEY_26, Chapter, SIG_12};

/// The scheduler's own plugins at these points, in any version known here.
static OWN: Words = &[
    "PrioritySort",
    "NodeName",
    "NodeUnschedulable",
    "TaintToleration",
    "NodeAffinity",
    "NodePorts",
    "NodeResourcesFit",
    "VolumeRestrictions",
    "NodeVolumeLimits",
    "VolumeBinding",
    "VolumeZone",
    "PodTopologySpread",
    "InterPodAffinity",
    "DynamicResources",
    "NodeDeclaredFeatures",
    "GangScheduling",
    "EBSLimits",
    "GCEPDLimits",
    "AzureDiskLimits",
];

fn check(object: &Object<'_>, own: Words, found: &mut Found<'_>) {
    for profile in object.items(object.node, "profiles") {
        for point in ["queueSort", "filter", "permit"] {
            let set = profile
                .get("plugins")
                .and_then(|plugins| plugins.get(point));
            for plugin in set.into_iter().flat_map(|set| object.items(set, "enabled")) {
                judge(object, plugin, (point, own), found);
            }
        }
    }
}

fn judge<'t>(
    object: &Object<'t>,
    plugin: Node<'t>,
    (point, own): (&str, Words),
    found: &mut Found<'_>,
) {
    let at = At::nearest(plugin, &["name"]);
    match plugin.get("name").and_then(Node::as_str) {
        Some(name) if own.contains(&name) => {}
        Some(name) => {
            let predicate = format!("runs {name} at {point}, which is not the scheduler's own");
            found.on_object(
                at,
                &predicate,
                "it sees every pod and may keep it from running",
            );
        }
        None => object.note_malformed(plugin, "a plugin with a name"),
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "scheduler-plugin-added",
        formerly: &[],
        title: "scheduler runs plugins that are not its own",
        chapter: Chapter::BeyondTheGuide,
        guide: &[&BEY_26, &SIG_12],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not(
            "the settings of Kubernetes' own programs are changed by hand, one node after the other, because a wrong one stops the program",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("kubescheduler.config.k8s.io", "KubeSchedulerConfiguration")],
        check,
        words: OWN,
        enforce: Enforce::NO_OBJECT,
    })],
};
