//! Which recommendations the controls here serve only in part, and what is missing. A recommendation that some control
//! names and that is not listed here counts as served.

use plimsoll_guide::Recommendation;

/// A recommendation and the clause of it that nothing here looks at yet.
pub static MISSING: &[(&Recommendation, &str)] = &[];
