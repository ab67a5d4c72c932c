//! Tells environments apart that nothing else tells apart: when folders of one unit define the same object, each of them is
//! a unit of its own, because nobody applies both together.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use plimsoll_snapshot::object::Object;

use crate::part::Part;

/// What identifies an object within an environment, hashed: 8 bytes an object are all that is kept. `None` for kinds that
/// folders of one environment may well repeat.
pub(crate) fn identity(object: &Object<'_>) -> Option<u64> {
    if object.kind == "Namespace" {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    (
        object.group(),
        object.kind,
        object.namespace(),
        object.name()?,
    )
        .hash(&mut hasher);
    Some(hasher.finish())
}

/// The unit of each file, where it differs from the one that the file was found with.
#[derive(Default, Debug)]
pub(crate) struct Units {
    by_file: HashMap<Arc<str>, Arc<str>>,
}

impl Units {
    /// Finds the environments among parts.
    pub(crate) fn of(parts: &[Box<Part>]) -> Units {
        let mut defined: Vec<(u64, &Part)> = parts
            .iter()
            .flat_map(|part| part.identities.iter().map(|identity| (*identity, &**part)))
            .collect();
        defined.sort_unstable_by_key(|(identity, part)| (*identity, &part.unit));
        let same = |one: &(u64, &Part), other: &(u64, &Part)| {
            (one.0, &one.1.unit) == (other.0, &other.1.unit)
        };
        let mut roots: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for copies in defined.chunk_by(same).filter(|copies| copies.len() > 1) {
            let folders = copies.iter().map(|(_, part)| folder(&part.file)).collect();
            let found = environments(&folders);
            if let Some((_, part)) = copies.first().filter(|_| folders.len() > 1) {
                roots.entry(&part.unit).or_default().extend(found);
            }
        }
        let found = parts.iter().filter_map(|part| {
            let root = deepest(roots.get(&*part.unit)?, folder(&part.file))?;
            Some((part.file.clone(), Arc::from(root)))
        });
        Units {
            by_file: found.collect(),
        }
    }

    /// The unit of a file, if it is another than the one it was found with.
    pub(crate) fn get(&self, file: &str) -> Option<&Arc<str>> {
        self.by_file.get(file)
    }

    /// Writes the units into all that the parts hold.
    pub(crate) fn apply(&self, parts: &mut [Box<Part>]) {
        for part in parts {
            if let Some(unit) = self.by_file.get(&part.file) {
                part.move_to(unit);
            }
        }
    }
}

fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Folders that define the same object: each, cut just below what they have in common. A folder that holds another
/// one stays whole.
fn environments<'f>(folders: &BTreeSet<&'f str>) -> Vec<&'f str> {
    let common = common_ancestor(folders);
    let below = |folder: &'f str| {
        let start = if common.is_empty() {
            0
        } else {
            common.len() + 1
        };
        let rest = folder.get(start..).filter(|rest| !rest.is_empty())?;
        let end = start + rest.find('/').unwrap_or(rest.len());
        folder.get(..end)
    };
    folders.iter().filter_map(|folder| below(folder)).collect()
}

fn common_ancestor<'f>(folders: &BTreeSet<&'f str>) -> &'f str {
    let mut common = folders.first().copied().unwrap_or_default();
    for folder in folders {
        while !common.is_empty() && !is_in(folder, common) {
            common = self::folder(common);
        }
    }
    common
}

/// The innermost of the roots that hold a folder. Cost: the depth of the folder, however many roots there are.
fn deepest<'f>(roots: &BTreeSet<&str>, folder: &'f str) -> Option<&'f str> {
    let above = |folder: &&'f str| Some(self::folder(folder)).filter(|above| !above.is_empty());
    let mut folders = std::iter::successors(Some(folder), above);
    folders.find(|folder| roots.contains(folder))
}

fn is_in(folder: &str, root: &str) -> bool {
    folder
        .strip_prefix(root)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(file: &str, identities: &[u64]) -> Box<Part> {
        Box::new(Part {
            file: Arc::from(file),
            unit: Arc::from("deploy"),
            identities: identities.into(),
            ..Part::default()
        })
    }

    #[test]
    fn folders_that_define_the_same_object_are_environments() {
        let parts = [
            part("deploy/dev/api.yaml", &[1]),
            part("deploy/dev/rbac/account.yaml", &[2]),
            part("deploy/prod/api.yaml", &[1]),
            part("deploy/shared.yaml", &[3]),
        ];
        let units = Units::of(&parts);
        assert_eq!(
            units.get("deploy/dev/api.yaml").map(|unit| &**unit),
            Some("deploy/dev")
        );
        assert_eq!(
            units
                .get("deploy/dev/rbac/account.yaml")
                .map(|unit| &**unit),
            Some("deploy/dev")
        );
        assert_eq!(
            units.get("deploy/prod/api.yaml").map(|unit| &**unit),
            Some("deploy/prod")
        );
        assert_eq!(units.get("deploy/shared.yaml"), None);
    }

    #[test]
    fn folders_that_share_nothing_are_one_unit() {
        let parts = [
            part("deploy/rbac/account.yaml", &[1]),
            part("deploy/apps/api.yaml", &[2]),
        ];
        assert_eq!(Units::of(&parts).get("deploy/apps/api.yaml"), None);
    }

    #[test]
    fn a_copy_within_one_folder_splits_nothing() {
        let parts = [part("deploy/a.yaml", &[1]), part("deploy/b.yaml", &[1])];
        assert_eq!(Units::of(&parts).get("deploy/a.yaml"), None);
    }

    #[test]
    fn a_folder_below_another_is_told_apart() {
        let parts = [
            part("deploy/api.yaml", &[1]),
            part("deploy/staging/api.yaml", &[1]),
        ];
        let units = Units::of(&parts);
        assert_eq!(units.get("deploy/api.yaml"), None);
        assert_eq!(
            units.get("deploy/staging/api.yaml").map(|unit| &**unit),
            Some("deploy/staging")
        );
    }
}
