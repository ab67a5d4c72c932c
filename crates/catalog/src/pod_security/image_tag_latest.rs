//! `image` of every container must say more than the tag `latest`: another tag, or a digest. No tag means `latest`.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{BEY_06, Chapter, POD_08};
use plimsoll_snapshot::pod::Container;

use crate::image;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "image-tag-latest",
        formerly: &[],
        title: "container's image is whatever is the latest",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_08, &BEY_06],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not(
            "which image is meant only its registry knows, and nothing here asks the network",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Container {
        check,
        words: &[],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{containers}.filter(c, has(c.image) && c.image.matches(",
    image::LATEST,
    ")) \
     .map(c, 'container ' + c.name + ' runs whatever is the latest of ' + c.image)",
]);

const BECAUSE: &str = "what runs here changes without a change to this line";

fn check(container: &Container<'_, '_>, _: Words, found: &mut Found<'_>) {
    let Some((image, at)) = container.image() else {
        return;
    };
    if image.is_latest() {
        let predicate = match image.tag {
            Some(_) => "runs an image by the tag latest",
            None => "runs an image without tag or digest, which means latest",
        };
        found.on_container(container, at, predicate, BECAUSE);
    }
}
