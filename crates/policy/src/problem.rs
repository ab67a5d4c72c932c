//! What is wrong with a policy, with its place. What becomes of it is not decided here.

use std::sync::Arc;

use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::place::Location;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

/// Whose problem it is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum ProblemKind {
    /// The API server refuses it too.
    Invalid,
    /// The API server may take it; here it is not done.
    Unsupported,
}

/// Something in a policy that keeps it from judging.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Whose problem it is.
    pub kind: ProblemKind,
    /// What is wrong. Holds untrusted text, unescaped.
    pub message: String,
    /// The file.
    pub file: Arc<str>,
    /// Where in it.
    pub location: Option<Location>,
    /// The id of the policy's control.
    pub control: String,
}

impl Problem {
    pub(crate) fn at<'t>(
        object: &Object<'t>,
        node: Node<'t>,
        (kind, message): (ProblemKind, String),
        policy: &str,
    ) -> Problem {
        Problem {
            kind,
            message,
            file: object.document.file.name.clone(),
            location: object.source().place(At::node(node)).location,
            control: crate::id(policy),
        }
    }

    /// `file:line:column`.
    pub(crate) fn place(&self) -> String {
        match &self.location {
            Some(at) => format!("{}:{}:{}", at.file, at.start.line, at.start.column),
            None => self.file.to_string(),
        }
    }
}
