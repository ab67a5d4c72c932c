//! Makes findings and gaps of what judging came to: their words, places and severities, each once.

use std::collections::BTreeSet;
use std::sync::Arc;

use plimsoll_control::{Found, Severity};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::place::Place;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use crate::filled::Spot;
use crate::judge::{Outcome, PolicyJudge};
use crate::policy::{Action, Binding};
use crate::sent::Sent;

impl PolicyJudge {
    /// Makes a finding or a gap of an outcome, each once.
    pub(crate) fn tell<'t>(
        &self,
        (object, sent): (&'t Object<'t>, &Sent<'t>),
        binding: &Binding,
        outcome: Outcome<'t>,
        told: &mut BTreeSet<String>,
        found: &mut Found<'t>,
    ) {
        let name = &self.policy.name;
        match outcome {
            Outcome::Undecided(None) => found.undecided(None),
            Outcome::Undecided(Some(why)) => {
                let message = format!(
                    "policy {name} could not judge {}: {why}",
                    whom(sent, object)
                );
                if told.insert(message.clone()) {
                    let place = self.place(object, None);
                    found.undecided(Some((place, message)));
                }
            }
            Outcome::Fails { message, at } => {
                let place = self.place(object, at.as_ref());
                if told.insert(format!("{}\n{message}", place.path)) {
                    let node = at.map(|at| at.node);
                    self.finding((node, place), (sent, binding.action()), &message, found);
                }
            }
        }
    }

    fn finding<'t>(
        &self,
        (node, place): (Option<Node<'t>>, Place),
        (sent, action): (&Sent<'t>, Action),
        message: &str,
        found: &mut Found<'t>,
    ) {
        let makes = if sent.is_made { "makes pods that " } else { "" };
        let verb = match action {
            Action::Deny => "would be denied by",
            Action::Warn => "would be warned of by",
            Action::Audit => "would be noted by",
        };
        let predicate = format!("{makes}{verb} policy {}: {message}", self.policy.name);
        let finding = found.on_place(place, &predicate, message.to_owned());
        finding.subject.container = node.and_then(container);
        match action {
            Action::Deny => {}
            Action::Warn => {
                finding.weigh(
                    finding.severity.min(Severity::Medium),
                    "its binding only warns",
                );
            }
            Action::Audit => {
                finding.weigh(Severity::Low, "its binding only notes it in the audit log");
            }
        }
    }

    fn place<'t>(&self, object: &'t Object<'t>, at: Option<&Spot<'t>>) -> Place {
        match at {
            Some(spot) => {
                let missing: Vec<&str> = spot.missing.iter().map(String::as_str).collect();
                object.source().place_below(spot.node, &missing)
            }
            None => {
                let name = At::nearest(object.node, &["metadata", "name"]);
                object.source().place(name)
            }
        }
    }
}

fn whom(sent: &Sent<'_>, object: &Object<'_>) -> String {
    let name = object.name().unwrap_or("without a name");
    match sent.is_made {
        true => format!("the pods of {} {name}", object.kind),
        false => format!("{} {name}", object.kind),
    }
}

/// The name of the container in which a node stands.
fn container(node: Node<'_>) -> Option<Arc<str>> {
    const LISTS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];
    let mut above = std::iter::successors(Some(node), |node| node.parent());
    let item = above.find(|node| {
        let list = node.parent().and_then(Node::key).and_then(Node::key_text);
        node.key().is_none() && list.is_some_and(|list| LISTS.contains(&list))
    })?;
    Some(item.get("name")?.as_str()?.into())
}
