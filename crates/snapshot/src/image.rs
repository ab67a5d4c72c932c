//! References of container images, taken apart as the container runtimes take them: registry, repository, tag, digest.
//! Knows nothing of what an image holds, nor of which registries are good.

/// A reference that a runtime could resolve.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Reference<'t> {
    /// The registry; `docker.io` where none is written.
    pub registry: &'t str,
    /// `library` where Docker Hub's own images are meant by their short name.
    pub implied: Option<&'static str>,
    /// The repository as written, without registry.
    pub repository: &'t str,
    /// The tag. `None` means `latest`, unless there is a digest.
    pub tag: Option<&'t str>,
    /// The digest, such as `sha256:…`.
    pub digest: Option<&'t str>,
}

/// The registry of a reference that names none.
pub const DOCKER_HUB: &str = "docker.io";

impl<'t> Reference<'t> {
    /// Takes a reference apart. `None`: no runtime would take it.
    pub fn parse(text: &'t str) -> Option<Reference<'t>> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        let last = rest.rfind('/').map_or(0, |slash| slash + 1);
        let (name, tag) = match rest.get(last..)?.split_once(':') {
            Some((short, tag)) => (rest.get(..last + short.len())?, Some(tag)),
            None => (rest, None),
        };
        let (registry, repository) = match name.split_once('/') {
            Some((first, rest)) if is_registry(first) => (first, rest),
            _ => (DOCKER_HUB, name),
        };
        let is_hub = matches!(registry, DOCKER_HUB | "index.docker.io");
        let fine = repository.split('/').all(is_step)
            && is_host(registry)
            && tag.is_none_or(is_tag)
            && digest.is_none_or(is_digest)
            && !(name == repository && is_image_id(name));
        fine.then_some(Reference {
            registry: if is_hub { DOCKER_HUB } else { registry },
            implied: (is_hub && !repository.contains('/')).then_some("library"),
            repository,
            tag,
            digest,
        })
    }

    /// Registry and repository in full: `docker.io/library/nginx`.
    pub fn name(&self) -> String {
        let implied = self.implied.map(|implied| format!("{implied}/"));
        let implied = implied.unwrap_or_default();
        format!("{}/{implied}{}", self.registry, self.repository)
    }

    /// May it mean another image tomorrow, by its very form: the tag `latest`, or neither tag nor digest?
    pub fn is_latest(&self) -> bool {
        self.digest.is_none() && self.tag.is_none_or(|tag| tag == "latest")
    }

    /// Does the image come from below `prefix`, a registry or a registry with the beginning of a path? Steps count
    /// whole: `registry.example.com/team` is not the beginning of `registry.example.com/teams`.
    pub fn is_below(&self, prefix: &str) -> bool {
        let prefix = prefix.trim_end_matches('/');
        let name = self.name();
        let rest = name.strip_prefix(prefix);
        !prefix.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// The first step names a registry where it has a dot or a port, or is `localhost`.
fn is_registry(first: &str) -> bool {
    first == "localhost" || first.contains(['.', ':'])
}

fn is_host(registry: &str) -> bool {
    let (host, port) = registry.split_once(':').unwrap_or((registry, "0"));
    let label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(inner)
    };
    host.split('.').all(label) && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// Lower-case words, with single separators between them: `.`, `_`, `__` or dashes.
fn is_step(step: &str) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_separator = |between: &[u8]| {
        matches!(between, b"." | b"_" | b"__") || between.iter().all(|byte| *byte == b'-')
    };
    let bytes = step.as_bytes();
    [bytes.first(), bytes.last()]
        .iter()
        .all(|edge| edge.is_some_and(is_word))
        && bytes.split(is_word).all(is_separator)
}

fn is_tag(tag: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=128).contains(&tag.len()) && tag.bytes().all(inner) && !tag.starts_with(['.', '-'])
}

fn is_digest(digest: &str) -> bool {
    let is_hex = |hex: &str, length: usize| {
        hex.len() >= length && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    match digest.split_once(':') {
        Some(("sha256", hex)) => hex.len() == 64 && is_hex(hex, 64),
        Some(("sha512", hex)) => hex.len() == 128 && is_hex(hex, 128),
        Some((algorithm, hex)) => !algorithm.is_empty() && is_hex(hex, 32),
        None => false,
    }
}

/// 64 hexadecimal digits are an image's id, which no runtime takes for a name.
fn is_image_id(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:0b7a9d0e1ce7f0ad2c1d5d1a6c3bb7b4ae8f6d1a3c4f5e60718293a4b5c6d7e8";

    fn name(text: &str) -> Option<String> {
        Reference::parse(text).map(|reference| reference.name())
    }

    #[test]
    fn a_short_name_means_docker_hub() {
        for text in [
            "nginx",
            "docker.io/nginx:1",
            "index.docker.io/library/nginx",
        ] {
            assert_eq!(
                name(text).as_deref(),
                Some("docker.io/library/nginx"),
                "{text}"
            );
        }
        assert_eq!(name("team/app:1").as_deref(), Some("docker.io/team/app"));
    }

    #[test]
    fn a_first_step_with_dot_or_port_is_a_registry() {
        assert_eq!(name("localhost/app").as_deref(), Some("localhost/app"));
        assert_eq!(
            name("registry:5000/app").as_deref(),
            Some("registry:5000/app")
        );
        assert_eq!(
            name("r.example.com/a/b:2").as_deref(),
            Some("r.example.com/a/b")
        );
        let reference = Reference::parse("r.example.com:5000/app:2").expect("a reference");
        assert_eq!(
            (reference.registry, reference.tag),
            ("r.example.com:5000", Some("2"))
        );
    }

    #[test]
    fn tag_and_digest_are_told_apart() {
        let both = format!("app:1.0@{DIGEST}");
        let both = Reference::parse(&both).expect("a reference");
        assert_eq!((both.tag, both.digest), (Some("1.0"), Some(DIGEST)));
        let latest = |text: &str| Reference::parse(text).map(|reference| reference.is_latest());
        assert_eq!(latest("app"), Some(true));
        assert_eq!(latest("app:latest"), Some(true));
        assert_eq!(latest("app:1"), Some(false));
        assert_eq!(latest(&format!("app@{DIGEST}")), Some(false));
        assert_eq!(latest(&format!("app:latest@{DIGEST}")), Some(false));
    }

    #[test]
    fn what_no_runtime_takes_is_no_reference() {
        let wrong = [
            "",
            " app",
            "app:",
            "App",
            "app@",
            "app@sha256:abc",
            "a//b",
            "/app",
            "app/",
            "${IMAGE}",
            "app:a b",
            "app:-1",
            "a..b",
            "r.example.com/",
            "r.example.com:x/app",
            "app_-x",
            "app@md5:00",
        ];
        for text in wrong {
            assert_eq!(Reference::parse(text), None, "{text:?}");
        }
        assert_eq!(Reference::parse(&"a".repeat(64)), None);
        assert_eq!(Reference::parse(&format!("app:{}", "t".repeat(129))), None);
    }

    #[test]
    fn a_prefix_counts_in_whole_steps() {
        let image = Reference::parse("r.example.com/team/app:1").expect("a reference");
        for prefix in [
            "r.example.com",
            "r.example.com/team",
            "r.example.com/team/",
            "r.example.com/team/app",
        ] {
            assert!(image.is_below(prefix), "{prefix}");
        }
        for prefix in [
            "",
            "/",
            "r.example.co",
            "r.example.com/te",
            "example.com",
            "docker.io",
        ] {
            assert!(!image.is_below(prefix), "{prefix}");
        }
    }
}
