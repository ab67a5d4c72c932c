//! Which recommendations the controls here serve only in part, and what is missing. A recommendation that some control
//! names and that is not listed here counts as served.

use plimsoll_guide::{
    AUTH_05, BEY_09, BEY_16, POD_03, POD_12, POD_13, POD_14, POD_15, POD_18, POD_22, PSC_07,
    PSC_08, PSC_09, PSC_13, PSC_14, Recommendation, SEC_01, SIG_18, SIG_20, SIG_31, UPG_01, UPG_02,
    UPG_08,
};

/// A recommendation and the clause of it that nothing here looks at yet.
pub static MISSING: &[(&Recommendation, &str)] = &[
    (&AUTH_05, "who may read or create tokens is not looked at"),
    (
        &BEY_09,
        "TLS, the rights on the configurations, and whether the webhook's pods are isolated are not looked at",
    ),
    (
        &BEY_16,
        "the age of Secrets and the use of external stores are not looked at",
    ),
    (&POD_03, "the group that an image sets is not looked at"),
    (
        &POD_12,
        "whether anything judges images at all, and the API server's ImagePolicyWebhook, are not looked at",
    ),
    (
        &POD_13,
        "the API server's own configuration (default levels, exemptions, disabled plugins) is not looked at",
    ),
    (
        &POD_14,
        "the API server's list of admission plugins is not looked at",
    ),
    (
        &POD_15,
        "which rules that Pod Security admission lacks are covered by some policy is not looked at",
    ),
    (
        &POD_18,
        "which PodSecurityPolicy wins, mutating policies that loosen pods, and exemptions are not looked at",
    ),
    (&POD_22, "the kubelet's seccompDefault is not looked at"),
    (
        &PSC_07,
        "whether admission would refuse such a pod is not looked at",
    ),
    (
        &PSC_08,
        "whether admission would refuse such a pod, and the image's group, are not looked at",
    ),
    (
        &PSC_09,
        "supplementalGroupsPolicy is not asked of pods that list no groups",
    ),
    (
        &PSC_13,
        "whether a node has AppArmor, and so what an unset profile means there, is not looked at",
    ),
    (
        &PSC_14,
        "whether the file of a Localhost profile is on the nodes is not looked at",
    ),
    (
        &SEC_01,
        "Dockerfiles and the history of images are not looked at",
    ),
    (
        &SIG_18,
        "the files, permissions and listeners of the node are not looked at",
    ),
    (&SIG_20, "Windows nodes themselves are not looked at"),
    (&SIG_31, "which policies the pod escapes is not looked at"),
    (
        &UPG_01,
        "the versions and patch levels that API server and kubelets run are not looked at",
    ),
    (
        &UPG_02,
        "versions of operating systems, runtimes, plugins and living add-ons are not looked at",
    ),
    (
        &UPG_08,
        "idle workloads, orphaned objects and failed releases are not looked at",
    ),
];
