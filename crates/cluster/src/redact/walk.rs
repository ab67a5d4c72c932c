//! The walk through an object: what stands in a field, by its key and the one above it.

use plimsoll_snapshot::component::{ETCD_VARIABLE, Program};
use serde_json::{Map, Value};

use super::Redaction;
use super::field::{self, Keep, keep};
use crate::settings;

/// `redacted` in base64.
const REDACTED: &str = "cmVkYWN0ZWQ=";

impl Redaction {
    /// A value below a key, and that below another one.
    pub(super) fn value(&self, (key, above): (&str, &str), value: &mut Value) {
        match value {
            Value::String(text) => *text = self.at((key, above), text),
            Value::Array(items) if matches!(key, "args" | "command") => self.arguments(items),
            Value::Array(items) => {
                for item in items {
                    match item {
                        Value::Object(fields) if matches!(key, "env" | "httpHeaders") => {
                            self.pair(key, fields);
                        }
                        _ => self.value((key, above), item),
                    }
                }
            }
            Value::Object(fields) if key == "annotations" => self.annotations(fields),
            Value::Object(fields) => self.fields(key, fields),
            _ => {}
        }
    }

    fn fields(&self, above: &str, fields: &mut Map<String, Value>) {
        let program = settings::program(fields);
        let replaced = std::mem::take(fields).into_iter().map(|(key, mut value)| {
            match (&mut value, key.as_str()) {
                (Value::Array(items), "args" | "command") if program.is_some() => {
                    self.own_arguments(items)
                }
                (Value::Array(items), "env") if program == Some(Program::Etcd) => {
                    items.iter_mut().for_each(|item| self.own_variable(item));
                }
                _ => self.value((&key, above), &mut value),
            }
            (self.key_of(&key), value)
        });
        *fields = replaced.collect();
    }

    fn at(&self, (key, above): (&str, &str), text: &str) -> String {
        match keep(key, above) {
            Keep::All => text.to_owned(),
            Keep::Presence if text.is_empty() => String::new(),
            Keep::Presence => REDACTED.to_owned(),
            Keep::Image => self.image(text),
            Keep::Steps => self.steps(text),
            Keep::Key => self.key_of(text),
            Keep::Words => self.text(text),
        }
    }

    /// Of the key of a label or an annotation only the domain is a name.
    fn key_of(&self, key: &str) -> String {
        const CLASS: &str = ".storageclass.storage.k8s.io/";
        if let Some((class, rest)) = key.split_once(CLASS) {
            return format!("{}{CLASS}{rest}", self.text(class));
        }
        if self.vocabulary.has_key(key) {
            return key.to_owned();
        }
        match key.split_once('/') {
            Some((domain, name)) if !field::is_well_known(domain) => {
                format!("{}/{name}", self.text(domain))
            }
            // The name of a container.
            Some((domain, name)) if domain.starts_with("container.") => {
                format!("{domain}/{}", self.text(name))
            }
            _ => key.to_owned(),
        }
    }

    fn annotations(&self, entries: &mut Map<String, Value>) {
        let replaced = std::mem::take(entries).into_iter().map(|(key, mut value)| {
            if let Value::String(text) = &mut value {
                *text = self.suspicious(&key, text);
            }
            (self.key_of(&key), value)
        });
        *entries = replaced.collect();
    }

    /// A variable or a header. The names of headers are the same everywhere.
    fn pair(&self, list: &str, fields: &mut Map<String, Value>) {
        let text = |key| fields.get(key).and_then(Value::as_str);
        let name = text("name").unwrap_or_default().to_owned();
        let value = text("value").map(str::to_owned);
        let (other, value) = match value {
            Some(value) if list == "env" => {
                let (other, value) = self.entry(&name, &value, |name| self.text(name));
                (other, Some(value))
            }
            Some(value) => (name.clone(), Some(self.suspicious(&name, &value))),
            None => (self.text(&name), None),
        };
        for (key, field) in fields.iter_mut() {
            match field {
                Value::String(text) if key == "name" => text.clone_from(&other),
                Value::String(text) if key == "value" => *text = value.clone().unwrap_or_default(),
                _ => self.value((key, ""), field),
            }
        }
    }

    /// A name and a value that are judged as these are: with another name where that does not matter.
    fn entry(&self, name: &str, value: &str, rename: impl Fn(&str) -> String) -> (String, String) {
        let candidates = [self.text(value), String::new(), value.to_owned()];
        let name_too = rename(name);
        for candidate in candidates {
            if (self.alike.value)((name, value), (&name_too, &candidate)) {
                return (name_too, candidate);
            }
        }
        (name.to_owned(), self.suspicious(name, value))
    }

    /// A text below a name where credentials are looked for.
    fn suspicious(&self, name: &str, text: &str) -> String {
        if self.vocabulary.has_pair(name, text) {
            return text.to_owned();
        }
        self.first_alike(text, |other| {
            (self.alike.value)((name, text), (name, other))
        })
    }

    /// The first stand-in that is judged as the text is; the text itself, which holds a stand-in already, when none is.
    fn first_alike(&self, text: &str, is_alike: impl Fn(&str) -> bool) -> String {
        let candidates = [self.text(text), String::new()];
        let found = candidates.into_iter().find(|other| is_alike(other));
        found.unwrap_or_else(|| text.to_owned())
    }

    pub(super) fn data(&self, data: &mut Map<String, Value>) {
        let replaced = std::mem::take(data).into_iter().map(|(key, value)| {
            let Value::String(text) = &value else {
                return (key, value);
            };
            let rename = |key: &str| self.steps(key);
            let (key, text) = match settings::documents(text) {
                Some(mut documents) => {
                    let documents_of = documents.iter_mut();
                    documents_of.for_each(|document| self.settings(document));
                    let text = settings::text_of(&documents, text);
                    (rename(&key), text.unwrap_or_default())
                }
                None => self.entry(&key, text, rename),
            };
            (key, Value::String(text))
        });
        *data = replaced.collect();
    }

    fn settings(&self, document: &mut Map<String, Value>) {
        for (key, value) in document {
            self.setting((key, ""), value);
        }
    }

    /// A setting of one of Kubernetes' own programs: kept, but for names, hosts and addresses.
    fn setting(&self, (key, above): (&str, &str), value: &mut Value) {
        match value {
            Value::String(text) => *text = self.setting_text((key, above), text),
            Value::Array(items) => {
                let items = items.iter_mut();
                items.for_each(|item| self.setting((key, above), item));
            }
            Value::Object(fields) => {
                // An extra argument of kubeadm.
                let flag = fields
                    .get("name")
                    .and_then(Value::as_str)
                    .map(str::to_owned);
                for (below, value) in fields {
                    let named = flag.as_deref().filter(|_| below == "value");
                    self.setting((named.unwrap_or(below), key), value);
                }
            }
            _ => {}
        }
    }

    fn setting_text(&self, (key, above): (&str, &str), text: &str) -> String {
        if keep(key, above) == Keep::All {
            text.to_owned()
        } else if field::names_somebody(key, above) {
            self.text(text)
        } else {
            self.hosts(text)
        }
    }

    /// The command line of one of Kubernetes' own programs.
    fn own_arguments(&self, items: &mut [Value]) {
        let mut before = String::new();
        for item in items {
            let Value::String(text) = item else {
                continue;
            };
            let flag = text
                .split_once('=')
                .filter(|(flag, _)| flag.starts_with('-'));
            *text = match flag {
                Some((flag, value)) => {
                    let name = flag.trim_start_matches('-');
                    format!("{flag}={}", self.setting_text((name, ""), value))
                }
                None if text.starts_with('-') => {
                    before = text.trim_start_matches('-').to_owned();
                    continue;
                }
                None => self.setting_text((&before, ""), text),
            };
            before.clear();
        }
    }

    /// A variable of etcd, which may stand for a flag.
    fn own_variable(&self, item: &mut Value) {
        let Value::Object(fields) = item else {
            return;
        };
        let name = fields.get("name").and_then(Value::as_str);
        let flag = name.and_then(|name| name.strip_prefix(ETCD_VARIABLE));
        let Some(flag) = flag.map(|flag| flag.to_ascii_lowercase().replace('_', "-")) else {
            return self.pair("env", fields);
        };
        for (key, field) in fields.iter_mut().filter(|(key, _)| *key != "name") {
            match field {
                Value::String(text) if key == "value" => {
                    *text = self.setting_text((&flag, ""), text)
                }
                _ => self.value((key, ""), field),
            }
        }
    }

    fn arguments(&self, items: &mut [Value]) {
        let mut before: Option<String> = None;
        for item in items {
            if let Value::String(text) = item {
                let came = text.clone();
                let flag = before.as_deref();
                *text = self.argument(flag, &came);
                before = Some(came);
            }
        }
    }

    /// The name of a flag is kept.
    fn argument(&self, before: Option<&str>, text: &str) -> String {
        let is_alike = |other: &str| (self.alike.argument)(before, text, other);
        let split = text
            .split_once('=')
            .filter(|(name, _)| name.starts_with('-'));
        let kept = match split {
            Some((name, value)) => format!("{name}={}", self.steps(value)),
            None if text.starts_with('-') && !text.contains(char::is_whitespace) => text.to_owned(),
            None => self.steps(text),
        };
        if is_alike(&kept) {
            return kept;
        }
        self.first_alike(text, is_alike)
    }
}
