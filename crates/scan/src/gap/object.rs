//! Gaps of one object: values of the wrong type, and controls that failed on it.

use std::collections::BTreeMap;

use plimsoll_control::Control;
use plimsoll_snapshot::kinds::reader;
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::place::Place;
use plimsoll_snapshot::pod::IMAGE_REFERENCE;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::{NodeId, Path};

use super::document::first_line;
use super::{Gap, GapReason};

/// Values of the wrong type in one object, and which controls stumbled over each.
#[derive(Default)]
pub(crate) struct MalformedValues {
    values: BTreeMap<NodeId, (&'static str, Vec<&'static str>)>,
}

impl MalformedValues {
    /// Takes what was met since the last call; `control` met it.
    pub(crate) fn take(&mut self, object: &Object<'_>, control: Option<&'static str>) {
        for (node, wanted) in object.take_malformed() {
            let (_, controls) = self.values.entry(node).or_insert((wanted, Vec::new()));
            controls.extend(control);
        }
    }

    /// One gap for each value.
    pub(crate) fn into_gaps(self, object: &Object<'_>) -> impl Iterator<Item = Gap> {
        self.values
            .into_iter()
            .filter_map(move |(node, (wanted, controls))| {
                let node = object.document.tree.node(node)?;
                let place = object.source().place(At::node(node));
                Some(Gap {
                    reason: GapReason::Malformed,
                    message: refused(&place.path, object, wanted),
                    file: object.document.file.name.clone(),
                    location: place.location,
                    controls,
                })
            })
    }
}

/// A file is refused by the program that reads it, and needs no name.
fn refused(path: &Path, object: &Object<'_>, wanted: &str) -> String {
    let (reader, name) = match reader(object.group(), object.kind) {
        Some(reader) => (reader, object.name().unwrap_or_default()),
        None => ("the API server", object.name().unwrap_or("without a name")),
    };
    let verdict = match wanted {
        IMAGE_REFERENCE => "no node can pull it".to_owned(),
        _ => format!("{reader} refuses it"),
    };
    let described = format!("{} {name}", object.kind);
    format!(
        "{}{} is not {wanted}; {verdict}, so it was not judged",
        within(path),
        described.trim_end(),
    )
}

/// A path, to go before the name of its object.
fn within(path: &Path) -> String {
    if path.segments().is_empty() {
        String::new()
    } else {
        format!("{path} of ")
    }
}

/// A control that panicked on an object.
pub(crate) fn panicked(control: &Control, object: &Object<'_>) -> Gap {
    let source = object.source();
    Gap {
        reason: GapReason::ControlPanicked,
        message: format!(
            "the control {} failed on {} {}; this is a fault of plimsoll, please report it",
            control.head.id,
            object.kind,
            object.name().unwrap_or("without a name"),
        ),
        file: object.document.file.name.clone(),
        location: Some(source.location(first_line(object.document.file.text, object.node.span()))),
        controls: vec![control.head.id],
    }
}

/// A control that panicked on everything together.
pub(crate) fn panicked_on_all(control: &Control, sources: &[String]) -> Gap {
    Gap {
        reason: GapReason::ControlPanicked,
        message: format!(
            "the control {} failed on the objects together; this is a fault of plimsoll, please report it",
            control.head.id,
        ),
        file: sources.join(", ").into(),
        location: None,
        controls: vec![control.head.id],
    }
}

/// A policy that has no verdict on an object.
pub(crate) fn undecided(control: &Control, object: &Object<'_>, place: Place, why: String) -> Gap {
    Gap {
        reason: GapReason::UnsupportedExpression,
        message: why,
        file: object.document.file.name.clone(),
        location: place.location,
        controls: vec![control.head.id],
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_snapshot::object::{Document, File, objects};
    use plimsoll_snapshot::target::Target;
    use plimsoll_snapshot::version::Minor;
    use plimsoll_yaml::{parse, split};

    use super::{IMAGE_REFERENCE, refused};

    /// What is told of `at` in the only object of a text.
    fn told(text: &str, at: &str, wanted: &str) -> String {
        let file = File::new("a.yaml".into(), "".into(), text);
        let chunk = split(text).into_iter().next().expect("a document");
        let tree = parse(text, &chunk).expect("YAML");
        let (document, target) = (Document::new(&file, 1, &tree), Target::new(Minor::NEWEST));
        let content = objects(&document, &target).expect("Kubernetes' own");
        let object = content.objects.first().expect("an object");
        refused(&at.parse().expect("a path"), object, wanted)
    }

    #[test]
    fn an_object_is_refused_by_the_api_server() {
        assert_eq!(
            told(
                "{apiVersion: v1, kind: Pod, metadata: {name: web}}",
                "spec.a",
                "a number"
            ),
            "spec.a of Pod web is not a number; the API server refuses it, so it was not judged"
        );
    }

    #[test]
    fn what_is_no_image_is_taken_by_the_api_server_and_by_no_node() {
        assert_eq!(
            told("{apiVersion: v1, kind: Pod}", "spec.a", IMAGE_REFERENCE),
            "spec.a of Pod without a name is not an image reference; no node can pull it, so it was not judged"
        );
    }

    #[test]
    fn a_file_is_refused_by_the_program_that_reads_it() {
        for (api_version, kind, reader) in [
            (
                "kubelet.config.k8s.io/v1beta1",
                "KubeletConfiguration",
                "the kubelet",
            ),
            ("kubeadm.k8s.io/v1beta4", "ClusterConfiguration", "kubeadm"),
            (
                "kubeproxy.config.k8s.io/v1alpha1",
                "KubeProxyConfiguration",
                "kube-proxy",
            ),
            (
                "kubescheduler.config.k8s.io/v1",
                "KubeSchedulerConfiguration",
                "kube-scheduler",
            ),
            ("audit.k8s.io/v1", "Policy", "kube-apiserver"),
            ("v1", "Config", "whoever reads this kubeconfig"),
        ] {
            assert_eq!(
                told(
                    &format!("{{apiVersion: {api_version}, kind: {kind}}}"),
                    "a",
                    "a number"
                ),
                format!("a of {kind} is not a number; {reader} refuses it, so it was not judged")
            );
        }
    }
}
