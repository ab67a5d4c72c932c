//! `image` of every container should name a digest. References that mean `latest` are `image-tag-latest`'s.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{BEY_06, Chapter, POD_08};
use plimsoll_snapshot::pod::Container;

use crate::image;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "image-without-digest",
        formerly: &[],
        title: "container's image is named by a tag that can be moved",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_08, &BEY_06],
        pss: &[],
        severity: Severity::Low,
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
    image::TAGGED,
    ") && !c.image.matches(",
    image::LATEST,
    ")) \
     .map(c, 'container ' + c.name + ' runs an image by a tag without digest: ' + c.image)",
]);

const BECAUSE: &str = "a tag can be moved to another image, a digest cannot";

fn check(container: &Container<'_, '_>, _: Words, found: &mut Found<'_>) {
    let Some((image, at)) = container.image() else {
        return;
    };
    if image.digest.is_none() && !image.is_latest() {
        found.on_container(
            container,
            at,
            "runs an image by a tag without digest",
            BECAUSE,
        );
    }
}
