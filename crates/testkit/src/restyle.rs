//! The same documents with another text: line ends, marks, comments, other documents around them. The values stay, so
//! that every line is known. The verdicts must stay too.

use plimsoll_yaml::Lines;

use crate::block::{Block, Mark, Variant};
use crate::example::Example;
use crate::value::{scalars_on_one_line, with_tree};

/// All variants of a block.
pub(crate) fn variants(block: &Block) -> Vec<Variant> {
    let same = |name: &str, text: String| Variant {
        name: name.to_owned(),
        text,
        expected: block.expected(),
    };
    let text = block.example.text();
    let mut variants = vec![
        same("with CRLF line ends", text.replace('\n', "\r\n")),
        same("with a byte order mark", format!("\u{feff}{text}")),
        same("without a last line end", text.trim_end().to_owned()),
        between_others(block),
    ];
    let documents = || block.example.documents.iter();
    if !documents().any(|document| document.starts_with('{')) {
        variants.push(mapped(
            block,
            "below multi-byte comments",
            |text| format!("# 🦀 名前 — ü\n{text}"),
            |line| line + 1,
        ));
        if documents().all(|document| scalars_on_one_line(document)) {
            variants.push(mapped(
                block,
                "with a comment above each line",
                comments_above,
                |line| 2 * line,
            ));
            variants.push(mapped(
                block,
                "with a comment on each line",
                comments_behind,
                |line| line,
            ));
        }
    }
    variants
}

/// Changes each document's text; `moved` tells where a line has gone.
fn mapped(
    block: &Block,
    name: &str,
    change: impl Fn(&str) -> String,
    moved: impl Fn(u32) -> u32,
) -> Variant {
    let documents = block.example.documents.iter();
    let example = Example {
        documents: documents.map(|text| change(text)).collect(),
    };
    let marks: Vec<Mark> = block
        .marks
        .iter()
        .map(|mark| Mark {
            line: mark.line.map(&moved),
            ..mark.clone()
        })
        .collect();
    block.variant(name, &example, &marks)
}

fn between_others(block: &Block) -> Variant {
    const OTHER: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: unrelated, namespace: unrelated}
data:
  note: |
    🦀 --- kind: Pod
";
    let mut documents = vec![OTHER.to_owned()];
    documents.extend(block.example.documents.iter().cloned());
    documents.push(OTHER.to_owned());
    let marks: Vec<Mark> = block
        .marks
        .iter()
        .map(|mark| Mark {
            document: mark.document + 1,
            ..mark.clone()
        })
        .collect();
    block.variant("between other documents", &Example { documents }, &marks)
}

fn comments_above(text: &str) -> String {
    let with_comment = |line: &str| {
        let indent = line.len() - line.trim_start().len();
        format!("{}# 注: 🦀\n{line}\n", " ".repeat(indent))
    };
    text.lines().map(with_comment).collect()
}

fn comments_behind(text: &str) -> String {
    let lines = Lines::new(text);
    let commented: Vec<u32> = with_tree(text, |tree| {
        let comments = tree.comments().iter();
        comments
            .map(|span| lines.position(text, span.start).line)
            .collect()
    })
    .unwrap_or_default();
    let with_comment = |(number, line): (u32, &str)| match line.trim().is_empty() {
        true => format!("{line}\n"),
        false if commented.contains(&number) => format!("{line} 🦀\n"),
        false => format!("{line} # 🦀 kind: Other\n"),
    };
    (1..).zip(text.lines()).map(with_comment).collect()
}
