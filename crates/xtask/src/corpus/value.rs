//! A document as a tree. How it is written down lives in `write`; nothing of Kubernetes lives here.

/// A node of a document.
#[derive(Clone)]
pub(super) enum Value {
    /// Written as it is: a number or a boolean.
    Plain(String),
    /// A string, quoted where it must be.
    Text(String),
    /// A string of several lines, each ended by a line feed.
    Lines(Vec<String>),
    List(Vec<Value>),
    Map(Map),
}

/// Keys in the order of writing.
#[derive(Clone, Default)]
pub(super) struct Map(pub(super) Vec<Entry>);

#[derive(Clone)]
pub(super) struct Entry {
    pub(super) comment: Option<&'static str>,
    pub(super) key: String,
    pub(super) value: Value,
}

/// How a document is laid out.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Style {
    /// Lists two columns further in than their key.
    #[default]
    Indented,
    /// Lists in their key's column, as `kubectl` and most generators write them.
    Level,
    /// As `Indented`, with short lists and maps in flow style.
    Flowing,
}

impl Map {
    pub(super) fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.push(Entry {
            comment: None,
            key: key.into(),
            value: value.into(),
        });
        self
    }

    /// As `with`, unless there is no value.
    pub(super) fn maybe(self, key: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// As `with`, unless the list is empty.
    pub(super) fn filled(self, key: &str, list: Vec<Value>) -> Self {
        if list.is_empty() {
            return self;
        }
        self.with(key, list)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Plain(number.to_string())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Plain(truth.to_string())
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl From<Vec<Value>> for Value {
    fn from(list: Vec<Value>) -> Self {
        Self::List(list)
    }
}

/// A list of strings.
pub(super) fn texts(items: &[&str]) -> Vec<Value> {
    items.iter().copied().map(Value::from).collect()
}
