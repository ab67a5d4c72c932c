//! Who is let off a policy: namespace and name of an object, down to the container, never anything that whoever creates the
//! object could write on it.

use plimsoll_snapshot::date::Date;
use plimsoll_yaml::edit::Value;

use crate::cel;
use crate::policy::text;

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
    /// The last day on which it is meant. The API server knows no date, so that a policy keeps it until it is written anew.
    pub expires: Option<Date>,
}

/// The annotation of a policy that says when its exemptions are over: a line for each that ends some day, the date first.
pub(crate) const UNTIL: &str = "plimsoll.dev/exempt-until";

/// The annotation, if one of them ends.
pub(crate) fn expiry_annotation(exemptions: &[Exemption]) -> Option<(String, Value)> {
    let lines = exemptions.iter().filter_map(|exemption| {
        let expires = exemption.expires?;
        // A name that ended the line would speak for another exemption.
        let whom = exemption.describe().replace(char::is_control, "?");
        Some(format!("{expires} {whom}\n"))
    });
    let lines: String = lines.collect();
    (!lines.is_empty()).then(|| (UNTIL.to_owned(), text(&lines)))
}

/// The lines of the annotation that are over on a day, each with its date.
pub(crate) fn over(annotation: &str, today: Date) -> Vec<(Date, String)> {
    let lines = annotation.lines().filter_map(|line| line.split_once(' '));
    let dated = lines.filter_map(|(date, whom)| Some((date.parse().ok()?, whom.to_owned())));
    dated.filter(|(date, _)| *date < today).collect()
}

impl Exemption {
    /// In a sentence: `container format of DaemonSet storage/driver`.
    fn describe(&self) -> String {
        let object = match self.namespace.as_str() {
            "" => format!("{} {}", self.kind, self.name),
            namespace => format!("{} {namespace}/{}", self.kind, self.name),
        };
        match self.container.as_deref() {
            None => object,
            Some("*") => format!("all containers of {object}"),
            Some(container) => format!("container {container} of {object}"),
        }
    }
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
