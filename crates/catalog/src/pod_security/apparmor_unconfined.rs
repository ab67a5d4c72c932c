//! `appArmorProfile.type` of pod and containers, where set, must be `RuntimeDefault` or `Localhost`; the field exists since
//! server version 1.30. The annotation `container.apparmor.security.beta.kubernetes.io/<container>`, which every version
//! reads, must be empty, `runtime/default` or `localhost/…`. Absence leaves the runtime's default profile on.

use std::cell::LazyCell;
use std::collections::HashMap;

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Found, Header, How, PssCheck, Remedy, Revision, Rule, Severity,
    Words,
};
use plimsoll_guide::{Chapter, PSC_13};
use plimsoll_snapshot::field::{APPARMOR_TYPE, Lit, POD_APPARMOR_TYPE};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::pod::{Container, Pod};
use plimsoll_snapshot::value::{At, Value};
use plimsoll_yaml::Node;
use plimsoll_yaml::Segment;
use plimsoll_yaml::edit::Edit;

const ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";
const BECAUSE: &str = "takes away the runtime's own confinement";

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "apparmor-unconfined",
        formerly: &[],
        title: "pod turns AppArmor off",
        chapter: Chapter::PodSecurity,
        guide: &[&PSC_13],
        pss: &[PssCheck::baseline("appArmorProfile")],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::Rule(runtime_default),
            "a program that AppArmor's default profile stops fails",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Pod {
        check,
        words: &[
            "RuntimeDefault",
            "Localhost",
            "runtime/default",
            "localhost/",
        ],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "(has({spec}.securityContext) && has({spec}.securityContext.appArmorProfile) && \
     !({spec}.securityContext.appArmorProfile.type in [{words}[0], {words}[1]]) ? \
     ['turns AppArmor off (the profile is ' + {spec}.securityContext.appArmorProfile.type + ')'] : []) + \
     {containers}.filter(c, has(c.securityContext) && has(c.securityContext.appArmorProfile) && \
     !(c.securityContext.appArmorProfile.type in [{words}[0], {words}[1]])) \
     .map(c, 'container ' + c.name + ' turns AppArmor off (the profile is ' + c.securityContext.appArmorProfile.type + ')') + \
     {annotations}.filter(k, k.startsWith('container.apparmor.security.beta.kubernetes.io/') && \
     !({annotations}[k] in ['', {words}[2]]) && !{annotations}[k].startsWith({words}[3])) \
     .map(k, 'turns AppArmor off by the annotation ' + k + ' (the profile is ' + {annotations}[k] + ')')",
]);

fn check(pod: &Pod<'_>, words: Words, found: &mut Found<'_>) {
    let own = pod.read(&POD_APPARMOR_TYPE);
    if let Some(value) = bad(own.value, words) {
        found.on_object(own.at, &says(value), BECAUSE);
    }
    for container in pod.containers() {
        let own = container.read(&APPARMOR_TYPE);
        if let Some(value) = bad(own.value, words) {
            found.on_container(&container, own.at, &says(value), BECAUSE);
        }
    }
    let containers = LazyCell::new(|| {
        let containers = pod.containers().collect::<Vec<_>>().into_iter().rev();
        let named = containers.filter_map(|container| Some((container.name()?, container)));
        named.collect::<HashMap<_, _>>()
    });
    for (key, value) in pod.annotations() {
        if let (Some(name), Some(profile)) = (key.strip_prefix(ANNOTATION), value.as_str()) {
            let container = containers.get(name);
            check_annotation(container, value, profile, words, found);
        }
    }
}

/// The annotation names its container. Beside a field that is bad already it is the same fault.
fn check_annotation(
    container: Option<&Container<'_, '_>>,
    value: Node<'_>,
    profile: &str,
    words: Words,
    found: &mut Found<'_>,
) {
    if fine_annotation(profile, words) {
        return;
    }
    match container {
        Some(container) if bad(container.read(&APPARMOR_TYPE).value, words).is_some() => {}
        Some(container) => {
            found.on_container(container, At::node(value), &says(profile), BECAUSE);
        }
        None => {
            found.on_object(At::node(value), &says(profile), BECAUSE);
        }
    }
}

fn says(value: &str) -> String {
    format!("turns AppArmor off (the profile is {value})")
}

fn bad<'t>(value: Value<Lit<'t>>, words: Words) -> Option<&'t str> {
    match value {
        Value::Is(Lit::Str(profile)) if !words.iter().take(2).any(|good| *good == profile) => {
            Some(profile)
        }
        _ => None,
    }
}

fn fine_annotation(profile: &str, words: Words) -> bool {
    let [_, _, default, local] = words else {
        return false;
    };
    profile.is_empty() || profile == *default || profile.starts_with(local)
}

/// The profile that the runtime brings along, in the words of the field or of the annotation.
fn runtime_default(_: &Object<'_>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    let path = finding.place.path.clone();
    let annotation =
        matches!(path.segments().last(), Some(Segment::Key(key)) if key.starts_with(ANNOTATION));
    let profile = if annotation {
        "runtime/default"
    } else {
        "RuntimeDefault"
    };
    Ok(vec![Edit::set(path, profile)])
}
