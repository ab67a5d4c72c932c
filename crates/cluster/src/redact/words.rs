//! Texts, word by word: what Kubernetes and file systems call things stays, numbers stay, everything else becomes a pseudonym.

use super::Redaction;
use super::address;
use super::vocabulary::PROMISES;

/// The longest number that is kept, in digits: longer ones name accounts.
const NUMBER: usize = 6;
/// How long a pseudonym is, in characters: 50 bits of a hash behind a letter.
const LENGTH: usize = 10;
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

impl Redaction {
    /// A pseudonym. It reads like a word, so that it may stand wherever a name may.
    pub(super) fn pseudonym(&self, word: &str) -> String {
        let digest = self.digest("word", word);
        let bytes = digest.as_bytes().chunks(2).filter_map(|pair| {
            let pair = std::str::from_utf8(pair).ok()?;
            u8::from_str_radix(pair, 16).ok()
        });
        let letters = bytes.filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
        let letters = letters.take(LENGTH).map(|letter| char::from(*letter));
        std::iter::once('x').chain(letters).collect()
    }

    /// The text with every address and every word replaced that is in no list.
    pub(super) fn replaced(&self, text: &str, with_steps: bool) -> String {
        if self.vocabulary.has(text) {
            return text.to_owned();
        }
        if let Some(own) = self.own_name(text) {
            return own;
        }
        let mut replaced = String::with_capacity(text.len());
        for run in text.split_inclusive(|c: char| !address::may_hold(c)) {
            let whole = run.trim_end_matches(|c: char| !address::may_hold(c));
            let (before, inner, after) = address::trimmed(whole);
            match self.address(inner) {
                Some(address) => replaced.extend(
                    [
                        &self.words(before, with_steps),
                        &address,
                        &self.words(after, with_steps),
                    ]
                    .map(String::as_str),
                ),
                None => replaced.push_str(&self.words(whole, with_steps)),
            }
            replaced.push_str(run.get(whole.len()..).unwrap_or_default());
        }
        replaced
    }

    fn words(&self, text: &str, with_steps: bool) -> String {
        let mut result = String::with_capacity(text.len());
        for run in text.split_inclusive(|c| !is_word(c)) {
            let word = run.trim_end_matches(|c| !is_word(c));
            result.push_str(&self.word(word, with_steps));
            result.push_str(run.get(word.len()..).unwrap_or_default());
        }
        result
    }

    fn word(&self, word: &str, with_steps: bool) -> String {
        let vocabulary = &self.vocabulary;
        let is_step = || with_steps && vocabulary.steps.contains(word);
        if is_general(word) || vocabulary.has(word) || is_step() {
            return word.to_owned();
        }
        let known = vocabulary
            .beginning(word)
            .and_then(|end| word.split_at_checked(end));
        let (known, rest) = known.unwrap_or(("", word));
        if let Some((before, middle, after)) = vocabulary.middle(rest) {
            let part = |part: &str| match part {
                "" => String::new(),
                part => self.pseudonym(part),
            };
            return format!("{known}{}{middle}{}", part(before), part(after));
        }
        let end = promise(rest);
        let (rest, promise) = rest.split_at_checked(end).unwrap_or((rest, ""));
        format!("{known}{}{promise}", self.pseudonym(rest))
    }

    /// Users, groups, roles and signers of Kubernetes itself, which say whom they mean in their name.
    fn own_name(&self, text: &str) -> Option<String> {
        if text.starts_with("kubernetes.io/") && !text.contains(char::is_whitespace) {
            return Some(text.to_owned());
        }
        let (first, rest) = text.split_once(':')?;
        if !matches!(first, "system" | "kubeadm") || text.contains(char::is_whitespace) {
            return None;
        }
        for kind in ["serviceaccount:", "serviceaccounts:", "node:"] {
            if let Some(names) = rest.strip_prefix(kind) {
                return Some(format!("{first}:{kind}{}", self.text(names)));
            }
        }
        Some(text.to_owned())
    }
}

/// Where the end of a word begins that promises a credential, such as `_PASSWORD`; its end if there is none.
fn promise(word: &str) -> usize {
    let start = word.rfind(['-', '_']).unwrap_or(word.len());
    let last = word
        .get(start..)
        .unwrap_or_default()
        .get(1..)
        .unwrap_or_default();
    let promises = PROMISES
        .iter()
        .any(|promise| last.eq_ignore_ascii_case(promise));
    if promises && start > 0 {
        start
    } else {
        word.len()
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// A number, a date, a quantity, a duration, a version, or nothing.
fn is_general(word: &str) -> bool {
    let word = word.strip_prefix('v').unwrap_or(word);
    let digits = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = digits.len() < word.len() && digits.len() <= 2;
    let is_version = ["alpha", "beta"].iter().any(|stage| {
        let number = digits.strip_prefix(stage);
        digits.len() < word.len() && number.is_some_and(|number| number.len() <= 2)
    });
    let mut runs = word.split(|c: char| !c.is_ascii_digit());
    let is_short = runs.all(|run| run.len() <= NUMBER);
    is_short && (is_number || is_version || !word.contains(char::is_alphabetic))
}
