//! What a credential becomes before an object is kept: a text of the same verdict that gives nothing away but what a report
//! shows anyway, its first two characters and its length.
//!
//! Invariant: what comes out holds no secret that [`crate::credential`] can find in what went in, and is judged as that was.

use crate::credential::{Suspect, argument, in_text, known_format, named, named_text};

/// A credential that is none, for what cannot be imitated: a token of a format that nothing else has.
const TOKEN: &str = "ghp_kqzvxjwpkqzvxjwpkqzvxjwpkqzvxjwpkqzv";
/// Letters that make no word.
const LETTERS: &[u8] = b"kqzvxjwp";
/// A text with more credentials than this is replaced as a whole.
const ENOUGH: usize = 64;
/// Stands for nothing in any text.
const MARK: char = '\u{e000}';

/// What to keep of a value below a name, if it holds a credential; `None` when it holds none and may be kept.
pub fn stand_in(name: &str, value: &str) -> Option<String> {
    let is_secret = |suspect: &Suspect<'_>| !suspect.is_placeholder;
    let suspect = named(name, value).filter(is_secret)?;
    let kept = if suspect.secret.len() == value.len() {
        imitation(suspect.secret)
    } else {
        stand_in_text(value).unwrap_or_else(|| TOKEN.to_owned())
    };
    let same = |kept: &str| named(name, kept).is_some_and(|other| is_secret(&other));
    Some(kept)
        .filter(|kept| same(kept))
        .or_else(|| Some(TOKEN.to_owned()))
}

/// What to keep of a text that is a script, a file or an argument, if it holds credentials; `None` when it holds none.
pub fn stand_in_text(text: &str) -> Option<String> {
    replaced(text, in_text)
}

/// What to keep of any text, if it holds tokens of a known format; `None` when it holds none.
pub fn stand_in_token(text: &str) -> Option<String> {
    replaced(text, known_format)
}

/// What to keep of an argument behind another one, if it holds credentials; `None` when it holds none.
pub fn stand_in_argument(before: Option<&str>, text: &str) -> Option<String> {
    let flag = before.filter(|before| before.starts_with('-') && !text.starts_with('-'));
    if let Some(kept) = flag.and_then(|flag| stand_in(flag.trim_start_matches('-'), text)) {
        return Some(kept);
    }
    let pair = text
        .split_once('=')
        .filter(|(name, _)| name.starts_with('-') && !name.contains(char::is_whitespace));
    let kept = pair.and_then(|(name, value)| {
        let kept = stand_in(name.trim_start_matches('-'), value)?;
        Some(format!("{name}={kept}"))
    });
    kept.or_else(|| stand_in_text(text))
}

/// Are two values, each below its name, judged alike, whether they are one value or a whole file?
pub fn alike(one: (&str, &str), other: (&str, &str)) -> bool {
    verdict(named(one.0, one.1)) == verdict(named(other.0, other.1))
        && verdict(named_text(one.0, one.1)) == verdict(named_text(other.0, other.1))
}

/// Are two arguments behind another one judged alike?
pub fn alike_argument(before: Option<&str>, one: &str, other: &str) -> bool {
    let flag = |text: &str| {
        let flag = before.filter(|before| before.starts_with('-') && !text.starts_with('-'));
        flag.map(|flag| flag.trim_start_matches('-'))
    };
    verdict(argument(flag(one), one)) == verdict(argument(flag(other), other))
}

fn verdict(suspect: Option<Suspect<'_>>) -> Option<(&'static str, bool)> {
    suspect.map(|suspect| (suspect.what, suspect.is_placeholder))
}

/// Replaces every suspect, wherever it stands. Each is first taken out, so that the next one is found.
fn replaced(text: &str, find: fn(&str) -> Option<Suspect<'_>>) -> Option<String> {
    find(text)?;
    let mut kept = text.to_owned();
    let mut secrets = Vec::new();
    while let Some(secret) = find(&kept).map(|suspect| suspect.secret.to_owned()) {
        if secrets.len() == ENOUGH || text.contains(MARK) {
            return Some(TOKEN.to_owned());
        }
        kept = kept.replace(&secret, &hole(secrets.len()));
        secrets.push(secret);
    }
    for (number, secret) in secrets.iter().enumerate() {
        kept = kept.replace(&hole(number), &imitation(secret));
    }
    Some(if find(&kept).is_some() {
        kept
    } else {
        TOKEN.to_owned()
    })
}

/// Reads as a reference to what is to be filled in, which is no credential.
fn hole(number: usize) -> String {
    format!("<{MARK}{number}>")
}

/// A text of the same shape: letters for letters, digits for digits, and what a report shows.
fn imitation(secret: &str) -> String {
    let shown = if secret.chars().count() > 7 { 2 } else { 0 };
    let imitate = |(at, c): (usize, char)| {
        let letter = char::from(LETTERS.get(at % LETTERS.len()).copied().unwrap_or(b'k'));
        match c {
            _ if at < shown => c,
            c if c.is_ascii_digit() => '7',
            c if c.is_uppercase() => letter.to_ascii_uppercase(),
            c if c.is_alphanumeric() => letter,
            c if c.is_ascii() => c,
            _ => letter,
        }
    };
    let kept: String = secret.chars().enumerate().map(imitate).collect();
    match known_format(secret) {
        Some(_) if known_format(&kept).is_none() => TOKEN.to_owned(),
        _ => kept,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GITHUB: &str = "ghp_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789";
    const URL: &str = "postgres://shop:correct-horse@db/shop";
    const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----";

    #[test]
    fn a_value_keeps_its_verdict_and_loses_the_secret() {
        for (name, value, secret) in [
            ("DB_PASSWORD", "hunter2-staple", "hunter2-staple"),
            (
                "apiToken",
                "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
                "9f8e7d6c5b4a",
            ),
            ("X", GITHUB, GITHUB),
            ("DATABASE_URL", URL, "correct-horse"),
            ("x", KEY, "MIGHAgEAMBMGByqGSM49"),
            ("password", "kurz", "kurz"),
        ] {
            let kept = stand_in(name, value).unwrap();
            assert!(!kept.contains(secret), "{name}: {kept}");
            let (before, after) = (named(name, value).unwrap(), named(name, &kept).unwrap());
            assert!(!after.is_placeholder, "{name}: {kept}");
            assert_eq!(before.what.is_empty(), after.what.is_empty());
            assert_eq!(stand_in(name, &kept).unwrap(), kept, "{name}");
        }
    }

    #[test]
    fn what_holds_no_credential_is_kept() {
        for (name, value) in [
            ("DB_PASSWORD", "changeme"),
            ("DB_PASSWORD_FILE", "/run/secrets/db"),
            ("LOG_LEVEL", "debug"),
            ("TOKEN", "$(TOKEN)"),
        ] {
            assert_eq!(stand_in(name, value), None, "{name}");
        }
        assert_eq!(stand_in_text("echo hello; exec server --port=8080"), None);
        assert_eq!(stand_in_argument(Some("--port"), "8080"), None);
    }

    #[test]
    fn every_secret_of_a_text_goes_and_the_rest_stays() {
        let text = format!(
            "a=1\npassword = hunter2-staple\nurl = {URL}\n# {GITHUB}\nagain hunter2-staple\n"
        );
        let kept = stand_in_text(&text).unwrap();
        for secret in ["hunter2", "correct-horse", GITHUB] {
            assert!(!kept.contains(secret), "{kept}");
        }
        assert!(kept.starts_with("a=1\npassword = hu") && kept.contains("postgres://shop:"));
        assert!(in_text(&kept).is_some());
    }

    #[test]
    fn arguments_are_read_as_flags_and_values() {
        let kept = stand_in_argument(Some("--password"), "hunter2-staple").unwrap();
        assert!(!kept.contains("hunter2"));
        let kept = stand_in_argument(None, "--db-password=hunter2-staple").unwrap();
        assert!(kept.starts_with("--db-password=") && !kept.contains("hunter2"));
        let kept = stand_in_argument(
            Some("-c"),
            "curl -H x --token ghp_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789 y",
        )
        .unwrap();
        assert!(kept.ends_with(" y") && !kept.contains("AbCdEf"));
    }

    #[test]
    fn what_is_judged_alike_is_told_from_what_is_not() {
        let password = |one, other| alike(("DB_PASSWORD", one), ("X_PASSWORD", other));
        assert!(password("hunter2-staple", "another-9x8w7v"));
        assert!(!password("hunter2-staple", ""));
        assert!(!password("changeme", "hunter2-staple"));
        assert!(!alike(
            ("DB_PASSWORD", "hunter2-staple"),
            ("x", "hunter2-staple")
        ));
        assert!(!alike(("note", GITHUB), ("note", "hunter2-staple")));
        let before = Some("--password");
        assert!(alike_argument(before, "hunter2-staple", "another-9x8w7v"));
        assert!(!alike_argument(before, "hunter2-staple", "$(PASSWORD)"));
        assert!(alike_argument(Some("--port"), "8080", "another-9x8w7v"));
    }

    #[test]
    fn a_text_that_is_too_much_is_replaced_as_a_whole() {
        let many: String = (0..100)
            .map(|n| format!("password{n}_password = secret-number-{n}q\n"))
            .collect();
        assert_eq!(stand_in_text(&many).as_deref(), Some(TOKEN));
        let marked = format!("{MARK} password=hunter2-staple");
        assert_eq!(stand_in_text(&marked).as_deref(), Some(TOKEN));
    }
}
