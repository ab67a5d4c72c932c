//! Text to tokens, by the CEL language definition: strings of all forms with their escapes, numbers, comments.

use crate::syntax::{Offset, Refusal};

/// One token.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Token {
    Name(String),
    /// Digits of an integer; the sign is applied by the parser.
    Int(u64),
    Uint(u64),
    Double(f64),
    Str(String),
    Bytes(Vec<u8>),
    Sign(&'static str),
    End,
}

/// Longest first.
const SIGNS: &[&str] = &[
    "==", "!=", "<=", ">=", "&&", "||", "[?", ".?", "<", ">", "+", "-", "*", "/", "%", "!", "?",
    ":", "(", ")", "[", "]", "{", "}", ".", ",",
];

/// All tokens with their places; the last is [`Token::End`].
pub(crate) fn tokens(text: &str) -> Result<Vec<(Offset, Token)>, Refusal> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blank();
        let begin = lexer.at;
        let token = lexer.next()?;
        let ended = token == Token::End;
        tokens.push((begin, token));
        if ended {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: Offset,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take_while(&mut self, test: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|char| !test(char)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn skip_blank(&mut self) {
        loop {
            self.take_while(|char| matches!(char, ' ' | '\t' | '\r' | '\n' | '\x0c'));
            if !self.rest().starts_with("//") {
                return;
            }
            self.take_while(|char| char != '\n');
        }
    }

    fn next(&mut self) -> Result<Token, Refusal> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(Token::End);
        };
        let dotted = rest.strip_prefix('.').and_then(|rest| rest.chars().next());
        if first.is_ascii_digit() || dotted.is_some_and(|next| next.is_ascii_digit()) {
            return self.number();
        }
        if let Some((raw, bytes, opening)) = opening(rest) {
            return self.string(raw, bytes, opening);
        }
        if first == '_' || first.is_ascii_alphabetic() {
            let name = self.take_while(|char| char == '_' || char.is_ascii_alphanumeric());
            return Ok(Token::Name(name.to_owned()));
        }
        if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            self.at += sign.len();
            return Ok(Token::Sign(sign));
        }
        if first == '`' {
            return Err(self.refuse_unsupported("a field name in backquotes"));
        }
        Err(self.refuse(format!("{first:?} has no meaning here")))
    }

    fn refuse(&self, what: impl Into<String>) -> Refusal {
        Refusal::invalid(self.at, what).locate(self.text)
    }

    fn refuse_unsupported(&self, what: &str) -> Refusal {
        Refusal::unsupported(self.at, what).locate(self.text)
    }

    fn number(&mut self) -> Result<Token, Refusal> {
        let begin = self.at;
        let too_large = |lexer: &Self| lexer.refuse("the number does not fit");
        if let Some(digits) = self.rest().strip_prefix("0x") {
            self.at += 2;
            let _ = digits;
            let digits = self.take_while(|char| char.is_ascii_hexdigit());
            let number = u64::from_str_radix(digits, 16).map_err(|_| too_large(self))?;
            return Ok(self.with_suffix(number));
        }
        self.take_while(|char| char.is_ascii_digit());
        let mut fraction = self.rest().strip_prefix('.');
        fraction = fraction.filter(|rest| rest.starts_with(|char: char| char.is_ascii_digit()));
        let mut is_double = fraction.is_some();
        if is_double {
            self.at += 1;
            self.take_while(|char| char.is_ascii_digit());
        }
        if let Some(exponent) = self.rest().strip_prefix(['e', 'E']) {
            let sign = exponent.starts_with(['+', '-']);
            let digits = exponent.get(usize::from(sign)..).unwrap_or_default();
            if digits.starts_with(|char: char| char.is_ascii_digit()) {
                is_double = true;
                self.at += 1 + usize::from(sign);
                self.take_while(|char| char.is_ascii_digit());
            }
        }
        let written = self.text.get(begin..self.at).unwrap_or_default();
        if is_double {
            let number = written.parse().map_err(|_| too_large(self))?;
            return Ok(Token::Double(number));
        }
        let number = written.parse().map_err(|_| too_large(self))?;
        Ok(self.with_suffix(number))
    }

    fn with_suffix(&mut self, number: u64) -> Token {
        if self.rest().starts_with(['u', 'U']) {
            self.at += 1;
            return Token::Uint(number);
        }
        Token::Int(number)
    }

    fn string(&mut self, raw: bool, bytes: bool, opening: &str) -> Result<Token, Refusal> {
        let prefix = usize::from(raw) + usize::from(bytes);
        self.at += prefix + opening.len();
        let mut value = Vec::new();
        loop {
            let rest = self.rest();
            if rest.starts_with(opening) {
                self.at += opening.len();
                break;
            }
            let Some(char) = rest.chars().next() else {
                return Err(self.refuse("a string is not closed"));
            };
            if opening.len() == 1 && matches!(char, '\n' | '\r') {
                return Err(self.refuse("a string is not closed on its line"));
            }
            match char {
                '\\' if !raw => self.escape(bytes, &mut value)?,
                '\\' => {
                    // A raw string keeps the backslash, and what stands behind it does not close it.
                    let next = rest.chars().nth(1).map_or(0, char::len_utf8);
                    value.extend(rest.as_bytes().iter().take(1 + next));
                    self.at += 1 + next;
                }
                char => {
                    self.at += char.len_utf8();
                    value.extend(char.to_string().into_bytes());
                }
            }
        }
        if bytes {
            return Ok(Token::Bytes(value));
        }
        let text = String::from_utf8(value).map_err(|_| self.refuse("a string is not UTF-8"))?;
        Ok(Token::Str(text))
    }

    fn escape(&mut self, bytes: bool, value: &mut Vec<u8>) -> Result<(), Refusal> {
        let rest = self.rest();
        let Some(letter) = rest.chars().nth(1) else {
            return Err(self.refuse("a string is not closed"));
        };
        let plain = match letter {
            'a' => Some(7),
            'b' => Some(8),
            'f' => Some(12),
            'n' => Some(b'\n'),
            'r' => Some(b'\r'),
            't' => Some(b'\t'),
            'v' => Some(11),
            '\\' | '?' | '"' | '\'' | '`' => u8::try_from(letter).ok(),
            _ => None,
        };
        if let Some(byte) = plain {
            self.at += 2;
            value.push(byte);
            return Ok(());
        }
        let (skip, digits, radix) = match letter {
            'x' | 'X' => (2, 2, 16),
            'u' => (2, 4, 16),
            'U' => (2, 8, 16),
            '0'..='3' => (1, 3, 8),
            _ => return Err(self.refuse("an escape in a string has no meaning")),
        };
        let digits = rest.get(skip..skip + digits).unwrap_or_default();
        let all_digits = digits.chars().all(|char| char.is_digit(radix));
        let code = u32::from_str_radix(digits, radix)
            .ok()
            .filter(|_| all_digits);
        let code = code.ok_or_else(|| self.refuse("an escape in a string has no meaning"))?;
        self.at += skip + digits.len();
        if bytes && !matches!(letter, 'u' | 'U') {
            value.push(u8::try_from(code).unwrap_or_default());
            return Ok(());
        }
        let char = char::from_u32(code);
        let char = char.ok_or_else(|| self.refuse("an escape in a string is no character"))?;
        value.extend(char.to_string().into_bytes());
        Ok(())
    }
}

/// Is it a string: raw, of bytes, and what opens it.
fn opening(rest: &str) -> Option<(bool, bool, &'static str)> {
    let (mut raw, mut bytes, mut at) = (false, false, rest);
    loop {
        for opening in ["\"\"\"", "'''", "\"", "'"] {
            if at.starts_with(opening) {
                return Some((raw, bytes, opening));
            }
        }
        let rest = at.strip_prefix(['r', 'R']).filter(|_| !raw);
        match (rest, at.strip_prefix(['b', 'B']).filter(|_| !bytes)) {
            (Some(rest), _) => (raw, at) = (true, rest),
            (None, Some(rest)) => (bytes, at) = (true, rest),
            (None, None) => return None,
        }
    }
}
