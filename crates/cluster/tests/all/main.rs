//! The client against servers that are there: plain ones, ones over TLS, a real control plane, each with every fault that a
//! network can have. What collecting makes of single answers is tested beside the code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail"
)]

mod access;
mod certificate;
mod cut;
mod faults;
mod proxy;
mod server;
mod taken;
