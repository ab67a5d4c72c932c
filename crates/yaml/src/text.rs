//! From a file's bytes to text, and from byte offsets to lines and columns.
//!
//! Everything else in the crate works on `&str` and byte offsets into the whole text; only people
//! need lines and columns, so they are computed here, on demand.
//! Texts of 4 GiB and more are outside the contract: offsets saturate.

use memchr::memchr_iter;

/// The byte order mark as a character; allowed at the start of a file and after a separator.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

/// A byte range in the whole text of a file (not in a document's chunk); `end` is exclusive.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte; equal to `start` for an empty span.
    pub end: u32,
}

impl Span {
    /// The span of these two offsets; saturates beyond 4 GiB.
    pub(crate) fn of(start: usize, end: usize) -> Span {
        Span {
            start: offset(start),
            end: offset(end),
        }
    }

    /// The bytes of this span in the text it was made for; empty if it does not fit that text.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or_default()
    }

    /// Number of bytes covered.
    pub fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// True if no byte is covered, as for the missing value of `key:`.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// A byte offset as it is stored; saturates beyond 4 GiB.
pub(crate) fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Where a byte offset stands for a reader: both numbers count from 1, the column in Unicode code
/// points. A byte order mark at the start of the file is not a column.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in code points, from 1.
    pub column: u32,
}

/// The line starts of one text: built in one pass, asked in logarithmic time.
///
/// A line ends at `\n`; a `\r` before it belongs to the line end.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<u32>,
    ends: Vec<u32>,
    /// How many characters begin before each block of [`BLOCK`] bytes, so that a place far along a line costs no more
    /// than any other. Empty when no line is that long.
    characters: Vec<u32>,
}

const BLOCK: usize = 1024;

fn characters_by_block(bytes: &[u8]) -> Vec<u32> {
    let count = |before: &mut usize, block: &[u8]| {
        let here = offset(*before);
        *before += characters(block);
        Some(here)
    };
    bytes.chunks(BLOCK).scan(0, count).collect()
}

/// How many characters begin in these bytes of a text.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

impl Lines {
    /// Finds the lines of a text. A text always has at least one line; a final line end opens one more.
    pub fn new(text: &str) -> Lines {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        let mut ends = Vec::new();
        for at in memchr_iter(b'\n', bytes) {
            let carriage_return = at > 0 && bytes.get(at - 1) == Some(&b'\r');
            ends.push(offset(at - usize::from(carriage_return)));
            starts.push(offset(at + 1));
        }
        ends.push(offset(bytes.len()));
        let mut lengths = starts.iter().zip(&ends).map(|(start, end)| end - start);
        let characters = if lengths.any(|length| length as usize > BLOCK) {
            characters_by_block(bytes)
        } else {
            Vec::new()
        };
        Lines {
            starts,
            ends,
            characters,
        }
    }

    /// Line and column of a byte offset of the same text. An offset past the end gives the end;
    /// one inside a character gives that character. Cost: the logarithm of the number of lines.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let offset = (offset as usize).min(text.len());
        let offset = text.floor_char_boundary(offset);
        let mark = start == 0 && offset > 0 && text.starts_with(BYTE_ORDER_MARK);
        let start = start as usize;
        let column = match text.as_bytes().get(start..offset) {
            Some(before) if before.len() <= BLOCK => characters(before),
            _ => self.characters_before(text, offset) - self.characters_before(text, start),
        };
        let column = column - usize::from(mark);
        Position {
            line: self::offset(line),
            column: self::offset(column + 1),
        }
    }

    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let block = offset / BLOCK;
        let rest = text.as_bytes().get(block * BLOCK..offset);
        // An end of text at the end of a block opens no other.
        match (self.characters.get(block), rest) {
            (Some(before), Some(rest)) => *before as usize + characters(rest),
            _ => {
                let last = self.characters.len().saturating_sub(1);
                let before = self.characters.last().copied().unwrap_or(0);
                let rest = text.as_bytes().get(last * BLOCK..).unwrap_or_default();
                before as usize + characters(rest)
            }
        }
    }

    /// The bytes of a line (from 1) without its line end. `None`: there is no such line.
    pub fn line_span(&self, line: u32) -> Option<Span> {
        let index = (line as usize).checked_sub(1)?;
        Some(Span {
            start: *self.starts.get(index)?,
            end: *self.ends.get(index)?,
        })
    }

    /// Number of lines, at least 1.
    pub fn count(&self) -> u32 {
        offset(self.starts.len())
    }
}

/// The bytes are not text: a NUL, or not the encoding they claim to be.
#[derive(Copy, Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not text at byte {offset}: save the file as UTF-8")]
pub struct NotText {
    /// Offset in bytes of the first thing that is not text.
    pub offset: usize,
}

/// Decodes a file's bytes: UTF-8 (a byte order mark stays in the text; [`split`](crate::split)
/// skips it), or UTF-16 of either order when it starts with its mark (which is then dropped).
///
/// # Errors
/// [`NotText`] for NUL characters, invalid UTF-8 and invalid UTF-16.
pub fn decode(bytes: Vec<u8>) -> Result<String, NotText> {
    let text = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => decode_utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => decode_utf16(rest, u16::from_be_bytes)?,
        _ => String::from_utf8(bytes).map_err(|error| NotText {
            offset: error.utf8_error().valid_up_to(),
        })?,
    };
    match memchr::memchr(0, text.as_bytes()) {
        Some(offset) => Err(NotText { offset }),
        None => Ok(text),
    }
}

/// Decodes what follows a UTF-16 byte order mark.
fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NotText> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(NotText {
            offset: bytes.len() + 1,
        });
    }
    let mut text = String::with_capacity(bytes.len());
    let mut offset = 2;
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let c = decoded.map_err(|_| NotText { offset })?;
        offset += c.len_utf16() * 2;
        text.push(c);
    }
    Ok(text)
}
