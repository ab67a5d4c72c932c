//! Runs a catalogue over what was gathered and reports. A scan is a pure function of the texts, the catalogue, the
//! target version and the profile. Knows no control by name.

mod baseline;
mod configuration;
mod dispatch;
mod draft;
mod effort;
mod embedded;
mod fingerprint;
mod fold;
mod gap;
mod judge;
mod namespaces;
mod nearest;
mod part;
mod profile;
mod report;
mod units;
mod waiver;

pub use baseline::{Baseline, Compared, ForeignFingerprint};
pub use configuration::{ChartSettings, Configuration, ConfigurationError};
pub use draft::Survey;
pub use effort::{Clock, Effort};
pub use fingerprint::Fingerprint;
pub use gap::{Gap, GapReason};
pub use judge::{Scan, SourceText};
pub use namespaces::NamespaceSeen;
pub use nearest::nearest;
pub use part::Part;
pub use profile::{DataSensitivity, Exposure, OperatorTrust, Profile, Tenancy};
pub use report::{KindSeen, NotAssessed, Priority, Report, Reported, Summary, Waived};
pub use waiver::{ConfiguredWaivers, current_id};
