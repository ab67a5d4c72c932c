//! Talks to the referee program (`referee/`), one question at a time.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use plimsoll_control::Level;
use plimsoll_snapshot::version::Minor;
use serde_json::{Value, json};

/// The ids of the checks that a pod fails.
pub(crate) type Failed = BTreeSet<String>;

/// The verdict at one level and version.
pub(crate) struct Verdict {
    pub(crate) level: Level,
    pub(crate) version: Minor,
    pub(crate) failed: Failed,
}

/// A running referee; it ends with its input.
pub(crate) struct Referee {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Referee {
    /// Starts the program that `PLIMSOLL_REFEREE` names; `None` when it names none.
    pub(crate) fn start() -> Option<Referee> {
        let program = std::env::var_os("PLIMSOLL_REFEREE")?;
        let mut child = Command::new(&program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()));
        let questions = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().expect("the output is piped"));
        Some(Referee {
            child,
            questions,
            answers,
        })
    }

    /// What the plugin says at both levels of each version.
    pub(crate) fn ask(&mut self, pod: &Value, versions: &[Minor]) -> Vec<Verdict> {
        let versions: Vec<String> = versions.iter().map(|minor| format!("v{minor}")).collect();
        let question = json!({"id": "", "pod": pod, "versions": versions});
        let input = self
            .questions
            .as_mut()
            .expect("open until the referee is dropped");
        writeln!(input, "{question}").expect("the referee listens");
        let mut line = String::new();
        self.answers
            .read_line(&mut line)
            .expect("the referee answers");
        let answer: Value = serde_json::from_str(&line).expect("the referee answers in JSON");
        let Some(verdicts) = answer["verdicts"].as_array() else {
            panic!("the referee does not take the pod: {answer}\n{pod:#}");
        };
        verdicts.iter().map(read).collect()
    }
}

impl Drop for Referee {
    fn drop(&mut self) {
        self.questions = None;
        let _ = self.child.wait();
    }
}

fn read(verdict: &Value) -> Verdict {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    Verdict {
        level: match verdict["level"].as_str() {
            Some("baseline") => Level::Baseline,
            Some("restricted") => Level::Restricted,
            other => panic!("unknown level {other:?}"),
        },
        version: text(&verdict["version"]).parse().expect("a known version"),
        failed: verdict["failed"]
            .as_array()
            .expect("a list")
            .iter()
            .map(text)
            .collect(),
    }
}
