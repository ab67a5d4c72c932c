//! Hardened starting points, one generator for each appendix of the guide and what replaced it: typed parameters in,
//! text with comments that teach out. Knows no files, no terminal and no control.
//!
//! Invariant: the same request always gives the same text. Randomness comes from outside.

mod admission;
mod amounts;
mod api_server_audit;
mod audit_policy;
mod audit_webhook;
mod coverage;
mod deployment;
mod dockerfile;
mod encryption;
mod kubelet;
mod limit_range;
mod namespace;
mod network_policy;
pub mod parameter;
mod policy_migration;
mod rbac;
mod request;
mod requirements;
mod resource_quota;
mod scalar;
mod seccomp;

use plimsoll_guide::Recommendation;

pub use coverage::MISSING;
pub use request::{Parameter, Request, RequestError, Text, Tier};
pub use scalar::scalar;

/// One kind of starting point.
#[derive(Debug)]
pub struct Generator {
    /// Its name on the command line; never reused.
    pub id: &'static str,
    /// Other names for it, such as kubectl's short ones.
    pub also: &'static [&'static str],
    /// What it gives, in one line without a full stop.
    pub title: &'static str,
    /// The parameters that mean something to it, beside the version.
    pub takes: &'static [Parameter],
    /// The recommendations that it serves.
    pub serves: &'static [&'static Recommendation],
    /// Can the text hold lines of comments that begin with `#`?
    comments: bool,
    write: fn(&Request) -> Result<String, RequestError>,
}

/// All generators, in the order of the guide's appendices.
pub static GENERATORS: &[&Generator] = &[
    &dockerfile::DOCKERFILE,
    &deployment::DEPLOYMENT,
    &policy_migration::PSP_TO_PSA,
    &admission::PSA_EXEMPTIONS,
    &namespace::NAMESPACE,
    &network_policy::NETWORK_POLICY,
    &limit_range::LIMIT_RANGE,
    &resource_quota::RESOURCE_QUOTA,
    &encryption::ENCRYPTION_CONFIG,
    &encryption::KMS_CONFIG,
    &rbac::ROLE,
    &rbac::ROLE_BINDING,
    &rbac::CLUSTER_ROLE,
    &rbac::CLUSTER_ROLE_BINDING,
    &audit_policy::AUDIT_POLICY,
    &api_server_audit::API_SERVER_AUDIT,
    &api_server_audit::API_SERVER_AUDIT_PATCH,
    &audit_webhook::AUDIT_WEBHOOK,
    &kubelet::KUBELET_CONFIG,
    &seccomp::SECCOMP,
];

/// The generator of a name, in any case and with or without dashes; `None` when there is none.
pub fn find(name: &str) -> Option<&'static Generator> {
    let bare = |name: &str| name.replace(['-', '_'], "").to_ascii_lowercase();
    let wanted = bare(name);
    let mut all = GENERATORS.iter().copied();
    all.find(|generator| {
        let mut names = generator.also.iter().copied().chain([generator.id]);
        names.any(|name| bare(name) == wanted)
    })
}

impl Generator {
    /// The text for a request, ending with a line end.
    ///
    /// # Errors
    /// [`RequestError`] says what is asked for in vain, what is missing or what would be refused.
    pub fn generate(&self, request: &Request) -> Result<String, RequestError> {
        let mut given = request.given();
        if let Some(parameter) = given.find(|parameter| !self.takes.contains(parameter)) {
            return Err(RequestError::NotTaken {
                generator: self.id,
                parameter,
                takes: self.takes,
            });
        }
        let text = (self.write)(request)?;
        Ok(if self.comments {
            self.heading(request) + &text
        } else {
            text
        })
    }

    /// What this is, how to make it again, and where its reasons stand.
    fn heading(&self, request: &Request) -> String {
        let Request { version, .. } = request;
        let option = if self.takes.contains(&Parameter::Option) {
            format!(" --option {}", request.tier().as_str())
        } else {
            String::new()
        };
        let serves: Vec<_> = self.serves.iter().map(|served| served.id).collect();
        format!(
            "# {}.\n# Made by: plimsoll generate {}{option} --kubernetes-version {version}\n# Serves {}; see: plimsoll explain {}\n#\n",
            self.title,
            self.id,
            serves.join(", "),
            serves.first().copied().unwrap_or_default(),
        )
    }
}
