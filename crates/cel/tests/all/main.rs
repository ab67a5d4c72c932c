//! The table of expressions (`cases.txt`): what an API server says to each, recorded from a real one, against what this
//! crate says; and, where there is a control plane, the table against that server. The server's answer is the truth.
//! `PLIMSOLL_RECORD=1` writes the table anew.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod bounds;
mod server;
mod table;
mod trace;
