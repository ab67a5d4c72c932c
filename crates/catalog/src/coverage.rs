//! Which recommendations the controls here serve only in part, and what is missing. A recommendation that some control
//! names and that is not listed here counts as served.

use plimsoll_guide::{
    AUD_01, AUD_04, AUD_05, AUD_08, AUD_09, AUTH_01, AUTH_02, AUTH_09, AUTH_10, BEY_01, BEY_02,
    BEY_11, BEY_16, BEY_27, CP_02, CP_05, CP_08, ETCD_06, FT_01, KCFG_01, LOGI_01, LOGI_06,
    LOGI_08, LOGI_10, NET_09, NET_11, NET_12, POD_03, POD_05, POD_15, POD_18, PORT_04, PORT_05,
    PORT_06, PORT_07, PORT_08, PORT_09, PSC_07, PSC_08, PSC_09, PSC_13, PSC_14, RBAC_09, RBAC_12,
    Recommendation, SEC_01, SEC_03, SEC_06, SEC_08, SIG_07, SIG_11, SIG_18, SIG_19, SIG_20, SIG_23,
    SIG_29, SIG_32, TLS_02, UPG_01, UPG_02, UPG_08,
};

/// A recommendation and the clause of it that nothing here looks at yet.
pub static MISSING: &[(&Recommendation, &str)] = &[
    (
        &AUD_01,
        "whether the policy file named can be read, and what a provider logs, are not looked at",
    ),
    (
        &AUD_04,
        "custom resources that hold secrets are not looked at",
    ),
    (&AUD_05, "how much each rule writes is not estimated"),
    (
        &AUD_08,
        "the mode of the log's folder on the node is not looked at",
    ),
    (
        &AUD_09,
        "how the API server logs in to the collector, and shippers of the log file, are not looked at",
    ),
    (
        &AUTH_01,
        "what kubeconfigs, certificate requests and the audit log show of people is not looked at",
    ),
    (&AUTH_02, "who may read the file is not looked at"),
    (
        &AUTH_09,
        "the kubelet's drop-in files, and its defaults without a file, are not looked at",
    ),
    (
        &AUTH_10,
        "whether the files exist, and a kubelet's command line outside pods, are not looked at",
    ),
    (
        &BEY_01,
        "client certificates, approved requests and audit events are not looked at",
    ),
    (&BEY_02, "certificates on disk are not looked at"),
    (
        &BEY_11,
        "who can reach the kubelet's port 10250 is not looked at",
    ),
    (
        &BEY_16,
        "the age of Secrets and the use of external stores are not looked at",
    ),
    (&BEY_27, "listeners and firewalls are not looked at"),
    (
        &CP_02,
        "the kubeconfigs for authentication, and what other recommendations leave open, are not looked at",
    ),
    (
        &CP_05,
        "which certificates etcd trusts, its files and disks are not looked at",
    ),
    (&CP_08, "whether port 8080 answers is not looked at"),
    (&ETCD_06, "etcd's files and disks are not looked at"),
    (
        &FT_01,
        "journald's bounds, and what shares a partition, are not looked at",
    ),
    (
        &KCFG_01,
        "modes and owners of the files, and keys that stand in them, are not looked at",
    ),
    (
        &LOGI_01,
        "requests of Kubernetes' own users that a policy drops are not judged",
    ),
    (&LOGI_06, "flow logs are not looked at"),
    (&LOGI_08, "replicas in metrics are not looked at"),
    (
        &LOGI_10,
        "logs of registries and drift inside of containers are not looked at",
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
        &POD_05,
        "nodes whose kubelet runs in a user namespace, and what kernels support, are not looked at",
    ),
    (
        &POD_15,
        "which rules that Pod Security admission lacks are covered by some policy is not looked at",
    ),
    (
        &POD_18,
        "which PodSecurityPolicy wins, mutating policies that loosen pods, and exemptions are not looked at",
    ),
    (&PORT_04, "sockets and firewalls are not looked at"),
    (&PORT_05, "sockets and firewalls are not looked at"),
    (
        &PORT_06,
        "the secure port's authentication and firewalls are not looked at",
    ),
    (&PORT_07, "whether port 8080 answers is not looked at"),
    (
        &PORT_08,
        "whether ports 10251 and 10252 answer is not looked at",
    ),
    (
        &PORT_09,
        "firewalls and who reaches port 10250 are not looked at",
    ),
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
        &RBAC_09,
        "verbs that the audit log shows unused are not looked at",
    ),
    (
        &RBAC_12,
        "which group is allowed to hold the rights cannot be said; every subject is reported",
    ),
    (
        &SEC_01,
        "Dockerfiles and the history of images are not looked at",
    ),
    (
        &SEC_03,
        "what managed clouds encrypt beneath the API server is not looked at",
    ),
    (
        &SEC_06,
        "identity left over after a migration, and old keys that are gone, are not looked at",
    ),
    (
        &SEC_08,
        "whether keys are changed by machine is not looked at",
    ),
    (
        &SIG_07,
        "who uses anonymous requests, by the audit log, is not looked at",
    ),
    (
        &SIG_11,
        "the mode of the file, and whether it is in a backup, are not looked at",
    ),
    (
        &SIG_18,
        "the files, permissions and listeners of the node are not looked at",
    ),
    (&SIG_19, "files and their modes are not looked at"),
    (&SIG_20, "Windows nodes themselves are not looked at"),
    (
        &SIG_23,
        "the certificate that the kubelet serves is not looked at",
    ),
    (
        &SIG_29,
        "the connections that were observed are not looked at",
    ),
    (
        &SIG_32,
        "peaks of use and the limit on the number of processes are not looked at",
    ),
    (
        &TLS_02,
        "left-over bootstrap files and the life of certificates are not looked at",
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
];
