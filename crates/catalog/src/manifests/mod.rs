//! Controls on manifests as texts, which no chapter of the guide speaks of.

use plimsoll_control::Control;

mod duplicate_key;

/// All controls of the chapter.
pub static CONTROLS: &[&Control] = &[&duplicate_key::CONTROL];
