//! Controls, findings and reports for tests, built by hand: rendering is tested without parsing anything.

use std::borrow::Cow;
use std::sync::Arc;

use plimsoll_control::{
    Control, Finding, Fix, Header, Message, Page, PssCheck, Related, Revision, Rule, Severity,
    Subject, Tally,
};
use plimsoll_guide::{Chapter, PSC_01, Recommendation};
use plimsoll_scan::{
    Compared, Gap, GapReason, KindSeen, NotAssessed, Priority, Report, Reported, Summary, Waived,
};
use plimsoll_snapshot::facts::FactKind;
use plimsoll_snapshot::object::ObjectId;
use plimsoll_snapshot::place::{Excerpt, Location, Place};
use plimsoll_snapshot::version::Minor;
use plimsoll_snapshot::waiver::{Covers, Waiver};
use plimsoll_yaml::{Path, Position, Segment};

const GUIDE: &[&Recommendation] = &[&PSC_01];
const REVISIONS: &[Revision] = &[Revision::since(25, Rule::Joined { check: |_, _| {} })];

const fn control(
    id: &'static str,
    title: &'static str,
    severity: Severity,
    pss: &'static [PssCheck],
    page: &'static str,
) -> Control {
    Control {
        head: Header {
            id,
            formerly: &["old-name"],
            title,
            chapter: Chapter::PodSecurity,
            guide: GUIDE,
            pss,
            severity,
            fix: Fix::Not("it is an example"),
            page: Page::Text(page),
        },
        needs: &[FactKind::ServiceAccount],
        revisions: REVISIONS,
    }
}

const PAGE: &str = "# bad-thing

A container does a **bad** thing, which
goes on in `spec.bad`.

## Options

- **Minimal**: [read](https://kubernetes.io/docs/) on.
  1. first
  2. second

## Examples

```yaml bad kubernetes=1.25..
kind: Pod
spec:
  bad: true  # ! bad-thing spec.bad; other[high] spec.bad
```
";

/// The worst control.
pub(crate) static BAD: Control = control(
    "bad-thing",
    "a bad thing",
    Severity::Critical,
    &[PssCheck::baseline("badThings")],
    PAGE,
);
/// A harmless one.
pub(crate) static SMALL: Control = control("small-thing", "a small thing", Severity::Low, &[], "");

/// A line of YAML with `mark` marked.
pub(crate) fn place(file: &str, line: u32, text: &str, mark: &str) -> Place {
    let start = text.find(mark).unwrap();
    let column = |bytes: usize| u32::try_from(text[..bytes].chars().count()).unwrap() + 1;
    let end = start + mark.len();
    Place {
        path: Path::from(vec![
            Segment::Key("spec".into()),
            Segment::Key("bad".into()),
        ]),
        stable: ".spec.bad".into(),
        location: Some(Location {
            file: file.into(),
            document: 1,
            start: Position {
                line,
                column: column(start),
            },
            end: Position {
                line,
                column: column(end),
            },
            exact: true,
        }),
        excerpt: Some(Excerpt::new(text.into(), start..end)),
    }
}

/// An object of a unit.
pub(crate) fn object(kind: &str, name: &str) -> Arc<ObjectId> {
    Arc::new(ObjectId {
        api_version: "apps/v1".to_owned(),
        kind: kind.to_owned(),
        namespace: Some("shop".to_owned()),
        name: name.to_owned(),
        unit: "deploy".into(),
    })
}

/// A finding of a control in a file.
pub(crate) fn finding(control: &'static Control, file: &str, line: u32) -> Finding {
    let object = object("Deployment", "api");
    let mut message = Message::of(
        object.clone(),
        format!("does {}", control.head.title).into(),
    );
    message.narrow("container \"proxy\"".into());
    let subject = Subject {
        object,
        container: Some("proxy".into()),
    };
    let place = place(
        file,
        line,
        "      securityContext: { privileged: true }",
        "privileged: true",
    );
    let label = "gives every capability and the host's devices";
    Finding::new(&control.head, message, label.into(), subject, place)
}

/// A finding that is greater than its control, with a place that explains it.
pub(crate) fn explained(control: &'static Control) -> Finding {
    let related = Related::new(
        "the Service that exposes it",
        &object("Service", "web"),
        &place("svc.yaml", 3, "kind: Service", "kind"),
    );
    let mut finding = finding(control, "deploy/worse.yaml", 7);
    finding.weigh(Severity::High, "everyone can reach it");
    finding.relate([related]);
    finding
}

/// A gap in a file.
pub(crate) fn gap(reason: GapReason, file: &str, line: Option<u32>) -> Gap {
    let location = line.and_then(|line| place(file, line, "kind: {", "{").location);
    Gap {
        reason,
        message: "the mapping is not closed".to_owned(),
        file: file.into(),
        location,
        controls: Vec::new(),
    }
}

/// A report of these findings and gaps.
pub(crate) fn report(findings: Vec<Finding>, gaps: Vec<Gap>) -> Report {
    let reported = |(index, finding): (usize, Finding)| Reported {
        fingerprint: (index as u128).to_be_bytes().into(),
        priority: Priority {
            rank: index + 1,
            weight: 0,
            why: "first things first".into(),
        },
        finding: finding.into(),
    };
    let failed = findings.len();
    Report {
        version: Minor::NEWEST,
        profile: "default",
        today: "2026-11-21".parse().ok(),
        sources: vec!["deploy/".to_owned()],
        files_at: None,
        findings: findings.into_iter().enumerate().map(reported).collect(),
        known: Vec::new(),
        compared: None,
        waived: Vec::new(),
        gaps,
        not_assessed: Vec::new(),
        namespaces: Default::default(),
        summary: Summary {
            files: 2,
            objects: 3,
            units: 1,
            controls: [
                (
                    BAD.head.id,
                    Tally {
                        failed,
                        waived: 0,
                        passed: 2,
                        not_assessed: 0,
                    },
                ),
                (
                    SMALL.head.id,
                    Tally {
                        failed: 0,
                        waived: 0,
                        passed: 3,
                        not_assessed: 0,
                    },
                ),
            ]
            .into(),
            ..Summary::default()
        },
    }
}

/// A report whose second finding is known from a former one.
pub(crate) fn compared_report() -> Report {
    let mut report = full_report();
    report.known = report.findings.split_off(1);
    report.compared = Some(Compared {
        source: "former.json".to_owned(),
        gone: 3,
    });
    report
}

/// A report with something of everything.
pub(crate) fn full_report() -> Report {
    let findings = vec![finding(&BAD, "deploy/api.yaml", 31), explained(&SMALL)];
    let gaps = vec![
        gap(GapReason::Unparsable, "deploy/broken.yaml", Some(9)),
        gap(GapReason::Unreadable, "deploy/gone", None),
    ];
    let mut report = report(findings, gaps);
    report.not_assessed = vec![NotAssessed {
        control: SMALL.head.id,
        reason: "the ServiceAccount is not among what was scanned".into(),
        would_help: "scan its folder as well",
        subjects: 4,
    }];
    report.summary.other_files = 1;
    report.summary.patches = 2;
    let kind = |kind: &str, judged_as_carrier| KindSeen {
        api_version: "argoproj.io/v1alpha1".to_owned(),
        kind: kind.to_owned(),
        objects: 1,
        judged_as_carrier,
    };
    report.summary.unknown_kinds = vec![kind("Rollout", true), kind("AppProject", false)];
    report
}

/// Can this character steer a terminal or mislead its reader? The line feeds of the output itself cannot.
pub(crate) fn steers(character: char) -> bool {
    (character.is_control() && character != '\n') || "\u{202e}\u{2066}\u{200b}".contains(character)
}

/// A report with a waived finding.
pub(crate) fn waived_report() -> Report {
    let mut report = full_report();
    let reported = report.findings.remove(0);
    let finding = &reported.finding;
    let waiver = Waiver {
        control: finding.control.id.to_owned(),
        reason: "loads a module".to_owned(),
        owner: Some("me".to_owned()),
        expires: "2027-01-31".parse().ok(),
        covers: Covers::Object { container: None },
        object: finding.subject.object.clone(),
        place: finding.place.clone(),
        fault: None,
    };
    let waiver = waiver.into();
    report.waived = vec![Waived { reported, waiver }];
    report
}

/// A report that has hostile text wherever text comes from outside.
pub(crate) fn hostile_report() -> Report {
    const EVIL: &str = "x\u{1b}[2J\r\nforged\u{202e}\u{200b}\u{9b}\u{2066}";
    report_full_of(EVIL)
}

/// A report that has this text, in which `forged` has to occur, wherever text comes from outside.
pub(crate) fn report_full_of(evil: &str) -> Report {
    let mut report = full_report();
    report.sources = vec![evil.to_owned()];
    report.files_at = Some(evil.to_owned());
    for reported in &mut report.findings {
        reported.priority.why = evil.into();
        let finding = &mut reported.finding;
        finding.message = evil.to_owned().into();
        finding.label = Cow::Owned(evil.to_owned());
        finding.place = place(evil, 1, "\u{1b}[2J\u{202e} bad", "bad");
        finding.subject.container = Some(evil.into());
        finding.subject.object = hostile_object(evil);
        for related in finding.related_mut() {
            related.message = evil.to_owned();
            related.object = hostile_object(evil);
            related.place = place(evil, 1, evil, "forged");
        }
    }
    report.findings.extend(live(evil, &report.findings));
    report.waived = waived_report().waived;
    for waived in &mut report.waived {
        waived.reported = report.findings[0].clone();
        let waiver = std::sync::Arc::make_mut(&mut waived.waiver);
        waiver.control = evil.to_owned();
        waiver.reason = evil.to_owned();
        waiver.owner = Some(evil.to_owned());
        waiver.place = place(evil, 1, evil, "forged");
    }
    report.not_assessed[0].reason = evil.to_owned().into();
    for gap in &mut report.gaps {
        gap.message = evil.to_owned();
        gap.file = evil.into();
        gap.location = gap.location.take().map(|at| Location {
            file: evil.into(),
            ..at
        });
    }
    for kind in &mut report.summary.unknown_kinds {
        kind.api_version = evil.to_owned();
        kind.kind = evil.to_owned();
    }
    report
}

/// An object of which every word is this.
fn hostile_object(evil: &str) -> Arc<ObjectId> {
    Arc::new(ObjectId {
        api_version: evil.to_owned(),
        kind: evil.to_owned(),
        namespace: Some(evil.to_owned()),
        name: evil.to_owned(),
        unit: evil.into(),
    })
}

/// The same findings on a live object of this name.
fn live(name: &str, findings: &[Reported]) -> Vec<Reported> {
    let mut live = findings.to_vec();
    for reported in &mut live {
        reported.finding.subject.object = hostile_object(name);
        reported.finding.place.path = Path::from(vec![Segment::Key(name.into())]);
        reported.finding.place.location = None;
        reported.finding.place.excerpt = None;
    }
    live
}
