//! Which recommendations the controls here serve only in part, and what is missing. A recommendation that some control
//! names and that is not listed here counts as served.

use plimsoll_guide::{
    AUTH_07, BEY_01, BEY_09, BEY_11, BEY_16, CLD_01, NET_01, NET_03, NET_09, NET_11, NET_12,
    POD_03, POD_12, POD_13, POD_14, POD_15, POD_18, POD_20, POD_22, PSC_07, PSC_08, PSC_09, PSC_13,
    PSC_14, RBAC_03, RBAC_05, RBAC_08, RBAC_09, RBAC_12, Recommendation, SEC_01, SIG_18, SIG_20,
    SIG_29, SIG_30, SIG_32, UPG_01, UPG_02, UPG_08,
};

/// A recommendation and the clause of it that nothing here looks at yet.
pub static MISSING: &[(&Recommendation, &str)] = &[
    (
        &AUTH_07,
        "the API server's list of admission plugins, and pods that use the account default without a token, are not looked at",
    ),
    (
        &BEY_09,
        "TLS, the rights on the configurations, and whether the webhook's pods are isolated are not looked at",
    ),
    (
        &BEY_16,
        "the age of Secrets and the use of external stores are not looked at",
    ),
    (
        &CLD_01,
        "the address of other clouds' metadata services (Azure, host names) is not looked at",
    ),
    (
        &NET_01,
        "namespaces that mix teams or unrelated applications are not looked at",
    ),
    (
        &NET_03,
        "role bindings across namespaces and the Pod Security label are not looked at together with it",
    ),
    (
        &NET_09,
        "which connections are really used, and who can reach whom, is not looked at",
    ),
    (
        &NET_11,
        "overlap with the cluster's own address ranges, and addresses rewritten by balancers, are not looked at",
    ),
    (
        &NET_12,
        "whether certificates are still valid is not looked at",
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
    (
        &SIG_29,
        "the connections that were observed are not looked at",
    ),
    (
        &SIG_30,
        "the address of other clouds' metadata services (Azure, host names) is not looked at",
    ),
    (
        &SIG_32,
        "peaks of use and the limit on the number of processes are not looked at",
    ),
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
    (
        &BEY_01,
        "client certificates, approved requests and audit events are not looked at",
    ),
    (
        &BEY_11,
        "who can reach the kubelet's port 10250 is not looked at",
    ),
    (
        &POD_20,
        "which pods use the accounts, and all rights of one account together, are not looked at",
    ),
    (
        &RBAC_03,
        "the rights of one subject are not added up over its roles",
    ),
    (
        &RBAC_05,
        "ClusterRoleBindings of other roles that a RoleBinding could replace are not looked at",
    ),
    (
        &RBAC_08,
        "an account default that lets its token be mounted is looked at only where a pod uses it",
    ),
    (
        &RBAC_09,
        "ConfigMaps read without names, and verbs that the audit log shows unused, are not looked at",
    ),
    (
        &RBAC_12,
        "which group is allowed to hold the rights cannot be said; every subject is reported",
    ),
];
