//! Tells credentials from other text: by formats that nothing else has, and by a name that promises one together with a
//! value that has the shape of one. Entropy alone is no evidence. What is found is only ever shown masked.

use memchr::{memchr, memchr2_iter, memrchr};

/// Something that looks like a credential.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct Suspect<'t> {
    /// What it is, with its article.
    pub(crate) what: &'static str,
    /// The credential itself. Never to be shown; see [`masked`].
    pub(crate) secret: &'t str,
    /// Is it rather what somebody should have replaced?
    pub(crate) is_placeholder: bool,
}

/// What may be shown of a credential: at most its first two characters, and its length.
pub(crate) fn masked(secret: &str) -> String {
    let length = secret.chars().count();
    let start: String = secret
        .chars()
        .take(if length > 7 { 2 } else { 0 })
        .collect();
    format!("{start}… ({length} characters)")
}

/// A value below a name. Looks for known formats first.
pub(crate) fn named<'t>(name: &str, value: &'t str) -> Option<Suspect<'t>> {
    known_format(value).or_else(|| by_name(name, value))
}

/// A format that nothing but a credential has, anywhere in a text.
pub(crate) fn known_format(text: &str) -> Option<Suspect<'_>> {
    let whole = |what| {
        move |secret| Suspect {
            what,
            secret,
            is_placeholder: false,
        }
    };
    token(text)
        .or_else(|| private_key(text).map(whole("a private key")))
        .or_else(|| web_token(text).map(whole("a JSON web token")))
        .or_else(|| password_in_url(text))
}

/// A token of a known format. One pass: tokens begin where words do, and most words begin otherwise.
fn token(text: &str) -> Option<Suspect<'_>> {
    let mut in_word = false;
    text.bytes().enumerate().find_map(|(start, byte)| {
        let begins = !std::mem::replace(&mut in_word, byte.is_ascii_alphanumeric());
        let may_begin = begins && begins_format(text.as_bytes().get(start..)?);
        may_begin.then(|| FORMATS.iter().find_map(|format| format.at(text, start)))?
    })
}

/// Names and values in a text that is a file or a script, such as `password = …`, `"token": "…"` or `--password=…`.
/// Placeholders are passed over here, for such texts hold much that only looks like a value.
pub(crate) fn in_text(text: &str) -> Option<Suspect<'_>> {
    known_format(text).or_else(|| in_lines(text))
}

/// An argument behind a flag, without its dashes, if there is one; or a flag with its value, or a script.
pub(crate) fn argument<'t>(flag: Option<&str>, text: &'t str) -> Option<Suspect<'t>> {
    let pair = text
        .split_once('=')
        .filter(|(name, _)| name.starts_with('-') && !name.contains(char::is_whitespace));
    let after_flag = flag.and_then(|flag| named(flag, text));
    let in_pair = || pair.and_then(|(name, value)| named(name.trim_start_matches('-'), value));
    after_flag.or_else(in_pair).or_else(|| in_text(text))
}

/// A value below a name that may be a whole file or a script: [`named`], or else [`in_text`].
pub(crate) fn named_text<'t>(name: &str, value: &'t str) -> Option<Suspect<'t>> {
    named(name, value).or_else(|| in_lines(value))
}

fn in_lines(text: &str) -> Option<Suspect<'_>> {
    let mut line = Line::default();
    let mut signs = memchr2_iter(b'=', b':', text.as_bytes());
    signs.find_map(|at| {
        may_promise(name_before(text, at)?).then_some(())?;
        if at >= line.end() {
            line = Line::around(text, at, line.end());
        }
        let (name, value) = line.pair(at)?;
        by_name(name, value).filter(|suspect| !suspect.is_placeholder)
    })
}

/// Is a value nothing yet: empty, or to be filled in from elsewhere?
pub(crate) fn is_filled_in_later(value: &str) -> bool {
    value.is_empty() || is_reference(value) || is_blank(value)
}

/// A token that begins with a known prefix.
struct Format {
    what: &'static str,
    prefix: &'static str,
    /// How many characters must follow at least.
    length: usize,
    /// Do capital letters and digits only follow, and exactly so many?
    is_exact: bool,
}

const fn format(what: &'static str, prefix: &'static str, length: usize) -> Format {
    Format {
        what,
        prefix,
        length,
        is_exact: false,
    }
}

const fn exact(what: &'static str, prefix: &'static str, length: usize) -> Format {
    Format {
        is_exact: true,
        ..format(what, prefix, length)
    }
}

const AWS: &str = "an AWS access key";
const GITHUB: &str = "a GitHub token";
const SLACK: &str = "a Slack token";

static FORMATS: &[Format] = &[
    exact(AWS, "AKIA", 16),
    exact(AWS, "ASIA", 16),
    format(GITHUB, "ghp_", 36),
    format(GITHUB, "gho_", 36),
    format(GITHUB, "ghu_", 36),
    format(GITHUB, "ghs_", 36),
    format(GITHUB, "ghr_", 36),
    format(GITHUB, "github_pat_", 40),
    format("a GitLab token", "glpat-", 20),
    format(SLACK, "xoxb-", 20),
    format(SLACK, "xoxp-", 20),
    format(SLACK, "xoxa-", 20),
    format(SLACK, "xoxr-", 20),
    format(SLACK, "xoxs-", 20),
    format("a Slack webhook", "https://hooks.slack.com/services/T", 20),
    format("a Stripe key", "sk_live_", 16),
    format("a Stripe key", "rk_live_", 16),
    format("a Google API key", "AIza", 35),
    format("an npm token", "npm_", 36),
];

/// Do the first two characters begin any of the formats?
fn begins_format(text: &[u8]) -> bool {
    matches!(
        text.first_chunk(),
        Some(b"AK" | b"AS" | b"AI" | b"gh" | b"gi" | b"gl" | b"xo" | b"ht" | b"sk" | b"rk" | b"np")
    )
}

impl Format {
    /// What [`Format::token_at`] finds.
    fn at<'t>(&self, text: &'t str, start: usize) -> Option<Suspect<'t>> {
        let secret = self.token_at(text, start)?;
        Some(Suspect {
            what: self.what,
            secret,
            is_placeholder: false,
        })
    }

    /// The token that begins at `start`, which is no place within a word.
    fn token_at<'t>(&self, text: &'t str, start: usize) -> Option<&'t str> {
        let rest = text.get(start..)?.strip_prefix(self.prefix)?;
        let belongs = |c: char| {
            let narrow = c.is_ascii_uppercase() || c.is_ascii_digit();
            narrow || !self.is_exact && (c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/'))
        };
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let ends = rest
            .get(length..)?
            .chars()
            .next()
            .is_none_or(|c| !c.is_ascii_alphanumeric());
        let right = if self.is_exact {
            length == self.length && ends
        } else {
            length >= self.length
        };
        right.then(|| text.get(start..start + self.prefix.len() + length))?
    }
}

fn private_key(text: &str) -> Option<&str> {
    const END: &str = "PRIVATE KEY-----";
    // Asking whether is much cheaper than asking where.
    if !text.contains(END) {
        return None;
    }
    let start = text.find("-----BEGIN ")?;
    let key = text.get(start..)?;
    let head = key.get(..key.find(END)? + END.len())?;
    // Another block, such as a certificate, may stand before the key.
    let own = head.rfind("-----BEGIN ")?;
    let body = key.get(own + head.get(own..)?.len()..)?;
    let body = body.split("-----END").next().unwrap_or_default();
    let is_body = |c: &char| c.is_ascii_alphanumeric();
    (body.chars().filter(is_body).count() >= 32).then_some(body.trim())
}

/// Three parts in base64url, of which the first two are JSON objects.
fn web_token(text: &str) -> Option<&str> {
    if !text.contains("eyJ") {
        return None;
    }
    let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut words = text.split(|c| !belongs(c));
    words.find(|word| {
        let mut parts = word.split('.');
        let mut part = |start: &str, length| {
            parts
                .next()
                .is_some_and(|part| part.starts_with(start) && part.len() >= length)
        };
        part("eyJ", 10) && part("eyJ", 10) && part("", 20)
    })
}

/// `scheme://user:password@host`
fn password_in_url(text: &str) -> Option<Suspect<'_>> {
    if !text.contains("://") {
        return None;
    }
    let mut starts = text.match_indices("://").map(|(start, _)| start);
    starts.find_map(|start| {
        let rest = text.get(start + 3..)?;
        let end = |c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '?' | '#' | '`');
        let authority = rest.split(end).next()?;
        let (user, _) = authority.rsplit_once('@')?;
        let (_, password) = user.split_once(':')?;
        let shape = shape(password);
        (shape != Shape::Nothing).then_some(Suspect {
            what: "a connection string with a password",
            secret: password,
            is_placeholder: shape == Shape::Placeholder,
        })
    })
}

/// A name that promises a credential, and a value that could be one.
fn by_name<'t>(name: &str, value: &'t str) -> Option<Suspect<'t>> {
    let promise = promise(name)?;
    let shape = shape(value);
    let what = match (promise, shape) {
        (_, Shape::Nothing) => return None,
        (Promise::Password, _) => "a password",
        (Promise::Token, Shape::Random) => "a credential",
        (Promise::Token, _) => return None,
    };
    Some(Suspect {
        what,
        secret: value,
        is_placeholder: shape == Shape::Placeholder,
    })
}

/// What a name promises.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Promise {
    /// Something that a person may have made up.
    Password,
    /// Something that a machine made, or only the name of it.
    Token,
}

/// The last words decide. What follows them (`_FILE`, `-name`, `Ref`) makes a name something else.
fn promise(name: &str) -> Option<Promise> {
    let (rest, last) = last_word(name);
    let (_, before) = last_word(rest);
    let is = |word: &str| last.eq_ignore_ascii_case(word);
    let follows = |word: &&str| before.eq_ignore_ascii_case(word);
    let is_password = PASSWORDS.iter().any(|word| ends(last, word))
        || !before.is_empty() && (is("pass") || is("pwd"));
    let is_key = is("key") && KEYS.iter().any(follows) || is("base") && follows(&"key");
    let is_token = is_key || TOKENS.iter().any(|word| ends(last, word));
    match (is_password, is_token) {
        (true, _) => Some(Promise::Password),
        (_, true) => Some(Promise::Token),
        _ => None,
    }
}

/// May a name with this end promise anything? By its last two letters, or by a mark, which may follow them.
fn may_promise(end: &str) -> bool {
    let mut letters = end.bytes().rev().map(|byte| byte.to_ascii_lowercase());
    let (last, before) = (letters.next(), letters.next());
    let is_mark = matches!(last, Some(b'_' | b'-' | b'.'));
    let pair = before.zip(last).map(|(before, last)| [before, last]);
    is_mark
        || pair.is_some_and(|pair| {
            matches!(
                &pair,
                b"rd" | b"wd" | b"se" | b"ss" | b"en" | b"et" | b"ey" | b"al" | b"ls"
            )
        })
}

static PASSWORDS: &[&str] = &["password", "passwd", "passphrase"];
static TOKENS: &[&str] = &[
    "token",
    "secret",
    "apikey",
    "secretkey",
    "accesskey",
    "privatekey",
    "credential",
    "credentials",
];
/// What makes a `key` a secret one.
static KEYS: &[&str] = &[
    "api",
    "access",
    "secret",
    "private",
    "encryption",
    "signing",
    "master",
    "account",
    "shared",
];

/// A name in front of its last word, and that: `dbPassword`, `DB_PASSWORD` and `db-password` all end in a word of their own.
fn last_word(name: &str) -> (&str, &str) {
    let name = name.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let bytes = name.as_bytes();
    let begins = |at: &usize| match (bytes.get(at.wrapping_sub(1)), bytes.get(*at)) {
        (Some(before), Some(here)) => {
            let small = before.is_ascii_lowercase() || before.is_ascii_digit();
            !before.is_ascii_alphanumeric() || small && here.is_ascii_uppercase()
        }
        _ => true,
    };
    let start = (0..bytes.len()).rev().find(begins).unwrap_or(0);
    name.split_at_checked(start).unwrap_or_default()
}

/// Does a word end with this one, whatever the case of its letters?
fn ends(word: &str, with: &str) -> bool {
    let tail = word.len().checked_sub(with.len());
    let tail = tail.and_then(|start| word.get(start..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(with))
}

/// What a value looks like.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Shape {
    /// Nothing that could be a credential: empty, a switch, a path, a reference to where the credential is.
    Nothing,
    /// To be replaced, or a name for what it should be.
    Placeholder,
    /// Could be a password.
    Word,
    /// Letters and digits as only machines write them.
    Random,
}

/// Values that say how, not what.
static SWITCHES: &[&str] = &[
    "0",
    "1",
    "true",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "none",
    "null",
    "nil",
    "undefined",
    "enabled",
    "disabled",
    "required",
    "optional",
    "default",
    "string",
    "object",
    "prompt",
    "any",
    "never",
    "always",
];
/// Values that everybody would replace.
static DEFAULTS: &[&str] = &[
    "changeme",
    "change-me",
    "change_me",
    "changeit",
    "replaceme",
    "replace-me",
    "replace_me",
    "password",
    "passwd",
    "pass",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "example",
    "dummy",
    "placeholder",
    "redacted",
    "todo",
    "tbd",
    "foo",
    "bar",
    "xxx",
];
/// What stands before the name of a place where the credential is.
static REFERENCES: &[&str] = &[
    "vault:",
    "ref+",
    "op://",
    "arn:",
    "secret:",
    "env:",
    "file:",
    "sm://",
    "gcpsm:",
    "awssm:",
    "ENC[",
    "@",
    "%(",
    "projects/",
];

fn shape(value: &str) -> Shape {
    let lower = value.to_ascii_lowercase();
    let is_switch = value.is_empty() || SWITCHES.contains(&lower.as_str());
    if is_switch || is_reference(value) || is_path(value) || value.contains(char::is_whitespace) {
        return Shape::Nothing;
    }
    if is_blank(value) {
        return Shape::Nothing;
    }
    let begins = [
        "your-", "your_", "my-", "my_", "change", "replace", "insert", "enter",
    ];
    let (_, last) = last_word(value);
    let mut names = PASSWORDS.iter().chain(TOKENS);
    let is_name = names.any(|known| ends(last, known));
    if is_random(value) {
        Shape::Random
    } else if DEFAULTS.contains(&lower.as_str())
        || is_name
        || begins.iter().any(|begin| lower.starts_with(begin))
    {
        Shape::Placeholder
    } else {
        Shape::Word
    }
}

/// Is it filled in from elsewhere?
fn is_reference(value: &str) -> bool {
    let inserted = ["$(", "${", "{{", "`"]
        .iter()
        .any(|mark| value.contains(mark));
    let variable = value.strip_prefix('$').is_some_and(|name| {
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
        name.chars().all(inner) || name.contains('$')
    });
    let whole = |open, close| value.starts_with(open) && value.ends_with(close);
    let marked = whole('<', '>') || whole('[', ']') || whole('%', '%') || whole('{', '}');
    inserted || variable || marked || REFERENCES.iter().any(|start| value.starts_with(start))
}

fn is_path(value: &str) -> bool {
    let drive = value.get(1..3) == Some(":\\");
    let start = ["/", "./", "../", "~/"]
        .iter()
        .any(|start| value.starts_with(start));
    start || drive || value.contains("://")
}

/// One character over and over, or nothing but marks: `xxxx`, `****`, `-`.
fn is_blank(value: &str) -> bool {
    let first = value.chars().next();
    let repeated = value.len() > 2 && value.chars().all(|c| Some(c) == first);
    let letters = value.chars().any(char::is_alphanumeric);
    !letters || repeated && first.is_some_and(|c| !c.is_ascii_digit())
}

/// One stretch of at least ten letters and digits in which both take turns. Names have words and versions instead.
fn is_random(value: &str) -> bool {
    let mut stretches = value.split(|c: char| !c.is_ascii_alphanumeric());
    stretches.any(|stretch| {
        let digits = stretch.bytes().filter(u8::is_ascii_digit).count();
        let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let turns = stretch.as_bytes().windows(2);
        let turns = turns.filter(|pair| is_digit(pair.first()) != is_digit(pair.last()));
        stretch.len() >= 10 && digits >= 2 && turns.count() >= 2
    })
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    let marks = ["#", "//", ";", "-- ", "* ", "<!--"];
    marks.iter().any(|mark| line.starts_with(mark))
}

/// A text up to the end of the name that stands before a sign.
fn name_before(text: &str, sign: usize) -> Option<&str> {
    let is_blank = |c: char| c.is_whitespace() && c != '\n';
    let before = text.get(..sign)?.trim_end_matches(is_blank);
    Some(before.trim_end_matches(['"', '\'']))
}

/// A line of a text. One is taken apart only where it may promise something, which few do.
#[derive(Default)]
struct Line<'t> {
    text: &'t str,
    /// Where it begins in the whole text.
    start: usize,
    is_comment: bool,
}

impl<'t> Line<'t> {
    /// The line around `at`, where the line before it ends at `from` or later.
    fn around(whole: &'t str, at: usize, from: usize) -> Line<'t> {
        let bytes = whole.as_bytes();
        let before = bytes.get(from..at).unwrap_or_default();
        let start = memrchr(b'\n', before).map_or(from, |found| from + found + 1);
        let rest = bytes.get(at..).unwrap_or_default();
        let end = memchr(b'\n', rest).map_or(whole.len(), |found| at + found);
        let text = whole.get(start..end).unwrap_or_default();
        let text = text.strip_suffix('\r').unwrap_or(text);
        Line {
            text,
            start,
            is_comment: is_comment(text),
        }
    }

    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// A name that promises a credential, with what is said of it around the sign at `at` of the whole text: `name=value`,
    /// `name: value`, `"name":"value"`. `None` in a comment.
    fn pair(&self, at: usize) -> Option<(&'t str, &'t str)> {
        let sign = at.checked_sub(self.start).filter(|_| !self.is_comment)?;
        let before = name_before(self.text, sign)?;
        let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let start = before.char_indices().rev().find(|(_, c)| !belongs(*c));
        let start = start.map_or(0, |(found, c)| found + c.len_utf8());
        let name = before.get(start..)?.trim_start_matches('-');
        let (is_colon, after) = match self.text.get(sign..)?.strip_prefix(':') {
            Some(after) => (true, after),
            None => (false, self.text.get(sign + 1..)?),
        };
        let is_code = after.starts_with(['=', ':', '>', '~'])
            || is_colon && !after.starts_with([' ', '\t', '"', '\'']);
        promise(name).filter(|_| !is_code)?;
        let value = value_at(after.trim_start(), is_colon)?;
        Some((name, value))
    }
}

/// The literal at the start of a text: what is quoted, or the first word unless that is an expression, or prose goes on
/// behind it.
fn value_at(text: &str, is_colon: bool) -> Option<&str> {
    /// Enough for any credential; keeps a hostile line cheap.
    const LIMIT: usize = 512;
    let text = text.get(..text.floor_char_boundary(LIMIT))?;
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        return text.get(1..)?.split(quote).next();
    }
    let end = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '&' | '}' | '|' | '"' | '\'');
    let word = text.split(end).next()?;
    let rest = text.get(word.len()..)?.trim_start();
    let is_prose = is_colon && !rest.is_empty() && !rest.starts_with(['#', ',', '}']);
    let is_member = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && !part.contains(|c: char| c.is_ascii_digit())
    };
    let is_expression = word.contains(['(', '[', '{', '<'])
        || word.starts_with(['*', '&', '!'])
        || word.contains('.') && word.split('.').all(is_member);
    (!is_expression && !is_prose).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(suspect: Option<Suspect<'_>>) -> Option<&'static str> {
        suspect.map(|suspect| suspect.what)
    }

    #[test]
    fn a_secret_is_shown_by_two_characters_and_its_length_at_most() {
        assert_eq!(masked("hunter2hunter2"), "hu… (14 characters)");
        assert_eq!(masked("hunter2"), "… (7 characters)");
        assert_eq!(masked("äöüäöüäöü"), "äö… (9 characters)");
    }

    #[test]
    fn every_known_format_is_found_in_a_text() {
        for format in FORMATS {
            assert!(begins_format(format.prefix.as_bytes()), "{}", format.prefix);
            let token = format!(
                "{}{}",
                format.prefix,
                "A1".repeat(format.length.div_ceil(2))
            );
            let token = match format.is_exact {
                true => token
                    .get(..format.prefix.len() + format.length)
                    .expect("ASCII"),
                false => token.as_str(),
            };
            let text = format!("x = \"{token}\"\n");
            let found = known_format(&text).expect("a token");
            assert_eq!((found.what, found.secret), (format.what, token));
            assert_eq!(known_format(&format!("Z{token}")), None, "within a word");
            let short = token.get(..token.len() - format.length + 1).expect("ASCII");
            assert_eq!(known_format(short), None, "cut off");
        }
        assert_eq!(
            known_format("AKIA0000000000000000A"),
            None,
            "longer than an id"
        );
    }

    #[test]
    fn private_keys_and_web_tokens_are_found() {
        let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC".repeat(2);
        for kind in ["", "RSA ", "EC ", "OPENSSH "] {
            let key = format!(
                "-----BEGIN {kind}PRIVATE KEY-----\n{body}\n-----END {kind}PRIVATE KEY-----"
            );
            assert_eq!(what(known_format(&key)), Some("a private key"));
            let behind =
                format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n{key}");
            assert_eq!(
                known_format(&behind).map(|found| found.secret),
                Some(body.as_str())
            );
        }
        let public = format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----");
        assert_eq!(known_format(&public), None);
        assert_eq!(known_format("-----BEGIN PRIVATE KEY-----\n...\n"), None);
        let token = format!("eyJhbGciOi.eyJzdWIiOi.{}", "s".repeat(20));
        assert_eq!(
            what(known_format(&format!("Bearer {token}"))),
            Some("a JSON web token")
        );
        assert_eq!(known_format("eyJhbGciOi.something.else"), None);
    }

    #[test]
    fn a_password_within_a_url_counts_where_it_is_written_out() {
        let found = known_format("postgres://shop:hunter2@db/shop").expect("a password");
        assert_eq!((found.secret, found.is_placeholder), ("hunter2", false));
        assert!(
            known_format("amqp://shop:changeme@mq")
                .expect("one")
                .is_placeholder
        );
        for fine in [
            "postgres://shop@db",
            "https://db:5432/a@b",
            "mysql://u:$(PASSWORD)@db",
            "redis://:${PW}@r",
            "http://a:@b",
        ] {
            assert_eq!(known_format(fine), None, "{fine}");
        }
    }

    #[test]
    fn names_promise_by_their_last_word() {
        for name in [
            "PASSWORD",
            "DB_PASSWORD",
            "dbPassword",
            "PGPASSWORD",
            "db-passwd",
            "DB_PASS",
            "DB_PWD",
            "key.passphrase",
        ] {
            assert_eq!(what(by_name(name, "hunter2")), Some("a password"), "{name}");
        }
        for name in [
            "PASSWORD_FILE",
            "passwordSecretName",
            "PWD",
            "PASS",
            "PASSWORD_MIN_LENGTH",
            "USER",
            "BYPASS",
        ] {
            assert_eq!(by_name(name, "hunter2"), None, "{name}");
        }
        let random = "f3a9c1d07b2e4466";
        for name in [
            "TOKEN",
            "clientSecret",
            "API_KEY",
            "apikey",
            "AWS_SECRET_ACCESS_KEY",
            "SECRET_KEY_BASE",
            "credentials",
        ] {
            assert_eq!(what(by_name(name, random)), Some("a credential"), "{name}");
            assert_eq!(by_name(name, "web-tls-2"), None, "{name} names something");
        }
        for name in [
            "TOKEN_URL",
            "KEY",
            "PUBLIC_KEY",
            "CACHE_KEY",
            "SECRET_NAME",
            "TOKEN_ID",
        ] {
            assert_eq!(by_name(name, random), None, "{name}");
        }
    }

    #[test]
    fn every_word_that_promises_is_taken_for_one_that_may() {
        let others = ["pass", "pwd", "key", "base"];
        for word in PASSWORDS.iter().chain(TOKENS).chain(&others) {
            for end in ["", "_", "-", "."] {
                let upper = format!("{}{end}", word.to_ascii_uppercase());
                assert!(
                    may_promise(&format!("{word}{end}")) && may_promise(&upper),
                    "{word}{end}"
                );
            }
        }
        assert!(!may_promise("") && !may_promise("user") && !may_promise("nämä"));
    }

    #[test]
    fn switches_paths_and_references_are_no_passwords() {
        let fine = [
            "",
            "true",
            "1",
            "No",
            "/run/secrets/db",
            "./pw",
            "~/pw",
            "C:\\pw",
            "$(DB)",
            "${DB}",
            "a${DB}",
            "$DB",
            "{{ .pw }}",
            "<your password>",
            "[pw]",
            "%PW%",
            "vault:db/pw",
            "ref+vault://x",
            "@file",
            "****",
            "xxxxxxxx",
            "-",
            "Forgot your password?",
            "$2a$10$abc",
            "https://idp.example.com/reset",
            "`cat pw`",
        ];
        for value in fine {
            assert_eq!(by_name("PASSWORD", value), None, "{value}");
        }
        for value in [
            "changeme",
            "password",
            "your-password",
            "db-password",
            "CHANGEME",
            "replace-with-yours",
        ] {
            let suspect = by_name("PASSWORD", value).expect("a placeholder");
            assert!(suspect.is_placeholder, "{value}");
        }
        for value in ["hunter2", "12345", "postgres", "$ecret!", "00000"] {
            let suspect = by_name("PASSWORD", value).expect("a password");
            assert!(!suspect.is_placeholder, "{value}");
        }
    }

    #[test]
    fn only_what_machines_write_is_random() {
        for value in [
            "f3a9c1d07b2e4466",
            "k8s-9f8e7d6c5b4a",
            "Zm9vYmFyYmF6cXV4MTIz/x1y2",
        ] {
            assert!(is_random(value), "{value}");
        }
        for value in [
            "my-secret-2",
            "aes256gcm",
            "v1alpha1",
            "sha256",
            "rook-ceph-v1",
            "hmacsha2567",
            "3600",
            "2024-01-01",
        ] {
            assert!(!is_random(value), "{value}");
        }
    }

    #[test]
    fn a_hostile_line_stays_cheap() {
        assert_eq!(in_text(&"password=".repeat(5_000)), None);
        assert_eq!(in_text(&"a=".repeat(100_000)), None);
        assert_eq!(in_text(&"AKIA".repeat(50_000)), None);
        assert_eq!(in_text(&"xoxb ".repeat(50_000)), None);
        assert_eq!(in_text(&"://a:".repeat(20_000)), None);
        assert_eq!(in_text(&"token = ".repeat(20_000)), None);
        let indented = " ".repeat(100_000) + &"secret: ".repeat(20_000);
        assert_eq!(in_text(&indented), None);
        assert_eq!(in_text(&"-----BEGIN ".repeat(20_000)), None);
    }

    #[test]
    fn files_and_scripts_are_read_line_by_line() {
        let bad = [
            "[db]\npassword = hunter2",
            "db:\n  password: hunter2",
            "{\"password\":\"hunter2\"}",
            "export DB_PASSWORD='hunter2'",
            "mysql --password=hunter2 shop",
            "a=b&password=hunter2",
            "password=\"hunter2\", user=\"x\"",
            "--user shop --password=hunter2",
            "password: hunter2 # the database's",
            "# the database's\r\nuser: shop\r\npassword: 'hunter2'\r\n",
            "password:\nDB_PASSWORD = hunter2",
        ];
        for text in bad {
            assert_eq!(
                in_text(text).map(|found| found.secret),
                Some("hunter2"),
                "{text}"
            );
        }
        let fine = [
            "# password = hunter2",
            "// password: hunter2",
            "password = os.getenv(\"PW\")",
            "password == hunter2",
            "password := hunter2",
            "password: ${PW}",
            "password: changeme",
            "password:",
            "password: \"\"",
            "password::hunter2",
            "-- password = hunter2",
            "Your password: anything you like",
            "password: values.db.pw",
            "password: *anchor",
            "user: ä=password",
            "password\n= hunter2",
            "password:\nhunter2",
            "# a=b, password: hunter2",
        ];
        for text in fine {
            assert_eq!(in_text(text), None, "{text}");
        }
    }
}
