//! What fixes make of the pages' bad examples, sent to a real API server that takes no field that it does not know: whatever it
//! took before, it takes afterwards.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use plimsoll_control::Control;
use plimsoll_control_plane::{Answer, Api};
use plimsoll_testkit::fixes::{Fixed, fixed_examples};
use plimsoll_yaml::split;
use serde_json::json;

use crate::object::{collection, complete, is_of_cluster, read};
use crate::server::Server;
use crate::{VERSION, control_plane};

const NAMESPACE: &str = "fixed";
/// All carriers of one example say the same; a few of them are enough.
const EACH: usize = 5;

/// The answers to the documents of a text, by their number; `None` for what no server takes.
fn ask(api: &Api, text: &str) -> Vec<Option<Answer>> {
    let documents = split(text)
        .into_iter()
        .map(|chunk| chunk.span.slice(text).to_owned());
    let ask = |text: String| {
        let mut object = read(&text)?;
        let kind = object["kind"].as_str()?.to_owned();
        let path = collection(&kind, NAMESPACE)?;
        complete(&mut object);
        if !is_of_cluster(&kind) {
            object["metadata"]["namespace"] = json!(NAMESPACE);
        }
        // What is there already would be another answer.
        object["metadata"]["name"] = json!("sample");
        if kind == "Pod" {
            object["spec"]
                .as_object_mut()?
                .remove("ephemeralContainers");
        }
        let path = format!("{path}?dryRun=All&fieldValidation=Strict");
        Some(api.post(&path, &object).expect("an answer"))
    };
    documents.map(ask).collect()
}

#[test]
fn what_fixes_make_is_taken_strictly() {
    let Some(plane) = control_plane("what_fixes_make_is_taken_strictly") else {
        return;
    };
    let namespace =
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}});
    Server::new(plane.api()).create("/api/v1/namespaces", &namespace);
    let controls: Vec<&'static Control> = plimsoll_catalog::all().collect();
    let all = controls.iter().flat_map(|control| {
        let texts = fixed_examples(&controls, control, VERSION)
            .into_iter()
            .enumerate();
        texts
            .filter(|(index, _)| index % EACH == 0)
            .map(|(_, fixed)| (control.head.id, fixed))
    });
    let all: Vec<(&str, Fixed)> = all.collect();
    let (next, taken, wrong) = (
        AtomicUsize::new(0),
        AtomicUsize::new(0),
        Mutex::new(Vec::new()),
    );
    let work = || {
        while let Some((id, one)) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            let pairs = ask(plane.api(), &one.before)
                .into_iter()
                .zip(ask(plane.api(), &one.after));
            for (before, after) in pairs {
                let (Some(before), Some(after)) = (before, after) else {
                    continue;
                };
                if before.is_fine() && !after.is_fine() {
                    let message = after.message();
                    wrong
                        .lock()
                        .unwrap()
                        .push(format!("{id}: {}: {message}\n{}", one.name, one.after));
                }
                taken.fetch_add(usize::from(after.is_fine()), Ordering::Relaxed);
            }
        }
    };
    thread::scope(|scope| {
        (0..4).for_each(|_| drop(scope.spawn(work)));
    });
    let (taken, wrong) = (taken.into_inner(), wrong.into_inner().unwrap());
    eprintln!("{} fixes, {taken} objects taken", all.len());
    assert!(
        wrong.is_empty(),
        "{} refused:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(taken > 300, "{taken}");
}
