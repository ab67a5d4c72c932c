//! What is kept, held against the library by which kubectl and the API server read YAML (`cargo xtask referee`): it means the same to
//! both, or the difference has a reason here.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use plimsoll_fuzz::kept;
use plimsoll_fuzz::model::Model;
use plimsoll_yaml::{Node, Tree, differ, parse, split};
use serde_json::{Value as Json, json};

/// The facts of YAML, which `yaml` holds itself to.
#[path = "../../../yaml/tests/all/facts.rs"]
mod facts;

/// What a document means; `None`: it is refused. Documents that are no mapping are of no use to Kubernetes, and left out.
type Read<T> = Option<T>;

/// What kubectl's libraries make of texts: their documents. `None`: there is no referee.
fn read_by_kubectl(test: &str, texts: &[String]) -> Option<Vec<Vec<Read<Json>>>> {
    let Some(program) = std::env::var_os("PLIMSOLL_REFEREE") else {
        let said = "was left out, because PLIMSOLL_REFEREE is not set: `cargo xtask referee` builds the referee";
        let _ = writeln!(std::io::stderr(), "{test} {said}");
        return None;
    };
    let mut referee = Command::new(program)
        .arg("convert")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut input, output) = (
        referee.stdin.take().unwrap(),
        referee.stdout.take().unwrap(),
    );
    let answers = std::thread::scope(|scope| {
        scope.spawn(move || {
            for text in texts {
                writeln!(input, "{}", json!({"id": 0, "text": text})).unwrap();
            }
        });
        let lines = BufReader::new(output).lines();
        lines.map(|line| answer(&line.unwrap())).collect::<Vec<_>>()
    });
    assert!(referee.wait().unwrap().success());
    assert_eq!(answers.len(), texts.len());
    Some(answers)
}

fn answer(line: &str) -> Vec<Read<Json>> {
    let mut answer: Json = serde_json::from_str(line).unwrap();
    let documents = answer.get_mut("documents").and_then(Json::as_array_mut);
    let mut documents: Vec<_> = documents
        .unwrap()
        .iter_mut()
        .map(|document| document.get_mut("json").map(Json::take))
        .collect();
    documents.extend(answer.get("error").map(|_| None));
    documents.retain(|document| document.as_ref().is_none_or(Json::is_object));
    documents
}

/// What we make of a text. `None`: there is nothing to compare it with.
fn read_by_us(text: &str) -> Option<Vec<Read<Model>>> {
    let mut documents = Vec::new();
    for chunk in split(text) {
        let tree = parse(text, &chunk);
        // kubectl reads JSON by other means.
        if chunk.json || tree.as_ref().is_ok_and(draws_lots) {
            return None;
        }
        let tree = tree.ok();
        documents.push(tree.and_then(|tree| Model::of(tree.root())));
    }
    documents.retain(|document| matches!(document, None | Some(Model::Map(_))));
    Some(documents)
}

/// Of `yes` and `"true"`, which are one key only in JSON, kubectl takes now the one and now the other.
fn draws_lots(tree: &Tree<'_>) -> bool {
    let written = |id| tree.node(id).and_then(Node::scalar);
    let mut duplicates = tree.duplicates().iter();
    duplicates.any(|both| written(both.key) != written(both.winner))
}

/// How many documents both took, and what was told of those that they read differently.
fn compared(text: &str, theirs: &[Read<Json>]) -> (usize, Vec<String>) {
    let Some(ours) = read_by_us(text) else {
        return (0, Vec::new());
    };
    let refused = ours.contains(&None) || theirs.contains(&None);
    if ours.len() != theirs.len() {
        let told = format!("{text:?}\n  ours {ours:?}\n  theirs {theirs:?}");
        return (0, if refused { Vec::new() } else { vec![told] });
    }
    let both = ours.iter().zip(theirs);
    let both: Vec<_> = both
        .filter_map(|(ours, theirs)| ours.as_ref().zip(theirs.as_ref()))
        .collect();
    let different = both.iter().filter(|(ours, theirs)| !ours.means(theirs));
    let told =
        different.map(|(ours, theirs)| format!("{text:?}\n  ours {ours:?}\n  theirs {theirs}"));
    (both.len(), told.collect())
}

/// What is known to be read differently, and why that does no harm.
fn is_excused(text: &str) -> bool {
    // After `---` at the very beginning, kubectl takes a byte order mark for a part of the first key, and applies no such object.
    let marked = text.contains("---\n\u{feff}") || text.contains("---\r\n\u{feff}");
    // kubectl takes one carriage return off the end of each line first: `\r\r\n` ends one line to it and two to us. Only how many
    // empty lines a text has depends on it.
    let twice = text.contains("\r\r\n");
    // To kubectl the name of an anchor ends before a colon, which then stands behind an empty key; no field is called so.
    let mut words = text.split_whitespace();
    marked || twice || words.any(|word| word.starts_with('&') && word.contains(':'))
}

/// Holds texts to what kubectl reads; wants at least so many documents that both take.
fn agree(test: &str, texts: &[String], least: usize) {
    let Some(theirs) = read_by_kubectl(test, texts) else {
        return;
    };
    let (mut both, mut different) = (0, Vec::new());
    let texts_and_theirs = texts.iter().zip(&theirs);
    for (text, theirs) in texts_and_theirs.filter(|(text, _)| !is_excused(text)) {
        let (taken, told) = compared(text, theirs);
        both += taken;
        different.extend(told);
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(both >= least, "only {both} of {}", texts.len());
}

/// Kept texts that are documents, each file by itself.
fn documents() -> Vec<String> {
    let targets = ["parse", "configuration", "scan", "fix", "policy"];
    let mut texts: Vec<String> = targets.into_iter().flat_map(kept::texts).collect();
    let edited = kept::texts("edit").into_iter();
    texts.extend(edited.filter_map(|text| text.splitn(3, '\n').nth(2).map(str::to_owned)));
    let files = texts.iter().flat_map(|text| text.split('\u{c}'));
    files.map(str::to_owned).collect()
}

/// The same text in other dress.
fn restyled(text: &str) -> [String; 4] {
    let lines: Vec<&str> = text.lines().collect();
    [
        text.to_owned(),
        lines.join("\r\n") + "\r\n",
        text.trim_end_matches(['\n', '\r']).to_owned(),
        format!("# é\n\n{text}\n# end\n"),
    ]
}

#[test]
fn kept_documents_mean_to_kubectl_what_they_mean_to_us() {
    let texts = documents();
    let dressed = texts.iter().flat_map(|text| restyled(text));
    agree("kept documents", &dressed.collect::<Vec<_>>(), 4_000);
}

#[test]
fn the_facts_of_yaml_are_those_of_kubectl() {
    let facts = facts::blocks("yaml");
    let dressed = facts.iter().flat_map(|text| restyled(text));
    agree("the facts of YAML", &dressed.collect::<Vec<_>>(), 300);
}

#[test]
fn both_readers_agree_on_the_facts_of_yaml() {
    for text in facts::blocks("yaml").iter().flat_map(|text| restyled(text)) {
        for chunk in split(&text).iter().filter(|chunk| !chunk.json) {
            if let Err(difference) = differ::agree(&text, chunk.span) {
                panic!("{difference}");
            }
        }
    }
}

#[test]
fn both_readers_agree_on_kept_documents() {
    let mut read = 0;
    for text in documents().iter().flat_map(|text| restyled(text)) {
        for chunk in split(&text).iter().filter(|chunk| !chunk.json) {
            match differ::agree(&text, chunk.span) {
                Ok(fast) => read += usize::from(fast),
                Err(difference) => panic!("{difference}"),
            }
        }
    }
    assert!(read > 4_000, "only {read} were read by both");
}

/// Where a scalar may stand.
fn placed(text: &str) -> [String; 6] {
    [
        format!("key: {text}\n"),
        format!("{text}: value\n"),
        format!("key:\n- {text}\n"),
        format!("key: [{text}]\n"),
        format!("key: {{key: {text}}}\n"),
        format!("key: {{{text}: value}}\n"),
    ]
}

#[test]
fn kept_scalars_have_kubectls_types() {
    let texts = kept::texts("scalar");
    let texts = texts.iter().filter(|text| !text.contains(['\n', '\r']));
    agree(
        "kept scalars",
        &texts.flat_map(|text| placed(text)).collect::<Vec<_>>(),
        600,
    );
}

/// Every row of up to three of what numbers, booleans, nulls and dates are made of.
#[test]
fn generated_scalars_have_kubectls_types() {
    const ATOMS: [&str; 24] = [
        "",
        "0",
        "1",
        "08",
        "9223372036854775807",
        "x",
        "o7",
        "b",
        "e",
        "E",
        ".",
        "_",
        "-",
        "+",
        ":",
        "inf",
        "NaN",
        "y",
        "No",
        "TRUE",
        "~",
        "null",
        "=",
        "\u{a0}",
    ];
    let each = || ATOMS.into_iter();
    let rows = each().flat_map(|one| {
        each().flat_map(move |two| each().map(move |three| [one, two, three].concat()))
    });
    let rows: BTreeSet<String> = rows.collect();
    let texts = rows.iter().flat_map(|text| {
        [
            format!("key: {text}\n"),
            format!("key: [{text}]\n"),
            format!("{text}: 1\n"),
        ]
    });
    agree("generated scalars", &texts.collect::<Vec<_>>(), 20_000);
}
