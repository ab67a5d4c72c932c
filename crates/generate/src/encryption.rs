//! Encryption at rest: by a KMS (appendix I), or with a key in the file (appendix H) when a fresh one is asked for. Keys
//! come in from outside and are never made here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use plimsoll_guide::{APX_H, APX_I, SEC_03, SEC_04, SEC_06, SIG_10};
use plimsoll_snapshot::version::Minor;

use crate::scalar::scalar;
use crate::{Generator, Parameter, Request, RequestError, Tier};

pub(crate) static ENCRYPTION_CONFIG: Generator = Generator {
    id: "encryption-config",
    also: &[
        "encryption",
        "encryption-configuration",
        "encryptionconfiguration",
    ],
    title: "EncryptionConfiguration: what lies in etcd is encrypted",
    takes: &[
        Parameter::Option,
        Parameter::Server,
        Parameter::KeyFromRandom,
    ],
    serves: &[&APX_H, &SEC_03, &SEC_06, &SIG_10],
    comments: true,
    write: |request| match &request.key {
        Some(key) => local(request, key),
        None => kms(request, NO_KEY),
    },
};

pub(crate) static KMS_CONFIG: Generator = Generator {
    id: "kms-config",
    also: &["kms", "kms-v2", "kms-encryption"],
    title: "EncryptionConfiguration with KMS v2: the key never lies beside the data",
    takes: &[Parameter::Option, Parameter::Server],
    serves: &[&APX_I, &SEC_04, &SEC_06, &SIG_10],
    comments: true,
    write: |request| kms(request, ""),
};

const NO_KEY: &str = "\
# No key stands here: the KMS has it. Without a KMS, --key-from-random --output FILE writes one with a fresh key of its
# own, which is the second best: the key then lies on the same disk as the data.
";

/// What is to be encrypted.
fn resources(request: &Request) -> String {
    let list = match request.tier() {
        Tier::Minimal => "      - secrets\n".to_owned(),
        Tier::Recommended => {
            "      - secrets\n      # Passwords end up here in spite of all rules.\n      - configmaps\n".to_owned()
        }
        // Wildcards came in 1.26 behind a gate, on by default from 1.27.
        Tier::Strict if request.version >= Minor(27) => {
            "      # Everything, also custom resources that hold credentials. Costs time on each write.\n      - \"*.*\"\n".to_owned()
        }
        Tier::Strict => {
            "      - secrets\n      - configmaps\n      - serviceaccounts\n      # Add custom resources that hold credentials, each as name.group. From 1.27 on \"*.*\" means everything.\n".to_owned()
        }
    };
    format!("resources:\n  - resources:\n{list}")
}

/// How the file gets into force, and how what is there is rewritten.
fn steps(request: &Request) -> String {
    let rewrite = if request.version >= Minor(35) {
        "#      A StorageVersionMigration for secrets does it without races (storagemigration.k8s.io/v1beta1, from 1.35)."
    } else {
        "#      From 1.35 on a StorageVersionMigration does it without races."
    };
    format!(
        r#"# In this order, or Secrets cannot be read any more:
#   1. Put the same file on every control plane node, in a folder of its own, mode 600, owner root. It must not get into
#      version control or into the backup of etcd.
#   2. Mount the folder into the static pod and add to kube-apiserver:
#        --encryption-provider-config=/etc/kubernetes/encryption/config.yaml
#        --encryption-provider-config-automatic-reload=true{since}
#      One API server after the other. `identity` at the end still reads what was written before.
#   3. Rewrite everything, again and again until it ends without a conflict:
#        kubectl get secrets --all-namespaces -o json | kubectl replace -f -
{rewrite}
#      Do so for each resource below.
#   4. When all is rewritten, take `identity` away on every node. What still lies there in clear text then shows as an
#      error instead of staying.
"#,
        since = if request.version >= Minor(26) {
            ""
        } else {
            "   (from 1.26 on)"
        },
    )
}

fn kms(request: &Request, about: &str) -> Result<String, RequestError> {
    if request.version < Minor(27) {
        return Err(RequestError::TooOld {
            what: "KMS v2 is on by default",
            since: Minor(27),
            advice: "KMS v1 is given up; use encryption-config --key-from-random, or upgrade first",
        });
    }
    let endpoint = request
        .server
        .as_deref()
        .unwrap_or("unix:///run/kmsplugin/socket.sock");
    if !endpoint.starts_with("unix://") {
        return Err(RequestError::Refused(
            "a KMS plugin is reached by a socket: write --server unix:///PATH".to_owned(),
        ));
    }
    Ok(format!(
        r#"{about}{steps}#
# To rotate the key: rotate it in the KMS. The plugin then reports a new key_id, new writes use it, and step 3 rewrites the
# rest; the KMS must keep the old key until then. To change the plugin, or to come from a key in a file: put the new
# provider behind the old one on every node, then before it, then step 3, then take the old one away.
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
{resources}    providers:
      # The first one writes, all of them read.
      - kms:
          # Version 1, the default, is off since 1.29. Version 2 is stable since then, and takes no cachesize.
          apiVersion: v2
          name: kms
          # Three slashes; the guide's sample lacks one. The plugin's folder must be mounted into the static pod, and the
          # plugin must run before the API server does.
          endpoint: {endpoint}
          timeout: 3s
      # Reads what is not encrypted yet; step 4 takes it away.
      - identity: {{}}
"#,
        steps = steps(request),
        resources = resources(request),
        endpoint = scalar(endpoint),
    ))
}

fn local(request: &Request, key: &[u8; 32]) -> Result<String, RequestError> {
    if request.server.is_some() {
        return Err(RequestError::Refused(
            "a key in the file needs no --server: leave out one of --server and --key-from-random"
                .to_owned(),
        ));
    }
    Ok(format!(
        r#"# This file holds a key: treat it like a password. Whoever takes the disk takes key and data; kms-config avoids that.
{steps}#
# To rotate the key: add a new one as the second key on every node and restart, so that all can read it; make it the first
# on every node and restart, so that all write with it; step 3; then take the old one away.
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
{resources}    providers:
      # The first one writes, all of them read. The guide's sample uses aescbc, which whoever can write to etcd can attack;
      # aesgcm breaks unless its key is changed by machine.
      - secretbox:
          keys:
            # Each key has a name of its own, which is stored with the data.
            - name: key1
              # 32 bytes from the operating system's randomness, made for this file alone.
              secret: {key}
      # Reads what is not encrypted yet; step 4 takes it away.
      - identity: {{}}
"#,
        steps = steps(request),
        resources = resources(request),
        // The alphabet of base64 and quotes around it: always a string.
        key = crate::scalar::quoted(&STANDARD.encode(key)),
    ))
}
