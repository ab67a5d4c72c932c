//! An image that somebody pulled with credentials must not start for somebody without them. From 1.35 on the kubelet sees to
//! that by itself; before, only the plugin AlwaysPullImages does.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{BEY_08, Chapter};
use plimsoll_snapshot::component::Program;

const WITH_PLUGIN: &[Setting] = &[Setting {
    program: Program::ApiServer,
    flag: "enable-admission-plugins",
    twin: &[],
    want: Want::HoldAll(&["AlwaysPullImages"]),
    default: "",
    unless: &[],
    kubeadm: false,
    says: Says {
        set: "lets pods use private images that others have pulled, with the plugins {value}",
        unset: "lets pods use private images that others have pulled, as the plugin AlwaysPullImages is off",
        because: "whoever knows the name of an image on the node may start it",
    },
}];

const VERIFIED: &[Setting] = &[
    Setting {
        program: Program::Kubelet,
        flag: "",
        twin: &["imagePullCredentialsVerificationPolicy"],
        want: Want::NotBe(&["NeverVerify"]),
        default: "NeverVerifyPreloadedImages",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "never verifies that a pod may have an image that is on the node already",
            unset: "",
            because: "whoever knows the name of an image on the node may start it",
        },
    },
    Setting {
        program: Program::Kubelet,
        flag: "",
        twin: &["featureGates", "KubeletEnsureSecretPulledImages"],
        want: Want::Be(&["true"]),
        default: "true",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "does not verify that a pod may have an image that is on the node already",
            unset: "",
            because: "whoever knows the name of an image on the node may start it",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "cached-image-reused",
        formerly: &[],
        title: "pods may use private images that others have pulled",
        chapter: Chapter::BeyondTheGuide,
        guide: &[&BEY_08],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "a pod without credentials for its image, or without its registry, does not start any more",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[
        Revision::always(Rule::Settings(Settings {
            clauses: WITH_PLUGIN,
        })),
        Revision::since(35, Rule::Settings(Settings { clauses: VERIFIED })),
    ],
};
