//! An AuthenticationConfiguration may let anonymous requests go to health checks only.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use plimsoll_guide::{AUTH_03, Chapter, SIG_07};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "anonymous-paths-too-wide",
        formerly: &[],
        title: "configuration lets anonymous requests go beyond health checks",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&AUTH_03, &SIG_07],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Not(
            "the settings of Kubernetes' own programs are changed by hand, one node after the other, because a wrong one stops the program",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("apiserver.config.k8s.io", "AuthenticationConfiguration")],
        check,
        words: &[],
        enforce: Enforce::NO_OBJECT,
    })],
};

const BECAUSE: &str = "anybody who reaches the port may ask for it";

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    let Some(anonymous) = object.node.get("anonymous").filter(|node| !node.is_null()) else {
        return;
    };
    let Some(enabled) = anonymous.get("enabled") else {
        return;
    };
    match enabled.as_bool() {
        Some(false) => return,
        Some(true) => {}
        None => return object.note_malformed(enabled, "true or false"),
    }
    let mut paths = anonymous
        .get("conditions")
        .into_iter()
        .flat_map(Node::items)
        .peekable();
    if paths.peek().is_none() {
        found.on_object(
            At::node(enabled),
            "lets anonymous requests go everywhere",
            BECAUSE,
        );
    }
    for condition in paths {
        match condition.get("path").and_then(Node::as_str) {
            Some("/livez" | "/readyz" | "/healthz") => {}
            Some(path) => {
                let at = At::node(condition.get("path").unwrap_or(condition));
                found.on_object(
                    at,
                    &format!("lets anonymous requests go to {path}"),
                    BECAUSE,
                );
            }
            None => object.note_malformed(condition, "a condition with a path"),
        }
    }
}
