//! Who is let off a policy: namespace and name of an object, down to the container, never anything that whoever creates the
//! object could write on it.

use crate::cel;

/// One subject that a policy lets pass.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exemption {
    /// The namespace; an object of another one is not meant, whatever its name. Empty for objects outside of namespaces.
    pub namespace: String,
    /// The kind; what a controller makes from it is meant as well.
    pub kind: String,
    /// The name.
    pub name: String,
    /// The container, `*` for each of them; `None` for the pod with all of them.
    pub container: Option<String>,
}

/// Kinds that controllers name after the object for which they make them.
const MADE_FROM_OTHERS: &str = "[\"Pod\", \"ReplicaSet\", \"Job\"]";

/// The names of the containers of the request's object that are exempt; `*` stands for all of them, an empty text for the
/// pod as well.
pub(crate) fn exempt_containers(exemptions: &[Exemption]) -> String {
    let entries = exemptions.iter().map(|exemption| {
        format!(
            "{{\"namespace\": {}, \"kind\": {}, \"name\": {}, \"container\": {}}}",
            cel::string(&exemption.namespace),
            cel::string(&exemption.kind),
            cel::string(&exemption.name),
            cel::string(exemption.container.as_deref().unwrap_or_default()),
        )
    });
    format!(
        "{}.filter(e, e.namespace == (has(object.metadata.namespace) ? object.metadata.namespace : \"\") && \
         (e.kind == object.kind && e.name == object.metadata.name || \
         object.kind in {MADE_FROM_OTHERS} && object.metadata.name.startsWith(e.name + \"-\")))\
         .map(e, e.container)",
        cel::list(entries)
    )
}
