//! Runs a control's page as its test: every example at every version, in every carrier, container kind and style; and
//! plants mutants in the control, which the examples must notice. Development only; no part of the product uses it.
//!
//! [`page::check`] runs a page, [`mutant::survivors`] tells what the page would let slip, [`fixes::check`] fixes what it
//! shows as bad, [`whole::check`] fixes them with all controls at once and looks at what became of the text.
//! Invariant: what a page says is the truth that everything else is compared with; nothing here knows a control by name.

mod block;
mod carriers;
mod emit;
mod example;
pub mod fixes;
mod markdown;
pub mod mutant;
mod outcome;
pub mod page;
mod restyle;
mod rewrite;
mod sample;
mod value;
pub mod whole;

pub use sample::{Sample, samples};
