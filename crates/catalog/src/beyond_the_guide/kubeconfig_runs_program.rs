//! A kubeconfig may name a program that kubectl runs to log in. Who sends somebody a kubeconfig sends him a command line.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{BEY_22, Chapter, KCFG_01};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::shape::items;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "kubeconfig-runs-program",
        formerly: &[],
        title: "kubeconfig runs a program that is not known",
        chapter: Chapter::BeyondTheGuide,
        guide: &[&BEY_22, &KCFG_01],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("how its user logs in instead is for the owner of the file to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "Config")],
        check,
        words: KNOWN,
        enforce: Enforce::NO_OBJECT,
    })],
};

/// Programs of clouds and of the identity providers' plugins, found on the path of whoever runs kubectl.
const KNOWN: Words = &[
    "aws",
    "aws-iam-authenticator",
    "doctl",
    "gke-gcloud-auth-plugin",
    "kubectl-oidc_login",
    "kubelogin",
    "oci",
    "tsh",
];

const BECAUSE: &str = "kubectl runs it with the rights of whoever uses the file";

fn check(object: &Object<'_>, known: Words, found: &mut Found<'_>) {
    for entry in items(object, object.node, "users") {
        let Some(user) = entry.get("user") else {
            continue;
        };
        let command = user.get("exec").and_then(|exec| exec.get("command"));
        if let Some(command) = command.filter(|node| !node.is_null()) {
            match command.as_str() {
                Some(name) if known.contains(&name) => {}
                Some(name) => {
                    let predicate = format!("runs {name} to log in");
                    found.on_object(At::node(command), &predicate, BECAUSE);
                }
                None => object.note_malformed(command, "a string"),
            }
        }
        let provider = user.get("auth-provider").filter(|node| !node.is_null());
        if let Some(provider) = provider {
            let name = provider.get("name").and_then(Node::as_str);
            let predicate = format!(
                "logs in by the provider {}",
                name.unwrap_or("without a name")
            );
            let label = "its settings may name a program, and kubectl knows it no more since 1.26";
            found.on_object(At::node(provider), &predicate, label);
        }
    }
}
