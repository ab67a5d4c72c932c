//! The API server's own settings for Pod Security admission: what holds where a namespace says nothing, and who is exempt.

use plimsoll_guide::{POD_13, POD_17};
use plimsoll_snapshot::version::Minor;

use crate::parameter::Exemption;
use crate::scalar::{indented, scalar};
use crate::{Generator, Parameter, Request, RequestError, Tier};

pub(crate) static PSA_EXEMPTIONS: Generator = Generator {
    id: "psa-exemptions",
    also: &[
        "psa",
        "pod-security",
        "pod-security-exemptions",
        "admission-config",
    ],
    title: "AdmissionConfiguration: Pod Security where a namespace says nothing, and who is exempt",
    takes: &[Parameter::Option, Parameter::Exempt],
    serves: &[&POD_13, &POD_17],
    comments: true,
    write,
};

fn write(request: &Request) -> Result<String, RequestError> {
    // v1 came with the stable plugin in 1.25.
    let api = if request.version >= Minor(25) {
        "v1"
    } else {
        "v1beta1"
    };
    let version = request.version;
    let (level, told) = match request.tier() {
        Tier::Minimal => ("privileged", "baseline"),
        Tier::Recommended => ("baseline", "restricted"),
        Tier::Strict => ("restricted", "restricted"),
    };
    let reason = match request.tier() {
        Tier::Minimal => {
            "# Refuses nothing yet: read the warnings and the audit log first, then take the recommended option."
        }
        Tier::Recommended => {
            "# The least that every namespace gets; labels make it stricter, and looser as well."
        }
        Tier::Strict => {
            "# A namespace that needs more says so in its labels, which somebody reviews."
        }
    };
    // What runs the nodes is there, and a level would keep it from starting again.
    let system = Exemption::Namespace("kube-system".to_owned());
    let others = request.exempt.iter().filter(|one| **one != system);
    let exempt: Vec<_> = std::iter::once(&system).chain(others).collect();
    let names = |choose: fn(&Exemption) -> Option<&String>| {
        let names: Vec<_> = exempt
            .iter()
            .filter_map(|one| choose(one))
            .map(|name| scalar(name))
            .collect();
        format!("[{}]", names.join(", "))
    };
    let namespaces = names(|one| match one {
        Exemption::Namespace(name) => Some(name),
        _ => None,
    });
    let users = names(|one| match one {
        Exemption::User(name) => Some(name),
        _ => None,
    });
    let classes = names(|one| match one {
        Exemption::RuntimeClass(name) => Some(name),
        _ => None,
    });
    let plugin = indented(
        6,
        &format!(
            r#"apiVersion: pod-security.admission.config.k8s.io/{api}
kind: PodSecurityConfiguration
defaults:
  {reason}
  enforce: {level}
  enforce-version: v{version}
  audit: {told}
  audit-version: v{version}
  warn: {told}
  warn-version: v{version}
exemptions:
  # Not judged at all, not even warned about. A label on the namespace (enforce: privileged) is the milder way, and
  # everybody can see it. kube-system is always here: what runs the nodes is in it.
  namespaces: {namespaces}
  # Who sends the request. Never a controller's account: it makes the pods of everybody's Deployments.
  usernames: {users}
  # Pods of these runtime classes, such as sandboxes of virtual machines.
  runtimeClasses: {classes}
"#
        ),
    );
    Ok(format!(
        r#"# Put it on every control plane node, mode 600, owner root, and name it to kube-apiserver:
#   --admission-control-config-file=/etc/kubernetes/admission/config.yaml
# with its folder mounted into the static pod. The API server reads it when it starts.
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
  - name: PodSecurity
    configuration:
{plugin}"#
    ))
}
