//! The targets, one module each: `holds` panics where something does not hold.

pub mod cel;
pub mod configuration;
pub mod edit;
pub mod expression;
pub mod fix;
pub mod parse;
pub mod path;
pub mod policy;
pub mod record;
pub mod render;
pub mod scalar;
pub mod scan;
pub mod waiver;
