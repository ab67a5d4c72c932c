//! How one line of a template or a patch should read: a line that was rendered as it stands is edited by itself, as a text of one entry.
//! This is said and never applied, since nobody knows here what else is rendered from the line.

use plimsoll_yaml::edit::{Change, Edit, apply};
use plimsoll_yaml::{Kind, Node, Path, Segment, parse, split};

/// What should become of a written line so that what was rendered from it is as `wish` has it. `None` where a program fills the line in,
/// or where it does not tell what stands around it. `at` names the line.
pub(super) fn change(wish: &Edit, at: &str, line: &str) -> Option<String> {
    let line = line.trim();
    let entry = line.strip_prefix("- ").unwrap_or(line);
    if entry.contains("{{") {
        return None;
    }
    let tree = parse(entry, split(entry).first()?).ok()?;
    let place = Place::of(tree.root(), wish.path.segments(), entry.len() < line.len())?;
    let removes = matches!(wish.change, Change::Remove | Change::Withdraw);
    match place {
        Place::Here { below: false } if removes => Some(format!("{at}, `{line}`, should go")),
        Place::Here { below: true } if removes => Some(format!(
            "{at}, `{line}`, should go with what stands below it"
        )),
        Place::Here { below: false } => read(entry, &[], tree.root(), wish, at),
        Place::Inside(rest) => read(entry, rest, tree.root(), wish, at),
        Place::Below(rest) if !removes => {
            let lacks = entries(rest, wish)?;
            Some(format!("what begins at {at}, `{line}`, lacks `{lacks}`"))
        }
        Place::Here { .. } | Place::Below(_) => None,
    }
}

/// Where a path leads, seen from a line.
enum Place<'p> {
    /// To the entry or item on the line; does more of it stand on the lines below?
    Here { below: bool },
    /// Into the flow collection on the line, by these steps.
    Inside(&'p [Segment]),
    /// By these keys to something that would stand on a line below.
    Below(&'p [Segment]),
}

impl<'p> Place<'p> {
    fn of(root: Node<'_>, path: &'p [Segment], is_item: bool) -> Option<Place<'p>> {
        let is_index = |step: &Segment| matches!(step, Segment::Index(_));
        let behind = |at: usize| path.get(at + 1..);
        if root.kind() == Kind::Scalar {
            let leads_here = is_item && path.last().is_some_and(is_index);
            return leads_here.then_some(Place::Here { below: false });
        }
        let (key, value) = root.entries().next()?;
        let key = key.text()?;
        let is_key = |step: &Segment| matches!(step, Segment::Key(name) if **name == *key);
        let below = match path.iter().rposition(is_key).and_then(behind) {
            Some([]) => {
                let below = value.is_null();
                return Some(Place::Here { below });
            }
            Some(rest) if value.kind() != Kind::Scalar => return Some(Place::Inside(rest)),
            Some(rest) if value.is_null() => rest,
            None if is_item => path.iter().rposition(is_index).and_then(behind)?,
            _ => return None,
        };
        let plain = !below.is_empty() && !below.iter().any(is_index);
        plain.then_some(Place::Below(below))
    }
}

/// How the entry on the line should read.
fn read(entry: &str, rest: &[Segment], root: Node<'_>, wish: &Edit, at: &str) -> Option<String> {
    let key = root.entries().next()?.0.text()?;
    let mut path = Path::root();
    path.push(Segment::Key(key.into()));
    rest.iter().for_each(|step| path.push(step.clone()));
    let change = wish.change.clone();
    let edited = apply(entry, 1, &[Edit { path, change }]).ok()?;
    Some(match edited.trim() {
        "{}" => format!("{at}, `{entry}`, should go"),
        edited => format!("{at}, `{entry}`, should read `{edited}`"),
    })
}

/// The entries that are missing, as they may stand on one line.
fn entries(keys: &[Segment], wish: &Edit) -> Option<String> {
    let mut path = Path::root();
    keys.iter().for_each(|key| path.push(key.clone()));
    let change = wish.change.clone();
    let made = apply("{}\n", 1, &[Edit { path, change }]).ok()?;
    let made = made.trim().strip_prefix('{')?.strip_suffix('}')?;
    Some(made.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(path: &str, change: Change, line: &str) -> Option<String> {
        let path = path.parse().expect("a path");
        super::change(&Edit { path, change }, "a:1", line)
    }

    #[test]
    fn a_line_that_is_there_reads_differently_or_goes() {
        let read = |path, change, line, wanted: &str| {
            let says = says(path, change, line).unwrap_or_default();
            assert!(says.ends_with(wanted), "{line}: {says}");
        };
        let not = || Change::Set(false.into());
        read(
            "spec.hostPID",
            not(),
            "    hostPID: true # why",
            "should read `hostPID: false # why`",
        );
        read(
            "spec.hostPID",
            Change::Remove,
            "  hostPID: true",
            "`hostPID: true`, should go",
        );
        read(
            "spec.volumes[1].hostPath",
            Change::Remove,
            "- hostPath:",
            "should go with what stands below it",
        );
        read(
            "a.add[1]",
            Change::Remove,
            "- NET_RAW",
            "`- NET_RAW`, should go",
        );
        read(
            "a.add[1]",
            Change::Remove,
            "add: [CHOWN, NET_RAW]",
            "should read `add: [CHOWN]`",
        );
        read(
            "a.add[0]",
            Change::Remove,
            "add: [CHOWN]",
            "`add: [CHOWN]`, should go",
        );
        read(
            "c[0].s.privileged",
            not(),
            "s: {privileged: true}",
            "should read `s: {privileged: false}`",
        );
    }

    #[test]
    fn what_is_missing_stands_below() {
        let path = "spec.containers[0].securityContext.capabilities.drop";
        let says = |line| says(path, Change::Append("ALL".into()), line);
        let lacks =
            |what: &str, line: &str| Some(format!("what begins at a:1, `{line}`, lacks `{what}`"));
        let line = "- name: web";
        assert_eq!(
            says(line),
            lacks("securityContext: {capabilities: {drop: [ALL]}}", line)
        );
        let line = "securityContext:";
        assert_eq!(says(line), lacks("capabilities: {drop: [ALL]}", line));
        assert_eq!(says("name: web"), None, "it does not say what holds it");
    }

    #[test]
    fn what_a_program_fills_in_is_left() {
        assert_eq!(
            says(
                "spec.hostPID",
                Change::Remove,
                "hostPID: {{ .Values.host }}"
            ),
            None
        );
        assert_eq!(says("spec.hostPID", Change::Remove, "}} not: [yaml"), None);
    }
}
