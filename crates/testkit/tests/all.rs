//! The page runner itself: a tiny control with a page that passes, and one page for each way to fail. Nothing here is a
//! real control.

use plimsoll_control::{
    Clause, Control, Describe, Guard, Header, JoinedFound, Must, PssCheck, Revision, Rule, Says,
    Severity, Weight,
};
use plimsoll_guide::{Chapter, PSC_01, Recommendation};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::field::{self, Field, Lit};
use plimsoll_testkit::{mutant, page};

const PAGE: &str = r#"# tiny

A container runs with a user that is forbidden.

## What it checks
The user.

## Why it matters
Because.

## Options
- **Minimal**: another user.

## Examples
The container's own user, and the pod's.

```yaml bad
kind: Pod
spec:
  securityContext:
    runAsUser: 7  # ! tiny[low] spec.securityContext.runAsUser
  containers:
    - name: a
      securityContext:
        runAsUser: 5  # ! tiny spec.containers[0].securityContext.runAsUser
    - name: b
```

Nobody says a user.

```yaml bad
kind: Pod
spec:
  containers:
    - name: a  # ! tiny spec.containers[0].securityContext.runAsUser
      image: registry.example.com/a
---
kind: Pod
metadata: {name: "ü🦀"}
spec:
  containers:
    - name: 名前
      securityContext: {runAsUser: 5}  # ! tiny spec.containers[0].securityContext.runAsUser
```

From 1.30 on Windows is exempt.

```yaml bad kubernetes=..1.29
kind: Pod
spec:
  os: {name: windows}
  containers:
    - name: a  # ! tiny spec.containers[0].securityContext.runAsUser
```

```yaml good kubernetes=1.30..
kind: Pod
spec:
  os: {name: windows}
  containers:
    - name: a
```

```yaml good
kind: Pod
spec:
  securityContext: {runAsUser: 1}
  containers:
    - name: a
    - name: b
      securityContext: {runAsUser: 2}
    - name: c
      securityContext: {runAsUser: 10001}
```

```yaml good gap=malformed
kind: Pod
spec:
  securityContext: {runAsUser: 1}
  containers:
    - name: b
      securityContext: {runAsUser: two}
```

## References
- Guide: PSC-01
- Pod Security Standards: baseline, check `tinyCheck`
"#;

const CLAUSES: &[Clause] = &[Clause {
    field: &field::RUN_AS_USER,
    must: Must::Be(&[Lit::Int(1), Lit::Int(2), Lit::Int(10001)]),
    says: Says {
        set: "runs as {value}",
        unset: "runs as anybody",
        because: "because",
    },
    weights: &[Weight {
        value: Lit::Int(7),
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

fn control(page: String, revisions: Vec<Revision>) -> &'static Control {
    Box::leak(Box::new(Control {
        head: Header {
            id: "tiny",
            formerly: &[],
            title: "runs as a forbidden user",
            chapter: Chapter::PodSecurity,
            guide: GUIDE,
            pss: PSS,
            severity: Severity::Medium,
            page: page.leak(),
        },
        needs: &[],
        revisions: revisions.leak(),
    }))
}

fn tiny(page: impl Into<String>) -> &'static Control {
    let revisions = vec![
        Revision::always(derived(&[])),
        Revision::since(30, derived(&[Guard::Windows])),
    ];
    control(page.into(), revisions)
}

/// The page with one piece of its text replaced.
fn with(from: &str, to: &str) -> &'static Control {
    assert!(PAGE.contains(from), "the page does not hold {from}");
    tiny(PAGE.replacen(from, to, 1))
}

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
fn a_page_with_teeth_leaves_no_survivors() {
    assert_eq!(mutant::survivors(tiny(PAGE)), Vec::<String>::new());
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

#[test]
fn a_page_without_teeth_leaves_survivors() {
    let teeth = [
        (
            "{runAsUser: 2}",
            "{runAsUser: 1}",
            "literal \"2\" is removed",
        ),
        (
            "    runAsUser: 7  # ! tiny[low] spec.securityContext.runAsUser",
            "    runAsUser: 6  # ! tiny spec.securityContext.runAsUser",
            "weight of 7 is removed",
        ),
        ("kubernetes=..1.29", "kubernetes=..1.28", "begins at 1.29"),
        ("kubernetes=1.30..", "kubernetes=1.31..", "begins at 1.31"),
        (
            "  os: {name: windows}\n  containers:\n    - name: a\n",
            "  containers: []\n",
            "guard Windows is removed",
        ),
    ];
    for (from, to, survivor) in teeth {
        let survivors = mutant::survivors(with(from, to));
        assert!(
            survivors.iter().any(|what| what.contains(survivor)),
            "{survivor} does not survive: {survivors:?}"
        );
    }
}

#[test]
fn a_page_that_never_inherits_does_not_notice_a_forgotten_twin() {
    let start = PAGE
        .find("  securityContext:\n    runAsUser: 7")
        .expect("a pod's user");
    let end = PAGE[start..].find("  containers:").expect("containers") + start;
    let page = format!("{}{}", &PAGE[..start], &PAGE[end..]);
    let page = page.replace("    - name: b\n```", "```").replacen(
        "  securityContext: {runAsUser: 1}\n  containers:\n    - name: a\n    - name: b",
        "  containers:\n    - name: b",
        1,
    );
    let survivors = mutant::survivors(tiny(page));
    assert!(
        survivors
            .iter()
            .any(|what| what.contains("twin is forgotten")),
        "{survivors:?}"
    );
}

#[test]
fn a_control_that_forgets_a_kind_of_container_is_told() {
    fn check(
        container: &plimsoll_snapshot::pod::Container<'_, '_>,
        _: plimsoll_control::Words,
        found: &mut plimsoll_control::Found<'_>,
    ) {
        let own = container.read(&field::PRIVILEGED);
        let forgotten = container.kind == field::ContainerKind::Ephemeral;
        if own.value.is() == Some(Lit::Bool(true)) && !forgotten {
            found.on_container(container, own.at, "runs privileged", "because");
        }
    }
    let start = PAGE.find("```yaml bad").expect("a block");
    let end = PAGE.find("## References").expect("references");
    let blocks = "\
```yaml bad
kind: Pod
spec:
  containers:
    - name: a
      securityContext: {privileged: true}  # ! tiny spec.containers[0].securityContext.privileged
```

```yaml good
kind: Pod
spec:
  containers:
    - name: a
```

";
    let page = format!("{}{blocks}{}", &PAGE[..start], &PAGE[end..]);
    let rule = Rule::Container { check, words: &[] };
    let control = control(page, vec![Revision::always(rule)]);
    let complaints = complaints(control);
    assert_eq!(
        complaints,
        [
            "tiny.md, block 1 (bad, line 18) at Kubernetes 1.24 to 1.37: as Pod with ephemeral containers: \
          expected spec.ephemeralContainers[0].securityContext.privileged (medium), found nothing there"
        ]
    );
    assert_eq!(mutant::survivors(control), Vec::<String>::new());
}

#[test]
fn the_field_table_still_says_what_the_faults_rely_on() {
    assert_eq!(field::RUN_AS_USER.inherits, Some(&field::POD_RUN_AS_USER));
    assert_eq!(Field::EACH, "[]");
}

#[test]
fn rules_across_documents_are_run_with_all_of_them() {
    fn check(facts: &Facts, found: &mut JoinedFound) {
        for token in &facts.token_uses {
            let named = |account: &&plimsoll_snapshot::facts::Account| {
                Some(&account.object.name) == token.account.as_ref()
            };
            if let Some(account) = facts.accounts.iter().find(named) {
                let place = &account.place;
                found.on_object(&account.object, place, "is used", "because");
            }
        }
    }
    let start = PAGE.find("```yaml bad").expect("a block");
    let end = PAGE.find("## References").expect("references");
    let blocks = "\
```yaml bad
kind: ServiceAccount
metadata:
  name: used
automountServiceAccountToken: true # ! tiny automountServiceAccountToken
---
kind: Pod
spec:
  serviceAccountName: used
  containers: []
```

```yaml good
kind: Pod
spec:
  serviceAccountName: other
  containers: []
```

";
    let page = format!("{}{blocks}{}", &PAGE[..start], &PAGE[end..]);
    let revisions = vec![Revision::always(Rule::Joined { check })];
    let control = control(page, revisions);
    assert_eq!(mutant::survivors(control), Vec::<String>::new());
    page::check(&[control], control).expect("the page passes");
}
