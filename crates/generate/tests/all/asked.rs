//! Every request worth making: each kind at each version and option, with nothing else given and with everything.

use plimsoll_generate::{GENERATORS, Generator, Parameter, Request, Text, Tier};
use plimsoll_snapshot::version::Minor;

/// A PodSecurityPolicy as strict as there could be, with the guide's ranges.
pub(crate) const STRICT_POLICY: &str = r#"
apiVersion: policy/v1beta1
kind: PodSecurityPolicy
metadata:
  name: restrictive
  annotations:
    seccomp.security.alpha.kubernetes.io/allowedProfileNames: 'docker/default,runtime/default'
    seccomp.security.alpha.kubernetes.io/defaultProfileName: runtime/default
    apparmor.security.beta.kubernetes.io/allowedProfileNames: runtime/default
    apparmor.security.beta.kubernetes.io/defaultProfileName: runtime/default
spec:
  privileged: false
  allowPrivilegeEscalation: false
  requiredDropCapabilities: [ALL]
  volumes: [configMap, emptyDir, projected, secret, downwardAPI, persistentVolumeClaim]
  hostNetwork: false
  hostIPC: false
  hostPID: false
  runAsUser: {rule: MustRunAsNonRoot}
  runAsGroup: {rule: MustRunAs, ranges: [{min: 1, max: 65535}]}
  seLinux: {rule: RunAsAny}
  supplementalGroups: {rule: MustRunAs, ranges: [{min: 1, max: 65535}]}
  fsGroup: {rule: MustRunAs, ranges: [{min: 1, max: 65535}]}
  readOnlyRootFilesystem: true
"#;

/// One that lets nearly everything through.
pub(crate) const OPEN_POLICY: &str = r#"
apiVersion: policy/v1beta1
kind: PodSecurityPolicy
metadata: {name: "open\n\u001b[31mkind: Pod"}
spec:
  privileged: true
  hostPID: true
  hostIPC: true
  hostNetwork: true
  hostPorts: [{min: 0, max: 65535}]
  volumes: ['*']
  allowedCapabilities: ['*']
  allowedProcMountTypes: [Unmasked]
  allowedUnsafeSysctls: ['*']
  runAsUser: {rule: RunAsAny}
  seLinux: {rule: RunAsAny}
  supplementalGroups: {rule: RunAsAny}
  fsGroup: {rule: RunAsAny}
"#;

/// One as the default of many clusters was: programs may be root, but not leave their container.
pub(crate) const MIDDLE_POLICY: &str = r#"
apiVersion: policy/v1beta1
kind: PodSecurityPolicy
metadata: {name: middle}
spec:
  volumes: [configMap, secret, nfs]
  requiredDropCapabilities: [KILL]
  defaultAddCapabilities: [CHOWN]
  allowedHostPaths: [{pathPrefix: /var/log}]
  forbiddenSysctls: ['*']
  allowedCSIDrivers: [{name: a}]
  runtimeClass: {allowedRuntimeClassNames: [gvisor]}
  runAsUser: {rule: MustRunAs, ranges: [{min: 0, max: 10}]}
  seLinux: {rule: MustRunAs, seLinuxOptions: {level: s0}}
  supplementalGroups: {rule: RunAsAny}
  fsGroup: {rule: MayRunAs, ranges: [{min: 5, max: 9}, {min: 20, max: 30}]}
"#;

/// Workloads of one namespace: stated in full, in part, and not at all.
pub(crate) const WORKLOADS: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 3
  template:
    spec:
      initContainers:
        - name: prepare
          resources: {requests: {cpu: 500m, memory: 64Mi}, limits: {cpu: "1", memory: 64Mi}}
      containers:
        - name: web
          resources: {requests: {cpu: 200m, memory: 256Mi}, limits: {cpu: "1", memory: 512Mi}}
        - name: proxy
          resources: {limits: {cpu: 100m, memory: 32Mi}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  replicas: 2
  template:
    spec:
      containers: [{name: db, resources: {limits: {memory: 8Gi}}}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {resources: {requests: {storage: 100Gi}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 10
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: uploads, namespace: shop}
spec: {resources: {requests: {storage: 20Gi}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: other}
data: {a: b}
---
this: [is broken
"#;

/// A request and the generator that it is for.
pub(crate) struct Asked {
    pub(crate) generator: &'static Generator,
    pub(crate) request: Request,
    /// For messages.
    pub(crate) what: String,
}

impl Asked {
    pub(crate) fn text(&self) -> String {
        match self.generator.generate(&self.request) {
            Ok(text) => text,
            Err(error) => panic!("{}: {error}", self.what),
        }
    }
}

/// All of them, save what does not exist at a version (KMS v2 before 1.27), which `refused` looks at.
pub(crate) fn everything() -> Vec<Asked> {
    let mut asked = Vec::new();
    for generator in GENERATORS {
        let takes = |parameter| generator.takes.contains(&parameter);
        let tiers: &[Option<Tier>] = if takes(Parameter::Option) {
            &[
                None,
                Some(Tier::Minimal),
                Some(Tier::Recommended),
                Some(Tier::Strict),
            ]
        } else {
            &[None]
        };
        for version in Minor::known() {
            for tier in tiers {
                for (variant, mut request) in variants(generator, version) {
                    request.option = *tier;
                    if too_old(generator, &request) {
                        continue;
                    }
                    let tier = tier.map_or("no option", Tier::as_str);
                    let what = format!("{} {version} {tier} {variant}", generator.id);
                    asked.push(Asked {
                        generator,
                        request,
                        what,
                    });
                }
            }
        }
    }
    asked
}

fn too_old(generator: &Generator, request: &Request) -> bool {
    let by_kms = generator.id == "kms-config" || generator.id == "encryption-config";
    by_kms && request.key.is_none() && request.version < Minor(27)
}

fn variants(generator: &Generator, version: Minor) -> Vec<(&'static str, Request)> {
    let plain = Request::new(version);
    let from = |text: &str| {
        Some(vec![Text {
            name: "given.yaml".to_owned(),
            text: text.to_owned(),
        }])
    };
    let with = |text| Request {
        from: from(text),
        ..plain.clone()
    };
    match generator.id {
        "psp-to-psa" => vec![
            ("strict policy", with(STRICT_POLICY)),
            ("open policy", with(OPEN_POLICY)),
            ("middle policy", with(MIDDLE_POLICY)),
        ],
        "encryption-config" => vec![
            ("plain", plain.clone()),
            (
                "key",
                Request {
                    key: Some([7; 32]),
                    ..plain
                },
            ),
        ],
        "resourcequota" | "limitrange" => {
            vec![("plain", plain.clone()), ("from", with(WORKLOADS))]
        }
        "networkpolicy" => vec![
            ("plain", plain.clone()),
            ("full", full(generator, plain.clone())),
            (
                "system",
                Request {
                    namespace: Some("kube-system".to_owned()),
                    ..plain
                },
            ),
        ],
        _ => vec![("plain", plain.clone()), ("full", full(generator, plain))],
    }
}

/// With everything that the generator takes.
fn full(generator: &Generator, mut request: Request) -> Request {
    for parameter in generator.takes {
        match parameter {
            Parameter::Name => request.name = Some("web-2".to_owned()),
            // A word that YAML would take for a boolean.
            Parameter::Namespace => request.namespace = Some("no".to_owned()),
            Parameter::Image => request.image = Some(image()),
            Parameter::AllowFrom => {
                request.allow_from = vec![
                    "ingress-nginx/app.kubernetes.io/name=ingress:8443"
                        .parse()
                        .unwrap(),
                    "10.0.0.0/8".parse().unwrap(),
                ];
            }
            Parameter::AllowTo => {
                request.allow_to = vec![
                    "true".parse().unwrap(),
                    "10.1.0.0/16:5432".parse().unwrap(),
                    "169.254.0.0/16:80".parse().unwrap(),
                    "169.254.20.10/32:53".parse().unwrap(),
                ];
            }
            Parameter::Verb => request.verbs = vec!["get".to_owned(), "list".to_owned()],
            Parameter::Resource => {
                request.resources = [
                    "services",
                    "deployments/status.apps",
                    "pods/log",
                    "leases.coordination.k8s.io",
                ]
                .map(str::to_owned)
                .to_vec();
            }
            Parameter::Role => request.role = Some("deployer".to_owned()),
            Parameter::Subject => {
                request.subjects = [
                    "user:1234",
                    "group:shop:admins",
                    "serviceaccount:ci/deployer",
                ]
                .map(|subject| subject.parse().unwrap())
                .to_vec();
            }
            Parameter::Exempt => {
                request.exempt = ["namespace:gpu", "user:break-glass", "runtimeclass:kata"]
                    .map(|exemption| exemption.parse().unwrap())
                    .to_vec();
            }
            Parameter::Server => {
                let server = match generator.id {
                    "audit-webhook" => "https://siem.example.com/in",
                    _ => "unix:///run/kms/a.sock",
                };
                request.server = Some(server.to_owned());
            }
            Parameter::Option | Parameter::From | Parameter::KeyFromRandom => {}
        }
    }
    request
}

fn image() -> String {
    format!(
        "registry.example.com:5000/team/web:1.2@sha256:{}",
        "0f".repeat(32)
    )
}
