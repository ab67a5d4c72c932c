//! `emptyDir` without `sizeLimit` in a pod whose containers are not all limited in ephemeral storage.

use plimsoll_control::{
    Control, Enforce, Fix, Found, Header, How, Remedy, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{Chapter, POD_07, RES_08};
use plimsoll_snapshot::facts::resources::QUANTITY;
use plimsoll_snapshot::field::Lit;
use plimsoll_snapshot::pod::Pod;
use plimsoll_snapshot::quantity::Quantity;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "unbounded-empty-dir",
        formerly: &[],
        title: "scratch volume can fill the node",
        chapter: Chapter::NetworkSeparation,
        guide: &[&RES_08, &POD_07],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::Set(Lit::Str("1Gi")),
            "a pod that writes more than 1Gi there is evicted",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Pod {
        check,
        words: &[],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{containers}.all(c, has(c.resources) && has(c.resources.limits) && 'ephemeral-storage' in c.resources.limits && \
     quantity(string(c.resources.limits['ephemeral-storage'])).isGreaterThan(quantity('0'))) ? [] : \
     {spec.volumes}.filter(v, has(v.emptyDir) && !(has(v.emptyDir.sizeLimit) && quantity(string(v.emptyDir.sizeLimit)).isGreaterThan(quantity('0')))) \
     .map(v, 'has the scratch volume ' + v.name + ' without a limit')",
]);

fn check(pod: &Pod<'_>, _: Words, found: &mut Found<'_>) {
    // The kubelet evicts a pod whose containers and volumes use more than all limits together.
    if pod.containers().all(|container| is_bounded(container.node)) {
        return;
    }
    for volume in pod.spec.get("volumes").into_iter().flat_map(Node::items) {
        let Some(scratch) = volume.get("emptyDir") else {
            continue;
        };
        let limit = scratch.get("sizeLimit").filter(|node| !node.is_null());
        match limit.map(Quantity::of) {
            Some(None) => limit
                .into_iter()
                .for_each(|node| pod.object.note_malformed(node, QUANTITY)),
            Some(Some(amount)) if amount > Quantity::ZERO => {}
            _ => {
                let name = volume
                    .get("name")
                    .and_then(Node::as_str)
                    .unwrap_or_default();
                found.on_object(
                    At::nearest(scratch, &["sizeLimit"]),
                    &format!("has the scratch volume {name} without a limit"),
                    "grows until the node's disk is full and its pods are evicted",
                );
            }
        }
    }
}

fn is_bounded(container: Node<'_>) -> bool {
    let limit = || {
        container
            .get("resources")?
            .get("limits")?
            .get("ephemeral-storage")
    };
    limit()
        .and_then(Quantity::of)
        .is_some_and(|limit| limit > Quantity::ZERO)
}
