//! Kubernetes objects as facts: pods in all their carriers, containers with the fields that the API allows, effective
//! values with their origin, owned places, and the facts about one object that others need. Pure: no clock, no
//! file system, no network, no control.

pub mod admission;
pub mod carrier;
pub mod cidr;
pub mod collected;
pub mod component;
pub mod date;
pub mod difference;
pub mod facts;
pub mod field;
pub mod image;
pub mod kept;
pub mod kinds;
pub mod network_policy;
pub mod object;
pub mod origin;
pub mod place;
pub mod pod;
pub mod pod_security;
pub mod provenance;
pub mod quantity;
pub mod selector;
pub mod served;
pub mod shape;
pub mod surroundings;
pub mod target;
pub mod unit;
pub mod value;
pub mod version;
pub mod waiver;
