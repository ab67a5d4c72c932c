//! Regular expressions as Go's RE2 reads them, by way of the `regex` crate, whose dialect is wider and whose `\d`, `\w`,
//! `\s` and `\b` know all of Unicode. What both may read differently is not done.

use std::cell::RefCell;
use std::collections::HashMap;

use regex::{Regex, RegexBuilder};

use crate::eval::{Done, Fault};

thread_local! {
    static COMPILED: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
}
/// So many patterns are kept by a thread.
const KEPT: usize = 256;

/// The pattern, compiled once in a thread.
pub(crate) fn pattern(text: &str) -> Done<Regex> {
    let compiled = COMPILED.with_borrow_mut(|kept| {
        if kept.len() >= KEPT {
            kept.clear();
        }
        let compiled = kept.entry(text.to_owned()).or_insert_with(|| compile(text));
        compiled.clone()
    });
    compiled.ok_or_else(|| Fault::Unsupported(format!("the regular expression {text:?}")))
}

fn compile(text: &str) -> Option<Regex> {
    let mut builder = RegexBuilder::new(&translate(text)?);
    builder.size_limit(1 << 20).nest_limit(100).build().ok()
}

/// The same pattern in the crate's words. `None` when it may mean something else there.
fn translate(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    let mut class = false;
    while let Some(char) = chars.next() {
        match char {
            '\\' => out.push_str(&escape(chars.next()?, class)?),
            '[' if !class => {
                class = true;
                out.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
                // A bracket that comes first is one of the characters.
                if chars.next_if_eq(&']').is_some() {
                    out.push_str("\\]");
                }
            }
            // Named classes and nested ones.
            '[' => return None,
            ']' if class => {
                class = false;
                out.push(']');
            }
            '&' | '~' if class => {
                out.push('\\');
                out.push(char);
            }
            '-' if class && chars.peek() == Some(&'-') => return None,
            // Groups with flags: i, m, s and U mean the same in both.
            '(' if chars.peek() == Some(&'?') => {
                out.push_str(&group(&mut chars)?);
            }
            char => out.push(char),
        }
    }
    Some(out)
}

fn group(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    chars.next();
    let mut out = "(?".to_owned();
    if chars.peek() == Some(&'P') || chars.peek() == Some(&'<') {
        return Some(out);
    }
    loop {
        let char = chars.next()?;
        if !matches!(char, 'i' | 'm' | 's' | 'U' | '-' | ':' | ')') {
            return None;
        }
        out.push(char);
        if matches!(char, ':' | ')') {
            return Some(out);
        }
    }
}

fn escape(letter: char, class: bool) -> Option<String> {
    Some(match (letter, class) {
        ('d', true) => "0-9".into(),
        ('w', true) => "0-9A-Za-z_".into(),
        ('s', true) => "\\t\\n\\x0c\\r\\x20".into(),
        ('d', false) => "[0-9]".into(),
        ('D', false) => "[^0-9]".into(),
        ('w', false) => "[0-9A-Za-z_]".into(),
        ('W', false) => "[^0-9A-Za-z_]".into(),
        ('s', false) => "[\\t\\n\\x0c\\r\\x20]".into(),
        ('S', false) => "[^\\t\\n\\x0c\\r\\x20]".into(),
        ('b', false) => "(?-u:\\b)".into(),
        ('A' | 'z', false) => format!("\\{letter}"),
        ('n' | 'r' | 't' | 'f' | 'v' | 'a', _) => format!("\\{letter}"),
        (letter, _) if letter.is_ascii_punctuation() && !matches!(letter, '<' | '>') => {
            format!("\\{letter}")
        }
        _ => return None,
    })
}
