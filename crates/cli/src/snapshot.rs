//! `plimsoll snapshot`: collects a cluster into a file; compares such files and takes names out of them. What is collected and how
//! is decided in the room `cluster`.

mod diff;
mod redact;

use std::error::Error;
use std::fs::File;
use std::path::Path;

use plimsoll_catalog::{stand_in, stand_in_argument, stand_in_text, stand_in_token};
use plimsoll_cluster::{
    Access, Client, ConnectError, Entry, Published, Request, Saved, StandIns, collect, publish,
    role,
};
use plimsoll_render::escape;
use plimsoll_snapshot::date::Date;
use tempfile::NamedTempFile;

use crate::arguments::{ClusterOptions, SnapshotCommand, SnapshotOptions};
use crate::output::{Output, complain};
use crate::{Exit, Outcome, scan};

/// Runs the command.
pub(crate) fn run(options: &SnapshotOptions, output: &mut Output) -> Outcome {
    match &options.command {
        Some(SnapshotCommand::Diff(options)) => diff::run(options, output),
        Some(SnapshotCommand::Redact(options)) => redact::run(options),
        None => save(options, output),
    }
}

fn save(options: &SnapshotOptions, output: &mut Output) -> Outcome {
    let Some(path) = &options.output else {
        let role = role(options.access.secret_names);
        output.write(|out| out.write_all(role.as_bytes()))?;
        return Ok(Exit::Fine);
    };
    let file = beside(path)?;
    // Names that are to be taken out are never in a file with a name.
    let target = match options.redact {
        true => tempfile::tempfile()?,
        false => file.reopen()?,
    };
    let taken = take(
        &options.access,
        options.namespace.clone(),
        options.today,
        target,
    )?;
    let mut saved = Saved::verify(taken)?;
    if options.redact {
        saved = redact::redacted(&mut saved, file.reopen()?)?;
    }
    for entry in saved.entries()? {
        if let Entry::Gap(missed) = entry? {
            complain(&format!("gap: {}", escape(&missed.message)));
        }
    }
    scan::live::tell_differing(&saved);
    let end = &saved.end;
    complain(&format!(
        "{}: {} objects of a cluster of version {}, {} more are judged with their owners, {} gaps",
        path.display(),
        end.objects,
        escape(&saved.header.server_version),
        end.owned,
        end.gaps
    ));
    let exit = if end.gaps == 0 {
        Exit::Fine
    } else {
        Exit::Unsure
    };
    keep(file, path)?;
    Ok(exit)
}

/// A file that becomes `path` when it is whole.
fn beside(path: &Path) -> Result<NamedTempFile, String> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    let file = NamedTempFile::with_prefix_in(".plimsoll-", folder);
    file.map_err(|error| unwritable(path, &error))
}

fn keep(file: NamedTempFile, path: &Path) -> Result<(), String> {
    let kept = file.persist(path);
    kept.map(drop)
        .map_err(|error| unwritable(path, &error.error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> String {
    format!("{} cannot be written: {error}", path.display())
}

/// Opens a snapshot that was named.
fn open(path: &Path) -> Result<Saved, String> {
    let shown = path.display();
    if !path.exists() {
        return Err(format!("there is no file {shown}: check the path"));
    }
    if !Saved::is_one(path) {
        return Err(format!(
            "{shown} is no snapshot: take one with `plimsoll snapshot -o FILE`"
        ));
    }
    Saved::open(path).map_err(|error| format!("{shown} {error}"))
}

/// Collects the cluster that is asked for into a file.
///
/// # Errors
/// When there is no cluster to ask, or the file cannot be written.
pub(crate) fn take(
    options: &ClusterOptions,
    namespaces: Vec<String>,
    today: Option<Date>,
    file: File,
) -> Result<File, Box<dyn Error>> {
    let mut client = connect(options)?;
    let request = Request {
        namespaces,
        selector: options.selector.clone(),
        secret_names: options.secret_names,
        taken: today.unwrap_or_else(scan::today).to_string(),
    };
    let stand_ins = StandIns {
        value: stand_in,
        text: stand_in_text,
        token: stand_in_token,
        argument: stand_in_argument,
    };
    let (file, _) = collect(&mut client, &request, &stand_ins, file)?;
    Ok(file)
}

/// Writes a list of reports into the cluster that is asked for.
///
/// # Errors
/// When there is no cluster to ask, or a report cannot be written.
pub(crate) fn publish_reports(
    options: &ClusterOptions,
    list: &[u8],
    complete: bool,
) -> Result<Published, Box<dyn Error>> {
    Ok(publish(&mut connect(options)?, list, complete)?)
}

fn connect(options: &ClusterOptions) -> Result<Client, ConnectError> {
    let access = Access {
        kubeconfig: options.kubeconfig.clone(),
        context: options.context.clone(),
        as_user: options.as_user.clone(),
        ..Access::default()
    };
    let announce = |command: &str| complain(&format!("the kubeconfig runs: {}", escape(command)));
    Client::connect(&access, &announce)
}

#[cfg(test)]
mod tests {
    use plimsoll_control::Rule;
    use plimsoll_snapshot::collected::COLLECTED;
    use plimsoll_snapshot::kinds::is_settings;

    #[test]
    fn every_kind_that_a_control_looks_at_is_collected() {
        let mut looked_at = 0;
        for control in plimsoll_catalog::all() {
            for revision in control.revisions {
                let Rule::Object { kinds, .. } = &revision.rule else {
                    continue;
                };
                // Files of programs are in no cluster, and values of Secrets must not be.
                let live = kinds
                    .iter()
                    .filter(|(group, kind)| !is_settings(group, kind) && *kind != "Secret");
                // Of a group that is served no more the successor is read.
                for (group, kind) in live.filter(|(group, _)| *group != "extensions") {
                    looked_at += 1;
                    let mut rows = COLLECTED.iter().map(|row| (row.group, row.kind));
                    let id = control.head.id;
                    assert!(rows.any(|row| row == (*group, *kind)), "{id}: {kind}");
                }
            }
        }
        assert!(looked_at > 20, "{looked_at}");
    }
}
