//! What `explain` says of a policy: where it stands, what it demands, and who is bound by it.

use std::fmt::Write;

use plimsoll_control::is_treacherous;

use crate::policy::{Action, Policy};

/// The page, in Markdown.
pub(crate) fn page(policy: &Policy) -> String {
    let mut page = String::from("## What it checks\n\n");
    let place = policy.location.as_ref();
    let place = place.map(|at| format!("{}:{}", visible(&at.file), at.start.line));
    let _ = writeln!(
        page,
        "A ValidatingAdmissionPolicy of your own, {}. What it denies, an API server that has it denies too.\n",
        place.unwrap_or_default()
    );
    for validation in &policy.validations {
        if let Some(message) = &validation.message {
            let _ = writeln!(page, "{}\n", plain(message));
        }
        for line in validation.expression.text.trim().lines() {
            let _ = writeln!(page, "    {}", visible(line));
        }
        page.push('\n');
    }
    page.push_str("## Who is bound\n\n");
    let _ = writeln!(page, "{}", bound(policy));
    page
}

fn bound(policy: &Policy) -> String {
    let actions = policy
        .bindings
        .iter()
        .map(|binding| match binding.action() {
            Action::Deny => "denies",
            Action::Warn => "warns",
            Action::Audit => "notes it in the audit log",
        });
    let actions: Vec<&str> = actions.collect();
    match actions.as_slice() {
        [] => "Nobody.".to_owned(),
        [only] => format!("One binding, which {only}."),
        all => format!(
            "{} bindings, of which the first {}.",
            all.len(),
            all.first().unwrap_or(&"")
        ),
    }
}

/// Without what steers a terminal or cannot be seen.
fn visible(line: &str) -> String {
    line.chars().filter(|char| !is_treacherous(*char)).collect()
}

/// One line without marks: titles and pages are written by people who are trusted elsewhere, so that nobody escapes them.
pub(crate) fn plain(text: &str) -> String {
    const MARKS: [char; 10] = ['#', '`', '*', '_', '[', ']', '<', '>', '|', '&'];
    let is_plain =
        |char: &char| char.is_whitespace() || !is_treacherous(*char) && !MARKS.contains(char);
    let kept: String = text.chars().filter(is_plain).collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    words.join(" ")
}
