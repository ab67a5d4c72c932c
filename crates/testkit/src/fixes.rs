//! Fixes what a page shows as bad, as it stands and in every other carrier, container kind and style: the findings are gone
//! or refused with a reason, nothing else newly fails, the text still parses, and a second fix changes nothing. Where the page
//! shows the fixed text, it is met byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;

use plimsoll_control::{Control, Extent, Finding};
use plimsoll_fix::{Bench, Fate, Fixes, Texts, Wanted, fix};
use plimsoll_scan::{Report, Scan, SourceText};
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;

use crate::block::{Block, Variant};
use crate::carriers;
use crate::markdown::Markdown;
use crate::outcome::audits;
use crate::page::{blocks, variants};

/// What was fixed on a page that passed.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct FixReport {
    /// Texts that were fixed, counting each option.
    pub texts: usize,
    /// Findings that are gone.
    pub fixed: usize,
    /// Findings that are not, by the reason.
    pub refused: BTreeMap<String, usize>,
}

/// The name of every text.
const FILE: &str = "example.yaml";

/// Fixes every bad block of the page of `control`. `controls` are all that exist; none of them may newly fail.
///
/// # Errors
/// Everything that is wrong with the fixes.
pub fn check(
    controls: &[&'static Control],
    control: &'static Control,
) -> Result<FixReport, Vec<String>> {
    let mut report = FixReport::default();
    if control.head.fix.remedies().is_empty() || audits(control) {
        return Ok(report);
    }
    let (blocks, mut complaints) =
        blocks(&Markdown::new(control.head.page.text()), controls, control);
    for block in blocks.iter().filter(|block| !block.marks.is_empty()) {
        let lab = Lab {
            control,
            controls,
            block,
        };
        let named =
            |complaint: String| format!("{}.md, {}: {complaint}", control.head.id, block.name);
        complaints.extend(lab.complaints(&mut report).into_iter().map(named));
    }
    if complaints.is_empty() {
        Ok(report)
    } else {
        Err(complaints)
    }
}

/// A bad example of a page and what a fix makes of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fixed {
    /// As a sample's.
    pub name: String,
    /// The example.
    pub before: String,
    /// What it becomes; every remedy gives one.
    pub after: String,
}

/// The bad examples of the page of `control` that are meant for `version`, as they stand and in all carriers, with what each
/// remedy makes of them. Leaves out what no remedy changes.
pub fn fixed_examples(
    controls: &[&'static Control],
    control: &'static Control,
    version: Minor,
) -> Vec<Fixed> {
    let (blocks, _) = blocks(&Markdown::new(control.head.page.text()), controls, control);
    let meant = |block: &&Block| block.versions.contains(&version) && !block.marks.is_empty();
    let mut all = Vec::new();
    for block in blocks.iter().filter(meant) {
        let lab = Lab {
            control,
            controls,
            block,
        };
        let target = block.target(version);
        let carried = carriers::variants(block).into_iter();
        let carried = carried.map(|variant| (variant.name, variant.text));
        let plain = ("as it stands".to_owned(), block.unmarked());
        for (name, before) in [plain].into_iter().chain(carried) {
            for remedy in control.head.fix.remedies() {
                let after = lab.fixed(&before, remedy.extent, &target).text;
                let name = format!("{}, {name}, {}", block.name, remedy.extent.as_str());
                let before = before.clone();
                all.extend((before != after).then_some(Fixed {
                    name,
                    before,
                    after,
                }));
            }
        }
    }
    all
}

struct Lab<'b> {
    control: &'static Control,
    controls: &'b [&'static Control],
    block: &'b Block,
}

impl Lab<'_> {
    fn complaints(&self, report: &mut FixReport) -> Vec<String> {
        let mut complaints = Vec::new();
        let Some(version) = self.block.versions.last() else {
            return complaints;
        };
        let target = self.block.target(*version);
        let plain = Variant {
            name: "as it stands".to_owned(),
            text: self.block.unmarked(),
            expected: self.block.expected(),
        };
        let shown = self.fixed(&plain.text, Extent::Recommended, &target);
        if let Some(wanted) = &self.block.fixed
            && shown.text != wanted.text()
        {
            let (wanted, made) = (wanted.text(), &shown.text);
            complaints.push(format!(
                "the page shows\n{wanted}\nand the fix makes\n{made}"
            ));
        }
        let remedies = self.control.head.fix.remedies().iter();
        for extent in remedies.map(|remedy| remedy.extent) {
            for variant in [&plain].into_iter().chain(&variants(self.block)) {
                let wrong = self.variant(variant, extent, &target, report);
                let named = |wrong| format!("{} ({}): {wrong}", variant.name, extent.as_str());
                complaints.extend(wrong.map(named));
            }
        }
        complaints
    }

    /// What is wrong with the fix of one text.
    fn variant(
        &self,
        variant: &Variant,
        extent: Extent,
        target: &Target,
        report: &mut FixReport,
    ) -> Option<String> {
        let first = self.fixed(&variant.text, extent, target);
        report.texts += 1;
        for outcome in &first.fixes.outcomes {
            match &outcome.fate {
                Fate::Fixed => report.fixed += 1,
                Fate::Refused(reason) if reason.is_empty() => {
                    return Some("a refusal without a reason".to_owned());
                }
                Fate::Refused(reason) => {
                    *report.refused.entry(reason.clone()).or_default() += 1;
                }
                Fate::NeedsReview(_) | Fate::NoFix(_) => {}
            }
        }
        let left = first.fixes.outcomes.iter();
        let left = left.filter(|outcome| outcome.fate != Fate::Fixed).count();
        let before = self.scan(&variant.text, target);
        let after = self.scan(&first.text, target);
        let mine = |finding: &&Finding| finding.control.id == self.control.head.id;
        let found = findings(&after).filter(mine).count();
        if found != left {
            return Some(format!(
                "{found} findings are left, {left} were told:\n{}",
                first.text
            ));
        }
        let new: BTreeSet<String> = names(&after).difference(&names(&before)).cloned().collect();
        if !new.is_empty() {
            return Some(format!("the fix causes {new:?}:\n{}", first.text));
        }
        if after.gaps.len() > before.gaps.len() {
            return Some(format!("the fix causes a gap:\n{}", first.text));
        }
        let second = self.fixed(&first.text, extent, target);
        if second.text != first.text {
            return Some(format!(
                "a second fix changes\n{}\nto\n{}",
                first.text, second.text
            ));
        }
        None
    }

    fn scan(&self, text: &str, target: &Target) -> Report {
        scan(self.controls, text, target)
    }

    fn fixed(&self, text: &str, extent: Extent, target: &Target) -> Made {
        let mine = |finding: &Finding| finding.control.id == self.control.head.id;
        fixed(self.controls, text, extent, target, &mine)
    }
}

/// Judges a text by itself.
pub(crate) fn scan(controls: &[&'static Control], text: &str, target: &Target) -> Report {
    let source = SourceText {
        name: FILE.into(),
        unit: "example".into(),
        text,
        provenance: plimsoll_snapshot::provenance::Provenance::Written,
    };
    let scan = Scan::new(controls.iter().copied(), target.clone());
    let first = vec![scan.judge(&source)];
    match scan.repinned(&first) {
        Some(pinned) => pinned.report(vec![pinned.judge(&source)], Vec::new(), Vec::new()),
        None => scan.report(first, Vec::new(), Vec::new()),
    }
}

/// Fixes what is asked for in a text by itself.
pub(crate) fn fixed(
    controls: &[&'static Control],
    text: &str,
    extent: Extent,
    target: &Target,
    asks: &dyn Fn(&Finding) -> bool,
) -> Made {
    let wanted = Wanted {
        safe_only: false,
        extent,
        asks,
    };
    let current = |texts: &Texts| {
        let text = texts.get(FILE).map_or(text, String::as_str);
        Ok::<_, Infallible>(scan(controls, text, target))
    };
    let bench = Bench {
        read: &|_: &Arc<str>| Ok(text.to_owned()),
        rescan: &current,
        target,
        companion: &|_| Err("a page has no folder for a new file".to_owned()),
    };
    let Ok(fixes) = fix(&scan(controls, text, target), &wanted, &bench);
    let changed = fixes.files.get(FILE);
    Made {
        text: changed.map_or(text, |changed| &changed.new).to_owned(),
        fixes,
    }
}

/// A text after its fix.
pub(crate) struct Made {
    pub(crate) text: String,
    pub(crate) fixes: Fixes,
}

fn findings(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().map(|reported| &*reported.finding)
}

/// The findings of all controls, as fingerprints know them.
fn names(report: &Report) -> BTreeSet<String> {
    let reported = report.findings.iter();
    let name =
        |it: &plimsoll_scan::Reported| format!("{} {}", it.finding.control.id, it.fingerprint);
    reported.map(name).collect()
}
