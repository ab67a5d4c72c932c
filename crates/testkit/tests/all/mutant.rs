//! Which faults are planted, and which pages notice them.

use plimsoll_testkit::mutant;

use crate::tiny::{PAGE, tiny, with};

#[test]
fn a_page_with_teeth_leaves_no_survivors() {
    assert_eq!(mutant::survivors(tiny(PAGE)), Vec::<String>::new());
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
fn every_sort_of_fault_is_planted() {
    let planted = mutant::survivors(tiny("# a page without examples"));
    let planted: Vec<_> = planted
        .iter()
        .filter_map(|what| what.strip_prefix("tiny: no example notices when "))
        .collect();
    assert_eq!(planted, FAULTS);
}

const FAULTS: [&str; 29] = [
    "the first revision is removed",
    "in the first revision the check finds nothing",
    "in the first revision for securityContext.runAsUser the literal \"1\" is removed",
    "in the first revision for securityContext.runAsUser the literal \"2\" is removed",
    "in the first revision for securityContext.runAsUser the literal \"2\" is altered",
    "in the first revision for securityContext.runAsUser the literal \"10001\" is removed",
    "in the first revision for securityContext.runAsUser the literal \"10001\" is altered",
    "in the first revision for securityContext.runAsUser NotBe takes the place of Be",
    "in the first revision for securityContext.runAsUser BeOrAbsent takes the place of Be",
    "in the first revision for securityContext.runAsUser the pod-level twin is forgotten",
    "in the first revision for securityContext.runAsUser the weight of 7 is removed",
    "in the first revision for securityContext.runAsUser the weight of 7 is medium",
    "in the first revision the check finds fault with every subject",
    "revision 1.30 is removed",
    "revision 1.30 begins at 1.29",
    "revision 1.30 begins at 1.31",
    "in revision 1.30 the check finds nothing",
    "in revision 1.30 the guard Windows is removed",
    "in revision 1.30 for securityContext.runAsUser the literal \"1\" is removed",
    "in revision 1.30 for securityContext.runAsUser the literal \"2\" is removed",
    "in revision 1.30 for securityContext.runAsUser the literal \"2\" is altered",
    "in revision 1.30 for securityContext.runAsUser the literal \"10001\" is removed",
    "in revision 1.30 for securityContext.runAsUser the literal \"10001\" is altered",
    "in revision 1.30 for securityContext.runAsUser NotBe takes the place of Be",
    "in revision 1.30 for securityContext.runAsUser BeOrAbsent takes the place of Be",
    "in revision 1.30 for securityContext.runAsUser the pod-level twin is forgotten",
    "in revision 1.30 for securityContext.runAsUser the weight of 7 is removed",
    "in revision 1.30 for securityContext.runAsUser the weight of 7 is medium",
    "in revision 1.30 the check finds fault with every subject",
];
