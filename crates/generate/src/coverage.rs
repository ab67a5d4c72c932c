//! Which recommendations only generators serve, and only in part: what of them is missing still. A check that nothing but
//! a generator speaks to is never whole, because no scan looks at it.

use plimsoll_guide::{
    APX_C, AUD_03, AUD_08, AUD_09, INT_02, LOGI_01, LOGI_06, LOGI_09, LOGI_10, LOGI_11, LOGI_12,
    NET_10, POD_01, POD_17, Recommendation, SCMP_01, SCMP_03, SIG_10, SIG_28, SIG_33, SIG_38,
};

/// A recommendation and the clause of it that is not served yet.
pub static MISSING: &[(&Recommendation, &str)] = &[
    (
        &INT_02,
        "a schedule is written that scans the cluster from within; nodes are not looked at, and results are not compared",
    ),
    (
        &POD_01,
        "a Dockerfile is written; images and other Dockerfiles are not looked at",
    ),
    (
        &POD_17,
        "exemptions are written; what each role can really do is not tried",
    ),
    (
        &NET_10,
        "policies for kube-system are written; whether it has some, and whom they shut out, is not looked at",
    ),
    (
        &AUD_03,
        "a policy is written; whether other policies record the events is not looked at",
    ),
    (
        &AUD_08,
        "flags are written; whether the log is kept and shipped is not looked at",
    ),
    (
        &AUD_09,
        "a configuration is written; other configurations and the collector are not looked at",
    ),
    (
        &SCMP_01,
        "a profile that logs is written; whether pods use it is not looked at",
    ),
    (
        &SCMP_03,
        "general profiles are written; none is derived from observed calls",
    ),
    (
        &LOGI_01,
        "an audit policy is written; whether the cluster uses one that records this is not looked at",
    ),
    (
        &LOGI_06,
        "an audit policy records changes of permissions; protocols are not covered",
    ),
    (
        &LOGI_09,
        "an audit policy records the requests; mounts on the node are not covered",
    ),
    (
        &LOGI_10,
        "an audit policy records the requests; changes inside of containers are not covered",
    ),
    (
        &LOGI_11,
        "an audit policy records changes of rights; changes on the nodes are not covered",
    ),
    (
        &LOGI_12,
        "an audit policy records them; whether the cluster uses it is not looked at",
    ),
    (
        &SIG_10,
        "a configuration for more than Secrets is written; whether the cluster encrypts more is not looked at",
    ),
    (
        &SIG_28,
        "the options of one Deployment are explained; node agents and batch work are not",
    ),
    (
        &SIG_33,
        "policies in three tiers are written; others are not compared with them",
    ),
    (
        &SIG_38,
        "a namespace with bounds is written; priorities of API requests and storage classes are not covered",
    ),
    (
        &APX_C,
        "AppArmor for pods that do not say, and policies for other engines, are not written",
    ),
];
