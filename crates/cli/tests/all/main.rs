//! The command line as scripts and people meet it: every test runs the binary on files of its own.
//!
//! Here lives only what depends on arguments, files and exit codes; what a control means is tested by its page.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail"
)]

mod archive;
mod bad_input;
mod baseline;
mod charts;
mod cluster;
mod commands;
mod configuration;
mod edits;
mod embedded;
mod enforce;
mod enforce_walk;
mod exit_code;
mod fetched;
mod fingerprints;
mod fix;
mod folder;
mod formats;
mod generate;
mod hostile;
mod in_cluster;
mod init;
mod lookup;
mod manual;
mod matrix;
mod objects;
mod overlays;
mod packaging;
mod policies;
mod programs;
mod recovered;
mod redaction;
mod revision;
mod schemas;
mod secrets;
mod snapshot;
mod stats;
mod stdin;
mod transcripts;
mod waivers;
mod watch;
