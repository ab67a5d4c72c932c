//! A real API server with the pods in it, asked by the program and by kubectl one after the other.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use plimsoll_control_plane::{Api, ControlPlane, Programs, Settings};
use serde_json::Value;

use super::cluster::{OTHERS, other, pod};
use super::{Asked, commands, tell};
use crate::Outcome;

/// How many requests that create something are under way at once.
const WRITERS: usize = 8;

/// Fills an API server, and tells what reading it takes.
pub(super) fn measure(asked: &Asked) -> Outcome {
    let programs = Programs::find().ok_or(
        "PLIMSOLL_CONTROL_PLANE names no control plane: `cargo xtask control-plane` builds one",
    )?;
    let plane = ControlPlane::start(&programs, &Settings::default())?;
    let filling = Filling {
        api: plane.api(),
        given: Mutex::default(),
    };
    for (version, kind, resource, count) in OTHERS {
        filling.fill(count, &|number| {
            (version, resource, other(version, kind, number))
        })?;
    }
    let make = |number| ("v1", "pods", pod(number, asked.alone || number % 100 == 0));
    filling.fill(asked.pods, &make)?;
    println!(
        "{} pods and 2,000 other objects in a real API server",
        asked.pods
    );
    let snapshot = plane.folder().join("snapshot");
    for (name, command) in commands(asked, &plane.kubeconfig(), &snapshot) {
        tell(name, &command)?;
    }
    println!("{:>34} {} bytes saved", "", fs::metadata(&snapshot)?.len());
    let mut kubectl = plane.kubectl();
    kubectl.args(["get", "pods", "-A", "-o", "json"]);
    tell("kubectl get pods -A -o json", &kubectl)?;
    Ok(())
}

type Made = (&'static str, &'static str, Value);

/// What was created so far.
struct Filling<'a> {
    api: &'a Api,
    /// The UIDs that the server gave, by those that we made up.
    given: Mutex<HashMap<String, String>>,
}

impl Filling<'_> {
    /// Creates objects, several at a time.
    fn fill(
        &self,
        count: usize,
        make: &(dyn Fn(usize) -> Made + Sync),
    ) -> Result<(), Box<dyn Error>> {
        let next = AtomicUsize::new(0);
        let write = || -> Result<(), String> {
            loop {
                let number = next.fetch_add(1, Ordering::SeqCst);
                if number >= count {
                    return Ok(());
                }
                self.create(make(number))?;
            }
        };
        thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(write)).collect();
            for writer in writers {
                writer.join().map_err(|_| "a writer panicked")??;
            }
            Ok(())
        })
    }

    fn create(&self, (version, resource, mut object): Made) -> Result<(), String> {
        let text = |value: &Value, path: &str| {
            value
                .pointer(path)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let made_up = text(&object, "/metadata/uid").unwrap_or_default();
        let mut given = self.given.lock().map_err(|_| "a writer panicked")?;
        if let Some(owner) = object.pointer_mut("/metadata/ownerReferences/0/uid") {
            let known = owner.as_str().and_then(|owner| given.get(owner));
            *owner = known.cloned().unwrap_or_default().into();
        }
        let root = match version {
            "v1" => "/api/v1".to_owned(),
            version => format!("/apis/{version}"),
        };
        let path = match text(&object, "/metadata/namespace") {
            Some(namespace) => format!("{root}/namespaces/{namespace}/{resource}"),
            None => format!("{root}/{resource}"),
        };
        drop(given);
        let answer = self
            .api
            .post(&path, &object)
            .map_err(|error| error.to_string())?;
        if answer.status != 201 {
            return Err(format!("{path}: {} {}", answer.status, answer.message()));
        }
        if resource != "pods" {
            let uid = text(&answer.body, "/metadata/uid").unwrap_or_default();
            given = self.given.lock().map_err(|_| "a writer panicked")?;
            given.insert(made_up, uid);
        }
        Ok(())
    }
}
