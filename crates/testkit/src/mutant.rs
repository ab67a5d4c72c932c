//! Plants faults in a control, one at a time, and asks whether the examples of its page notice. A fault that no example
//! notices is a promise that nobody keeps. Faults that no version known here could show are not planted.

mod describe;
mod kinds;
mod settings;

use plimsoll_control::{
    Control, Enforce, Found, GroupKind, Header, JoinedFound, Revision, Rule, Words,
};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::field::Owner;
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::pod::{Container, Pod};
use plimsoll_snapshot::value::At;
use plimsoll_snapshot::version::Minor;
use plimsoll_snapshot::waiver::Audited;

use crate::block::Block;
use crate::markdown::Markdown;
use crate::outcome::{Judging, judge};
use crate::page::blocks;

/// The faults that no example of the control's page notices, in words.
pub fn survivors(control: &'static Control) -> Vec<String> {
    survivors_among(&[], control)
}

/// The same, for a control that looks at what others find. Leaks the planted controls: they have to be as long-lived
/// as real ones.
pub fn survivors_among(controls: &[&'static Control], control: &'static Control) -> Vec<String> {
    let (blocks, unread) = blocks(&Markdown::new(control.head.page.text()), &[], control);
    if !unread.is_empty() {
        return unread;
    }
    let survives = |mutant: &Mutant| {
        let mut blocks = blocks.iter();
        !blocks.any(|block| notices(block, controls, mutant.control))
    };
    let survivors = mutants(control).into_iter().filter(survives);
    let planted = survivors.map(|mutant| {
        format!(
            "{}: no example notices when {}",
            control.head.id, mutant.what
        )
    });
    planted.chain(kinds::unread(&blocks, control)).collect()
}

fn notices(block: &Block, controls: &[&'static Control], mutant: &'static Control) -> bool {
    let (text, expected) = (block.example.text(), block.expected());
    let mut versions = block.versions.iter();
    versions.any(|version| {
        let judging = Judging {
            control: mutant,
            others: controls,
        };
        !judge(&judging, &text, block.target(*version)).meets(&expected)
    })
}

struct Mutant {
    /// What was done to it: "… is removed".
    what: String,
    control: &'static Control,
}

fn mutants(control: &'static Control) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for (index, revision) in control.revisions.iter().enumerate() {
        if !is_in_force(control, index) {
            continue;
        }
        let name = match revision.since {
            Minor(0) => "the first revision".to_owned(),
            since => format!("revision {since}"),
        };
        mutants.push(Mutant {
            what: format!("{name} is removed"),
            control: with_revisions(control, |copies| {
                copies.remove(index);
            }),
        });
        for since in other_sinces(revision.since) {
            mutants.push(Mutant {
                what: format!("{name} begins at {since}"),
                control: with_revisions(control, |copies| {
                    if let Some(copy) = copies.get_mut(index) {
                        copy.since = since;
                    }
                }),
            });
        }
        mutants.extend(
            rules(&revision.rule)
                .into_iter()
                .map(|(what, rule)| Mutant {
                    what: format!("in {name} {what}"),
                    control: with_revisions(control, |copies| {
                        if let Some(copy) = copies.get_mut(index) {
                            copy.rule = copy_of(&rule);
                        }
                    }),
                }),
        );
    }
    mutants
}

/// Is there a known version that the revision decides?
fn is_in_force(control: &Control, index: usize) -> bool {
    let decides = |version| {
        let mut revisions = control.revisions.iter();
        revisions.rposition(|revision| revision.since <= version) == Some(index)
    };
    Minor::known().any(decides)
}

/// One version earlier and later, where a version that we know could tell.
fn other_sinces(since: Minor) -> Vec<Minor> {
    let earlier = since.0.checked_sub(1).map(Minor);
    let earlier = earlier.filter(|earlier| *earlier >= Minor::OLDEST);
    let later = Some(Minor(since.0 + 1)).filter(|later| *later > Minor::OLDEST);
    earlier.into_iter().chain(later).collect()
}

fn with_revisions(control: &Control, change: impl FnOnce(&mut Vec<Revision>)) -> &'static Control {
    let copy = |revision: &Revision| Revision {
        since: revision.since,
        rule: copy_of(&revision.rule),
    };
    let mut revisions = control.revisions.iter().map(copy).collect();
    change(&mut revisions);
    let Header {
        id,
        formerly,
        title,
        chapter,
        guide,
        pss,
        severity,
        fix,
        page,
    } = control.head;
    Box::leak(Box::new(Control {
        head: Header {
            id,
            formerly,
            title,
            chapter,
            guide,
            pss,
            severity,
            fix,
            page,
        },
        needs: control.needs,
        revisions: revisions.leak(),
    }))
}

fn copy_of(rule: &Rule) -> Rule {
    match rule {
        Rule::Derived(describe) => Rule::Derived(describe.clone()),
        Rule::Settings(settings) => Rule::Settings(settings.clone()),
        &Rule::Program {
            program,
            check,
            words,
        } => Rule::Program {
            program,
            check,
            words,
        },
        &Rule::Container { check, words, .. } => container_rule(check, words),
        &Rule::Pod { check, words, .. } => pod_rule(check, words),
        &Rule::Object {
            kinds,
            check,
            words,
            ..
        } => object_rule(kinds, check, words),
        &Rule::Policy(judge) => Rule::Policy(judge),
        &Rule::Joined { check } | &Rule::JoinedInPart { check, .. } => Rule::Joined { check },
        &Rule::Audit { check } => Rule::Audit { check },
    }
}

/// Every fault of a rule, and what was done.
fn rules(rule: &Rule) -> Vec<(String, Rule)> {
    match rule {
        Rule::Derived(described) => {
            let owner = described.clauses.first().map(|clause| clause.field.owner);
            let mut rules = describe::faults(described);
            rules.push(always(match owner {
                Some(Owner::Container) => container_rule(always_container, &[]),
                _ => pod_rule(always_pod, &[]),
            }));
            rules
        }
        Rule::Settings(described) => {
            let mut rules = settings::faults(described);
            rules.push(always(object_rule(&[], always_object, &[])));
            rules
        }
        &Rule::Program {
            program,
            check,
            words,
        } => {
            let mut rules = worded(words, |words| Rule::Program {
                program,
                check,
                words,
            });
            rules.push(never(object_rule(&[], never_object, words)));
            rules.push(always(object_rule(&[], always_object, words)));
            rules
        }
        &Rule::Container { check, words, .. } => {
            let mut rules = worded(words, |words| container_rule(check, words));
            rules.push(never(container_rule(never_container, words)));
            rules.push(always(container_rule(always_container, words)));
            rules
        }
        &Rule::Pod { check, words, .. } => {
            let mut rules = worded(words, |words| pod_rule(check, words));
            rules.push(never(pod_rule(never_pod, words)));
            rules.push(always(pod_rule(always_pod, words)));
            rules
        }
        &Rule::Object {
            kinds,
            check,
            words,
            ..
        } => {
            let mut rules = worded(words, |words| object_rule(kinds, check, words));
            for (index, (_, kind)) in kinds.iter().enumerate().filter(|_| kinds.len() > 1) {
                let kinds = without(kinds, index);
                rules.push((
                    format!("the kind {kind} is removed"),
                    object_rule(kinds, check, words),
                ));
            }
            rules.push(never(object_rule(kinds, never_object, words)));
            rules.push(always(object_rule(kinds, always_object, words)));
            rules
        }
        // The API server is what a policy is held against.
        Rule::Policy(_) => Vec::new(),
        Rule::Joined { .. } | Rule::JoinedInPart { .. } => vec![
            never(Rule::Joined { check: |_, _| {} }),
            always(Rule::Joined {
                check: always_joined,
            }),
        ],
        Rule::Audit { .. } => vec![
            never(Rule::Audit { check: |_, _| {} }),
            always(Rule::Audit {
                check: always_audit,
            }),
        ],
    }
}

fn never(rule: Rule) -> (String, Rule) {
    ("the check finds nothing".to_owned(), rule)
}

fn always(rule: Rule) -> (String, Rule) {
    ("the check finds fault with every subject".to_owned(), rule)
}

/// Each word removed, and each altered.
fn worded(words: Words, rule: impl Fn(Words) -> Rule) -> Vec<(String, Rule)> {
    let mut rules = Vec::new();
    for (index, word) in words.iter().enumerate() {
        rules.push((
            format!("the word \"{word}\" is removed"),
            rule(without(words, index)),
        ));
        let altered: &'static str = format!("{word}x").leak();
        rules.push((
            format!("the word \"{word}\" is altered"),
            rule(replaced(words, index, altered)),
        ));
    }
    rules
}

/// The list without one of its items.
fn without<T: Clone>(list: &[T], index: usize) -> &'static [T] {
    let mut list = list.to_vec();
    list.remove(index);
    list.leak()
}

/// The list with another item in one place.
fn replaced<T: Clone>(list: &[T], index: usize, item: T) -> &'static [T] {
    let mut list = list.to_vec();
    if let Some(place) = list.get_mut(index) {
        *place = item;
    }
    list.leak()
}

const JUDGED_ONLY: Enforce = Enforce::Not("a mutant is only judged");

fn container_rule(check: fn(&Container<'_, '_>, Words, &mut Found<'_>), words: Words) -> Rule {
    Rule::Container {
        check,
        words,
        enforce: JUDGED_ONLY,
    }
}

fn pod_rule(check: fn(&Pod<'_>, Words, &mut Found<'_>), words: Words) -> Rule {
    Rule::Pod {
        check,
        words,
        enforce: JUDGED_ONLY,
    }
}

fn object_rule(
    kinds: &'static [GroupKind],
    check: fn(&Object<'_>, Words, &mut Found<'_>),
    words: Words,
) -> Rule {
    Rule::Object {
        kinds,
        check,
        words,
        enforce: JUDGED_ONLY,
    }
}

fn never_container(_: &Container<'_, '_>, _: Words, _: &mut Found<'_>) {}

fn never_pod(_: &Pod<'_>, _: Words, _: &mut Found<'_>) {}

fn never_object(_: &Object<'_>, _: Words, _: &mut Found<'_>) {}

fn always_container(container: &Container<'_, '_>, _: Words, found: &mut Found<'_>) {
    found.on_container(container, At::node(container.node), "is there", "");
}

fn always_pod(pod: &Pod<'_>, _: Words, found: &mut Found<'_>) {
    found.on_object(At::node(pod.spec), "is there", "");
}

fn always_object(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    found.on_object(At::node(object.node), "is there", "");
}

fn always_audit(waivers: &[Audited], found: &mut JoinedFound) {
    for audited in waivers {
        let waiver = &audited.waiver;
        found.on_object(&waiver.object, &waiver.place, "is a mutant", "here");
    }
}

fn always_joined(facts: &Facts, found: &mut JoinedFound) {
    for token in &facts.accounts.token_uses {
        found.on_object(&token.object, &token.place, "is there", "");
    }
}
