//! A ResourceQuota, reasoned from what a folder requests where one is given (appendix G).

use plimsoll_guide::{APX_G, RES_02};

use crate::amounts::{Amounts, GIB, bytes, round};
use crate::requirements::{self, Requirements};
use crate::scalar::scalar;
use crate::{Generator, Parameter, Request, RequestError, Tier, limit_range};

pub(crate) static RESOURCE_QUOTA: Generator = Generator {
    id: "resourcequota",
    also: &["resource-quota", "quota", "resourcequotas"],
    title: "ResourceQuota with the LimitRange that it needs",
    takes: &[Parameter::Option, Parameter::Namespace, Parameter::From],
    serves: &[&APX_G, &RES_02],
    comments: true,
    write,
};

fn write(request: &Request) -> Result<String, RequestError> {
    let read = requirements::read(request)?;
    let read = read.as_ref();
    let namespace = read.and_then(|read| read.namespace.as_deref());
    let namespace = namespace.unwrap_or(request.namespace());
    let quota = body(namespace, request.tier(), read);
    let limits = limit_range::body(namespace, request.tier(), read);
    Ok(format!(
        "{quota}---\n# With a quota on cpu and memory a pod is refused whose containers do not say what they need. The LimitRange says it\n# for them.\n{limits}"
    ))
}

/// What may be used, and how many objects there may be.
struct Hard {
    requests: Amounts,
    limits: Amounts,
    pods: u128,
    claims: u128,
    storage: u128,
}

fn hard(tier: Tier, read: Option<&Requirements>) -> Hard {
    let (numerator, denominator) = headroom(tier);
    match read {
        Some(read) => {
            let (claims, storage, _) = read.claims();
            let room = |amount: u128| amount.saturating_mul(numerator).div_ceil(denominator);
            Hard {
                requests: read.requests().times(numerator, denominator),
                limits: read.limits().times(numerator, denominator),
                pods: room(read.pods()).max(5),
                claims: room(claims),
                storage: round(room(storage)),
            }
        }
        None => {
            let requests = Amounts {
                cpu: 1000,
                memory: GIB,
                storage: 2 * GIB,
            };
            Hard {
                requests: requests.times(numerator, denominator),
                limits: requests.times(2 * numerator, denominator),
                pods: 10 * numerator / denominator,
                claims: 5,
                storage: 20 * GIB,
            }
        }
    }
}

/// How much more than today: rolling updates, autoscaling and growth need room.
fn headroom(tier: Tier) -> (u128, u128) {
    match tier {
        Tier::Minimal => (2, 1),
        Tier::Recommended => (3, 2),
        Tier::Strict => (6, 5),
    }
}

/// The object for a namespace.
pub(crate) fn body(namespace: &str, tier: Tier, read: Option<&Requirements>) -> String {
    let Hard {
        requests,
        limits,
        pods,
        claims,
        storage,
    } = hard(tier, read);
    let (request_words, limit_words) = (requests.words(), limits.words());
    let [request_cpu, request_memory, request_storage] = request_words;
    let [limit_cpu, limit_memory, limit_storage] = limit_words;
    let (numerator, denominator) = headroom(tier);
    let source = source(read, numerator * 100 / denominator);
    format!(
        r#"{source}apiVersion: v1
kind: ResourceQuota
metadata:
  name: quota
  namespace: {namespace}
spec:
  hard:
    # What the scheduler has to keep free for the namespace, all pods together.
    requests.cpu: {request_cpu}
    requests.memory: {request_memory}
    requests.ephemeral-storage: {request_storage}
    # What its pods can take in the worst case.
    limits.cpu: {limit_cpu}
    limits.memory: {limit_memory}
    limits.ephemeral-storage: {limit_storage}
    requests.storage: {storage}
    persistentvolumeclaims: "{claims}"
    # Every object lies in etcd, which all share.
    pods: "{pods}"
    count/jobs.batch: "20"
    count/cronjobs.batch: "10"
    services: "20"
    secrets: "50"
    configmaps: "50"
    # Each of these opens a way into the cluster; count up for those that were reviewed.
    services.loadbalancers: "0"
    services.nodeports: "0"
"#,
        namespace = scalar(namespace),
        storage = bytes(storage),
    )
}

/// Where the numbers come from, workload by workload.
fn source(read: Option<&Requirements>, percent: u128) -> String {
    let Some(read) = read else {
        return "# Starting values: measure, then tighten. --from FOLDER takes them from what is there.\n".to_owned();
    };
    let mut text = format!(
        "# {percent} % of what was read: {}. Each line is one workload:\n# how many pods, and what each requests; one that stands in several files counts once, as its largest.\n",
        read.origin()
    );
    for line in read.lines() {
        text += &format!("#   {line}\n");
    }
    if read.unstated() > 0 {
        text += &format!(
            "# Containers that leave something out count with what the LimitRange gives them: {}.\n",
            read.unstated()
        );
    }
    text
}
