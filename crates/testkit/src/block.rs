//! A `bad` or `good` block of a page: its attributes, its markers and its example. Reads; never scans.

use std::collections::BTreeSet;

use plimsoll_control::{Control, Extent, Severity};
use plimsoll_scan::GapReason;
use plimsoll_snapshot::date::Date;
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;
use plimsoll_yaml::Path;

use crate::carriers;
use crate::example::Example;
use crate::markdown::Fence;
use crate::outcome::{Expected, Verdict};

/// What introduces a marker at the end of a line.
const MARK: &str = "# ! ";

/// One finding that a page promises.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Mark {
    /// The document within the example, from 0.
    pub(crate) document: usize,
    /// The line within that document, from 1; `None` where that is left open.
    pub(crate) line: Option<u32>,
    /// The finding's path.
    pub(crate) path: Path,
    /// The finding's severity.
    pub(crate) severity: Severity,
}

/// An example with what the page says about it.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// "block 2 (bad, line 34)".
    pub(crate) name: String,
    /// The target versions for which it is meant, oldest first.
    pub(crate) versions: Vec<Minor>,
    /// Prefixes of the registries that the target trusts.
    pub(crate) trusts: Vec<String>,
    /// The documents.
    pub(crate) example: Example,
    /// The findings.
    pub(crate) marks: Vec<Mark>,
    /// The reasons of the gaps that it must give.
    pub(crate) gaps: BTreeSet<&'static str>,
    /// The date for which it is meant.
    pub(crate) today: Option<Date>,
    /// What fixes make of it, where the page shows that.
    pub(crate) shown: Vec<Shown>,
    /// Is it everything that the cluster holds?
    pub(crate) complete: bool,
}

/// A text that the page shows behind a bad block: what a fix makes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Shown {
    /// How far the fix goes.
    pub(crate) extent: Extent,
    /// The name of the file that it makes; `None` where it changes the example.
    pub(crate) file: Option<String>,
    /// All of it.
    pub(crate) text: String,
}

impl Shown {
    /// Reads `yaml fixed`, `yaml fixed strict`, `yaml new FILE` or `yaml new FILE strict`. `None`: the fence is something else.
    pub(crate) fn read(fence: &Fence) -> Option<Shown> {
        let mut words = fence.info.split_whitespace().skip(1);
        let (file, text) = match words.next()? {
            "fixed" => (None, Example::read(&fence.text, true).text()),
            "new" => (Some(words.next()?.to_owned()), fence.text.clone()),
            _ => return None,
        };
        let extent = match words.next() {
            None => Extent::Recommended,
            Some(word) => Extent::ALL.into_iter().find(|it| it.as_str() == word)?,
        };
        Some(Shown { extent, file, text })
    }
}

impl Block {
    /// Reads a fenced block. `number` counts the page's examples from 1.
    ///
    /// # Errors
    /// What is wrong with its attributes or markers, in sentences that name the block.
    pub(crate) fn read(
        fence: &Fence,
        number: usize,
        control: &Control,
        others: &[&'static Control],
    ) -> Result<Block, Vec<String>> {
        let mut words = fence.info.split_whitespace().skip(1);
        let verdict = words.next().unwrap_or_default();
        let name = format!("block {number} ({verdict}, line {})", fence.line);
        let named = |text: String| format!("{name}: {text}");
        let attributes = Attributes::read(words, control).map_err(|text| vec![named(text)])?;
        let example = Example::read(&fence.text, !attributes.gaps.contains("incomplete"));
        let reader = MarkReader { control, others };
        let (marks, mut complaints) = reader.all(&example);
        match (verdict, marks.is_empty()) {
            ("bad", false) | ("good", true) => {}
            ("bad", true) => complaints.push("a bad block needs at least one marker".to_owned()),
            ("good", false) => complaints.push("a good block must have no marker".to_owned()),
            _ => complaints.push(format!(
                "`{}` is neither `yaml bad` nor `yaml good`",
                fence.info
            )),
        }
        if !complaints.is_empty() {
            return Err(complaints.into_iter().map(named).collect());
        }
        Ok(Block {
            name,
            versions: attributes.versions,
            trusts: attributes.trusts,
            example,
            marks,
            gaps: attributes.gaps,
            today: attributes.today,
            shown: Vec::new(),
            complete: attributes.complete,
        })
    }

    /// The example without its markers, as a fix is to find it.
    pub(crate) fn unmarked(&self) -> String {
        let text = self.example.text();
        let lines = text.lines().map(|line| match line.split_once(MARK) {
            Some((code, _)) => code.trim_end(),
            None => line,
        });
        lines.flat_map(|line| [line, "\n"]).collect()
    }

    /// The target at a version. Who trusts any registry trusts the image of the container that variants add.
    pub(crate) fn target(&self, version: Minor) -> Target {
        let mut target = Target::new(version);
        target.today = self.today;
        target.complete = self.complete;
        target.trusted_registries = self.trusts.clone();
        if !self.trusts.is_empty() {
            target
                .trusted_registries
                .push(carriers::SPOTLESS.to_owned());
        }
        target
    }

    /// What the example must give as the page has it.
    pub(crate) fn expected(&self) -> Expected {
        self.expected_of(&self.example, &self.marks)
    }

    /// What another text of the same documents must give, each mark having been moved to where it is there.
    pub(crate) fn expected_of(&self, example: &Example, marks: &[Mark]) -> Expected {
        let verdicts = marks.iter().map(|mark| Verdict {
            document: number(mark.document),
            line: mark
                .line
                .map(|line| example.first_line(mark.document) + line - 1),
            path: mark.path.clone(),
            severity: mark.severity,
        });
        Expected {
            verdicts: verdicts.collect(),
            gaps: self.gaps.clone(),
        }
    }

    /// The variant that is this other text of the same documents.
    pub(crate) fn variant(&self, name: &str, example: &Example, marks: &[Mark]) -> Variant {
        Variant {
            name: name.to_owned(),
            text: example.text(),
            expected: self.expected_of(example, marks),
        }
    }

    /// Is the point of the example in its values, so that they may be moved to other places?
    pub(crate) fn is_about_values(&self) -> bool {
        self.gaps.iter().all(|reason| *reason == "malformed")
    }
}

/// A document's number, from 1, by its index.
fn number(document: usize) -> u32 {
    u32::try_from(document + 1).unwrap_or(u32::MAX)
}

/// The example in another form, and what that must give.
pub(crate) struct Variant {
    /// "as Deployment with init containers", "as compact JSON".
    pub(crate) name: String,
    /// The whole text.
    pub(crate) text: String,
    /// What it must give.
    pub(crate) expected: Expected,
}

struct Attributes {
    versions: Vec<Minor>,
    trusts: Vec<String>,
    gaps: BTreeSet<&'static str>,
    today: Option<Date>,
    complete: bool,
}

impl Attributes {
    fn read<'w>(words: impl Iterator<Item = &'w str>, control: &Control) -> Result<Self, String> {
        let first = control
            .revisions
            .first()
            .map_or(0, |revision| revision.since.0);
        let mut attributes = Attributes {
            versions: between(Minor(first), Minor::NEWEST),
            trusts: Vec::new(),
            gaps: BTreeSet::new(),
            today: None,
            complete: false,
        };
        for word in words {
            match word.split_once('=') {
                Some(("kubernetes", range)) => attributes.versions = versions(range)?,
                Some(("trusts", list)) => {
                    attributes.trusts = list.split(',').map(str::to_owned).collect();
                }
                Some(("today", date)) => {
                    let date = date.parse::<Date>().map_err(|error| error.to_string())?;
                    attributes.today = Some(date);
                }
                None if word == "complete" => attributes.complete = true,
                Some(("gap", reason)) => {
                    let mut reasons = GapReason::ALL.into_iter().map(GapReason::as_str);
                    let known = reasons.find(|known| *known == reason);
                    let known =
                        known.ok_or_else(|| format!("there is no gap reason `{reason}`"))?;
                    attributes.gaps.insert(known);
                }
                _ => {
                    return Err(format!(
                        "`{word}` is no attribute; there are kubernetes=…, trusts=…, today=…, gap=… and complete"
                    ));
                }
            }
        }
        Ok(attributes)
    }
}

fn between(first: Minor, last: Minor) -> Vec<Minor> {
    Minor::known()
        .filter(|version| (first..=last).contains(version))
        .collect()
}

/// `1.30`, `1.25..`, `..1.24` or `1.25..1.34`.
fn versions(range: &str) -> Result<Vec<Minor>, String> {
    let (first, last) = range.split_once("..").unwrap_or((range, range));
    let read = |text: &str, open| match text {
        "" => Ok(open),
        text => text.parse::<Minor>().map_err(|error| error.to_string()),
    };
    let versions = between(read(first, Minor::OLDEST)?, read(last, Minor::NEWEST)?);
    if versions.is_empty() {
        return Err(format!("kubernetes={range} holds no version"));
    }
    Ok(versions)
}

struct MarkReader<'c> {
    control: &'c Control,
    others: &'c [&'static Control],
}

impl MarkReader<'_> {
    fn all(&self, example: &Example) -> (Vec<Mark>, Vec<String>) {
        let (mut marks, mut complaints) = (Vec::new(), Vec::new());
        for (document, text) in example.documents.iter().enumerate() {
            for (line, text) in (1..).zip(text.lines()) {
                let Some((_, list)) = text.split_once(MARK) else {
                    continue;
                };
                for entry in list.trim_end().split("; ") {
                    match self.one(entry) {
                        Ok((path, severity)) => marks.push(Mark {
                            document,
                            line: Some(line),
                            path,
                            severity,
                        }),
                        Err(complaint) => complaints.push(complaint),
                    }
                }
            }
        }
        (marks, complaints)
    }

    /// `control-id path` or `control-id[severity] path`.
    fn one(&self, entry: &str) -> Result<(Path, Severity), String> {
        let (control, path) = entry
            .split_once(' ')
            .ok_or_else(|| format!("the marker \"{entry}\" is not `control-id path`"))?;
        let (id, severity) = match control.split_once('[') {
            Some((id, word)) => (id, severity(word.trim_end_matches(']'))?),
            None => (control, self.control.head.severity),
        };
        if id != self.control.head.id {
            let known = self.others.iter().any(|other| other.head.id == id);
            let why = if known {
                "has a page of its own"
            } else {
                "is no control"
            };
            return Err(format!("a marker names {id}, which {why}"));
        }
        let parsed: Path = path
            .parse()
            .map_err(|error| format!("the marked path \"{path}\" cannot be read: {error}"))?;
        Ok((parsed, severity))
    }
}

fn severity(word: &str) -> Result<Severity, String> {
    Severity::ALL
        .into_iter()
        .find(|severity| severity.as_str() == word)
        .ok_or_else(|| format!("\"{word}\" is no severity"))
}
