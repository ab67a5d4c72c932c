//! Homebrew's formula and krew's plugin manifest for a version, from the checksums of its archives. Prints; publishes
//! nothing.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::Outcome;

const USAGE: &str = "usage: cargo xtask release-manifests homebrew|krew VERSION URL SUMS
  URL    where the archives lie, such as https://example.com/releases/v0.1.0
  SUMS   what sha256sum printed for plimsoll-VERSION-TARGET.tar.gz, each with plimsoll and LICENSE at its top";

/// A target for which archives are made: Rust's name, and how krew (Go) and Homebrew name it.
struct Target {
    rust: &'static str,
    os: &'static str,
    arch: &'static str,
    brew: (&'static str, &'static str),
}

const TARGETS: [Target; 4] = [
    Target {
        rust: "x86_64-unknown-linux-musl",
        os: "linux",
        arch: "amd64",
        brew: ("linux", "intel"),
    },
    Target {
        rust: "aarch64-unknown-linux-musl",
        os: "linux",
        arch: "arm64",
        brew: ("linux", "arm"),
    },
    Target {
        rust: "x86_64-apple-darwin",
        os: "darwin",
        arch: "amd64",
        brew: ("macos", "intel"),
    },
    Target {
        rust: "aarch64-apple-darwin",
        os: "darwin",
        arch: "arm64",
        brew: ("macos", "arm"),
    },
];

/// An archive of the release.
struct Archive<'r> {
    target: &'r Target,
    url: String,
    sum: &'r str,
}

/// Prints one of the manifests.
pub(crate) fn run(_: &Path, arguments: &[String]) -> Outcome {
    let [kind, version, url, sums] = arguments else {
        return Err(USAGE.into());
    };
    let sums = fs::read_to_string(sums).map_err(|error| format!("{sums}: {error}"))?;
    let manifest = match kind.as_str() {
        "homebrew" => homebrew,
        "krew" => krew,
        _ => return Err(USAGE.into()),
    };
    print!("{}", manifest(version, &archives(version, url, &sums)?));
    Ok(())
}

/// The archives that have a checksum. Anything else in their place is refused: it would end in a program that runs it.
fn archives<'r>(version: &str, url: &str, sums: &'r str) -> Result<Vec<Archive<'r>>, String> {
    let is_version = version.split('.').count() == 3
        && version.split('.').all(|part| part.parse::<u32>().is_ok());
    if !is_version {
        return Err(format!("\"{version}\" is no version: write it as 0.1.0"));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/%".contains(c);
    if !url.starts_with("https://") || !url.chars().all(plain) {
        return Err(format!("\"{url}\" is no address that begins with https://"));
    }
    let sums: BTreeMap<&str, &str> = sums
        .lines()
        .filter_map(|line| line.split_once(char::is_whitespace))
        .map(|(sum, name)| (name.trim_start_matches([' ', '*']), sum))
        .collect();
    let archive = |target: &'static Target| {
        let name = format!("plimsoll-{version}-{}.tar.gz", target.rust);
        let sum = sums.get(name.as_str()).copied()?;
        let url = format!("{}/{name}", url.trim_end_matches('/'));
        Some(Archive { target, url, sum })
    };
    let archives: Vec<Archive<'r>> = TARGETS.iter().filter_map(archive).collect();
    if archives.is_empty() {
        return Err(format!("no checksum of a plimsoll-{version}-TARGET.tar.gz"));
    }
    let is_sum = |sum: &str| sum.len() == 64 && sum.chars().all(|c| c.is_ascii_hexdigit());
    match archives.iter().find(|archive| !is_sum(archive.sum)) {
        Some(archive) => Err(format!("\"{}\" is no SHA-256 checksum", archive.sum)),
        None => Ok(archives),
    }
}

fn homebrew(version: &str, archives: &[Archive<'_>]) -> String {
    let mut text = format!(
        "class Plimsoll < Formula\n  desc \"Kubernetes hardening: the NSA/CISA guide as software\"\n  homepage \"{}\"\n  \
         version \"{version}\"\n  license \"Apache-2.0\"\n\n",
        archives
            .first()
            .and_then(|archive| archive.url.rsplit_once('/'))
            .map_or("", |(folder, _)| folder)
    );
    for os in ["macos", "linux"] {
        let of_os = archives
            .iter()
            .filter(|archive| archive.target.brew.0 == os);
        let mut of_os = of_os.peekable();
        if of_os.peek().is_none() {
            continue;
        }
        let _ = writeln!(text, "  on_{os} do");
        for Archive { target, url, sum } in of_os {
            let _ = write!(
                text,
                "    on_{} do\n      url \"{url}\"\n      sha256 \"{sum}\"\n    end\n",
                target.brew.1
            );
        }
        text.push_str("  end\n\n");
    }
    text.push_str(
        "  def install\n    bin.install \"plimsoll\"\n    bin.install_symlink \"plimsoll\" => \"kubectl-plimsoll\"\n    \
         generate_completions_from_executable(bin/\"plimsoll\", \"completions\", shells: [:bash, :zsh, :fish])\n    \
         system bin/\"plimsoll\", \"man\", man1\n  end\n\n  \
         test do\n    assert_match version.to_s, shell_output(\"#{bin}/plimsoll --version\")\n  end\nend\n",
    );
    text
}

fn krew(version: &str, archives: &[Archive<'_>]) -> String {
    let home = archives
        .first()
        .and_then(|archive| archive.url.rsplit_once('/'));
    let mut text = format!(
        "apiVersion: krew.googlecontainertools.github.com/v1alpha2\nkind: Plugin\nmetadata:\n  name: plimsoll\nspec:\n  \
         version: v{version}\n  homepage: {}\n  \
         shortDescription: Judges objects by the NSA/CISA hardening guide\n  \
         description: |\n    Judges manifests, archives and what kubectl prints by the NSA/CISA Kubernetes\n    \
         Hardening Guidance, and shows each fault at its exact field.\n  platforms:\n",
        home.map_or("", |(folder, _)| folder)
    );
    for Archive { target, url, sum } in archives {
        let _ = write!(
            text,
            "    - selector:\n        matchLabels:\n          os: {}\n          arch: {}\n      uri: {url}\n      \
             sha256: {sum}\n      bin: kubectl-plimsoll\n      files:\n        - from: plimsoll\n          \
             to: kubectl-plimsoll\n        - from: LICENSE\n          to: .\n",
            target.os, target.arch
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://example.com/v0.1.0";

    fn sums() -> String {
        let line = |target: &Target| {
            format!(
                "{}  plimsoll-0.1.0-{}.tar.gz\n",
                "ab".repeat(32),
                target.rust
            )
        };
        TARGETS.iter().map(line).collect()
    }

    #[test]
    fn krew_gets_a_platform_for_each_archive() {
        #[derive(serde::Deserialize)]
        struct Manifest {
            metadata: BTreeMap<String, String>,
            spec: Spec,
        }
        #[derive(serde::Deserialize)]
        struct Spec {
            version: String,
            platforms: Vec<Platform>,
        }
        #[derive(serde::Deserialize)]
        struct Platform {
            uri: String,
            sha256: String,
            bin: String,
            files: Vec<BTreeMap<String, String>>,
        }
        let sums = sums();
        let text = krew("0.1.0", &archives("0.1.0", URL, &sums).unwrap());
        let manifest: Manifest = serde_saphyr::from_str(&text).unwrap();
        assert_eq!(manifest.metadata["name"], "plimsoll");
        assert_eq!(
            (
                manifest.spec.version.as_str(),
                manifest.spec.platforms.len()
            ),
            ("v0.1.0", 4)
        );
        for platform in manifest.spec.platforms {
            assert!(platform.uri.starts_with(URL) && platform.sha256.len() == 64);
            assert_eq!(platform.files[0]["to"], platform.bin);
        }
    }

    #[test]
    fn homebrew_gets_only_what_there_is() {
        let sums = sums();
        let linux: String = sums
            .lines()
            .take(2)
            .map(|line| format!("{line}\n"))
            .collect();
        let text = homebrew("0.1.0", &archives("0.1.0", URL, &linux).unwrap());
        assert!(
            text.contains("on_linux") && !text.contains("on_macos"),
            "{text}"
        );
        assert_eq!(text.matches("sha256 \"").count(), 2);
        let opened = text.matches(" do\n").count() + text.matches("  def ").count() + 1;
        assert_eq!(
            text.lines().filter(|line| line.trim() == "end").count(),
            opened
        );
    }

    #[test]
    fn what_could_become_code_is_refused() {
        let sums = sums();
        for (version, url, sums) in [
            ("0.1", URL, sums.as_str()),
            ("0.1.0\"", URL, &sums),
            ("0.1.0", "http://example.com", &sums),
            ("0.1.0", "https://example.com/\"; system(\"x\")", &sums),
            ("0.1.0", URL, ""),
            (
                "0.1.0",
                URL,
                "zz  plimsoll-0.1.0-x86_64-apple-darwin.tar.gz",
            ),
        ] {
            assert!(
                archives(version, url, sums).is_err(),
                "{version} {url} {sums}"
            );
        }
    }
}
