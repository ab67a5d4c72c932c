//! Room for a file that is not there yet, beside one that is, and what stands around it.

use std::sync::Arc;

use plimsoll_fix::Texts;

use super::Shop;

impl Shop<'_> {
    /// The name of a new file beside another; or why there can be none.
    pub(super) fn vacant(&self, beside: &Arc<str>, own: &str) -> Result<Arc<str>, String> {
        let file = self.files.get(beside).and_then(|it| it.beside(own, &[]));
        let file = file.ok_or("there is no folder for a new file")?;
        match file.path.symlink_metadata() {
            Ok(_) => Err(format!(
                "{own} is there already: move it away, or add the object to it"
            )),
            Err(_) => Ok(file.name),
        }
    }

    /// The texts in the folder of a file and below.
    pub(super) fn near(&self, file: &str) -> Texts {
        let folder = file.rfind('/').map_or("", |at| file.split_at(at + 1).0);
        let names = self.files.keys().filter(|name| name.starts_with(folder));
        let texts = names.filter_map(|name| Some((name.clone(), self.text(name).ok()?)));
        texts.collect()
    }
}
