//! In each namespace something has to be asked before an image runs: a webhook, a policy that speaks of images, or the API
//! server's plugin. Whether it asks for the right thing cannot be seen.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{Chapter, POD_12};
use plimsoll_snapshot::facts::{FactKind, Facts};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "images-not-judged",
        formerly: &[],
        title: "nothing judges the images that a namespace runs",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_12],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("what an image has to fulfil is for the owner of the cluster to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::Everything],
    revisions: &[Revision::always(Rule::Joined { check })],
};

/// Where the cluster's own programs run.
const SYSTEM: &str = "kube-system";

fn check(facts: &Facts, found: &mut JoinedFound) {
    let judges = facts.admission.image_judges();
    for namespace in facts.governed_namespaces() {
        let object = &namespace.object;
        if object.name == SYSTEM {
            continue;
        }
        if judges.judge(&object.unit, &namespace.labels) {
            found.pass();
        } else if !facts.complete {
            found.not_assessed(FactKind::Everything);
        } else {
            found.on_object(
                object,
                &namespace.place,
                "runs whatever image somebody names",
                "no webhook and no policy is asked about images here",
            );
        }
    }
}
