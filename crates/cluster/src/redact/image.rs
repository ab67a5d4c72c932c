//! References of images: the parts are replaced one by one, so that registry, repository, tag and digest stay what they are.

use plimsoll_snapshot::image::{DOCKER_HUB, Reference};

use super::Redaction;

/// Registries that everybody uses.
const PUBLIC: &[&str] = &[
    DOCKER_HUB,
    "gcr.io",
    "ghcr.io",
    "k8s.gcr.io",
    "mcr.microsoft.com",
    "public.ecr.aws",
    "quay.io",
    "registry.k8s.io",
];
/// Registries of Kubernetes itself, whose images say nothing about whoever runs them.
const KUBERNETES: &[&str] = &["k8s.gcr.io", "registry.k8s.io"];

impl Redaction {
    /// Another reference of the same form.
    pub(super) fn image(&self, text: &str) -> String {
        let Some(image) = Reference::parse(text) else {
            return text.chars().map(blank).collect();
        };
        if KUBERNETES.contains(&image.registry) {
            return text.to_owned();
        }
        let name = text.split('@').next().unwrap_or(text);
        let name = match image.tag {
            Some(tag) => name.strip_suffix(&format!(":{tag}")).unwrap_or(name),
            None => name,
        };
        let host = name.strip_suffix(image.repository).unwrap_or_default();
        let is_public = PUBLIC.contains(&image.registry);
        let host = if is_public {
            host.to_owned()
        } else {
            self.text(host)
        };
        let repository = self.repository(image.repository);
        let tag = image.tag.map(|tag| format!(":{}", self.text(tag)));
        let digest = image
            .digest
            .map(|digest| format!("@{}", self.checksum(digest)));
        format!(
            "{host}{repository}{}{}",
            tag.unwrap_or_default(),
            digest.unwrap_or_default()
        )
    }

    /// What a control knows stays, with all that stands before it replaced.
    fn repository(&self, repository: &str) -> String {
        let steps = std::iter::once(0).chain(repository.match_indices('/').map(|(at, _)| at + 1));
        let mut ends = steps.filter_map(|start| repository.get(start..));
        let known = ends.find(|end| self.vocabulary.has(end));
        let known = known.unwrap_or_default();
        let before = repository.strip_suffix(known).unwrap_or(repository);
        let steps: Vec<String> = before
            .split('/')
            .map(|step| {
                if step.is_empty() {
                    String::new()
                } else {
                    self.pseudonym(step)
                }
            })
            .collect();
        format!("{}{known}", steps.join("/"))
    }

    fn checksum(&self, digest: &str) -> String {
        let (algorithm, hex) = digest.split_once(':').unwrap_or(("sha256", digest));
        let other = self.digest("checksum", hex).repeat(3);
        format!("{algorithm}:{}", other.get(..hex.len()).unwrap_or(&other))
    }
}

/// Of what is no reference only the form is kept, by which it is none.
fn blank(c: char) -> char {
    match c {
        c if c.is_ascii_lowercase() => 'x',
        c if c.is_ascii_uppercase() => 'X',
        c if c.is_ascii_digit() => '0',
        c if c.is_alphanumeric() => 'é',
        c => c,
    }
}
