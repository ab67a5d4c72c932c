//! Plimsoll in the cluster that it judges: a namespace that is closed, an account that may list and write reports and nothing
//! else, and a CronJob. The rights come from the table of what is collected.

use std::fmt::Write as _;

use plimsoll_guide::INT_02;
use plimsoll_snapshot::collected::resources;
use plimsoll_snapshot::version::Minor;

use crate::deployment::APPARMOR;
use crate::scalar::{indented, scalar};
use crate::{
    Generator, Parameter, Request, RequestError, Tier, limit_range, namespace, network_policy,
    resource_quota,
};

pub(crate) static IN_CLUSTER: Generator = Generator {
    id: "in-cluster",
    also: &["cronjob", "scheduled-scan"],
    title: "CronJob that scans the cluster from within, and writes reports and metrics",
    takes: &[
        Parameter::Name,
        Parameter::Namespace,
        Parameter::Image,
        Parameter::AllowTo,
    ],
    serves: &[&INT_02],
    comments: true,
    write,
};

const NAME: &str = "plimsoll";
/// An image that does not exist; its digest shows the form.
const EXAMPLE: &str = "registry.example.com/plimsoll:0.1.0@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Of the reader's role.
const EXCEPTION: &str = "  annotations:
    # An exception that says why, as for anybody else.
    plimsoll.dev/allow.config-maps-readable: \"(plimsoll): looks for credentials in them and keeps no value\"
";

fn write(request: &Request) -> Result<String, RequestError> {
    let name = request.name.as_deref().unwrap_or(NAME);
    let space = request.namespace.as_deref().unwrap_or(NAME);
    namespace::must_be_ours(space)?;
    let tier = Tier::Recommended;
    let parts = [
        own_namespace(space, request.version),
        resource_quota::body(space, tier, None),
        limit_range::body(space, tier, None),
        policies(space, request),
        accounts(name, space),
        rights(name, space),
        claim(name, space),
        job(name, space, request),
    ];
    Ok(parts.join("---\n"))
}

fn own_namespace(space: &str, version: Minor) -> String {
    let labels = namespace::labels(Tier::Recommended, version);
    let space = scalar(space);
    format!(
        "# Before this the definitions of openreports.io/v1alpha1 have to be there; without them leave out --publish below.
# A namespace of its own: whoever may make pods here has the rights of the account below.
apiVersion: v1
kind: Namespace
metadata:
  name: {space}
  labels:
{labels}"
    )
}

/// Closed but for names and the API server.
fn policies(space: &str, request: &Request) -> String {
    let strict = Request {
        option: Some(Tier::Strict),
        ..request.clone()
    };
    let mut text = network_policy::bodies(space, &strict);
    if request.allow_to.is_empty() {
        let comment = "# The API server, whose address is not known here: private networks at its usual ports. Narrow it with --allow-to, by the\n# addresses of kubectl get endpointslices -n default kubernetes.\n";
        text += "---\n";
        text += &network_policy::head(comment, "allow-api-server", space);
        text += r"  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock:
            cidr: 10.0.0.0/8
        - ipBlock:
            cidr: 172.16.0.0/12
        - ipBlock:
            cidr: 192.168.0.0/16
      ports:
        - protocol: TCP
          port: 443
        - protocol: TCP
          port: 6443
";
    }
    text
}

fn accounts(name: &str, space: &str) -> String {
    let (name, space) = (scalar(name), scalar(space));
    format!(
        "# Nobody gets the token by chance; the job below mounts one that expires.
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {name}
  namespace: {space}
automountServiceAccountToken: false
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: default
  namespace: {space}
automountServiceAccountToken: false
"
    )
}

fn rights(name: &str, space: &str) -> String {
    let mut rules = String::new();
    for (group, resources) in resources() {
        let resources = resources.join(", ");
        let _ = writeln!(
            rules,
            "  - apiGroups: [\"{group}\"]\n    resources: [{resources}]\n    verbs: [list]"
        );
    }
    let reader = role(
        &format!("{name}-reader"),
        "# What plimsoll snapshot --print-rbac prints: listing what controls look at. No Secrets, no changes. For each custom kind\n# that carries pods add a rule; the report names what it could not read as a gap.\n",
        EXCEPTION,
        &rules,
        (name, space),
    );
    let reports = role(
        &format!("{name}-reports"),
        "# For --publish: reports are applied, and those of namespaces without findings go.\n",
        "",
        "  - apiGroups: [openreports.io]\n    resources: [reports, clusterreports]\n    verbs: [create, delete, list, patch]\n",
        (name, space),
    );
    format!("{reader}---\n{reports}")
}

/// A ClusterRole and the binding that gives it to an account.
fn role(
    role: &str,
    comment: &str,
    annotations: &str,
    rules: &str,
    (account, space): (&str, &str),
) -> String {
    let (role, account, space) = (scalar(role), scalar(account), scalar(space));
    format!(
        "{comment}apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {role}
{annotations}rules:
{rules}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {role}
subjects:
  - kind: ServiceAccount
    name: {account}
    namespace: {space}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {role}
"
    )
}

fn claim(name: &str, space: &str) -> String {
    let (name, space) = (scalar(name), scalar(space));
    format!(
        "# The newest report and its metrics. Whatever reads text files for Prometheus mounts this claim, read-only.
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {name}
  namespace: {space}
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1Gi
"
    )
}

fn job(name: &str, space: &str, request: &Request) -> String {
    let image = scalar(request.image.as_deref().unwrap_or(EXAMPLE));
    let zone = match request.version >= Minor(27) {
        true => "  timeZone: Etc/UTC\n",
        false => "",
    };
    let (armor, annotation) = match request.version >= Minor(30) {
        true => (indented(12, APPARMOR), String::new()),
        false => (
            String::new(),
            format!(
                "          annotations:\n            # Before 1.30 AppArmor has no field. Delete this after the upgrade and use the field.\n            container.apparmor.security.beta.kubernetes.io/{NAME}: runtime/default\n"
            ),
        ),
    };
    let (name, space) = (scalar(name), scalar(space));
    format!(
        r#"apiVersion: batch/v1
kind: CronJob
metadata:
  name: {name}
  namespace: {space}
  labels:
    app.kubernetes.io/name: {name}
spec:
  schedule: "17 3 * * *"
{zone}  # One at a time: two would write the same reports.
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 3600
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec:
      backoffLimit: 2
      activeDeadlineSeconds: 3600
      template:
        metadata:
          labels:
            app.kubernetes.io/name: {name}
{annotation}        spec:
          restartPolicy: Never
          serviceAccountName: {name}
          # The token is mounted below, for an hour instead of a year.
          automountServiceAccountToken: false
          enableServiceLinks: false
          securityContext:
            runAsNonRoot: true
            runAsUser: 65532
            runAsGroup: 65532
            # The claim belongs to this group.
            fsGroup: 65532
            seccompProfile:
              type: RuntimeDefault
{armor}          containers:
            - name: {NAME}
              image: {image}
              imagePullPolicy: IfNotPresent
              args:
                - scan
                - --cluster
                - --publish
                - --output=openmetrics=/reports/plimsoll.prom
                - --output=json=/reports/plimsoll.json
                # The log tells each finding in one line. Findings do not fail the job; what could not be read does.
                - --format=concise
                - --fail-on=never
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities:
                  drop: [ALL]
              resources:
                # Ten times what a hundred thousand pods took that look as their owners made them. Give more where many have none.
                requests:
                  cpu: 100m
                  memory: 256Mi
                  ephemeral-storage: 64Mi
                limits:
                  cpu: "1"
                  memory: 256Mi
                  ephemeral-storage: 1Gi
              volumeMounts:
                - name: reports
                  mountPath: /reports
                # The snapshot, while it is judged.
                - name: tmp
                  mountPath: /tmp
                - name: token
                  mountPath: /var/run/secrets/kubernetes.io/serviceaccount
                  readOnly: true
          volumes:
            - name: reports
              persistentVolumeClaim:
                claimName: {name}
            - name: tmp
              emptyDir:
                sizeLimit: 512Mi
            - name: token
              projected:
                defaultMode: 0440
                sources:
                  - serviceAccountToken:
                      path: token
                      expirationSeconds: 3600
                  - configMap:
                      name: kube-root-ca.crt
                      items:
                        - key: ca.crt
                          path: ca.crt
                  - downwardAPI:
                      items:
                        - path: namespace
                          fieldRef:
                            fieldPath: metadata.namespace
"#
    )
}
