//! `plimsoll generate`: lists the kinds of starting points, or writes one to standard output or into a new file.
//!
//! Reading what is there, randomness and writing live here; what is written lives in the engine. Invariants: no file is
//! overwritten, and a key is shown only to who names where it goes.

mod target;

use std::error::Error;
use std::path::{Path, PathBuf};

use plimsoll_gather::{find, read};
use plimsoll_generate::{GENERATORS, Generator, Request, Text};
use plimsoll_scan::nearest;
use plimsoll_snapshot::version::Minor;
use plimsoll_yaml::decode;

use crate::arguments::GenerateOptions;
use crate::output::{Output, complain};
use crate::{Exit, Outcome};

/// Why nothing is generated, beside what the engine refuses.
#[derive(Debug, thiserror::Error)]
enum GenerateError {
    #[error("there is nothing to generate that is called {kind}: {advice}")]
    UnknownKind { kind: String, advice: String },
    #[error(
        "a key is not shown by accident: add --output FILE, which only you will be able to read, or --output - to show it"
    )]
    KeyWithoutOutput,
    #[error("the operating system gives no random bytes ({0}): try again later")]
    NoRandomness(getrandom::Error),
    #[error("{name}: {message}")]
    Unreadable { name: String, message: String },
}

/// Runs the command.
pub(crate) fn run(options: &GenerateOptions, output: &mut Output) -> Outcome {
    let Some(kind) = &options.kind else {
        list(output)?;
        return Ok(Exit::Fine);
    };
    let generator = generator(kind)?;
    let text = generator.generate(&request(options)?)?;
    match options.output.as_deref() {
        None => output.write(|out| out.write_all(text.as_bytes()))?,
        Some(path) if path == Path::new("-") => {
            output.write(|out| out.write_all(text.as_bytes()))?;
        }
        Some(path) => {
            target::write_new(path, &text)?;
            complain(&format!("{} was written", path.display()));
        }
    }
    Ok(Exit::Fine)
}

/// All kinds with what they are and what they take.
fn list(output: &mut Output) -> std::io::Result<()> {
    let width = GENERATORS.iter().map(|one| one.id.len()).max().unwrap_or(0);
    output.write(|out| {
        writeln!(out, "What can be generated:\n")?;
        for Generator {
            id, title, takes, ..
        } in GENERATORS
        {
            writeln!(out, "  {id:width$}  {title}")?;
            let flags: Vec<_> = takes.iter().map(|parameter| parameter.flag()).collect();
            if !flags.is_empty() {
                writeln!(out, "  {:width$}  takes {}", "", flags.join(" "))?;
            }
        }
        writeln!(
            out,
            "\nTry `plimsoll generate namespace --name shop`; `plimsoll generate --help` has more examples."
        )
    })
}

fn generator(kind: &str) -> Result<&'static Generator, GenerateError> {
    plimsoll_generate::find(kind).ok_or_else(|| {
        let names = GENERATORS
            .iter()
            .flat_map(|one| one.also.iter().chain([&one.id]));
        let mut alike: Vec<_> = nearest(kind, names.copied(), 3)
            .into_iter()
            .filter_map(|name| plimsoll_generate::find(name).map(|found| found.id))
            .collect();
        alike.dedup();
        GenerateError::UnknownKind {
            kind: kind.to_owned(),
            advice: match alike.as_slice() {
                [] => "`plimsoll generate` lists what can be".to_owned(),
                names => format!("did you mean {}?", names.join(", ")),
            },
        }
    })
}

fn request(options: &GenerateOptions) -> Result<Request, Box<dyn Error>> {
    let from = match options.from.as_slice() {
        [] => None,
        paths => Some(texts(paths)?),
    };
    Ok(Request {
        option: options.option,
        name: options.name.clone(),
        namespace: options.namespace.clone(),
        image: options.image.clone(),
        allow_from: options.allow_from.clone(),
        allow_to: options.allow_to.clone(),
        verbs: options.verb.clone(),
        resources: options.resource.clone(),
        role: options.role.clone(),
        subjects: options.subject.clone(),
        exempt: options.exempt.clone(),
        server: options.server.clone(),
        from,
        key: key(options)?,
        ..Request::new(options.kubernetes_version.unwrap_or(Minor::NEWEST))
    })
}

/// A fresh key, if one was asked for and has somewhere to go.
fn key(options: &GenerateOptions) -> Result<Option<[u8; 32]>, GenerateError> {
    if !options.key_from_random {
        return Ok(None);
    }
    if options.output.is_none() {
        return Err(GenerateError::KeyWithoutOutput);
    }
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(GenerateError::NoRandomness)?;
    Ok(Some(key))
}

/// The texts below the paths. A file that was named itself must be readable; what a folder holds beside is left out.
fn texts(paths: &[PathBuf]) -> Result<Vec<Text>, Box<dyn Error>> {
    let found = find(paths)?;
    let mut texts = Vec::new();
    if let Some(problem) = found.problems.into_iter().next() {
        let message = problem.message;
        let name = problem.name.to_string();
        return Err(GenerateError::Unreadable { name, message }.into());
    }
    for file in &found.files {
        let name = file.name.to_string();
        let bytes = read(file).map_err(|problem| GenerateError::Unreadable {
            name: name.clone(),
            message: problem.message,
        })?;
        match decode(bytes) {
            Ok(text) => texts.push(Text { name, text }),
            Err(error) if file.explicit => {
                let message = error.to_string();
                return Err(GenerateError::Unreadable { name, message }.into());
            }
            Err(_) => {}
        }
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_to_one_kind() {
        let mut names: Vec<&str> = GENERATORS
            .iter()
            .flat_map(|one| one.also.iter().copied().chain([one.id]))
            .collect();
        for one in GENERATORS {
            for name in one.also.iter().chain([&one.id]) {
                assert_eq!(
                    generator(name).map(|found| found.id).ok(),
                    Some(one.id),
                    "{name}"
                );
            }
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        let error = generator("networkpolcy").unwrap_err().to_string();
        assert!(error.ends_with("did you mean networkpolicy?"), "{error}");
        let error = generator("zzzz").unwrap_err().to_string();
        assert!(
            error.ends_with("`plimsoll generate` lists what can be"),
            "{error}"
        );
    }
}
