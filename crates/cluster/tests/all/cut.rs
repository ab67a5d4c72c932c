//! A real API server behind a line that breaks, at many places: a snapshot is whole, or says that it is not. Needs a control
//! plane (`cargo xtask control-plane`); without one the test says that it was left out.

use plimsoll_control_plane::{ControlPlane, Programs, Settings};
use serde_json::json;

use crate::proxy::Proxy;
use crate::taken::{Taken, access, kubeconfig, take};

const TOKEN: &str = "auditor";

fn through(plane: &ControlPlane, bytes: usize) -> (Result<Taken, String>, usize) {
    let server = plane.server().trim_start_matches("https://");
    let proxy = Proxy::start(server.parse().unwrap(), bytes);
    let folder = tempfile::tempdir().unwrap();
    let cluster = json!({"certificate-authority": plane.certificate()});
    let path = kubeconfig(
        folder.path(),
        &format!("https://{}", proxy.address),
        &cluster,
        &json!({"token": TOKEN}),
    );
    (take(&access(path)), proxy.passed())
}

#[test]
fn a_line_that_breaks_anywhere_leaves_a_partial_snapshot_with_gaps() {
    let Some(programs) = Programs::find() else {
        eprintln!("left out: no control plane; `cargo xtask control-plane` builds one");
        return;
    };
    let settings = Settings {
        users: vec![(
            TOKEN.into(),
            "auditor".into(),
            vec!["system:masters".into()],
        )],
        ..Settings::default()
    };
    let plane = ControlPlane::start(&programs, &settings).unwrap();
    let (whole, bytes) = through(&plane, usize::MAX);
    let whole = whole.unwrap();
    assert!(
        whole.complete && whole.objects.len() > 50,
        "{:?}",
        whole.gaps
    );
    let mut partial = 0;
    // Metrics come first and are large; objects come last.
    let objects: usize = whole
        .objects
        .iter()
        .map(|object| object.to_string().len())
        .sum();
    let places = (1..=10).map(|part| bytes - objects * part / 10);
    for place in places.chain([bytes / 4, 0]) {
        match through(&plane, place).0 {
            Ok(taken) => {
                assert!(!taken.complete && !taken.gaps.is_empty(), "{place}");
                assert!(
                    taken
                        .objects
                        .iter()
                        .all(|object| whole.objects.contains(object))
                );
                partial += usize::from(!taken.objects.is_empty());
            }
            Err(told) => assert!(
                told.starts_with("the API server does not tell its version"),
                "{told}"
            ),
        }
    }
    assert!(partial >= 6, "{partial}");
}
