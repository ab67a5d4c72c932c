//! Which recommendations only generators serve, and only in part: what of them is missing still. A check that nothing but
//! a generator speaks to is never whole, because no scan looks at it.

use plimsoll_guide::{
    APX_C, NET_10, POD_01, Recommendation, SCMP_01, SCMP_03, SIG_10, SIG_28, SIG_38,
};

/// A recommendation and the clause of it that is not served yet.
pub static MISSING: &[(&Recommendation, &str)] = &[
    (
        &POD_01,
        "a Dockerfile is written; images and other Dockerfiles are not looked at",
    ),
    (
        &NET_10,
        "policies for kube-system are written; whether it has some, and whom they shut out, is not looked at",
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
        &SIG_10,
        "a configuration for more than Secrets is written; whether the cluster encrypts more is not looked at",
    ),
    (
        &SIG_28,
        "the options of one Deployment are explained; node agents and batch work are not",
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
