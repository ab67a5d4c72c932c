//! The layout of indented JSON: two spaces a level, byte for byte as serde_json's own. Each line begins with one write: with one
//! for each level, that is what most of the time of writing a report goes into.

use std::io::{self, Write};

use serde_json::ser::Formatter;

/// Lays JSON out over lines.
pub(super) struct Indented {
    /// A comma, the end of a line, and the indentation of the deepest line so far.
    line: Vec<u8>,
    depth: usize,
    /// Has what was opened last nothing in it?
    empty: bool,
}

impl Indented {
    /// For a value whose first line stands so many levels deep.
    pub(super) fn at(depth: usize) -> Indented {
        Indented {
            line: [b",\n", "  ".repeat(depth).as_bytes()].concat(),
            depth,
            empty: true,
        }
    }

    fn open<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.empty = true;
        let length = self.line.len().max(2 + 2 * self.depth);
        self.line.resize(length, b' ');
        out.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if !self.empty {
            self.begin_line(out, true)?;
        }
        out.write_all(bracket)
    }

    fn begin_line<W: ?Sized + Write>(&self, out: &mut W, first: bool) -> io::Result<()> {
        let line = self.line.get(usize::from(first)..2 + 2 * self.depth);
        out.write_all(line.unwrap_or_default())
    }
}

impl Formatter for Indented {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.begin_line(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.empty = false;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.begin_line(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.empty = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde_json::{Serializer, Value, json, to_string_pretty};

    use super::*;

    fn written(value: &Value) -> String {
        let mut out = Vec::new();
        let mut serializer = Serializer::with_formatter(&mut out, Indented::at(0));
        value.serialize(&mut serializer).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_layout_is_that_of_serde_json() {
        let deep = (0..40).fold(json!([]), |inner, _| json!([{"in": inner}, {}]));
        for value in [
            json!(null),
            json!([]),
            json!({}),
            json!([[], {}, [[]], 1]),
            json!({"a": {}, "b": [1, {"c": [true, []]}, "x"], "d": {"e": {"f": null}}, "g": []}),
            deep,
        ] {
            assert_eq!(written(&value), to_string_pretty(&value).unwrap());
        }
    }
}
