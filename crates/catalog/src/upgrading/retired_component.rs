//! Images of components that their projects have given up: they get no security fixes any more.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, UPG_02, UPG_08};
use plimsoll_snapshot::pod::Container;
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "retired-component",
        formerly: &[],
        title: "component that gets no security fixes any more",
        chapter: Chapter::Upgrading,
        guide: &[&UPG_08, &UPG_02],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Elsewhere("another component has to take its place"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Container {
        check,
        words: RETIRED,
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{containers}.filter(c, has(c.image) && {words}.exists(w, c.image.matches('(^|/)' + w + '(:[^/@]*)?(@.*)?$'))) \
     .map(c, 'container ' + c.name + ' runs ' + c.image + ', which its project has given up')",
]);

/// The last parts of an image's name; registries and mirrors put theirs before them.
const RETIRED: Words = &[
    "helm/tiller",
    "ingress-nginx/controller",
    "kubernetes-dashboard-amd64",
    "kubernetes-helm/tiller",
    "kubernetesui/dashboard",
    "kubernetesui/dashboard-api",
    "kubernetesui/dashboard-auth",
    "kubernetesui/dashboard-web",
    "heapster-amd64",
    "weaveworks/scope",
];

/// Those that hand the cluster to whoever reaches them.
const HANDS_OVER: &str = "tiller";

fn check(container: &Container<'_, '_>, retired: Words, found: &mut Found<'_>) {
    let Some(node) = container.node.get("image") else {
        return;
    };
    if node.as_str().is_none() && !node.is_null() {
        container.pod.object.note_malformed(node, "a string");
    }
    let name = repository(node.as_str().unwrap_or_default());
    let Some(known) = retired.iter().find(|known| ends_in(name, known)) else {
        return;
    };
    let finding = found.on_container(
        container,
        At::node(node),
        &format!("runs {known}, which its project has given up"),
        "gets no security fixes any more",
    );
    if known.ends_with(HANDS_OVER) {
        finding.weigh(
            Severity::High,
            "whoever reaches it acts with its rights, without a login",
        );
    }
}

/// An image reference without tag and digest.
fn repository(image: &str) -> &str {
    let name = image.split('@').next().unwrap_or_default();
    match name.rsplit_once(':') {
        Some((before, tag)) if !tag.contains('/') => before,
        _ => name,
    }
}

fn ends_in(name: &str, known: &str) -> bool {
    name.strip_suffix(known)
        .is_some_and(|before| before.is_empty() || before.ends_with('/'))
}
