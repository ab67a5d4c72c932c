//! SARIF 2.1.0, as GitHub and others take it in: a rule for each control that is named, with its page as help; a result for
//! each finding; waived findings are suppressed results; gaps are execution errors, what was not assessed is noted.
//!
//! `shape` holds the parts of the format that we write. Invariant: messages are plain text for whoever shows them: nothing
//! in a name becomes a link.

mod repair;
mod shape;

use std::collections::HashMap;
use std::io::{self, Write};

use plimsoll_control::{Control, Severity};

use self::repair::fixes;
use self::shape::*;
use super::Catalogue;
use super::words::{cvss, subject, uri};
use crate::escape::escape;
use crate::explain::explain_control;
use crate::json::pretty;
use crate::record::{self, Finding, Gap, NotAssessed, Record, Waived};

/// Writes a log with one run.
pub(super) fn sarif(
    record: &Record<'_>,
    catalogue: Catalogue<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rules = Rules::of(record);
    let state = record.known.as_ref().map(|_| "new");
    let findings = record.findings.iter().map(|it| Outcome {
        baseline_state: state,
        ..rules.result(it, Vec::new())
    });
    let waived = record.waived.iter().map(|it| rules.waived(it));
    let gaps = record.gaps.iter().map(notification_of_gap);
    let open = record.not_assessed.iter().map(|it| rules.not_assessed(it));
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: &record.tool.name,
                version: &record.tool.version,
                rules: rules.describe(record, catalogue)?,
            },
        },
        invocations: [Invocation {
            execution_successful: record.gaps.is_empty(),
            tool_execution_notifications: gaps.chain(open).collect(),
        }],
        column_kind: "unicodeCodePoints",
        results: findings.chain(waived).collect(),
    };
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [run],
    };
    pretty(&log, out)
}

/// Which control is which rule, in the order of their ids.
struct Rules<'r> {
    ids: Vec<&'r str>,
    index: HashMap<&'r str, usize>,
}

impl<'r> Rules<'r> {
    fn of(record: &'r Record<'_>) -> Rules<'r> {
        let findings = record.findings.iter().map(|it| &*it.control);
        let waived = record.waived.iter().map(|it| &*it.finding.control);
        let open = record.not_assessed.iter().map(|it| &*it.control);
        let mut ids: Vec<&str> = findings.chain(waived).chain(open).collect();
        ids.sort_unstable();
        ids.dedup();
        let index = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        Rules { ids, index }
    }

    fn describe(&self, record: &Record<'_>, catalogue: Catalogue<'_>) -> io::Result<Vec<Rule<'r>>> {
        let rule = |id: &&'r str| match catalogue.find(id) {
            Some(control) => rule(id, control),
            None => Ok(unknown_rule(id, record)),
        };
        self.ids.iter().map(rule).collect()
    }

    fn index(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    fn result<'f>(&self, finding: &'f Finding<'_>, suppressions: Vec<Suppression>) -> Outcome<'f> {
        let related = finding.related.iter().enumerate();
        Outcome {
            rule_id: &finding.control,
            rule_index: self.index(&finding.control),
            level: level(finding.severity),
            message: message(&finding.message),
            locations: vec![Location {
                physical_location: finding.location.as_ref().map(physical),
                logical_locations: vec![logical(&finding.object, &finding.path)],
                ..Location::default()
            }],
            related_locations: related
                .map(|(id, related)| Location {
                    id: Some(id),
                    message: Some(message(&related.message)),
                    physical_location: related.location.as_ref().map(physical),
                    logical_locations: vec![logical(&related.object, &related.path)],
                })
                .collect(),
            partial_fingerprints: Fingerprints {
                plimsoll: &finding.fingerprint,
            },
            fixes: finding.fix.as_ref().map(fixes).unwrap_or_default(),
            suppressions,
            baseline_state: None,
            properties: Properties {
                severity: finding.severity.as_str(),
                priority: finding.priority.rank,
                why: escape(&finding.priority.why).into_owned(),
                guide: &finding.guide,
                exact: finding.location.as_ref().map(|at| at.exact),
            },
        }
    }

    fn waived<'f>(&self, waived: &'f Waived<'_>) -> Outcome<'f> {
        let waiver = &waived.waiver;
        let shown = |text: &str| escape(text).into_owned();
        let suppression = Suppression {
            kind: "external",
            status: "accepted",
            justification: shown(&waiver.reason),
            properties: Decision {
                owner: waiver.owner.as_deref().map(shown),
                expires: waiver.expires.as_deref().map(shown),
                source: shown(&waiver.source),
            },
        };
        self.result(&waived.finding, vec![suppression])
    }

    fn not_assessed<'f>(&self, open: &'f NotAssessed<'_>) -> Notification<'f> {
        let text = format!("not assessed: {}; {}", open.reason, open.would_help);
        Notification {
            level: "note",
            message: message(&text),
            descriptor: Descriptor { id: "notAssessed" },
            associated_rule: self.index(&open.control).map(|index| RuleReference {
                id: &open.control,
                index,
            }),
            locations: Vec::new(),
        }
    }
}

fn rule<'r>(id: &'r str, control: &'static Control) -> io::Result<Rule<'r>> {
    let head = &control.head;
    let mut text = Vec::new();
    explain_control(control, None, 100, false, &mut text)?;
    let mut tags = vec!["security".to_owned(), head.chapter.slug().to_owned()];
    tags.extend(head.guide.iter().map(|it| it.id.to_owned()));
    Ok(Rule {
        id,
        short_description: message(head.title),
        help: Help {
            text: String::from_utf8_lossy(&text).into_owned(),
            markdown: Some(head.page.text()),
        },
        default_configuration: Configuration {
            level: level(head.severity),
        },
        properties: RuleProperties {
            tags,
            security_severity: cvss(head.severity),
        },
    })
}

/// A control that only the version knows that wrote the report: its worst finding says how bad it is.
fn unknown_rule<'r>(id: &'r str, record: &Record<'_>) -> Rule<'r> {
    let findings = record.findings.iter().filter(|it| it.control == id);
    let severity = findings
        .map(|it| it.severity)
        .max()
        .unwrap_or(Severity::Low);
    Rule {
        id,
        short_description: message(id),
        help: Help {
            text: format!(
                "run `plimsoll explain {}` with the version that wrote the report",
                escape(id)
            ),
            markdown: None,
        },
        default_configuration: Configuration {
            level: level(severity),
        },
        properties: RuleProperties {
            tags: vec!["security".to_owned()],
            security_severity: cvss(severity),
        },
    }
}

fn notification_of_gap<'f>(gap: &'f Gap<'_>) -> Notification<'f> {
    let place = match gap.location.place() {
        Some(place) => physical(place),
        None => whole(gap.location.file()),
    };
    Notification {
        level: "error",
        message: message(&gap.message),
        descriptor: Descriptor { id: &gap.reason },
        associated_rule: None,
        locations: vec![Location {
            physical_location: Some(place),
            ..Location::default()
        }],
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// SARIF reads `[text](place)` in a message as a link, unless the bracket is escaped.
fn message(text: &str) -> Message {
    let text = escape(text);
    Message {
        text: match text.contains("](") {
            true => text
                .replace('\\', "\\\\")
                .replace('[', "\\[")
                .replace(']', "\\]"),
            false => text.into_owned(),
        },
    }
}

fn region(at: &record::Location<'_>) -> Region {
    Region {
        start_line: at.line,
        start_column: at.column,
        end_line: at.end_line,
        end_column: at.end_column,
    }
}

fn physical(at: &record::Location<'_>) -> PhysicalLocation {
    PhysicalLocation {
        region: Some(region(at)),
        ..whole(&at.file)
    }
}

fn whole(file: &str) -> PhysicalLocation {
    PhysicalLocation {
        artifact_location: ArtifactLocation { uri: uri(file) },
        region: None,
    }
}

fn logical(object: &record::Object<'_>, path: &str) -> LogicalLocation {
    LogicalLocation {
        name: escape(&object.name).into_owned(),
        fully_qualified_name: format!("{}: {}", subject(object), escape(path)),
        kind: "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_becomes_a_link() {
        let said = message("container \"[click](https://evil.example)\"").text;
        assert_eq!(said, "container \"\\[click\\](https://evil.example)\"");
        assert_eq!(message("spec.containers[0]").text, "spec.containers[0]");
    }
}
