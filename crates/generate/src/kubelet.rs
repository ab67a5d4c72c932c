//! A kubelet's configuration that trusts nobody by default and bounds what pods can take from the node.

use plimsoll_guide::{AUTH_09, AUTH_10, RES_04, RES_06, SIG_19, SIG_23, TLS_02};
use plimsoll_snapshot::version::Minor;

use crate::{Generator, Parameter, Request, RequestError, Tier};

pub(crate) static KUBELET_CONFIG: Generator = Generator {
    id: "kubelet-config",
    also: &["kubelet", "kubeletconfiguration", "kubelet-configuration"],
    title: "KubeletConfiguration: no anonymous requests, own certificates, bounded pods",
    takes: &[Parameter::Option],
    serves: &[
        &AUTH_09, &AUTH_10, &RES_04, &RES_06, &SIG_19, &SIG_23, &TLS_02,
    ],
    comments: true,
    write: |request: &Request| -> Result<String, RequestError> { Ok(configuration(request)) },
};

fn configuration(request: &Request) -> String {
    let (pids, strict) = match request.tier() {
        Tier::Minimal => (4096, false),
        Tier::Recommended => (2048, false),
        Tier::Strict => (1024, true),
    };
    let version = request.version;
    let seccomp = if version >= Minor(25) {
        "# Pods that say nothing get the runtime's seccomp profile instead of none (on by a field since 1.25). What can break:\n# programs with unusual system calls; give those Localhost profiles.\nseccompDefault: true\n"
    } else {
        "# From 1.25 on, seccompDefault: true gives pods that say nothing the runtime's seccomp profile.\n"
    };
    let images = if strict && version >= Minor(35) {
        "# An image that is there already is given only to pods that may pull it (on by default from 1.35).\nimagePullCredentialsVerificationPolicy: AlwaysVerify\n"
    } else {
        ""
    };
    let tls = if strict {
        "VersionTLS13"
    } else {
        "VersionTLS12"
    };
    let suites = if strict {
        "# TLS 1.3 chooses its suites itself.\n"
    } else {
        "tlsCipherSuites:\n  - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\n  - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n  - TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384\n  - TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384\n  - TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256\n  - TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256\n"
    };
    let endpoint = if version >= Minor(27) {
        "# A flag before 1.27. For CRI-O: unix:///var/run/crio/crio.sock.\ncontainerRuntimeEndpoint: unix:///run/containerd/containerd.sock\n"
    } else {
        ""
    };
    format!(
        r#"# Save it as /var/lib/kubelet/config.yaml, mode 600, owner root. Flags on the command line win over this file, and drop-ins
# (--config-dir, stable in 1.35) too. In a cluster of kubeadm put the differences into the ConfigMap
# kube-system/kubelet-config and run `kubeadm upgrade node`. The lines of your cluster are marked CHECK.
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  # Whoever shows nothing gets nothing. The file's default is off; the flag's is on.
  anonymous:
    enabled: false
  # Tokens are checked by the API server.
  webhook:
    enabled: true
    cacheTTL: 2m0s
  x509:
    # The API server shows a certificate of this authority.
    clientCAFile: /etc/kubernetes/pki/ca.crt
# What a caller may do is asked of the API server.
authorization:
  mode: Webhook
# The port without any login stays shut.
readOnlyPort: 0
# Client certificates are renewed by themselves; a serving certificate of the cluster's authority is asked for, and
# somebody must approve it: kubectl get csr. Without approval `kubectl logs` and exec fail.
rotateCertificates: true
serverTLSBootstrap: true
tlsMinVersion: {tls}
{suites}# Dead connections of exec and logs end. 0 would mean never.
streamingConnectionIdleTimeout: 5m0s
# Settings of the kernel that differ stop the kubelet, instead of being changed behind the owner's back:
# vm.overcommit_memory=1, vm.panic_on_oom=0, kernel.panic=10, kernel.panic_on_oops=1, kernel.keys.root_maxkeys=1000000,
# kernel.keys.root_maxbytes=25000000. Set them first.
protectKernelDefaults: true
makeIPTablesUtilChains: true
{seccomp}{images}# A fork bomb ends at its pod.
podPidsLimit: {pids}
# What belongs to the node itself; sized for a node with some 16Gi. CHECK
systemReserved:
  cpu: 100m
  memory: 512Mi
  ephemeral-storage: 1Gi
  pid: "1000"
kubeReserved:
  cpu: 100m
  memory: 512Mi
  ephemeral-storage: 1Gi
  pid: "1000"
# Thresholds that are written replace all defaults, so all of them stand here, and process ids beside them.
evictionHard:
  memory.available: 200Mi
  nodefs.available: 10%
  nodefs.inodesFree: 5%
  imagefs.available: 15%
  imagefs.inodesFree: 5%
  pid.available: 10%
# Enough events to see an attack, few enough not to flood the API server. 0 would mean without bound.
eventRecordQPS: 50
eventBurst: 100
# Logs of containers are rotated.
containerLogMaxSize: 10Mi
containerLogMaxFiles: 5
{endpoint}cgroupDriver: systemd
# CHECK: the address of the cluster's DNS service and its domain.
clusterDomain: cluster.local
clusterDNS:
  - 10.96.0.10
# No staticPodPath: on a worker whoever can write there runs pods that the API server never sees. A control plane node of
# kubeadm needs staticPodPath: /etc/kubernetes/manifests.
"#
    )
}
