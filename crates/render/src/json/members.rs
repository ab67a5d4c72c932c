//! An object of JSON written member by member, so that a long list is never held at once and several threads lay its items out.

use std::io::{self, Write};

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;
use serde::Serialize;
use serde_json::Serializer;

use super::harmless::Harmless;
use super::indented::Indented;

/// So many items of a list are laid out by a thread at a time: enough to be worth handing over, few enough to be held.
const SHARE: usize = 64;

/// An object at the top of a text, indented by two spaces, whose members are written one after the other.
pub(super) struct Members<W> {
    out: W,
    empty: bool,
}

impl<W: Write> Members<W> {
    /// Begins the object.
    pub(super) fn begin(mut out: W) -> io::Result<Members<W>> {
        out.write_all(b"{")?;
        Ok(Members { out, empty: true })
    }

    /// A member with this value.
    pub(super) fn value(&mut self, name: &str, value: &impl Serialize) -> io::Result<()> {
        self.name(name)?;
        lay_out(value, 1, &mut self.out)
    }

    /// A member with a list, each item of which is what `view` makes of one of `items`.
    pub(super) fn list<'i, T: Sync, V: Serialize>(
        &mut self,
        name: &str,
        items: &'i [T],
        view: impl Fn(&'i T) -> V + Sync,
    ) -> io::Result<()> {
        self.name(name)?;
        let lay_out_share = |items: &'i [T]| {
            let mut text = Vec::new();
            for item in items {
                text.extend_from_slice(b",\n    ");
                lay_out(&view(item), 2, &mut text)?;
            }
            Ok(text)
        };
        self.out.write_all(b"[")?;
        let mut comma = 1;
        for block in items.chunks(SHARE * rayon::current_num_threads()) {
            let shares: Vec<io::Result<Vec<u8>>> =
                block.par_chunks(SHARE).map(lay_out_share).collect();
            for share in shares {
                let share = share?;
                self.out.write_all(share.get(comma..).unwrap_or_default())?;
                comma = 0;
            }
        }
        self.out.write_all(match items {
            [] => b"]".as_slice(),
            _ => b"\n  ]",
        })
    }

    /// Ends the object and its line.
    pub(super) fn end(mut self) -> io::Result<()> {
        self.out.write_all(b"\n}\n")?;
        self.out.flush()
    }

    /// The beginning of a member. Names are ours, and plain.
    fn name(&mut self, name: &str) -> io::Result<()> {
        let comma = if self.empty { "" } else { "," };
        self.empty = false;
        write!(self.out, "{comma}\n  \"{name}\": ")
    }
}

/// Writes a value whose first line stands so many levels deep.
pub(super) fn lay_out(value: &impl Serialize, depth: usize, out: impl Write) -> io::Result<()> {
    let layout = Harmless(Indented::at(depth));
    value.serialize(&mut Serializer::with_formatter(out, layout))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_written_as_one_value_would_be() {
        let long: Vec<usize> = (0..3 * SHARE + 1).collect();
        let view = |number: &usize| json!({"number": number, "list": [{}, [number]]});
        let mut out = Vec::new();
        let mut members = Members::begin(&mut out).unwrap();
        members.value("a", &json!({"b": [1]})).unwrap();
        members.list("long", &long, view).unwrap();
        members.list("short", &long[..1], view).unwrap();
        members.list("empty", &[], view).unwrap();
        members.end().unwrap();
        let whole = json!({
            "a": {"b": [1]},
            "long": long.iter().map(view).collect::<Vec<_>>(),
            "short": [view(&0)],
            "empty": [],
        });
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            whole
        );
        let numbers = text
            .lines()
            .filter(|line| line.starts_with("      \"number\": "));
        assert_eq!(numbers.count(), long.len() + 1);
        assert!(
            text.contains("\n  ],\n  \"short\": [\n    {\n      \"") && text.ends_with("[]\n}\n")
        );
    }
}
