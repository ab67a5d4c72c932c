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
        users: vec![(TOKEN.into(), "auditor".into(), Vec::new())],
        ..Settings::default()
    };
    let plane = ControlPlane::start(&programs, &settings).unwrap();
    // Metrics, which grow from one time to the next, may not be read.
    let rule = json!({"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list"]});
    let role = json!({"metadata": {"name": "reader"}, "rules": [rule]});
    let binding = json!({"metadata": {"name": "reader"}, "subjects": [{"kind": "User", "name": "auditor"}],
        "roleRef": {"kind": "ClusterRole", "name": "reader", "apiGroup": "rbac.authorization.k8s.io"}});
    for (resource, object) in [("clusterroles", role), ("clusterrolebindings", binding)] {
        let path = format!("/apis/rbac.authorization.k8s.io/v1/{resource}");
        assert!(plane.api().post(&path, &object).unwrap().is_fine());
    }
    let (whole, bytes) = through(&plane, usize::MAX);
    let whole = whole.unwrap();
    assert!(
        whole.complete && whole.objects.len() > 50,
        "{:?}",
        whole.gaps
    );
    let mut partial = 0;
    for part in 0..12 {
        match through(&plane, bytes * part / 12).0 {
            Ok(taken) => {
                assert!(!taken.complete && !taken.gaps.is_empty(), "{part}");
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
