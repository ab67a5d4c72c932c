//! The control plane itself: that it starts, answers, refuses, and leaves nothing behind. Without programs to start
//! (see `cargo xtask control-plane`) the test says so and is left out.

use std::path::PathBuf;

use plimsoll_control_plane::{ControlPlane, Programs, Settings};
use serde_json::json;

#[test]
fn a_control_plane_answers_and_goes() {
    let Some(programs) = Programs::find() else {
        eprintln!("left out: no control plane; `cargo xtask control-plane` builds one");
        return;
    };
    let settings = Settings {
        controller_manager: true,
        users: vec![("guest".into(), "guest".into(), vec!["visitors".into()])],
        ..Settings::default()
    };
    let plane = ControlPlane::start(&programs, &settings).unwrap();
    let version = plane.api().get("/version").unwrap().body;
    assert_eq!(version["minor"], "37");

    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}});
    assert_eq!(
        plane
            .api()
            .post("/api/v1/namespaces", &namespace)
            .unwrap()
            .status,
        201
    );
    let again = plane.api().post("/api/v1/namespaces", &namespace).unwrap();
    assert_eq!(
        (again.status, again.message()),
        (409, "namespaces \"shop\" already exists")
    );
    let guest = plane
        .api()
        .with_token("guest")
        .get("/api/v1/namespaces")
        .unwrap();
    assert_eq!(guest.status, 403);

    let names = plane
        .kubectl()
        .args(["get", "namespace", "shop", "-o", "name"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&names.stdout), "namespace/shop\n");

    let processes: Vec<PathBuf> = plane
        .process_ids()
        .iter()
        .map(|id| PathBuf::from(format!("/proc/{id}")))
        .collect();
    assert_eq!(
        processes.iter().filter(|process| process.exists()).count(),
        3
    );
    let folder = plane.folder().to_owned();
    drop(plane);
    assert!(!processes.iter().any(|process| process.exists()));
    assert!(!folder.exists());
}
