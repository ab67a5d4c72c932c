//! A server that makes up the pods while it is asked for them, so that what is measured is the program alone. Plain HTTP.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use plimsoll_snapshot::collected::COLLECTED;
use serde_json::{Value, json};

use super::cluster::{OTHERS, other, pod, with_status};
use super::{Asked, commands, tell};
use crate::Outcome;

/// The pods, as texts in which only the number has to be put in: making them up must not take longer than reading them.
struct Cluster {
    pods: usize,
    alone: bool,
    /// Those with an owner, and those without.
    texts: [Vec<String>; 2],
}

/// Stands for the number in a text.
const NUMBER: usize = 900_000_000_000;

impl Cluster {
    fn new(pods: usize, alone: bool) -> Cluster {
        // One for each program that there are pods of.
        let numbers = NUMBER..NUMBER + 400;
        let text = |number, alone| {
            let text = with_status(pod(number, alone)).to_string();
            text.replace(&number.to_string(), "~")
        };
        let texts =
            [false, true].map(|alone| numbers.clone().map(|number| text(number, alone)).collect());
        Cluster { pods, alone, texts }
    }

    fn pod(&self, number: usize) -> String {
        let [owned, alone] = &self.texts;
        let texts = if self.alone || number.is_multiple_of(100) {
            alone
        } else {
            owned
        };
        let text = texts.get(number % 400).map_or("", String::as_str);
        text.replace('~', &number.to_string())
    }
}

/// What was served.
#[derive(Default)]
struct Served {
    requests: AtomicU64,
    bytes: AtomicU64,
}

/// Serves the pods, and tells what reading them takes.
pub(super) fn measure(asked: &Asked) -> Outcome {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let folder = std::env::temp_dir().join(format!("plimsoll-scale-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let config = json!({"apiVersion": "v1", "kind": "Config", "current-context": "mock",
        "clusters": [{"name": "mock", "cluster": {"server": format!("http://{}", listener.local_addr()?)}}],
        "contexts": [{"name": "mock", "context": {"cluster": "mock", "user": "mock"}}]});
    let kubeconfig = folder.join("kubeconfig");
    fs::write(&kubeconfig, config.to_string())?;
    let served = Arc::new(Served::default());
    let cluster = Arc::new(Cluster::new(asked.pods, asked.alone));
    let counted = served.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (cluster, served) = (cluster.clone(), counted.clone());
            thread::spawn(move || serve(&stream, &cluster, &served));
        }
    });
    let alone = if asked.alone { 1 } else { 100 };
    println!(
        "{} pods, one in {alone} by itself, and 2,000 other objects",
        asked.pods
    );
    let snapshot = folder.join("snapshot");
    for (name, command) in commands(asked, &kubeconfig, &snapshot) {
        let requests = served.requests.load(Ordering::SeqCst);
        let bytes = served.bytes.load(Ordering::SeqCst);
        let took = tell(name, &command)?;
        let requests = served.requests.load(Ordering::SeqCst) - requests;
        let bytes = served.bytes.load(Ordering::SeqCst) - bytes;
        println!("{:>34} {requests} requests, {} MB", "", bytes / 1_000_000);
        if !took.said.is_empty() {
            println!("{}", took.said);
        }
    }
    println!("{:>34} {} bytes saved", "", fs::metadata(&snapshot)?.len());
    Ok(fs::remove_dir_all(&folder)?)
}

/// Answers everything that comes over one connection.
fn serve(stream: &TcpStream, cluster: &Cluster, served: &Served) -> Option<()> {
    let mut lines = BufReader::new(stream).lines();
    loop {
        let request = lines.next()?.ok()?;
        while !lines.next()?.ok()?.is_empty() {}
        let path = request.split(' ').nth(1)?;
        let body = answer(path, cluster);
        served.requests.fetch_add(1, Ordering::SeqCst);
        served.bytes.fetch_add(body.len() as u64, Ordering::SeqCst);
        let mut stream = stream;
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .ok()?;
    }
}

fn answer(path: &str, cluster: &Cluster) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let discovery = match path {
        "/version" => json!({"gitVersion": "v1.37.1"}),
        "/metrics" => Value::Null,
        "/apis" => {
            // Without definitions of custom kinds.
            let groups: BTreeSet<&str> = COLLECTED.iter().map(|row| row.group).collect();
            let groups = groups.into_iter().filter(|group| !group.is_empty());
            let named = |group| json!({"name": group, "versions": [{"groupVersion": format!("{group}/v1")}]});
            json!({"groups": groups.map(named).collect::<Vec<_>>()})
        }
        _ => match served(path) {
            resources if resources.is_empty() => return page(path, query, cluster),
            resources => json!({ "resources": resources }),
        },
    };
    discovery.to_string()
}

/// The kinds of the group whose root a path is.
fn served(path: &str) -> Vec<Value> {
    let rows = COLLECTED.iter().filter(|row| match row.group {
        "" => path == "/api/v1",
        group => {
            path.strip_prefix("/apis/")
                .and_then(|path| path.strip_suffix("/v1"))
                == Some(group)
        }
    });
    rows.map(|row| {
        json!({"name": row.resource, "kind": row.kind, "namespaced": row.kind != "Namespace", "verbs": ["list"]})
    })
    .collect()
}

/// A page of a list.
fn page(path: &str, query: &str, cluster: &Cluster) -> String {
    let number = |name: &str| {
        let mut values = query.split('&').filter_map(|pair| pair.strip_prefix(name));
        values.next().and_then(|value| value.parse::<usize>().ok())
    };
    let from = number("continue=").unwrap_or(0);
    let resource = path.rsplit('/').next().unwrap_or_default();
    let row = OTHERS.iter().find(|(_, _, name, _)| *name == resource);
    let total = match (row, resource) {
        (Some((.., count)), _) => *count,
        (None, "pods") => cluster.pods,
        _ => 0,
    };
    let until = (from + number("limit=").unwrap_or(500)).min(total);
    let items: Vec<String> = (from..until)
        .map(|number| match row {
            Some((version, kind, ..)) => other(version, kind, number).to_string(),
            None => cluster.pod(number),
        })
        .collect();
    let next = if until < total {
        until.to_string()
    } else {
        String::new()
    };
    let metadata = json!({"resourceVersion": "1", "continue": next});
    format!(
        "{{\"metadata\":{metadata},\"items\":[{}]}}",
        items.join(",")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_hold_all_pods_once() {
        let cluster = Cluster::new(1234, false);
        let mut names = Vec::new();
        let mut next = String::new();
        loop {
            let path = format!("/api/v1/pods?limit=500{next}");
            let page: Value = serde_json::from_str(&answer(&path, &cluster)).unwrap();
            for item in page["items"].as_array().unwrap() {
                names.push(item["metadata"]["name"].as_str().unwrap().to_owned());
            }
            match page["metadata"]["continue"].as_str().unwrap() {
                "" => break,
                token => next = format!("&continue={token}"),
            }
        }
        assert_eq!(names.len(), 1234);
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 1234);
    }

    #[test]
    fn the_other_objects_are_two_thousand() {
        assert_eq!(OTHERS.iter().map(|(.., count)| count).sum::<usize>(), 2000);
    }
}
