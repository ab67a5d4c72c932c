//! The tiny control that the tests turn over, and its page.

use plimsoll_control::{
    Clause, Control, Describe, Guard, Header, Must, Page, PssCheck, Revision, Rule, Says, Severity,
    Weight, When,
};
use plimsoll_guide::{Chapter, PSC_01, Recommendation};
use plimsoll_snapshot::field::{self, Lit};

/// A page that tells the truth and has teeth.
pub(crate) const PAGE: &str = include_str!("tiny.md");

const CLAUSES: &[Clause] = &[Clause {
    field: &field::RUN_AS_USER,
    must: Must::Be(&[Lit::Int(1), Lit::Int(2), Lit::Int(10001)]),
    says: Says {
        set: "runs as {value}",
        unset: "runs as anybody",
        because: "because",
    },
    weights: &[Weight {
        when: When::Is(Lit::Int(7)),
        severity: Severity::Low,
        reason: "seven is not that bad",
    }],
}];

const GUIDE: &[&Recommendation] = &[&PSC_01];
const PSS: &[PssCheck] = &[PssCheck::baseline("tinyCheck")];

fn derived(unless: &'static [Guard]) -> Rule {
    Rule::Derived(Describe {
        clauses: CLAUSES,
        unless,
    })
}

/// A control of this id with another page and other revisions.
pub(crate) fn control(page: String, revisions: Vec<Revision>) -> &'static Control {
    Box::leak(Box::new(Control {
        head: Header {
            id: "tiny",
            formerly: &[],
            title: "runs as a forbidden user",
            chapter: Chapter::PodSecurity,
            guide: GUIDE,
            pss: PSS,
            severity: Severity::Medium,
            fix: plimsoll_control::Fix::Not("it is an example"),
            page: Page::Text(page.leak()),
        },
        needs: &[],
        revisions: revisions.leak(),
    }))
}

/// The tiny control with another page.
pub(crate) fn tiny(page: impl Into<String>) -> &'static Control {
    let revisions = vec![
        Revision::always(derived(&[])),
        Revision::since(30, derived(&[Guard::Windows])),
    ];
    control(page.into(), revisions)
}

/// The page with one piece of its text replaced.
pub(crate) fn with(from: &str, to: &str) -> &'static Control {
    assert!(PAGE.contains(from), "the page does not hold {from}");
    tiny(PAGE.replacen(from, to, 1))
}

/// The page with other examples.
pub(crate) fn page_of(examples: &str) -> String {
    let start = PAGE.find("```yaml bad").expect("a block");
    let end = PAGE.find("## References").expect("references");
    format!("{}{examples}{}", &PAGE[..start], &PAGE[end..])
}
