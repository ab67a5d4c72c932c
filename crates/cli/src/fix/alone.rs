//! Edits for each finding by itself, for formats that carry them. What cannot be written to (standard input, members of an
//! archive) gets none.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use plimsoll_control::{Control, Extent, Finding};
use plimsoll_fix::{Texts, Wanted, alone};
use plimsoll_gather::{Found, RevisionError};
use plimsoll_render::{Catalogue, Edits, Record, SARIF};
use plimsoll_scan::Report;

use super::Shop;
use crate::arguments::FixOptions;
use crate::scan::Settings;
use crate::scan::remembered::Remembered;

/// The recommended edits for what a scan of these files finds. Kustomizations are left as they are written, as `fix` does it.
pub(crate) fn edits(
    settings: &Settings,
    paths: &[PathBuf],
    found: Found,
) -> Result<Edits, RevisionError> {
    let shop = Shop::new(settings, paths, found, Remembered::some());
    let before = shop.scan(&Texts::new())?;
    let wanted = Wanted {
        safe_only: false,
        extent: Extent::Recommended,
        asks: &|_| true,
    };
    shop.alone(&before, &wanted)
}

impl Shop<'_> {
    fn alone(&self, before: &Report, wanted: &Wanted<'_>) -> Result<Edits, RevisionError> {
        let planned = self.on_bench(&|name| self.writable(name), |bench| {
            alone(before, wanted, bench)
        })?;
        Ok(Edits::of(before, planned))
    }

    fn writable(&self, name: &Arc<str>) -> Result<String, String> {
        match self.files.get(name).is_some_and(|file| file.is_stream()) {
            true => Err("there is no file to write to".to_owned()),
            false => self.text(name),
        }
    }

    /// The findings that are asked for, each with its edits, as SARIF.
    pub(super) fn sarif(
        &self,
        options: &FixOptions,
        before: &Report,
        asks: &dyn Fn(&Finding) -> bool,
    ) -> Result<Vec<u8>, Box<dyn Error>> {
        let edits = self.alone(before, &options.wanted(asks))?;
        let mut asked = before.clone();
        asked.findings.retain(|reported| asks(&reported.finding));
        let record = Record::of(&asked).with_edits(&edits);
        let controls: Vec<&'static Control> = plimsoll_catalog::all().collect();
        let mut log = Vec::new();
        SARIF.write_record(&record, Catalogue(&controls), &mut log)?;
        Ok(log)
    }
}
