//! Where the API server sends audit events, as the kubeconfig that its webhook backend reads (appendix N).

use plimsoll_guide::{APX_N, AUD_09, AUD_10};

use crate::scalar::{quoted, scalar};
use crate::{Generator, Parameter, Request, RequestError};

pub(crate) static AUDIT_WEBHOOK: Generator = Generator {
    id: "audit-webhook",
    also: &["audit-webhook-config", "webhook"],
    title: "Audit webhook: events go to a collector over https, with certificates on both sides",
    takes: &[Parameter::Server],
    serves: &[&APX_N, &AUD_09, &AUD_10],
    comments: true,
    write,
};

fn write(request: &Request) -> Result<String, RequestError> {
    let server = request
        .server
        .as_deref()
        .unwrap_or("https://audit-collector.example.com:8443/k8s");
    if !server.starts_with("https://") {
        return Err(RequestError::Refused(
            "the collector is reached over https: write --server https://HOST/PATH".to_owned(),
        ));
    }
    // A port behind the host needs quotes in no reader's eyes, but a trailing one would.
    let server = if server.contains(':') {
        quoted(server)
    } else {
        scalar(server)
    };
    Ok(format!(
        r#"# The guide's sample sends everything over http with a password, drops events from the sixth on (a buffer of 5), and waits
# 5 of nothing. Here both sides show certificates, and batching stays at its defaults, which hold 10000 events.
#
# Put it on every control plane node with its certificates, mode 600, owner root, in a folder that is mounted into the
# static pod, and add to kube-apiserver:
#   --audit-webhook-config-file=/etc/kubernetes/audit/webhook.yaml
#   --audit-webhook-initial-backoff=10s        (with a unit)
#   --audit-webhook-truncate-enabled=true      (large events are cut instead of lost)
# The mode stays `batch`: requests do not wait for the collector, and a flood is dropped and counted. Raise
# --audit-webhook-batch-buffer-size from measured load, and alert on apiserver_audit_error_total. `blocking-strict` would
# refuse all requests while the collector is down. Write the log to files as well (apiserver-audit): what is dropped here
# is there.
apiVersion: v1
kind: Config
clusters:
  - name: audit-collector
    cluster:
      server: {server}
      # The authority that signed the collector's certificate; without it the API server would trust its node's whole list.
      certificate-authority: /etc/kubernetes/audit/collector-ca.crt
users:
  - name: api-server
    user:
      # The API server shows who it is: nobody else can put events into the log.
      client-certificate: /etc/kubernetes/audit/webhook-client.crt
      client-key: /etc/kubernetes/audit/webhook-client.key
contexts:
  - name: audit
    context:
      cluster: audit-collector
      user: api-server
current-context: audit
"#
    ))
}
