//! The text of an object that a namespace lacks, from the starting points, and the name of the file for it: that of the
//! namespace and the kind, with the ending of the file beside it. Bounds are reasoned from what the folder requests.

use plimsoll_control::{Companion, Extent};
use plimsoll_fix::{Needed, NewFile};
use plimsoll_generate::{Generator, Parameter, Request, Text, Tier};

use super::Shop;

/// The file for an object that a namespace needs.
pub(super) fn file(shop: &Shop<'_>, needed: &Needed<'_>) -> Result<NewFile, String> {
    let (generator, owner, word) = match needed.what {
        Companion::NetworkPolicy => (Some("networkpolicy"), needed.namespace, "network-policy"),
        Companion::LimitRange => (Some("limitrange"), needed.namespace, "limit-range"),
        Companion::ResourceQuota => (Some("resourcequota"), needed.namespace, "resource-quota"),
        Companion::ServiceAccount => (None, needed.object.name.as_str(), "service-account"),
    };
    const NOWHERE: &str = "there is no folder for a new file";
    let beside = shop.files.get(needed.beside).ok_or(NOWHERE)?;
    let ending = match needed.beside.ends_with(".yml") {
        true => "yml",
        false => "yaml",
    };
    let own = format!("{owner}-{word}.{ending}");
    let text = match generator {
        Some(name) => {
            let generator = plimsoll_generate::find(name).ok_or("nothing can make it")?;
            only(needed.what.kind(), &text(shop, needed, generator)?)
        }
        None => account(needed),
    };
    let file = beside.beside(&own, text.as_bytes()).ok_or(NOWHERE)?;
    if file.path.symlink_metadata().is_ok() {
        let says = "is there already: move it away, or add the object to it";
        return Err(format!("{own} {says}"));
    }
    let name = file.name;
    Ok(NewFile { name, text })
}

/// An account that hands no token to pods which did not ask for one. Both names are such as the API server takes, and need no
/// quotes but where YAML would read them as numbers.
fn account(needed: &Needed<'_>) -> String {
    let name = plimsoll_generate::scalar(&needed.object.name);
    let namespace = plimsoll_generate::scalar(needed.namespace);
    format!(
        "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n  namespace: {namespace}\n\
         # A pod that calls the API server asks for its token itself.\nautomountServiceAccountToken: false\n"
    )
}

fn text(
    shop: &Shop<'_>,
    needed: &Needed<'_>,
    generator: &'static Generator,
) -> Result<String, String> {
    let request = |from| Request {
        option: Some(tier(needed.extent)),
        namespace: Some(needed.namespace.to_owned()),
        from,
        ..Request::new(shop.settings.scan().target().version)
    };
    if generator.takes.contains(&Parameter::From) {
        // What is there may belong to several namespaces, of which no sum can be made.
        let read = generator.generate(&request(Some(near(shop, needed.beside))));
        if let Ok(text) = read {
            return Ok(text);
        }
    }
    let text = generator.generate(&request(None));
    text.map_err(|error| error.to_string())
}

/// The documents of a kind. A starting point may hold what goes with it, which has a finding and a file of its own.
fn only(kind: &str, text: &str) -> String {
    let line = format!("\nkind: {kind}\n");
    let documents = text.split_inclusive("\n---\n");
    let mut kept: String = documents
        .filter(|document| document.contains(&line))
        .collect();
    if kept.ends_with("\n---\n") {
        kept.truncate(kept.len() - "---\n".len());
    }
    kept
}

/// The texts in the folder of a file and below.
fn near(shop: &Shop<'_>, file: &str) -> Vec<Text> {
    let folder = file.rfind('/').map_or("", |at| file.split_at(at + 1).0);
    let names = shop.files.keys().filter(|name| name.starts_with(folder));
    let texts = names.filter_map(|name| {
        let text = shop.text(name).ok()?;
        let name = name.to_string();
        Some(Text { name, text })
    });
    texts.collect()
}

fn tier(extent: Extent) -> Tier {
    match extent {
        Extent::Minimal => Tier::Minimal,
        Extent::Recommended => Tier::Recommended,
        Extent::Strict => Tier::Strict,
    }
}
