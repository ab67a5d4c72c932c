//! Pods that run as the account `default` share what it may do, and whatever somebody gives it next.

use plimsoll_control::{
    Companion, Control, Enforce, Extent, Finding, Fix, Found, Header, How, Remedy, Revision, Rule,
    Severity, Words,
};
use plimsoll_guide::{AUTH_07, Chapter};
use plimsoll_snapshot::field::{Lit, SERVICE_ACCOUNT, SERVICE_ACCOUNT_NAME};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::pod::Pod;
use plimsoll_snapshot::value::Value;
use plimsoll_yaml::edit::Edit;
use plimsoll_yaml::{Path, Segment};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "default-account-used",
        formerly: &[],
        title: "pod runs as the account that every pod of its namespace may have",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&AUTH_07],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::AddAnd(Companion::ServiceAccount, name_own),
            "image pull secrets and rights that hang on the account default are not the new one's",
        )
        .to(Extent::Strict)]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Pod {
        check,
        words: &["default"],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "(has({spec}.serviceAccountName) && {spec}.serviceAccountName != '' ? {spec}.serviceAccountName : \
     has({spec}.serviceAccount) && {spec}.serviceAccount != '' ? {spec}.serviceAccount : 'default') in {words} \
     ? ['runs as the account default'] : []",
]);

fn check(pod: &Pod<'_>, words: Words, found: &mut Found<'_>) {
    let [name, older] = [&SERVICE_ACCOUNT_NAME, &SERVICE_ACCOUNT].map(|field| pod.read(field));
    let other = |value: &Value<Lit<'_>>| match value {
        Value::Is(Lit::Str(name)) => !name.is_empty() && !words.contains(name),
        Value::Malformed(_) => true,
        _ => false,
    };
    let named = matches!(&name.value, Value::Is(Lit::Str(name)) if !name.is_empty());
    if other(&name.value) || !named && other(&older.value) {
        return;
    }
    let label = "what somebody gives this account next, the pod has too";
    found.on_object(name.at, "runs as the account default", label);
}

/// Names an account like the object, in the field that is not deprecated.
fn name_own<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    let own = object.name().ok_or("the object has no name")?;
    let here = &finding.place.path;
    let (_, spec) = here.segments().split_last().ok_or("it has no field")?;
    let beside = |key: &str| {
        let mut path = Path::from(spec.to_vec());
        path.push(Segment::Key(key.into()));
        path
    };
    let older = beside("serviceAccount");
    let is_there = older.resolve(object.document.tree.root()).is_some();
    let mut edits = vec![Edit::set(beside("serviceAccountName"), own)];
    edits.extend(is_there.then(|| Edit::remove(older)));
    Ok(edits)
}
