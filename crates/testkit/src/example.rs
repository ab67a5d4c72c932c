//! The documents of an example, completed: what a page may leave out (`apiVersion`, `metadata`) is added at the end of
//! each document, so that the page's lines keep their places. Works on lines of text, not on trees.

use plimsoll_snapshot::carrier::CARRIERS;
use plimsoll_snapshot::kinds::is_known;

/// One or several documents, applied together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Example {
    /// Each complete and ending with a line end; without separators.
    pub(crate) documents: Vec<String>,
}

/// The line between documents.
pub(crate) const SEPARATOR: &str = "---\n";

impl Example {
    /// Splits a block's text at lines that are `---` and, if wished, adds what is missing.
    pub(crate) fn read(text: &str, complete: bool) -> Example {
        let mut documents = vec![String::new()];
        for line in text.lines() {
            if line == SEPARATOR.trim_end() {
                documents.push(String::new());
            } else if let Some(document) = documents.last_mut() {
                document.push_str(line);
                document.push('\n');
            }
        }
        documents.retain(|document| has_content(document));
        if complete {
            documents.iter_mut().for_each(complete_document);
        }
        Example { documents }
    }

    /// All documents as one text.
    pub(crate) fn text(&self) -> String {
        self.documents.join(SEPARATOR)
    }

    /// The line of [`Example::text`], from 1, on which a document begins.
    pub(crate) fn first_line(&self, document: usize) -> u32 {
        let before = self.documents.iter().take(document);
        let lines = before.map(|text| text.lines().count() + 1).sum::<usize>();
        u32::try_from(lines + 1).unwrap_or(u32::MAX)
    }
}

fn has_content(document: &str) -> bool {
    let blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    !document.lines().all(blank)
}

/// Adds `apiVersion` and `metadata` to a document in block style that says its kind.
fn complete_document(document: &mut String) {
    let Some(kind) = top(document, "kind") else {
        return;
    };
    let api_version = api_version(kind).unwrap_or("v1");
    if top(document, "apiVersion").is_none() {
        document.push_str(&format!("apiVersion: {api_version}\n"));
    }
    if top(document, "metadata").is_none() && top(document, "items").is_none() {
        document.push_str("metadata: {name: example}\n");
    }
}

/// What follows a key that stands at the beginning of a line, without comment and quotes.
fn top<'d>(document: &'d str, key: &str) -> Option<&'d str> {
    let mut values = document
        .lines()
        .filter_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
    let value = values.next()?;
    let value = value.split_once(" #").map_or(value, |(value, _)| value);
    Some(value.trim().trim_matches(['"', '\'']))
}

/// The newest apiVersion of a kind. `None`: not a kind of Kubernetes itself.
fn api_version(kind: &str) -> Option<&'static str> {
    const OTHERS: [&str; 9] = [
        "v1",
        "apps/v1",
        "batch/v1",
        "rbac.authorization.k8s.io/v1",
        "networking.k8s.io/v1",
        "policy/v1",
        "admissionregistration.k8s.io/v1",
        "apiregistration.k8s.io/v1",
        "autoscaling/v2",
    ];
    let carrier = CARRIERS.iter().find(|carrier| carrier.kind == kind);
    let other = || OTHERS.into_iter().find(|version| is_known(version, kind));
    carrier.map(|carrier| carrier.api_version).or_else(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_added_at_the_end_of_each_document() {
        let example = Example::read(
            "kind: Role # x\n---\nkind: Pod\nmetadata: {name: a}\nspec: {}\n",
            true,
        );
        assert_eq!(
            example.text(),
            "kind: Role # x\napiVersion: rbac.authorization.k8s.io/v1\nmetadata: {name: example}\n---\n\
             kind: Pod\nmetadata: {name: a}\nspec: {}\napiVersion: v1\n"
        );
        assert_eq!(example.first_line(0), 1);
        assert_eq!(example.first_line(1), 5);
    }

    #[test]
    fn documents_without_content_are_not_counted() {
        let example = Example::read("---\n# only a comment\n---\nkind: List\nitems: []\n", true);
        assert_eq!(
            example.documents,
            ["kind: List\nitems: []\napiVersion: v1\n"]
        );
    }

    #[test]
    fn a_text_that_says_no_kind_stays_as_it_is() {
        let example = Example::read("{\"kind\": \"Pod\"}\n", true);
        assert_eq!(example.text(), "{\"kind\": \"Pod\"}\n");
    }
}
