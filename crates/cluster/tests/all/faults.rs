//! A server that fails in the middle, over real connections: what came is kept, what did not is a gap.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use plimsoll_cluster::Cause;
use serde_json::json;

use crate::certificate::Authority;
use crate::server::{Asked, Reply, Served, page};
use crate::taken::{access, kubeconfig, take, take_of};

/// A server that holds one Service and answers for pods as it is told.
fn with_pods(pods: impl Fn(&Asked) -> Option<Reply> + Send + Sync + 'static) -> Served {
    Served::start(None, move |asked| {
        if asked.lists("services") {
            return Some(Reply::Whole(200, page(&["front"], "")));
        }
        asked.path.contains("/pods?").then(|| pods(asked)).flatten()
    })
}

#[test]
fn a_body_that_ends_early_is_asked_for_again_and_then_a_gap() {
    let once = AtomicUsize::new(0);
    let served = with_pods(move |_| {
        let body = page(&["a", "b"], "");
        Some(match once.fetch_add(1, Ordering::SeqCst) {
            0 => Reply::Cut(body),
            _ => Reply::Whole(200, body),
        })
    });
    let taken = take_of(&served.url(), None).unwrap();
    assert_eq!(
        (taken.names(), taken.complete),
        (vec!["front", "a", "b"], true)
    );

    let served = with_pods(|_| Some(Reply::Cut(page(&["a", "b"], ""))));
    let taken = take_of(&served.url(), None).unwrap();
    assert_eq!(
        (taken.names(), taken.missing()),
        (vec!["front"], vec!["pods"])
    );
    assert!(
        taken.gaps[0].1.contains("cut in the middle"),
        "{:?}",
        taken.gaps
    );
}

#[test]
fn an_answer_that_does_not_come_is_a_gap_and_costs_nothing_else() {
    let served = with_pods(|_| Some(Reply::Silence));
    let taken = take_of(&served.url(), Some(Duration::from_millis(300))).unwrap();
    assert_eq!(
        (taken.names(), taken.missing()),
        (vec!["front"], vec!["pods"])
    );
    assert_eq!(taken.gaps[0].0, Cause::Unreachable);
    assert!(
        taken.gaps[0].1.contains("no answer came in time"),
        "{:?}",
        taken.gaps
    );
}

#[test]
fn a_server_that_is_busy_is_asked_again_when_it_wants() {
    let once = AtomicUsize::new(0);
    let served = with_pods(move |_| match once.fetch_add(1, Ordering::SeqCst) {
        0 => Some(Reply::Header(429, "Retry-After: 7")),
        _ => Some(Reply::Whole(200, page(&["a"], ""))),
    });
    let taken = take_of(&served.url(), None).unwrap();
    assert_eq!((taken.complete, taken.waited), (true, vec![7]));
}

#[test]
fn a_list_that_expired_goes_on_where_the_server_says() {
    let served = with_pods(|asked| {
        Some(match asked.path.split("continue=").nth(1) {
            None => Reply::Whole(200, page(&["a"], "old")),
            Some("old") => Reply::Whole(410, json!({"metadata": {"continue": "new"}})),
            Some(_) => Reply::Whole(200, page(&["b"], "")),
        })
    });
    let taken = take_of(&served.url(), None).unwrap();
    assert_eq!(
        (taken.names(), taken.complete),
        (vec!["front", "a", "b"], true)
    );
}

#[test]
fn a_group_that_is_down_and_a_kind_that_goes_are_gaps() {
    let served = Served::start(None, |asked| match asked.path.as_str() {
        "/apis/batch/v1" => Some(Reply::Whole(503, json!({}))),
        _ if asked.lists("ingresses") => Some(Reply::Whole(404, json!({}))),
        _ if asked.lists("services") => Some(Reply::Whole(200, page(&["front"], ""))),
        _ => None,
    });
    let taken = take_of(&served.url(), None).unwrap();
    assert_eq!(taken.names(), ["front"]);
    let expected = [
        "ingresses.networking.k8s.io",
        "cronjobs.batch",
        "jobs.batch",
    ];
    assert_eq!(taken.missing(), expected);
}

#[test]
fn groups_that_are_not_told_leave_the_core() {
    let served = Served::start(None, |asked| match asked.path.as_str() {
        "/apis" => Some(Reply::Whole(500, json!({}))),
        _ if asked.lists("services") => Some(Reply::Whole(200, page(&["front"], ""))),
        _ => None,
    });
    let taken = take_of(&served.url(), None).unwrap();
    assert_eq!((taken.names(), taken.complete), (vec!["front"], false));
    let missing = taken.missing();
    assert!(
        missing.contains(&"deployments.apps") && !missing.contains(&"pods"),
        "{missing:?}"
    );
}

#[test]
fn a_certificate_that_expires_on_the_way_leaves_what_came_before() {
    let authority = Authority::new();
    let expired = authority.server("127.0.0.1", 2020);
    let slot: Mutex<Option<_>> = Mutex::new(None);
    let slot = std::sync::Arc::new(slot);
    let later = slot.clone();
    let served = Served::start(Some(authority.good()), move |asked| {
        let tls: Option<std::sync::Arc<Mutex<_>>> = later.lock().unwrap().clone();
        let list = asked.lists("services");
        if let Some(tls) = tls.filter(|_| list) {
            *tls.lock().unwrap() = Some(expired.clone());
        }
        list.then(|| Reply::Whole(200, page(&["front"], "")))
    });
    *slot.lock().unwrap() = Some(served.certificates());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), &authority.pem).unwrap();
    let cluster = json!({"certificate-authority": "ca.pem"});
    let path = kubeconfig(
        folder.path(),
        &served.url(),
        &cluster,
        &json!({"token": "t"}),
    );
    let taken = take(&access(path)).unwrap();
    assert_eq!((taken.names(), taken.complete), (vec!["front"], false));
    assert!(taken.missing().contains(&"pods"));
    let told = taken
        .gaps
        .iter()
        .all(|(_, text)| text.contains("has expired: renew it"));
    assert!(told, "{:?}", taken.gaps);
}
