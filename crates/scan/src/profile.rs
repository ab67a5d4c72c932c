//! Threat profiles: what is true of a cluster's surroundings, and so which of the guide's three threats weigh more there.
//!
//! Invariant: a profile orders findings of the same severity and says why; it hides nothing and changes no severity.

use plimsoll_control::Finding;
use plimsoll_guide::Threat;

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
    pub const ALL: [Profile; 3] = [
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
    ];

    /// The profile of a name.
    pub fn find(name: &str) -> Option<Profile> {
        Profile::ALL
            .into_iter()
            .find(|profile| profile.name == name)
    }

    /// How much more a threat weighs, each time with the reason.
    fn weights(&self) -> impl Iterator<Item = (Threat, u32, &'static str)> {
        let public = self.exposure == Exposure::Public;
        let shared = self.tenancy == Tenancy::MultiTeam;
        let limited = self.operator_trust == OperatorTrust::Limited;
        let sensitive = self.data_sensitivity == DataSensitivity::Sensitive;
        [
            (public, Threat::MaliciousActor, 2, "everybody can reach it"),
            (
                shared,
                Threat::Insider,
                2,
                "several teams share the cluster",
            ),
            (
                limited,
                Threat::Insider,
                1,
                "operators are trusted with their own part only",
            ),
            (
                sensitive,
                Threat::MaliciousActor,
                1,
                "the data are sensitive",
            ),
            (sensitive, Threat::Insider, 1, "the data are sensitive"),
        ]
        .into_iter()
        .filter_map(|(holds, threat, weight, why)| holds.then_some((threat, weight, why)))
    }

    /// How much more a finding weighs here, and why.
    pub(crate) fn weigh(&self, finding: &Finding) -> (u32, Vec<&'static str>) {
        let recommendations = finding.control.guide;
        let helps = |threat| {
            recommendations
                .iter()
                .any(|recommendation| recommendation.threats.contains(&threat))
        };
        let mut total = 0;
        let mut reasons = Vec::new();
        for (threat, weight, why) in self.weights() {
            if helps(threat) {
                total += weight;
                reasons.push(why);
            }
        }
        reasons.dedup();
        (total, reasons)
    }
}
