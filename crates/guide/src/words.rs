//! The closed sets of words that describe a recommendation: chapter, kind, severity, threat, evidence, source.
//!
//! Each type's `as_str` (for chapters `slug`) gives the word that `data/register.yaml`, the JSON outputs and scripts use.
//! Invariant: a word is its variant's name in kebab case; the generator relies on it and a test holds it.

/// A chapter of the guide, or one of the two collections beside it. Ordered as in the guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chapter {
    /// Introduction and architectural overview.
    Introduction,
    /// Threat model.
    ThreatModel,
    /// Kubernetes Pod security.
    PodSecurity,
    /// Network separation and hardening.
    NetworkSeparation,
    /// Authentication and authorization.
    AuthenticationAndAuthorization,
    /// Audit logging and threat detection.
    AuditLoggingAndThreatDetection,
    /// Upgrading and application security practices.
    Upgrading,
    /// The guide's sample files, by the letters of v1.0.
    Appendices,
    /// The working document of Kubernetes' sig-security for a hardening guide.
    SigSecurity,
    /// What the Kubernetes documentation asks for beyond both.
    BeyondTheGuide,
}

impl Chapter {
    /// Every chapter in order.
    pub const ALL: [Self; 10] = [
        Self::Introduction,
        Self::ThreatModel,
        Self::PodSecurity,
        Self::NetworkSeparation,
        Self::AuthenticationAndAuthorization,
        Self::AuditLoggingAndThreatDetection,
        Self::Upgrading,
        Self::Appendices,
        Self::SigSecurity,
        Self::BeyondTheGuide,
    ];

    /// The chapter's heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Introduction => "Introduction and architectural overview",
            Self::ThreatModel => "Threat model",
            Self::PodSecurity => "Kubernetes Pod security",
            Self::NetworkSeparation => "Network separation and hardening",
            Self::AuthenticationAndAuthorization => "Authentication and authorization",
            Self::AuditLoggingAndThreatDetection => "Audit logging and threat detection",
            Self::Upgrading => "Upgrading and application security practices",
            Self::Appendices => "Appendices",
            Self::SigSecurity => "sig-security working document",
            Self::BeyondTheGuide => "Beyond the guide",
        }
    }

    /// The chapter's word for folders, addresses and JSON.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Introduction => "introduction",
            Self::ThreatModel => "threat-model",
            Self::PodSecurity => "pod-security",
            Self::NetworkSeparation => "network-separation",
            Self::AuthenticationAndAuthorization => "authentication-and-authorization",
            Self::AuditLoggingAndThreatDetection => "audit-logging-and-threat-detection",
            Self::Upgrading => "upgrading",
            Self::Appendices => "appendices",
            Self::SigSecurity => "sig-security",
            Self::BeyondTheGuide => "beyond-the-guide",
        }
    }
}

/// What can be done with a recommendation by machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Judged on configuration.
    Check,
    /// Judged on events.
    Detection,
    /// A file to generate.
    Artifact,
    /// Something people do, shown by an attestation.
    Process,
    /// A way of working that shapes the tool itself.
    Guidance,
}

impl Kind {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Detection => "detection",
            Self::Artifact => "artifact",
            Self::Process => "process",
            Self::Guidance => "guidance",
        }
    }
}

/// How bad it is to ignore a recommendation. Ordered from harmless to grave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good practice; little follows from it alone.
    Low,
    /// Helps an attacker who is already somewhere.
    Medium,
    /// Opens a way, or blinds those who should notice.
    High,
    /// Hands over a node or the cluster.
    Critical,
}

impl Severity {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// The guide's three sources of threat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Threat {
    /// Images, dependencies, runtimes and infrastructure that come from others.
    SupplyChain,
    /// Somebody outside who attacks the cluster or a workload in it.
    MaliciousActor,
    /// Administrators, users of applications, the infrastructure's provider.
    Insider,
}

impl Threat {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SupplyChain => "supply-chain",
            Self::MaliciousActor => "malicious-actor",
            Self::Insider => "insider",
        }
    }
}

/// What must be looked at to judge a recommendation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// Written objects: files, charts, overlays.
    Manifest,
    /// Files and history inside an image, or its Dockerfile.
    ContainerImage,
    /// Live objects.
    ClusterApi,
    /// Roles and bindings.
    Rbac,
    /// Network policies, Services, firewalls, open ports.
    Network,
    /// Flags, files and certificates on control-plane nodes.
    ControlPlaneNode,
    /// Flags, files and certificates on workers.
    WorkerNode,
    /// The audit policy and where logs go.
    AuditConfig,
    /// Audit events and other logs.
    AuditEvents,
    /// What the cloud provider's interface says.
    Cloud,
    /// An attestation by people.
    Process,
}

impl Evidence {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::ContainerImage => "container-image",
            Self::ClusterApi => "cluster-api",
            Self::Rbac => "rbac",
            Self::Network => "network",
            Self::ControlPlaneNode => "control-plane-node",
            Self::WorkerNode => "worker-node",
            Self::AuditConfig => "audit-config",
            Self::AuditEvents => "audit-events",
            Self::Cloud => "cloud",
            Self::Process => "process",
        }
    }
}

/// Where a recommendation comes from and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The guide; v1.2 confirmed by secondary sources.
    GuideConfirmed,
    /// The guide; v1.0 text, and nothing suggests that v1.2 dropped it.
    GuideAssumed,
    /// The guide; v1.0 text, dropped, replaced or unclear since.
    GuideDropped,
    /// Summaries of the guide; not found in its text.
    GuideSummaries,
    /// The working document of Kubernetes' sig-security.
    SigSecurity,
    /// The Kubernetes documentation and blog.
    KubernetesDocs,
    /// This project's own.
    Project,
}

impl Source {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GuideConfirmed => "guide-confirmed",
            Self::GuideAssumed => "guide-assumed",
            Self::GuideDropped => "guide-dropped",
            Self::GuideSummaries => "guide-summaries",
            Self::SigSecurity => "sig-security",
            Self::KubernetesDocs => "kubernetes-docs",
            Self::Project => "project",
        }
    }

    /// The source in words for a reader, without a full stop.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::GuideConfirmed => "NSA/CISA guidance, v1.2 confirmed by secondary sources",
            Self::GuideAssumed => "NSA/CISA guidance, v1.0 text, assumed to be kept in v1.2",
            Self::GuideDropped => "NSA/CISA guidance, v1.0 text, dropped or replaced since",
            Self::GuideSummaries => "summaries of the NSA/CISA guidance, not found in its text",
            Self::SigSecurity => "sig-security working document for a hardening guide",
            Self::KubernetesDocs => "Kubernetes documentation",
            Self::Project => "this project",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;

    /// `ControlPlaneNode` as `control-plane-node`.
    fn kebab(variant: impl Debug) -> String {
        let mut word = String::new();
        for character in format!("{variant:?}").chars() {
            if character.is_ascii_uppercase() && !word.is_empty() {
                word.push('-');
            }
            word.push(character.to_ascii_lowercase());
        }
        word
    }

    #[test]
    fn words_are_the_variants_in_kebab_case() {
        for recommendation in crate::ALL {
            assert_eq!(recommendation.chapter.slug(), kebab(recommendation.chapter));
            assert_eq!(recommendation.kind.as_str(), kebab(recommendation.kind));
            assert_eq!(
                recommendation.severity.as_str(),
                kebab(recommendation.severity)
            );
            assert_eq!(recommendation.source.as_str(), kebab(recommendation.source));
            for threat in recommendation.threats {
                assert_eq!(threat.as_str(), kebab(threat));
            }
            for evidence in recommendation.evidence {
                assert_eq!(evidence.as_str(), kebab(evidence));
            }
        }
    }

    #[test]
    fn order_is_the_guides_for_chapters_and_rises_for_severities() {
        assert!(Chapter::ALL.is_sorted());
        assert!(Severity::Low < Severity::Medium && Severity::Medium < Severity::High);
        assert!(Severity::High < Severity::Critical);
    }
}
