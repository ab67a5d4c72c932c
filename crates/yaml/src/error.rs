//! Why a document cannot be read: one error type for all readers of this crate.

use crate::text::Span;

/// Why a document could not be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    /// One clear sentence in lower case; says what to do where that is known.
    pub message: String,
    /// Where the trouble is, in the whole text.
    pub span: Span,
    /// The sort of trouble.
    pub kind: ParseErrorKind,
}

impl ParseError {
    pub(crate) fn new(kind: ParseErrorKind, span: Span, message: impl Into<String>) -> Self {
        ParseError {
            message: message.into(),
            span,
            kind,
        }
    }
}

/// The sorts of trouble a document can be in.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Hash)]
pub enum ParseErrorKind {
    /// The text is neither YAML nor JSON.
    Syntax,
    /// Text other than a comment follows `---`.
    Separator,
    /// More than 10,000 levels.
    TooDeep,
    /// Aliases would make the document grow out of proportion, by kubectl's own measure.
    ExcessiveAliasing,
    /// `*name` without an earlier `&name`.
    UnknownAnchor,
    /// `*name` inside the node that `&name` marks.
    SelfReferringAnchor,
    /// A null or a collection as a key: also what an unrendered `{{ .Values.x }}` gives.
    BadKey,
    /// A value JSON cannot express: `.inf`, `.nan`.
    NotJson,
    /// A tag the value does not fit, such as `!!int x` or `!!binary` without base64.
    BadTag,
}

/// What to do about unrendered templates, wherever they stop being YAML.
pub(crate) const TEMPLATE_ADVICE: &str =
    "this looks like a template, which is not YAML yet: render it first";
