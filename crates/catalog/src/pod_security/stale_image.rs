//! `imagePullPolicy` must not be `IfNotPresent` or `Never` for an image that means `latest`. Absence means `Always`
//! there.

use plimsoll_control::{
    Control, Enforce, Fix, Found, Header, How, Remedy, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{Chapter, POD_08};
use plimsoll_snapshot::field::{IMAGE_PULL_POLICY, Lit};
use plimsoll_snapshot::pod::Container;
use plimsoll_snapshot::value::Value;

use crate::image;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "stale-image",
        formerly: &[],
        title: "container may run an old image in the name of the latest",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_08],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::Set(Lit::Str("Always")),
            "no container starts while the registry cannot be reached",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Container {
        check,
        words: &["IfNotPresent", "Never"],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{containers}.filter(c, has(c.image) && has(c.imagePullPolicy) && c.imagePullPolicy in {words} && c.image.matches(",
    image::LATEST,
    ")) \
     .map(c, 'container ' + c.name + ' takes its image from the node (' + c.imagePullPolicy + '), though it means the latest')",
]);

const BECAUSE: &str = "whatever the node has by this name runs, however old and whoever brought it";

fn check(container: &Container<'_, '_>, words: Words, found: &mut Found<'_>) {
    let Some((image, _)) = container.image() else {
        return;
    };
    let policy = container.read(&IMAGE_PULL_POLICY);
    if let Value::Is(Lit::Str(value)) = policy.value
        && words.contains(&value)
        && image.is_latest()
    {
        let predicate =
            format!("takes its image from the node ({value}), though it means the latest");
        found.on_container(container, policy.at, &predicate, BECAUSE);
    }
}
