//! How a rule that is a Rust function is said in the API server's own language. Check and expression stand in one file, and a
//! real API server holds them to each other. Descriptions need none of this: their CEL follows from them. What becomes of
//! an expression is not known here.

/// What the API server can do about a rule that is a function.
#[derive(Copy, Clone, Debug)]
pub enum Enforce {
    /// Parts of one CEL expression that gives the faults as a list of texts, empty where the check finds nothing. The texts are
    /// what an old object is compared by, so they tell one fault from another.
    ///
    /// Names in braces stand for what the rule looks at. In rules of pods and containers: `{spec}` of the pod, `{containers}`
    /// of every kind, without those that are exempt, and `{annotations}` of the pod. In rules of objects: `{object}`,
    /// `{annotations}` and `{labels}`. Everywhere `{words}`, the rule's literals as a list; `{minor}`, the number of the Kubernetes
    /// version; `{trusted}`, the trusted registries, which a policy takes from its parameters; `{has v}`, whether `v` has one of the fields that the words name; and with dots, as in
    /// `{spec.volumes}` or `{c.env}`, a list that is empty where it is missing.
    Cel(&'static [&'static str]),
    /// The same for an expression that follows from a table beside the check.
    Made(fn() -> String),
    /// Why the API server cannot be asked; goes on after "it cannot be a policy: ".
    Not(&'static str),
}

impl Enforce {
    /// For files from which Kubernetes' own programs take their configuration.
    pub const NO_OBJECT: Enforce =
        Enforce::Not("what it judges is a file, which no API server is sent");
    /// For admission policies and their bindings, which the API server shows to no policy.
    pub const ADMISSION: Enforce =
        Enforce::Not("the API server shows admission policies to no admission policy");
    /// For credentials.
    pub const CREDENTIAL: Enforce =
        Enforce::Not("what looks like a credential takes more than CEL can tell");
    /// For API versions.
    pub const API_VERSION: Enforce = Enforce::Not(
        "the API server itself warns of versions that are going, and takes none that are gone",
    );
}
