//! A page that passes, and one for each way to fail.

use plimsoll_control::Control;
use plimsoll_testkit::page;

use crate::tiny::{PAGE, tiny, with};

fn complaints(control: &'static Control) -> Vec<String> {
    page::check(&[control], control).expect_err("the page should fail")
}

/// Asserts that one complaint holds all the given pieces.
#[track_caller]
fn complains(control: &'static Control, pieces: &[&str]) {
    let complaints = complaints(control);
    let told = |complaint: &String| pieces.iter().all(|piece| complaint.contains(piece));
    assert!(
        complaints.iter().any(told),
        "nothing says {pieces:?}: {complaints:#?}"
    );
}

#[test]
fn a_page_that_says_the_truth_passes() {
    let control = tiny(PAGE);
    let report = page::check(&[control], control).expect("the page passes");
    assert_eq!(report.blocks, 6);
    assert_eq!(report.examples, 4 * 14 + 6 + 8);
    assert!(report.variants > 300, "{report:?}");
}

#[test]
fn a_wrong_line_is_told() {
    let control = with(
        "    runAsUser: 7  # ! tiny[low] spec.securityContext.runAsUser\n  containers:",
        "    runAsUser: 7\n  containers: # ! tiny[low] spec.securityContext.runAsUser",
    );
    complains(
        control,
        &[
            "tiny.md, block 1 (bad, line 18) at Kubernetes 1.24 to 1.37: as it stands: ",
            "expected spec.securityContext.runAsUser (low) on line 5, found \
             spec.securityContext.runAsUser (low) on line 4",
        ],
    );
}

#[test]
fn a_missing_finding_is_told() {
    let control = with("runAsUser: 5 ", "runAsUser: 2 ");
    complains(
        control,
        &[
            "block 1",
            "expected spec.containers[0].securityContext.runAsUser (medium) on line 8, found nothing there",
        ],
    );
}

#[test]
fn a_finding_that_is_not_marked_is_told() {
    let control = with("{runAsUser: 2}", "{runAsUser: 3}");
    complains(
        control,
        &[
            "block 5 (good",
            "found spec.containers[1].securityContext.runAsUser (medium) on line 7, which is not marked",
        ],
    );
}

#[test]
fn a_wrong_severity_is_told() {
    complains(
        with("tiny[low]", "tiny"),
        &[
            "expected spec.securityContext.runAsUser (medium)",
            "found spec.securityContext.runAsUser (low)",
        ],
    );
    complains(
        with("tiny[low]", "tiny[awful]"),
        &["\"awful\" is no severity"],
    );
}

#[test]
fn versions_and_gaps_are_compared_too() {
    complains(
        with("kubernetes=..1.29", "kubernetes=1.28..1.30"),
        &["block 3", "at Kubernetes 1.30:", "found nothing there"],
    );
    complains(
        with(" gap=malformed", ""),
        &["block 6", "came a gap `malformed`"],
    );
    complains(
        with("```yaml good\n", "```yaml good gap=unparsable\n"),
        &["block 5", "expected a gap `unparsable`, came none"],
    );
}

#[test]
fn attributes_and_markers_have_to_be_readable() {
    complains(
        with("kubernetes=1.30..", "kubernetes=1.99.."),
        &["block 4", "1.99"],
    );
    complains(
        with("kubernetes=1.30..", "kubernetes=1.30..1.25"),
        &["holds no version"],
    );
    complains(
        with("kubernetes=1.30..", "version=1.30"),
        &["`version=1.30` is no attribute"],
    );
    complains(
        with("gap=malformed", "gap=bored"),
        &["no gap reason `bored`"],
    );
    complains(
        with("# ! tiny spec", "# ! other spec"),
        &["names other, which is no control"],
    );
    complains(
        with("# ! tiny spec", "# ! tinyspec"),
        &["is not `control-id path`"],
    );
    complains(with("```yaml good\n", "```yaml fine\n"), &["neither"]);
    complains(
        with("```yaml good\n", "```yaml bad\n"),
        &["at least one marker"],
    );
    complains(
        with("```yaml bad\n", "```yaml good\n"),
        &["must have no marker"],
    );
}

#[test]
fn form_and_references_are_checked() {
    complains(with("# tiny\n", "# Tiny\n"), &["the control's id \"tiny\""]);
    complains(with("## Options", "## Choices"), &["second-level headings"]);
    complains(
        with("it is an example.", "why not."),
        &["No fix is offered: it is an example."],
    );
    complains(
        with("Because.\n", "\n"),
        &["nothing is written below \"Why it matters\""],
    );
    complains(
        with("A container runs with a user that is forbidden.", ""),
        &["below \"tiny\""],
    );
    complains(with("PSC-01", "PSC-02"), &["PSC-01 is not named"]);
    complains(
        with("PSC-01", "PSC-01, PSC-99"),
        &["PSC-99", "no recommendation"],
    );
    complains(
        with("`tinyCheck`", "`tinyChecks`"),
        &["`tinyCheck` (baseline)"],
    );
    complains(
        with("The user.\n", "```yaml good\nkind: Pod\n```\n"),
        &["stands below \"What it checks\""],
    );
    complains(tiny("# tiny\n"), &["no bad block"]);
    complains(tiny("# tiny\n"), &["no good block"]);
}
