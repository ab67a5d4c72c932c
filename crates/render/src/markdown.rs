//! A control's page for a terminal: headings, wrapped prose, lists; examples are shown by their own module. Knows
//! Markdown, no control.

use std::io;

use anstyle::Style;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::example::example;
use crate::pen::{Pen, Piece};
use crate::style::{CODE, EMPHASIS, FAINT, PLAIN, STRONG};
use crate::table::Table;

/// Writes a page without its first heading, which is the control's id.
pub(crate) fn page(markdown: &str, pen: &mut Pen<'_>) -> io::Result<()> {
    let mut page = Page {
        pen,
        pieces: Vec::new(),
        styles: Vec::new(),
        lists: Vec::new(),
        marker: None,
        block: None,
        links: Vec::new(),
        table: Table::default(),
    };
    Parser::new_ext(markdown, Options::ENABLE_TABLES).try_for_each(|event| page.take(event))
}

struct Page<'p, 'o> {
    pen: &'p mut Pen<'o>,
    /// The text since the last line end.
    pieces: Vec<(Style, String)>,
    styles: Vec<Style>,
    /// The number of the next item of each open list; `None` for bullets.
    lists: Vec<Option<u64>>,
    /// What stands before the item that has just begun.
    marker: Option<String>,
    /// The info string and the text of a code block.
    block: Option<(String, String)>,
    links: Vec<String>,
    table: Table,
}

impl Page<'_, '_> {
    fn take(&mut self, event: Event<'_>) -> io::Result<()> {
        match event {
            Event::Start(tag) => self.begin(tag)?,
            Event::End(tag) => self.finish(tag)?,
            Event::HardBreak => self.flush()?,
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(text) if self.pen.color => self.pieces.push((CODE, text.into_string())),
            Event::Code(text) => self.pieces.push((PLAIN, format!("`{text}`"))),
            Event::SoftBreak => self.text(" "),
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, tag: Tag<'_>) -> io::Result<()> {
        match tag {
            Tag::Table(_) => self.pen.end()?,
            Tag::Paragraph if self.lists.is_empty() => self.pen.end()?,
            Tag::Heading { .. } => self.styles.push(STRONG),
            Tag::Strong => self.styles.push(STRONG),
            Tag::Emphasis => self.styles.push(EMPHASIS),
            Tag::Link { dest_url, .. } => self.links.push(dest_url.into_string()),
            Tag::List(first) => self.begin_list(first)?,
            Tag::Item => self.marker = Some(self.next_marker()),
            Tag::CodeBlock(kind) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.block = Some((info, String::new()));
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(&mut self, tag: TagEnd) -> io::Result<()> {
        match tag {
            TagEnd::Heading(level) => self.finish_heading(level)?,
            TagEnd::Paragraph | TagEnd::Item => self.flush()?,
            TagEnd::Strong | TagEnd::Emphasis => drop(self.styles.pop()),
            TagEnd::List(_) => drop(self.lists.pop()),
            TagEnd::TableCell => self.table.cell(std::mem::take(&mut self.pieces)),
            TagEnd::TableHead => self.table.end_head(),
            TagEnd::TableRow => self.table.end_row(self.pen)?,
            TagEnd::Link => self.finish_link(),
            TagEnd::CodeBlock => {
                if let Some((info, text)) = self.block.take() {
                    self.pen.end()?;
                    example(&info, &text, self.pen)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn begin_list(&mut self, first: Option<u64>) -> io::Result<()> {
        if self.lists.is_empty() {
            self.pen.end()?;
        }
        self.flush()?;
        self.lists.push(first);
        Ok(())
    }

    fn next_marker(&mut self) -> String {
        let indent = "  ".repeat(self.lists.len());
        match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{indent}{}. ", *number - 1)
            }
            _ => format!("{indent}- "),
        }
    }

    fn finish_heading(&mut self, level: HeadingLevel) -> io::Result<()> {
        self.styles.pop();
        let pieces = std::mem::take(&mut self.pieces);
        if level == HeadingLevel::H1 {
            return Ok(());
        }
        self.pen.end()?;
        self.pen.flow(&[], (PLAIN, ""), &borrowed(&pieces))
    }

    fn finish_link(&mut self) {
        let Some(url) = self.links.pop() else { return };
        if self.pieces.last().is_none_or(|(_, text)| *text != url) {
            self.pieces.push((FAINT, format!(" ({url})")));
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.block {
            Some((_, block)) => block.push_str(text),
            None => {
                let style = self.styles.last().copied().unwrap_or(PLAIN);
                self.pieces.push((style, text.replace('\n', " ")));
            }
        }
    }

    /// Writes the text since the last line end as a paragraph or as an item of a list.
    fn flush(&mut self) -> io::Result<()> {
        let pieces = std::mem::take(&mut self.pieces);
        if pieces.is_empty() {
            return Ok(());
        }
        let indent = "  ".repeat(self.lists.len() + 1);
        let first = self.marker.take().unwrap_or_else(|| indent.clone());
        self.pen
            .flow(&[(FAINT, &first)], (PLAIN, &indent), &borrowed(&pieces))
    }
}

fn borrowed(pieces: &[(Style, String)]) -> Vec<Piece<'_>> {
    pieces
        .iter()
        .map(|(style, text)| (*style, text.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(markdown: &str) -> String {
        let mut out = Vec::new();
        page(markdown, &mut Pen::new(&mut out, 50, false)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn rows_of_tables_become_items() {
        let table = "| path | writable | read-only |\n|---|---|---|\n| `/` and above | critical | high |\n| other | low | |\n";
        let wanted = "\n  - `/` and above: writable critical; read-only\n    high\n  - other: writable low\n";
        assert_eq!(shown(table), wanted);
    }

    #[test]
    fn loose_lists_and_their_paragraphs_keep_their_indent() {
        let list = "- one\n\n  more of it\n\n- two\n\nafter\n";
        assert_eq!(
            shown(list),
            "\n  - one\n    more of it\n  - two\n\n  after\n"
        );
    }

    #[test]
    fn a_page_cannot_steer_the_terminal_either() {
        assert_eq!(
            shown("a\u{1b}[2Jb <b>&#27;</b>"),
            "\n  a\\u{1b}[2Jb <b>\\u{1b}</b>\n"
        );
    }
}
