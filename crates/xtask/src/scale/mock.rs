//! A server that makes up the pods while it is asked for them, so that what is measured is the program alone. Plain HTTP.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use serde_json::json;

use super::cluster::{OTHERS, other, pod, with_status};
use super::{Asked, commands, tell};
use crate::Outcome;

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
    let (pods, alone, counted) = (asked.pods, asked.alone, served.clone());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let served = counted.clone();
            thread::spawn(move || serve(&stream, pods, alone, &served));
        }
    });
    println!(
        "{pods} pods, {} of them by themselves, and 2,000 other objects",
        if alone { pods } else { pods / 100 }
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
fn serve(stream: &TcpStream, pods: usize, alone: bool, served: &Served) -> Option<()> {
    let mut lines = BufReader::new(stream).lines();
    loop {
        let request = lines.next()?.ok()?;
        while !lines.next()?.ok()?.is_empty() {}
        let path = request.split(' ').nth(1)?;
        let body = answer(path, pods, alone).ok()?;
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

fn answer(path: &str, pods: usize, alone: bool) -> Result<String, Box<dyn Error>> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let resources = |of: &str| {
        let rows = OTHERS.iter().filter(|(version, ..)| *version == of);
        let row = |(_, kind, name, _): &(&str, &str, &str, usize)| json!({"name": name, "kind": kind, "namespaced": *kind != "Namespace", "verbs": ["list"]});
        rows.map(row).collect::<Vec<_>>()
    };
    let discovery = match path {
        "/version" => Some(json!({"gitVersion": "v1.37.1"})),
        "/apis" => {
            Some(json!({"groups": [{"name": "apps", "versions": [{"groupVersion": "apps/v1"}]}]}))
        }
        "/apis/apps/v1" => Some(json!({"resources": resources("apps/v1")})),
        "/api/v1" => {
            let mut resources = resources("v1");
            resources.push(
                json!({"name": "pods", "kind": "Pod", "namespaced": true, "verbs": ["list"]}),
            );
            Some(json!({ "resources": resources }))
        }
        _ => None,
    };
    if path == "/metrics" {
        return Ok(String::new());
    }
    if let Some(discovery) = discovery {
        return Ok(discovery.to_string());
    }
    let number = |name: &str| {
        let mut values = query.split('&').filter_map(|pair| pair.strip_prefix(name));
        values.next().and_then(|value| value.parse::<usize>().ok())
    };
    let (from, limit) = (
        number("continue=").unwrap_or(0),
        number("limit=").unwrap_or(500),
    );
    let resource = path.rsplit('/').next().unwrap_or_default();
    let row = OTHERS.iter().find(|(_, _, name, _)| *name == resource);
    let total = row.map_or(pods, |(.., count)| *count);
    let until = (from + limit).min(total);
    let items: Vec<String> = (from..until)
        .map(|number| match row {
            Some((version, kind, ..)) => other(version, kind, number).to_string(),
            None => with_status(pod(number, alone || number % 100 == 0)).to_string(),
        })
        .collect();
    let next = if until < total {
        until.to_string()
    } else {
        String::new()
    };
    let metadata = json!({"resourceVersion": "1", "continue": next});
    Ok(format!(
        "{{\"metadata\":{metadata},\"items\":[{}]}}",
        items.join(",")
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn pages_hold_all_pods_once() {
        let mut names = Vec::new();
        let mut next = String::new();
        loop {
            let path = format!("/api/v1/pods?limit=500{next}");
            let page: Value = serde_json::from_str(&answer(&path, 1234, false).unwrap()).unwrap();
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
