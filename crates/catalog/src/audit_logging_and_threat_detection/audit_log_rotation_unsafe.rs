//! How long the API server keeps its own audit log: long enough to be read, and bounded, so that it does not fill the disk. From
//! 1.36 on it is bounded by itself.

use plimsoll_control::{
    Control, Fix, Found, Header, Revision, Rule, Run, RunCheck, Severity, Words,
};
use plimsoll_guide::{AUD_07, Chapter, FT_01};
use plimsoll_snapshot::component::Program;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "audit-log-rotation-unsafe",
        formerly: &[],
        title: "API server keeps its audit log too short, or without bound",
        chapter: Chapter::AuditLoggingAndThreatDetection,
        guide: &[&AUD_07, &FT_01],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("how much is kept depends on the disk, and on where the log is shipped to"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[
        Revision::always(rule(check_unbounded_by_default)),
        Revision::since(36, rule(check)),
    ],
};

const fn rule(check: RunCheck) -> Rule {
    Rule::Program {
        program: Program::ApiServer,
        check,
        words: &[],
    }
}

/// Flags, the least that is enough, and the unit.
const LEAST: [(&str, i64, &str); 3] = [
    ("audit-log-maxage", 30, "days"),
    ("audit-log-maxbackup", 10, "files"),
    ("audit-log-maxsize", 100, "megabytes a file"),
];
/// Days that no disk of a server is made for.
const TOO_MANY_DAYS: i64 = 366;

fn check(run: &Run<'_, '_, '_>, _: Words, found: &mut Found<'_>) {
    judge(run, true, found);
}

fn check_unbounded_by_default(run: &Run<'_, '_, '_>, _: Words, found: &mut Found<'_>) {
    judge(run, false, found);
}

/// `bounded`: is the log bounded where no flag says so?
fn judge(run: &Run<'_, '_, '_>, bounded: bool, found: &mut Found<'_>) {
    let path = run.flag("audit-log-path");
    if path.is_none_or(|path| path.value == "-") {
        return;
    }
    let [days, files, _] = LEAST.map(|(flag, least, unit)| {
        let given = run.flag(flag);
        let value = given.and_then(|given| given.value.parse::<i64>().ok());
        if let Some(value) = value.filter(|value| (1..least).contains(value)) {
            let predicate = format!("keeps its audit log for {value} {unit} only");
            run.report(
                flag,
                given,
                &predicate,
                "what happened is gone before anybody looks",
                found,
            );
        }
        (given, value)
    });
    let limits = |value: Option<i64>| value.map_or(bounded, |value| value > 0);
    let long = days.1.is_some_and(|days| days > TOO_MANY_DAYS);
    let (says, at) = match (limits(days.1), limits(files.1)) {
        (false, false) => ("never deletes its audit log", days.0),
        (true, false) if long => ("keeps its audit log for years, however much it is", days.0),
        _ => return,
    };
    let label = "the log fills the disk, which etcd and the kubelet may need";
    run.report("audit-log-maxage", at, says, label, found);
}
