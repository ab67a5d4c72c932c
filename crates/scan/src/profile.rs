//! Threat profiles: what is true of a cluster's surroundings, and so which of the guide's three threats, and which of its
//! recommendations, weigh more there.
//!
//! Invariant: a profile orders findings of the same severity and says why; it hides nothing and changes no severity.

use plimsoll_control::Finding;
use plimsoll_guide::{
    AUD_04, BEY_16, BEY_18, BEY_19, BEY_20, CLD_01, ETCD_06, NET_01, NET_03, POD_21, POD_23,
    RBAC_03, RBAC_05, RES_01, RES_02, Recommendation, SEC_01, SEC_02, SEC_03, SEC_06, SEC_08,
    SIG_10, SIG_38, Threat,
};

/// Who can reach the workloads.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Exposure {
    /// People of the organisation.
    Internal,
    /// Everybody.
    Public,
}

/// Who shares the cluster.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Tenancy {
    /// One team.
    SingleTeam,
    /// Several teams that need not trust each other.
    MultiTeam,
}

/// How far those are trusted who operate the cluster and deploy to it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum OperatorTrust {
    /// With everything.
    Full,
    /// With their own part.
    Limited,
}

/// What is lost when data leak.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum DataSensitivity {
    /// Little.
    Ordinary,
    /// Much.
    Sensitive,
}

/// What is true of a cluster's surroundings.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    /// Its name.
    pub name: &'static str,
    /// Who can reach the workloads.
    pub exposure: Exposure,
    /// Who shares the cluster.
    pub tenancy: Tenancy,
    /// How far operators are trusted.
    pub operator_trust: OperatorTrust,
    /// What is lost when data leak.
    pub data_sensitivity: DataSensitivity,
}

impl Profile {
    /// Nothing is known: no threat weighs more than another.
    pub const DEFAULT: Profile = Profile {
        name: "default",
        exposure: Exposure::Internal,
        tenancy: Tenancy::SingleTeam,
        operator_trust: OperatorTrust::Full,
        data_sensitivity: DataSensitivity::Ordinary,
    };

    /// All profiles.
    pub const ALL: [Profile; 6] = [
        Profile::DEFAULT,
        Profile {
            name: "public-single-team",
            exposure: Exposure::Public,
            ..Profile::DEFAULT
        },
        Profile {
            name: "internal-multi-team",
            tenancy: Tenancy::MultiTeam,
            operator_trust: OperatorTrust::Limited,
            ..Profile::DEFAULT
        },
        Profile {
            name: "public-multi-team",
            exposure: Exposure::Public,
            tenancy: Tenancy::MultiTeam,
            operator_trust: OperatorTrust::Limited,
            ..Profile::DEFAULT
        },
        Profile {
            name: "internal-sensitive-data",
            data_sensitivity: DataSensitivity::Sensitive,
            ..Profile::DEFAULT
        },
        Profile {
            name: "public-sensitive-data",
            exposure: Exposure::Public,
            data_sensitivity: DataSensitivity::Sensitive,
            ..Profile::DEFAULT
        },
    ];

    /// The profile of a name.
    pub fn find(name: &str) -> Option<Profile> {
        Profile::ALL
            .into_iter()
            .find(|profile| profile.name == name)
    }

    /// What weighs how much more, each time with the reason.
    fn weights(&self) -> impl Iterator<Item = (Concern, u32, &'static str)> {
        let public = self.exposure == Exposure::Public;
        let shared = self.tenancy == Tenancy::MultiTeam;
        let limited = self.operator_trust == OperatorTrust::Limited;
        let sensitive = self.data_sensitivity == DataSensitivity::Sensitive;
        let teams = "several teams share the cluster";
        let data = "the data are sensitive";
        [
            (
                public,
                Concern::Of(Threat::MaliciousActor),
                2,
                "everybody can reach it",
            ),
            (shared, Concern::Of(Threat::Insider), 2, teams),
            (shared, Concern::About(TENANTS), 1, teams),
            (
                limited,
                Concern::Of(Threat::Insider),
                1,
                "operators are trusted with their own part only",
            ),
            (sensitive, Concern::About(DATA), 3, data),
        ]
        .into_iter()
        .filter_map(|(holds, concern, weight, why)| holds.then_some((concern, weight, why)))
    }

    /// How much more a finding weighs here, and why.
    pub(crate) fn weigh(&self, finding: &Finding) -> (u32, Vec<&'static str>) {
        let mut total = 0;
        let mut reasons = Vec::new();
        for (concern, weight, why) in self.weights() {
            if finding
                .control
                .guide
                .iter()
                .any(|served| concern.is_in(served))
            {
                total += weight;
                reasons.push(why);
            }
        }
        reasons.dedup();
        (total, reasons)
    }
}

/// What weighs more.
#[derive(Copy, Clone)]
enum Concern {
    /// Whatever helps against a threat.
    Of(Threat),
    /// These recommendations.
    About(&'static [&'static Recommendation]),
}

impl Concern {
    fn is_in(self, recommendation: &Recommendation) -> bool {
        match self {
            Concern::Of(threat) => recommendation.threats.contains(&threat),
            Concern::About(list) => list.iter().any(|one| one.id == recommendation.id),
        }
    }
}

/// What keeps tenants from each other, besides rights: namespaces, bounds, names and storage.
static TENANTS: &[&Recommendation] = &[
    &NET_01, &NET_03, &RBAC_03, &RBAC_05, &RES_01, &RES_02, &POD_21, &POD_23, &BEY_18, &BEY_19,
    &BEY_20, &SIG_38,
];

/// What keeps data from being read: credentials, encryption, logs that hold secrets, and ways out.
static DATA: &[&Recommendation] = &[
    &SEC_01, &SEC_02, &SEC_03, &SEC_06, &SEC_08, &ETCD_06, &SIG_10, &BEY_16, &AUD_04, &CLD_01,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use plimsoll_guide::ALL;

    use super::*;

    /// The recommendations that weigh more under a profile, and how much.
    fn weighed(name: &str) -> Vec<(&'static str, u32)> {
        let profile = Profile::find(name).expect("a profile");
        let of = |recommendation: &&'static Recommendation| {
            let weights = profile
                .weights()
                .filter(|(concern, ..)| concern.is_in(recommendation));
            (
                recommendation.id,
                weights.map(|(_, weight, _)| weight).sum(),
            )
        };
        let all = ALL.iter().map(of);
        all.filter(|(_, weight)| *weight > 0).collect()
    }

    fn weight(name: &str, id: &str) -> u32 {
        let weighed = weighed(name);
        weighed
            .iter()
            .find(|(known, _)| *known == id)
            .map_or(0, |(_, weight)| *weight)
    }

    #[test]
    fn nothing_weighs_more_where_nothing_is_known() {
        assert_eq!(weighed("default"), []);
    }

    #[test]
    fn no_two_profiles_weigh_alike() {
        let names = Profile::ALL.map(|profile| profile.name);
        let weights: BTreeSet<_> = names.into_iter().map(weighed).collect();
        assert_eq!(weights.len(), names.len());
    }

    #[test]
    fn sensitive_data_put_what_reads_them_first() {
        for profile in ["internal-sensitive-data", "public-sensitive-data"] {
            assert!(
                weight(profile, "SEC-03") > weight(profile, "RES-02"),
                "{profile}"
            );
            assert!(
                weight(profile, "AUD-04") > weight(profile, "PSC-01"),
                "{profile}"
            );
        }
        assert_eq!(weight("internal-sensitive-data", "RES-02"), 0);
    }

    #[test]
    fn teams_that_share_put_bounds_and_rights_first() {
        let shared = "internal-multi-team";
        assert!(weight(shared, "RES-02") > weight(shared, "PSC-01"));
        assert!(weight(shared, "RBAC-03") > weight(shared, "CLD-01"));
    }
}
