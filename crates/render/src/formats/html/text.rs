//! Untrusted text in markup: what could mislead becomes visible, what could be markup becomes text.

use std::fmt::{self, Display, Formatter, Write};

use crate::escape::escape;

/// Text for an element or a quoted attribute.
pub(super) struct Text<'t>(pub(super) &'t str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let shown = escape(self.0);
        let mut rest = &*shown;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            let (plain, special) = rest.split_at(at);
            f.write_str(plain)?;
            let mut characters = special.chars();
            match characters.next() {
                Some('&') => f.write_str("&amp;")?,
                Some('<') => f.write_str("&lt;")?,
                Some('>') => f.write_str("&gt;")?,
                Some('"') => f.write_str("&quot;")?,
                _ => f.write_str("&#39;")?,
            }
            rest = characters.as_str();
        }
        f.write_str(rest)
    }
}

/// A number with its thousands set apart.
pub(super) struct Number(pub(super) usize);

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                f.write_char(',')?;
            }
            f.write_char(digit)?;
        }
        Ok(())
    }
}

/// A number with its noun: `1 file`, `2 files`.
pub(super) struct Count(pub(super) usize, pub(super) &'static str);

impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let ending = if self.0 == 1 { "" } else { "s" };
        write!(f, "{} {}{ending}", Number(self.0), self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text_and_what_hides_becomes_visible() {
        let shown = Text("</script><img src=x onerror='a'>&\"\u{202e}\n").to_string();
        assert_eq!(
            shown,
            "&lt;/script&gt;&lt;img src=x onerror=&#39;a&#39;&gt;&amp;&quot;\\u{202e}\\n"
        );
        assert_eq!(Text("日本語 shop/api").to_string(), "日本語 shop/api");
    }

    #[test]
    fn numbers_can_be_read() {
        let shown = [0, 999, 1000, 20_000, 1_234_567].map(|n| Number(n).to_string());
        assert_eq!(shown, ["0", "999", "1,000", "20,000", "1,234,567"]);
        assert_eq!(Count(1, "file").to_string(), "1 file");
        assert_eq!(Count(1200, "file").to_string(), "1,200 files");
    }
}
