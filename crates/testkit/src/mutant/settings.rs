//! Faults of settings: clauses, flags, twins, literals, defaults and exceptions, one at a time.

use plimsoll_control::{Rule, Setting, Settings, Want};

use super::{replaced, without};

/// Every fault of a rule on settings, and what was done.
pub(super) fn faults(settings: &Settings) -> Vec<(String, Rule)> {
    let rule = |clauses| Rule::Settings(Settings { clauses });
    let mut faults = vec![("the check finds nothing".to_owned(), rule(&[]))];
    for (index, clause) in settings.clauses.iter().enumerate() {
        let name = format!("{} {}", clause.program.name(), clause.flag);
        let rest = without(settings.clauses, index);
        faults.push((format!("the clause on {name} is removed"), rule(rest)));
        for (what, fault) in clause_faults(clause) {
            let clauses = replaced(settings.clauses, index, fault);
            faults.push((format!("for {name} {what}"), rule(clauses)));
        }
    }
    faults
}

fn clause_faults(clause: &Setting) -> Vec<(String, Setting)> {
    let mut faults = Vec::new();
    let mut plant = |what: &str, change: &dyn Fn(&mut Setting)| {
        let mut fault = clause.clone();
        change(&mut fault);
        faults.push((what.to_owned(), fault));
    };
    if !clause.flag.is_empty() {
        plant("the flag is not looked at", &|fault| fault.flag = "");
    }
    if !clause.twin.is_empty() {
        plant("the file is not looked at", &|fault| fault.twin = &[]);
    }
    for index in 0..clause.unless.len() {
        plant("an exception is removed", &|fault| {
            fault.unless = without(clause.unless, index);
        });
    }
    for (what, want) in want_faults(clause.want) {
        plant(&what, &|fault| fault.want = want);
    }
    faults
}

fn want_faults(want: Want) -> Vec<(String, Want)> {
    let lists = |list: &'static [&'static str], make: fn(&'static [&'static str]) -> Want| {
        let fault = |index| {
            let what = format!("the value {index} is removed");
            (what, make(without(list, index)))
        };
        let several = list.len() > 1;
        (0..list.len()).filter(|_| several).map(fault).collect()
    };
    match want {
        Want::Be(list) => lists(list, Want::Be),
        Want::NotBe(list) => lists(list, Want::NotBe),
        Want::HoldAll(list) => lists(list, Want::HoldAll),
        Want::HoldNone(list) => lists(list, Want::HoldNone),
        Want::AtLeast(least) => vec![
            ("the limit is lower".to_owned(), Want::AtLeast(least - 1)),
            ("the limit is higher".to_owned(), Want::AtLeast(least + 1)),
        ],
        Want::Begin(list) => lists(list, Want::Begin),
        Want::BeSet | Want::BeUnset | Want::Duration => Vec::new(),
    }
}
