//! `cargo xtask fixable FOLDER…`: how many findings `plimsoll fix` can end. The share counts findings whose remedy is a change of the object in
//! which they are: what needs another object, another file or another program is told apart and counts for neither side. What the
//! program calls unfixable because the value is not known here (a digest, who needs which right) counts against it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Outcome;

/// Findings of one control, or of all.
#[derive(Default)]
struct Count {
    findings: usize,
    elsewhere: usize,
    fixed: usize,
    reasons: BTreeMap<String, usize>,
}

impl Count {
    fn here(&self) -> usize {
        self.findings - self.elsewhere
    }

    fn add(&mut self, outcome: &Value) {
        let text = |key| outcome.get(key).and_then(Value::as_str).unwrap_or_default();
        self.findings += 1;
        if outcome
            .get("elsewhere")
            .is_some_and(|elsewhere| elsewhere == true)
        {
            self.elsewhere += 1;
        } else if text("outcome") == "fixed" {
            self.fixed += 1;
        } else {
            let reason = text("reason");
            *self.reasons.entry(reason.to_owned()).or_default() += 1;
        }
    }
}

/// Fixes each folder for itself, without writing, and prints the shares.
pub(crate) fn run(project: &Path, arguments: &[String]) -> Outcome {
    if arguments.is_empty() {
        return Err("say which folders: cargo xtask fixable FOLDER…".into());
    }
    println!("option       findings elsewhere of the object    fixed  share");
    let mut last = BTreeMap::new();
    for option in ["minimal", "recommended", "strict"] {
        let (mut all, mut controls) = (Count::default(), BTreeMap::<String, Count>::new());
        for folder in arguments {
            let report = fix(project, &std::fs::canonicalize(folder)?, option)?;
            for outcome in report
                .get("findings")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                let id = outcome
                    .pointer("/finding/control")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                controls.entry(id.to_owned()).or_default().add(outcome);
                all.add(outcome);
            }
        }
        println!(
            "{option:<12} {:>8} {:>9} {:>13} {:>8} {:>5.1}%",
            all.findings,
            all.elsewhere,
            all.here(),
            all.fixed,
            share(&all)
        );
        last = controls;
    }
    println!("\nleft with strict, most first");
    let mut left: Vec<_> = last
        .iter()
        .filter(|(_, count)| count.here() > count.fixed)
        .collect();
    left.sort_by_key(|(_, count)| std::cmp::Reverse(count.here() - count.fixed));
    for (id, count) in left {
        for (reason, times) in &count.reasons {
            println!("{times:>5} {id}: {reason}");
        }
    }
    Ok(())
}

fn share(count: &Count) -> f64 {
    100.0 * count.fixed as f64 / count.here().max(1) as f64
}

fn fix(
    project: &Path,
    folder: &PathBuf,
    option: &str,
) -> Result<Value, Box<dyn std::error::Error>> {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", "plimsoll", "--", "fix"])
        .args(["--format", "json", "--option", option])
        .arg(folder)
        .current_dir(project)
        .output()?;
    match output.status.code() {
        Some(0 | 1) => Ok(serde_json::from_slice(&output.stdout)?),
        _ => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_elsewhere_counts_for_neither_side() {
        let mut count = Count::default();
        count.add(&json!({"outcome": "fixed"}));
        count.add(&json!({"outcome": "fixed", "elsewhere": true}));
        count.add(&json!({"outcome": "noFix", "reason": "why"}));
        count.add(&json!({"outcome": "refused", "reason": "why"}));
        assert_eq!((count.findings, count.here(), count.fixed), (4, 3, 1));
        assert_eq!(count.reasons["why"], 2);
        assert!((share(&count) - 33.3).abs() < 0.1);
    }
}
