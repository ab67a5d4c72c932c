//! From a description to the change that ends its faults: the field of every container that has a bad value, or none where one is
//! needed, is made the first good one. What the API server would refuse beside it is left alone.

use plimsoll_control::{Describe, Must};
use plimsoll_snapshot::field::{ALLOW_PRIVILEGE_ESCALATION, Field, Kinds, Owner};
use plimsoll_snapshot::version::Minor;

use crate::cel;
use crate::derive::{Derived, holds};
use crate::pods::Shape;

/// A field of containers that is made what a description says.
pub(crate) struct Sets {
    /// When the description does not apply to the pod.
    unless: String,
    /// Is it bad in the container `c`, and can it be made good?
    bad: String,
    keys: &'static [&'static str],
    value: String,
}

/// The change that follows from a description of one field of containers; `None` where none does. `spec` is an expression.
pub(crate) fn sets(describe: &Describe, version: Minor, spec: &str) -> Option<Sets> {
    let [clause] = describe.clauses else {
        return None;
    };
    let field = clause.field;
    let everywhere = field.owner == Owner::Container && field.kinds == Kinds::ALL;
    let plain = everywhere && !field.keys.contains(&Field::EACH) && field.inherits.is_none();
    let (Must::Be([good, ..]), true) = (clause.must, plain && version >= field.since) else {
        return None;
    };
    let mut bad = vec![Derived { clause, version }.is_bad("c", field, None)];
    let refused = REFUSED_TOGETHER.iter().filter(|(other, _)| *other == field);
    bad.extend(refused.map(|(_, condition)| format!("!({condition})")));
    let guards = describe.unless.iter().map(|guard| holds(*guard, spec));
    let guards: Vec<String> = guards.collect();
    Some(Sets {
        unless: guards.join(" || "),
        bad: bad.join(" && "),
        keys: field.keys,
        value: cel::literal(*good),
    })
}

/// What the API server refuses beside the good value of a field, said of the container `c`.
const REFUSED_TOGETHER: &[(&Field, &str)] = &[(
    &ALLOW_PRIVILEGE_ESCALATION,
    "has(c.securityContext) && (has(c.securityContext.privileged) && c.securityContext.privileged || \
     has(c.securityContext.capabilities) && has(c.securityContext.capabilities.add) && \
     \"CAP_SYS_ADMIN\" in c.securityContext.capabilities.add)",
)];

impl Sets {
    /// An apply configuration for objects of the shape, and an empty one for all others.
    pub(crate) fn apply(&self, shape: &Shape, exempt: bool) -> String {
        let root = format!("Object.{}", shape.keys.join("."));
        let mut lists = vec![("containers", "true"), ("initContainers", "true")];
        if shape.is_pod {
            const CREATED: &str = "request.operation == \"CREATE\"";
            lists = vec![
                ("containers", CREATED),
                ("initContainers", CREATED),
                // Those that are there already cannot be changed.
                (
                    "ephemeralContainers",
                    "(oldObject == null || !has(oldObject.spec.ephemeralContainers) || \
                     !oldObject.spec.ephemeralContainers.exists(old, old.name == c.name))",
                ),
            ];
        }
        let lists = lists.into_iter().map(|(list, when)| {
            let item = format!("{root}.{list}");
            let mut test = cel::and(&[when.to_owned(), self.bad.clone()]);
            if exempt {
                test = format!("!(c.name in variables.exempt) && {test}");
            }
            let sets = object(&item, self.keys, &self.value);
            let sets = sets.replacen('{', "{name: c.name, ", 1);
            format!("{list}: (has(variables.spec.{list}) ? variables.spec.{list} : [])\n  .filter(c, {test})\n  .map(c, {sets})")
        });
        let spec = format!("{root}{{\n{}\n}}", lists.collect::<Vec<_>>().join(",\n"));
        let mut when = vec![shape.is.to_owned()];
        when.extend((!self.unless.is_empty()).then(|| format!("!({})", self.unless)));
        when.extend(
            exempt.then(|| "!(\"\" in variables.exempt || \"*\" in variables.exempt)".to_owned()),
        );
        let whole = object("Object", shape.keys, &spec);
        format!("{} ?\n{whole} :\nObject{{}}", when.join(" && "))
    }
}

/// `value` at `keys` below an object of the type `root`, with the types on the way.
fn object(root: &str, keys: &[&str], value: &str) -> String {
    match keys {
        [] => value.to_owned(),
        [last] => format!("{root}{{{last}: {value}}}"),
        [first, rest @ ..] => {
            let inner = object(&format!("{root}.{first}"), rest, value);
            format!("{root}{{{first}: {inner}}}")
        }
    }
}
