//! What is written, what is taken away, and what is told when that fails.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::*;

/// Answers by method and path; everything else is done.
#[derive(Default)]
struct Fake {
    answers: BTreeMap<String, (u16, String)>,
    asked: Vec<String>,
    waited: usize,
}

impl Fake {
    fn on(mut self, asked: &str, status: u16, body: &serde_json::Value) -> Fake {
        self.answers
            .insert(asked.to_owned(), (status, body.to_string()));
        self
    }

    fn answer(&mut self, method: &str, path: &str) -> Result<Answer, String> {
        let asked = format!("{method} {path}");
        let known = self.answers.get(&asked).cloned();
        let (status, body) = known.unwrap_or((200, r#"{"items": []}"#.to_owned()));
        self.asked.push(asked);
        Ok(Answer {
            status,
            retry_after: None,
            body: body.into_bytes(),
        })
    }

    fn asked(&self, method: &str) -> Vec<&str> {
        let asked = self
            .asked
            .iter()
            .filter_map(|asked| asked.strip_prefix(method));
        asked.map(str::trim).collect()
    }
}

impl Server for Fake {
    fn get(&mut self, path: &str, _: &str) -> Result<Answer, String> {
        self.answer("GET", path)
    }

    fn wait(&mut self, _: Duration) {
        self.waited += 1;
    }
}

impl Reports for Fake {
    fn apply(&mut self, path: &str, _: &str) -> Result<Answer, String> {
        self.answer("PATCH", path)
    }

    fn delete(&mut self, path: &str) -> Result<Answer, String> {
        self.answer("DELETE", path)
    }
}

const SHOP: &str = "/apis/openreports.io/v1alpha1/namespaces/shop/reports/plimsoll";
const BANK: &str = "/apis/openreports.io/v1alpha1/namespaces/bank/reports/plimsoll";
const CLUSTER: &str = "/apis/openreports.io/v1alpha1/clusterreports/plimsoll";
const HOW: &str = "?fieldManager=plimsoll&force=true";
const FORMER: &str = "GET /apis/openreports.io/v1alpha1/reports?labelSelector=app%2Ekubernetes%2Eio%2Fmanaged%2Dby%3Dplimsoll&limit=500";

fn list() -> Vec<u8> {
    let shop = json!({"kind": "Report", "metadata": {"name": "plimsoll", "namespace": "shop"}});
    let cluster = json!({"kind": "ClusterReport", "metadata": {"name": "plimsoll"}});
    json!({"kind": "List", "items": [shop, cluster]})
        .to_string()
        .into_bytes()
}

fn former(namespaces: &[&str], next: &str) -> serde_json::Value {
    let metadata = |namespace| json!({"metadata": {"name": "plimsoll", "namespace": namespace}});
    let items: Vec<_> = namespaces.iter().map(metadata).collect();
    json!({"metadata": {"continue": next}, "items": items})
}

#[test]
fn reports_are_written_and_those_of_former_scans_go() {
    let mut fake = Fake::default().on(FORMER, 200, &former(&["shop"], "t")).on(
        &format!("{FORMER}&continue=t"),
        200,
        &former(&["bank"], ""),
    );
    let published = publish(&mut fake, &list(), true).unwrap();
    assert_eq!(
        (published.applied, published.deleted, published.gone),
        (2, 1, 0)
    );
    assert_eq!(
        fake.asked("PATCH"),
        [format!("{SHOP}{HOW}"), format!("{CLUSTER}{HOW}")]
    );
    assert_eq!(fake.asked("DELETE"), [BANK]);
}

#[test]
fn whoever_has_not_seen_everything_takes_nothing_away() {
    let mut fake = Fake::default().on(FORMER, 200, &former(&["bank"], ""));
    assert_eq!(publish(&mut fake, &list(), false).unwrap().deleted, 0);
    assert_eq!(fake.asked("DELETE"), Vec::<&str>::new());
    assert_eq!(fake.asked("GET").len(), 1);
}

#[test]
fn a_namespace_that_went_meanwhile_is_no_failure() {
    let ending = "reports \"plimsoll\" is forbidden: unable to create new content in namespace shop because it is being terminated";
    for (status, message) in [(404, ""), (403, ending)] {
        let status = (status, json!({ "message": message }));
        let mut fake = Fake::default().on(&format!("PATCH {SHOP}{HOW}"), status.0, &status.1);
        let published = publish(&mut fake, &list(), true).unwrap();
        assert_eq!((published.applied, published.gone), (1, 1));
    }
}

#[test]
fn what_is_missing_is_told_with_what_to_do() {
    let mut fake = Fake::default().on(&format!("GET {ROOT}"), 404, &json!({}));
    assert_eq!(
        publish(&mut fake, &list(), true),
        Err(PublishError::NotServed)
    );
    assert_eq!(fake.asked.len(), 1);

    let mut fake = Fake::default().on(&format!("PATCH {SHOP}{HOW}"), 403, &json!({}));
    let told = publish(&mut fake, &list(), true).unwrap_err().to_string();
    let rule =
        "{apiGroups: [openreports.io], resources: [reports, clusterreports], verbs: [patch]}";
    assert!(told.contains(SHOP) && told.ends_with(rule), "{told}");

    let mut fake = Fake::default().on(FORMER, 403, &json!({}));
    let told = publish(&mut fake, &list(), true).unwrap_err().to_string();
    assert!(told.contains("verbs: [list]"), "{told}");
}

#[test]
fn a_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not() {
    let mut fake = Fake::default().on(
        &format!("PATCH {SHOP}{HOW}"),
        503,
        &json!({"message": "busy"}),
    );
    let told = publish(&mut fake, &list(), true).unwrap_err().to_string();
    assert!(told.ends_with("the server answers 503: busy"), "{told}");
    assert_eq!((fake.asked("PATCH").len(), fake.waited), (3, 2));

    let mut fake = Fake::default().on(
        &format!("PATCH {SHOP}{HOW}"),
        422,
        &json!({"message": "no"}),
    );
    assert!(publish(&mut fake, &list(), true).is_err());
    assert_eq!((fake.asked("PATCH").len(), fake.waited), (1, 0));
}

#[test]
fn only_reports_are_published() {
    let other = json!({"items": [{"kind": "Secret", "metadata": {"name": "a"}}]}).to_string();
    let mut fake = Fake::default();
    let error = publish(&mut fake, other.as_bytes(), true).unwrap_err();
    assert!(matches!(error, PublishError::NoReports(_)), "{error}");
    assert_eq!(fake.asked("PATCH"), Vec::<&str>::new());
}
