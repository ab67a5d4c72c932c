//! ServiceAccounts, the pods that use their tokens, and the bindings that give them rights.

use std::sync::Arc;

use plimsoll_yaml::{Kind, Node};
use thin_vec::ThinVec;

use super::together::Together;
use crate::field::{AUTOMOUNT_TOKEN, Lit, SERVICE_ACCOUNT, SERVICE_ACCOUNT_NAME};
use crate::object::{Object, ObjectId};
use crate::place::Place;
use crate::pod::Pod;
use crate::value::{At, Value};

/// A pod that does not itself turn the mounting of its token off.
#[derive(Clone, Debug)]
pub struct TokenUse {
    /// The object that carries the pod.
    pub object: Arc<ObjectId>,
    /// The account's name; `None` where the pod names none, which means `default`.
    pub account: Option<Arc<str>>,
    /// What the pod itself says.
    pub says: Option<bool>,
    /// Where the pod says it, or would.
    pub place: Place,
}

/// A ServiceAccount.
#[derive(Clone, Debug)]
pub struct Account {
    /// Which.
    pub object: Arc<ObjectId>,
    /// `automountServiceAccountToken`, if it says so.
    pub automounts: Option<bool>,
    /// Where it says so, or would.
    pub place: Place,
}

/// An account, as far as its users name it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct AccountName {
    /// The unit in which it is named.
    pub unit: Arc<str>,
    /// `None` is unknown.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

/// What is known about accounts.
#[derive(Clone, Default, Debug)]
pub struct AccountFacts {
    /// Pods that do not turn token mounting off themselves.
    pub token_uses: ThinVec<TokenUse>,
    /// ServiceAccounts.
    pub accounts: ThinVec<Account>,
    /// Accounts that some RoleBinding or ClusterRoleBinding gives rights to.
    pub bound: ThinVec<AccountName>,
}

impl AccountFacts {
    pub(super) fn note(&mut self, object: &Object<'_>, pod: Option<&Pod<'_>>) {
        self.token_uses.extend(pod.and_then(token_use));
        match (object.group(), object.kind) {
            ("", "ServiceAccount") => self.accounts.push(account(object)),
            ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
                self.bound.extend(bound_accounts(object));
            }
            _ => {}
        }
    }

    pub(super) fn absorb(&mut self, other: AccountFacts) {
        self.token_uses.extend(other.token_uses);
        self.accounts.extend(other.accounts);
        self.bound.extend(other.bound);
    }

    pub(super) fn move_to(&mut self, unit: &Arc<str>) {
        let pods = self.token_uses.iter_mut().map(|token| &mut token.object);
        let accounts = self.accounts.iter_mut().map(|account| &mut account.object);
        for object in pods.chain(accounts) {
            Arc::make_mut(object).unit = unit.clone();
        }
        self.bound
            .iter_mut()
            .for_each(|name| name.unit = unit.clone());
    }

    /// The accounts by unit and name.
    pub fn by_name(&self) -> Together<'_, (&str, &str), Accounts<'_>> {
        let mut accounts: Together<'_, _, Accounts<'_>> = Together::default();
        for account in &self.accounts {
            let (unit, namespace) = account.object.whereabouts();
            let key = (unit, account.object.name.as_str());
            accounts.add(key, namespace, |sum| sum.take(account));
        }
        accounts
    }
}

/// Accounts of one name: one, unless it is not said which of several is meant.
#[derive(Clone, Default, Debug)]
pub struct Accounts<'f> {
    /// The first.
    pub first: Option<&'f Account>,
    /// Does one of them let its token be mounted?
    pub allows: bool,
    /// Does one of them turn that off?
    pub off: bool,
}

impl<'f> Accounts<'f> {
    fn take(&mut self, account: &'f Account) {
        let off = account.automounts == Some(false);
        self.first.get_or_insert(account);
        self.off |= off;
        self.allows |= !off;
    }
}

fn token_use(pod: &Pod<'_>) -> Option<TokenUse> {
    let own = pod.read(&AUTOMOUNT_TOKEN);
    let says = match own.value {
        Value::Is(Lit::Bool(false)) | Value::Malformed(_) => return None,
        Value::Is(Lit::Bool(true)) => Some(true),
        _ => None,
    };
    let named = |field| match pod.read(field).value {
        Value::Is(Lit::Str(name)) if !name.is_empty() => Some(pod.object.document.file.keep(name)),
        _ => None,
    };
    let account = named(&SERVICE_ACCOUNT_NAME).or_else(|| named(&SERVICE_ACCOUNT));
    let object = pod.object;
    Some(TokenUse {
        object: object.id(),
        account,
        says,
        place: object.source().place(own.at),
    })
}

fn account(object: &Object<'_>) -> Account {
    const KEY: &str = "automountServiceAccountToken";
    let own = object.node.get(KEY);
    let at = own.map_or(
        At {
            node: object.node,
            missing: &[KEY],
        },
        At::node,
    );
    if let Some(node) = own.filter(|node| !node.is_null() && node.as_bool().is_none()) {
        object.note_malformed(node, "a boolean");
    }
    Account {
        object: object.id(),
        automounts: own.and_then(Node::as_bool),
        place: object.source().place(at),
    }
}

fn bound_accounts<'t>(object: &'t Object<'t>) -> impl Iterator<Item = AccountName> + 't {
    let subjects = object
        .node
        .get("subjects")
        .filter(|node| node.kind() == Kind::Sequence);
    let subjects = subjects.into_iter().flat_map(Node::items);
    let accounts = subjects
        .filter(|subject| subject.get("kind").and_then(Node::as_str) == Some("ServiceAccount"));
    accounts.filter_map(|subject| {
        let namespace = subject
            .get("namespace")
            .and_then(Node::as_str)
            .or(object.namespace());
        Some(AccountName {
            unit: object.document.file.unit.clone(),
            namespace: namespace.map(str::to_owned),
            name: subject.get("name")?.as_str()?.to_owned(),
        })
    })
}
