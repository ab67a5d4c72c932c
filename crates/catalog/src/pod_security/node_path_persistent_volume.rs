//! A PersistentVolume of the type `hostPath` or `local` leads to a path of a node. How bad it is depends on the path.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, PSC_05};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use super::host_path;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "node-path-persistent-volume",
        formerly: &[],
        title: "PersistentVolume leads to a path of its node",
        chapter: Chapter::PodSecurity,
        guide: &[&PSC_05],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("what takes the volume's place depends on where its data are"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "PersistentVolume")],
        check,
        words: &["hostPath", "local"],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "(has({object}.spec.hostPath) ? ['leads to ' + {object}.spec.hostPath.path + ' of its node'] : []) + \
     (has({object}.spec.local) ? ['leads to ' + {object}.spec.local.path + ' of its node'] : [])",
]);

const BECAUSE: &str =
    "whoever may claim it gets the path, and Pod Security admission does not see it";
const OWN_DISK: &str = "is bound to one node, and may be a disk of its own";
/// A `local` volume below here is a disk, which the kubelet mounts or hands over as it is.
const DEVICES: &str = "/dev/";
const NAMELESS: &str = "an unnamed path";

fn check(object: &Object<'_>, words: Words, found: &mut Found<'_>) {
    let Some(spec) = object.node.get("spec") else {
        return;
    };
    for kind in words {
        let Some(source) = spec.get(kind).filter(|source| !source.is_null()) else {
            continue;
        };
        let path = source.get("path");
        if let Some(path) = path.filter(|path| !path.is_null() && path.as_str().is_none()) {
            object.note_malformed(path, "a string");
        }
        let shown = path.and_then(Node::text).unwrap_or(NAMELESS);
        let predicate = format!("leads to {shown} of its node");
        let finding = found.on_object(At::node(path.unwrap_or(source)), &predicate, BECAUSE);
        let path = host_path::clean(shown);
        let is_local = *kind == "local";
        let known = host_path::known(&path, false);
        let known = known.filter(|_| !(is_local && path.starts_with(DEVICES)));
        let (severity, reason) = match known {
            Some(known) => known,
            None if is_local => (Severity::Low, OWN_DISK),
            None => continue,
        };
        finding.weigh(severity, reason);
        finding.label = reason.into();
    }
}
