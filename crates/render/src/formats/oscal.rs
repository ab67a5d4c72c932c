//! OSCAL assessment results: what was seen is an observation, what it means for a control of ours is a finding whose target
//! is satisfied or not, and what somebody lives with is a risk with an approved deviation.
//!
//! OSCAL's controls are the guide's recommendations, its objectives are our controls. There is no assessment plan in OSCAL
//! behind a scan, so the plan that must be imported is a resource at the end, which says what was asked for. Invariant: the
//! same report gives the same bytes: UUIDs are of version 5, those of findings from their fingerprints; times are the
//! report's date.

mod shape;

use std::collections::BTreeSet;
use std::io::{self, Write};

use uuid::Uuid;

use self::shape::*;
use super::words::{guide, or_empty, subject};
use super::{Catalogue, OURS};
use crate::escape::escape;
use crate::json::pretty;
use crate::record::{Finding, Gap, NotAssessed, Object, Record, Waived};

/// The oldest version of OSCAL 1.2, which readers take that know one of them. It is tested against the schema of 1.2.3,
/// because that of 1.2.0 allows no related observation, by mistake.
const OSCAL: &str = "1.2.0";

/// Our names in OSCAL's properties.
const NAMESPACE: &str = "https://plimsoll.dev/ns/oscal";

/// Writes one result.
pub(super) fn oscal(
    record: &Record<'_>,
    catalogue: Catalogue<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let writer = Assessment::of(record, catalogue);
    let document = Document {
        results: Results {
            uuid: writer.uuid("assessment-results", ""),
            metadata: Metadata {
                title: "Plimsoll scan".to_owned(),
                last_modified: writer.time.clone(),
                version: plain(&record.tool.version),
                oscal_version: OSCAL,
            },
            import_ap: Import {
                href: format!("#{}", writer.uuid("plan", "")),
            },
            results: [writer.result()],
            back_matter: BackMatter {
                resources: [writer.plan()],
            },
        },
    };
    pretty(&document, out)
}

/// A record on its way to OSCAL.
struct Assessment<'r> {
    record: &'r Record<'r>,
    catalogue: Catalogue<'r>,
    /// As OSCAL wants it; a report that does not say when it was made is of no time.
    time: String,
    /// Stands for the report in everything that must be unique to it.
    namespace: Uuid,
}

impl<'r> Assessment<'r> {
    fn of(record: &'r Record<'r>, catalogue: Catalogue<'r>) -> Assessment<'r> {
        let target = &record.target;
        let date = target.date.as_deref().filter(|date| is_date(date));
        let mut name = format!(
            "{}\0{}\0{}",
            or_empty(&target.date),
            target.kubernetes_version,
            target.profile
        );
        for part in target
            .sources
            .iter()
            .chain(record.findings.iter().map(|it| &it.fingerprint))
        {
            name.push('\0');
            name += part;
        }
        Assessment {
            record,
            catalogue,
            time: format!("{}T00:00:00Z", date.unwrap_or("1970-01-01")),
            namespace: Uuid::new_v5(&OURS, name.as_bytes()),
        }
    }

    fn uuid(&self, what: &str, which: &str) -> Uuid {
        Uuid::new_v5(&self.namespace, format!("{what}\0{which}").as_bytes())
    }

    fn result(&self) -> Outcome {
        let record = self.record;
        let observations = record.findings.iter().map(|it| self.observed(it));
        let waived = record.waived.iter().map(|it| self.observed_waived(it));
        let gaps = record
            .gaps
            .iter()
            .enumerate()
            .map(|(at, it)| self.observed_gap(at, it));
        let open = record.not_assessed.iter().enumerate();
        let open = open.map(|(at, it)| self.observed_open(at, it));
        Outcome {
            uuid: self.uuid("result", ""),
            title: "Controls of Plimsoll".to_owned(),
            description: "What a scan of Kubernetes objects found.".to_owned(),
            start: self.time.clone(),
            reviewed_controls: self.reviewed(),
            observations: observations.chain(waived).chain(gaps).chain(open).collect(),
            risks: record.waived.iter().map(|it| self.risk(it)).collect(),
            findings: self.judgements(),
        }
    }

    /// The recommendations in scope: those that the controls speak to which were held against the objects, and those that
    /// findings name. OSCAL has no empty list; where nobody knows any, all were meant.
    fn reviewed(&self) -> Reviewed {
        let controls = self.record.summary.controls.keys();
        let known = controls.filter_map(|id| self.catalogue.find(id));
        let of_controls = known.flat_map(|it| it.head.guide.iter().map(|it| it.id));
        let findings = self.record.findings.iter();
        let of_findings = findings.flat_map(|it| it.guide.iter().map(|id| &**id));
        let ids: BTreeSet<&str> = of_controls.chain(of_findings).collect();
        let included: Vec<_> = ids
            .into_iter()
            .map(|id| Selected {
                control_id: token(id),
            })
            .collect();
        let selection = Selection {
            description: "Recommendations of the NSA/CISA Kubernetes Hardening Guidance."
                .to_owned(),
            include_all: included.is_empty().then_some(All {}),
            include_controls: included,
        };
        Reviewed {
            control_selections: [selection],
        }
    }

    fn observed(&self, finding: &Finding<'_>) -> Observation {
        let mut props = props([
            ("type", "finding"),
            ("fingerprint", &finding.fingerprint),
            ("control", &finding.control),
            ("severity", finding.severity.as_str()),
            ("guide", &guide(finding)),
            ("path", &finding.path),
        ]);
        if let Some(at) = &finding.location {
            let place = format!("{}:{}:{}", at.file, at.line, at.column);
            props.extend(prop("location", &place));
        }
        Observation {
            title: Some(markup(&finding.control)),
            props,
            subjects: vec![self.subject(&finding.object)],
            ..self.observation(lasting("finding", &finding.fingerprint), &finding.message)
        }
    }

    fn observed_waived(&self, waived: &Waived<'_>) -> Observation {
        let mut observation = self.observed(&waived.finding);
        for prop in &mut observation.props {
            if prop.name == "type" {
                "waived".clone_into(&mut prop.value);
            }
        }
        observation
    }

    fn observed_gap(&self, at: usize, gap: &Gap<'_>) -> Observation {
        let place = match gap.location.place() {
            Some(place) => format!("{}:{}:{}", place.file, place.line, place.column),
            None => gap.location.file().to_owned(),
        };
        Observation {
            props: props([
                ("type", "gap"),
                ("reason", &gap.reason),
                ("location", &place),
            ]),
            ..self.observation(self.uuid("gap", &at.to_string()), &gap.message)
        }
    }

    fn observed_open(&self, at: usize, open: &NotAssessed<'_>) -> Observation {
        let says = format!("not assessed: {}; {}", open.reason, open.would_help);
        Observation {
            title: Some(markup(&open.control)),
            props: props([("type", "notAssessed"), ("control", &open.control)]),
            ..self.observation(self.uuid("notAssessed", &at.to_string()), &says)
        }
    }

    fn observation(&self, uuid: Uuid, description: &str) -> Observation {
        Observation {
            uuid,
            title: None,
            description: markup(description),
            props: Vec::new(),
            methods: ["TEST"],
            subjects: Vec::new(),
            collected: self.time.clone(),
        }
    }

    fn subject(&self, object: &Object<'_>) -> Subject {
        let title = subject(object);
        Subject {
            subject_uuid: self.uuid(
                "subject",
                &format!("{title}\0{}\0{}", object.api_version, object.unit),
            ),
            kind: "resource",
            title: markup(&title),
        }
    }

    fn risk(&self, waived: &Waived<'_>) -> Risk {
        let (finding, waiver) = (&waived.finding, &waived.waiver);
        Risk {
            uuid: lasting("risk", &finding.fingerprint),
            title: markup(&finding.control),
            description: markup(&finding.message),
            statement: markup(&waiver.reason),
            props: props([
                ("owner", or_empty(&waiver.owner)),
                ("expires", or_empty(&waiver.expires)),
                ("source", &waiver.source),
            ]),
            status: "deviation-approved",
            related_observations: vec![Related {
                observation_uuid: lasting("finding", &finding.fingerprint),
            }],
        }
    }

    /// A finding of OSCAL for each control that judged anything: with a gap nothing is known to be satisfied.
    fn judgements(&self) -> Vec<Judgement> {
        let controls = self.record.summary.controls.iter();
        let judged = controls.filter(|(_, counts)| counts.failed + counts.passed > 0);
        judged
            .map(|(id, counts)| self.judgement(id, counts.failed > 0, counts.passed))
            .collect()
    }

    fn judgement(&self, id: &str, failed: bool, passed: usize) -> Judgement {
        let related: Vec<_> = self
            .record
            .findings
            .iter()
            .filter(|finding| finding.control == id)
            .map(|finding| Related {
                observation_uuid: lasting("finding", &finding.fingerprint),
            })
            .collect();
        let gap =
            |gap: &&Gap<'_>| gap.controls.is_empty() || gap.controls.iter().any(|it| it == id);
        let gaps = self.record.gaps.iter().filter(gap).count();
        let (state, reason) = match (failed || !related.is_empty(), gaps) {
            (true, _) => ("not-satisfied", "fail"),
            (false, 0) => ("satisfied", "pass"),
            (false, _) => ("not-satisfied", "other"),
        };
        let title = self
            .catalogue
            .find(id)
            .map_or(id, |control| control.head.title);
        let mut description = format!("{} findings; {passed} subjects pass", related.len());
        if gaps > 0 {
            description += &format!("; {gaps} gaps, so nobody knows the rest");
        }
        Judgement {
            uuid: self.uuid("judgement", id),
            title: markup(title),
            description,
            target: Target {
                kind: "objective-id",
                target_id: token(id),
                status: Status { state, reason },
            },
            related_observations: related,
        }
    }

    fn plan(&self) -> Resource {
        let target = &self.record.target;
        let sources = target.sources.join(", ");
        Resource {
            uuid: self.uuid("plan", ""),
            title: "What was asked for".to_owned(),
            description: markup(&format!("A scan of {sources}")),
            props: props([
                ("sources", &sources),
                ("kubernetes-version", &target.kubernetes_version),
                ("profile", &target.profile),
            ]),
        }
    }
}

/// The same in every report that finds the same fault.
fn lasting(what: &str, fingerprint: &str) -> Uuid {
    Uuid::new_v5(&OURS, format!("{what}\0{fingerprint}").as_bytes())
}

fn is_date(text: &str) -> bool {
    text.parse::<plimsoll_snapshot::date::Date>().is_ok()
}

fn props<const N: usize>(all: [(&'static str, &str); N]) -> Vec<Property> {
    all.into_iter()
        .filter_map(|(name, value)| prop(name, value))
        .collect()
}

/// `None` for an empty value, which OSCAL does not allow.
fn prop(name: &'static str, value: &str) -> Option<Property> {
    let value = plain(value);
    (!value.is_empty()).then_some(Property {
        name,
        ns: NAMESPACE,
        value,
    })
}

/// OSCAL's strings have one line and no blanks around them.
fn plain(text: &str) -> String {
    escape(text).trim().to_owned()
}

/// OSCAL's texts are Markdown on one line: what would mark up is escaped, and they are never empty.
fn markup(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in escape(text).trim().chars() {
        if matches!(
            character,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '!'
        ) {
            shown.push('\\');
        }
        shown.push(character);
    }
    match shown.is_empty() {
        true => "-".to_owned(),
        false => shown,
    }
}

/// OSCAL's tokens begin with a letter and hold letters, digits, `.`, `-` and `_`; ids of a report that says otherwise are
/// made to fit.
fn token(id: &str) -> String {
    let fits = |c: char| match c.is_alphanumeric() || matches!(c, '.' | '-' | '_') {
        true => c,
        false => '_',
    };
    let token: String = id.chars().map(fits).collect();
    match token.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        true => token,
        false => format!("_{token}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_mark_up_is_escaped_and_nothing_is_empty() {
        assert_eq!(markup(" <b>[x](y)\n"), "\\<b\\>\\[x\\](y)\\\\n");
        assert_eq!(markup("  "), "-");
        assert!(prop("a", " ").is_none());
        assert_eq!(token("1 x"), "_1_x");
        assert_eq!(token(""), "_");
        assert_eq!(token("PSC-01"), "PSC-01");
    }
}
