//! From a kubeconfig to an answer: who is asked as whom and by which way, and what is said about each step that fails.

use std::path::Path;
use std::time::Duration;

use plimsoll_cluster::{Access, Client, Server};
use serde_json::{Value, json};

use crate::certificate::Authority;
use crate::proxy::Proxy;
use crate::server::{Reply, Served};
use crate::taken::{access, kubeconfig, take, take_of};

/// A server over TLS and a folder for kubeconfigs that know its authority.
struct Secure {
    served: Served,
    cluster: Value,
    folder: tempfile::TempDir,
}

impl Secure {
    fn start(name: &str, year: i32) -> Secure {
        let authority = Authority::new();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), &authority.pem).unwrap();
        Secure {
            served: Served::start(Some(authority.server(name, year)), |_| None),
            // As kubectl takes it: from the folder of the kubeconfig.
            cluster: json!({"certificate-authority": "ca.pem"}),
            folder,
        }
    }

    fn access(&self, user: &Value) -> Access {
        let path = kubeconfig(self.folder.path(), &self.served.url(), &self.cluster, user);
        access(path)
    }
}

#[test]
fn a_server_with_a_good_certificate_is_read() {
    let secure = Secure::start("127.0.0.1", 2096);
    let taken = take(&secure.access(&json!({"token": "sesame"}))).unwrap();
    assert!(taken.complete);
    let asked = secure.served.asked();
    assert!(asked.len() > 30, "{}", asked.len());
    for asked in &asked {
        assert_eq!(asked.headers["authorization"], "Bearer sesame");
        assert!(asked.headers["user-agent"].starts_with("plimsoll/"));
        assert!(!asked.headers.contains_key("impersonate-user"));
    }
}

#[test]
fn a_certificate_that_does_not_hold_is_told_with_what_to_do() {
    let told = |secure: &Secure| take(&secure.access(&json!({}))).unwrap_err();
    let other = told(&Secure::start("other.example.com", 2096));
    assert!(
        other.contains("for another name: set tls-server-name"),
        "{other}"
    );
    let over = told(&Secure::start("127.0.0.1", 2020));
    assert!(
        over.contains("certificate of the API server has expired: renew it"),
        "{over}"
    );
    let mut foreign = Secure::start("127.0.0.1", 2096);
    std::fs::write(foreign.folder.path().join("ca.pem"), Authority::new().pem).unwrap();
    let unknown = told(&foreign);
    assert!(
        unknown.contains("not from the authority of the kubeconfig"),
        "{unknown}"
    );
    foreign.cluster = json!({"insecure-skip-tls-verify": true});
    assert!(take(&foreign.access(&json!({}))).unwrap().complete);
}

#[test]
fn a_name_that_the_certificate_is_for_can_be_said() {
    let mut secure = Secure::start("api.example.com", 2096);
    secure.cluster["tls-server-name"] = json!("api.example.com");
    assert!(take(&secure.access(&json!({}))).unwrap().complete);
}

#[test]
fn a_server_that_is_not_there_is_told_with_what_to_do() {
    // No label of a name may be so long, so that nobody has to be asked for it.
    let unknown = format!("http://{}.example.com:6443", "a".repeat(64));
    let unknown = take_of(&unknown, None).unwrap_err();
    assert!(
        unknown.contains("the name of the API server is not known"),
        "{unknown}"
    );
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let refused = take_of(&format!("http://{address}"), None).unwrap_err();
    assert!(
        refused.contains("nothing listens at the address of the API server"),
        "{refused}"
    );
    let silent = Served::start(None, |_| Some(Reply::Silence));
    let late = take_of(&silent.url(), Some(Duration::from_millis(50))).unwrap_err();
    assert!(late.contains("no answer came in time"), "{late}");
}

#[test]
fn whoever_is_not_let_in_is_told_what_to_do() {
    let of = |status| Served::start(None, move |_| Some(Reply::Whole(status, json!({}))));
    let told = take_of(&of(401).url(), None).unwrap_err();
    assert!(told.contains("(401): log in again"), "{told}");
    let told = take_of(&of(403).url(), None).unwrap_err();
    assert!(told.contains("(403): ask for the rights"), "{told}");
}

#[test]
fn somebody_else_can_be_asked_for() {
    let served = Served::start(None, |_| None);
    let folder = tempfile::tempdir().unwrap();
    let user = json!({"token": "t", "as": "in-the-file"});
    let path = kubeconfig(folder.path(), &served.url(), &json!({}), &user);
    let mut access = access(path);
    let first = |access: &Access| {
        let asked = served.asked().len();
        let mut client = Client::connect(access, &|_| {}).unwrap();
        client.get("/version", "application/json").unwrap();
        served.asked()[asked].headers["impersonate-user"].clone()
    };
    assert_eq!(first(&access), "in-the-file");
    access.as_user = Some("auditor".to_owned());
    assert_eq!(first(&access), "auditor");
}

#[test]
fn time_can_pass_between_two_requests() {
    let served = Served::start(None, |_| None);
    let folder = tempfile::tempdir().unwrap();
    let path = kubeconfig(folder.path(), &served.url(), &json!({}), &json!({}));
    let mut client = Client::connect(&access(path), &|_| {}).unwrap();
    let before = std::time::Instant::now();
    client.wait(Duration::from_millis(1));
    assert!(before.elapsed() >= Duration::from_millis(1));
    assert_eq!(client.get("/version", "*/*").unwrap().status, 200);
}

#[test]
fn a_context_is_chosen_and_one_that_is_not_there_is_told() {
    let (one, other) = (Served::start(None, |_| None), Served::start(None, |_| None));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kubeconfig");
    let cluster =
        |name, served: &Served| json!({"name": name, "cluster": {"server": served.url()}});
    let context = |name| json!({"name": name, "context": {"cluster": name, "user": "nobody"}});
    let config = json!({"clusters": [cluster("one", &one), cluster("other", &other)],
        "contexts": [context("one"), context("other")], "current-context": "one"});
    std::fs::write(&path, config.to_string()).unwrap();
    let mut access = access(path);
    let asked = |access: &Access| {
        let mut client = Client::connect(access, &|_| {}).unwrap();
        client.get("/version", "application/json").unwrap();
        (one.asked().len(), other.asked().len())
    };
    assert_eq!(asked(&access), (1, 0));
    access.context = Some("other".to_owned());
    assert_eq!(asked(&access), (1, 1));
    access.context = Some("elsewhere".to_owned());
    let told = Client::connect(&access, &|_| {}).err().unwrap().to_string();
    assert!(
        told.starts_with("the kubeconfig cannot be used") && told.contains("elsewhere"),
        "{told}"
    );
}

/// A user whose credentials come from a shell.
fn from_shell(script: &str) -> Value {
    let exec = json!({"apiVersion": "client.authentication.k8s.io/v1", "command": "sh", "args": ["-c", script],
        "interactiveMode": "Never"});
    json!({ "exec": exec })
}

fn credentials(folder: &Path) -> String {
    let credential = r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"from-a-command"}}"#;
    format!("touch {}/ran; echo '{credential}'", folder.display())
}

#[test]
fn a_command_is_announced_before_it_runs() {
    let served = Served::start(None, |_| None);
    let folder = tempfile::tempdir().unwrap();
    let ran = folder.path().join("ran");
    let user = from_shell(&credentials(folder.path()));
    let path = kubeconfig(folder.path(), &served.url(), &json!({}), &user);
    let announced = std::cell::RefCell::new(Vec::new());
    let announce = |command: &str| {
        assert!(!ran.exists());
        announced.borrow_mut().push(command.to_owned());
    };
    let mut client = Client::connect(&access(path), &announce).unwrap();
    client.get("/version", "application/json").unwrap();
    assert!(ran.exists());
    assert_eq!(announced.borrow().len(), 1);
    assert!(announced.borrow()[0].starts_with("sh -c touch "));
    assert_eq!(
        served.asked()[0].headers["authorization"],
        "Bearer from-a-command"
    );
}

#[test]
fn a_command_that_fails_is_named_and_what_it_printed_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let told = |user: &Value| {
        let path = kubeconfig(folder.path(), "http://127.0.0.1:1", &json!({}), user);
        Client::connect(&access(path), &|_| {})
            .err()
            .unwrap()
            .to_string()
    };
    let failed = told(&from_shell("echo half-a-tok\"\"en; exit 3"));
    assert!(
        failed.contains("run it yourself") && failed.contains("exit status: 3"),
        "{failed}"
    );
    assert!(!failed.contains("half-a-token"), "{failed}");
    let strange = told(&from_shell("echo half-a-tok\"\"en"));
    assert!(
        strange.contains("no credentials") && !strange.contains("half-a-token"),
        "{strange}"
    );
    let missing = json!({"exec": {"apiVersion": "client.authentication.k8s.io/v1",
        "command": "/nowhere/login", "interactiveMode": "Never"}});
    let missing = told(&missing);
    assert!(
        missing.contains("/nowhere/login") && missing.contains("No such file"),
        "{missing}"
    );
}

#[test]
fn a_proxy_of_the_kubeconfig_is_gone_through() {
    let mut secure = Secure::start("api.example.com", 2096);
    let proxy = Proxy::tunnel(secure.served.address);
    secure.cluster["proxy-url"] = json!(format!("http://{}", proxy.address));
    let path = kubeconfig(
        secure.folder.path(),
        "https://api.example.com:6443",
        &secure.cluster,
        &json!({"token": "t"}),
    );
    assert!(take(&access(path)).unwrap().complete);
    let tunnels = proxy.tunnels();
    assert_eq!(tunnels[0], "CONNECT api.example.com:6443 HTTP/1.1");
}

#[test]
fn a_proxy_that_lets_nobody_through_is_told() {
    let mut secure = Secure::start("api.example.com", 2096);
    let refusing = Served::start(None, |_| Some(Reply::Whole(403, json!({}))));
    secure.cluster["proxy-url"] = json!(refusing.url());
    let path = kubeconfig(
        secure.folder.path(),
        "https://api.example.com:6443",
        &secure.cluster,
        &json!({}),
    );
    let told = take(&access(path)).unwrap_err();
    assert!(told.contains("the proxy does not let us through"), "{told}");
}
