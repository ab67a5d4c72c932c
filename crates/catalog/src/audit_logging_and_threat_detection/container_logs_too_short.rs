//! What a node keeps of a container's output, until a shipper has fetched it.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::quantity::Quantity;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::{Node, Scalar};

use plimsoll_guide::{Chapter, LOG_18};

const FILES: &str = "containerLogMaxFiles";
const SIZE: &str = "containerLogMaxSize";

/// `least` is all that is kept by default; a file holds 10Mi, and there are 5.
fn check(object: &Object<'_>, least: Words, found: &mut Found<'_>) {
    let files = object.node.get(FILES).filter(|node| !node.is_null());
    let size = object.node.get(SIZE).filter(|node| !node.is_null());
    let number = match files.map(Node::scalar) {
        None => 5,
        Some(Some(Scalar::Int(number))) => i128::from(number),
        Some(_) => return files.map_or((), |node| object.note_malformed(node, "a number")),
    };
    let written = size.map_or(Quantity::parse("10Mi"), Quantity::of);
    let Some(written) = written else {
        return size.map_or((), |node| object.note_malformed(node, "a quantity"));
    };
    let Some(node) = size.or(files) else {
        return;
    };
    let mut least = least.iter().filter_map(|least| Quantity::parse(least));
    if least.any(|least| least.exceeds(written, number)) {
        found.on_object(
            At::node(node),
            "keeps less than 50Mi of a container's log",
            "what was not shipped before it is turned over is gone",
        );
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "container-logs-too-short",
        formerly: &[],
        title: "nodes keep less of a container's log than Kubernetes does by default",
        chapter: Chapter::AuditLoggingAndThreatDetection,
        guide: &[&LOG_18],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not(
            "the settings of Kubernetes' own programs are changed by hand, one node after the other, because a wrong one stops the program",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("kubelet.config.k8s.io", "KubeletConfiguration")],
        check,
        words: &["50Mi"],
        enforce: Enforce::NO_OBJECT,
    })],
};
