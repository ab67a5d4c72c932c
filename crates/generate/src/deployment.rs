//! A Deployment with everything that the restricted level and the guide ask of a pod (appendix B), and its account.

use plimsoll_guide::{APX_B, POD_02, POD_06, POD_07, SIG_28};
use plimsoll_snapshot::version::Minor;

use crate::scalar::{indented, scalar};
use crate::{Generator, Parameter, Request, RequestError, Tier};

pub(crate) static DEPLOYMENT: Generator = Generator {
    id: "deployment",
    also: &["deploy"],
    title: "Deployment with a read-only root filesystem and no rights to spare",
    takes: &[
        Parameter::Option,
        Parameter::Name,
        Parameter::Namespace,
        Parameter::Image,
    ],
    serves: &[&APX_B, &POD_02, &POD_06, &POD_07, &SIG_28],
    comments: true,
    write,
};

/// An image that does not exist; its digest shows the form.
const EXAMPLE: &str = "registry.example.com/app:1.0.0@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn write(request: &Request) -> Result<String, RequestError> {
    let (name, namespace) = (scalar(request.name()), scalar(request.namespace()));
    let image = scalar(request.image.as_deref().unwrap_or(EXAMPLE));
    let digest = if image.contains("@sha256:") {
        "# By digest: what was reviewed is what runs."
    } else {
        "# Add the digest (@sha256:…): whoever can push to the registry can move a tag."
    };
    let user = user_namespace(request);
    let links = if request.tier() > Tier::Minimal {
        "      # Addresses of all Services in the environment are a map for an intruder; programs ask DNS.\n      enableServiceLinks: false\n"
    } else {
        ""
    };
    let armor = if request.version >= Minor(30) {
        "        # A field since 1.30; the annotation before it is read no more.\n        appArmorProfile:\n          type: RuntimeDefault\n"
    } else {
        ""
    };
    let annotation = if request.version < Minor(30) {
        format!(
            "      annotations:\n        # Before 1.30 AppArmor has no field. Delete this after the upgrade and use the field.\n        container.apparmor.security.beta.kubernetes.io/{name}: runtime/default\n"
        )
    } else {
        String::new()
    };
    let limits = limits(request.tier());
    let writable = writable(request.tier());
    Ok(format!(
        r#"# The account of this program alone, so that rights given to it go to nobody else.
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {name}
  namespace: {namespace}
# No token: a program that does not talk to the API server has nothing that could be stolen.
automountServiceAccountToken: false
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: {namespace}
  labels:
    app.kubernetes.io/name: {name}
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: {name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {name}
{annotation}    spec:
      serviceAccountName: {name}
      # Said here as well: the pod decides, whatever becomes of the account.
      automountServiceAccountToken: false
{links}{user}      securityContext:
        runAsNonRoot: true
        # The same number as USER in the image; above 10000, where no account of the node lives.
        runAsUser: 10001
        runAsGroup: 10001
        # Volumes belong to this group, so that the user may write to them.
        fsGroup: 10001
        seccompProfile:
          type: RuntimeDefault
{armor}      containers:
        - name: {name}
          {digest}
          image: {image}
          imagePullPolicy: IfNotPresent
          securityContext:
            # No program in the image gains rights by setuid bits or file capabilities.
            allowPrivilegeEscalation: false
            # An intruder cannot add tools or change the program.
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          ports:
            - name: http
              containerPort: 8080
{limits}          # Without these a pod gets requests before it can answer them. Kubernetes calls them from the node.
          readinessProbe:
            httpGet:
              path: /healthz
              port: http
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            initialDelaySeconds: 10
{writable}"#
    ))
}

/// A user namespace of its own: root in the container would be nobody on the node.
fn user_namespace(request: &Request) -> String {
    if request.tier() < Tier::Strict || request.version < Minor(33) {
        return String::new();
    }
    indented(
        6,
        "# Users of the container are nobody on the node (on by default from 1.33, stable in 1.36). Needs Linux 6.3 and a\n# runtime and file systems that map ids; on other nodes the pod does not start.\nhostUsers: false\n",
    )
}

fn limits(tier: Tier) -> String {
    let cpu = match tier {
        Tier::Strict => {
            "    # A limit slows the program down instead of its neighbours; set it from measured peaks.\n    cpu: 500m\n"
        }
        _ => "",
    };
    indented(
        10,
        &format!(
            "resources:\n  # What the scheduler keeps free. Put in what you measured.\n  requests:\n    cpu: 100m\n    # As much as the limit, so that it is not killed for what others use.\n    memory: 256Mi\n    ephemeral-storage: 64Mi\n  limits:\n    # Memory cannot be taken back, so it needs a bound.\n    memory: 256Mi\n    ephemeral-storage: 256Mi\n{cpu}"
        ),
    )
}

/// Where the program may write, and how much.
fn writable(tier: Tier) -> String {
    let medium = match tier {
        Tier::Strict => {
            "\n            # In memory: nothing is left on the disk of the node. It counts against the memory limit.\n            medium: Memory"
        }
        _ => "",
    };
    format!(
        r#"          volumeMounts:
            # The only places to write to; name each one that the program needs.
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir:
            # A full volume costs this pod, not the node.
            sizeLimit: 64Mi{medium}
"#
    )
}
