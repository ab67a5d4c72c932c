//! What ends a finding about a setting: edits of a flag in a container's command line, of kubeadm's extra argument or of
//! the twin in a configuration file, as they follow from what is wanted. Never invents a value: where the setting names a
//! file, an address or a number, it is for the owner to choose.

use plimsoll_snapshot::component::{Component, Given};
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::{Edit, Value};
use plimsoll_yaml::{Kind, Node, Path, Segment};

use super::{Setting, Want};
use crate::finding::Finding;
use crate::remedy::item;

/// What takes the place of a bad value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Instead {
    /// Nothing: what the program takes by itself is fine.
    Unset,
    /// This, as a flag has it.
    Is(String),
}

impl Want {
    /// What takes the place of `value`, which is empty where nothing is said.
    ///
    /// # Errors
    /// Why this cannot be derived: a sentence without full stop.
    pub(super) fn instead(self, value: &str, default: &str) -> Result<Instead, &'static str> {
        let default_is_fine = self.allows_unset(default);
        let items = || value.split(',').map(str::trim).filter(|it| !it.is_empty());
        match self {
            Want::Be(good) => match good.first() {
                Some(good) => Ok(Instead::Is((*good).to_owned())),
                None => Err("nothing is described as fine"),
            },
            Want::HoldAll(wanted) => {
                let mut all: Vec<&str> = items().collect();
                let missing = wanted
                    .iter()
                    .filter(|wanted| !items().any(|it| it == **wanted));
                all.extend(missing);
                Ok(Instead::Is(all.join(",")))
            }
            Want::HoldNone(bad) => {
                let left: Vec<&str> = items().filter(|it| !bad.contains(it)).collect();
                match left.as_slice() {
                    [] if default_is_fine => Ok(Instead::Unset),
                    [] => Err(
                        "nothing would be left of the list, and what takes its place has to be chosen",
                    ),
                    left => Ok(Instead::Is(left.join(","))),
                }
            }
            Want::BeSet => Err("what it names has to be made or chosen first"),
            // An address that somebody else listens on or talks to: only a default of the program's own is a safe guess.
            Want::Begin(_) if default.is_empty() => {
                Err("the address has to be served in another way first")
            }
            _ if default_is_fine => Ok(Instead::Unset),
            _ => Err("what it should be depends on the cluster: choose a value yourself"),
        }
    }
}

impl Setting {
    /// The edits that end a finding of this setting.
    ///
    /// # Errors
    /// Why there are none: a sentence without full stop.
    pub(crate) fn edits<'t>(
        &self,
        object: &'t Object<'t>,
        finding: &Finding,
    ) -> Result<Vec<Edit>, &'static str> {
        let mut place = finding.place.path.clone();
        if matches!(place.segments().last(), Some(Segment::Flag(_))) {
            place.pop();
        }
        if place.segments().contains(&Segment::Embedded) {
            return Err("it stands inside a text, which has to be changed by hand");
        }
        if let Some(pod) = object.pod() {
            let mut containers = pod.containers();
            let container = containers.find(|it| place.starts_with(&it.node.path()));
            let component = container.as_ref().and_then(Component::of_container);
            let (Some(container), Some(component)) = (container, component) else {
                return Err("the program's command line is not there any more");
            };
            let args = container.node.get("args").filter(|args| !args.is_empty());
            let list = args.unwrap_or(component.node);
            return self.flag_edits(&component, |flag, value| {
                let argument = format!("--{flag}={value}");
                Edit::append(list.path(), argument)
            });
        }
        match Component::of_kubeadm(object, self.program) {
            Some(component) => {
                let pairs = uses_pairs(object, &component);
                self.flag_edits(&component, |flag, value| {
                    extra_argument(&component, pairs, flag, value)
                })
            }
            None => self.twin_edits(object, place),
        }
    }

    fn flag_edits<'t>(
        &self,
        component: &Component<'t>,
        added: impl Fn(&str, &str) -> Edit,
    ) -> Result<Vec<Edit>, &'static str> {
        let given = component.given(self.flag, self.want.is_switch());
        let Some(last) = given.last() else {
            return match self.want.instead(self.default, self.default)? {
                Instead::Is(value) => Ok(vec![added(self.flag, &value)]),
                Instead::Unset => Ok(Vec::new()),
            };
        };
        if given.len() > 1 && self.want.is_list() {
            return Err("the flag is given several times: say it once");
        }
        match self.want.instead(last.value, self.default)? {
            Instead::Is(value) => with(last, &value, self.want.is_switch()),
            Instead::Unset => {
                let edits: Result<Vec<Vec<Edit>>, _> = given
                    .iter()
                    .map(|it| without(it, self.want.is_switch()))
                    .collect();
                Ok(edits?.concat())
            }
        }
    }

    fn twin_edits(&self, object: &Object<'_>, place: Path) -> Result<Vec<Edit>, &'static str> {
        let node = place.resolve(object.document.tree.root());
        let value = match node.filter(|node| !node.is_null()) {
            Some(node) => self.read(node)?,
            None => self.default.to_owned(),
        };
        Ok(vec![match self.want.instead(&value, self.default)? {
            Instead::Unset => Edit::remove(place),
            Instead::Is(text) => Edit::set(place, self.value(&text)),
        }])
    }

    /// A value as a configuration file has it.
    fn value(&self, text: &str) -> Value {
        match text.parse() {
            Ok(number) if self.want.is_number() => Value::Int(number),
            _ if self.want.is_switch() => Value::Bool(text == "true"),
            _ if self.want.is_list() => Value::List(text.split(',').map(Value::from).collect()),
            _ => Value::from(text),
        }
    }

    /// Is a finding on this value one that can be ended? Why not.
    pub(super) fn obstacle(&self, value: &str) -> Option<&'static str> {
        self.want.instead(value, self.default).err()
    }
}

/// The argument with another value.
fn with(given: &Given<'_>, value: &str, switch: bool) -> Result<Vec<Edit>, &'static str> {
    let text = given.node.as_str().unwrap_or_default();
    let path = given.node.path();
    let name = match text.split_once('=') {
        _ if !given.inside => return Ok(vec![Edit::set(path, value)]),
        Some((name, _)) => name,
        None if switch => text,
        None => return Ok(vec![Edit::set(behind(given)?, value)]),
    };
    Ok(vec![Edit::set(path, format!("{name}={value}"))])
}

/// The command line without the argument.
fn without(given: &Given<'_>, switch: bool) -> Result<Vec<Edit>, &'static str> {
    let path = given.node.path();
    if !given.inside {
        let path = match path.segments().last() {
            Some(Segment::Key(key)) if &**key == "value" => item(path.clone()).unwrap_or(path),
            _ => path,
        };
        return Ok(vec![Edit::remove(path)]);
    }
    let has_value = given.node.as_str().is_some_and(|text| text.contains('='));
    let mut edits = vec![Edit::remove(path)];
    if !has_value && !switch {
        edits.push(Edit::remove(behind(given)?));
    }
    Ok(edits)
}

/// The argument behind a flag, which holds its value.
fn behind(given: &Given<'_>) -> Result<Path, &'static str> {
    let mut path = given.node.path();
    let next = match path.pop() {
        Some(Segment::Index(index)) => index + 1,
        _ => return Err("it does not stand in a list"),
    };
    let list = given.node.parent();
    let value = list
        .and_then(|list| list.at(next as usize))
        .and_then(Node::as_str);
    if value != Some(given.value) {
        return Err("the value of the flag stands in another list");
    }
    path.push(Segment::Index(next));
    Ok(path)
}

/// Are kubeadm's extra arguments a list of names and values? They are since v1beta4.
fn uses_pairs(object: &Object<'_>, component: &Component<'_>) -> bool {
    let is_there = component.missing.is_empty() && !component.node.is_null();
    match is_there {
        true => component.node.kind() == Kind::Sequence,
        false => !matches!(
            object.api_version.rsplit('/').next(),
            Some("v1beta1" | "v1beta2" | "v1beta3")
        ),
    }
}

fn extra_argument(component: &Component<'_>, pairs: bool, flag: &str, value: &str) -> Edit {
    let mut path = component.node.path();
    for key in component.missing {
        path.push(Segment::Key((*key).into()));
    }
    if pairs {
        let member = |key: &str, value: &str| (key.to_owned(), Value::from(value));
        let pair = vec![member("name", flag), member("value", value)];
        return Edit::append(path, Value::Map(pair));
    }
    path.push(Segment::Key(flag.into()));
    Edit::set(path, value)
}
