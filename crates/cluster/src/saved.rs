//! The saved snapshot: one file, zstd, of JSON lines. A header, then objects and gaps in the order in which they were
//! collected, then an end that counts them and holds the SHA-256 of everything before it. See `docs/snapshot.md`.
//!
//! Invariants: nothing is judged of a file that was not verified to its end first; memory does not grow with the file;
//! what is in it is data, never a program.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::path::Path;

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// The schema that is written, and the newest that is read.
pub const SCHEMA: &str = "plimsoll.snapshot/v1";
/// With these bytes every snapshot begins.
pub const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// How much text makes a frame.
const FRAME: usize = 1 << 20;
/// The longest line that is read, in bytes. etcd holds no object of more than 1.5 MiB unless it is told to.
const LINE: u64 = 64 << 20;

/// What a snapshot says about itself before its objects.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Header {
    /// [`SCHEMA`].
    pub schema: String,
    /// The version of the API server, as it gives it, such as `v1.37.1`.
    pub server_version: String,
    /// The day on which it was taken, such as `2027-01-31`.
    pub taken: String,
    /// The namespaces that were asked for; all when empty.
    #[serde(default)]
    pub namespaces: Vec<String>,
    /// The selector by which objects with pods were chosen, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// Which key the pseudonyms in it were made with, if it was redacted. Snapshots with different ones call the same thing by
    /// different names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redaction: Option<String>,
}

/// Why something could not be collected.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Cause {
    /// The server does not allow it.
    Forbidden,
    /// The server, or the one behind it, gave no usable answer.
    Unreachable,
}

/// Something that was asked for and could not be collected.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Missed {
    /// Why.
    pub cause: Cause,
    /// What, why and what to do about it. Holds untrusted text.
    pub message: String,
}

/// What a snapshot says when it is whole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct End {
    /// How many objects there are.
    pub objects: u64,
    /// How many gaps there are.
    pub gaps: u64,
    /// How many objects are as their owners made them, and are judged with those.
    pub owned: u64,
    /// How many pods are not as their owners made them, and are judged by themselves.
    #[serde(default)]
    pub differing: u64,
    /// Of all lines before this one, in hexadecimal.
    sha256: String,
}

/// Why a snapshot cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum SavedError {
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file is not what was written.
    #[error("is cut off or damaged ({0}): take it anew with `plimsoll snapshot -o FILE`")]
    Damaged(String),
    /// It is newer than this program.
    #[error("is of the schema {0:?}, which this version does not know: update plimsoll")]
    Newer(String),
    /// It is something else.
    #[error("is compressed, but no snapshot of plimsoll: decompress it first")]
    Foreign,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Line<'l> {
    Object(&'l Value),
    Gap(&'l Missed),
    End(&'l End),
}

/// A line behind the header, as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Parsed {
    Object(Box<RawValue>),
    Gap(Missed),
    End(End),
}

/// An object or a gap of a snapshot.
pub enum Entry {
    /// An object, as JSON on one line.
    Object(String),
    /// Something that is missing.
    Gap(Missed),
}

/// Writes a snapshot.
pub struct Writer<W: Write> {
    out: W,
    text: Vec<u8>,
    digest: Sha256,
    end: End,
}

impl<W: Write> Writer<W> {
    /// Begins a snapshot.
    ///
    /// # Errors
    /// None but what serializing gives.
    pub fn new(out: W, header: &Header) -> Result<Writer<W>, SavedError> {
        let mut writer = Writer {
            out,
            text: Vec::with_capacity(FRAME + FRAME / 4),
            digest: Sha256::new(),
            end: End {
                objects: 0,
                gaps: 0,
                owned: 0,
                differing: 0,
                sha256: String::new(),
            },
        };
        serde_json::to_writer(&mut writer.text, header).map_err(io::Error::from)?;
        writer.text.push(b'\n');
        Ok(writer)
    }

    /// Adds an object.
    ///
    /// # Errors
    /// What writing gives.
    pub fn object(&mut self, object: &Value) -> Result<(), SavedError> {
        self.end.objects += 1;
        self.line(&Line::Object(object))
    }

    /// Adds a gap.
    ///
    /// # Errors
    /// What writing gives.
    pub fn gap(&mut self, missed: &Missed) -> Result<(), SavedError> {
        self.end.gaps += 1;
        self.line(&Line::Gap(missed))
    }

    /// Counts an object that is judged with its owner.
    pub fn count_owned(&mut self) {
        self.end.owned += 1;
    }

    /// Says how many pods are not as their owners made them.
    pub fn set_differing(&mut self, pods: u64) {
        self.end.differing = pods;
    }

    /// Ends the snapshot, and gives what was written to.
    ///
    /// # Errors
    /// What writing gives.
    pub fn finish(mut self) -> Result<(W, End), SavedError> {
        self.digest.update(&self.text);
        self.end.sha256 = hexadecimal(&self.digest.finalize_reset());
        let end = self.end.clone();
        serde_json::to_writer(&mut self.text, &Line::End(&end)).map_err(io::Error::from)?;
        self.text.push(b'\n');
        self.out
            .write_all(&compress_to_vec(&*self.text, CompressionLevel::Fastest))?;
        self.out.flush()?;
        Ok((self.out, end))
    }

    fn line(&mut self, line: &Line<'_>) -> Result<(), SavedError> {
        serde_json::to_writer(&mut self.text, line).map_err(io::Error::from)?;
        self.text.push(b'\n');
        if self.text.len() >= FRAME {
            self.digest.update(&self.text);
            self.out
                .write_all(&compress_to_vec(&*self.text, CompressionLevel::Fastest))?;
            self.text.clear();
        }
        Ok(())
    }
}

/// A snapshot that is whole, to be read as often as needed.
pub struct Saved {
    file: File,
    /// What it says about itself.
    pub header: Header,
    /// What it counts.
    pub end: End,
}

impl Saved {
    /// Is this file a snapshot, or something else that is compressed in the same way?
    pub fn is_one(path: &Path) -> bool {
        let mut start = [0; 4];
        path.is_file()
            && File::open(path).is_ok_and(|mut file| file.read_exact(&mut start).is_ok())
            && start == MAGIC
    }

    /// Opens a snapshot and verifies all of it.
    ///
    /// # Errors
    /// When it cannot be read, is not whole, or newer than this program.
    pub fn open(path: &Path) -> Result<Saved, SavedError> {
        Saved::verify(File::open(path)?)
    }

    /// The snapshot in an open file, which is verified from its beginning to its end.
    ///
    /// # Errors
    /// As [`Saved::open`].
    pub fn verify(mut file: File) -> Result<Saved, SavedError> {
        file.rewind()?;
        let mut lines = Lines::of(&file);
        let header = lines.next_line()?.map(header).transpose()?;
        let header = header.ok_or_else(|| damaged("it is empty"))?;
        let (mut objects, mut gaps) = (0, 0);
        let end = loop {
            let digest = lines.digest.clone();
            let Some(line) = lines.next_line()? else {
                return Err(damaged("its end is missing"));
            };
            match entry(line)? {
                Parsed::Object(_) => objects += 1,
                Parsed::Gap(_) => gaps += 1,
                Parsed::End(end) => break (end, hexadecimal(&digest.finalize())),
            }
        };
        let (end, sum) = end;
        if (end.objects, end.gaps, &end.sha256) != (objects, gaps, &sum) {
            return Err(damaged("its checksum is another"));
        }
        if lines.next_line()?.is_some() {
            return Err(damaged("something follows its end"));
        }
        Ok(Saved { file, header, end })
    }

    /// Was everything that there is collected? Then what is not in it is not in the cluster.
    pub fn is_complete(&self) -> bool {
        self.end.gaps == 0 && self.header.namespaces.is_empty() && self.header.selector.is_none()
    }

    /// Its objects and gaps from the beginning.
    ///
    /// # Errors
    /// When the file cannot be read anew.
    pub fn entries(&mut self) -> Result<Entries<'_>, SavedError> {
        self.file.rewind()?;
        let mut lines = Lines::of(&self.file);
        lines.next_line()?;
        Ok(Entries { lines })
    }
}

/// The objects and gaps of a snapshot, one after the other.
pub struct Entries<'f> {
    lines: Lines<'f>,
}

impl Iterator for Entries<'_> {
    type Item = Result<Entry, SavedError>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match self.lines.next_line() {
            Ok(line) => line?,
            Err(error) => return Some(Err(error)),
        };
        match entry(line) {
            Ok(Parsed::Object(object)) => Some(Ok(Entry::Object(object.get().to_owned()))),
            Ok(Parsed::Gap(missed)) => Some(Ok(Entry::Gap(missed))),
            Ok(Parsed::End(_)) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

fn damaged(why: &str) -> SavedError {
    SavedError::Damaged(why.to_owned())
}

fn entry(line: &[u8]) -> Result<Parsed, SavedError> {
    serde_json::from_slice(line).map_err(|_| damaged("a line of it cannot be read"))
}

/// Only the schema is looked at before the rest: a newer one may mean anything.
fn header(line: &[u8]) -> Result<Header, SavedError> {
    #[derive(Deserialize)]
    struct Schema {
        schema: String,
    }
    let Schema { schema } = serde_json::from_slice(line).map_err(|_| SavedError::Foreign)?;
    if !schema.starts_with("plimsoll.snapshot/") {
        return Err(SavedError::Foreign);
    }
    if schema != SCHEMA {
        return Err(SavedError::Newer(schema));
    }
    serde_json::from_slice(line).map_err(|_| damaged("its header cannot be read"))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The lines of a compressed file.
struct Lines<'f> {
    text: BufReader<Frames<BufReader<&'f File>>>,
    line: Vec<u8>,
    digest: Sha256,
}

impl Lines<'_> {
    fn of(file: &File) -> Lines<'_> {
        let frames = Frames {
            from: BufReader::new(file),
            decoder: FrameDecoder::new(),
        };
        Lines {
            text: BufReader::with_capacity(1 << 16, frames),
            line: Vec::new(),
            digest: Sha256::new(),
        }
    }

    fn next_line(&mut self) -> Result<Option<&[u8]>, SavedError> {
        self.line.clear();
        let mut bounded = (&mut self.text).take(LINE);
        let read = bounded.read_until(b'\n', &mut self.line);
        read.map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => SavedError::Damaged(error.to_string()),
            _ => SavedError::Io(error),
        })?;
        self.digest.update(&self.line);
        match self.line.strip_suffix(b"\n") {
            Some(line) => Ok(Some(line)),
            None if self.line.is_empty() => Ok(None),
            None => Err(damaged("its last line is not whole")),
        }
    }
}

/// The text of any number of frames, one behind the other.
struct Frames<R> {
    from: R,
    decoder: FrameDecoder,
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let invalid = |_| io::Error::new(io::ErrorKind::InvalidData, "it does not decompress");
        while self.decoder.can_collect() == 0 {
            if self.decoder.is_finished() {
                if self.from.fill_buf()?.is_empty() {
                    return Ok(0);
                }
                self.decoder.init(&mut self.from).map_err(invalid)?;
            }
            let one = BlockDecodingStrategy::UptoBlocks(1);
            self.decoder
                .decode_blocks(&mut self.from, one)
                .map_err(invalid)?;
        }
        self.decoder.read(into)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn header() -> Header {
        Header {
            schema: SCHEMA.to_owned(),
            server_version: "v1.37.1".to_owned(),
            taken: "2027-01-31".to_owned(),
            namespaces: Vec::new(),
            selector: None,
            redaction: None,
        }
    }

    /// Enough objects for several frames.
    fn written(header: &Header) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new(), header).unwrap();
        for number in 0..3000 {
            let object =
                json!({"kind": "Pod", "name": number, "text": format!("{number}").repeat(200)});
            writer.object(&object).unwrap();
        }
        let message = "pods could not be listed".to_owned();
        let cause = Cause::Forbidden;
        writer.gap(&Missed { cause, message }).unwrap();
        writer.count_owned();
        writer.finish().unwrap().0
    }

    fn read(bytes: &[u8]) -> Result<Saved, SavedError> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        Saved::verify(file)
    }

    #[test]
    fn what_was_written_is_read() {
        let bytes = written(&header());
        assert!(bytes.starts_with(&MAGIC));
        let mut saved = read(&bytes).unwrap();
        assert_eq!(saved.header, header());
        assert_eq!(
            (saved.end.objects, saved.end.gaps, saved.end.owned),
            (3000, 1, 1)
        );
        assert!(!saved.is_complete());
        for _ in 0..2 {
            let entries: Result<Vec<_>, _> = saved.entries().unwrap().collect();
            let entries = entries.unwrap();
            assert_eq!(entries.len(), 3001);
            assert!(
                matches!(&entries[2999], Entry::Object(text) if text.contains("\"name\":2999"))
            );
            assert!(
                matches!(&entries[3000], Entry::Gap(gap) if gap.message == "pods could not be listed")
            );
        }
    }

    #[test]
    fn a_file_that_is_cut_off_is_refused_wherever_that_is() {
        let bytes = written(&header());
        for length in (4..bytes.len()).step_by(bytes.len() / 40) {
            let error = read(&bytes[..length]).err().unwrap();
            assert!(
                matches!(error, SavedError::Damaged(_)),
                "{length}: {error:?}"
            );
        }
    }

    #[test]
    fn a_file_that_was_tampered_with_is_refused() {
        let bytes = written(&header());
        let mut refused = 0;
        for at in (4..bytes.len()).step_by(bytes.len() / 40) {
            let mut other = bytes.clone();
            other[at] ^= 0x10;
            // Some bits of a frame's header mean nothing; the text must not have changed then.
            match read(&other) {
                Ok(saved) => assert_eq!(saved.end, read(&bytes).unwrap().end, "byte {at}"),
                Err(_) => refused += 1,
            }
        }
        assert!(refused > 35, "{refused}");
        let mut twice = bytes.clone();
        twice.extend(&bytes);
        assert!(matches!(read(&twice), Err(SavedError::Damaged(_))));
    }

    #[test]
    fn another_text_with_the_same_frames_does_not_have_the_checksum() {
        let text: String = {
            let mut frames = Frames {
                from: &*written(&header()),
                decoder: FrameDecoder::new(),
            };
            let mut text = String::new();
            frames.read_to_string(&mut text).unwrap();
            text.replacen("\"name\":7", "\"name\":8", 1)
        };
        let bytes = compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
        let error = read(&bytes).err().unwrap();
        assert!(error.to_string().contains("checksum"), "{error}");
    }

    #[test]
    fn a_newer_schema_and_another_file_are_told_apart_from_damage() {
        let newer = Header {
            schema: "plimsoll.snapshot/v2".to_owned(),
            ..header()
        };
        let error = read(&written(&newer)).err().unwrap();
        assert!(matches!(&error, SavedError::Newer(_)));
        assert!(error.to_string().contains("update plimsoll"));
        let foreign = compress_to_vec(&b"hello\n"[..], CompressionLevel::Fastest);
        assert!(matches!(read(&foreign), Err(SavedError::Foreign)));
    }

    #[test]
    fn it_is_complete_when_everything_was_asked_for_and_given() {
        let whole = |header: &Header| {
            let bytes = Writer::new(Vec::new(), header).unwrap().finish().unwrap().0;
            read(&bytes).unwrap().is_complete()
        };
        assert!(whole(&header()));
        let one = vec!["shop".to_owned()];
        assert!(!whole(&Header {
            namespaces: one,
            ..header()
        }));
        assert!(!whole(&Header {
            selector: Some("a=b".to_owned()),
            ..header()
        }));
    }
}
