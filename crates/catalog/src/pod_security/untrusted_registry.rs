//! `image` of every container must come from below one of the registries that the owner trusts. When nobody said which
//! those are, the verdict stays open.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, POD_08};
use plimsoll_snapshot::facts::FactKind;
use plimsoll_snapshot::pod::Container;

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
        page: include_str!("untrusted_registry.md"),
    },
    needs: &[FactKind::TrustedRegistries],
    revisions: &[Revision::always(Rule::Container {
        check,
        words: &[],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Not("which registries are trusted is a setting");

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
