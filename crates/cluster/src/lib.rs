//! Reads a live cluster once into a snapshot, and saved snapshots as often as needed. Only asks; nothing is ever changed but
//! reports of `openreports.io`, for whoever wants them published.
//!
//! What is in a snapshot is decided here, what it means elsewhere: what is in a control or a report is unknown here. Invariants:
//! values of Secrets never reach us; what could not be read is a gap in the snapshot; live or saved, all go the same way.

mod access;
mod advice;
mod client;
mod collect;
mod difference;
mod discovery;
mod owner;
mod publish;
mod redact;
mod role;
mod saved;
mod server;
mod settings;
mod trim;

pub use access::{Access, ConnectError};
pub use client::Client;
pub use collect::{CollectError, Request, collect};
pub use difference::{NotComparable, compare};
pub use publish::{PublishError, Published, Reports, publish};
pub use redact::{Alike, Redaction, redact};
pub use role::role;
pub use saved::{
    Cause, End, Entries, Entry, Header, MAGIC, Missed, SCHEMA, Saved, SavedError, Writer,
};
pub use server::{Answer, Server};
pub use trim::{StandIns, conceal};
