//! What a scan is asked to do: the arguments, and the configuration where they say nothing.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use plimsoll_control::{Control, Severity};
use plimsoll_gather::{
    CONFIGURATION, Exclusions, Exported, Revision, configuration_folders, holds_all_of,
    seen_from_here,
};
use plimsoll_scan::{Configuration, ConfiguredWaivers, GapReason, Profile, Report, Scan};
use plimsoll_snapshot::date::Date;
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;
use plimsoll_snapshot::waiver::Waiver;
use plimsoll_yaml::decode;

use super::policies::OwnRules;
use super::rendering::Rendering;
use crate::Exit;
use crate::arguments::{FailOn, ScanOptions};

/// What a scan is asked to do.
pub(crate) struct Settings {
    /// The least severity that fails.
    pub(super) fail_on: Option<Severity>,
    /// Where inline waivers have to stand as well.
    pub(super) revision: Option<Revision>,
    /// What is not meant.
    pub(super) exclusions: Option<Exclusions>,
    /// Users' own rules.
    pub(super) own_rules: OwnRules,
    /// What is rendered, and with what.
    pub(super) rendering: Rendering,
    configuration: Configuration,
    allow_gaps: bool,
    profile: Profile,
    all_scanned: bool,
    version_was_said: bool,
    by_standards: bool,
    target: Target,
}

/// A configuration as it was found.
struct Text {
    /// The name as shown.
    name: String,
    /// Canonical.
    folder: PathBuf,
    bytes: Vec<u8>,
}

impl Settings {
    /// The same, with the files of kustomizations judged as they are written instead of rendered: what is rendered does not
    /// change with an edit that is not on the disk yet.
    pub(crate) fn without_overlays(mut self) -> Settings {
        self.rendering.as_written = true;
        self
    }

    /// Reads the configuration that belongs to `paths`.
    pub(crate) fn read(
        options: &ScanOptions,
        paths: &[PathBuf],
    ) -> Result<Settings, Box<dyn Error>> {
        let first = paths.first().map_or(Path::new("."), PathBuf::as_path);
        let revision = match &options.waivers_from {
            Some(name) => Some(open(name, first)?),
            None => None,
        };
        let text = find(options.config.as_deref(), first, revision.as_ref())?;
        Settings::of(options, paths, revision, text)
    }

    /// Reads the configuration that belonged to the paths that were laid out.
    pub(super) fn read_exported(
        options: &ScanOptions,
        exported: &Exported,
    ) -> Result<Settings, Box<dyn Error>> {
        let paths = exported.paths.as_slice();
        let named = options.config.as_deref();
        let then = named.map(|path| exported.here(path).unwrap_or_else(|| path.to_owned()));
        let first = paths.first().map_or(Path::new("."), PathBuf::as_path);
        let mut text = find(then.as_deref(), first, None)?;
        if let Some(text) = &mut text {
            // Findings about the configuration carry its name, which has to be the one that it has today.
            text.name = match named {
                Some(path) => path.display().to_string(),
                None => seen_from_here(&exported.origin(&text.folder.join(CONFIGURATION))),
            };
            text.folder = exported.here(&text.folder).unwrap_or(text.folder.clone());
        }
        Settings::of(options, paths, None, text)
    }

    fn of(
        options: &ScanOptions,
        paths: &[PathBuf],
        revision: Option<Revision>,
        text: Option<Text>,
    ) -> Result<Settings, Box<dyn Error>> {
        let own_rules = OwnRules::read(&options.policies)?;
        let controls: Vec<&'static Control> = all(&own_rules).collect();
        let mut configuration = Configuration::default();
        let mut exclusions = None;
        let mut all_scanned = true;
        let mut folder = PathBuf::new();
        if let Some(text) = text {
            let name = &text.name;
            let content = decode(text.bytes).map_err(|error| format!("{name}: {error}"))?;
            configuration = Configuration::read(name, &content, &controls)?;
            all_scanned = holds_all_of(paths, &text.folder);
            let excluded = Exclusions::new(text.folder.clone(), &configuration.exclude);
            exclusions = Some(excluded.map_err(|error| format!("{name}: exclude: {error}"))?);
            folder = text.folder;
        }
        let version = options.kubernetes_version.or(configuration.version);
        let version_was_said = version.is_some();
        let version = version.unwrap_or(Minor::NEWEST);
        Ok(Settings {
            fail_on: match (options.fail_on, configuration.fail_on) {
                (Some(asked), _) => asked.least(),
                (None, Some(configured)) => configured,
                (None, None) => FailOn::default().least(),
            },
            revision,
            exclusions,
            own_rules,
            rendering: Rendering::new(
                &options.rendering,
                &version.to_string(),
                paths,
                (&folder, &configuration.charts),
            )?,
            allow_gaps: options.allow_gaps,
            profile: options
                .profile
                .or(configuration.profile)
                .unwrap_or(Profile::DEFAULT),
            all_scanned,
            target: Target {
                trusted_registries: configuration.trusted_registries.clone(),
                today: Some(options.today.unwrap_or_else(today)),
                complete: options.complete,
                ..Target::new(version)
            },
            version_was_said,
            by_standards: false,
            configuration,
        })
    }

    /// The scan that is asked for.
    pub(crate) fn scan(&self) -> Scan {
        let waivers = ConfiguredWaivers {
            waivers: self.configuration.waivers.clone(),
            all_scanned: self.all_scanned,
        };
        if self.by_standards {
            // Pod Security admission knows neither waivers nor what somebody turned off.
            let standards = plimsoll_catalog::all().filter(|control| !control.head.pss.is_empty());
            return Scan::new(standards, self.target.clone()).ignoring_pins();
        }
        Scan::new(self.controls(), self.target.clone())
            .without(&self.configuration.off)
            .with_waivers(waivers)
            .with_profile(self.profile)
    }

    /// The same, judging only what Pod Security admission would refuse, by the target's version.
    pub(crate) fn by_standards(mut self) -> Settings {
        self.by_standards = true;
        self
    }

    /// The registries that the configuration trusts.
    pub(crate) fn trusted_registries(&self) -> &[String] {
        &self.target.trusted_registries
    }

    /// Every control: those of the catalogue, and users' own rules.
    pub(crate) fn controls(&self) -> impl Iterator<Item = &'static Control> {
        all(&self.own_rules)
    }

    /// What is judged against.
    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    /// The settings for a cluster: its version, unless somebody said another, and whether it is there as a whole.
    pub(crate) fn for_cluster(mut self, version: Option<Minor>, complete: bool) -> Settings {
        if !self.version_was_said {
            self.target.version = version.unwrap_or(self.target.version);
        }
        self.target.complete |= complete;
        self
    }

    /// The version of Kubernetes that is meant.
    pub(crate) fn version(&self) -> Minor {
        self.target.version
    }

    /// The date at which waivers are judged.
    pub(crate) fn today(&self) -> Option<Date> {
        self.target.today
    }

    /// The waivers of the configuration that count today.
    pub(crate) fn waivers_in_force(&self) -> impl Iterator<Item = &Waiver> {
        let today = self.target.today;
        let over = move |waiver: &Waiver| matches!((waiver.expires, today), (Some(last), Some(today)) if last < today);
        let waivers = self.configuration.waivers.iter();
        waivers.filter(move |waiver| {
            waiver.fault.is_none() && !waiver.reason.is_empty() && !over(waiver)
        })
    }

    /// Is there a gap that is not allowed?
    pub(crate) fn is_unsure(&self, report: &Report) -> bool {
        let allowed = |reason: &GapReason| {
            self.allow_gaps || self.configuration.allowed_gaps.contains(reason)
        };
        !report.gaps.iter().all(|gap| allowed(&gap.reason))
    }

    /// 2 wins over 1: who could not look everywhere cannot say how bad it is.
    pub(super) fn exit(&self, report: &Report) -> Exit {
        let fails = |least| {
            let mut findings = report.findings.iter();
            findings.any(|reported| reported.finding.severity >= least)
        };
        if self.is_unsure(report) {
            Exit::Unsure
        } else if self.fail_on.is_some_and(fails) {
            Exit::Findings
        } else {
            Exit::Fine
        }
    }
}

fn all(own_rules: &OwnRules) -> impl Iterator<Item = &'static Control> {
    let own = own_rules.policies.controls.iter().copied();
    plimsoll_catalog::all().chain(own)
}

/// A revision of the repository in which a path lies.
pub(super) fn open(name: &str, first: &Path) -> Result<Revision, Box<dyn Error>> {
    let folders = configuration_folders(first);
    let folder = folders.first().map_or(Path::new("."), PathBuf::as_path);
    Ok(Revision::open(name, folder)?)
}

/// The configuration that was named, or the nearest one; `None` when there is none.
fn find(
    named: Option<&Path>,
    first: &Path,
    revision: Option<&Revision>,
) -> Result<Option<Text>, Box<dyn Error>> {
    if let Some(path) = named {
        let bytes = bytes_of(path, revision)?;
        let bytes = bytes.ok_or_else(|| {
            format!(
                "there is no configuration {}: check the path",
                path.display()
            )
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        return Ok(Some(Text {
            name: named_in(revision, &path.display().to_string()),
            folder: Path::new(".").join(folder).canonicalize()?,
            bytes,
        }));
    }
    for folder in configuration_folders(first) {
        let path = folder.join(CONFIGURATION);
        if let Some(bytes) = bytes_of(&path, revision)? {
            let name = named_in(revision, &seen_from_here(&path));
            return Ok(Some(Text {
                name,
                folder,
                bytes,
            }));
        }
    }
    Ok(None)
}

/// As git writes it: `main:plimsoll.yaml`.
fn named_in(revision: Option<&Revision>, name: &str) -> String {
    revision.map_or_else(
        || name.to_owned(),
        |revision| format!("{}:{name}", revision.name()),
    )
}

fn bytes_of(path: &Path, revision: Option<&Revision>) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
    match revision {
        Some(revision) => Ok(revision.read(path)?),
        None if fs::symlink_metadata(path).is_err() => Ok(None),
        None => {
            let read = fs::read(path).map(Some);
            read.map_err(|error| format!("{} cannot be read: {error}", seen_from_here(path)).into())
        }
    }
}

/// Today's date in UTC.
pub(crate) fn today() -> Date {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Date::from_days(since.map_or(0, |since| since.as_secs() / (24 * 60 * 60)))
}
