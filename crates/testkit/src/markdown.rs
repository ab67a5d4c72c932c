//! A page as Markdown: its sections in order and its fenced YAML blocks, with the lines on which they begin. Says
//! what is missing or does not belong; does not know what an example means.

use plimsoll_control::Header;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

/// The sections that every page has, in this order.
const SECTIONS: [&str; 5] = [
    "What it checks",
    "Why it matters",
    "Options",
    "Examples",
    "References",
];

/// The section that holds the examples.
const EXAMPLES: &str = "Examples";

/// A fenced block of YAML.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fence {
    /// What follows the fence: `yaml bad kubernetes=1.25..`.
    pub(crate) info: String,
    /// The lines between the fences, each with its line end.
    pub(crate) text: String,
    /// The line of the page on which `text` begins, from 1.
    pub(crate) line: usize,
    /// The section that holds it; empty before the first.
    pub(crate) section: String,
}

/// One heading with what stands below it, up to the next heading of the first two levels.
struct Section {
    level: HeadingLevel,
    title: String,
    text: String,
}

/// A page taken apart.
pub(crate) struct Markdown {
    sections: Vec<Section>,
    /// Fenced blocks whose language is YAML.
    pub(crate) fences: Vec<Fence>,
}

impl Markdown {
    /// Takes a page apart. Every text is some page.
    pub(crate) fn new(text: &str) -> Markdown {
        let mut page = Markdown {
            sections: Vec::new(),
            fences: Vec::new(),
        };
        let mut body = 0;
        let mut heading: Option<(HeadingLevel, String)> = None;
        let mut fence: Option<Fence> = None;
        for (event, range) in Parser::new(text).into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { level, .. }) if level <= HeadingLevel::H2 => {
                    page.close_section(text, body..range.start);
                    heading = Some((level, String::new()));
                }
                Event::End(TagEnd::Heading(_)) => {
                    if let Some((level, title)) = heading.take() {
                        body = range.end;
                        page.sections.push(Section {
                            level,
                            title,
                            text: String::new(),
                        });
                    }
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    fence = Some(Fence {
                        info: info.to_string(),
                        text: String::new(),
                        line: line_of(text, range.start) + 1,
                        section: page.here(),
                    });
                }
                Event::End(TagEnd::CodeBlock) => {
                    let yaml = |fence: &Fence| fence.info.split(' ').next() == Some("yaml");
                    page.fences.extend(fence.take().filter(yaml));
                }
                Event::Text(piece) | Event::Code(piece) => {
                    let into = heading.as_mut().map(|(_, title)| title);
                    if let Some(into) = into.or(fence.as_mut().map(|fence| &mut fence.text)) {
                        into.push_str(&piece);
                    }
                }
                _ => {}
            }
        }
        page.close_section(text, body..text.len());
        page
    }

    fn here(&self) -> String {
        self.sections
            .last()
            .map(|section| section.title.clone())
            .unwrap_or_default()
    }

    fn close_section(&mut self, text: &str, range: std::ops::Range<usize>) {
        if let Some(section) = self.sections.last_mut() {
            section.text = text.get(range).unwrap_or_default().trim().to_owned();
        }
    }

    /// What is wrong with headings, empty sections, references and the whereabouts of examples.
    pub(crate) fn complaints(&self, head: &Header) -> Vec<String> {
        let mut complaints = Vec::new();
        self.check_headings(head, &mut complaints);
        for section in self
            .sections
            .iter()
            .filter(|section| section.text.is_empty())
        {
            complaints.push(format!("nothing is written below \"{}\"", section.title));
        }
        self.check_references(head, &mut complaints);
        self.check_fix(head, &mut complaints);
        for fence in &self.fences {
            let example = fence.info != "yaml";
            if example != (fence.section == EXAMPLES) {
                complaints.push(format!(
                    "line {}: a block `{}` stands below \"{}\"; examples say `yaml bad`, `yaml fixed`, `yaml new FILE` or `yaml good` and \
                     stand below \"{EXAMPLES}\"",
                    fence.line, fence.info, fence.section
                ));
            }
        }
        complaints
    }

    fn check_headings(&self, head: &Header, complaints: &mut Vec<String>) {
        let titles = |wanted: HeadingLevel| -> Vec<&str> {
            let of_level = self
                .sections
                .iter()
                .filter(|section| section.level == wanted);
            of_level.map(|section| section.title.as_str()).collect()
        };
        let tops = titles(HeadingLevel::H1);
        if tops != [head.id] {
            complaints.push(format!(
                "the page must have one first-level heading, the control's id \"{}\"; it has {tops:?}",
                head.id
            ));
        }
        let found = titles(HeadingLevel::H2);
        if found != SECTIONS {
            complaints.push(format!(
                "the second-level headings must be {SECTIONS:?} in this order; they are {found:?}"
            ));
        }
    }

    /// Why nothing is offered to fix is said on the page as well, below the options.
    fn check_fix(&self, head: &Header, complaints: &mut Vec<String>) {
        let Some(reason) = head.fix.reason() else {
            return;
        };
        let sentence = format!("No fix is offered: {reason}.");
        let says = |section: &&Section| {
            let words: Vec<&str> = section.text.split_whitespace().collect();
            section.title == SECTIONS[2] && words.join(" ").contains(&sentence)
        };
        if !self.sections.iter().any(|section| says(&section)) {
            complaints.push(format!("\"{sentence}\" is missing below \"Options\""));
        }
    }

    fn check_references(&self, head: &Header, complaints: &mut Vec<String>) {
        let references = self
            .sections
            .last()
            .filter(|last| last.title == SECTIONS[4]);
        let Some(references) = references.map(|section| section.text.as_str()) else {
            return;
        };
        let words: Vec<&str> = references
            .split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
            .collect();
        for recommendation in head.guide {
            if !words.contains(&recommendation.id) {
                complaints.push(format!(
                    "{} is not named below \"References\"",
                    recommendation.id
                ));
            }
        }
        for pss in head.pss {
            if !words.contains(&pss.check) {
                complaints.push(format!(
                    "the Pod Security check `{}` ({}) is not named below \"References\"",
                    pss.check,
                    pss.level.as_str()
                ));
            }
        }
        for word in words.iter().filter(|word| looks_like_recommendation(word)) {
            if plimsoll_guide::find(word).is_none() {
                complaints.push(format!(
                    "{word} below \"References\" is no recommendation of the guide"
                ));
            }
        }
    }
}

/// Capital letters, a hyphen and exactly two digits, as in `PSC-01`.
fn looks_like_recommendation(word: &str) -> bool {
    word.split_once('-').is_some_and(|(letters, digits)| {
        letters.len() >= 2
            && letters.bytes().all(|byte| byte.is_ascii_uppercase())
            && digits.len() == 2
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or_default().matches('\n').count() + 1
}
