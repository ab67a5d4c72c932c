//! Which labels of Pod Security admission suit a namespace by what runs there: the strictest level that would refuse nothing of
//! it is enforced, never a weaker one than today's, and everybody is told of what the strictest would refuse. Reads nothing.

use plimsoll_snapshot::pod_security::{Level, PREFIX};
use plimsoll_snapshot::version::Minor;
use plimsoll_yaml::edit::Value;
use plimsoll_yaml::write;

use crate::policy::{map, text};

/// What a level refuses of a namespace.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fault {
    /// The least strict level that refuses it; never privileged.
    pub level: Level,
    /// The object, such as `Deployment shop/api`.
    pub object: String,
    /// The control that found it.
    pub control: &'static str,
}

/// A namespace and what runs there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Namespace {
    /// Its name.
    pub name: String,
    /// How many objects with pods it has.
    pub workloads: usize,
    /// The level that its label enforces today, if it names one.
    pub enforces: Option<Level>,
    /// What Pod Security admission would refuse.
    pub faults: Vec<Fault>,
}

/// The levels for a namespace.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Chosen {
    /// Pods are refused by this one; `None` leaves the label as it is.
    pub enforce: Option<Level>,
    /// People are warned of, and the audit log notes, what this one would refuse.
    pub tell: Level,
}

/// As many objects are named as a reader takes in.
const SHOWN: usize = 3;

impl Namespace {
    /// The levels that refuse nothing that runs. `all_seen`: was everything looked at? Otherwise nothing new is enforced.
    pub fn choose(&self, all_seen: bool) -> Chosen {
        let enforce = match all_seen {
            true => Some(self.fits().max(self.enforces.unwrap_or(Level::Privileged))),
            false => None,
        };
        let tell = Level::Restricted;
        Chosen { enforce, tell }
    }

    /// The strictest level that refuses nothing of it.
    pub fn fits(&self) -> Level {
        match self.faults.iter().map(|fault| fault.level).min() {
            None => Level::Restricted,
            Some(Level::Restricted) => Level::Baseline,
            Some(_) => Level::Privileged,
        }
    }

    /// Does its label refuse already what runs there?
    pub fn is_refused_today(&self) -> bool {
        self.enforces.is_some_and(|level| level > self.fits())
    }

    /// The objects that the level refuses, and no weaker one, with the controls that say why.
    pub fn in_the_way_of(&self, level: Level) -> Vec<String> {
        let mut faults: Vec<&Fault> = self.faults.iter().collect();
        faults.retain(|fault| fault.level == level);
        faults.sort();
        let mut objects: Vec<(&str, Vec<&str>)> = Vec::new();
        for fault in faults {
            let known = objects.iter_mut().find(|(name, _)| *name == fault.object);
            match known {
                Some((_, controls)) if controls.contains(&fault.control) => {}
                Some((_, controls)) => controls.push(fault.control),
                None => objects.push((&fault.object, vec![fault.control])),
            }
        }
        let told = objects.into_iter();
        told.map(|(name, controls)| format!("{name} ({})", controls.join(", ")))
            .collect()
    }

    /// A manifest with nothing but the labels, to be applied by the server beside what others say about the namespace.
    /// `version` is pinned. Comments say what keeps it from the next level.
    pub fn manifest(&self, chosen: Chosen, version: Minor) -> String {
        let pinned = format!("v{version}");
        let mut labels = Vec::new();
        let mut label = |mode: &str, level: Level| {
            labels.push((format!("{PREFIX}{mode}"), text(level.as_str())));
            labels.push((format!("{PREFIX}{mode}-version"), text(&pinned)));
        };
        if let Some(level) = chosen.enforce {
            label("enforce", level);
        }
        label("audit", chosen.tell);
        label("warn", chosen.tell);
        let metadata = map([("name", text(&self.name)), ("labels", Value::Map(labels))]);
        let manifest = map([
            ("apiVersion", text("v1")),
            ("kind", text("Namespace")),
            ("metadata", metadata),
        ]);
        format!("{}{}", self.comment(chosen), write(&manifest))
    }

    fn comment(&self, chosen: Chosen) -> String {
        let seen = match self.workloads {
            0 => "nothing was seen to run here".to_owned(),
            1 => "one object with pods was seen here".to_owned(),
            count => format!("{count} objects with pods were seen here"),
        };
        let mut lines = vec![seen];
        match chosen.enforce {
            None => {
                lines.push("not everything could be looked at, so nothing new is enforced".into())
            }
            Some(_) if self.is_refused_today() => {
                lines.push(
                    "its label refuses already what was seen; a weaker one is not written".into(),
                );
            }
            Some(_) => {}
        }
        for next in [Level::Baseline, Level::Restricted] {
            let in_the_way = self.in_the_way_of(next);
            if !in_the_way.is_empty() {
                let names: Vec<&str> = in_the_way.iter().take(SHOWN).map(String::as_str).collect();
                let more = match in_the_way.len().saturating_sub(SHOWN) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                lines.push(format!(
                    "{} would refuse {}{more}",
                    next.as_str(),
                    names.join(", ")
                ));
            }
        }
        lines
            .iter()
            .map(|line| format!("# {}\n", inert(line)))
            .collect()
    }
}

/// Text of others within a comment: what could end the line or disturb a terminal becomes `?`.
fn inert(line: &str) -> String {
    let fine = |c: char| c.is_ascii_graphic() || c == ' ';
    line.chars()
        .map(|c| if fine(c) { c } else { '?' })
        .collect()
}

/// The strictest level that nothing that runs in any of the namespaces would be refused by.
pub fn common(namespaces: &[Namespace]) -> Level {
    let fits = namespaces.iter().map(Namespace::fits);
    fits.min().unwrap_or(Level::Restricted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn namespace(enforces: Option<Level>, faults: &[(Level, &str)]) -> Namespace {
        let fault = |(level, object): &(Level, &str)| Fault {
            level: *level,
            object: (*object).to_owned(),
            control: "some-control",
        };
        Namespace {
            name: "shop".to_owned(),
            workloads: 2,
            enforces,
            faults: faults.iter().map(fault).collect(),
        }
    }

    #[test]
    fn the_strictest_level_that_refuses_nothing_is_enforced() {
        let chosen = |faults: &[(Level, &str)]| namespace(None, faults).choose(true).enforce;
        assert_eq!(chosen(&[]), Some(Level::Restricted));
        assert_eq!(
            chosen(&[(Level::Restricted, "Pod shop/a")]),
            Some(Level::Baseline)
        );
        let both = [
            (Level::Restricted, "Pod shop/a"),
            (Level::Baseline, "Pod shop/a"),
        ];
        assert_eq!(chosen(&both), Some(Level::Privileged));
    }

    #[test]
    fn a_label_is_never_weakened_and_nothing_is_enforced_unseen() {
        let strict = namespace(Some(Level::Restricted), &[(Level::Baseline, "Pod shop/a")]);
        assert!(strict.is_refused_today());
        assert_eq!(strict.choose(true).enforce, Some(Level::Restricted));
        assert_eq!(strict.choose(false).enforce, None);
    }

    #[test]
    fn comments_say_what_is_in_the_way_and_stay_comments() {
        let hostile = namespace(None, &[(Level::Baseline, "Pod shop/a\nkind: b\u{1b}[0m")]);
        let text = hostile.manifest(hostile.choose(true), Minor(33));
        assert!(
            text.contains("# baseline would refuse Pod shop/a?kind: b?[0m (some-control)\n"),
            "{text}"
        );
        assert!(
            text.contains("pod-security.kubernetes.io/enforce: privileged\n"),
            "{text}"
        );
        assert!(
            text.contains("pod-security.kubernetes.io/warn-version: v1.33\n"),
            "{text}"
        );
        let unseen = hostile.manifest(hostile.choose(false), Minor(33));
        assert!(
            !unseen.contains("kubernetes.io/enforce") && unseen.contains("not everything"),
            "{unseen}"
        );
    }
}
