//! `expirationSeconds` of a projected service account token must not be more than a day. Absence means an hour.

use plimsoll_control::{
    Control, Enforce, Fix, Found, Header, How, Remedy, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{Chapter, POD_19};
use plimsoll_snapshot::field::{Lit, PROJECTED_TOKEN_EXPIRATION};
use plimsoll_snapshot::pod::Pod;
use plimsoll_snapshot::value::Value;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "long-lived-projected-token",
        formerly: &[],
        title: "pod asks for a service account token that lives longer than a day",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_19],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::Remove,
            "a program that reads its token only once is refused after an hour",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Pod {
        check,
        words: &[],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{spec.volumes}.filter(v, has(v.projected) && {v.projected.sources}.exists(s, \
     has(s.serviceAccountToken) && has(s.serviceAccountToken.expirationSeconds) && s.serviceAccountToken.expirationSeconds > 86400)) \
     .map(v, 'asks in the volume ' + v.name + ' for a token that lives longer than a day')",
]);

/// Seconds of a day.
const DAY: i64 = 86_400;
const BECAUSE: &str = "whoever copies the token can use it all that time, from anywhere";

fn check(pod: &Pod<'_>, _: Words, found: &mut Found<'_>) {
    pod.read_each(&PROJECTED_TOKEN_EXPIRATION, &mut |reading| {
        if let Value::Is(Lit::Int(seconds)) = reading.value
            && seconds > DAY
        {
            let predicate = format!("asks for a token that lives {seconds} seconds");
            found.on_object(reading.at, &predicate, BECAUSE);
        }
    });
}
