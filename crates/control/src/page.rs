//! Where a control's page is. Invariant: whoever scans without telling about controls never has a page in memory.

/// A control's page in Markdown.
#[derive(Copy, Clone, Debug)]
pub enum Page {
    /// This text.
    Text(&'static str),
    /// One of many that are kept packed together, because few runs read any.
    Packed {
        /// Which one.
        name: &'static str,
        /// Gives the page of that name.
        unpack: fn(&str) -> &'static str,
    },
}

impl Page {
    /// The page. The first packed one costs some milliseconds.
    pub fn text(self) -> &'static str {
        match self {
            Page::Text(text) => text,
            Page::Packed { name, unpack } => unpack(name),
        }
    }
}
