//! Where the scanned files can be looked at in a browser, as a pipeline of GitHub or GitLab says it in its environment.
//!
//! Nothing else reads these variables, and nothing is asked over the network.

use std::env;
use std::path::{Component, Path};

/// The variables of a pipeline: the address of the project in one or two parts, what stands before the revision, the revision, and
/// the folder of the checkout.
struct Pipeline {
    project: &'static [&'static str],
    files: &'static str,
    revision: &'static str,
    checkout: &'static str,
}

const PIPELINES: [Pipeline; 2] = [
    Pipeline {
        project: &["GITHUB_SERVER_URL", "GITHUB_REPOSITORY"],
        files: "blob",
        revision: "GITHUB_SHA",
        checkout: "GITHUB_WORKSPACE",
    },
    Pipeline {
        project: &["CI_PROJECT_URL"],
        files: "-/blob",
        revision: "CI_COMMIT_SHA",
        checkout: "CI_PROJECT_DIR",
    },
];

/// The address to which the name of a file is added, with a `/` at its end. `None` outside of a pipeline, and where the scan does
/// not run in its checkout.
pub(super) fn files_at() -> Option<String> {
    let here = env::current_dir().ok()?;
    let said = |variable: &str| env::var(variable).ok();
    PIPELINES
        .iter()
        .find_map(|pipeline| pipeline.files_at(&here, &said))
}

impl Pipeline {
    fn files_at(&self, here: &Path, said: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let project: Option<Vec<String>> = self.project.iter().map(|name| said(name)).collect();
        let mut address = project?.join("/");
        let revision = said(self.revision)?;
        let checkout = Path::new(&said(self.checkout)?).canonicalize().ok()?;
        let here = here.canonicalize().ok()?;
        address = format!("{address}/{}/{revision}/", self.files);
        for folder in here.strip_prefix(checkout).ok()?.components() {
            let Component::Normal(name) = folder else {
                return None;
            };
            address += &plimsoll_render::uri(name.to_str()?);
            address.push('/');
        }
        Some(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(here: &Path, variables: &[(&str, &str)]) -> Option<String> {
        let said = |name: &str| {
            let mut all = variables.iter();
            all.find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        let mut pipelines = PIPELINES.iter();
        pipelines.find_map(|pipeline| pipeline.files_at(here, &said))
    }

    #[test]
    fn pipelines_say_where_the_files_are() {
        let checkout = tempfile::tempdir().unwrap();
        let root = checkout.path().to_str().unwrap();
        let below = checkout.path().join("a b");
        std::fs::create_dir(&below).unwrap();
        let github = [
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_REPOSITORY", "shop/web"),
            ("GITHUB_SHA", "0123abc"),
            ("GITHUB_WORKSPACE", root),
        ];
        let address = "https://github.com/shop/web/blob/0123abc/";
        assert_eq!(at(checkout.path(), &github).unwrap(), address);
        assert_eq!(at(&below, &github).unwrap(), format!("{address}a%20b/"));
        assert_eq!(at(Path::new("/"), &github), None, "outside of the checkout");
        assert_eq!(at(checkout.path(), &github[..3]), None);
        let gitlab = [
            ("CI_PROJECT_URL", "https://gitlab.example.com/group/web"),
            ("CI_COMMIT_SHA", "0123abc"),
            ("CI_PROJECT_DIR", root),
        ];
        let address = "https://gitlab.example.com/group/web/-/blob/0123abc/";
        assert_eq!(at(checkout.path(), &gitlab).unwrap(), address);
        assert_eq!(at(checkout.path(), &[]), None);
    }
}
