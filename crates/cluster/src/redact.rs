//! Takes names out of a saved snapshot: every name, host, image, address and free text becomes a pseudonym, the same one wherever
//! it stands, so that references hold and every control says what it said.
//!
//! Invariants: a pseudonym is a keyed hash of the text alone, whatever field it stands in; without the key, which is never
//! written, nobody can try names; what is in no list of what is kept is replaced.

mod address;
mod field;
mod image;
#[cfg(test)]
mod tests;
mod vocabulary;
mod walk;
mod words;

use std::io::Write;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::saved::{End, Entry, Missed, Saved, SavedError, Writer};
use vocabulary::Vocabulary;

/// Tells whether two texts are judged alike where credentials are looked for.
#[derive(Copy, Clone)]
pub struct Alike {
    /// As names with values: of a variable, an annotation, a header or a ConfigMap.
    pub value: fn((&str, &str), (&str, &str)) -> bool,
    /// As an argument behind another one.
    pub argument: fn(Option<&str>, &str, &str) -> bool,
}

/// Makes pseudonyms.
pub struct Redaction {
    key: [u8; 32],
    alike: Alike,
    vocabulary: Vocabulary,
}

/// Writes a snapshot without names.
///
/// # Errors
/// When it cannot be read or written.
pub fn redact<W: Write>(
    saved: &mut Saved,
    redaction: &Redaction,
    out: W,
) -> Result<(W, End), SavedError> {
    let mut header = saved.header.clone();
    let namespaces = header.namespaces.iter();
    header.namespaces = namespaces.map(|name| redaction.text(name)).collect();
    header.selector = header.selector.map(|selector| redaction.text(&selector));
    header.redaction = Some(redaction.name());
    let mut writer = Writer::new(out, &header)?;
    for _ in 0..saved.end.owned {
        writer.count_owned();
    }
    writer.set_differing(saved.end.differing);
    for entry in saved.entries()? {
        match entry? {
            Entry::Object(text) => {
                let object = serde_json::from_str::<Map<String, Value>>(&text);
                let mut object = object.map_err(std::io::Error::from)?;
                redaction.object(&mut object);
                writer.object(&Value::Object(object))?;
            }
            Entry::Gap(missed) => writer.gap(&redaction.gap(&missed))?,
        }
    }
    writer.finish()
}

impl Redaction {
    /// Makes pseudonyms with a key, which has to be random and forgotten. `words` are those that some control compares with, and
    /// are kept: a star at either end stands for the rest of a name, and an annotation is followed by `=` and its value.
    pub fn new(
        key: [u8; 32],
        alike: Alike,
        words: impl IntoIterator<Item = &'static str>,
    ) -> Redaction {
        Redaction {
            key,
            alike,
            vocabulary: Vocabulary::new(words),
        }
    }

    /// Tells the key from others, and nothing else about it.
    fn name(&self) -> String {
        self.digest("name", "").chars().take(16).collect()
    }

    fn digest(&self, purpose: &str, text: &str) -> String {
        let mut digest = Sha256::new();
        for part in [&self.key[..], purpose.as_bytes(), text.as_bytes()] {
            digest.update(part);
            digest.update([0]);
        }
        let bytes = digest.finalize();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Replaces the names in an object.
    pub fn object(&self, object: &mut Map<String, Value>) {
        let is_config_map = object.get("kind").and_then(Value::as_str) == Some("ConfigMap");
        if let Some(Value::Object(data)) = object.get_mut("data").filter(|_| is_config_map) {
            self.data(data);
        }
        let is_own = self.is_own_role(object);
        for (key, value) in object.iter_mut() {
            let is_done = is_config_map && key == "data" || is_own && key == "rules";
            if !is_done {
                self.value((key, ""), value);
            }
        }
    }

    /// Is it a role that comes with Kubernetes, which is told by what it grants?
    fn is_own_role(&self, object: &Map<String, Value>) -> bool {
        let kind = object.get("kind").and_then(Value::as_str);
        let name = object
            .get("metadata")
            .and_then(|metadata| metadata.get("name")?.as_str());
        matches!(kind, Some("Role" | "ClusterRole"))
            && name.is_some_and(|name| self.vocabulary.is_role(name))
    }

    /// Our own words stay; where, and what a server said, may hold names.
    fn gap(&self, missed: &Missed) -> Missed {
        const WHERE: &str = " in the namespace ";
        const WHY: &str = "could not all be read: ";
        let mut message = missed.message.clone();
        if let Some((before, rest)) = missed.message.split_once(WHERE) {
            let (name, after) = rest.split_once(' ').unwrap_or((rest, ""));
            message = format!("{before}{WHERE}{} {after}", self.text(name));
        }
        if let Some((before, _)) = message.split_once(WHY) {
            message = format!("{before}{WHY}the reason is not told in a redacted snapshot");
        }
        Missed {
            cause: missed.cause,
            message,
        }
    }

    /// Every word of a text that is not general.
    fn text(&self, text: &str) -> String {
        self.replaced(text, false)
    }

    /// The same for a text with paths of file systems.
    fn steps(&self, text: &str) -> String {
        self.replaced(text, true)
    }
}
