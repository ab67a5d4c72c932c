//! `cargo xtask bootstrap`: writes the rights of the roles that every API server makes itself, as a table for the room
//! `snapshot`.
//!
//! They come from the test data of `k8s.io/kubernetes`, which Go's own proxy serves (needs Go and the network; nothing
//! else does). A role has in the table whatever any of the versions gives it. The same modules give the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::Outcome;

/// Releases between which the rights of the roles changed, the oldest that is known here first.
const RELEASES: [&str; 6] = [
    "v1.24.17", "v1.28.15", "v1.31.14", "v1.34.2", "v1.36.3", "v1.37.1",
];
const FOLDER: &str = "plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata";
const FILES: [&str; 4] = [
    "cluster-roles.yaml",
    "cluster-roles-featuregates.yaml",
    "controller-roles.yaml",
    "namespace-roles.yaml",
];
const GENERATED: &str = "crates/snapshot/src/facts/rbac/bootstrap/generated.rs";

#[derive(Deserialize)]
struct Module {
    #[serde(rename = "Dir")]
    folder: PathBuf,
}

#[derive(Deserialize)]
struct List {
    items: Vec<Role>,
}

#[derive(Deserialize)]
struct Role {
    metadata: Metadata,
    rules: Option<Vec<Rule>>,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    namespace: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Rule {
    api_groups: Vec<String>,
    resources: Vec<String>,
    resource_names: Vec<String>,
    #[serde(rename = "nonResourceURLs")]
    urls: Vec<String>,
    verbs: Vec<String>,
}

type Words = BTreeSet<String>;
/// Group (`None`: the resource is a URL), resource and names, with the verbs.
type Rights = BTreeMap<(Option<String>, String, Words), Words>;

/// Writes the table. Takes no arguments.
pub(crate) fn run(project: &Path, _: &[String]) -> Outcome {
    let mut roles: BTreeMap<(String, String), Rights> = BTreeMap::new();
    for release in RELEASES {
        for file in FILES {
            let path = module(project, release)?.join(FOLDER).join(file);
            if !path.exists() {
                continue;
            }
            let list: List = serde_saphyr::from_str(&fs::read_to_string(&path)?)?;
            for role in list.items {
                let key = (
                    role.metadata.namespace.unwrap_or_default(),
                    role.metadata.name,
                );
                let rights = roles.entry(key).or_default();
                role.rules
                    .into_iter()
                    .flatten()
                    .for_each(|rule| add(rights, &rule));
            }
        }
    }
    fs::write(project.join(GENERATED), render(&roles))?;
    println!("wrote {} roles to {GENERATED}", roles.len());
    Ok(())
}

/// The folder of a release, downloaded if need be.
fn module(project: &Path, release: &str) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let output = Command::new("go")
        .args(["mod", "download", "-json"])
        .arg(format!("k8s.io/kubernetes@{release}"))
        .current_dir(project)
        .output()?;
    let module: Module = serde_saphyr::from_str(&String::from_utf8(output.stdout)?)?;
    Ok(module.folder)
}

fn add(rights: &mut Rights, rule: &Rule) {
    let names: Words = rule.resource_names.iter().cloned().collect();
    let in_groups = rule.api_groups.iter().flat_map(|group| {
        let resources = rule.resources.iter();
        resources.map(move |resource| (Some(group.clone()), resource.clone()))
    });
    let urls = rule.urls.iter().map(|url| (None, url.clone()));
    for (group, resource) in in_groups.chain(urls) {
        let verbs = rights.entry((group, resource, names.clone())).or_default();
        verbs.extend(rule.verbs.iter().cloned());
    }
}

/// Few rows: first the resources of a group that have the same names and verbs, then the groups that are alike.
fn rows(rights: &Rights) -> BTreeSet<[Words; 4]> {
    let mut by_group: BTreeMap<(&Option<String>, &Words, &Words), Words> = BTreeMap::new();
    for ((group, resource, names), verbs) in rights {
        let resources = by_group.entry((group, names, verbs)).or_default();
        resources.insert(resource.clone());
    }
    let mut rows: BTreeMap<(Words, &Words, &Words, bool), Words> = BTreeMap::new();
    for ((group, names, verbs), resources) in by_group {
        let groups = rows
            .entry((resources, names, verbs, group.is_some()))
            .or_default();
        groups.extend(group.clone());
    }
    rows.into_iter()
        .map(|((resources, names, verbs, _), groups)| {
            [groups, resources, names.clone(), verbs.clone()]
        })
        .collect()
}

fn render(roles: &BTreeMap<(String, String), Rights>) -> String {
    let mut text = String::from(concat!(
        "//! The roles that API servers make themselves, with the rights that they have in some version.\n",
        "//!\n",
        "//! Written by `cargo xtask bootstrap` from the test data of `k8s.io/kubernetes`: do not edit.\n",
        "\n",
        "use super::{Known, Rights};\n",
        "\n",
        "const fn rights(groups: &'static [&'static str], resources: &'static [&'static str], names: &'static [&'static str], verbs: &'static [&'static str]) -> Rights {\n",
        "    Rights { groups, resources, names, verbs }\n",
        "}\n",
        "\n",
        "/// By namespace (empty: a ClusterRole) and name.\n",
    ));
    let _ = writeln!(text, "pub(super) static ROLES: &[Known] = &[");
    for ((namespace, name), rights) in roles {
        let _ = writeln!(
            text,
            "    Known {{ namespace: {namespace:?}, name: {name:?}, rights: &["
        );
        for row in rows(rights) {
            let words: Vec<String> = row.iter().map(|words| format!("&{words:?}")).collect();
            let shown = words.join(", ").replace('{', "[").replace('}', "]");
            let _ = writeln!(text, "        rights({shown}),");
        }
        text += "    ] },\n";
    }
    text + "];\n"
}
