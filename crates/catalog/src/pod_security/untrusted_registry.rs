//! `image` of every container must come from below one of the registries that the owner trusts. When nobody said which
//! those are, the verdict stays open.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, POD_08};
use plimsoll_snapshot::facts::FactKind;
use plimsoll_snapshot::pod::Container;

use crate::image::TAGGED;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "untrusted-registry",
        formerly: &[],
        title: "container's image comes from a registry that is not trusted",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_08],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Not("which trusted registry has the image is for its owner to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::TrustedRegistries],
    revisions: &[Revision::always(Rule::Container {
        check,
        words: &[],
        enforce: IN_CEL,
    })],
};

/// The name in full, step by step: without digest, without tag, with a registry, with Docker Hub's own in one spelling. What is no
/// reference is left to the kubelet, which takes none.
const IN_CEL: Enforce = Enforce::Cel(&[
    "{containers}.filter(c, has(c.image) && c.image.split('@')[0].matches(",
    TAGGED,
    ")).map(c, {'container': string(c.name), 'image': string(c.image).split('@')[0]}) \
     .map(r, {'container': r.container, 'image': r.image.substring(0, r.image.lastIndexOf('/') + 1) + \
     r.image.substring(r.image.lastIndexOf('/') + 1).split(':')[0]}) \
     .map(r, {'container': r.container, 'image': r.image.matches('^(localhost|[^/]*[.:][^/]*)/') ? r.image : 'docker.io/' + r.image}) \
     .map(r, {'container': r.container, 'image': r.image.startsWith('index.docker.io/') ? r.image.substring(6) : r.image}) \
     .map(r, {'container': r.container, 'image': r.image.matches('^docker[.]io/[^/]+$') ? \
     'docker.io/library/' + r.image.substring(10) : r.image}) \
     .filter(r, !{trusted}.exists(t, r.image == t || r.image.startsWith(t + '/'))) \
     .map(r, 'container ' + r.container + ' runs ' + r.image + ', which is in none of the trusted registries')",
]);

const BECAUSE: &str = "nobody vouches for what comes from here";

fn check(container: &Container<'_, '_>, _: Words, found: &mut Found<'_>) {
    let Some((image, at)) = container.image() else {
        return;
    };
    let trusted = &container.pod.object.target.trusted_registries;
    if trusted.is_empty() {
        return found.not_assessed(FactKind::TrustedRegistries);
    }
    if !trusted.iter().any(|prefix| image.is_below(prefix)) {
        let predicate = format!(
            "runs {}, which is in none of the trusted registries",
            image.name()
        );
        found.on_container(container, at, &predicate, BECAUSE);
    }
}
