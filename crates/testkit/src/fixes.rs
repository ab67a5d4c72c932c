//! Fixes what a page shows as bad, as it stands and in every other carrier, container kind and style: the findings are gone
//! or refused with a reason, nothing else newly fails, the text still parses, and a second fix changes nothing. Every page shows some
//! of what its fixes make, the changed text or the new file, and is met byte for byte.

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
    if blocks.iter().all(|block| block.shown.is_empty()) {
        let wanted =
            "no bad block is followed by what the fix makes of it, `yaml fixed` or `yaml new FILE`";
        complaints.push(format!("{}.md: {wanted}", control.head.id));
    }
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
                let made = lab.fixed(&alone(&before), remedy.extent, &target);
                let after = made.text().to_owned();
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
        for extent in Extent::ALL {
            complaints.extend(self.unlike_the_page(&plain.text, extent, &target));
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

    /// How what the fix makes of the example differs from what the page shows, if it shows anything of this extent.
    fn unlike_the_page(&self, example: &str, extent: Extent, target: &Target) -> Vec<String> {
        let shown = self.block.shown.iter();
        let shown: BTreeMap<&str, &str> = shown
            .filter(|shown| shown.extent == extent)
            .map(|shown| (shown.file.as_deref().unwrap_or(FILE), shown.text.as_str()))
            .collect();
        if shown.is_empty() {
            return Vec::new();
        }
        let made = self.fixed(&alone(example), extent, target).texts;
        let wanted = |name: &Arc<str>, text: &String| match shown.get(&**name) {
            Some(wanted) => *wanted != text,
            None => name.as_ref() != FILE,
        };
        let wrong = made.iter().filter(|(name, text)| wanted(name, text));
        let mut wrong: Vec<String> = wrong
            .map(|(name, text)| {
                format!("{name}: the page does not show that the fix makes\n{text}")
            })
            .collect();
        let never = shown.keys().filter(|name| !made.contains_key(**name));
        wrong.extend(never.map(|name| format!("the fix does not make {name}")));
        wrong
    }

    /// What is wrong with the fix of one text.
    fn variant(
        &self,
        variant: &Variant,
        extent: Extent,
        target: &Target,
        report: &mut FixReport,
    ) -> Option<String> {
        let old = alone(&variant.text);
        let first = self.fixed(&old, extent, target);
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
        let before = self.scan(&old, target);
        let after = self.scan(&first.texts, target);
        let mine = |finding: &&Finding| finding.control.id == self.control.head.id;
        let found = findings(&after).filter(mine).count();
        if found != left {
            return Some(format!(
                "{found} findings are left, {left} were told:\n{}",
                first.shown()
            ));
        }
        let new: BTreeSet<String> = names(&after).difference(&names(&before)).cloned().collect();
        if !new.is_empty() {
            return Some(format!("the fix causes {new:?}:\n{}", first.shown()));
        }
        if after.gaps.len() > before.gaps.len() {
            return Some(format!("the fix causes a gap:\n{}", first.shown()));
        }
        let second = self.fixed(&first.texts, extent, target);
        if second.texts != first.texts {
            return Some(format!(
                "a second fix changes\n{}\nto\n{}",
                first.shown(),
                second.shown()
            ));
        }
        None
    }

    fn scan(&self, texts: &Texts, target: &Target) -> Report {
        scan(self.controls, texts, target)
    }

    fn fixed(&self, texts: &Texts, extent: Extent, target: &Target) -> Made {
        let mine = |finding: &Finding| finding.control.id == self.control.head.id;
        fixed(self.controls, texts, extent, target, &mine)
    }
}

/// A text with nothing beside it.
pub(crate) fn alone(text: &str) -> Texts {
    Texts::from([(FILE.into(), text.to_owned())])
}

/// Judges texts as the files of one folder.
pub(crate) fn scan(controls: &[&'static Control], texts: &Texts, target: &Target) -> Report {
    let scan = Scan::new(controls.iter().copied(), target.clone());
    let judged = |scan: &Scan| {
        let sources = texts.iter().map(|(name, text)| SourceText {
            name: name.clone(),
            unit: "example".into(),
            text,
            provenance: plimsoll_snapshot::provenance::Provenance::Written,
        });
        sources
            .map(|source| scan.judge(&source))
            .collect::<Vec<_>>()
    };
    let first = judged(&scan);
    match scan.repinned(&first) {
        Some(pinned) => pinned.report(judged(&pinned), Vec::new(), Vec::new()),
        None => scan.report(first, Vec::new(), Vec::new()),
    }
}

/// Fixes what is asked for in texts, the files of one folder.
pub(crate) fn fixed(
    controls: &[&'static Control],
    texts: &Texts,
    extent: Extent,
    target: &Target,
    asks: &dyn Fn(&Finding) -> bool,
) -> Made {
    let wanted = Wanted {
        safe_only: false,
        extent,
        asks,
    };
    let with = |changed: &Texts| {
        let mut all = texts.clone();
        all.extend(
            changed
                .iter()
                .map(|(name, text)| (name.clone(), text.clone())),
        );
        all
    };
    let vacant = |_: &Arc<str>, own: &str| match texts.contains_key(own) {
        true => Err(format!("{own} is there already")),
        false => Ok(own.into()),
    };
    let bench = Bench {
        read: &|name: &Arc<str>| texts.get(name).cloned().ok_or("it is not there".to_owned()),
        rescan: &|changed| Ok::<_, Infallible>(scan(controls, &with(changed), target)),
        target,
        vacant: &vacant,
        near: &|_| texts.clone(),
    };
    let Ok(fixes) = fix(&scan(controls, texts, target), &wanted, &bench);
    let changed = fixes.files.iter();
    let changed = changed.map(|(name, changed)| (name.clone(), changed.new.clone()));
    Made {
        texts: with(&changed.collect()),
        fixes,
    }
}

/// Texts after their fix.
pub(crate) struct Made {
    pub(crate) texts: Texts,
    pub(crate) fixes: Fixes,
}

impl Made {
    /// The example.
    pub(crate) fn text(&self) -> &str {
        self.texts.get(FILE).map_or("", String::as_str)
    }

    /// All texts, each below its name where there are several.
    fn shown(&self) -> String {
        let shown = self.texts.iter();
        shown
            .map(|(name, text)| format!("# {name}\n{text}"))
            .collect()
    }
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
