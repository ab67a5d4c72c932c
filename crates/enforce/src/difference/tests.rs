//! What a cluster may have made of a policy, and what is said of it.

use plimsoll_yaml::{parse, split};

use super::*;

const WANTED: &str = "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: plimsoll-x
  labels: {app.kubernetes.io/managed-by: plimsoll}
  annotations: {plimsoll.dev/digest: '1234'}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - {apiGroups: [''], resources: [pods]}
";

fn read(text: &str) -> Installed {
    let tree = parse(text, &split(text)[0]).unwrap();
    Installed::read(tree.root()).unwrap()
}

fn told(text: &str, today: &str) -> Vec<(&'static str, String)> {
    let wanted = read(WANTED).object;
    let compare = Compare {
        today: today.parse().ok(),
        stages: true,
        all: true,
    };
    let found = differences([wanted].iter(), &[read(text)], compare);
    let told = found
        .into_iter()
        .map(|one| (one.state.as_str(), one.detail));
    told.collect()
}

#[test]
fn what_the_api_server_fills_in_is_no_difference() {
    let filled = WANTED
        .replace("resources: [pods]", "resources: [pods], scope: '*'")
        .replace("    resourceRules", "    matchPolicy: Equivalent\n    namespaceSelector: {}\n    objectSelector: {}\n    resourceRules");
    assert_eq!(told(&filled, "2027-01-01"), []);
}

#[test]
fn a_change_by_hand_is_named_with_its_path() {
    let changed = |from: &str, to: &str| {
        let told = told(&WANTED.replace(from, to), "2027-01-01");
        let [(state, detail)] = told.as_slice() else {
            panic!("{told:?}");
        };
        assert_eq!(*state, "changed");
        detail.clone()
    };
    let ignored = changed("failurePolicy: Fail", "failurePolicy: Ignore");
    assert!(ignored.starts_with("spec.failurePolicy is"), "{ignored}");
    let narrowed = changed("resources: [pods]", "resources: [pods], resourceNames: [a]");
    assert!(
        narrowed.contains("resourceRules[0].resourceNames"),
        "{narrowed}"
    );
    let selected = changed(
        "    resourceRules",
        "    objectSelector: {matchLabels: {a: b}}\n    resourceRules",
    );
    assert!(
        selected.contains("spec.matchConstraints.objectSelector"),
        "{selected}"
    );
    let more = changed("resources: [pods]", "resources: [pods, jobs]");
    assert!(more.contains("resourceRules[0].resources"), "{more}");
}

#[test]
fn another_digest_is_stale_and_another_name_is_left_over() {
    assert_eq!(
        told(&WANTED.replace("1234", "5678"), "2027-01-01")[0].0,
        "stale"
    );
    let other = told(&WANTED.replace("plimsoll-x", "plimsoll-y"), "2027-01-01");
    let states: Vec<_> = other.iter().map(|(state, _)| *state).collect();
    assert_eq!(states, ["missing", "leftOver"]);
}

#[test]
fn an_exemption_is_over_the_day_after() {
    let exempt = WANTED.replace(
        "'1234'}",
        "'1234', plimsoll.dev/exempt-until: \"2027-01-31 Pod shop/a\\n2027-03-01 Pod shop/b\\n\"}",
    );
    assert_eq!(told(&exempt, "2027-01-31"), []);
    let over = told(&exempt, "2027-02-01");
    assert_eq!(over.len(), 1);
    assert_eq!(over[0].0, "expired");
    assert!(
        over[0].1.starts_with("Pod shop/a is exempt"),
        "{}",
        over[0].1
    );
}

#[test]
fn of_a_concealed_config_map_only_the_digest_counts() {
    let wanted = crate::parameters::manifest(&["registry.example.com".to_owned()]);
    let compare = Compare {
        today: None,
        stages: true,
        all: true,
    };
    let compared = |text: &str| {
        let installed = [read(text)];
        let found = differences([&wanted].into_iter(), &installed, compare);
        let states: Vec<_> = found.iter().map(|one| one.state).collect();
        (installed[0].is_concealed(), states)
    };
    let text = plimsoll_yaml::write(&wanted);
    assert_eq!(compared(&text), (false, vec![]));
    let other = text.replace("registry.example.com", "evil.example.com");
    assert_eq!(compared(&other), (false, vec![State::Changed]));
    let hidden = text.replace("registry.example.com\\n", "");
    assert_eq!(compared(&hidden), (true, vec![]));
    let stale = hidden.replace("plimsoll.dev/digest: ", "plimsoll.dev/digest: x");
    assert_eq!(compared(&stale), (true, vec![State::Stale]));
}
