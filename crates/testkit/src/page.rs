//! Runs a page: its form, every example at every version it is meant for, and every example in other carriers,
//! container kinds and styles. Says all that is wrong, in sentences that name page, block, version and place.

use std::collections::BTreeMap;

use plimsoll_control::Control;
use plimsoll_snapshot::version::Minor;

use crate::block::{Block, Shown, Variant};
use crate::markdown::Markdown;
use crate::outcome::{Judging, audits, judge};
use crate::{carriers, restyle, rewrite};

/// What was run for a page that passed.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct PageReport {
    /// Examples on the page.
    pub blocks: usize,
    /// Scans of examples as they stand, one for each version.
    pub examples: usize,
    /// Scans of examples in another carrier, container kind or style.
    pub variants: usize,
}

/// Runs the page of `control`. `controls` are all that exist; only `control` is scanned with.
///
/// # Errors
/// Everything that is wrong with the page or with the control's verdicts on it.
pub fn check(
    controls: &[&'static Control],
    control: &'static Control,
) -> Result<PageReport, Vec<String>> {
    let named = |complaint: String| format!("{}.md, {complaint}", control.head.id);
    let markdown = Markdown::new(control.head.page.text());
    let mut complaints = markdown.complaints(&control.head);
    let (blocks, unread) = blocks(&markdown, controls, control);
    complaints.extend(unread);
    for (sort, marked) in [("bad", true), ("good", false)] {
        if !blocks.iter().any(|block| block.marks.is_empty() != marked) {
            complaints.push(format!("there is no {sort} block"));
        }
    }
    let mut report = PageReport {
        blocks: blocks.len(),
        examples: 0,
        variants: 0,
    };
    let with_variants = complaints.is_empty();
    for block in &blocks {
        let run = Run {
            control,
            controls,
            block,
        };
        complaints.extend(run.complaints(with_variants, &mut report));
    }
    if complaints.is_empty() {
        Ok(report)
    } else {
        Err(complaints.into_iter().map(named).collect())
    }
}

/// The examples that can be read, and what is wrong with the others.
pub(crate) fn blocks(
    markdown: &Markdown,
    controls: &[&'static Control],
    control: &Control,
) -> (Vec<Block>, Vec<String>) {
    let (mut blocks, mut complaints) = (Vec::new(), Vec::new());
    let examples = markdown.fences.iter().filter(|fence| fence.info != "yaml");
    for (number, fence) in (1..).zip(examples) {
        if let Some(shown) = Shown::read(fence) {
            let last = blocks.last_mut();
            match last.filter(|block: &&mut Block| !block.marks.is_empty()) {
                Some(block) => block.shown.push(shown),
                None => complaints.push(format!(
                    "line {}: `{}` does not stand behind a bad block",
                    fence.line, fence.info
                )),
            }
            continue;
        }
        match Block::read(fence, number, control, controls) {
            Ok(block) => blocks.push(block),
            Err(wrong) => complaints.extend(wrong),
        }
    }
    (blocks, complaints)
}

/// One block of one control's page.
struct Run<'b> {
    control: &'static Control,
    controls: &'b [&'static Control],
    block: &'b Block,
}

/// A block in all other carriers, container kinds and styles.
pub(crate) fn variants(block: &Block) -> Vec<Variant> {
    let variants = [
        carriers::variants(block),
        restyle::variants(block),
        rewrite::variants(block),
    ];
    variants.into_iter().flatten().collect()
}

/// More complaints about one block than this only hide the first ones.
const ENOUGH: usize = 10;

/// Sentences with the versions at which they are true.
type Complaints = BTreeMap<String, Vec<Minor>>;

impl Run<'_> {
    /// Variants of an example wait until it is right as it stands, and the page's form too.
    fn complaints(&self, with_variants: bool, report: &mut PageReport) -> Vec<String> {
        let mut complaints = Complaints::new();
        let example = Variant {
            name: "as it stands".to_owned(),
            text: self.block.example.text(),
            expected: self.block.expected(),
        };
        for version in &self.block.versions {
            self.run(&example, *version, &mut complaints);
            report.examples += 1;
        }
        // Waivers are comments and annotations, which the variants do not keep.
        if with_variants && complaints.is_empty() && !audits(self.control) {
            let versions = self.telling_versions();
            for variant in &variants(self.block) {
                for version in &versions {
                    self.run(variant, *version, &mut complaints);
                    report.variants += 1;
                }
            }
        }
        let sentence = |(text, versions): (String, Vec<Minor>)| {
            format!("{} at {}: {text}", self.block.name, shown(&versions))
        };
        let rest = complaints.len().saturating_sub(ENOUGH);
        let mut sentences: Vec<String> = complaints.into_iter().map(sentence).collect();
        if rest > 1 {
            sentences.truncate(ENOUGH);
            sentences.push(format!(
                "{}: {rest} more complaints like these",
                self.block.name
            ));
        }
        sentences
    }

    fn run(&self, variant: &Variant, version: Minor, complaints: &mut Complaints) {
        let judging = Judging {
            control: self.control,
            others: self.controls,
        };
        let outcome = judge(&judging, &variant.text, self.block.target(version));
        for difference in outcome.differences(&variant.expected) {
            let sentence = format!("{}: {difference}", variant.name);
            complaints.entry(sentence).or_default().push(version);
        }
    }

    /// The first and last version of the block, and each at which the control changes: form does not depend on more.
    fn telling_versions(&self) -> Vec<Minor> {
        let versions = &self.block.versions;
        let revisions = self.control.revisions.iter();
        let changes: Vec<Minor> = revisions.map(|revision| revision.since).collect();
        let ends = [versions.first(), versions.last()];
        let telling = |version: &&Minor| changes.contains(version) || ends.contains(&Some(version));
        versions.iter().filter(telling).copied().collect()
    }
}

fn shown(versions: &[Minor]) -> String {
    match versions {
        [one] => format!("Kubernetes {one}"),
        [first, .., last] => format!("Kubernetes {first} to {last}"),
        [] => "no version".to_owned(),
    }
}
