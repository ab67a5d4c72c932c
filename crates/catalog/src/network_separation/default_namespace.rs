//! A workload whose `metadata.namespace` is `default`. One that does not say its namespace is left open, and so is
//! one that goes where its release goes.

use plimsoll_control::{Control, Enforce, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{Chapter, NET_01};
use plimsoll_snapshot::facts::{FactKind, Facts};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "default-namespace",
        formerly: &[],
        title: "workload runs in the namespace default",
        chapter: Chapter::NetworkSeparation,
        guide: &[&NET_01],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Elsewhere(
            "a namespace cannot be changed: the object has to be made anew in another one, whose name is for its owner to say",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::Namespace],
    revisions: &[Revision::always(Rule::JoinedInPart {
        check,
        kinds: &[],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "has({object}.metadata.namespace) && {object}.metadata.namespace == 'default' ? ['runs in the namespace default'] : []",
]);

const DEFAULT: &str = "default";

fn check(facts: &Facts, found: &mut JoinedFound) {
    for pod in &facts.network.pods {
        match pod.object.namespace.as_deref() {
            // Where a release goes is said when it is installed.
            _ if pod.placed_by_default => found.not_assessed(FactKind::Namespace),
            Some(DEFAULT) => {
                found.on_object(
                    &pod.object,
                    &pod.namespace,
                    "runs in the namespace default",
                    "shares rights, policies and quotas with whatever nobody placed",
                );
            }
            Some(_) => found.pass(),
            None => found.not_assessed(FactKind::Namespace),
        }
    }
}
