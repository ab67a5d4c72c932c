//! What comes out, over all kinds, options and versions: judged by our own controls, decoded by Kubernetes' own types,
//! and looked at where neither can.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail"
)]

mod api_server;
mod asked;
mod decode;
mod existing;
mod judge;
mod refused;
mod structure;
