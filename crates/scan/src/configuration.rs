//! The configuration, `plimsoll.yaml`: from a text to typed values, or one sentence that says where it is wrong and what
//! to write. Pure; finding and reading the file is not done here.
//!
//! Invariant: nothing in it is skipped. An unknown key, id or value is an error, never a default.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

use plimsoll_control::{Control, Severity};
use plimsoll_snapshot::object::{Document, File, ObjectId};
use plimsoll_snapshot::place::Source;
use plimsoll_snapshot::value::At;
use plimsoll_snapshot::version::Minor;
use plimsoll_snapshot::waiver::{Covers, Waiver};
use plimsoll_yaml::{Kind, Lines, Node, Span, parse, split};

use crate::gap::GapReason;
use crate::nearest::nearest;
use crate::profile::Profile;
use crate::waiver::{current_id, is_policy_elsewhere, meant};

/// The word for a threshold that nothing reaches.
const NEVER: &str = "never";

/// What a configuration says. Whatever it leaves out is `None` or empty.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Configuration {
    /// The Kubernetes version for which to judge.
    pub version: Option<Minor>,
    /// The threat profile.
    pub profile: Option<Profile>,
    /// The least severity that fails a scan; `Some(None)`: none does.
    pub fail_on: Option<Option<Severity>>,
    /// Patterns of files that are not meant, relative to the configuration's folder.
    pub exclude: Vec<String>,
    /// Controls that are not run, by their present id, with the reason.
    pub off: BTreeMap<&'static str, String>,
    /// Gaps that do not change the exit code.
    pub allowed_gaps: Vec<GapReason>,
    /// Prefixes of trusted image references.
    pub trusted_registries: Vec<String>,
    /// How charts are rendered.
    pub charts: Vec<ChartSettings>,
    /// Waivers, some perhaps without a reason or expired.
    pub waivers: Vec<Waiver>,
}

/// How a chart is rendered. Paths are relative to the configuration's folder.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChartSettings {
    /// The chart's folder or archive.
    pub path: String,
    /// Files of values; the chart is rendered once with each. None: once, with its own values.
    pub values: Vec<String>,
    /// The release's name.
    pub release_name: Option<String>,
    /// The release's namespace.
    pub namespace: Option<String>,
}

/// What is wrong with a configuration: `file:line:column: sentence`.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigurationError(String);

type Read<T> = Result<T, ConfigurationError>;

impl Configuration {
    /// Reads a configuration of this name as shown. `controls` are all that exist.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn read(
        name: &str,
        text: &str,
        controls: &[&'static Control],
    ) -> Result<Configuration, ConfigurationError> {
        let lines = Lines::new(text);
        let wrong = |span: Span, message: &dyn Display| {
            let at = lines.position(text, span.start);
            ConfigurationError(format!("{name}:{}:{}: {message}", at.line, at.column))
        };
        let chunks = split(text);
        let chunk = match chunks.as_slice() {
            [chunk] => chunk,
            [] => {
                return Err(ConfigurationError(format!(
                    "{name} is empty: begin it with `version: 1`"
                )));
            }
            [_, second, ..] => {
                return Err(wrong(
                    second.span,
                    &"a configuration is one document: remove the others",
                ));
            }
        };
        let tree = parse(text, chunk).map_err(|error| wrong(error.span, &error.message))?;
        if let Some(twice) = tree
            .duplicates()
            .first()
            .and_then(|twice| tree.node(twice.key))
        {
            let key = twice.key_text().unwrap_or_default();
            return Err(wrong(
                twice.span(),
                &format!("the key {key} stands twice: remove one"),
            ));
        }
        let file = File::new(name.into(), "".into(), text);
        let document = Document::new(&file, chunk.number, &tree);
        let reader = Reader {
            source: Source {
                document: &document,
                object: tree.root(),
            },
            wrong: &wrong,
            controls,
        };
        reader.configuration()
    }
}

struct Reader<'r> {
    source: Source<'r>,
    wrong: &'r dyn Fn(Span, &dyn Display) -> ConfigurationError,
    controls: &'r [&'static Control],
}

impl<'r> Reader<'r> {
    fn configuration(&self) -> Read<Configuration> {
        const KEYS: [&str; 10] = [
            "version",
            "kubernetesVersion",
            "profile",
            "failOn",
            "exclude",
            "controls",
            "allowGaps",
            "images",
            "charts",
            "waivers",
        ];
        let root = self.source.object;
        self.known_keys(root, &KEYS)?;
        match get(root, "version").map(|node| (node, node.as_int())) {
            Some((_, Some(1))) => {}
            Some((node, _)) => {
                return self.complain(node, "this is not a version known here: write `version: 1`");
            }
            None => return self.complain(root, "the version is missing: write `version: 1`"),
        }
        Ok(Configuration {
            version: get(root, "kubernetesVersion")
                .map(|node| self.minor(node))
                .transpose()?,
            profile: get(root, "profile")
                .map(|node| self.profile(node))
                .transpose()?,
            fail_on: get(root, "failOn")
                .map(|node| self.threshold(node))
                .transpose()?,
            exclude: self.texts(get(root, "exclude"))?,
            off: self.off(get(root, "controls"))?,
            allowed_gaps: self.gaps(get(root, "allowGaps"))?,
            trusted_registries: self.registries(get(root, "images"))?,
            charts: self
                .list(get(root, "charts"))?
                .map(|node| self.chart(node))
                .collect::<Read<_>>()?,
            waivers: self
                .list(get(root, "waivers"))?
                .map(|node| self.waiver(node))
                .collect::<Read<_>>()?,
        })
    }

    fn complain<T>(&self, node: Node<'_>, message: impl Display) -> Read<T> {
        Err((self.wrong)(node.span(), &message))
    }

    /// A mapping has only these keys.
    fn known_keys(&self, node: Node<'_>, known: &[&'static str]) -> Read<()> {
        if node.kind() != Kind::Mapping {
            return self.complain(
                node,
                format!("here should stand keys: {}", known.join(", ")),
            );
        }
        for (key, _) in node.entries() {
            let name = key.text().unwrap_or_default();
            if !known.contains(&name) {
                let near = nearest(name, known.iter().copied(), 1);
                let message = format!("there is no key \"{name}\" here: {}", advice(near, known));
                return self.complain(key, message);
            }
        }
        Ok(())
    }

    fn text(&self, node: Node<'r>) -> Read<&'r str> {
        match node.as_str() {
            Some(text) => Ok(text),
            None => self.complain(node, "this has to be a text: put it in quotes"),
        }
    }

    fn minor(&self, node: Node<'r>) -> Read<Minor> {
        let text = self.text(node)?;
        text.parse().or_else(|error| self.complain(node, error))
    }

    /// The items of a list; nothing for what is not there.
    fn list(&self, node: Option<Node<'r>>) -> Read<impl Iterator<Item = Node<'r>>> {
        match node.filter(|node| !node.is_null()) {
            Some(node) if node.kind() != Kind::Sequence => {
                self.complain(node, "this has to be a list")
            }
            node => Ok(node.into_iter().flat_map(Node::items)),
        }
    }

    /// Patterns, prefixes or names of files: an empty one would stand for everything or nothing.
    fn texts(&self, node: Option<Node<'r>>) -> Read<Vec<String>> {
        let text = |item| match self.text(item)? {
            text if text.trim().is_empty() => self.complain(
                item,
                "this item is empty: write what is meant, or remove it",
            ),
            text => Ok(text.to_owned()),
        };
        self.list(node)?.map(text).collect()
    }

    fn one_of(&self, node: Node<'r>, what: &str, known: &[&'static str]) -> Read<&'static str> {
        let text = self.text(node)?;
        if let Some(found) = known.iter().find(|known| **known == text) {
            return Ok(found);
        }
        let near = nearest(text, known.iter().copied(), 1);
        self.complain(
            node,
            format!("there is no {what} \"{text}\": {}", advice(near, known)),
        )
    }

    fn profile(&self, node: Node<'r>) -> Read<Profile> {
        let names = Profile::ALL.map(|profile| profile.name);
        let name = self.one_of(node, "profile", &names)?;
        Ok(Profile::find(name).unwrap_or(Profile::DEFAULT))
    }

    fn threshold(&self, node: Node<'r>) -> Read<Option<Severity>> {
        let [low, medium, high, critical] = Severity::ALL.map(Severity::as_str);
        let word = self.one_of(node, "threshold", &[low, medium, high, critical, NEVER])?;
        Ok(Severity::ALL
            .into_iter()
            .find(|severity| severity.as_str() == word))
    }

    fn gaps(&self, node: Option<Node<'r>>) -> Read<Vec<GapReason>> {
        let words = GapReason::ALL
            .into_iter()
            .flat_map(|reason| reason.words().iter().copied());
        let words: Vec<_> = words.collect();
        let reason = |item| {
            let word = self.one_of(item, "reason for a gap", &words)?;
            let named = |reason: &GapReason| reason.words().contains(&word);
            Ok(GapReason::ALL.into_iter().filter(named).collect())
        };
        let reasons: Vec<Vec<_>> = self.list(node)?.map(reason).collect::<Read<_>>()?;
        Ok(reasons.concat())
    }

    fn registries(&self, node: Option<Node<'r>>) -> Read<Vec<String>> {
        let Some(images) = node else {
            return Ok(Vec::new());
        };
        self.known_keys(images, &["trustedRegistries"])?;
        self.texts(get(images, "trustedRegistries"))
    }

    fn chart(&self, node: Node<'r>) -> Read<ChartSettings> {
        self.known_keys(node, &["path", "values", "releaseName", "namespace"])?;
        let Some(path) = get(node, "path") else {
            return self.complain(node, "this chart does not say its folder: write `path: …`");
        };
        let text = |key| {
            let value = get(node, key).filter(|node| !node.is_null());
            value
                .map(|node| self.text(node).map(str::to_owned))
                .transpose()
        };
        Ok(ChartSettings {
            path: self.text(path)?.to_owned(),
            values: self.texts(get(node, "values"))?,
            release_name: text("releaseName")?,
            namespace: text("namespace")?,
        })
    }

    fn off(&self, node: Option<Node<'r>>) -> Read<BTreeMap<&'static str, String>> {
        let Some(controls) = node else {
            return Ok(BTreeMap::new());
        };
        self.known_keys(controls, &["off"])?;
        let Some(off) = get(controls, "off") else {
            return Ok(BTreeMap::new());
        };
        if off.kind() != Kind::Mapping {
            return self.complain(
                off,
                "here should stand controls, each with the reason why it is off",
            );
        }
        let one = |(key, reason): (Node<'r>, Node<'r>)| {
            let id = key.text().unwrap_or_default();
            let known = self.control(key, id)?;
            let why = reason.as_str().map(str::trim).unwrap_or_default();
            if why.is_empty() {
                return self.complain(key, format!("say why {id} is off: `{id}: \"the reason\"`"));
            }
            Ok(known.map(|id| (id, why.to_owned())))
        };
        let all: Vec<_> = off.entries().map(one).collect::<Read<_>>()?;
        Ok(all.into_iter().flatten().collect())
    }

    /// The present id of a control. `None` for a policy where no policies were given.
    fn control(&self, node: Node<'_>, id: &str) -> Read<Option<&'static str>> {
        if let Some(id) = current_id(self.controls, id) {
            return Ok(Some(id));
        }
        if is_policy_elsewhere(self.controls, id) {
            return Ok(None);
        }
        let advice = meant(self.controls, id);
        let advice = advice.unwrap_or_else(|| "`plimsoll controls` lists all".to_owned());
        self.complain(node, format!("there is no control \"{id}\": {advice}"))
    }

    fn waiver(&self, node: Node<'r>) -> Read<Waiver> {
        self.known_keys(node, &["control", "reason", "owner", "expires", "object"])?;
        let Some(control) = get(node, "control") else {
            return self.complain(
                node,
                "this waiver does not say its control: write `control: …`",
            );
        };
        let written = self.text(control)?;
        let id = self.control(control, written)?.unwrap_or(written);
        let optional = |key| get(node, key).filter(|node| !node.is_null());
        let text = |key| optional(key).map(|node| self.text(node)).transpose();
        // A date without quotes is a text to kubectl's rules as well.
        let date = |node: Node<'r>| {
            let date = node.text().unwrap_or_default().parse();
            date.or_else(|error| self.complain(node, error))
        };
        Ok(Waiver {
            control: id.to_owned(),
            reason: text("reason")?.unwrap_or_default().trim().to_owned(),
            owner: text("owner")?.map(str::to_owned),
            expires: optional("expires").map(date).transpose()?,
            covers: self.covers(optional("object"))?,
            object: Arc::new(self.itself()),
            place: self.source.place(At::node(control)),
            fault: None,
        })
    }

    fn covers(&self, node: Option<Node<'r>>) -> Read<Covers> {
        if let Some(node) = node {
            self.known_keys(node, &["kind", "namespace", "name", "container"])?;
        }
        let text = |key| {
            let value = node.and_then(|node| get(node, key));
            value
                .map(|node| self.text(node).map(str::to_owned))
                .transpose()
        };
        Ok(Covers::Named {
            kind: text("kind")?,
            namespace: text("namespace")?,
            name: text("name")?,
            container: text("container")?,
        })
    }

    /// The configuration as something that findings can be about.
    fn itself(&self) -> ObjectId {
        ObjectId {
            api_version: "plimsoll.dev/v1".to_owned(),
            kind: "Configuration".to_owned(),
            namespace: None,
            name: self.source.document.file.name.to_string(),
            unit: self.source.document.file.unit.clone(),
        }
    }
}

/// The value of a key as written: here `off` is no boolean.
fn get<'r>(node: Node<'r>, key: &str) -> Option<Node<'r>> {
    let mut entries = node.entries();
    let (_, value) = entries.find(|(name, _)| name.text() == Some(key))?;
    Some(value)
}

fn advice(near: Vec<&str>, known: &[&str]) -> String {
    match near.first() {
        Some(near) => format!("did you mean {near}?"),
        None => format!("choose from {}", known.join(", ")),
    }
}
