//! What is fetched, and only where that was asked for: kustomizations that refer elsewhere and charts with dependencies, from
//! servers of our own on the loopback address and from a repository on the disk.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::folder::{Folder, PRIVILEGED, Scan, ended};
use crate::programs::program;
use crate::revision::committed;

/// Answers for files until the test's process ends, and remembers what was asked for.
struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `files` may name the server's own address as `ADDRESS`.
    fn of(files: &[(&'static str, Vec<u8>)]) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let files: BTreeMap<&str, Vec<u8>> = files.iter().cloned().collect();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let path = answer(stream, &files).unwrap_or_default();
                log.lock().unwrap().push(path);
            }
        });
        Server { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(stream: TcpStream, files: &BTreeMap<&str, Vec<u8>>) -> std::io::Result<String> {
    let mut lines = BufReader::new(&stream).lines();
    let request = lines.next().unwrap_or(Ok(String::new()))?;
    while lines
        .next()
        .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
    {}
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let (status, body) = match files.get(path.as_str()) {
        Some(body) => ("200 OK", body.as_slice()),
        None => ("404 Not Found", &b""[..]),
    };
    let length = body.len();
    let mut out = &stream;
    write!(
        out,
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    out.write_all(body)?;
    Ok(path)
}

#[test]
fn a_file_elsewhere_is_fetched_only_with_leave() {
    let test = "a_file_elsewhere_is_fetched_only_with_leave";
    let Some(kustomize) = program("kustomize", test) else {
        return;
    };
    let server = Server::of(&[("/agent.yaml", PRIVILEGED.into())]);
    let address = format!("http://{}/agent.yaml", server.address);
    let text = format!("resources: ['{address}', web.yaml]\nnamespace: shop\n");
    let folder = Folder::new()
        .file("prod/kustomization.yaml", text)
        .file("prod/web.yaml", PRIVILEGED.replace("agent", "web"));
    let refused = folder.scan_with(&["--kustomize", &kustomize, "."]);
    assert_eq!(
        (refused.code, refused.gaps()),
        (
            2,
            vec!["kustomize-remote prod/kustomization.yaml".to_owned()]
        )
    );
    let said = refused.gap_message();
    assert!(
        said.contains(&address) && said.contains("--allow-remote"),
        "{said}"
    );
    assert_eq!(server.asked(), [""; 0]);

    let scan = folder.scan_with(&["--allow-remote", "--kustomize", &kustomize, "."]);
    assert_eq!((scan.code, scan.gaps()), (1, Vec::new()));
    assert!(!server.asked().is_empty());
    let findings = scan.report["findings"].as_array().unwrap().iter();
    let of = |name: &str| {
        let mut all = findings
            .clone()
            .filter(|it| it["control"] == "privileged-container");
        all.find(|it| it["object"]["name"] == name).unwrap()
    };
    assert_eq!(of("web")["location"]["file"], "prod/web.yaml");
    // What was fetched has no line here: it is told at what refers to it.
    let agent = of("agent");
    assert_eq!(agent["object"]["namespace"], "shop");
    assert_eq!(
        (&agent["location"]["file"], &agent["location"]["exact"]),
        (&"prod/kustomization.yaml".into(), &false.into())
    );
}

#[test]
fn a_repository_elsewhere_is_fetched_only_with_leave() {
    let test = "a_repository_elsewhere_is_fetched_only_with_leave";
    let Some(kustomize) = program("kustomize", test) else {
        return;
    };
    let repository = committed(
        Folder::new()
            .file("base/kustomization.yaml", "resources: [agent.yaml]\n")
            .file("base/agent.yaml", PRIVILEGED),
    );
    let address = format!("file://{}//base?ref=main", repository.path("").display());
    let folder = Folder::new().file(
        "kustomization.yaml",
        format!(
            "resources: ['{}']\nnamePrefix: prod-\n",
            address.replace("///base", "//base")
        ),
    );
    let refused = folder.scan_with(&["--kustomize", &kustomize, "."]);
    assert_eq!(refused.gaps(), ["kustomize-remote kustomization.yaml"]);
    assert!(
        refused.gap_message().contains("file://"),
        "{}",
        refused.gap_message()
    );
    // Git's own scripts need more programs than Git.
    let arguments = [
        "scan",
        "--format",
        "json",
        "--allow-remote",
        "--kustomize",
        &kustomize,
        ".",
    ];
    let mut command = folder.command(&arguments);
    let path = std::env::var_os("PATH").unwrap();
    let scan = Scan::of(&ended(command.env("PATH", path).output().unwrap()));
    assert_eq!(scan.report["gaps"], serde_json::json!([]));
    let names = scan.report["findings"].as_array().unwrap().iter();
    assert!(names.clone().count() > 3);
    assert!(names.clone().all(|it| it["object"]["name"] == "prod-agent"));
}

/// A chart with one template, packed as Helm packs it.
fn packed(name: &str, template: &str) -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let description = format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n");
    for (file, text) in [
        ("Chart.yaml", description.as_str()),
        ("templates/a.yaml", template),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        let path = format!("{name}/{file}");
        archive
            .append_data(&mut header, path, text.as_bytes())
            .unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

#[test]
fn dependencies_are_fetched_only_where_that_was_asked_for() {
    let test = "dependencies_are_fetched_only_where_that_was_asked_for";
    for helm in ["helm3", "helm4"]
        .iter()
        .filter_map(|name| program(name, test))
    {
        let index = "apiVersion: v1\nentries:\n  db:\n  - {apiVersion: v2, name: db, version: 1.0.0, urls: [db-1.0.0.tgz]}\n";
        let server = Server::of(&[
            ("/index.yaml", index.into()),
            ("/db-1.0.0.tgz", packed("db", PRIVILEGED)),
        ]);
        let chart = format!(
            "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{{name: db, version: 1.0.0, repository: 'http://{}'}}]\n",
            server.address
        );
        let folder = Folder::new()
            .file("web/Chart.yaml", chart)
            .file("web/templates/a.yaml", PRIVILEGED.replace("agent", "web"));
        let refused = folder.scan_with(&["--helm", &helm, "."]);
        assert_eq!(
            (refused.code, refused.gaps()),
            (2, vec!["helm-failed web/Chart.yaml".to_owned()])
        );
        let said = refused.gap_message();
        assert!(
            said.contains("db") && said.contains("--dependency-update"),
            "{said}"
        );
        assert_eq!(server.asked(), [""; 0]);

        let scan = folder.scan_with(&["--dependency-update", "--helm", &helm, "."]);
        assert_eq!((scan.code, scan.gaps()), (1, Vec::new()), "{helm}");
        assert!(server.asked().contains(&"/db-1.0.0.tgz".to_owned()));
        assert_eq!(
            scan.found("privileged-container"),
            [
                "web/charts/db-1.0.0.tgz!templates/a.yaml:9",
                "web/templates/a.yaml:9"
            ],
            "{helm}"
        );
        assert!(
            !folder.path("web/charts").exists(),
            "the chart is left as it is"
        );
        assert!(!folder.path("web/Chart.lock").exists());
    }
}
