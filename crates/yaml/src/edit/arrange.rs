//! Puts splices of one text in order and makes them at once. Where several stand at the same offset, what is deeper comes first: the
//! end of an inner collection is often the end of the outer ones, too.

use crate::edit::Splice;
use crate::text::Span;

/// The text with all splices made. `None` where they touch each other.
pub(super) fn all(text: &str, mut splices: Vec<Splice>) -> Option<String> {
    splices.sort_by_key(|splice| {
        (
            splice.span.start,
            !splice.span.is_empty(),
            std::cmp::Reverse(depth(&splice.text)),
        )
    });
    let splices = beside_insertions(text, joined(splices));
    let mut edited = String::with_capacity(text.len() + 64 * splices.len());
    let mut done = 0;
    for splice in &splices {
        let (start, end) = (splice.span.start as usize, splice.span.end as usize);
        edited.push_str(text.get(done..start)?);
        edited.push_str(&splice.text);
        done = end;
    }
    edited.push_str(text.get(done..)?);
    Some(edited)
}

/// How deep the first line of what is put in stands; an item is deeper than a key in the same column.
fn depth(text: &str) -> (usize, bool) {
    let line = text.trim_start_matches(['\r', '\n']);
    let below = line.trim_start_matches(' ');
    (line.len() - below.len(), below.starts_with('-'))
}

/// Removals that follow each other directly become one.
fn joined(splices: Vec<Splice>) -> Vec<Splice> {
    let mut joined: Vec<Splice> = Vec::with_capacity(splices.len());
    for splice in splices {
        match joined.last_mut() {
            Some(last)
                if last.text.is_empty()
                    && splice.text.is_empty()
                    && last.span.end == splice.span.start =>
            {
                last.span = Span::of(last.span.start as usize, splice.span.end as usize);
            }
            _ => joined.push(splice),
        }
    }
    joined
}

/// Lines that are taken away go with the line end before them instead of their own where something is put behind the last of them.
fn beside_insertions(text: &str, splices: Vec<Splice>) -> Vec<Splice> {
    let mut arranged: Vec<Splice> = Vec::with_capacity(splices.len());
    for splice in splices {
        if let Some(last) = arranged.last_mut()
            && splice.span.start < last.span.end
            && let Some(back) = line_end_before(text, last.span.end as usize)
            && splice.span.start as usize == last.span.end as usize - back
            && line_end_before(text, last.span.start as usize) == Some(back)
            && last.text.is_empty()
        {
            last.span = Span::of(
                last.span.start as usize - back,
                last.span.end as usize - back,
            );
        }
        arranged.push(splice);
    }
    arranged
}

/// How long the line end is that ends at an offset.
fn line_end_before(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?;
    match before.ends_with("\r\n") {
        true => Some(2),
        false => before.ends_with('\n').then_some(1),
    }
}
