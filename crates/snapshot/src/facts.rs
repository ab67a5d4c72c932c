//! The little that outlives a document: what controls need to know about one object when they judge another. Owned
//! and small, because it is kept for every object of a run.

use std::collections::HashMap;
use std::sync::Arc;

use plimsoll_yaml::{Kind, Node};

use crate::field::{AUTOMOUNT_TOKEN, Lit, SERVICE_ACCOUNT, SERVICE_ACCOUNT_NAME};
use crate::object::{Object, ObjectId};
use crate::place::Place;
use crate::pod::Pod;
use crate::value::Value;
use crate::version::Minor;

/// Kinds of evidence that a control may need besides the object at hand.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum FactKind {
    /// The ServiceAccount that a pod names.
    ServiceAccount,
}

/// A pod that does not itself turn the mounting of its token off.
#[derive(Clone, Debug)]
pub struct TokenUse {
    /// The object that carries the pod.
    pub object: Arc<ObjectId>,
    /// The account's name; `None` where the pod names none, which means `default`.
    pub account: Option<String>,
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

/// A namespace whose label pins the version of the Pod Security policy.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Pin {
    /// The unit.
    pub unit: Arc<str>,
    /// The namespace.
    pub namespace: String,
    /// The policy's version.
    pub policy: Minor,
}

/// Facts of any number of objects.
#[derive(Default, Debug)]
pub struct Facts {
    /// Pods that do not turn token mounting off themselves.
    pub token_uses: Vec<TokenUse>,
    /// ServiceAccounts.
    pub accounts: Vec<Account>,
    /// Accounts that some RoleBinding or ClusterRoleBinding gives rights to.
    pub bound: Vec<AccountName>,
    /// Namespaces that pin the policy's version.
    pub pins: Vec<Pin>,
}

/// The label that pins the version of the Pod Security policy of a namespace.
pub const ENFORCE_VERSION: &str = "pod-security.kubernetes.io/enforce-version";

impl Facts {
    /// Copies what others need to know about an object.
    pub fn note(&mut self, object: &Object<'_>, pod: Option<&Pod<'_>>) {
        if let Some(pod) = pod {
            self.token_uses.extend(token_use(pod));
        }
        match (object.group(), object.kind) {
            ("", "ServiceAccount") => self.accounts.push(account(object)),
            ("", "Namespace") => self.pins.extend(pin(object)),
            ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
                self.bound.extend(bound_accounts(object));
            }
            _ => {}
        }
    }

    /// Takes in the facts of another part of the run.
    pub fn absorb(&mut self, other: Facts) {
        self.token_uses.extend(other.token_uses);
        self.accounts.extend(other.accounts);
        self.bound.extend(other.bound);
        self.pins.extend(other.pins);
    }

    /// Moves all facts to another unit.
    pub fn move_to(&mut self, unit: &Arc<str>) {
        let pods = self.token_uses.iter_mut().map(|token| &mut token.object);
        let accounts = self.accounts.iter_mut().map(|account| &mut account.object);
        for object in pods.chain(accounts) {
            Arc::make_mut(object).unit = unit.clone();
        }
        self.bound
            .iter_mut()
            .for_each(|name| name.unit = unit.clone());
        self.pins.iter_mut().for_each(|pin| pin.unit = unit.clone());
    }

    /// An index by unit and name, so that joined rules stay linear.
    pub fn accounts_by_name(&self) -> HashMap<(&str, &str), Vec<&Account>> {
        let mut index: HashMap<_, Vec<_>> = HashMap::new();
        for account in &self.accounts {
            let key = (&*account.object.unit, account.object.name.as_str());
            index.entry(key).or_default().push(account);
        }
        index
    }
}

/// May two mentions of a namespace mean the same one? An absent namespace is unknown: it may be any.
pub fn same_namespace(one: Option<&str>, other: Option<&str>) -> bool {
    one.is_none() || other.is_none() || one == other
}

fn token_use(pod: &Pod<'_>) -> Option<TokenUse> {
    let own = pod.read(&AUTOMOUNT_TOKEN);
    let says = match own.value {
        Value::Is(Lit::Bool(false)) | Value::Malformed(_) => return None,
        Value::Is(Lit::Bool(true)) => Some(true),
        _ => None,
    };
    let named = |field| match pod.read(field).value {
        Value::Is(Lit::Str(name)) if !name.is_empty() => Some(name.to_owned()),
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
    use crate::value::At;
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

fn pin(object: &Object<'_>) -> Option<Pin> {
    let policy = object.label(ENFORCE_VERSION)?.parse().ok()?;
    let unit = object.document.file.unit.clone();
    Some(Pin {
        unit,
        namespace: object.name()?.to_owned(),
        policy,
    })
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
