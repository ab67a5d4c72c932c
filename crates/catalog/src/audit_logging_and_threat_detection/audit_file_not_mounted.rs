//! The API server runs in a container: a policy file that is not mounted cannot be read, a log that is not mounted is lost with
//! it. How files are mounted stands in the pod, or in kubeadm's `extraVolumes`.

use plimsoll_control::{Control, Fix, Found, Header, Revision, Rule, Run, Severity, Words};
use plimsoll_guide::{AUD_06, AUD_08, Chapter};
use plimsoll_snapshot::component::Program;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "audit-file-not-mounted",
        formerly: &[],
        title: "API server cannot reach its audit policy or loses its log",
        chapter: Chapter::AuditLoggingAndThreatDetection,
        guide: &[&AUD_06, &AUD_08],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not(
            "the settings of Kubernetes' own programs are changed by hand, one node after the other, because a wrong one stops the program",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Program {
        program: Program::ApiServer,
        check,
        words: FLAGS,
    })],
};

/// The flag of a file to read, and of one to write.
static FLAGS: Words = &["audit-policy-file", "audit-log-path"];

/// What kubeadm mounts by itself.
const BY_KUBEADM: &str = "/etc/kubernetes/pki";

const NOT_THERE: &str = "the path is in the container, and nothing of the node is there";

fn check(run: &Run<'_, '_, '_>, flags: Words, found: &mut Found<'_>) {
    let mounts = mounts(run);
    for (index, flag) in flags.iter().enumerate() {
        let is_log = index > 0;
        let Some(given) = run.flag(flag).filter(|given| given.value.starts_with('/')) else {
            continue;
        };
        let holding = mounts.iter().filter(|mount| mount.holds(given.value));
        match holding.max_by_key(|mount| mount.path.len()) {
            None if run.component.is_kubeadm() && lies_in(given.value, BY_KUBEADM) => {}
            None => {
                let says = format!("names a file for which nothing is mounted: {}", given.value);
                run.report(flag, Some(given), &says, NOT_THERE, found);
            }
            Some(mount) if is_log && mount.read_only => {
                let says = format!("writes its audit log to a read-only mount: {}", given.value);
                run.report(flag, Some(given), &says, NOT_THERE, found);
            }
            Some(mount) => judge(run, mount, (is_log, given.value), found),
        }
    }
}

/// How a file is mounted that can be reached.
fn judge(
    run: &Run<'_, '_, '_>,
    mount: &Mount<'_>,
    (is_log, file): (bool, &str),
    found: &mut Found<'_>,
) {
    let mut low = |at, says: &str, label| {
        run.report_at(at, says, label, found)
            .weigh(Severity::Low, label);
    };
    if !is_log && !mount.read_only {
        let label = "whoever takes over the API server changes what it records";
        low(
            At::nearest(mount.node, &["readOnly"]),
            "may write its own audit policy",
            label,
        );
    }
    if is_log && mount.path.trim_end_matches('/') == file {
        let label = "a file that is mounted cannot be renamed, and so not rotated";
        low(
            At::nearest(mount.node, &["mountPath"]),
            "mounts its audit log as a file",
            label,
        );
    }
    if let Some(at) = mount.untyped {
        let label = "where it is missing on a node, an empty folder may take its place";
        low(
            at,
            "does not say what has to be at the path of its audit files",
            label,
        );
    }
}

/// Something that is mounted.
struct Mount<'t> {
    node: Node<'t>,
    path: &'t str,
    read_only: bool,
    /// Where the type of a path of the node is missing.
    untyped: Option<At<'t>>,
}

impl Mount<'_> {
    fn holds(&self, file: &str) -> bool {
        lies_in(file, self.path)
    }
}

fn lies_in(file: &str, folder: &str) -> bool {
    let rest = file.strip_prefix(folder.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn mounts<'t>(run: &Run<'_, '_, 't>) -> Vec<Mount<'t>> {
    let list = match run.container() {
        Some(container) => container.node.get("volumeMounts"),
        None => run
            .object
            .node
            .get("apiServer")
            .and_then(|server| server.get("extraVolumes")),
    };
    let volumes = run
        .container()
        .and_then(|container| container.pod.spec.get("volumes"));
    let mounts = list.into_iter().flat_map(Node::items);
    let mount = |node: Node<'t>| {
        let source = match run.container() {
            Some(_) => host_path(volumes?, node.get("name")?.as_str()?)
                .map(|node| At::nearest(node, &["type"])),
            None => Some(At::nearest(node, &["pathType"])),
        };
        let unset =
            |at: &At<'t>| !at.missing.is_empty() || at.node.as_str().is_none_or(str::is_empty);
        Some(Mount {
            node,
            path: node.get("mountPath")?.as_str()?,
            read_only: node.get("readOnly").and_then(Node::as_bool) == Some(true),
            untyped: source.filter(unset),
        })
    };
    mounts.filter_map(mount).collect()
}

/// The path of the node that a volume leads to; `None` for a volume that leads elsewhere.
fn host_path<'t>(volumes: Node<'t>, name: &str) -> Option<Node<'t>> {
    let mut volumes = volumes.items();
    let volume = volumes.find(|volume| volume.get("name").and_then(Node::as_str) == Some(name));
    volume?.get("hostPath")
}
