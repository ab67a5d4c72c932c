//! Faults of a description: literals, guards, the requirement, the field's row, weights and clauses, one at a time.

use plimsoll_control::{Clause, Describe, Must, Rule, Severity, Weight, When};
use plimsoll_snapshot::field::{Field, Lit};
use plimsoll_snapshot::version::Minor;

use super::{other_sinces, replaced, without};

/// Every fault of a description, and what was done.
pub(super) fn faults(describe: &Describe) -> Vec<(String, Rule)> {
    let mut faults = vec![("the check finds nothing".to_owned(), rule(&[], describe))];
    for (index, guard) in describe.unless.iter().enumerate() {
        let mut fault = describe.clone();
        fault.unless = without(describe.unless, index);
        faults.push((
            format!("the guard {guard:?} is removed"),
            Rule::Derived(fault),
        ));
    }
    for (index, clause) in describe.clauses.iter().enumerate() {
        let field = clause.field.keys.join(".");
        if describe.clauses.len() > 1 {
            let rest = without(describe.clauses, index);
            faults.push((
                format!("the clause on {field} is removed"),
                rule(rest, describe),
            ));
        }
        for (what, fault) in clause_faults(clause) {
            let clauses = replaced(describe.clauses, index, fault);
            faults.push((format!("for {field} {what}"), rule(clauses, describe)));
        }
    }
    faults
}

fn rule(clauses: &'static [Clause], describe: &Describe) -> Rule {
    Rule::Derived(Describe {
        clauses,
        unless: describe.unless,
    })
}

fn clause_faults(clause: &Clause) -> Vec<(String, Clause)> {
    let musts = must_faults(clause).into_iter().map(|(what, must)| {
        let fault = Clause {
            must,
            ..clause.clone()
        };
        (what, fault)
    });
    let fields = field_faults(clause).into_iter().map(|(what, field)| {
        let fault = Clause {
            field,
            ..clause.clone()
        };
        (what, fault)
    });
    let weights = weight_faults(clause).into_iter().map(|(what, weights)| {
        let fault = Clause {
            weights,
            ..clause.clone()
        };
        (what, fault)
    });
    musts.chain(fields).chain(weights).collect()
}

fn must_faults(clause: &Clause) -> Vec<(String, Must)> {
    let must = clause.must;
    let list = |make: fn(&'static [Lit<'static>]) -> Must, literals| {
        literal_faults(literals)
            .into_iter()
            .map(|(what, literals)| (what, make(literals)))
            .collect()
    };
    let mut faults: Vec<(String, Must)> = match must {
        Must::Be(literals) => list(Must::Be, literals),
        Must::BeOrAbsent(literals) => list(Must::BeOrAbsent, literals),
        Must::BeOther(literals) => list(Must::BeOther, literals),
        Must::NotBe(literals) => list(Must::NotBe, literals),
        Must::Hold(literal) => {
            let altered = altered(literal);
            vec![(
                format!("the literal {literal} is altered"),
                Must::Hold(altered),
            )]
        }
        Must::BeSet => Vec::new(),
    };
    let shown = |must: Must| format!("{} takes the place of {}", word(must), word(clause.must));
    faults.extend(
        opposites(clause)
            .into_iter()
            .map(|must| (shown(must), must)),
    );
    faults
}

fn word(must: Must) -> &'static str {
    match must {
        Must::Be(_) => "Be",
        Must::BeOrAbsent(_) => "BeOrAbsent",
        Must::BeSet => "BeSet",
        Must::BeOther(_) => "BeOther",
        Must::NotBe(_) => "NotBe",
        Must::Hold(_) => "Hold",
    }
}

fn literal_faults(literals: &'static [Lit<'static>]) -> Vec<(String, &'static [Lit<'static>])> {
    let mut faults = Vec::new();
    for (index, literal) in literals.iter().enumerate() {
        faults.push((
            format!("the literal \"{literal}\" is removed"),
            without(literals, index),
        ));
        let other = altered(*literal);
        if !literals.contains(&other) {
            faults.push((
                format!("the literal \"{literal}\" is altered"),
                replaced(literals, index, other),
            ));
        }
    }
    faults
}

fn altered(literal: Lit<'static>) -> Lit<'static> {
    match literal {
        Lit::Bool(value) => Lit::Bool(!value),
        Lit::Int(value) => Lit::Int(value + 1),
        Lit::Str(text) => Lit::Str(format!("{text}x").leak()),
    }
}

/// What is fine becomes a fault, and what absence means is turned round where absence can be seen.
fn opposites(clause: &Clause) -> Vec<Must> {
    let absence = clause.field.keys.last() != Some(&Field::EACH);
    let opposites = match clause.must {
        Must::Be(good) => vec![Must::NotBe(good), Must::BeOrAbsent(good)],
        Must::BeOrAbsent(good) => vec![Must::NotBe(good), Must::Be(good)],
        Must::NotBe(bad) => vec![Must::Be(bad), Must::BeOther(bad)],
        Must::BeOther(bad) => vec![Must::Be(bad), Must::NotBe(bad)],
        Must::Hold(wanted) => vec![Must::NotBe(&*vec![wanted].leak())],
        Must::BeSet => Vec::new(),
    };
    let (first, second) = (opposites.first(), opposites.get(1));
    let default = clause.field.default;
    let differs = |other: &&Must| {
        absence && allows_unset(**other, default) != allows_unset(clause.must, default)
    };
    first
        .into_iter()
        .chain(second.filter(differs))
        .copied()
        .collect()
}

/// Mirrors how a requirement takes an absent field, so that faults which change nothing are not planted.
fn allows_unset(must: Must, default: Option<Lit<'static>>) -> bool {
    match (must, default) {
        (Must::BeOrAbsent(_), _) => true,
        (Must::Hold(_) | Must::BeSet | Must::BeOther(_), _) => false,
        (Must::Be(good), Some(default)) => good.contains(&default),
        (Must::NotBe(bad), Some(default)) => !bad.contains(&default),
        (Must::Be(_), None) => false,
        (Must::NotBe(_), None) => true,
    }
}

fn field_faults(clause: &Clause) -> Vec<(String, &'static Field)> {
    let field = clause.field;
    let mut faults = Vec::new();
    let defaults = field.default.map(|default| {
        [
            (format!("the default {default} is removed"), None),
            (
                format!("the default {default} is altered"),
                Some(altered(default)),
            ),
        ]
    });
    for (what, default) in defaults.into_iter().flatten() {
        if allows_unset(clause.must, default) != allows_unset(clause.must, field.default) {
            faults.push((
                what,
                Field {
                    default,
                    ..copy_of(field)
                },
            ));
        }
    }
    if field.inherits.is_some() {
        faults.push((
            "the pod-level twin is forgotten".to_owned(),
            Field {
                inherits: None,
                ..copy_of(field)
            },
        ));
    }
    for since in other_sinces(field.since)
        .into_iter()
        .filter(|_| field.since > Minor::OLDEST)
    {
        faults.push((
            format!("the field exists since {since}"),
            Field {
                since,
                ..copy_of(field)
            },
        ));
    }
    let leaked = |(what, field): (String, Field)| (what, &*Box::leak(Box::new(field)));
    faults.into_iter().map(leaked).collect()
}

fn copy_of(field: &Field) -> Field {
    let &Field {
        owner,
        keys,
        ty,
        default,
        since,
        kinds,
        inherits,
    } = field;
    Field {
        owner,
        keys,
        ty,
        default,
        since,
        kinds,
        inherits,
    }
}

fn weight_faults(clause: &Clause) -> Vec<(String, &'static [Weight])> {
    let weights = clause.weights;
    let mut faults = Vec::new();
    for (index, weight) in weights.iter().enumerate() {
        let case = match weight.when {
            When::Is(value) => value.to_string(),
            When::Beside(field, _) => field.keys.join("."),
        };
        faults.push((
            format!("the weight of {case} is removed"),
            without(weights, index),
        ));
        let others = Severity::ALL
            .into_iter()
            .filter(|other| *other != weight.severity);
        for severity in others.take(1) {
            let other = Weight {
                severity,
                ..*weight
            };
            faults.push((
                format!("the weight of {case} is {}", severity.as_str()),
                replaced(weights, index, other),
            ));
        }
        for (what, when) in case_faults(clause, weight.when) {
            let other = Weight { when, ..*weight };
            faults.push((
                format!("for the weight of {case} {what}"),
                replaced(weights, index, other),
            ));
        }
    }
    faults
}

/// Faults of the field that a weight looks at beside the clause's own.
fn case_faults(clause: &Clause, when: When) -> Vec<(String, When)> {
    let When::Beside(field, must) = when else {
        return Vec::new();
    };
    let beside = Clause {
        field,
        must,
        ..clause.clone()
    };
    let musts = must_faults(&beside)
        .into_iter()
        .map(|(what, must)| (what, When::Beside(field, must)));
    let fields = field_faults(&beside)
        .into_iter()
        .map(|(what, field)| (what, When::Beside(field, must)));
    musts.chain(fields).collect()
}
