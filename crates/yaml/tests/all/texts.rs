//! Decoding, lines and columns.

use plimsoll_yaml::{Lines, NotText, Position, Span, decode, looks_like};

fn at(text: &str, offset: u32) -> (u32, u32) {
    let Position { line, column } = Lines::new(text).position(text, offset);
    (line, column)
}

#[test]
fn utf_8_is_taken_as_it_is() {
    assert_eq!(decode("é: ☂".into()), Ok("é: ☂".to_owned()));
    assert_eq!(decode("\u{feff}a".into()), Ok("\u{feff}a".to_owned()));
    assert_eq!(decode(b"ab\xff".to_vec()), Err(NotText { offset: 2 }));
    assert_eq!(decode(b"a\0b".to_vec()), Err(NotText { offset: 1 }));
}

#[test]
fn utf_16_needs_its_mark() {
    let little: Vec<u8> = [0xfeff]
        .into_iter()
        .chain("a: 😀".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let big: Vec<u8> = [0xfeff]
        .into_iter()
        .chain("a: 😀".encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    assert_eq!(decode(little.clone()), Ok("a: 😀".to_owned()));
    assert_eq!(decode(big), Ok("a: 😀".to_owned()));
    assert_eq!(
        decode(little[..little.len() - 1].to_vec()),
        Err(NotText { offset: 10 })
    );
    assert_eq!(
        decode(little[..little.len() - 2].to_vec()),
        Err(NotText { offset: 8 })
    );
}

#[test]
fn columns_are_right_at_every_place_of_long_lines() {
    for text in [
        format!("\u{feff}{}\n{}", "aé😀".repeat(700), "é".repeat(1024)),
        "x".repeat(2048),
        format!("{}\n", "😀".repeat(512)),
    ] {
        let lines = Lines::new(&text);
        let (mut line, mut column) = (1, 1);
        for (offset, c) in text.char_indices() {
            let found = lines.position(&text, offset as u32);
            assert_eq!(found, Position { line, column }, "at byte {offset}");
            match c {
                '\n' => (line, column) = (line + 1, 1),
                '\u{feff}' => {}
                _ => column += 1,
            }
        }
        let end = lines.position(&text, text.len() as u32);
        assert_eq!(end, Position { line, column });
    }
}

#[test]
fn columns_count_code_points() {
    let text = "é😀x\r\ny\n";
    assert_eq!(at(text, 0), (1, 1));
    assert_eq!(at(text, 2), (1, 2));
    assert_eq!(at(text, 6), (1, 3));
    assert_eq!(at(text, 9), (2, 1));
    assert_eq!(at(text, 11), (3, 1));
    assert_eq!(at(text, 99), (3, 1));
    assert_eq!(at(text, 4), (1, 2), "inside a character");
}

#[test]
fn a_byte_order_mark_is_no_column() {
    assert_eq!(at("\u{feff}ab", 3), (1, 1));
    assert_eq!(at("\u{feff}ab", 4), (1, 2));
    assert_eq!(at("x\n\u{feff}ab", 5), (2, 2));
}

#[test]
fn lines_exclude_their_ends() {
    let text = "a\r\nbc\n";
    let lines = Lines::new(text);
    assert_eq!(lines.count(), 3);
    assert_eq!(lines.line_span(0), None);
    assert_eq!(lines.line_span(1), Some(Span { start: 0, end: 1 }));
    assert_eq!(lines.line_span(2), Some(Span { start: 3, end: 5 }));
    assert_eq!(lines.line_span(3), Some(Span { start: 6, end: 6 }));
    assert_eq!(lines.line_span(4), None);
}

#[test]
fn a_broken_document_still_shows_its_keys() {
    let keys = &["apiVersion", "kind"];
    assert!(looks_like("x: [\nkind: Pod\n", keys));
    assert!(looks_like("{{ if .x }}\n\"kind\" :\n", keys));
    assert!(looks_like("\u{feff}apiVersion: v1\r\n", keys));
    assert!(!looks_like("  kind: Pod\n", keys));
    assert!(!looks_like("kind:Pod\n", keys));
    assert!(!looks_like("kinds: Pod\n- kind: x\n", keys));
    assert!(looks_like("{\"a\": {\"b\": \"{\"}, \"kind\": ", keys));
    assert!(looks_like("{\"a\": 1 \"kind\": \"Pod\"}", keys));
    assert!(looks_like("{a: [ü], kind: Pod, x: [}", keys));
    assert!(looks_like("{\n  'apiVersion' : v1, x: [}", keys));
    assert!(!looks_like("{a: {kind: Pod}, b: kind, kinds: 1, [}", keys));
    assert!(!looks_like("{{ kind: Pod }}", keys));
    assert!(!looks_like(
        "{\"a\": {\"kind\": 1}, \"b\": \"kind\", \"c\": \"\\\"kind\\\": 1\"}",
        keys
    ));
}
