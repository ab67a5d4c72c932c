//! What can be done about a finding by changing its object: the options, how safe each is, and the edits, which follow
//! from the finding's own path or from the description that the check follows from. Plans nothing and proves nothing:
//! whether edits fit together, and whether they help, is for the room `fix` to find out.

use plimsoll_snapshot::field::Lit;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::{Edit, Value};
use plimsoll_yaml::{Path, Segment};

use crate::describe::{Clause, Must};
use crate::finding::Finding;

/// What can be done about the findings of a control.
#[derive(Copy, Clone, Debug)]
pub enum Fix {
    /// The object is changed. At most one remedy for each extent.
    Edits(&'static [Remedy]),
    /// A change of the object would do it, but what it should be cannot be derived here. Why, as a sentence without full
    /// stop, which the page has too.
    Not(&'static str),
    /// No change of the object does it: something else has to be made, moved or decided. Which, said like the above.
    Elsewhere(&'static str),
}

impl Fix {
    /// The options; none where no change of the object does it.
    pub fn remedies(self) -> &'static [Remedy] {
        match self {
            Fix::Edits(remedies) => remedies,
            Fix::Not(_) | Fix::Elsewhere(_) => &[],
        }
    }

    /// Why no remedy is offered. `None` where one is.
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Fix::Edits(_) => None,
            Fix::Not(reason) | Fix::Elsewhere(reason) => Some(reason),
        }
    }

    /// The remedy of an extent, else the next smaller, else the next greater one; but a strict one only where strict was
    /// asked for. `None` where there is none.
    pub fn remedy(self, extent: Extent) -> Option<&'static Remedy> {
        let remedies = || self.remedies().iter();
        let smaller = remedies().filter(|remedy| remedy.extent <= extent);
        let greater =
            remedies().filter(|remedy| extent < remedy.extent && remedy.extent < Extent::Strict);
        smaller
            .max_by_key(|remedy| remedy.extent)
            .or_else(|| greater.min_by_key(|remedy| remedy.extent))
    }
}

/// How far a remedy goes.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub enum Extent {
    /// The least that ends the finding.
    Minimal,
    /// What suits most programs.
    #[default]
    Recommended,
    /// The most that can be done; only where it was asked for.
    Strict,
}

impl Extent {
    /// All, the smallest first.
    pub const ALL: [Extent; 3] = [Self::Minimal, Self::Recommended, Self::Strict];

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Extent::Minimal => "minimal",
            Extent::Recommended => "recommended",
            Extent::Strict => "strict",
        }
    }
}

/// What a remedy may do to a running program.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Safety {
    /// It cannot break one that works, or only fails closed in an obvious way.
    Safe,
    /// Somebody has to look: what may break, to go on after "needs review".
    Review(&'static str),
}

impl Safety {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Review(_) => "review",
        }
    }
}

/// One way to end a finding.
#[derive(Copy, Clone, Debug)]
pub struct Remedy {
    /// How far it goes.
    pub extent: Extent,
    /// What it may break.
    pub safety: Safety,
    /// The change.
    pub how: How,
    /// The same change for all findings on an object at once, as parts of one CEL expression that gives a JSON patch, with
    /// the names in braces of [`Enforce`](crate::Enforce) and `{template}`, the JSON pointer of what has the pod's metadata.
    /// `None` where it follows from the description, or where CEL cannot say it.
    pub patch: Option<&'static [&'static str]>,
}

/// The edits for one finding, or why this one cannot be had.
pub type EditsFor = for<'t> fn(&'t Object<'t>, &Finding) -> Result<Vec<Edit>, &'static str>;

/// A change of the object, relative to the finding's path.
#[derive(Copy, Clone, Debug)]
pub enum How {
    /// What follows from the description that the finding comes from; see [`Must`] and [`Want`](crate::settings::Want).
    AsDescribed,
    /// Sets the value at the path.
    Set(Lit<'static>),
    /// Takes the value at the path away.
    Remove,
    /// Takes away the list item that the path names or leads through last.
    RemoveItem,
    /// What needs a look at the tree.
    Rule(EditsFor),
    /// Nothing in the object: its namespace needs another one, in a file of its own.
    Add(Companion),
    /// The same, and edits of the object so that it uses what is new.
    AddAnd(Companion, EditsFor),
}

/// An object that a namespace needs beside the others. Its text is made elsewhere.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Companion {
    /// Network policies that deny both directions and open what every pod needs.
    NetworkPolicy,
    /// Defaults and bounds for containers.
    LimitRange,
    /// Bounds for all pods together.
    ResourceQuota,
    /// An account with the name of the object that needs it.
    ServiceAccount,
}

impl Companion {
    /// Its kind.
    pub fn kind(self) -> &'static str {
        match self {
            Companion::NetworkPolicy => "NetworkPolicy",
            Companion::LimitRange => "LimitRange",
            Companion::ResourceQuota => "ResourceQuota",
            Companion::ServiceAccount => "ServiceAccount",
        }
    }
}

impl Remedy {
    /// The recommended remedy, which cannot break anything.
    pub const fn safe(how: How) -> Remedy {
        Remedy {
            extent: Extent::Recommended,
            safety: Safety::Safe,
            how,
            patch: None,
        }
    }

    /// The recommended remedy, which may break something.
    pub const fn review(how: How, breaks: &'static str) -> Remedy {
        Remedy {
            extent: Extent::Recommended,
            safety: Safety::Review(breaks),
            how,
            patch: None,
        }
    }

    /// The remedy with the same change in CEL.
    pub const fn patched(self, parts: &'static [&'static str]) -> Remedy {
        Remedy {
            patch: Some(parts),
            ..self
        }
    }

    /// The remedy with another extent.
    pub const fn to(self, extent: Extent) -> Remedy {
        Remedy { extent, ..self }
    }

    /// The edits that end a finding on an object, with paths from the top of its document.
    ///
    /// # Errors
    /// Why this finding cannot be ended so: a sentence without full stop.
    pub fn edits<'t>(
        &self,
        object: &'t Object<'t>,
        finding: &Finding,
    ) -> Result<Vec<Edit>, &'static str> {
        if let (How::AsDescribed, Some(setting)) = (self.how, finding.setting) {
            return setting.edits(object, finding);
        }
        let path = finding.place.path.clone();
        if path.segments().iter().any(is_inside_text) {
            return match self.how {
                How::Rule(edits) => edits(object, finding),
                _ => Err("it stands inside a text, which has to be changed by hand"),
            };
        }
        match self.how {
            How::AsDescribed => match finding.clause {
                Some(clause) => clause.edit(object, path).map(|edit| vec![edit]),
                None => Err("nothing describes what it should be"),
            },
            How::Set(value) => Ok(vec![Edit::set(path, literal(value))]),
            How::Remove => Ok(vec![Edit::remove(path)]),
            How::RemoveItem => match item(path) {
                Some(path) => Ok(vec![Edit::remove(path)]),
                None => Err("it does not stand in a list"),
            },
            How::Rule(edits) | How::AddAnd(_, edits) => edits(object, finding),
            How::Add(_) => Ok(Vec::new()),
        }
    }
}

impl Clause {
    /// Ends a finding at `path`. A bad value that may as well not be there is taken away, as its owner would.
    fn edit(&self, object: &Object<'_>, path: Path) -> Result<Edit, &'static str> {
        let is_there = path
            .resolve(object.document.tree.root())
            .is_some_and(|node| !node.is_null());
        match self.must {
            Must::Hold(wanted) => Ok(Edit::append(path, literal(wanted))),
            _ if is_there && self.must.allows_unset(self.field.default) => Ok(Edit::remove(path)),
            Must::Be(good) | Must::BeOrAbsent(good) => match good.first() {
                Some(value) => Ok(Edit::set(path, literal(*value))),
                None => Err("nothing is described as fine"),
            },
            Must::NotBe(_) | Must::BeSet | Must::BeOther(_) => {
                Err("what it should be depends on the program: choose a value yourself")
            }
        }
    }
}

/// The path as far as its last list item.
pub fn item(mut path: Path) -> Option<Path> {
    while !matches!(path.segments().last()?, Segment::Index(_)) {
        path.pop();
    }
    Some(path)
}

/// A literal as a value to write.
pub fn literal(lit: Lit<'_>) -> Value {
    match lit {
        Lit::Bool(value) => Value::Bool(value),
        Lit::Int(value) => Value::Int(value),
        Lit::Str(text) => Value::Str(text.to_owned()),
    }
}

fn is_inside_text(segment: &Segment) -> bool {
    matches!(segment, Segment::Embedded | Segment::Flag(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: Remedy = Remedy::safe(How::Remove).to(Extent::Minimal);
    const USUAL: Remedy = Remedy::safe(How::Remove);
    const STRICT: Remedy = Remedy::review(How::RemoveItem, "everything").to(Extent::Strict);

    fn chosen(fix: Fix, extent: Extent) -> Option<Extent> {
        fix.remedy(extent).map(|remedy| remedy.extent)
    }

    #[test]
    fn the_nearest_extent_is_chosen_and_a_smaller_one_first() {
        let both = Fix::Edits(&[MINIMAL, STRICT]);
        assert_eq!(chosen(both, Extent::Recommended), Some(Extent::Minimal));
        assert_eq!(chosen(both, Extent::Strict), Some(Extent::Strict));
        let usual = Fix::Edits(&[USUAL, STRICT]);
        assert_eq!(chosen(usual, Extent::Minimal), Some(Extent::Recommended));
        assert_eq!(chosen(Fix::Not("why"), Extent::Strict), None);
    }

    #[test]
    fn what_is_strict_has_to_be_asked_for() {
        let strict = Fix::Edits(&[STRICT]);
        assert_eq!(chosen(strict, Extent::Minimal), None);
        assert_eq!(chosen(strict, Extent::Recommended), None);
        assert_eq!(chosen(strict, Extent::Strict), Some(Extent::Strict));
    }

    #[test]
    fn the_last_list_item_on_a_path_is_found() {
        let shown = |text: &str| {
            let path: Path = text.parse().expect("a path");
            item(path).map(|path| path.to_string())
        };
        assert_eq!(shown("a[0].b[2].c"), Some("a[0].b[2]".to_owned()));
        assert_eq!(shown("a.b"), None);
    }
}
