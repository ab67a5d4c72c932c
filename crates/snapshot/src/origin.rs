//! The texts from which objects of a cluster were made, so that a place in a live object can be told as a place in the
//! repository. An object is found by kind, namespace, name and labels, by the marks of what delivered it, and by what it says.
//!
//! Invariant: what several texts could have made, which nothing tells apart, is made by none: a wrong line is worse than none.

mod follow;
mod marks;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use plimsoll_yaml::{Chunk, Kept, Lines, Node, NodeId, Span, parse, split};

use crate::object::{Document, File, Object, group_of, objects};
use crate::place::{Excerpt, Location, Source, excerpt, marks_of};
use crate::provenance::Provenance;
use crate::target::Target;
use crate::version::Minor;

use follow::{differing, follow};
use marks::{Delivery, Marks, release_of, without_release};

/// Group, kind and name.
type Name = (String, String, String);

/// The namespace of a live object, and its name.
type Named = (Option<String>, Name);

/// The texts, and where in them which object stands.
pub struct Origins {
    texts: Vec<Text>,
    chunks: Vec<Parsed>,
    objects: Vec<Candidate>,
    /// Numbers of objects.
    named: HashMap<Name, Vec<usize>>,
    /// Of rendered charts, by the name without its release.
    released: HashMap<Name, Vec<usize>>,
    deliveries: Vec<Delivery>,
    target: Target,
    /// Which objects may have become one of the cluster, by its namespace and name: many places in it are asked for.
    made: Mutex<HashMap<Named, Vec<usize>>>,
}

/// A text that somebody wrote, or that was rendered.
struct Text {
    name: Arc<str>,
    unit: Arc<str>,
    text: Box<str>,
    lines: Lines,
    provenance: Provenance,
}

/// A document of a text, which is parsed again when it is asked for, and kept from then on.
struct Parsed {
    text: usize,
    chunk: Chunk,
    tree: Mutex<Option<Kept>>,
}

/// An object of a document.
struct Candidate {
    document: usize,
    node: NodeId,
    namespace: Option<String>,
    labels: Vec<(String, String)>,
}

impl Default for Origins {
    fn default() -> Origins {
        Origins {
            texts: Vec::new(),
            chunks: Vec::new(),
            objects: Vec::new(),
            named: HashMap::new(),
            released: HashMap::new(),
            deliveries: Vec::new(),
            target: Target::new(Minor::NEWEST),
            made: Mutex::default(),
        }
    }
}

impl Origins {
    /// Adds a text under its name as shown. What does not parse makes nothing.
    pub fn add(&mut self, name: Arc<str>, unit: Arc<str>, text: String, provenance: Provenance) {
        let file = File::new(name.clone(), unit.clone(), &text);
        let is_rendered = matches!(provenance, Provenance::Rendered(_));
        for chunk in split(&text) {
            let Ok(tree) = parse(&text, &chunk) else {
                continue;
            };
            let document = Document::new(&file, chunk.number, &tree);
            let target = self.target.clone();
            let content = objects(&document, &target).unwrap_or_default();
            for object in &content.objects {
                self.note(object, is_rendered);
            }
            if !content.objects.is_empty() {
                self.chunks.push(Parsed {
                    text: self.texts.len(),
                    chunk,
                    tree: Mutex::default(),
                });
            }
        }
        self.texts.push(Text {
            name,
            unit,
            lines: Lines::new(&text),
            text: text.into(),
            provenance,
        });
    }

    /// Is there no object?
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    fn note(&mut self, object: &Object<'_>, is_rendered: bool) {
        let Some(name) = object.name() else {
            return;
        };
        self.deliveries.extend(Delivery::of(object));
        let here = self.objects.len();
        self.objects.push(Candidate {
            document: self.chunks.len(),
            node: object.node.id(),
            namespace: object.namespace().map(str::to_owned),
            labels: labels(object.node),
        });
        let key = |name: String| (object.group().to_owned(), object.kind.to_owned(), name);
        let released = without_release(name, release_of(object.node, is_rendered));
        if let Some(name) = released {
            self.released.entry(key(name)).or_default().push(here);
        }
        self.named
            .entry(key(name.to_owned()))
            .or_default()
            .push(here);
    }

    /// Where the text that made an object says what stands at a place of it. `None`: no text made it, or it cannot be told which.
    pub(crate) fn place(
        &self,
        live: &Source<'_>,
        node: Node<'_>,
        missing: &[&str],
    ) -> Option<(Location, Excerpt)> {
        let made = self.made(live.object)?;
        let mut places = made
            .iter()
            .map(|number| self.place_in(*number, live, node, missing));
        let first = places.next()??;
        let same = |place: Option<(Location, Excerpt)>| place.is_some_and(|(at, _)| at == first.0);
        places.all(same).then_some(first)
    }

    /// The objects that may have become this one; those that fit best, if some fit better than others.
    fn made(&self, live: Node<'_>) -> Option<Vec<usize>> {
        let metadata = live.get("metadata")?;
        let text = |node: Node<'_>, key| node.get(key).and_then(Node::as_str).map(str::to_owned);
        let group = group_of(live.get("apiVersion")?.as_str()?).to_owned();
        let name = (group, text(live, "kind")?, text(metadata, "name")?);
        let key = (text(metadata, "namespace"), name);
        let known = self
            .made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .cloned();
        Some(known.unwrap_or_else(|| {
            let made = self.choose(live, &key);
            let mut known = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert(key, made.clone());
            made
        }))
    }

    fn choose(&self, live: Node<'_>, (namespace, name): &Named) -> Vec<usize> {
        let marks = Marks::of(live);
        let named = self.named.get(name).into_iter().flatten().copied();
        let fits = |candidate: &Candidate| {
            candidate.namespace.is_none() || candidate.namespace == *namespace
        };
        let mut made: Vec<usize> = named.filter(|number| self.is(*number, fits)).collect();
        if made.is_empty()
            && let Some(rest) = without_release(&name.2, marks.release.as_deref())
        {
            // The namespace of a release is the one that was asked for when it was installed.
            let name = (name.0.clone(), name.1.clone(), rest);
            made.extend(self.released.get(&name).into_iter().flatten());
        }
        let labels = labels(live);
        self.keep_best(&mut made, |candidate| candidate.namespace.is_some());
        self.keep_best(&mut made, |candidate| {
            self.is_delivered_from(candidate, &marks)
        });
        self.keep_best(&mut made, |candidate| agreement(&candidate.labels, &labels));
        self.keep_best(&mut made, |candidate| {
            marks.names().any(|name| self.has_step(candidate, name))
        });
        self.keep_best(&mut made, |candidate| {
            Reverse(self.with_object(candidate, |_, node| differing(node, live)))
        });
        made
    }

    fn is(&self, number: usize, what: impl Fn(&Candidate) -> bool) -> bool {
        self.objects.get(number).is_some_and(what)
    }

    /// Keeps those for which `good` is greatest.
    fn keep_best<T: Ord>(&self, made: &mut Vec<usize>, good: impl Fn(&Candidate) -> T) {
        if made.len() > 1 {
            let all = made
                .iter()
                .filter_map(|number| Some((*number, good(self.objects.get(*number)?))));
            let all: Vec<(usize, T)> = all.collect();
            let best = all.iter().map(|(_, good)| good).max();
            let best = all.iter().filter(|(_, good)| Some(good) == best);
            *made = best.map(|(number, _)| *number).collect();
        }
    }

    /// Does the object stand below the path that its delivery names?
    fn is_delivered_from(&self, candidate: &Candidate, marks: &Marks) -> bool {
        let mut deliveries = self.deliveries.iter();
        let Some(text) = self.text_of(candidate) else {
            return false;
        };
        deliveries.any(|delivery| delivery.makes(marks) && delivery.holds(&text.name, &text.unit))
    }

    fn has_step(&self, candidate: &Candidate, name: &str) -> bool {
        let text = self.text_of(candidate);
        text.is_some_and(|text| text.unit.split('/').any(|step| step == name))
    }

    fn place_in(
        &self,
        number: usize,
        live: &Source<'_>,
        node: Node<'_>,
        missing: &[&str],
    ) -> Option<(Location, Excerpt)> {
        let candidate = self.objects.get(number)?;
        self.with_object(candidate, |(text, document), object| {
            let (node, is_there) = follow(live, node, missing, object);
            let (span, harmless) = marks_of(&text.text, node, is_there);
            let (mut location, mut shown) = text.trace(document, span);
            if harmless != span {
                shown = text.trace(document, harmless).1;
            }
            // What the server or somebody else has added stands nowhere in the text.
            location.exact &= is_there || !missing.is_empty();
            Some((location, shown?))
        })?
    }

    /// Gives an object to `ask`, with its text and the number of its document there.
    fn with_object<T>(
        &self,
        candidate: &Candidate,
        ask: impl FnOnce((&Text, u32), Node<'_>) -> T,
    ) -> Option<T> {
        let document = self.chunks.get(candidate.document)?;
        let text = self.texts.get(document.text)?;
        let mut kept = document.tree.lock().unwrap_or_else(PoisonError::into_inner);
        let tree = match kept.take() {
            Some(kept) => kept.with(&text.text),
            None => parse(&text.text, &document.chunk).ok()?,
        };
        let object = tree.node(candidate.node);
        let answer = object.map(|object| ask((text, document.chunk.number), object));
        *kept = Some(tree.kept());
        answer
    }

    fn text_of(&self, candidate: &Candidate) -> Option<&Text> {
        self.texts.get(self.chunks.get(candidate.document)?.text)
    }
}

impl Text {
    fn trace(&self, document: u32, span: Span) -> (Location, Option<Excerpt>) {
        if let Provenance::Rendered(map) = &self.provenance {
            return map.trace(&self.text, &self.lines, span);
        }
        let location = Location {
            file: self.name.clone(),
            document,
            start: self.lines.position(&self.text, span.start),
            end: self.lines.position(&self.text, span.end),
            exact: true,
        };
        (location, Some(excerpt(&self.text, span)))
    }
}

/// How well labels fit: none that differs is better than any number of equal ones.
fn agreement(written: &[(String, String)], live: &[(String, String)]) -> (bool, usize) {
    let other = |key: &str| live.iter().find(|(other, _)| other == key);
    let differs = |(key, value): &(String, String)| other(key).is_some_and(|(_, is)| is != value);
    let equal = written.iter().filter(|label| live.contains(label)).count();
    (!written.iter().any(differs), equal)
}

fn labels(object: Node<'_>) -> Vec<(String, String)> {
    let labels = object
        .get("metadata")
        .and_then(|metadata| metadata.get("labels"));
    let labels = labels.into_iter().flat_map(Node::entries);
    let text = |(key, value): (Node<'_>, Node<'_>)| {
        Some((key.key_text()?.to_owned(), value.text()?.to_owned()))
    };
    labels.filter_map(text).collect()
}
