//! The examples of a page as objects to be sent to an API server: each as it stands and in every carrier and container kind,
//! with what the page says of it.

use std::sync::Arc;

use plimsoll_control::Control;
use plimsoll_snapshot::version::Minor;
use plimsoll_yaml::split;

use crate::block::{Block, Variant};
use crate::markdown::Markdown;
use crate::{carriers, page};

/// One document of an example.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sample {
    /// "block 2 (bad, line 34), as Deployment with init containers".
    pub name: String,
    /// The document.
    pub text: String,
    /// The whole example of which it is a document, as the page has it.
    pub example: Arc<str>,
    /// Does the page promise a finding on it?
    pub is_bad: bool,
    /// Prefixes of the registries that the example's owner trusts.
    pub trusts: Vec<String>,
}

/// All samples of a control's page that are meant for `version`. None from examples with gaps: what cannot be read never
/// reaches admission.
pub fn samples(
    controls: &[&'static Control],
    control: &'static Control,
    version: Minor,
) -> Vec<Sample> {
    let (blocks, _) = page::blocks(&Markdown::new(control.head.page.text()), controls, control);
    let meant = |block: &&Block| block.versions.contains(&version) && block.gaps.is_empty();
    let meant = blocks.iter().filter(meant);
    meant.flat_map(|block| of_block(block, version)).collect()
}

fn of_block(block: &Block, version: Minor) -> Vec<Sample> {
    let trusts = block.target(version).trusted_registries;
    let as_it_stands = Variant {
        name: "as it stands".to_owned(),
        text: block.example.text(),
        expected: block.expected(),
    };
    let example: Arc<str> = as_it_stands.text.as_str().into();
    let mut variants = carriers::variants(block);
    variants.insert(0, as_it_stands);
    let samples = variants.iter().flat_map(|variant| {
        split(&variant.text).into_iter().map(|chunk| Sample {
            name: format!(
                "{}, {}, document {}",
                block.name, variant.name, chunk.number
            ),
            text: chunk.span.slice(&variant.text).to_owned(),
            example: example.clone(),
            trusts: trusts.clone(),
            is_bad: variant
                .expected
                .verdicts
                .iter()
                .any(|verdict| verdict.document == chunk.number),
        })
    });
    samples.collect()
}
