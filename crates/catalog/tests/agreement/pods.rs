//! Makes pods: spotless ones in many shapes, and the same with one fault, or any number of them. Everything shrinks: towards one
//! container, towards fewer fields.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// The checks of the admission plugin.
pub(crate) const CHECKS: [&str; 19] = [
    "allowPrivilegeEscalation",
    "appArmorProfile",
    "capabilities_baseline",
    "capabilities_restricted",
    "hostNamespaces",
    "hostPathVolumes",
    "hostPorts",
    "hostProbesAndHostLifecycle",
    "privileged",
    "procMount",
    "procMount_restricted",
    "restrictedVolumes",
    "runAsNonRoot",
    "runAsUser",
    "seLinuxOptions",
    "seccompProfile_baseline",
    "seccompProfile_restricted",
    "sysctls",
    "windowsHostProcess",
];

/// Pods that pass every check of every version.
pub(crate) fn passing() -> impl Strategy<Value = Value> {
    (containers(), pod_level(), any::<bool>())
        .prop_map(|(containers, pod, at_pod)| assemble(containers, pod, at_pod))
}

/// Spotless pods with one fault that `check` looks for.
pub(crate) fn violating(check: &'static str) -> impl Strategy<Value = Value> {
    (passing(), fault(check), any::<prop::sample::Index>()).prop_map(|(mut pod, fault, at)| {
        fault.commit(&mut pod, &at);
        pod
    })
}

/// Pods with any number of faults.
pub(crate) fn anything() -> impl Strategy<Value = Value> {
    let faults = prop::collection::vec(
        (
            select(CHECKS.to_vec()).prop_flat_map(fault),
            any::<prop::sample::Index>(),
        ),
        0..5,
    );
    (passing(), faults).prop_map(|(mut pod, faults)| {
        for (fault, at) in faults {
            fault.commit(&mut pod, &at);
        }
        pod
    })
}

/// Pods whose every field is there with some value, null, empty, or not there, whatever comes of it: the ways in which
/// containers, pods and operating systems may disagree. Few of them pass.
pub(crate) fn mixed() -> impl Strategy<Value = Value> {
    let list = |range| prop::collection::vec(any_of(CONTAINER), range);
    let lists = (list(1..3), list(0..3), list(0..2));
    (any_of(SPEC), any_of(METADATA), lists).prop_map(
        |(mut spec, mut metadata, (main, init, ephemeral))| {
            let mut number = 0;
            for (list, containers) in [
                ("containers", main),
                ("initContainers", init),
                ("ephemeralContainers", ephemeral),
            ] {
                for mut container in containers {
                    container["name"] = json!(format!("c{number}"));
                    number += 1;
                    if list == "ephemeralContainers" {
                        remove(&mut container, &["ports"]);
                    }
                    push(&mut spec[list], container);
                }
            }
            forbid(&mut spec);
            metadata["name"] = json!("example");
            metadata["namespace"] = json!("pinned");
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
        },
    )
}

/// Removes what API validation forbids beside the operating system that the pod names.
fn forbid(spec: &mut Value) {
    let fields: &[&str] = match spec["os"]["name"].as_str() {
        Some("windows") => &[
            "allowPrivilegeEscalation",
            "appArmorProfile",
            "capabilities",
            "privileged",
            "procMount",
            "runAsUser",
            "seLinuxOptions",
            "seccompProfile",
        ],
        Some("linux") => &["windowsOptions"],
        _ => return,
    };
    if fields.len() > 1 {
        remove(spec, &["hostUsers"]);
        remove(spec, &["hostPID"]);
    }
    for field in fields {
        remove(spec, &["securityContext", field]);
        for list in ["containers", "initContainers", "ephemeralContainers"] {
            for container in spec[list].as_array_mut().into_iter().flatten() {
                remove(container, &["securityContext", field]);
            }
        }
    }
}

/// Fields, and what may stand there in JSON. A name that appears twice is tried twice: the later value, if any, counts.
type Choices = &'static [(&'static str, &'static [&'static str])];

const METADATA: Choices = &[(
    "annotations",
    &[
        "null",
        "{}",
        r#"{"container.apparmor.security.beta.kubernetes.io/c0": "unconfined"}"#,
        r#"{"container.apparmor.security.beta.kubernetes.io/c1": "localhost/x", "container.apparmor.security.beta.kubernetes.io/gone": ""}"#,
    ],
)];

const SPEC: Choices = &[
    (
        "os",
        &[
            "null",
            "{}",
            r#"{"name": "linux"}"#,
            r#"{"name": "windows"}"#,
            r#"{"name": "windows"}"#,
        ],
    ),
    ("hostUsers", &["null", "true", "false", "false"]),
    ("hostNetwork", &["null", "false", "true"]),
    ("hostPID", &["null", "false"]),
    // None without a source: the API server makes it an `emptyDir` before admission, the referee does not.
    (
        "volumes",
        &[
            "null",
            "[]",
            r#"[{"name": "a", "hostPath": null, "secret": {}}, {"name": "b", "nfs": null, "csi": {"driver": "x"}}]"#,
            r#"[{"name": "a", "hostPath": {"path": "/x"}}, {"name": "b", "hostPath": null, "emptyDir": {}}]"#,
            r#"[{"name": "a", "emptyDir": {}}, {"name": "b", "nfs": {"server": "a", "path": "/"}}]"#,
        ],
    ),
    ("securityContext", SECURITY_CONTEXTS),
    ("securityContext", SECURITY_CONTEXTS),
];

const CONTAINER: Choices = &[
    ("securityContext", SECURITY_CONTEXTS),
    ("securityContext", CONTAINER_CONTEXTS),
    (
        "ports",
        &[
            "null",
            "[]",
            r#"[{"containerPort": 1, "hostPort": null}]"#,
            r#"[{"containerPort": 1, "hostPort": 0}, {"containerPort": 2, "hostPort": 2}]"#,
        ],
    ),
    (
        "livenessProbe",
        &[
            "null",
            "{}",
            r#"{"httpGet": null}"#,
            r#"{"httpGet": {"port": 1, "host": null}}"#,
            r#"{"tcpSocket": {"port": 1, "host": "a"}}"#,
        ],
    ),
    (
        "lifecycle",
        &[
            "null",
            "{}",
            r#"{"preStop": {}}"#,
            r#"{"preStop": {"httpGet": {"port": 1, "host": "a"}}}"#,
        ],
    ),
];

/// What pods and containers alike may say.
const SECURITY_CONTEXTS: &[&str] = &[
    "null",
    "{}",
    r#"{"runAsNonRoot": null, "runAsUser": null, "seccompProfile": null, "windowsOptions": null}"#,
    r#"{"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}"#,
    r#"{"runAsNonRoot": true, "seccompProfile": {"type": "Localhost"}, "runAsUser": 1}"#,
    r#"{"runAsNonRoot": false, "runAsUser": 0, "seccompProfile": {"type": "Unconfined"}}"#,
    r#"{"runAsNonRoot": true, "runAsUser": 0}"#,
    r#"{"runAsUser": 0, "seLinuxOptions": {}}"#,
    r#"{"runAsUser": 1, "seLinuxOptions": null, "seccompProfile": {"type": "RuntimeDefault"}}"#,
    r#"{"windowsOptions": {"hostProcess": true}, "runAsNonRoot": true}"#,
    r#"{"windowsOptions": {"hostProcess": false}, "runAsNonRoot": true}"#,
    r#"{"windowsOptions": {}, "seLinuxOptions": {"type": "", "user": null, "role": ""}}"#,
    r#"{"seLinuxOptions": {"type": "container_engine_t"}}"#,
    r#"{"seLinuxOptions": {"type": "spc_t", "level": "s0"}, "appArmorProfile": null}"#,
    r#"{"appArmorProfile": {"type": "Unconfined"}}"#,
    r#"{"appArmorProfile": {"type": "RuntimeDefault"}, "seccompProfile": {"type": "Unconfined"}}"#,
];

/// What only containers may say.
const CONTAINER_CONTEXTS: &[&str] = &[
    r#"{"capabilities": null, "allowPrivilegeEscalation": null, "privileged": null, "procMount": null}"#,
    r#"{"capabilities": {}, "allowPrivilegeEscalation": false, "privileged": false}"#,
    r#"{"capabilities": {"add": null, "drop": null}, "allowPrivilegeEscalation": true}"#,
    r#"{"capabilities": {"add": [], "drop": []}, "procMount": "Default"}"#,
    r#"{"capabilities": {"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]}, "allowPrivilegeEscalation": false}"#,
    r#"{"capabilities": {"drop": ["ALL"]}, "allowPrivilegeEscalation": false, "runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}"#,
    r#"{"capabilities": {"add": ["SYS_ADMIN", "CHOWN"], "drop": ["NET_RAW"]}, "privileged": true}"#,
    r#"{"procMount": "Unmasked", "allowPrivilegeEscalation": false}"#,
];

/// Each field with one of its values, or not there.
fn any_of(choices: Choices) -> impl Strategy<Value = Value> {
    let fields: Vec<_> = choices
        .iter()
        .map(|(name, values)| {
            let value = select(values.to_vec()).prop_map(|text| {
                serde_json::from_str::<Value>(text).expect("the choices are JSON")
            });
            prop::option::of(value).prop_map(|value| (*name, value))
        })
        .collect();
    fields.prop_map(|fields| {
        let mut whole = json!({});
        for (name, value) in fields {
            let Some(value) = value else { continue };
            match (value, &mut whole[name]) {
                (Value::Object(more), Value::Object(known)) => known.extend(more),
                (value, slot) => *slot = value,
            }
        }
        whole
    })
}

/// The containers of a pod by list, each as the fields that it has besides its name and image.
type Containers = Vec<(&'static str, Value)>;

fn containers() -> impl Strategy<Value = Containers> {
    let list = |list: &'static str, range| {
        prop::collection::vec(
            container(list).prop_map(move |container| (list, container)),
            range,
        )
    };
    (
        list("containers", 1..3),
        list("initContainers", 0..3),
        list("ephemeralContainers", 0..2),
    )
        .prop_map(|(main, init, ephemeral)| [main, init, ephemeral].concat())
}

/// A container that passes everything by itself, with harmless extras.
fn container(list: &'static str) -> impl Strategy<Value = Value> {
    let running = list == "containers";
    let security = (
        optional(Just(json!({"privileged": false}))),
        optional(Just(json!({"readOnlyRootFilesystem": true}))),
        optional((1..70_000i64).prop_map(|id| json!({"runAsUser": id}))),
        optional(Just(json!({"procMount": "Default"}))),
        optional(select_json(
            &["container_t", "container_init_t", "container_kvm_t"],
            |kind| json!({"seLinuxOptions": {"type": kind, "level": "s0:c1,c2"}}),
        )),
        optional(select_json(
            &["RuntimeDefault", "Localhost"],
            |kind| json!({"appArmorProfile": profile(kind)}),
        )),
        optional(Just(json!({"windowsOptions": {"hostProcess": false}}))),
        select(vec![
            json!(["ALL"]),
            json!(["NET_RAW", "ALL"]),
            json!(["ALL", "ALL"]),
        ]),
        optional(Just(json!(["NET_BIND_SERVICE"]))),
    )
        .prop_map(|(a, b, c, d, e, f, g, drop, add)| {
            let mut context = merge([a, b, c, d, e, f, g]);
            let mut capabilities = json!({"drop": drop});
            if !add.is_null() {
                capabilities["add"] = add;
            }
            context["capabilities"] = capabilities;
            context["allowPrivilegeEscalation"] = json!(false);
            context
        });
    let ports = optional(Just(
        json!({"ports": [{"containerPort": 8080}, {"containerPort": 9090, "hostPort": 0}]}),
    ));
    let probes = optional(Just(json!({
        "livenessProbe": {"httpGet": {"path": "/", "port": 8080, "host": ""}},
        "readinessProbe": {"tcpSocket": {"port": 8080}},
        "lifecycle": {"preStop": {"httpGet": {"path": "/", "port": 8080}}},
    })));
    let sidecar = optional(Just(json!({"restartPolicy": "Always"})));
    (security, ports, probes, sidecar).prop_map(move |(security, ports, probes, sidecar)| {
        let mut container = merge([
            if list == "ephemeralContainers" {
                Value::Null
            } else {
                ports
            },
            if running { probes } else { Value::Null },
            if list == "initContainers" {
                sidecar
            } else {
                Value::Null
            },
        ]);
        container["securityContext"] = security;
        container
    })
}

/// Pod-level fields that pass everything.
fn pod_level() -> impl Strategy<Value = Value> {
    let volumes = prop::collection::vec(
        select(vec![
            json!({"emptyDir": {}}),
            json!({"configMap": {"name": "settings"}}),
            json!({"secret": {"secretName": "key"}}),
            json!({"projected": {"sources": []}}),
            json!({"persistentVolumeClaim": {"claimName": "data"}}),
            json!({"csi": {"driver": "csi.example.com"}}),
            json!({"downwardAPI": {}}),
            json!({"ephemeral": {"volumeClaimTemplate": {"spec": {}}}}),
            json!({"image": {"reference": "registry.example.com/data:1"}}),
        ]),
        0..3,
    );
    let sysctls = select(vec![
        json!([]),
        json!([{"name": "net.ipv4.tcp_syncookies", "value": "1"}]),
        json!([{"name": "kernel.shm_rmid_forced", "value": "1"}, {"name": "net.ipv4.ping_group_range", "value": "0 1"}]),
    ]);
    (
        volumes,
        sysctls,
        optional(Just(json!({"hostPID": false, "hostNetwork": false}))),
        optional(any::<bool>().prop_map(|own| json!({"hostUsers": own}))),
        optional(Just(json!({"os": {"name": "linux"}}))),
        optional(select_json(
            &["runtime/default", "localhost/tight", ""],
            |profile| json!({"container.apparmor.security.beta.kubernetes.io/c0": profile}),
        )),
        select(vec!["RuntimeDefault", "Localhost"]),
    )
        .prop_map(
            |(volumes, sysctls, host, users, os, annotations, seccomp)| {
                let mut spec = merge([host, users, os]);
                spec["volumes"] = Value::Array(volumes);
                spec["securityContext"] =
                    json!({"sysctls": sysctls, "seccompProfile": profile(seccomp)});
                json!({"annotations": annotations, "spec": spec})
            },
        )
}

/// Puts a pod together. What every container needs and a pod may say for all stands at the pod or in each container.
fn assemble(containers: Containers, pod: Value, at_pod: bool) -> Value {
    let mut spec = pod["spec"].clone();
    let seccomp = spec["securityContext"]["seccompProfile"].take();
    remove(&mut spec, &["securityContext", "seccompProfile"]);
    if at_pod {
        spec["securityContext"]["seccompProfile"] = seccomp.clone();
        spec["securityContext"]["runAsNonRoot"] = json!(true);
    }
    for (number, (list, mut container)) in containers.into_iter().enumerate() {
        container["name"] = json!(format!("c{number}"));
        container["image"] = json!("registry.example.com/app:1");
        if !at_pod {
            container["securityContext"]["seccompProfile"] = seccomp.clone();
            container["securityContext"]["runAsNonRoot"] = json!(true);
        }
        if !spec[list].is_array() {
            spec[list] = json!([]);
        }
        spec[list]
            .as_array_mut()
            .expect("made above")
            .push(container);
    }
    let mut metadata = json!({"name": "example", "namespace": "pinned"});
    if !pod["annotations"].is_null() {
        metadata["annotations"] = pod["annotations"].clone();
    }
    for (number, volume) in spec["volumes"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .enumerate()
    {
        volume["name"] = json!(format!("v{number}"));
    }
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
}

/// A fault, to be committed at the pod or in some container.
#[derive(Clone, Debug)]
enum Fault {
    /// Sets a field of the pod's `spec`.
    Pod(Vec<&'static str>, Value),
    /// Adds an item to a list of the pod's `spec`.
    PodItem(Vec<&'static str>, Value),
    /// Adds an annotation.
    Annotation(&'static str, &'static str),
    /// Sets a field of one container.
    Container(Vec<&'static str>, Value),
    /// Adds an item to a list of one container.
    ContainerItem(Vec<&'static str>, Value),
    /// Removes a field from one container, and from the pod where that would stand in for it.
    Lack(Vec<&'static str>),
    /// Several at once.
    All(Vec<Fault>),
}

impl Fault {
    fn commit(&self, pod: &mut Value, at: &prop::sample::Index) {
        match self {
            Fault::Pod(path, value) => *reach(&mut pod["spec"], path) = value.clone(),
            Fault::PodItem(path, value) => push(reach(&mut pod["spec"], path), value.clone()),
            Fault::Annotation(key, value) => {
                *reach(&mut pod["metadata"], &["annotations", key]) = json!(value);
            }
            Fault::Container(path, value) => *reach(container_at(pod, at), path) = value.clone(),
            Fault::ContainerItem(path, value) => {
                push(reach(container_at(pod, at), path), value.clone())
            }
            Fault::Lack(path) => {
                remove(container_at(pod, at), path);
                remove(&mut pod["spec"], path);
            }
            Fault::All(faults) => faults.iter().for_each(|fault| fault.commit(pod, at)),
        }
    }
}

/// The faults that a check looks for.
fn fault(check: &'static str) -> BoxedStrategy<Fault> {
    const SECURITY: &str = "securityContext";
    let here = |path: &[&'static str], value: Value| Fault::Container(path.to_vec(), value);
    let pod = |path: &[&'static str], value: Value| Fault::Pod(path.to_vec(), value);
    let security = |key: &'static str, value: Value| Fault::Container(vec![SECURITY, key], value);
    let both = |key: &'static str, value: Value| {
        vec![
            Fault::Container(vec![SECURITY, key], value.clone()),
            Fault::Pod(vec![SECURITY, key], value),
        ]
    };
    let add = |name: &str| Fault::ContainerItem(vec![SECURITY, "capabilities", "add"], json!(name));
    // API validation refuses escalation false beside privileged, and an unmasked /proc without a user namespace.
    let unmasked = || {
        Fault::All(vec![
            pod(&["hostUsers"], json!(false)),
            security("procMount", json!("Unmasked")),
        ])
    };
    let faults: Vec<Fault> = match check {
        "allowPrivilegeEscalation" => vec![
            security("allowPrivilegeEscalation", json!(true)),
            Fault::Lack(vec![SECURITY, "allowPrivilegeEscalation"]),
        ],
        "appArmorProfile" => {
            let mut faults = both("appArmorProfile", profile("Unconfined"));
            faults.push(Fault::Annotation(
                "container.apparmor.security.beta.kubernetes.io/c0",
                "unconfined",
            ));
            faults
        }
        "capabilities_baseline" => [
            "SYS_ADMIN",
            "NET_RAW",
            "NET_ADMIN",
            "BPF",
            "ALL",
            "sys_time",
        ]
        .map(add)
        .to_vec(),
        "capabilities_restricted" => vec![
            add("CHOWN"),
            add("SYS_CHROOT"),
            add("AUDIT_WRITE"),
            security("capabilities", json!({"drop": ["all"]})),
            security("capabilities", json!({})),
            Fault::Lack(vec![SECURITY, "capabilities"]),
        ],
        "hostNamespaces" => ["hostPID", "hostIPC", "hostNetwork"]
            .map(|key| {
                Fault::All(vec![
                    pod(&["hostUsers"], json!(true)),
                    pod(&[key], json!(true)),
                ])
            })
            .to_vec(),
        "hostPathVolumes" => vec![
            volume("hostPath", json!({"path": "/var/log"})),
            volume("hostPath", json!({"path": "/"})),
        ],
        "hostPorts" => vec![Fault::ContainerItem(
            vec!["ports"],
            json!({"containerPort": 1, "hostPort": 8443}),
        )],
        "hostProbesAndHostLifecycle" => vec![
            here(
                &["livenessProbe"],
                json!({"httpGet": {"port": 80, "host": "10.0.0.1"}}),
            ),
            here(
                &["readinessProbe"],
                json!({"tcpSocket": {"port": 80, "host": "db"}}),
            ),
            here(
                &["startupProbe"],
                json!({"httpGet": {"port": 80, "host": "127.0.0.1"}}),
            ),
            here(
                &["lifecycle"],
                json!({"postStart": {"httpGet": {"port": 80, "host": "a"}}}),
            ),
            here(
                &["lifecycle"],
                json!({"preStop": {"tcpSocket": {"port": 80, "host": "b"}}}),
            ),
        ],
        "privileged" => vec![Fault::All(vec![
            Fault::Lack(vec![SECURITY, "allowPrivilegeEscalation"]),
            security("privileged", json!(true)),
        ])],
        "procMount" => vec![unmasked(), security("procMount", json!("Unmasked"))],
        "procMount_restricted" => vec![unmasked()],
        "restrictedVolumes" => vec![
            volume("nfs", json!({"server": "nfs", "path": "/"})),
            volume("iscsi", json!({"targetPortal": "a", "iqn": "b", "lun": 0})),
            volume("gitRepo", json!({"repository": "x"})),
            volume("flexVolume", json!({"driver": "x"})),
            volume("azureFile", json!({"secretName": "s", "shareName": "t"})),
        ],
        "runAsNonRoot" => {
            let mut faults = both("runAsNonRoot", json!(false));
            faults.push(Fault::Lack(vec![SECURITY, "runAsNonRoot"]));
            faults
        }
        "runAsUser" => both("runAsUser", json!(0)),
        "seLinuxOptions" => [
            json!({"type": "spc_t"}),
            json!({"user": "system_u"}),
            json!({"role": "system_r"}),
            json!({"type": "container_engine_t"}),
        ]
        .into_iter()
        .flat_map(|options| both("seLinuxOptions", options))
        .collect(),
        "seccompProfile_baseline" => both("seccompProfile", profile("Unconfined")),
        "seccompProfile_restricted" => vec![Fault::Lack(vec![SECURITY, "seccompProfile"])],
        "sysctls" => [
            "kernel.msgmax",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.tcp_rmem",
            "net.ipv4.tcp_notsent_lowat",
        ]
        .map(|name| {
            Fault::PodItem(
                vec![SECURITY, "sysctls"],
                json!({"name": name, "value": "1"}),
            )
        })
        .to_vec(),
        "windowsHostProcess" => both("windowsOptions", json!({"hostProcess": true})),
        other => panic!("no fault is known for {other}"),
    };
    select(faults).boxed()
}

fn volume(kind: &str, source: Value) -> Fault {
    Fault::PodItem(vec!["volumes"], json!({"name": "bad", kind: source}))
}

fn profile(kind: &str) -> Value {
    match kind {
        "Localhost" => json!({"type": kind, "localhostProfile": "tight.json"}),
        _ => json!({"type": kind}),
    }
}

fn optional(strategy: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop::option::of(strategy).prop_map(|value| value.unwrap_or(Value::Null))
}

fn select_json(
    values: &'static [&'static str],
    make: impl Fn(&str) -> Value + Clone + 'static,
) -> impl Strategy<Value = Value> {
    select(values.to_vec()).prop_map(make)
}

fn merge<const N: usize>(parts: [Value; N]) -> Value {
    let mut whole = Map::new();
    for part in parts {
        if let Value::Object(fields) = part {
            whole.extend(fields);
        }
    }
    Value::Object(whole)
}

fn container_at<'p>(pod: &'p mut Value, at: &prop::sample::Index) -> &'p mut Value {
    let lists = ["containers", "initContainers", "ephemeralContainers"];
    let all: Vec<_> = lists
        .iter()
        .flat_map(|list| {
            (0..pod["spec"][*list].as_array().map_or(0, Vec::len)).map(move |index| (*list, index))
        })
        .collect();
    let (list, index) = all[at.index(all.len())];
    &mut pod["spec"][list][index]
}

fn reach<'v>(value: &'v mut Value, path: &[&str]) -> &'v mut Value {
    path.iter().fold(value, |value, key| &mut value[*key])
}

fn push(list: &mut Value, item: Value) {
    if !list.is_array() {
        *list = json!([]);
    }
    list.as_array_mut().expect("made above").push(item);
}

fn remove(value: &mut Value, path: &[&str]) {
    let Some((last, before)) = path.split_last() else {
        return;
    };
    let parent = before
        .iter()
        .try_fold(value, |value, key| value.get_mut(*key));
    if let Some(Value::Object(fields)) = parent {
        fields.remove(*last);
    }
}
