//! Requests and limits that containers state, or leave out.

use std::sync::Arc;

use super::QUANTITY;
use crate::object::ObjectId;
use crate::place::Place;
use crate::pod::Container;
use crate::quantity::Quantity;
use crate::value::At;
use crate::version::Minor;

/// What a container does not state.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Lack {
    /// `limits.memory`, nor is there one for the whole pod.
    MemoryLimit,
    /// `requests.cpu`, nor a limit that would stand for it.
    CpuRequest,
}

impl Lack {
    /// All.
    pub const ALL: [Lack; 2] = [Lack::MemoryLimit, Lack::CpuRequest];

    fn keys(self) -> &'static [&'static str] {
        match self {
            Lack::MemoryLimit => &["resources", "limits", "memory"],
            Lack::CpuRequest => &["resources", "requests", "cpu"],
        }
    }

    /// Lists of `resources` and the resource of which one must be stated.
    fn stated(self) -> (&'static [&'static str], &'static str) {
        match self {
            Lack::MemoryLimit => (&["limits"], "memory"),
            Lack::CpuRequest => (&["requests", "limits"], "cpu"),
        }
    }
}

/// A container that leaves something out.
#[derive(Clone, Debug)]
pub struct Unstated {
    /// What carries its pod.
    pub object: Arc<ObjectId>,
    /// Its name, if it has one.
    pub container: Option<Arc<str>>,
    /// Its kind in words.
    pub noun: &'static str,
    /// What it leaves out.
    pub lack: Lack,
    /// Where that would be.
    pub place: Place,
}

/// How many containers leave nothing out.
#[derive(Copy, Clone, Default, Debug)]
pub struct Stated {
    /// With a memory limit.
    pub memory_limit: usize,
    /// With a cpu request.
    pub cpu_request: usize,
}

/// Does the container state it, itself or for the whole pod? `None` when what it says is no quantity.
pub(super) fn states(container: &Container<'_, '_>, lack: Lack) -> Option<bool> {
    let (lists, resource) = lack.stated();
    let object = container.pod.object;
    // Pod-level resources are on by default since 1.34.
    let pod = (object.target.version >= Minor(34)).then_some(container.pod.spec);
    let mut states = false;
    for owner in [Some(container.node), pod].into_iter().flatten() {
        for list in lists {
            let amount = owner
                .get("resources")
                .and_then(|node| node.get(list)?.get(resource))
                .filter(|node| !node.is_null());
            let Some(node) = amount else { continue };
            match Quantity::of(node) {
                // The kubelet takes 0 like nothing.
                Some(amount) => states |= amount > Quantity::ZERO,
                None => {
                    object.note_malformed(node, QUANTITY);
                    return None;
                }
            }
        }
    }
    Some(states)
}

pub(super) fn unstated(container: &Container<'_, '_>, lack: Lack) -> Unstated {
    let object = container.pod.object;
    Unstated {
        object: object.id(),
        container: container.name().map(|name| object.document.file.keep(name)),
        noun: container.kind.noun(),
        lack,
        place: object
            .source()
            .place(At::nearest(container.node, lack.keys())),
    }
}
