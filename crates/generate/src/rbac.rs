//! Roles with exact rules and the bindings that give them, within a namespace and for the cluster (appendices J and K).

use plimsoll_guide::{APX_J, APX_K, RBAC_05, RBAC_09};

use crate::parameter::Subject;
use crate::scalar::{quoted, scalar};
use crate::{Generator, Parameter, Request, RequestError};

pub(crate) static ROLE: Generator = Generator {
    id: "role",
    also: &["roles"],
    title: "Role with exact verbs and resources",
    takes: &[
        Parameter::Name,
        Parameter::Namespace,
        Parameter::Verb,
        Parameter::Resource,
    ],
    serves: &[&APX_J, &RBAC_09],
    comments: true,
    write: |request| role(request, Reach::Namespace),
};

pub(crate) static CLUSTER_ROLE: Generator = Generator {
    id: "clusterrole",
    also: &["cluster-role", "clusterroles"],
    title: "ClusterRole with exact verbs and resources",
    takes: &[Parameter::Name, Parameter::Verb, Parameter::Resource],
    serves: &[&APX_J, &RBAC_09],
    comments: true,
    write: |request| role(request, Reach::Cluster),
};

pub(crate) static ROLE_BINDING: Generator = Generator {
    id: "rolebinding",
    also: &["role-binding", "rolebindings"],
    title: "RoleBinding that gives a Role to named subjects",
    takes: &[
        Parameter::Name,
        Parameter::Namespace,
        Parameter::Role,
        Parameter::Subject,
    ],
    serves: &[&APX_K, &RBAC_05],
    comments: true,
    write: |request| binding(request, Reach::Namespace),
};

pub(crate) static CLUSTER_ROLE_BINDING: Generator = Generator {
    id: "clusterrolebinding",
    also: &["cluster-role-binding", "clusterrolebindings"],
    title: "ClusterRoleBinding that gives a ClusterRole to named subjects, everywhere",
    takes: &[Parameter::Name, Parameter::Role, Parameter::Subject],
    serves: &[&APX_K, &RBAC_05],
    comments: true,
    write: |request| binding(request, Reach::Cluster),
};

#[derive(Copy, Clone, PartialEq, Eq)]
enum Reach {
    Namespace,
    Cluster,
}

impl Reach {
    fn prefix(self) -> &'static str {
        match self {
            Reach::Namespace => "",
            Reach::Cluster => "Cluster",
        }
    }

    /// The role's name where none is given: the guide's samples.
    fn role(self) -> &'static str {
        match self {
            Reach::Namespace => "pod-reader",
            Reach::Cluster => "global-pod-reader",
        }
    }

    fn namespace(self, request: &Request) -> String {
        match self {
            Reach::Namespace => format!("  namespace: {}\n", scalar(request.namespace())),
            Reach::Cluster => String::new(),
        }
    }
}

fn role(request: &Request, reach: Reach) -> Result<String, RequestError> {
    let name = scalar(request.name.as_deref().unwrap_or(reach.role()));
    let about = match reach {
        Reach::Namespace => {
            "# Names each verb and resource. `*` would also grant what a later version or another API adds.\n"
        }
        Reach::Cluster => {
            "# Say why the whole cluster: most programs and people need a Role in one namespace. A ClusterRole can also be given\n# within a namespace, by a RoleBinding. The guide's sample does not parse: its name is not below metadata.\n"
        }
    };
    let given: Vec<&str> = request.verbs.iter().map(String::as_str).collect();
    let verbs = match given.as_slice() {
        [] => "get, watch, list".to_owned(),
        verbs => verbs
            .iter()
            .map(|verb| scalar(verb))
            .collect::<Vec<_>>()
            .join(", "),
    };
    let rules = rules(&request.resources);
    let text = format!(
        "{about}# A role can be changed while it is bound (only roleRef of a binding cannot): guard who may edit it.\n# `plimsoll scan` says what a rule opens beyond its words: who may change a Deployment may run anything.\napiVersion: rbac.authorization.k8s.io/v1\nkind: {prefix}Role\nmetadata:\n  name: {name}\n{namespace}rules:\n",
        prefix = reach.prefix(),
        namespace = reach.namespace(request),
    );
    let rules = rules.iter().map(|(group, resources)| {
        let core = if group.is_empty() {
            "  # The core group has no name.\n"
        } else {
            ""
        };
        format!(
            "{core}  - apiGroups: [{}]\n    resources: [{}]\n    verbs: [{verbs}]\n",
            quoted(group),
            resources.join(", ")
        )
    });
    Ok(text + &rules.collect::<String>())
}

/// Resources by their group, each once and in the order given: `deployments.apps` is in `apps`.
fn rules(resources: &[String]) -> Vec<(&str, Vec<String>)> {
    let mut rules: Vec<(&str, Vec<String>)> = Vec::new();
    for resource in resources {
        // A subresource stands before the group: deployments/scale.apps.
        let (name, group) = resource.split_once('.').unwrap_or((resource, ""));
        let name = scalar(name);
        match rules.iter_mut().find(|(known, _)| *known == group) {
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => rules.push((group, vec![name])),
        }
    }
    if rules.is_empty() {
        rules.push(("", vec!["pods".to_owned()]));
    }
    rules
}

fn binding(request: &Request, reach: Reach) -> Result<String, RequestError> {
    let role = request.role.as_deref().unwrap_or(reach.role());
    let wide = reach == Reach::Cluster && ["admin", "edit"].contains(&role);
    if role == "cluster-admin" || wide {
        return Err(RequestError::Refused(format!(
            "{role} in the whole cluster is nearly everything: bind a role with what is needed, see plimsoll generate clusterrole"
        )));
    }
    let example = [match reach {
        Reach::Namespace => Subject::User("jane".to_owned()),
        Reach::Cluster => Subject::Group("manager".to_owned()),
    }];
    let subjects = match request.subjects.as_slice() {
        [] => &example,
        subjects => subjects,
    };
    let name = request.name.clone().unwrap_or_else(|| role.to_owned());
    let subjects: String = subjects.iter().map(subject).collect();
    let about = match reach {
        Reach::Namespace => "# Gives the role in this namespace and nowhere else.\n",
        Reach::Cluster => {
            "# Gives the role in every namespace, also in those that are made later. Use a RoleBinding where that will do.\n"
        }
    };
    Ok(format!(
        r#"{about}# Whoever may create or change this can pass on only rights that they have, unless they have `bind` or `escalate`.
apiVersion: rbac.authorization.k8s.io/v1
kind: {prefix}RoleBinding
metadata:
  name: {name}
{namespace}subjects:
{subjects}# Cannot be changed afterwards: to give another role, delete this binding and make a new one. The guide's sample leaves
# out the kind, and the API server refuses it.
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {prefix}Role
  name: {role}
"#,
        prefix = reach.prefix(),
        name = scalar(&name),
        namespace = reach.namespace(request),
        role = scalar(role),
    ))
}

fn subject(subject: &Subject) -> String {
    let foreign = |kind: &str, name: &str, comment: &str| {
        format!(
            "  {comment}\n  - kind: {kind}\n    apiGroup: rbac.authorization.k8s.io\n    name: {}\n",
            scalar(name)
        )
    };
    match subject {
        Subject::User(name) => foreign(
            "User",
            name,
            "# A name as the authenticator says it; Kubernetes has no list of users. Prefer groups: people come and go.",
        ),
        Subject::Group(name) => {
            foreign("Group", name, "# A group as the identity provider says it.")
        }
        Subject::ServiceAccount { namespace, name } => format!(
            "  # Not the account `default`: every pod that names none runs as that.\n  - kind: ServiceAccount\n    name: {}\n    namespace: {}\n",
            scalar(name),
            scalar(namespace)
        ),
    }
}
