//! A LimitRange: what a container gets that says nothing, and the most that one may ask for (appendix F).

use plimsoll_guide::{APX_F, RES_01};

use crate::requirements::{self, Amounts, GIB, MIB, Requirements};
use crate::scalar::scalar;
use crate::{Generator, Parameter, Request, RequestError, Tier};

pub(crate) static LIMIT_RANGE: Generator = Generator {
    id: "limitrange",
    also: &["limit-range", "limits", "limitranges"],
    title: "LimitRange with defaults and bounds for each container, pod and claim",
    takes: &[Parameter::Option, Parameter::Namespace, Parameter::From],
    serves: &[&APX_F, &RES_01],
    comments: true,
    write,
};

fn write(request: &Request) -> Result<String, RequestError> {
    let read = requirements::read(request)?;
    let namespace = read.as_ref().and_then(|read| read.namespace.as_deref());
    Ok(body(
        namespace.unwrap_or(request.namespace()),
        request.tier(),
        read.as_ref(),
    ))
}

/// The largest container and claim that are let in.
fn most(tier: Tier, read: Option<&Requirements>) -> (Amounts, u128) {
    let (cpu, memory, storage, claim) = match tier {
        Tier::Minimal => (8000, 16 * GIB, 20 * GIB, 200 * GIB),
        Tier::Recommended => (2000, 4 * GIB, 4 * GIB, 50 * GIB),
        Tier::Strict => (1000, GIB, GIB, 10 * GIB),
    };
    let largest = read.map(|read| read.largest).unwrap_or_default();
    let claimed = read.map_or(0, |read| read.largest_claim);
    let amounts = Amounts {
        cpu: largest.cpu.max(cpu),
        memory: largest.memory.max(memory),
        storage: largest.storage.max(storage),
    };
    (amounts, claimed.max(claim))
}

/// The object for a namespace.
pub(crate) fn body(namespace: &str, tier: Tier, read: Option<&Requirements>) -> String {
    let (most, claim) = most(tier, read);
    let [cpu, memory, storage] = most.words();
    let claim = requirements::bytes(claim);
    let pod = pod(tier, most);
    let smallest = requirements::bytes(16 * MIB);
    let source = match read {
        Some(read) => format!("# Nothing that was read is refused: {}.\n", read.origin()),
        None => "# Starting values: measure, then tighten. --from FOLDER keeps what is there below the bounds.\n".to_owned(),
    };
    format!(
        r#"{source}# The guide's sample lacks two colons and does not parse. Have one LimitRange in a namespace: of several nobody knows
# whose defaults win.
apiVersion: v1
kind: LimitRange
metadata:
  name: limits
  namespace: {namespace}
spec:
  limits:
    - type: Container
      # What a container asks for that says nothing. It applies when a pod is created; running pods stay as they are.
      defaultRequest:
        cpu: 100m
        memory: 128Mi
        ephemeral-storage: 64Mi
      # Where a container that says nothing ends. Memory beyond it kills the container; cpu beyond it waits.
      default:
        cpu: 500m
        memory: 256Mi
        ephemeral-storage: 512Mi
      # More is refused.
      max:
        cpu: {cpu}
        memory: {memory}
        ephemeral-storage: {storage}
      # Less is refused: a container with 1Mi dies before it starts.
      min:
        cpu: 10m
        memory: {smallest}
{pod}    - type: PersistentVolumeClaim
      max:
        storage: {claim}
      min:
        storage: 1Gi
"#,
        namespace = scalar(namespace),
    )
}

/// A bound for all containers of a pod together.
fn pod(tier: Tier, most: Amounts) -> String {
    if tier < Tier::Strict {
        return String::new();
    }
    let [cpu, memory, _] = most.times(4, 1).words();
    format!(
        "    # All containers of a pod together; sidecars that are injected count too.\n    - type: Pod\n      max:\n        cpu: {cpu}\n        memory: {memory}\n"
    )
}
