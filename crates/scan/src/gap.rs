//! Gaps: what was asked for and could not be looked at. Silence must never look like safety.

pub(crate) mod document;
pub(crate) mod object;

use std::sync::Arc;

use plimsoll_snapshot::place::Location;

/// Why something could not be looked at.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum GapReason {
    /// The file or folder could not be read.
    Unreadable,
    /// The bytes are not a text.
    NotText,
    /// The text shows Kubernetes' marks and does not parse.
    Unparsable,
    /// A template that has to be rendered first.
    Template,
    /// A chart, and no Helm to render it.
    HelmNotFound,
    /// A chart that Helm does not render.
    HelmFailed,
    /// A kustomization that changes what it reads, and no Kustomize to render it.
    KustomizeNotFound,
    /// A kustomization that Kustomize does not render.
    KustomizeFailed,
    /// A kustomization that would fetch something from the network.
    KustomizeRemote,
    /// `apiVersion` or `kind` is missing from what otherwise looks like an object.
    Incomplete,
    /// A value has a type that the API server refuses.
    Malformed,
    /// A key that stands twice outside any object, so that whole objects may be hidden.
    DuplicateKey,
    /// A control failed on an object; our fault.
    ControlPanicked,
    /// A policy of the user's that the API server would refuse, or a text among them that does not parse.
    InvalidPolicy,
    /// An expression of such a policy that is not done here, or needs what is not known here: no verdict.
    UnsupportedExpression,
    /// A cluster does not allow to read it.
    Forbidden,
    /// A cluster, or what stands behind it, did not give it.
    Unreachable,
}

impl GapReason {
    /// All reasons.
    pub const ALL: [GapReason; 17] = [
        Self::Unreadable,
        Self::NotText,
        Self::Unparsable,
        Self::Template,
        Self::HelmNotFound,
        Self::HelmFailed,
        Self::KustomizeNotFound,
        Self::KustomizeFailed,
        Self::KustomizeRemote,
        Self::Incomplete,
        Self::Malformed,
        Self::DuplicateKey,
        Self::ControlPanicked,
        Self::InvalidPolicy,
        Self::UnsupportedExpression,
        Self::Forbidden,
        Self::Unreachable,
    ];

    /// The words by which a configuration may allow it: its own, and former ones.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            GapReason::Unreadable => &["unreadable"],
            GapReason::NotText => &["not-text"],
            GapReason::Unparsable => &["unparsable"],
            GapReason::Template => &["template"],
            GapReason::HelmNotFound => &["helm-not-found", "helm-chart"],
            GapReason::HelmFailed => &["helm-failed"],
            GapReason::KustomizeNotFound => &["kustomize-not-found"],
            GapReason::KustomizeFailed => &["kustomize-failed"],
            GapReason::KustomizeRemote => &["kustomize-remote"],
            GapReason::Incomplete => &["incomplete"],
            GapReason::Malformed => &["malformed"],
            GapReason::DuplicateKey => &["duplicate-key"],
            GapReason::ControlPanicked => &["control-panicked"],
            GapReason::InvalidPolicy => &["invalid-policy"],
            GapReason::UnsupportedExpression => &["unsupported-expression"],
            GapReason::Forbidden => &["forbidden"],
            GapReason::Unreachable => &["unreachable"],
        }
    }

    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        self.words().first().copied().unwrap_or_default()
    }
}

/// Something that could not be looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// Why.
    pub reason: GapReason,
    /// What it is and what to do about it. Holds untrusted text, unescaped.
    pub message: String,
    /// The file or folder, as shown.
    pub file: Arc<str>,
    /// Where in the file, if that can be told.
    pub location: Option<Location>,
    /// The controls that could not judge because of it; empty when that is all of them.
    pub controls: Vec<&'static str>,
}
