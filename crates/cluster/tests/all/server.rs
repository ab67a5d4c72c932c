//! A small API server: as much of HTTP as the client speaks, plain or over TLS, and an answer to every request.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;

use plimsoll_snapshot::collected::resources;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    /// By small names.
    pub(crate) headers: BTreeMap<String, String>,
}

impl Asked {
    /// Is it the first page of a list of these?
    pub(crate) fn lists(&self, resource: &str) -> bool {
        self.path.ends_with(&format!("/{resource}?limit=500"))
    }
}

/// An answer.
pub(crate) enum Reply {
    /// A status and a whole body.
    Whole(u16, Value),
    /// A status, a header and an empty object.
    Header(u16, &'static str),
    /// A body that ends before its announced length, and so does the connection.
    Cut(Value),
    /// None, ever.
    Silence,
}

type Answers = dyn Fn(&Asked) -> Option<Reply> + Send + Sync;

/// A running server. Its threads end with the connections that they serve.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    tls: Arc<Mutex<Option<Arc<ServerConfig>>>>,
}

impl Served {
    /// Serves what `answers` says; for `None` a cluster of version 1.37 that holds nothing.
    pub(crate) fn start(
        tls: Option<Arc<ServerConfig>>,
        answers: impl Fn(&Asked) -> Option<Reply> + Send + Sync + 'static,
    ) -> Served {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let served = Served {
            address: listener.local_addr().unwrap(),
            asked: Arc::default(),
            tls: Arc::new(Mutex::new(tls)),
        };
        let (asked, tls) = (served.asked.clone(), served.tls.clone());
        let answers: Arc<Answers> = Arc::new(answers);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (asked, answers) = (asked.clone(), answers.clone());
                let tls = tls.lock().unwrap().clone();
                thread::spawn(move || match tls {
                    None => serve(stream, &asked, &*answers),
                    Some(config) => {
                        let connection = ServerConnection::new(config).unwrap();
                        serve(StreamOwned::new(connection, stream), &asked, &*answers)
                    }
                });
            }
        });
        served
    }

    /// From the next connection on, another certificate.
    pub(crate) fn certificates(&self) -> Arc<Mutex<Option<Arc<ServerConfig>>>> {
        self.tls.clone()
    }

    pub(crate) fn url(&self) -> String {
        let scheme = match *self.tls.lock().unwrap() {
            Some(_) => "https",
            None => "http",
        };
        format!("{scheme}://{}", self.address)
    }

    /// Everything that was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve<S: Read + Write>(mut stream: S, asked: &Mutex<Vec<Asked>>, answers: &Answers) {
    while let Some(request) = head(&mut stream) {
        asked.lock().unwrap().push(request.clone());
        let ordinary = || Reply::Whole(200, ordinary(&request.path));
        let reply = answers(&request).unwrap_or_else(ordinary);
        let text = |status, header: &str, body: &str, length: usize| {
            format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{header}\r\n{body}")
        };
        let (text, goes_on) = match reply {
            Reply::Whole(status, body) => {
                let body = body.to_string();
                // One request a connection: a certificate may have changed before the next.
                (
                    text(status, "connection: close\r\n", &body, body.len()),
                    false,
                )
            }
            Reply::Header(status, header) => {
                (text(status, &format!("{header}\r\n"), "{}", 2), true)
            }
            Reply::Cut(body) => {
                let body = body.to_string();
                (text(200, "", &body[..body.len() / 2], body.len()), false)
            }
            Reply::Silence => (String::new(), true),
        };
        if stream.write_all(text.as_bytes()).is_err() || stream.flush().is_err() || !goes_on {
            return;
        }
    }
}

/// The beginning of a request, which has no body; `None` when the other side has gone.
fn head(stream: &mut impl Read) -> Option<Asked> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers = lines.filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        Some((name.to_lowercase(), value.to_owned()))
    });
    Some(Asked {
        path,
        headers: headers.collect(),
    })
}

/// What a cluster says that serves every kind and holds nothing.
fn ordinary(path: &str) -> Value {
    let groups = resources();
    let path = path.split('?').next().unwrap();
    if path == "/version" {
        return json!({"gitVersion": "v1.37.1"});
    }
    if path == "/apis" {
        let named = groups.keys().filter(|group| !group.is_empty());
        let named = named.map(
            |group| json!({"name": group, "versions": [{"groupVersion": format!("{group}/v1")}]}),
        );
        return json!({"groups": named.collect::<Vec<_>>()});
    }
    for (group, resources) in groups {
        let root = match group {
            "" => "/api/v1".to_owned(),
            group => format!("/apis/{group}/v1"),
        };
        if path == root {
            let served = resources.iter().map(|resource| {
                json!({"name": resource, "kind": kind(group, resource), "namespaced": true, "verbs": ["list"]})
            });
            return json!({"resources": served.collect::<Vec<_>>()});
        }
    }
    json!({"items": []})
}

fn kind(group: &str, resource: &str) -> &'static str {
    let mut rows = plimsoll_snapshot::collected::COLLECTED.iter();
    let row = rows.find(|row| (row.group, row.resource) == (group, resource));
    row.map_or("CustomResourceDefinition", |row| row.kind)
}

/// A page of objects with these names in the namespace shop.
pub(crate) fn page(names: &[&str], next: &str) -> Value {
    let items = names
        .iter()
        .map(|name| json!({"metadata": {"name": name, "namespace": "shop", "uid": name}}));
    json!({"metadata": {"continue": next}, "items": items.collect::<Vec<_>>()})
}
