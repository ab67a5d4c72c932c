//! A LimitRange: what a container gets that says nothing, and the most that one may ask for (appendix F).

use plimsoll_guide::{APX_F, RES_01};

use crate::amounts::{Amounts, GIB, MIB, bytes};
use crate::requirements::{self, LIMIT, REQUEST, Requirements};
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
    let claimed = read.map_or(0, |read| read.claims().2);
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
    let claim = bytes(claim);
    let pod = pod(tier, most, read);
    let (least_cpu, least_memory) = least(read);
    // A request above the default limit would be refused.
    let unlimited = read.map(|read| read.unlimited).unwrap_or_default();
    let [limit_cpu, limit_memory, limit_storage] = LIMIT.max(unlimited).words();
    let [request_cpu, request_memory, request_storage] = REQUEST.words();
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
        cpu: {request_cpu}
        memory: {request_memory}
        ephemeral-storage: {request_storage}
      # Where a container that says nothing ends. Memory beyond it kills the container; cpu beyond it waits.
      default:
        cpu: {limit_cpu}
        memory: {limit_memory}
        ephemeral-storage: {limit_storage}
      # More is refused.
      max:
        cpu: {cpu}
        memory: {memory}
        ephemeral-storage: {storage}
      # Less is refused: a container with 1Mi dies before it starts.
      min:
        cpu: {least_cpu}m
        memory: {least_memory}
{pod}    - type: PersistentVolumeClaim
      max:
        storage: {claim}
      min:
        storage: 1Gi
"#,
        namespace = scalar(namespace),
    )
}

/// The smallest cpu, in thousandths, and memory that are let in.
fn least(read: Option<&Requirements>) -> (u128, String) {
    const LEAST: (u128, u128) = (10, 16 * MIB);
    let (cpu, memory) = read.and_then(|read| read.smallest).unwrap_or(LEAST);
    let memory = match memory.min(LEAST.1) {
        // Without a suffix a number is bytes.
        small if small < MIB => small.to_string(),
        memory => bytes(memory / MIB * MIB),
    };
    (cpu.min(LEAST.0), memory)
}

/// A bound for all containers of a pod together.
fn pod(tier: Tier, most: Amounts, read: Option<&Requirements>) -> String {
    if tier < Tier::Strict {
        return String::new();
    }
    let largest = read.map(|read| read.largest_pod).unwrap_or_default();
    let [cpu, memory, _] = most.times(4, 1).max(largest).words();
    format!(
        "    # All containers of a pod together; sidecars that are injected count too.\n    - type: Pod\n      max:\n        cpu: {cpu}\n        memory: {memory}\n"
    )
}
