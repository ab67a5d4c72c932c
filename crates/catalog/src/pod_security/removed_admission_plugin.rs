//! Plugins that are gone protect nobody, and the API server refuses to start with their names.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, POD_14};
use plimsoll_snapshot::component::Program;

const SINCE_1_25: &[Setting] = &[removed(&["PodSecurityPolicy"])];
const SINCE_1_30: &[Setting] = &[removed(&["PodSecurityPolicy", "SecurityContextDeny"])];

const fn removed(plugins: &'static [&'static str]) -> Setting {
    Setting {
        program: Program::ApiServer,
        flag: "enable-admission-plugins",
        twin: &[],
        want: Want::HoldNone(plugins),
        default: "",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "relies on admission plugins that no longer exist: {value}",
            unset: "",
            because: "nothing looks at pods for it, and the API server does not start with the name",
        },
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "removed-admission-plugin",
        formerly: &[],
        title: "API server is told to use an admission plugin that no longer exists",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_14],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::safe(How::AsDescribed)]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[
        Revision::since(
            25,
            Rule::Settings(Settings {
                clauses: SINCE_1_25,
            }),
        ),
        Revision::since(
            30,
            Rule::Settings(Settings {
                clauses: SINCE_1_30,
            }),
        ),
    ],
};
