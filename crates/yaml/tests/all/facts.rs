//! The cases of `tests/spec.md`. The fuzzer's tests hold the same to kubectl's library.

const CASES: &str = include_str!("../spec.md");

/// The blocks in a language, one of each case, with what stands for what cannot be seen put right.
pub(crate) fn blocks(language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let blocks = CASES.split(&fence).skip(1);
    let texts = blocks.filter_map(|rest| rest.split_once("```\n"));
    texts.map(|(text, _)| seen(text)).collect()
}

fn seen(block: &str) -> String {
    let signs = [('·', " "), ('→', "\t"), ('␍', "\r"), ('␀', "\u{feff}")];
    let put_right = |text: String, (sign, meant)| text.replace(sign, meant);
    let text = signs.into_iter().fold(block.to_owned(), put_right);
    match text.split_once('∎') {
        Some((text, _)) => text.to_owned(),
        None => text,
    }
}
