//! Links from a comment to the lines of the files, where the report says at which address they are.
//!
//! Invariant: whatever a file is called and a report claims, a link leads below that address, which is one of the web, and nothing
//! but the line's number is shown of it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::formats::words::relative;
use crate::record::Location;

/// What stays as it is in a link: neither Markdown nor HTML reads anything into these.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// The line of a place, as a link below `base` where there can be one.
pub(super) fn line(at: &Location<'_>, base: Option<&str>) -> String {
    let line = at.line;
    match base.and_then(|base| Some(format!("{}{}", address(base)?, file(&at.file)?))) {
        Some(file) => format!("[{line}]({file}#L{line})"),
        None => line.to_string(),
    }
}

/// The base, if it is an address of the web and says nothing to whoever reads Markdown.
fn address(base: &str) -> Option<&str> {
    let rest = base
        .strip_prefix("https://")
        .or(base.strip_prefix("http://"))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%:".contains(c);
    (rest.ends_with('/') && !rest.starts_with('/') && rest.chars().all(plain)).then_some(base)
}

/// A file below the base: no member of an archive, nothing that lies elsewhere.
fn file(name: &str) -> Option<String> {
    let name = relative(name);
    let inside = |part: &str| !matches!(part, "" | "." | "..");
    let below = !name.contains(['!', '<']) && name.split('/').all(inside);
    below.then(|| utf8_percent_encode(name, PLAIN).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(file: &str, base: &str) -> String {
        let at = Location {
            file: file.into(),
            document: 1,
            line: 31,
            column: 1,
            end_line: 31,
            end_column: 2,
            exact: true,
        };
        line(&at, Some(base))
    }

    #[test]
    fn a_line_is_a_link_below_the_address() {
        let base = "https://github.com/shop/web/blob/0123abc/";
        for file in ["deploy/a.yaml", "./deploy/a.yaml"] {
            assert_eq!(shown(file, base), format!("[31]({base}deploy/a.yaml#L31)"));
        }
        assert_eq!(
            shown(
                "a)|[x](y)&amp;<b>é\n.yaml",
                &base.replace("0123abc", "main")
            ),
            "31",
            "no such file is linked"
        );
        let named = shown("a)|[x](y)&amp;é\n.yaml", base);
        let encoded = "a%29%7C%5Bx%5D%28y%29%26amp%3B%C3%A9%0A.yaml";
        assert_eq!(named, format!("[31]({base}{encoded}#L31)"));
    }

    #[test]
    fn what_lies_elsewhere_or_is_no_address_is_no_link() {
        let base = "https://example.com/";
        for file in [
            "/etc/passwd",
            "../a.yaml",
            "a/../../b.yaml",
            "a.tgz!b.yaml",
            "<stdin>",
            "",
        ] {
            assert_eq!(shown(file, base), "31", "{file}");
        }
        for base in [
            "javascript:alert(1)/",
            "https:///a/",
            "https://example.com",
            "https://example.com/) [x](https://evil.example/",
            "https://user@evil.example/",
            "",
        ] {
            assert_eq!(shown("a.yaml", base), "31", "{base}");
        }
    }
}
