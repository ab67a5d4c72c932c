//! Writes reports into the cluster as objects of `openreports.io`, and takes away those of former scans that nothing is said
//! in any more. What is in a report is decided elsewhere.
//!
//! Invariants: nothing but such reports is ever written; only what carries our mark is deleted, and only by whoever
//! has seen everything.

use std::collections::BTreeSet;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::server::{Answer, Asking, Failure, JSON, Server};

/// Below this path everything is that is written.
pub(crate) const ROOT: &str = "/apis/openreports.io/v1alpha1";
/// The label of our reports.
const MARK: &str = "app.kubernetes.io/managed-by=plimsoll";
/// How often a report is written before it is given up.
const ATTEMPTS: u32 = 3;

/// An API server that takes reports.
pub trait Reports: Server {
    /// Creates the object at `path` or makes it as `body` says, by server-side apply.
    ///
    /// # Errors
    /// As for [`Server::get`], and when `path` is not one of a report.
    fn apply(&mut self, path: &str, body: &str) -> Result<Answer, String>;

    /// Deletes the object at `path`.
    ///
    /// # Errors
    /// As for [`Reports::apply`].
    fn delete(&mut self, path: &str) -> Result<Answer, String>;
}

/// What was written.
#[derive(Copy, Clone, Default, PartialEq, Eq, Debug)]
pub struct Published {
    /// How many reports were created or brought up to date.
    pub applied: usize,
    /// How many were deleted.
    pub deleted: usize,
    /// How many are of namespaces that went while they were judged.
    pub gone: usize,
}

/// Why not everything was written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// What was given is no list of reports.
    #[error("what was to be published is no list of reports: {0}")]
    NoReports(String),
    /// The definitions are missing.
    #[error(
        "the cluster does not serve openreports.io/v1alpha1: apply its CustomResourceDefinitions, or leave out --publish"
    )]
    NotServed,
    /// The rights are missing.
    #[error("{what} is forbidden: allow it with the rule {}", rule(.verb))]
    Forbidden {
        /// What was tried.
        what: String,
        /// The verb that is not allowed.
        verb: &'static str,
    },
    /// Anything else.
    #[error("{what} failed: {why}")]
    Failed {
        /// What was tried.
        what: String,
        /// What the server said.
        why: String,
    },
}

fn rule(verb: &str) -> String {
    format!(
        "{{apiGroups: [openreports.io], resources: [reports, clusterreports], verbs: [{verb}]}}"
    )
}

#[derive(Deserialize)]
struct List {
    items: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Named {
    kind: String,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    namespace: Option<String>,
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    metadata: Token,
    items: Vec<Item>,
}

#[derive(Deserialize, Default)]
struct Token {
    #[serde(rename = "continue")]
    token: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    metadata: Metadata,
}

/// Writes a `List` of reports as JSON. `complete`: it tells of the whole cluster, so that other reports of ours are of
/// what is no more, and go.
///
/// # Errors
/// The first thing that could not be done; what came before it is.
pub fn publish(
    server: &mut dyn Reports,
    list: &[u8],
    complete: bool,
) -> Result<Published, PublishError> {
    let list: List = serde_json::from_slice(list).map_err(no_reports)?;
    if again(server, |server| server.get(ROOT, JSON)).is_ok_and(|answer| answer.status == 404) {
        return Err(PublishError::NotServed);
    }
    let mut published = Published::default();
    let mut written = BTreeSet::new();
    for raw in &list.items {
        let report = serde_json::from_str(raw.get()).map_err(no_reports)?;
        let path = path(resource(&report)?, &report.metadata);
        let how = format!("{path}?fieldManager=plimsoll&force=true");
        let answer = again(server, |server| server.apply(&how, raw.get()));
        match settled(answer, "patch", &path)? {
            true => published.applied += 1,
            false => published.gone += 1,
        }
        written.insert(path);
    }
    if complete {
        published.deleted = take_away(server, &written)?;
    }
    Ok(published)
}

fn no_reports(error: serde_json::Error) -> PublishError {
    PublishError::NoReports(error.to_string())
}

fn resource(report: &Named) -> Result<&'static str, PublishError> {
    match report.kind.as_str() {
        "Report" => Ok("reports"),
        "ClusterReport" => Ok("clusterreports"),
        kind => Err(PublishError::NoReports(format!("{kind} is none"))),
    }
}

/// Deletes our reports but those that were written, and counts them.
fn take_away(server: &mut dyn Reports, written: &BTreeSet<String>) -> Result<usize, PublishError> {
    let mut deleted = 0;
    for resource in ["reports", "clusterreports"] {
        for path in former(server, resource)?.difference(written) {
            let answer = again(server, |server| server.delete(path));
            deleted += usize::from(settled(answer, "delete", path)?);
        }
    }
    Ok(deleted)
}

fn path(resource: &str, Metadata { name, namespace }: &Metadata) -> String {
    let plain = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let name = plain(name);
    match namespace {
        Some(namespace) => {
            format!("{ROOT}/namespaces/{}/{resource}/{name}", plain(namespace))
        }
        None => format!("{ROOT}/{resource}/{name}"),
    }
}

/// The paths of our reports that are there.
fn former(server: &mut dyn Reports, resource: &str) -> Result<BTreeSet<String>, PublishError> {
    let mark = utf8_percent_encode(MARK, NON_ALPHANUMERIC);
    let first = format!("{ROOT}/{resource}?labelSelector={mark}&limit=500");
    let mut next = Some(first.clone());
    let mut paths = BTreeSet::new();
    let mut asking = Asking::new(server);
    while let Some(page) = next {
        let page = asking.get(&page, JSON, |body| serde_json::from_slice::<Page>(body));
        let page = page.map_err(|failure| unlisted(resource, &failure))?;
        paths.extend(page.items.iter().map(|item| path(resource, &item.metadata)));
        let token = page.metadata.token.filter(|token| !token.is_empty());
        next = token.map(|token| {
            let token = utf8_percent_encode(&token, NON_ALPHANUMERIC);
            format!("{first}&continue={token}")
        });
    }
    Ok(paths)
}

fn unlisted(resource: &str, failure: &Failure) -> PublishError {
    let what = format!("listing {resource}");
    match failure {
        Failure::Forbidden => PublishError::Forbidden { what, verb: "list" },
        failure => PublishError::Failed {
            what,
            why: failure.to_string(),
        },
    }
}

/// Tries, and tries again where that may help.
fn again(
    server: &mut dyn Reports,
    mut attempt: impl FnMut(&mut dyn Reports) -> Result<Answer, String>,
) -> Result<Answer, String> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let answer = attempt(server);
        let may_help = match &answer {
            Ok(answer) => matches!(answer.status, 409 | 429 | 500..=599),
            Err(_) => true,
        };
        if !may_help || attempts == ATTEMPTS {
            return answer;
        }
        let asked = answer.ok().and_then(|answer| answer.retry_after);
        server.wait(crate::server::pause(asked, attempts));
    }
}

/// Was it done? `false`: there is nothing any more with which it could be.
fn settled(
    answer: Result<Answer, String>,
    verb: &'static str,
    path: &str,
) -> Result<bool, PublishError> {
    let what = format!("the {verb} of {path}");
    let why = match answer {
        Ok(Answer {
            status: 200..=299, ..
        }) => return Ok(true),
        Ok(Answer { status: 404, .. }) => return Ok(false),
        // The server takes nothing new into a namespace that is being deleted.
        Ok(answer) if answer.status == 403 && said(&answer.body).contains("being terminated") => {
            return Ok(false);
        }
        Ok(Answer { status: 403, .. }) => return Err(PublishError::Forbidden { what, verb }),
        Ok(answer) => format!("the server answers {}{}", answer.status, said(&answer.body)),
        Err(why) => why,
    };
    Err(PublishError::Failed { what, why })
}

/// The message of a `Status`.
fn said(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Status {
        message: String,
    }
    serde_json::from_slice::<Status>(body)
        .map_or_else(|_| String::new(), |status| format!(": {}", status.message))
}

#[cfg(test)]
mod tests;
