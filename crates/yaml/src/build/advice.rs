//! What to tell people about the event parser's errors. Every kind has a message; some have advice.

use granit_parser::ErrorKind;

/// Said where only the event parser is too strict, in documents that the fast reader declines for another reason.
pub(crate) const SHALLOW: &str = "indent the further lines of this quoted text more than its key";

/// What to do about the mistakes people make; the parser's own words for the others.
pub(super) fn advice(kind: &ErrorKind) -> String {
    let advice = match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => "a tab cannot indent YAML: use spaces",
        ErrorKind::MappingValueNotAllowed => {
            "a second `: ` on this line: quote the value if the colon belongs to it"
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry => {
            "this line does not fit the lines above: indent it like its neighbours"
        }
        ErrorKind::SimpleKeyExpected => "expected a colon after this key",
        ErrorKind::ExpectedDocumentStart => {
            "this is outside of the document above, and kubectl would ignore it: indent it like its neighbours"
        }
        ErrorKind::UnclosedQuotedScalar => "this quote is never closed",
        ErrorKind::UnclosedFlowCollection { open } => {
            return format!("this `{open}` is never closed");
        }
        ErrorKind::InvalidQuotedScalarIndent => SHALLOW,
        ErrorKind::UnknownQuotedScalarEscape => {
            "no such escape: write a backslash as `\\\\`, or use single quotes"
        }
        ErrorKind::UnexpectedCharacter { character } => {
            return format!("`{character}` cannot start a value: quote it");
        }
        other => return other.to_string(),
    };
    advice.to_owned()
}
