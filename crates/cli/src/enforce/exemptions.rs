//! Who is let off a policy: waivers of the configuration and of a saved report, as far as they say exactly which object
//! they are about. What stands in an annotation counts only once it is in a report, which somebody has read.

use plimsoll_control::Control;
use plimsoll_enforce::{Exemption, is_of_cluster};
use plimsoll_render::escape;
use plimsoll_render::record::{Finding, Waived};
use plimsoll_scan::current_id;
use plimsoll_snapshot::date::Date;
use plimsoll_snapshot::waiver::{Covers, Waiver};

use crate::output::complain;

/// Exemptions with the controls that they are of.
#[derive(Default)]
pub(super) struct Exemptions {
    named: Vec<(String, Exemption)>,
    /// Controls whose waivers do not say which object they are about.
    left_out: Vec<String>,
}

impl Exemptions {
    /// Takes a waiver of the configuration.
    pub(super) fn add(&mut self, waiver: &Waiver) {
        let exemption = exemption(waiver).map(|exemption| Exemption {
            expires: waiver.expires,
            ..exemption
        });
        self.take(&waiver.control, exemption);
    }

    /// Takes a waiver of a report, unless it is over.
    pub(super) fn add_waived(&mut self, waived: &Waived<'_>, today: Option<Date>) {
        let expires = waived.waiver.expires.as_deref();
        let last = expires.map(|text| text.parse::<Date>().ok());
        let over = match (last, today) {
            (None, _) => false,
            (Some(Some(last)), Some(today)) => last < today,
            _ => true,
        };
        if !over {
            let exemption = exemption_of(&waived.finding).map(|exemption| Exemption {
                expires: last.flatten(),
                ..exemption
            });
            self.take(&waived.finding.control, exemption);
        }
    }

    fn take(&mut self, control: &str, exemption: Option<Exemption>) {
        match exemption {
            Some(exemption) => {
                let one = (control.to_owned(), exemption);
                if !self.named.contains(&one) {
                    self.named.push(one);
                }
            }
            None => self.left_out.push(control.to_owned()),
        }
    }

    /// Those of a control, also under its former ids.
    pub(super) fn of_control(&self, control: &'static Control) -> Vec<Exemption> {
        let about = |id: &str| current_id(&[control], id).is_some();
        let named = self.named.iter().filter(|(id, _)| about(id));
        named.map(|(_, exemption)| exemption.clone()).collect()
    }

    /// Says whose waivers exempt nobody.
    pub(super) fn tell_what_is_left_out(&self) {
        for control in &self.left_out {
            complain(&format!(
                "note: the waiver of {} names no kind, namespace and name without *, so nobody is exempt by it",
                escape(control)
            ));
        }
    }
}

/// `None` for a waiver that does not say exactly which object it is about.
fn exemption(waiver: &Waiver) -> Option<Exemption> {
    let Covers::Named {
        kind,
        namespace,
        name,
        container,
    } = &waiver.covers
    else {
        return None;
    };
    let exact = |text: &Option<String>| text.clone().filter(|text| !text.contains('*'));
    let kind = exact(kind)?;
    Some(Exemption {
        namespace: match exact(namespace) {
            None if is_of_cluster(&kind) => String::new(),
            namespace => namespace?,
        },
        kind,
        name: exact(name)?,
        container: match container {
            Some(pattern) if pattern != "*" => Some(exact(container)?),
            whole => whole.clone(),
        },
        expires: None,
    })
}

/// The object of a finding that a report says is waived; `None` where it does not tell its namespace or name.
pub(super) fn exemption_of(finding: &Finding<'_>) -> Option<Exemption> {
    let object = &finding.object;
    let namespace = object.namespace.as_deref();
    let cluster = is_of_cluster(&object.kind);
    Some(Exemption {
        namespace: namespace.or(cluster.then_some(""))?.to_owned(),
        kind: object.kind.clone().into_owned(),
        name: Some(object.name.clone().into_owned()).filter(|name| !name.is_empty())?,
        container: object.container.as_deref().map(str::to_owned),
        expires: None,
    })
}
