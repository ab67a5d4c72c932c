//! Every output format: a report as text, concise lines or JSON; the lists of controls and recommendations; the explain
//! pages. Everything writes to a [`std::io::Write`] and takes plain values.
//!
//! Knows no file, no exit code and no control by name. Invariant: untrusted text reaches a terminal only through the
//! pen, which makes every character visible that could steer the terminal or mislead the reader.

mod changes;
mod comparison;
mod concise;
mod controls;
mod coverage;
mod escape;
mod evidence;
mod example;
mod explain;
mod fix;
#[cfg(test)]
mod fixture;
mod formats;
mod frame;
mod guide;
mod json;
mod markdown;
mod pen;
pub mod record;
mod style;
mod summary;
mod table;
mod text;
mod window;

pub use changes::changes;
pub use comparison::{Comparison, Side, comparison_json, comparison_text};
pub use concise::concise;
pub use controls::{controls_json, controls_text};
pub use coverage::{Coverage, Served, Writes};
pub use escape::escape;
pub use evidence::{Counts, Evidence, read_evidence, read_fingerprints};
pub use explain::{explain_control, explain_recommendation};
pub use fix::{Difference, fix_diff, fix_hunk, fix_json, fix_notes};
pub use formats::{Catalogue, FORMATS, Format, SARIF, uri};
pub use guide::{guide_json, guide_text};
pub use json::json;
pub use record::{Edits, NotAReport, Record};
pub use text::{TextOptions, text};
