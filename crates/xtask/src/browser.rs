//! `cargo xtask browser`: opens the HTML report of more than 20,000 findings in a headless Chromium, and fails when it is slow,
//! counts wrongly, asks for anything from outside or lets a hostile name do something. `--pictures DIR` also writes pictures
//! of it in every dress, to look at.
//!
//! Here lives what is asked of the page; talking to the browser lives in `session`. Needs Chromium and the release build.
#![allow(
    clippy::indexing_slicing,
    reason = "a member that a JSON value does not have is null"
)]

mod session;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use serde_json::{Value, json};

use crate::{Outcome, bench, corpus};
use session::Session;

/// How many generated files give more findings than [`FINDINGS`].
const FILES: u32 = 2000;
/// At least so many findings.
const FINDINGS: usize = 20_000;
/// Opening and filtering may take so long, in milliseconds.
const PATIENCE: f64 = 2000.0;

/// An object whose every name would do harm if it were markup, or steer the reader if it were shown as it is.
const HOSTILE: &str = r##"apiVersion: v1
kind: Pod
metadata:
  name: "</script><script>window.harmed=1</script>"
  namespace: "<img src=https://example.invalid/x onerror=window.harmed=2>"
spec:
  hostNetwork: true
  containers:
    - name: "\u202e\e[31m\"'><svg onload=window.harmed=3>"
      image: "<iframe src=javascript:window.harmed=4>"
      securityContext: {privileged: true}
"##;

/// A text that does not parse, which is a gap.
const BROKEN: &str = "apiVersion: v1\nkind: [</script>\n";

/// Measures, asserts and says what came out.
pub(crate) fn run(project: &Path, arguments: &[String]) -> Outcome {
    let pictures = match arguments {
        [] => None,
        [option, folder] if option == "--pictures" => Some(Path::new(folder)),
        _ => return Err("usage: cargo xtask browser [--pictures DIR]".into()),
    };
    let browser =
        find().ok_or("no Chromium on PATH: install it (Debian: apt-get install chromium)")?;
    let program = bench::build(project)?;
    let folder = project.join("target").join("browser");
    let manifests = write_manifests(&folder)?;
    let (page, report) = (folder.join("report.html"), folder.join("report.json"));
    write_report(&program, &manifests, "html", &page)?;
    write_report(&program, &manifests, "json", &report)?;
    let mut session = Session::start(&browser, &folder.join("profile"))?;
    session.open(&page)?;
    check(&mut session, &serde_json::from_slice(&fs::read(report)?)?)?;
    let Some(pictures) = pictures else {
        return Ok(());
    };
    picture(&mut session, &page, &pictures.join("many"))?;
    for example in ["shop", "shop-hardened"] {
        let page = folder.join(example).with_extension("html");
        write_report(
            &program,
            &project.join("examples").join(example),
            "html",
            &page,
        )?;
        picture(&mut session, &page, &pictures.join(example))?;
    }
    Ok(())
}

/// The browser, by the names under which systems install it.
pub(crate) fn find() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let path = env::var_os("PATH")?;
    let mut folders = env::split_paths(&path);
    folders.find_map(|folder| {
        names
            .map(|name| folder.join(name))
            .into_iter()
            .find(|file| file.is_file())
    })
}

/// Many findings, hostile names and a gap.
fn write_manifests(folder: &Path) -> io::Result<PathBuf> {
    let manifests = folder.join("manifests");
    // Files of an earlier request would count as well.
    if manifests.exists() {
        fs::remove_dir_all(&manifests)?;
    }
    corpus::write_files(&manifests, FILES, corpus::SEED)?;
    fs::write(manifests.join("hostile.yaml"), HOSTILE)?;
    fs::write(manifests.join("broken.yaml"), BROKEN)?;
    Ok(manifests)
}

fn write_report(program: &Path, input: &Path, format: &str, file: &Path) -> Outcome {
    let status = Command::new(program)
        .args([
            "scan",
            "--fail-on",
            "never",
            "--allow-gaps",
            "--format",
            format,
        ])
        .arg(input)
        .stdout(fs::File::create(file)?)
        .status()?;
    match status.success() {
        true => Ok(()),
        false => Err("the scan failed".into()),
    }
}

fn check(session: &mut Session, report: &Value) -> Outcome {
    let findings = report["findings"].as_array().map_or(0, Vec::len);
    if findings < FINDINGS {
        return Err(format!("only {findings} findings: raise FILES").into());
    }
    let control = &report["findings"][0]["control"];
    let measure = format!(
        "{}({control})",
        include_str!("browser/measure.js").trim_end()
    );
    let measured = session.evaluate(&measure)?;
    let expected = expected(report);
    let seen = json!({"all": measured["all"], "severities": measured["severities"],
        "searched": measured["searched"], "control": measured["control"]});
    equal("counts", &seen, &expected)?;
    equal("what hostile names did", &measured["harmed"], &json!(null))?;
    equal(
        "hostile names that can be read",
        &measured["hostile"],
        &json!(true),
    )?;
    equal(
        "elements that load something",
        &measured["foreign"],
        &json!(0),
    )?;
    equal(
        "the finding that the address names",
        &measured["linked"],
        &json!(true),
    )?;
    equal(
        "script errors and refusals",
        &json!(session.complaints),
        &json!([]),
    )?;
    equal("requests", &json!(session.requests), &json!([]))?;
    println!("{findings} findings; milliseconds (at most {PATIENCE}):");
    for name in ["open", "search", "filter", "order", "follow"] {
        let took = measured["took"][name]
            .as_f64()
            .ok_or("nothing was measured")?;
        println!("{name:<8} {took:>7.0}");
        if took > PATIENCE {
            return Err(format!("{name} took {took:.0} ms").into());
        }
    }
    Ok(())
}

/// What the page must count, from the JSON report alone.
fn expected(report: &Value) -> Value {
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let count = |matches: &dyn Fn(&Value) -> bool| findings.iter().filter(|it| matches(it)).count();
    let severities = ["critical", "high", "medium", "low"]
        .map(|severity| count(&|finding| finding["severity"] == severity));
    json!({
        "all": findings.len(),
        "severities": severities,
        "searched": count(&|finding| finding["message"].as_str().is_some_and(|it| it.contains("runs privileged"))),
        "control": count(&|finding| finding["control"] == findings[0]["control"]),
    })
}

fn equal(what: &str, seen: &Value, expected: &Value) -> Outcome {
    match seen == expected {
        true => Ok(()),
        false => Err(format!("{what}: {seen}, not {expected}").into()),
    }
}

/// Pictures of a page in every dress, with its first findings opened, and as it is printed.
fn picture(session: &mut Session, page: &Path, folder: &Path) -> Outcome {
    const OPEN: &str = "for (const it of [...document.querySelectorAll('article details')].slice(0, 3)) it.open = true";
    const LAST: &str = "location.hash = JSON.parse(document.getElementById('data').textContent).findings.at(-1)?.fingerprint.replace(':', '-') ?? ''";
    fs::create_dir_all(folder)?;
    for (name, width, scheme) in [
        ("light", 1280, "light"),
        ("dark", 1280, "dark"),
        ("phone", 390, "light"),
    ] {
        session.dress(width, scheme)?;
        session.open(page)?;
        session.evaluate(OPEN)?;
        fs::write(folder.join(name).with_extension("png"), session.picture()?)?;
    }
    session.dress(1280, "light")?;
    session.open(page)?;
    fs::write(folder.join("print.pdf"), session.print()?)?;
    session.evaluate(LAST)?;
    fs::write(folder.join("linked.png"), session.picture()?)?;
    session.let_scripts_run(false)?;
    session.open(page)?;
    fs::write(folder.join("unscripted.png"), session.picture()?)?;
    session.let_scripts_run(true)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn what_the_page_must_count() {
        let finding = |severity: &str, control: &str, message: &str| json!({"severity": severity, "control": control, "message": message});
        let report = json!({"findings": [
            finding("critical", "bad-thing", "container \"a\" runs privileged"),
            finding("low", "small-thing", "says that it runs privileged"),
            finding("low", "small-thing", "small"),
        ]});
        let counts = json!({"all": 3, "severities": [1, 0, 0, 2], "searched": 2, "control": 1});
        assert_eq!(expected(&report), counts);
        assert!(equal("counts", &counts, &json!({})).is_err());
        // Not captured, so that `cargo test` alone says it.
        let said = "the HTML page in a browser: left out, `cargo xtask browser` opens it";
        let _ = writeln!(io::stderr(), "{said}");
    }
}
