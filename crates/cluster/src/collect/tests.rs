//! Collecting from servers that fail in every way that can be told apart.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::*;
use crate::saved::{Entry, Saved};
use crate::server::Answer;

/// Answers by path; of several answers the last one stays.
#[derive(Default)]
struct Fake {
    answers: BTreeMap<String, VecDeque<Result<Answer, String>>>,
    asked: Vec<(String, String)>,
    waited: Vec<u64>,
    /// From this path on nothing is answered.
    dies_at: Option<&'static str>,
}

fn answer(status: u16, body: &Value) -> Answer {
    Answer {
        status,
        retry_after: None,
        body: body.to_string().into_bytes(),
    }
}

impl Fake {
    /// A server with all kinds that are always there, and no objects.
    fn new() -> Fake {
        let mut fake = Fake::default();
        fake.on("/version", answer(200, &json!({"gitVersion": "v1.37.1"})));
        let mut groups: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for row in COLLECTED.iter().filter(|row| row.always) {
            let cluster = [
                "Namespace",
                "PersistentVolume",
                "ClusterRole",
                "ClusterRoleBinding",
            ];
            let namespaced = !cluster.contains(&row.kind) && !row.group.starts_with("admission");
            groups
                .entry(row.group)
                .or_default()
                .push(json!({"name": row.resource,
                "kind": row.kind, "namespaced": namespaced, "verbs": ["get", "list"]}));
        }
        let definition = json!({"name": "customresourcedefinitions",
            "kind": "CustomResourceDefinition", "namespaced": false, "verbs": ["list"]});
        groups.insert("apiextensions.k8s.io", vec![definition]);
        let named = groups.keys().filter(|group| !group.is_empty());
        let named = named.map(
            |group| json!({"name": group, "versions": [{"groupVersion": format!("{group}/v1")}]}),
        );
        let named = json!({"groups": named.collect::<Vec<_>>()});
        fake.on("/apis", answer(200, &named));
        for (group, resources) in groups {
            let root = match group {
                "" => "/api/v1".to_owned(),
                group => format!("/apis/{group}/v1"),
            };
            fake.on(&root, answer(200, &json!({"resources": resources})));
        }
        fake
    }

    fn on(&mut self, path: &str, answer: Answer) {
        self.answers.insert(path.to_owned(), [Ok(answer)].into());
    }

    fn on_each<const N: usize>(&mut self, path: &str, answers: [Result<Answer, String>; N]) {
        self.answers.insert(path.to_owned(), answers.into());
    }

    fn collect(&mut self, request: &Request) -> (Vec<Value>, Vec<Missed>, End) {
        let none = StandIns {
            value: |_, _| None,
            text: |_| None,
            token: |_| None,
            argument: |_, _| None,
        };
        let file = tempfile::tempfile().unwrap();
        let (file, end) = collect(self, request, &none, file).unwrap();
        let mut saved = Saved::verify(file).unwrap();
        let (mut objects, mut gaps) = (Vec::new(), Vec::new());
        for entry in saved.entries().unwrap() {
            match entry.unwrap() {
                Entry::Object(text) => objects.push(serde_json::from_str(&text).unwrap()),
                Entry::Gap(gap) => gaps.push(gap),
            }
        }
        (objects, gaps, end)
    }

    fn whole(&mut self) -> (Vec<Value>, Vec<Missed>, End) {
        self.collect(&Request::default())
    }
}

impl Server for Fake {
    fn get(&mut self, path: &str, accept: &str) -> Result<Answer, String> {
        self.asked.push((path.to_owned(), accept.to_owned()));
        let mut asked = self.asked.iter();
        if asked.any(|(path, _)| Some(&**path) == self.dies_at) {
            return Err("refused".to_owned());
        }
        let Some(answers) = self.answers.get_mut(path) else {
            return Ok(answer(200, &json!({"items": []})));
        };
        match answers.len() {
            1 => answers[0].clone(),
            _ => answers.pop_front().unwrap(),
        }
    }

    fn wait(&mut self, time: Duration) {
        self.waited.push(time.as_secs());
    }
}

const PODS: &str = "/api/v1/pods?limit=500";

fn page(names: &[&str], next: &str) -> Answer {
    let items = names.iter().map(|name| {
        json!({"metadata": {"name": name, "namespace": "shop", "uid": name}, "spec": {"containers": []}})
    });
    let items: Vec<Value> = items.collect();
    answer(
        200,
        &json!({"metadata": {"continue": next}, "items": items}),
    )
}

fn names(objects: &[Value]) -> Vec<&str> {
    let names = objects
        .iter()
        .map(|object| object["metadata"]["name"].as_str());
    names.map(Option::unwrap).collect()
}

#[test]
fn pages_are_read_to_the_last() {
    let mut fake = Fake::new();
    fake.on(PODS, page(&["a", "b"], "t/1"));
    fake.on(&format!("{PODS}&continue=t%2F1"), page(&["c"], ""));
    let (objects, gaps, end) = fake.whole();
    assert_eq!(names(&objects), ["a", "b", "c"]);
    assert_eq!((gaps, end.objects), (Vec::new(), 3));
    assert_eq!(objects[0]["kind"], "Pod");
    assert_eq!(objects[0]["apiVersion"], "v1");
}

#[test]
fn secrets_are_not_asked_for_unless_by_name_and_then_without_objects() {
    let mut fake = Fake::new();
    fake.whole();
    assert!(fake.asked.iter().all(|(path, _)| !path.contains("secret")));
    let path = "/api/v1/namespaces/shop/secrets?includeObject=None";
    fake.on(
        path,
        answer(
            200,
            &json!({"rows": [{"cells": ["db", "Opaque", 1, "3d"]}]}),
        ),
    );
    let request = Request {
        namespaces: vec!["shop".to_owned()],
        secret_names: true,
        ..Request::default()
    };
    fake.asked.clear();
    let (objects, ..) = fake.collect(&request);
    let secret = objects
        .iter()
        .find(|object| object["kind"] == "Secret")
        .unwrap();
    assert_eq!(
        secret["metadata"],
        json!({"name": "db", "namespace": "shop"})
    );
    let asked = fake
        .asked
        .iter()
        .filter(|(path, _)| path.contains("secret"));
    let asked: Vec<_> = asked.collect();
    assert_eq!(asked, [&(path.to_owned(), TABLE.to_owned())]);
}

#[test]
fn what_is_forbidden_is_a_gap_with_the_rule_and_costs_nothing_else() {
    let mut fake = Fake::new();
    fake.on(
        "/apis/networking.k8s.io/v1/networkpolicies?limit=500",
        answer(403, &json!({})),
    );
    fake.on(PODS, page(&["a"], ""));
    let (objects, gaps, _) = fake.whole();
    assert_eq!(names(&objects), ["a"]);
    let [gap] = gaps.as_slice() else {
        panic!("{gaps:?}")
    };
    assert_eq!(gap.cause, Cause::Forbidden);
    let rule = "{apiGroups: [\"networking.k8s.io\"], resources: [networkpolicies], verbs: [list]}";
    assert!(gap.message.contains(rule), "{}", gap.message);
}

#[test]
fn a_server_that_is_busy_is_asked_again_when_it_says() {
    let mut fake = Fake::new();
    let busy = Answer {
        retry_after: Some(7),
        ..answer(429, &json!({}))
    };
    fake.on_each(PODS, [Ok(busy), Ok(page(&["a"], ""))]);
    let (objects, gaps, _) = fake.whole();
    assert_eq!((names(&objects), gaps.len()), (vec!["a"], 0));
    assert_eq!(fake.waited, [7]);
}

#[test]
fn a_list_that_expired_goes_on_or_begins_again_without_doubles() {
    let mut fake = Fake::new();
    fake.on(PODS, page(&["a", "b"], "old"));
    let expired = json!({"metadata": {"continue": "new"}});
    fake.on(&format!("{PODS}&continue=old"), answer(410, &expired));
    fake.on(&format!("{PODS}&continue=new"), page(&["c"], ""));
    assert_eq!(names(&fake.whole().0), ["a", "b", "c"]);

    let mut fake = Fake::new();
    let second = Ok(page(&["a", "b", "c"], ""));
    fake.on_each(PODS, [Ok(page(&["a", "b"], "old")), second]);
    fake.on(&format!("{PODS}&continue=old"), answer(410, &json!({})));
    let (objects, gaps, _) = fake.whole();
    assert_eq!((names(&objects), gaps.len()), (vec!["a", "b", "c"], 0));

    fake.on(PODS, page(&["a"], "old"));
    let (objects, gaps, _) = fake.whole();
    assert_eq!((names(&objects), gaps.len()), (vec!["a"], 1));
}

#[test]
fn a_server_that_dies_in_the_middle_leaves_what_came_before_and_gaps_for_the_rest() {
    let mut fake = Fake::new();
    fake.on("/api/v1/services?limit=500", page(&["s"], "t"));
    fake.dies_at = Some("/api/v1/services?limit=500&continue=t");
    let (objects, gaps, _) = fake.whole();
    assert_eq!(names(&objects), ["s"]);
    // Whether the server serves what need not be there can only be told of groups that it does not have at all.
    let admission = "admissionregistration.k8s.io";
    let rest = COLLECTED.iter().skip(3);
    let rest = rest.filter(|row| row.always || row.group == admission);
    let custom = 1;
    assert_eq!(gaps.len(), rest.count() + custom);
    assert!(gaps.iter().all(|gap| gap.cause == Cause::Unreachable));
    assert!(fake.waited.len() <= 4, "{:?}", fake.waited);
}

#[test]
fn half_a_page_is_read_again_and_then_a_gap() {
    let mut fake = Fake::new();
    let mut half = page(&["a", "b"], "");
    half.body.truncate(60);
    fake.on_each(PODS, [Ok(half.clone()), Ok(page(&["a", "b"], ""))]);
    assert_eq!(names(&fake.whole().0), ["a", "b"]);
    fake.on(PODS, half);
    let (objects, gaps, _) = fake.whole();
    assert_eq!((objects.len(), gaps.len()), (0, 1));
    assert!(gaps[0].message.contains("not whole"), "{}", gaps[0].message);
}

#[test]
fn a_group_that_is_down_and_a_kind_that_goes_are_gaps_of_their_own() {
    let mut fake = Fake::new();
    fake.on("/apis/batch/v1", answer(503, &json!({})));
    fake.on("/api/v1/configmaps?limit=500", answer(404, &json!({})));
    fake.on(PODS, page(&["a"], ""));
    let (objects, gaps, _) = fake.whole();
    assert_eq!(names(&objects), ["a"]);
    let what: Vec<&str> = gaps
        .iter()
        .filter_map(|gap| gap.message.split(' ').next())
        .collect();
    assert_eq!(what, ["configmaps", "cronjobs.batch", "jobs.batch"]);
}

#[test]
fn credentials_that_end_on_the_way_are_told() {
    let mut fake = Fake::new();
    fake.on(PODS, answer(401, &json!({})));
    let (_, gaps, _) = fake.whole();
    assert_eq!((gaps.len(), gaps[0].cause), (1, Cause::Forbidden));
    assert!(gaps[0].message.contains("log in again"));
}

#[test]
fn custom_kinds_with_templates_are_found_and_only_their_templates_are_kept() {
    let mut fake = Fake::new();
    let template =
        json!({"properties": {"spec": {"properties": {"containers": {"type": "array"}}}}});
    let schema = json!({"openAPIV3Schema": {"properties": {"spec": {"properties": {"template": template}}}}});
    let definition = |kind: &str, schema: &Value| {
        json!({"metadata": {"name": kind}, "spec": {"group": "example.com", "scope": "Namespaced",
            "names": {"kind": kind, "plural": kind.to_lowercase()},
            "versions": [{"name": "v1", "served": true, "schema": schema}]}})
    };
    let items = [
        definition("Rollout", &schema),
        definition("Backup", &json!({})),
    ];
    fake.on(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions?limit=20",
        answer(200, &json!({"items": items})),
    );
    let rollout = json!({"metadata": {"name": "r", "uid": "r"},
        "spec": {"license": "x", "template": {"spec": {"containers": [{"name": "a", "image": "b"}]}}}});
    fake.on(
        "/apis/example.com/v1/rollout?limit=500",
        answer(200, &json!({"items": [rollout]})),
    );
    let owner = json!({"uid": "r", "controller": true});
    let pod = json!({"metadata": {"name": "p", "ownerReferences": [owner]},
        "spec": {"containers": [{"name": "a", "image": "b"}]}});
    fake.on(PODS, answer(200, &json!({"items": [pod]})));
    let (objects, gaps, end) = fake.whole();
    assert_eq!((names(&objects), gaps.len(), end.owned), (vec!["r"], 0, 1));
    assert!(objects[0]["spec"].get("license").is_none());
    assert!(fake.asked.iter().all(|(path, _)| !path.contains("backup")));
}

#[test]
fn one_namespace_is_read_without_looking_at_others() {
    let mut fake = Fake::new();
    let namespace = json!({"metadata": {"name": "shop"}});
    fake.on("/api/v1/namespaces/shop", answer(200, &namespace));
    fake.on(
        "/api/v1/namespaces/shop/pods?limit=500&labelSelector=app%3Dweb",
        page(&["a"], ""),
    );
    let request = Request {
        namespaces: vec!["shop".to_owned()],
        selector: Some("app=web".to_owned()),
        ..Request::default()
    };
    let (objects, gaps, _) = fake.collect(&request);
    assert_eq!((names(&objects), gaps.len()), (vec!["shop", "a"], 0));
    let lists = fake.asked.iter().filter(|(path, _)| path.contains("limit"));
    let elsewhere = lists.filter(|(path, _)| !path.contains("/namespaces/shop/"));
    let elsewhere: Vec<_> = elsewhere.map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        elsewhere,
        ["/apis/apiextensions.k8s.io/v1/customresourcedefinitions?limit=20"]
    );
}

#[test]
fn a_server_that_tells_nothing_gives_no_snapshot() {
    let mut fake = Fake::new();
    fake.on("/version", answer(401, &json!({})));
    let none = StandIns {
        value: |_, _| None,
        text: |_| None,
        token: |_| None,
        argument: |_, _| None,
    };
    let error = collect(&mut fake, &Request::default(), &none, Vec::new())
        .err()
        .unwrap();
    assert!(error.to_string().contains("log in again"), "{error}");
}

const FORBIDDEN: fn() -> Answer = || answer(403, &json!({}));

fn namespaces(names: &[&str]) -> Answer {
    let items = names.iter().map(|name| json!({"metadata": {"name": name}}));
    answer(200, &json!({"items": items.collect::<Vec<_>>()}))
}

#[test]
fn what_may_not_be_listed_everywhere_is_read_where_it_may_and_a_gap_elsewhere() {
    let mut fake = Fake::new();
    fake.on(
        "/api/v1/namespaces?limit=500",
        namespaces(&["bank", "shop"]),
    );
    fake.on(PODS, FORBIDDEN());
    let within = |namespace| format!("/api/v1/namespaces/{namespace}/pods?limit=500");
    fake.on(&within("shop"), page(&["a"], ""));
    fake.on(&within("bank"), FORBIDDEN());
    let (objects, gaps, _) = fake.whole();
    assert_eq!(names(&objects), ["bank", "shop", "a"]);
    let [gap] = gaps.as_slice() else {
        panic!("{gaps:?}")
    };
    assert!(
        gap.message
            .starts_with("pods in the namespace bank may not be listed"),
        "{gap:?}"
    );
    assert!(
        gap.message
            .contains("{apiGroups: [\"\"], resources: [pods], verbs: [list]}")
    );

    fake.on(&within("bank"), page(&["b"], ""));
    let (objects, gaps, _) = fake.whole();
    assert_eq!(
        (names(&objects), gaps.len()),
        (vec!["bank", "shop", "b", "a"], 0)
    );
}

#[test]
fn what_is_forbidden_in_every_namespace_is_one_gap() {
    let mut fake = Fake::new();
    fake.on(
        "/api/v1/namespaces?limit=500",
        namespaces(&["bank", "shop"]),
    );
    for path in ["", "namespaces/bank/", "namespaces/shop/"] {
        fake.on(&format!("/api/v1/{path}pods?limit=500"), FORBIDDEN());
    }
    let (_, gaps, _) = fake.whole();
    assert_eq!(gaps.len(), 1);
    assert!(
        gaps[0]
            .message
            .starts_with("pods in the cluster may not be listed"),
        "{gaps:?}"
    );
}

#[test]
fn too_many_namespaces_are_not_asked_one_by_one() {
    let mut fake = Fake::new();
    let all: Vec<String> = (0..=ONE_BY_ONE)
        .map(|number| format!("n{number}"))
        .collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    fake.on("/api/v1/namespaces?limit=500", namespaces(&all));
    fake.on(PODS, FORBIDDEN());
    assert_eq!(fake.whole().1.len(), 1);
    assert!(
        fake.asked
            .iter()
            .all(|(path, _)| !path.contains("/namespaces/n"))
    );
}

#[test]
fn whoever_may_not_list_namespaces_is_told_to_name_them() {
    let mut fake = Fake::new();
    fake.on("/api/v1/namespaces?limit=500", FORBIDDEN());
    let request = Request {
        secret_names: true,
        ..Request::default()
    };
    let (_, gaps, _) = fake.collect(&request);
    let told: Vec<&str> = gaps.iter().map(|gap| gap.message.as_str()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("--namespace"), "{told:?}");
    assert!(
        told[1].starts_with("secrets in the cluster could not all be read"),
        "{told:?}"
    );
}

#[test]
fn features_that_are_on_are_noted_for_whoever_may_read_them() {
    let none = StandIns {
        value: |_, _| None,
        text: |_| None,
        token: |_| None,
        argument: |_, _| None,
    };
    let features = |answer: Answer| {
        let mut fake = Fake::new();
        fake.on("/metrics", answer);
        let file = tempfile::tempfile().unwrap();
        let (file, _) = collect(&mut fake, &Request::default(), &none, file).unwrap();
        let saved = Saved::verify(file).unwrap();
        (saved.header.features.clone(), saved.is_complete())
    };
    let text = "# HELP kubernetes_feature_enabled [BETA]\n\
        kubernetes_feature_enabled{name=\"UserNamespacesSupport\",stage=\"\"} 1\n\
        kubernetes_feature_enabled{name=\"AllAlpha\",stage=\"ALPHA\"} 0\n\
        kubernetes_feature_enabled{name=\"ImageVolume\",stage=\"BETA\"} 1\nother{name=\"X\"} 1\n";
    let mut told = answer(200, &json!({}));
    told.body = text.as_bytes().to_vec();
    let on = ["ImageVolume", "UserNamespacesSupport"].map(str::to_owned);
    assert_eq!(features(told), (Some(on.to_vec()), true));
    // Whoever may not read them misses nothing that is judged.
    assert_eq!(features(answer(403, &json!({}))), (None, true));
}

#[test]
fn a_server_that_never_answers_is_asked_once() {
    let mut fake = Fake::new();
    fake.dies_at = Some("/version");
    let none = StandIns {
        value: |_, _| None,
        text: |_| None,
        token: |_| None,
        argument: |_, _| None,
    };
    let error = collect(&mut fake, &Request::default(), &none, Vec::new());
    assert!(
        error
            .err()
            .unwrap()
            .to_string()
            .ends_with("its version: refused")
    );
    assert_eq!((fake.asked.len(), fake.waited.len()), (1, 0));
}
