//! From a description to CEL. A description becomes a list of faults, each a sentence that names the container: an empty
//! list is what the scan calls passed. The old object gives such a list as well, so that an update is denied only for
//! what it brings.

use plimsoll_control::{Clause, Describe, Guard, Must};
use plimsoll_snapshot::field::{Field, Owner};
use plimsoll_snapshot::version::Minor;

use crate::cel;

/// The faults of a pod. `spec` and `containers` are expressions that lead to the pod's `spec` and to the list of its containers.
pub(crate) fn faults(describe: &Describe, version: Minor, spec: &str, containers: &str) -> String {
    let mut lists = Vec::new();
    for clause in describe.clauses {
        let clause = Derived { clause, version };
        match clause.clause.field.owner {
            Owner::Pod => lists.push(clause.of_pod(spec)),
            Owner::Container => {
                lists.extend(clause.of_twin(spec));
                lists.push(clause.of_containers(spec, containers));
            }
        }
    }
    let faults = lists.join(" +\n");
    match describe.unless {
        [] => faults,
        guards => {
            let guards: Vec<String> = guards.iter().map(|guard| holds(*guard, spec)).collect();
            format!("{} ? [] :\n{faults}", guards.join(" || "))
        }
    }
}

/// When does a rule not apply to a pod?
pub(crate) fn holds(guard: Guard, spec: &str) -> String {
    let is = |keys: &[&str], value: &str| {
        let path = cel::select(spec, keys);
        format!("({} && {path} == {value})", cel::present(spec, keys))
    };
    match guard {
        Guard::Windows => is(&["os", "name"], "\"windows\""),
        Guard::UserNamespace => is(&["hostUsers"], "false"),
        Guard::NoUserNamespace => format!("!{}", is(&["hostUsers"], "false")),
    }
}

/// A clause at a version.
pub(crate) struct Derived {
    pub(crate) clause: &'static Clause,
    pub(crate) version: Minor,
}

impl Derived {
    fn of_pod(&self, spec: &str) -> String {
        let field = self.clause.field;
        format!(
            "({} ? [{}] : [])",
            self.is_bad(spec, field, None),
            self.says(spec, field)
        )
    }

    /// A bad value at the pod is a fault there, whatever the containers say.
    fn of_twin(&self, spec: &str) -> Option<String> {
        let twin = self.clause.field.inherits?;
        let bad = self.has_bad_value(spec, twin.keys)?;
        Some(format!("({bad} ? [{}] : [])", self.says(spec, twin)))
    }

    fn of_containers(&self, spec: &str, containers: &str) -> String {
        let field = self.clause.field;
        let inherited = field.inherits.map(|twin| cel::present(spec, twin.keys));
        format!(
            "{containers}\n  .filter(c, {})\n  .map(c, \"container \" + c.name + \" \" + {})",
            self.is_bad("c", field, inherited),
            self.says("c", field)
        )
    }

    /// Is the field bad below `root`? `inherited` tells whether the pod says something for a container that does not.
    pub(crate) fn is_bad(&self, root: &str, field: &Field, inherited: Option<String>) -> String {
        if self.version < field.since {
            // The API server drops a field that it does not know.
            let fine = self.clause.must.allows_unset(field.default);
            return if fine { "false" } else { "true" }.to_owned();
        }
        if let Must::Hold(wanted) = self.clause.must {
            let held = within(root, field.keys, 0, &|value, _| {
                format!("{value} == {}", cel::literal(wanted))
            });
            return format!("!({held})");
        }
        let unset_is_bad = !self.clause.must.allows_unset(field.default);
        within(root, field.keys, 0, &|item, keys| {
            let present = cel::present(item, keys);
            let value = cel::select(item, keys);
            let bad = bad_value(self.clause.must, &value);
            match (unset_is_bad, &inherited, bad) {
                (false, _, None) => "false".to_owned(),
                (false, _, Some(bad)) => cel::and(&[present, bad]),
                (true, None, None) => format!("!({present})"),
                (true, None, Some(bad)) => format!("(!({present}) || {bad})"),
                (true, Some(inherited), bad) => {
                    let bad = bad.unwrap_or_else(|| "false".to_owned());
                    format!("({present} ? {bad} : !({inherited}))")
                }
            }
        })
    }

    fn has_bad_value(&self, root: &str, keys: &[&'static str]) -> Option<String> {
        bad_value(self.clause.must, "")?;
        Some(within(root, keys, 0, &|item, keys| {
            let bad = bad_value(self.clause.must, &cel::select(item, keys));
            cel::and(&[cel::present(item, keys), bad.unwrap_or_default()])
        }))
    }

    /// The fault in words; values that are there are told.
    fn says(&self, root: &str, field: &Field) -> String {
        let says = self.clause.says;
        let sentence = if says.set.is_empty() {
            says.unset
        } else {
            says.set
        };
        let field_name = field.keys.join(".").replace(".[]", "[]");
        let named = match sentence.contains("{field}") {
            true => String::new(),
            false => format!(" ({field_name})"),
        };
        let sentence = sentence.replace("{field}", &self.clause.field.keys.join("."));
        let Some((before, after)) = sentence.split_once("{value}") else {
            return cel::string(&format!("{sentence}{named}"));
        };
        let unset = if says.unset.is_empty() {
            before.trim_end()
        } else {
            says.unset
        };
        match self.values(root, field.keys) {
            Some((there, values)) => format!(
                "({there} ? {} + {values} + {} : {})",
                cel::string(before),
                cel::string(&format!("{after}{named}")),
                cel::string(&format!("{unset}{named}"))
            ),
            None => cel::string(&format!("{}{named}", before.trim_end())),
        }
    }

    /// Whether the field is there, and its bad values as one text; `None` for what lies below two lists.
    fn values(&self, root: &str, keys: &[&str]) -> Option<(String, String)> {
        let mut parts = keys.splitn(2, |key| *key == Field::EACH);
        let (list, item) = (parts.next()?, parts.next());
        let there = cel::present(root, list);
        let value = cel::select(root, list);
        let Some(item) = item else {
            return Some((there, format!("string({value})")));
        };
        if item.contains(&Field::EACH) {
            return None;
        }
        let inner = cel::select("v", item);
        let bad = bad_value(self.clause.must, &inner)?;
        let bad = cel::and(&[cel::present("v", item), bad]);
        Some((
            there,
            format!("{value}.filter(v, {bad}).map(v, string({inner})).join(\", \")"),
        ))
    }
}

/// An expression over the members that `keys` name below `root`: true when `test` holds for one of them. `test` gets the
/// item of the innermost list and the keys that are left.
fn within(
    root: &str,
    keys: &[&str],
    depth: usize,
    test: &dyn Fn(&str, &[&str]) -> String,
) -> String {
    let mut parts = keys.splitn(2, |key| *key == Field::EACH);
    let (list, item) = (parts.next().unwrap_or_default(), parts.next());
    let Some(item) = item else {
        return test(root, keys);
    };
    let variable = format!("v{depth}");
    let exists = format!(
        "{}.exists({variable}, {})",
        cel::select(root, list),
        within(&variable, item, depth + 1, test)
    );
    cel::and(&[cel::present(root, list), exists])
}

/// Is a value that is there bad? `None` when none can be.
fn bad_value(must: Must, value: &str) -> Option<String> {
    let among = |values: &[_]| match values {
        [one] => format!("{value} == {}", cel::literal(*one)),
        many => format!(
            "{value} in {}",
            cel::list(many.iter().map(|one| cel::literal(*one)))
        ),
    };
    match must {
        Must::Be(good) | Must::BeOrAbsent(good) => match good {
            [] => Some("true".to_owned()),
            [one] => Some(format!("{value} != {}", cel::literal(*one))),
            many => Some(format!("!({})", among(many))),
        },
        Must::NotBe(bad) | Must::BeOther(bad) => Some(among(bad)),
        Must::BeSet | Must::Hold(_) => None,
    }
}
