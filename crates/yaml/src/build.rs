//! From YAML events to the tree; the only module that knows the event parser.
//!
//! The parser's spans are exact for scalars but not for block scalars, missing values and block
//! collections: those are corrected here from the text between two events.

mod advice;
mod apart;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StructureStyle, Tag};

use advice::advice;
#[cfg(any(test, feature = "differ"))]
pub(crate) use {advice::SHALLOW, apart::COLON};

use crate::error::{ParseError, ParseErrorKind, TEMPLATE_ADVICE};
use crate::grow::{Grow, MAX_DEPTH, record, too_deep};
use crate::node::Scalar;
use crate::scalar;
use crate::text::{BLANKS, Span, offset};
use crate::tree::{NONE, Record, Shape, Style, Tree, flag};

const BINARY: &str = "tag:yaml.org,2002:binary";
const MERGE: &str = "tag:yaml.org,2002:merge";

/// Parses the YAML document of this span.
pub(crate) fn parse(text: &str, span: Span) -> Result<Tree<'_>, ParseError> {
    apart::line_ends(text, span)?;
    apart::mark(text, span)?;
    let mut build = Build {
        grow: Grow::new(text),
        base: span.start as usize,
        cursor: span.start as usize,
        anchors: Vec::new(),
    };
    let parser = Parser::new_from_str_with_options(span.slice(text), options());
    for event in parser {
        let (event, place) = event.map_err(|error| build.syntax(&error))?;
        let place = place.byte_range().unwrap_or_default();
        let place = Span::of(build.base + place.start, build.base + place.end);
        let ended = matches!(event, Event::DocumentEnd) && !place.is_empty();
        build.take(event, place)?;
        // kubectl reads nothing after `...`.
        if ended {
            break;
        }
    }
    Ok(build.grow.finish(span.start))
}

/// kubectl's own depth; keys of any length, as in JSON; any number of comments.
fn options() -> granit_parser::Options {
    granit_parser::options! {
        emit_unresolved_aliases: true,
        max_buffered_comment_events: usize::MAX,
        simple_key_max_lookahead: usize::MAX,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    }
}

struct Build<'t> {
    grow: Grow<'t>,
    /// Where the document starts in the text.
    base: usize,
    /// The end of the last node seen.
    cursor: usize,
    /// The node of each anchor, by the parser's anchor number.
    anchors: Vec<u32>,
}

impl<'t> Build<'t> {
    fn text(&self) -> &'t str {
        self.grow.tree.text
    }

    fn take(&mut self, event: Event<'_>, place: Span) -> Result<(), ParseError> {
        match event {
            Event::Comment(..) => self.comment(place),
            Event::Scalar(value, style, anchor, tag) => {
                self.scalar(&value, style, anchor, tag.as_deref(), place)?;
            }
            Event::SequenceStart(style, anchor, _) => {
                self.open(Shape::Sequence, style, anchor, place)?;
            }
            Event::MappingStart(style, anchor, _) => {
                self.open(Shape::Mapping, style, anchor, place)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(place)?,
            Event::Alias(anchor) => self.alias(anchor, place)?,
            Event::UnresolvedAlias(name) => {
                let message = format!("there is no anchor `&{name}` before this alias");
                let kind = ParseErrorKind::UnknownAnchor;
                return Err(ParseError::new(kind, place, message));
            }
            _ => {}
        }
        Ok(())
    }

    fn comment(&mut self, place: Span) {
        let trimmed = place.slice(self.text()).trim_end_matches(BLANKS).len();
        let end = place.start + offset(trimmed);
        self.grow.tree.comments.push(Span { end, ..place });
    }

    fn open(
        &mut self,
        shape: Shape,
        style: StructureStyle,
        anchor: usize,
        place: Span,
    ) -> Result<(), ParseError> {
        let mut start = place.start;
        let style = match style {
            StructureStyle::Flow => Style::Flow,
            StructureStyle::Block => Style::Block,
        };
        if style == Style::Block {
            self.refuse_tabs(start)?;
        }
        // A list not indented below its key is reported from its first item, not from its dash.
        if shape == Shape::Sequence && style == Style::Block && self.grow.takes_value() {
            start = self.find(b"-").map_or(start, offset);
        }
        let span = Span { start, end: start };
        let id = self
            .grow
            .open(anchored(record(shape, style, span), anchor))?;
        self.cursor = self.cursor.max(place.end as usize).max(start as usize);
        self.remember(anchor, id);
        Ok(())
    }

    /// The event parser lets tabs indent a document's first collection; kubectl does not.
    fn refuse_tabs(&self, start: u32) -> Result<(), ParseError> {
        let before = self.text().get(..start as usize).unwrap_or_default();
        let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
        let indent = Span::of(before.len() - blanks, before.len());
        let alone = before.len() == blanks || before.trim_end_matches([' ', '\t']).ends_with('\n');
        if alone && indent.slice(before).contains('\t') {
            let advice = advice(&ErrorKind::TabInIndentation);
            return Err(ParseError::new(ParseErrorKind::Syntax, indent, advice));
        }
        Ok(())
    }

    fn close(&mut self, place: Span) -> Result<(), ParseError> {
        if !place.is_empty() {
            self.cursor = place.end as usize;
        }
        self.grow.close(offset(self.cursor))
    }

    fn alias(&mut self, anchor: usize, place: Span) -> Result<(), ParseError> {
        self.cursor = place.end as usize;
        let target = self.anchors.get(anchor).copied().unwrap_or(NONE);
        self.grow.alias(target, place)
    }

    fn remember(&mut self, anchor: usize, id: u32) {
        if anchor == 0 {
            return;
        }
        if self.anchors.len() <= anchor {
            self.anchors.resize(anchor + 1, NONE);
        }
        if let Some(slot) = self.anchors.get_mut(anchor) {
            *slot = id;
        }
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        place: Span,
    ) -> Result<(), ParseError> {
        let (style, span) = self.scalar_span(style, place);
        if style == Style::Plain && self.grow.in_flow() {
            match tag {
                Some(_) if span.is_empty() => apart::flow_tag(self.text(), span)?,
                _ => apart::flow_scalar(self.text(), span)?,
            }
        }
        let value = if span.is_empty() { "" } else { value };
        let tag = tag.map(|tag| format!("{}{}", tag.handle(), tag.suffix()));
        let shape = self.scalar_shape(value, style, tag.as_deref(), span)?;
        let mut scalar = anchored(record(shape, style, span), anchor);
        let decoded = match tag.as_deref() {
            Some(BINARY) => Some(scalar::base64(value).ok_or_else(|| bad_tag(BINARY, span))?),
            _ => None,
        };
        let value = decoded.as_deref().unwrap_or(value);
        if value != raw(self.text(), style, span) {
            scalar.first = self.grow.set_aside(value);
        }
        let merges = value == "<<" && style == Style::Plain && tag.is_none();
        if merges || tag.as_deref() == Some(MERGE) {
            scalar.flags |= flag::MERGE_KEY;
        }
        let id = self.grow.place(scalar)?;
        self.cursor = span.end as usize;
        self.remember(anchor, id);
        Ok(())
    }

    fn scalar_shape(
        &self,
        value: &str,
        style: Style,
        tag: Option<&str>,
        span: Span,
    ) -> Result<Shape, ParseError> {
        let shape = match tag {
            Some(tag) => scalar::tagged(tag, value).ok_or_else(|| bad_tag(tag, span))?,
            None if style == Style::Plain => scalar::shape(scalar::resolve(value)),
            None => Shape::Str,
        };
        let infinite = shape == Shape::Float
            && matches!(scalar::value(shape, value), Scalar::Float(value) if !value.is_finite());
        if infinite && !self.grow.takes_key() {
            let message = "there is no such number in JSON, which this is turned into: quote it if it is text";
            return Err(ParseError::new(ParseErrorKind::NotJson, span, message));
        }
        Ok(shape)
    }

    /// A scalar's style and its true span.
    fn scalar_span(&self, style: ScalarStyle, place: Span) -> (Style, Span) {
        match style {
            ScalarStyle::SingleQuoted => (Style::SingleQuoted, place),
            ScalarStyle::DoubleQuoted => (Style::DoubleQuoted, place),
            ScalarStyle::Literal => (Style::Literal, self.block_span(b"|", place)),
            ScalarStyle::Folded => (Style::Folded, self.block_span(b">", place)),
            _ if place.is_empty() => (Style::Plain, self.missing_span(place)),
            _ => (Style::Plain, place),
        }
    }

    /// From the header to the end of the last line with content.
    fn block_span(&self, header: &[u8], place: Span) -> Span {
        let start = self.find(header).unwrap_or(place.start as usize);
        let end = (place.end as usize).max(start + 1);
        let content = self.text().get(start..end).unwrap_or_default();
        Span::of(start, start + content.trim_end_matches(BLANKS).len())
    }

    /// Directly after the colon whose value is missing.
    fn missing_span(&self, place: Span) -> Span {
        let at = place.start as usize;
        let rest = self.text().get(at..).unwrap_or_default();
        let ahead = rest.trim_start_matches(BLANKS);
        let at = if !self.grow.takes_value() {
            at
        } else if ahead.starts_with(':') {
            at + rest.len() - ahead.len() + 1
        } else if self
            .text()
            .get(self.cursor..at)
            .is_some_and(|gap| gap.contains('\n'))
        {
            self.cursor
        } else {
            at
        };
        Span::of(at, at)
    }

    /// The first of these indicators after the last node; only indicators, properties, blanks and
    /// comments stand before it.
    fn find(&self, indicators: &[u8]) -> Option<usize> {
        let bytes = self.text().as_bytes();
        let mut at = self.cursor;
        loop {
            let byte = *bytes.get(at)?;
            let rest = bytes.get(at..)?;
            at += match byte {
                _ if indicators.contains(&byte) => return Some(at),
                b'#' => memchr::memchr(b'\n', rest)?,
                b'&' | b'!' => rest.iter().position(u8::is_ascii_whitespace)?,
                b' ' | b'\t' | b'\r' | b'\n' | b':' | b'?' | b'-' => 1,
                _ => return None,
            };
        }
    }

    fn on_template_line(&self, at: usize) -> bool {
        let (before, after) = self.text().split_at_checked(at).unwrap_or_default();
        let start = before.rsplit('\n').next().unwrap_or_default();
        let end = after.lines().next().unwrap_or_default();
        start.contains("{{") || end.contains("{{") || (start.ends_with('{') && end.starts_with('{'))
    }

    fn syntax(&self, error: &ScanError) -> ParseError {
        let start = self.base + error.marker().byte_offset().unwrap_or_default();
        let rest = self.text().get(start..).unwrap_or_default();
        let width = rest.chars().next().map_or(0, char::len_utf8);
        let span = Span::of(start, start + width);
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => too_deep(span),
            kind if *kind != ErrorKind::InvalidQuotedScalarIndent
                && self.on_template_line(start) =>
            {
                ParseError::new(ParseErrorKind::Syntax, span, TEMPLATE_ADVICE)
            }
            kind => ParseError::new(ParseErrorKind::Syntax, span, advice(kind)),
        }
    }
}

/// Marks a node that aliases may refer to.
fn anchored(mut node: Record, anchor: usize) -> Record {
    if anchor != 0 {
        node.flags |= flag::ANCHOR;
    }
    node
}

/// The scalar's characters as they stand in the text, quotes removed.
fn raw(text: &str, style: Style, span: Span) -> &str {
    let raw = span.slice(text);
    match style {
        Style::SingleQuoted | Style::DoubleQuoted => {
            raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default()
        }
        _ => raw,
    }
}

fn bad_tag(tag: &str, span: Span) -> ParseError {
    let name = tag.strip_prefix("tag:yaml.org,2002:").unwrap_or(tag);
    let message = match tag {
        BINARY => "the value tagged `!!binary` is not base64".to_owned(),
        _ => format!("the value does not fit its tag `!!{name}`: correct it or remove the tag"),
    };
    ParseError::new(ParseErrorKind::BadTag, span, message)
}
