//! The API server runs in a container: a policy file that is not mounted cannot be read, a log that is not mounted is lost with it.

use plimsoll_control::{Control, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_snapshot::component::{Component, Program};
use plimsoll_snapshot::pod::Container;
use plimsoll_yaml::Node;

use plimsoll_guide::{AUD_06, Chapter};

/// The flag of a file to read, and of one to write.
static FLAGS: Words = &["audit-policy-file", "audit-log-path"];

fn check(container: &Container<'_, '_>, flags: Words, found: &mut Found<'_>) {
    let component = Component::of_container(container);
    let Some(component) = component.filter(|found| found.program == Program::ApiServer) else {
        return;
    };
    for (index, flag) in flags.iter().enumerate() {
        let given = component.given(flag, false);
        let Some(given) = given.last().filter(|given| given.value.starts_with('/')) else {
            continue;
        };
        let mount = mount_of(container, given.value);
        let says = match mount {
            None => "names a file for which nothing is mounted",
            Some(mount) if index > 0 && is_read_only(mount) => {
                "writes its audit log to a read-only mount"
            }
            Some(_) => continue,
        };
        let label = "the path is in the container, and nothing of the node is there";
        found.on_flag(
            container,
            given.node,
            flag,
            &format!("{says}: {}", given.value),
            label,
        );
    }
}

/// The mount that holds a file.
fn mount_of<'t>(container: &Container<'_, 't>, file: &str) -> Option<Node<'t>> {
    let mounts = container.node.get("volumeMounts")?.items();
    let holds = |mount: &Node<'t>| {
        let path = mount.get("mountPath").and_then(Node::as_str);
        let rest = path.and_then(|path| file.strip_prefix(path.trim_end_matches('/')));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    mounts.filter(holds).max_by_key(|mount| {
        let path = mount.get("mountPath").and_then(Node::as_str);
        path.map_or(0, str::len)
    })
}

fn is_read_only(mount: Node<'_>) -> bool {
    mount.get("readOnly").and_then(Node::as_bool) == Some(true)
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "audit-file-not-mounted",
        formerly: &[],
        title: "API server cannot reach its audit policy or loses its log",
        chapter: Chapter::AuditLoggingAndThreatDetection,
        guide: &[&AUD_06],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not(
            "the settings of Kubernetes' own programs are changed by hand, one node after the other, because a wrong one stops the program",
        ),
        page: include_str!("audit_file_not_mounted.md"),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Container {
        check,
        words: FLAGS,
    })],
};
