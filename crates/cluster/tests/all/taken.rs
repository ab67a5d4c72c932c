//! Taking snapshots in tests: kubeconfigs for servers of ours, and what came of it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use plimsoll_cluster::{
    Access, Answer, Cause, Client, Entry, Request, Saved, Server, StandIns, collect,
};
use serde_json::{Value, json};

/// A client that does not let time pass between two attempts.
pub(crate) struct Hasty {
    pub(crate) client: Client,
    /// The seconds that it should have waited.
    pub(crate) waited: Vec<u64>,
}

impl Server for Hasty {
    fn get(&mut self, path: &str, accept: &str) -> Result<Answer, String> {
        self.client.get(path, accept)
    }

    fn wait(&mut self, time: Duration) {
        self.waited.push(time.as_secs());
    }
}

/// What a snapshot holds.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) objects: Vec<Value>,
    pub(crate) gaps: Vec<(Cause, String)>,
    pub(crate) complete: bool,
    pub(crate) waited: Vec<u64>,
}

impl Taken {
    pub(crate) fn names(&self) -> Vec<&str> {
        let names = self.objects.iter();
        names
            .map(|object| object["metadata"]["name"].as_str().unwrap())
            .collect()
    }

    /// What each gap is about.
    pub(crate) fn missing(&self) -> Vec<&str> {
        let messages = self.gaps.iter().map(|(_, message)| message);
        messages
            .map(|text| text.split(' ').next().unwrap())
            .collect()
    }
}

/// A kubeconfig for a server: further settings of its cluster, and of its user.
pub(crate) fn kubeconfig(folder: &Path, server: &str, cluster: &Value, user: &Value) -> PathBuf {
    let mut settings = cluster.clone();
    settings["server"] = json!(server);
    let config = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "test", "cluster": settings}],
        "users": [{"name": "tester", "user": user}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "tester"}}],
        "current-context": "test",
    });
    let path = folder.join("kubeconfig");
    std::fs::write(&path, config.to_string()).unwrap();
    path
}

pub(crate) fn access(kubeconfig: PathBuf) -> Access {
    Access {
        kubeconfig: Some(kubeconfig),
        ..Access::default()
    }
}

/// A snapshot, or why there is none.
pub(crate) fn take(access: &Access) -> Result<Taken, String> {
    let client = Client::connect(access, &|_| {}).map_err(|error| error.to_string())?;
    let mut hasty = Hasty {
        client,
        waited: Vec::new(),
    };
    let none = StandIns {
        value: |_, _| None,
        text: |_| None,
        token: |_| None,
        argument: |_, _| None,
    };
    let file = tempfile::tempfile().unwrap();
    let taken = collect(&mut hasty, &Request::default(), &none, file);
    let (file, _) = taken.map_err(|error| error.to_string())?;
    let mut saved = Saved::verify(file).unwrap();
    let mut taken = Taken {
        objects: Vec::new(),
        gaps: Vec::new(),
        complete: saved.is_complete(),
        waited: hasty.waited,
    };
    for entry in saved.entries().unwrap() {
        match entry.unwrap() {
            Entry::Object(text) => taken.objects.push(serde_json::from_str(&text).unwrap()),
            Entry::Gap(gap) => taken.gaps.push((gap.cause, gap.message)),
        }
    }
    Ok(taken)
}

/// A snapshot of a server that needs no certificate.
pub(crate) fn take_of(server: &str, patience: Option<Duration>) -> Result<Taken, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = kubeconfig(folder.path(), server, &json!({}), &json!({"token": "t"}));
    take(&Access {
        patience,
        ..access(path)
    })
}
