//! Reads a live cluster once into a snapshot, and saved snapshots as often as needed. Only asks, never changes anything.
//!
//! What is in a snapshot is decided here, what it means elsewhere: controls and reports are unknown here. Invariants: values
//! of Secrets never reach us; what could not be read is a gap in the snapshot; live or saved, all go the same way.

mod client;
mod collect;
mod difference;
mod discovery;
mod owner;
mod redact;
mod role;
mod saved;
mod server;
mod settings;
mod trim;

pub use client::{Access, Client, ConnectError};
pub use collect::{CollectError, Request, collect};
pub use difference::{NotComparable, compare};
pub use redact::{Alike, Redaction, redact};
pub use role::role;
pub use saved::{
    Cause, End, Entries, Entry, Header, MAGIC, Missed, SCHEMA, Saved, SavedError, Writer,
};
pub use server::{Answer, Server};
pub use trim::{StandIns, conceal};
