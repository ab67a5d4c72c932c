//! A real Kubernetes control plane for tests: etcd, API server, and on request the controller manager, in a temporary
//! folder and on random ports of the loopback address. Whatever becomes of the test (a panic, Ctrl-C, a kill), its
//! processes end with it. Knows nothing of controls or reports.

mod api;
mod process;
mod programs;
mod start;

pub use api::{Answer, Api, ApiError};
pub use programs::{Component, Programs};
pub use start::{ControlPlane, Settings, StartError};
