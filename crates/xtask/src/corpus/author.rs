//! Makes documents about one invented application after the other, and gathers them into files.
//!
//! Here lives how large files become and what they mix; the objects themselves live in `workload`, `companion` and
//! `definition`. Invariant: an application never gets two objects of one kind and name.

use super::platform::{self, Sort};
use super::random::Random;
use super::value::{Map, Style, Value};
use super::write::{block, json};
use super::{File, companion, definition, workload};

/// Comments as people leave them in manifests.
const COMMENTS: [&str; 14] = [
    "move this to the chart some day",
    "see the runbook before you touch this",
    "raised after the incident in March",
    "same value as in staging",
    "größer geht es nicht: der Knoten hat nur 8 GiB",
    "keep in sync with the dashboard",
    "temporary",
    "asked for by the data team",
    "do not lower, the sidecar needs it too",
    "⚠ shared with the batch jobs",
    "было 3, стало мало",
    "負荷試験の結果",
    "default of the vendor",
    "yes, really",
];

/// Of a definition bundle, no object is larger: an API server takes about 1.5 MB in one request.
const LARGEST_DEFINITION: usize = 256 * 1024;

/// Who a document is about.
pub(super) struct App {
    pub(super) name: String,
    pub(super) team: &'static str,
    pub(super) number: u32,
    /// Whether its manifests name their namespace.
    explicit: bool,
    /// What was written for it so far: nothing twice.
    made: Vec<&'static str>,
}

/// Makes documents, one application after the other.
pub(super) struct Author {
    random: Random,
    number: u32,
}

impl App {
    /// The same application under a longer name, for a second object of one kind.
    pub(super) fn named(&self, suffix: &str) -> Self {
        Self {
            name: format!("{}-{suffix}", self.name),
            made: Vec::new(),
            ..*self
        }
    }

    /// The document's head: version, kind and metadata.
    pub(super) fn head(&self, api_version: &str, kind: &str) -> Map {
        let metadata = Map::default()
            .with("name", self.name.as_str())
            .maybe("namespace", self.explicit.then_some(self.team))
            .with("labels", self.labels())
            .maybe(
                "annotations",
                (!self.number.is_multiple_of(3)).then(|| self.annotations()),
            );
        Map::default()
            .with("apiVersion", api_version)
            .with("kind", kind)
            .with("metadata", metadata)
    }

    fn annotations(&self) -> Map {
        let Self { name, team, .. } = self;
        let owner = format!(
            "owned by team {team}; ask in the channel before you change what {name} talks to, even when it is late"
        );
        let runbook = format!(
            "https://wiki.example.com/teams/{team}/runbooks/{name}#what-to-do-when-it-pages"
        );
        Map::default()
            .with("example.com/owner", owner)
            .with("example.com/runbook", runbook)
    }

    pub(super) fn labels(&self) -> Map {
        self.selector().with("app.kubernetes.io/part-of", self.team)
    }

    pub(super) fn selector(&self) -> Map {
        Map::default().with("app.kubernetes.io/name", self.name.as_str())
    }
}

impl Author {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            number: 0,
        }
    }

    /// `count` files whose sizes sum up to `bytes`: each takes its share of what the others have left.
    pub(super) fn files(mut self, count: u32, bytes: usize) -> impl Iterator<Item = File> {
        let mut left = bytes;
        (0..count).map(move |index| {
            let files_left = count - index;
            let share = left / files_left as usize;
            let file = match self.random.below(24) {
                0 if files_left > 12 && share > 2_000 => self.definition_file(share * 3),
                1 | 2 if files_left > 1 && share > 4_000 => self.json_file(share),
                _ => self.yaml_file(share, files_left == 1),
            };
            left = left.saturating_sub(file.text.len());
            file
        })
    }

    fn app(&mut self) -> App {
        let name = self.random.pick(&[
            "basket", "billing", "catalog", "gateway", "invoices", "ledger", "mailer", "media",
            "orders", "profile", "quotes", "search", "stock", "tracker", "uploads",
        ]);
        let team = self
            .random
            .pick(&["web", "data", "platform", "payments", "media"]);
        self.number += 1;
        App {
            name: format!("{name}-{}", self.number),
            team,
            number: self.number,
            explicit: !self.random.one_in(5),
            made: Vec::new(),
        }
    }

    /// A YAML file of about `bytes` bytes; of exactly so many when `exact`.
    fn yaml_file(&mut self, bytes: usize, exact: bool) -> File {
        let mut app = self.app();
        let path = path(&app, "yaml");
        let style =
            self.random
                .weighted(&[(Style::Indented, 2), (Style::Level, 1), (Style::Flowing, 1)]);
        let most = if exact {
            bytes.saturating_sub(companion::LEAST_FILLER)
        } else {
            bytes + bytes / 4
        };
        let mut text = String::new();
        while exact || text.len() < bytes - bytes / 4 {
            let separator = if text.is_empty() { "" } else { "---\n" };
            let next = self.document(&mut app, style);
            if text.len() + separator.len() + next.len() > most {
                if exact || text.is_empty() {
                    text += separator;
                    text += &self.filler(bytes.saturating_sub(text.len()));
                }
                break;
            }
            text += separator;
            text += &next;
        }
        File { path, text }
    }

    /// One document in block style, perhaps with comments.
    fn document(&mut self, app: &mut App, style: Style) -> String {
        let mut map = self.object(app);
        annotate(&mut map, &mut self.random);
        let mut text = String::new();
        block(&map, 0, style, &mut text);
        text
    }

    /// An object of the application, or of the next one when this one has it already.
    fn object(&mut self, app: &mut App) -> Map {
        let workloads = if app.made.is_empty() { 8 } else { 2 };
        let kind = if self.random.below(10) < workloads {
            "Workload"
        } else {
            companion::kind(&mut self.random)
        };
        if app.made.contains(&kind) {
            *app = self.app();
        }
        app.made.push(kind);
        if kind == "Workload" {
            return workload::any(app, &mut self.random);
        }
        companion::make(kind, app, &mut self.random)
    }

    fn filler(&mut self, bytes: usize) -> String {
        let app = self.app();
        let map = companion::filler(&app, bytes, &mut self.random);
        let mut text = String::new();
        block(&map, 0, Style::Indented, &mut text);
        text
    }

    /// A `List` in JSON with about `bytes` bytes.
    fn json_file(&mut self, bytes: usize) -> File {
        let mut app = self.app();
        let path = path(&app, "json");
        let mut text =
            String::from("{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"items\": [");
        let mut separator = "\n    ";
        while text.len() < bytes * 3 / 4 || separator == "\n    " {
            text += separator;
            let object = self.object(&mut app);
            json(&Value::Map(object), 4, &mut text);
            separator = ",\n    ";
        }
        text += "\n  ]\n}\n";
        File { path, text }
    }

    fn definition_file(&mut self, bytes: usize) -> File {
        let app = self.app();
        let mut text = String::new();
        let map = definition::sized(app.number, bytes, &mut self.random);
        block(&map, 0, Style::Level, &mut text);
        File {
            path: path(&app, "crd.yaml"),
            text,
        }
    }

    /// Objects as a platform's repository has them, a file each.
    pub(super) fn platform(mut self, objects: u32) -> impl Iterator<Item = File> {
        let sorts = platform::sorts().take(objects as usize);
        sorts.map(move |sort| self.platform_file(sort))
    }

    fn platform_file(&mut self, sort: Sort) -> File {
        if matches!(sort, Sort::Definition) {
            return self.definition_file(platform::DEFINITION);
        }
        let app = self.app();
        let mut map = match sort {
            Sort::Dashboard => platform::dashboard(&app, &mut self.random),
            Sort::Rules => platform::rules(&app, &mut self.random),
            Sort::Workload => workload::any(&app, &mut self.random),
            _ => companion::short(&app, &mut self.random),
        };
        annotate(&mut map, &mut self.random);
        let mut text = String::new();
        block(&map, 0, Style::Indented, &mut text);
        File {
            path: path(&app, "yaml"),
            text,
        }
    }

    /// One file with `count` pods.
    pub(super) fn pods(&mut self, name: &str, count: u32) -> File {
        let mut text = String::new();
        for index in 0..count {
            let app = self.app();
            let mut pod = workload::pod(&app, &mut self.random);
            annotate(&mut pod, &mut self.random);
            text += if index == 0 { "" } else { "---\n" };
            block(&pod, 0, Style::Indented, &mut text);
        }
        File {
            path: name.to_owned(),
            text,
        }
    }

    /// One file of definitions with about `bytes` bytes.
    pub(super) fn definitions(&mut self, bytes: usize) -> File {
        let count = bytes.div_ceil(LARGEST_DEFINITION);
        let mut text = String::new();
        for index in 0..count {
            let share = (bytes - text.len().min(bytes)) / (count - index);
            text += "---\n";
            let map = definition::sized(index as u32, share.saturating_sub(4), &mut self.random);
            block(&map, 0, Style::Indented, &mut text);
        }
        File {
            path: "crds.yaml".to_owned(),
            text,
        }
    }
}

fn path(app: &App, extension: &str) -> String {
    format!("{}/{}.{extension}", app.team, app.name)
}

/// Puts a comment above one key in forty or so.
fn annotate(map: &mut Map, random: &mut Random) {
    for entry in &mut map.0 {
        if random.one_in(40) {
            entry.comment = Some(random.pick(&COMMENTS));
        }
        annotate_value(&mut entry.value, random);
    }
}

fn annotate_value(value: &mut Value, random: &mut Random) {
    match value {
        Value::Map(map) => annotate(map, random),
        Value::List(items) => items
            .iter_mut()
            .for_each(|item| annotate_value(item, random)),
        Value::Plain(_) | Value::Text(_) | Value::Lines(_) => {}
    }
}
