//! A fix in SARIF: the edits of the first remedy, by file.

use super::shape::*;
use super::{message, region};
use crate::formats::words::uri;
use crate::record::Fix;

/// The edits of a remedy; nothing where the report does not carry them.
pub(super) fn fixes<'f>(fix: &'f Fix<'_>) -> Vec<Repair<'f>> {
    let mut changes: Vec<Change<'_>> = Vec::new();
    for edit in &fix.edits {
        let uri = uri(&edit.location.file);
        let replacement = Replacement {
            deleted_region: region(&edit.location),
            inserted_content: Content { text: &edit.text },
        };
        match changes
            .iter_mut()
            .find(|it| it.artifact_location.uri == uri)
        {
            Some(change) => change.replacements.push(replacement),
            None => changes.push(Change {
                artifact_location: ArtifactLocation { uri },
                replacements: vec![replacement],
            }),
        }
    }
    if changes.is_empty() {
        return Vec::new();
    }
    let option = fix.options.first().map_or("the fix", |option| option);
    vec![Repair {
        description: message(&format!("{option} ({})", fix.safety.as_str())),
        artifact_changes: changes,
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record;

    #[test]
    fn edits_become_replacements_by_file() {
        let edit = |file: &'static str, line| record::Edit {
            location: record::Location {
                file: file.into(),
                document: 1,
                line,
                column: 3,
                end_line: line,
                end_column: 9,
                exact: true,
            },
            text: "new".into(),
        };
        let fix = Fix {
            safety: record::Safety::Review,
            options: vec!["recommended".into()],
            edits: vec![edit("a b.yaml", 1), edit("a b.yaml", 4), edit("c.yaml", 2)],
        };
        let shown = serde_json::to_value(fixes(&fix)).unwrap();
        assert_eq!(shown[0]["description"]["text"], "recommended (review)");
        let changes = shown[0]["artifactChanges"].as_array().unwrap();
        assert_eq!(changes[0]["artifactLocation"]["uri"], "a%20b.yaml");
        assert_eq!(changes[0]["replacements"].as_array().unwrap().len(), 2);
        assert_eq!(
            changes[1]["replacements"][0]["deletedRegion"]["endColumn"],
            9
        );
        assert!(
            fixes(&Fix {
                edits: vec![],
                ..fix
            })
            .is_empty()
        );
    }

    #[test]
    fn what_is_inserted_is_the_text_itself_and_steers_nothing() {
        const EVIL: &str = "</script>\u{1b}[31m\u{202e}::error::|\r\n[a](b)\u{0}";
        let edit = record::Edit {
            location: record::Location {
                file: EVIL.into(),
                document: 1,
                line: 1,
                column: 1,
                end_line: 1,
                end_column: 1,
                exact: true,
            },
            text: EVIL.into(),
        };
        let fix = Fix {
            safety: record::Safety::Review,
            options: vec![EVIL.into()],
            edits: vec![edit],
        };
        let mut out = Vec::new();
        crate::json::line(&fixes(&fix), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.trim_end().contains(crate::fixture::steers), "{text}");
        assert_eq!(text.lines().count(), 1);
        let shown: serde_json::Value = serde_json::from_str(&text).unwrap();
        let change = &shown[0]["artifactChanges"][0];
        assert_eq!(change["replacements"][0]["insertedContent"]["text"], EVIL);
        let uri = change["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.starts_with("%3C/script%3E%1B"), "{uri}");
        let said = shown[0]["description"]["text"].as_str().unwrap();
        assert!(said.contains("\\[a\\](b)"), "{said}");
    }
}
