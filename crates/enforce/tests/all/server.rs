//! Policies on an API server, each bound to a namespace of its own so that a verdict is the verdict of one policy.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use plimsoll_control_plane::{Answer, Api};
use plimsoll_enforce::{Policy, Stage};
use plimsoll_testkit::Sample;
use plimsoll_yaml::edit::Value as Written;
use serde_json::{Value, json};

use crate::object::{collection, complete, is_of_cluster, of_manifest, read};

/// What the API server says to an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// It was let in.
    Admitted,
    /// Our policy denied it, with this message.
    Denied(String),
    /// The server's own validation, or decoding, refused it before any policy was asked.
    Refused(String),
    /// Something else said no.
    Other(u16, String),
    /// No policy looks at objects of its kind.
    NotSent,
}

const CONNECTIONS: usize = 8;
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Server<'p> {
    api: &'p Api,
}

impl<'p> Server<'p> {
    pub(crate) fn new(api: &'p Api) -> Server<'p> {
        Server { api }
    }

    /// Creates a policy, bound to the namespace that has the control's name.
    pub(crate) fn install(&self, id: &str, policy: &Policy) {
        let namespace = json!({
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": id, "labels": {"control": id}},
        });
        self.create("/api/v1/namespaces", &namespace);
        let selector = Written::Map(vec![(
            "matchLabels".to_owned(),
            Written::Map(vec![("control".to_owned(), Written::Str(id.to_owned()))]),
        )]);
        let root = "/apis/admissionregistration.k8s.io/v1";
        let manifest = of_manifest(&policy.manifest());
        self.create(&format!("{root}/validatingadmissionpolicies"), &manifest);
        let mut binding = of_manifest(&policy.binding(Stage::Deny, Some(selector)));
        // Namespaces say nothing about objects outside of them.
        binding["spec"]["matchResources"]["objectSelector"] =
            json!({"matchLabels": {"control": id}});
        self.create(
            &format!("{root}/validatingadmissionpolicybindings"),
            &binding,
        );
    }

    /// Creates an object, which has to be exactly as the API describes it.
    pub(crate) fn create(&self, path: &str, body: &Value) {
        let path = format!("{path}?fieldValidation=Strict");
        let answer = self.api.post(&path, body).expect("an answer");
        assert!(answer.is_fine(), "{}\n{body:#}", answer.message());
    }

    /// Waits until the policy denies one of the samples: policies take effect some moments after they are created.
    pub(crate) fn await_denial<'s>(
        &self,
        id: &str,
        policy: &Policy,
        samples: impl Iterator<Item = &'s Sample> + Clone,
    ) {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            let asked = samples
                .clone()
                .map(|sample| self.ask(id, policy, sample, "probe"));
            let mut told =
                asked.filter(|verdict| !matches!(verdict, Verdict::Refused(_) | Verdict::NotSent));
            // Where validation refuses every sample there is nothing to wait for.
            if told
                .next()
                .is_none_or(|verdict| matches!(verdict, Verdict::Denied(_)))
            {
                return;
            }
            thread::sleep(Duration::from_millis(200));
        }
    }

    /// Sends an object until the answer has this status: policies take effect some moments after they are created.
    pub(crate) fn await_status(&self, path: &str, object: &Value, status: u16) -> Answer {
        let begin = Instant::now();
        loop {
            let answer = self.api.post(path, object).expect("an answer");
            if answer.status == status {
                return answer;
            }
            let told = (answer.status, answer.message());
            assert!(begin.elapsed() < PATIENCE, "{told:?} instead of {status}");
            thread::sleep(Duration::from_millis(200));
        }
    }

    /// The verdict on each sample.
    pub(crate) fn ask_all<'s>(
        &self,
        id: &str,
        policy: &Policy,
        samples: &'s [Sample],
    ) -> Vec<(&'s Sample, Verdict)> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut verdicts = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(sample) = samples.get(index) else {
                    return verdicts;
                };
                verdicts.push((
                    sample,
                    self.ask(id, policy, sample, &format!("sample-{index}")),
                ));
            }
        };
        thread::scope(|scope| {
            let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(work)).collect();
            let verdicts = threads
                .into_iter()
                .map(|thread| thread.join().expect("no panic"));
            verdicts.flatten().collect()
        })
    }

    fn ask(&self, id: &str, policy: &Policy, sample: &Sample, name: &str) -> Verdict {
        let Some(mut object) = read(&sample.text) else {
            return Verdict::NotSent;
        };
        let kind = object["kind"].as_str().unwrap_or_default().to_owned();
        let Some(collection) = collection(&kind, id) else {
            return Verdict::NotSent;
        };
        complete(&mut object);
        place(&mut object, &kind, id, name);
        let added = match object.pointer_mut("/spec") {
            Some(spec) if kind == "Pod" => spec
                .as_object_mut()
                .and_then(|spec| spec.remove("ephemeralContainers")),
            _ => None,
        };
        let answer = match added {
            None => self.api.post(&format!("{collection}?dryRun=All"), &object),
            Some(added) => return self.ask_addition(policy, &collection, object, added, name),
        };
        verdict(policy, &answer.expect("an answer"))
    }

    /// Ephemeral containers come into a pod that runs already.
    fn ask_addition(
        &self,
        policy: &Policy,
        collection: &str,
        pod: Value,
        added: Value,
        name: &str,
    ) -> Verdict {
        let created = self.api.post(collection, &pod).expect("an answer");
        if !created.is_fine() {
            return verdict(policy, &created);
        }
        let mut pod = created.body;
        pod["spec"]["ephemeralContainers"] = added;
        let path = format!("{collection}/{name}");
        let answer = self
            .api
            .put(&format!("{path}/ephemeralcontainers?dryRun=All"), &pod);
        let deleted = self.api.delete(&format!("{path}?gracePeriodSeconds=0"));
        assert!(deleted.expect("an answer").is_fine());
        verdict(policy, &answer.expect("an answer"))
    }
}

/// Puts an object where the policy of a control looks. What a rule may know by its name keeps it.
fn place(object: &mut Value, kind: &str, id: &str, name: &str) {
    let metadata = &mut object["metadata"];
    if !is_of_cluster(kind) {
        metadata["namespace"] = json!(id);
    }
    metadata["labels"]["control"] = json!(id);
    let is_looked_at = kind == "Namespace" || kind.ends_with("Role") || kind.ends_with("Binding");
    if !is_looked_at || metadata["name"].is_null() {
        metadata["name"] = json!(name);
    }
}

fn verdict(policy: &Policy, answer: &Answer) -> Verdict {
    let message = answer.message().to_owned();
    match answer.status {
        // Whether a name is taken is asked after admission.
        200 | 201 | 409 => Verdict::Admitted,
        400 | 422 => Verdict::Refused(message),
        403 if message.contains(&format!("'{}'", policy.name())) => Verdict::Denied(message),
        status => Verdict::Other(status, message),
    }
}
