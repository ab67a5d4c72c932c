//! Each entry of the pod's `volumes` must be of a type that the restricted level allows. An entry without any type is
//! an `emptyDir` by default; `hostPath` is `host-path`'s; `image` counts as allowed since server version 1.33,
//! whose admission plugin knows it.

use plimsoll_control::{
    Control, Enforce, Fix, Found, Header, PssCheck, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{Chapter, POD_25};
use plimsoll_snapshot::pod::Pod;
use plimsoll_snapshot::value::At;
use plimsoll_snapshot::version::Minor;
use plimsoll_yaml::Node;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "restricted-volume-type",
        formerly: &[],
        title: "pod uses a type of volume that the restricted level forbids",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_25],
        pss: &[PssCheck::restricted("restrictedVolumes")],
        severity: Severity::Medium,
        fix: Fix::Not("what takes the volume's place depends on where its data are"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Pod {
        check,
        words: &[
            "configMap",
            "csi",
            "downwardAPI",
            "emptyDir",
            "ephemeral",
            "persistentVolumeClaim",
            "projected",
            "secret",
        ],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{spec.volumes}.filter(v, !({has v} || has(v.hostPath) || ({minor} >= 33 && has(v.image)))) \
     .map(v, 'mounts the volume ' + v.name + ' of a type that the restricted level forbids')",
]);

const IMAGE: &str = "image";
const IMAGE_SINCE: Minor = Minor(33);
const BECAUSE: &str =
    "the author of the pod chooses what the node mounts, past every claim and class";

fn check(pod: &Pod<'_>, words: Words, found: &mut Found<'_>) {
    let knows_image = pod.object.target.version >= IMAGE_SINCE;
    for volume in pod.volumes() {
        let sources: Vec<_> = volume
            .entries()
            .filter_map(|(key, value)| Some((key.key_text()?, value)))
            .filter(|(key, value)| *key != "name" && !value.is_null())
            .collect();
        let allowed =
            |key: &str| key == "hostPath" || words.contains(&key) || key == IMAGE && knows_image;
        if sources.iter().any(|(key, _)| allowed(key)) {
            continue;
        }
        if let Some((key, source)) = sources.first() {
            let name = volume.get("name").and_then(Node::text).unwrap_or_default();
            found.on_object(
                At::node(*source),
                &format!("mounts volume \"{name}\" of type {key}"),
                BECAUSE,
            );
        }
    }
}
