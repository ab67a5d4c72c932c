//! Flags by which known add-ons stop asking who somebody is.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, SIG_35};
use plimsoll_snapshot::pod::Container;
use plimsoll_yaml::Node;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "add-on-check-off",
        formerly: &[],
        title: "add-on does not check whom it talks to",
        chapter: Chapter::SigSecurity,
        guide: &[&SIG_35],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("a certificate or a way to log in has to be there first"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Container {
        check,
        words: FLAGS,
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{containers}.filter(c, {words}.exists(w, ({c.command} + {c.args}).exists(a, a == w || a == w + '=true'))) \
     .map(c, 'container ' + c.name + ' does not check whom it talks to')",
]);

/// Of metrics-server, of the Dashboard, and of Traefik.
const FLAGS: Words = &[
    "--kubelet-insecure-tls",
    "--enable-skip-login",
    "--enable-insecure-login",
    "--api.insecure",
];

fn check(container: &Container<'_, '_>, flags: Words, found: &mut Found<'_>) {
    let lists = ["command", "args"].into_iter();
    let arguments = lists.flat_map(|key| container.node.get(key).into_iter().flat_map(Node::items));
    for argument in arguments {
        let text = argument.as_str().unwrap_or_default();
        let name = text.strip_suffix("=true").unwrap_or(text);
        if let Some(flag) = flags.iter().find(|flag| **flag == name) {
            let predicate = format!("runs with {flag}");
            let label = match *flag {
                "--kubelet-insecure-tls" => "whoever answers in a kubelet's place is believed",
                _ => "whoever reaches the port is let in",
            };
            let flag = flag.trim_start_matches('-');
            found.on_flag(container, argument, flag, &predicate, label);
        }
    }
}
