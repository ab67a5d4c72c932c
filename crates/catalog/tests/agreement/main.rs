//! Our verdicts against those of Kubernetes' own admission plugin, over generated pods, at every policy version. Needs the
//! referee (`cargo xtask referee`); without it the tests say that they were left out.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod pods;
mod referee;
mod server;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Arc;

use plimsoll_control::Level;
use plimsoll_scan::{Scan, SourceText};
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;
use proptest::prelude::{Strategy, any, prop};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde_json::{Value, json};

use referee::{Failed, Referee, Verdict};

/// Check ids by level that our findings stand for.
type Ours = BTreeSet<(Level, &'static str)>;

/// How many pods each check must be the sole violation of, at each version.
const WANTED: usize = 200;

#[test]
fn each_check_alone() {
    let Some(mut referee) = start("each_check_alone") else {
        return;
    };
    for check in pods::CHECKS {
        let alone = RefCell::new(BTreeMap::<Minor, usize>::new());
        let cases = if check == "sysctls" || check == "seLinuxOptions" {
            1600
        } else {
            800
        };
        run(
            check,
            cases,
            pods::violating(check),
            &mut referee,
            |verdicts| {
                for verdict in verdicts
                    .iter()
                    .filter(|verdict| verdict.level == level_of(check))
                {
                    if verdict.failed.iter().eq([check]) {
                        *alone.borrow_mut().entry(verdict.version).or_default() += 1;
                    }
                }
            },
        );
        let alone = alone.into_inner();
        for version in Minor::known().filter(|version| *version >= first_version(check)) {
            let count = alone.get(&version).copied().unwrap_or_default();
            assert!(
                count >= WANTED,
                "{check} was the sole violation of only {count} pods at {version}"
            );
        }
    }
}

#[test]
fn passing_pods() {
    let Some(mut referee) = start("passing_pods") else {
        return;
    };
    run("passing", 1000, pods::passing(), &mut referee, |verdicts| {
        assert!(
            verdicts.iter().all(|verdict| verdict.failed.is_empty()),
            "the generator made a pod that fails"
        );
    });
}

#[test]
fn pods_with_any_faults() {
    let Some(mut referee) = start("pods_with_any_faults") else {
        return;
    };
    run("any faults", 3000, pods::anything(), &mut referee, |_| {});
}

#[test]
fn pods_of_all_sorts() {
    let Some(mut referee) = start("pods_of_all_sorts") else {
        return;
    };
    run("all sorts", 2000, pods::mixed(), &mut referee, |_| {});
}

fn start(test: &str) -> Option<Referee> {
    let referee = Referee::start();
    if referee.is_none() {
        let said = "left out, because PLIMSOLL_REFEREE is not set: `cargo xtask referee` builds the referee";
        let _ = writeln!(
            std::io::stderr(),
            "agreement with Kubernetes' plugin: {test} {said}"
        );
    }
    referee
}

/// The level at which a check is evaluated.
fn level_of(check: &str) -> Level {
    match check {
        "allowPrivilegeEscalation"
        | "capabilities_restricted"
        | "procMount_restricted"
        | "restrictedVolumes"
        | "runAsNonRoot"
        | "runAsUser"
        | "seccompProfile_restricted" => Level::Restricted,
        _ => Level::Baseline,
    }
}

/// The first policy version of a check.
fn first_version(check: &str) -> Minor {
    match check {
        "hostProbesAndHostLifecycle" => Minor(34),
        "procMount_restricted" => Minor(35),
        _ => Minor::OLDEST,
    }
}

/// Generates pods, compares both judges at every version, and shrinks where they differ.
fn run(
    name: &str,
    cases: u32,
    strategy: impl Strategy<Value = Value>,
    referee: &mut Referee,
    seen: impl Fn(&[Verdict]),
) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let versions: Vec<Minor> = Minor::known().collect();
    let referee = RefCell::new(referee);
    let outcome = runner.run(&(strategy, any::<prop::sample::Index>()), |(pod, one)| {
        let verdicts = referee.borrow_mut().ask(&pod, &versions);
        seen(&verdicts);
        for version in &versions {
            let pinned = ours(&pod, Minor::NEWEST, Some(*version));
            compare(&verdicts, *version, &pinned, "policy pinned")?;
        }
        let target = *one.get(&versions);
        if known_difference(&pod, target) {
            return Ok(());
        }
        compare(&verdicts, target, &ours(&pod, target, None), "target")
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, (pod, _))) => panic!("{name}: {reason}\n{pod:#}"),
        Err(error) => panic!("{name}: {error}"),
    }
}

fn compare(
    verdicts: &[Verdict],
    version: Minor,
    ours: &Ours,
    how: &str,
) -> Result<(), TestCaseError> {
    for verdict in verdicts.iter().filter(|verdict| verdict.version == version) {
        proptest::prop_assert_eq!(
            &at_level(ours, verdict.level, version),
            &verdict.failed,
            "{} {} ({}): ours, then the plugin's",
            verdict.level.as_str(),
            version,
            how
        );
    }
    Ok(())
}

/// What our findings say at a level, as the plugin would list it: the restricted level includes what baseline forbids, save
/// the checks that a restricted one replaces.
fn at_level(ours: &Ours, level: Level, version: Minor) -> Failed {
    let mut replaced = vec![
        "hostPathVolumes",
        "capabilities_baseline",
        "seccompProfile_baseline",
    ];
    if version >= first_version("procMount_restricted") {
        replaced.push("procMount");
    }
    let listed = ours.iter().filter(|(at, check)| match level {
        Level::Baseline => *at == Level::Baseline,
        Level::Restricted => *at == Level::Restricted || !replaced.contains(check),
    });
    listed
        .filter(|(_, check)| version >= first_version(check))
        .map(|(_, check)| (*check).to_owned())
        .collect()
}

/// The reviewed ledger: where the referee, which is the newest plugin under an older policy, must differ from an older server.
/// Servers before 1.30 drop the AppArmor field, servers before 1.33 the image volume.
fn known_difference(pod: &Value, version: Minor) -> bool {
    let text = pod.to_string();
    (version < Minor(30) && text.contains("appArmorProfile"))
        || (version < Minor(33) && text.contains("\"image\":{"))
}

/// The checks that our findings on the pod stand for.
fn ours(pod: &Value, target: Minor, policy: Option<Minor>) -> Ours {
    let namespace = policy.map(|policy| {
        json!({
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {
                "name": "pinned",
                "labels": {"pod-security.kubernetes.io/enforce-version": format!("v{policy}")},
            },
        })
    });
    let text = format!(
        "{}{pod}",
        namespace
            .map(|namespace| namespace.to_string())
            .unwrap_or_default()
    );
    let source = SourceText {
        name: Arc::from("pod.json"),
        unit: Arc::from("."),
        text: &text,
        provenance: plimsoll_snapshot::provenance::Provenance::Written,
    };
    let mut scan = Scan::new(plimsoll_catalog::all(), Target::new(target));
    let mut part = scan.judge(&source);
    if let Some(again) = scan.repinned(std::slice::from_ref(&part)) {
        part = again.judge(&source);
        scan = again;
    }
    let report = scan.report(vec![part], Vec::new(), Vec::new());
    assert_eq!(report.gaps, Vec::new(), "{text}");
    let checks = report
        .findings
        .iter()
        .flat_map(|reported| reported.finding.control.pss);
    checks.map(|pss| (pss.level, pss.check)).collect()
}
