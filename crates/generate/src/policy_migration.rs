//! From PodSecurityPolicies, which are gone since 1.25, to Pod Security labels: the level that fits, what PSPs did that
//! labels cannot, and policies for the part of it that CEL can say (appendix C).

mod read;
mod write;

use plimsoll_guide::{APX_C, POD_14};
use plimsoll_snapshot::target::Target;

use crate::requirements::each_object;
use crate::{Generator, Parameter, Request, RequestError};
use read::Policy;

pub(crate) static PSP_TO_PSA: Generator = Generator {
    id: "psp-to-psa",
    also: &["psp", "psp-migration", "psp-to-pod-security"],
    title: "Pod Security labels and policies in place of PodSecurityPolicies",
    takes: &[Parameter::Namespace, Parameter::From],
    serves: &[&APX_C, &POD_14],
    comments: true,
    write: migrate,
};

fn migrate(request: &Request) -> Result<String, RequestError> {
    let Some(texts) = &request.from else {
        return Err(RequestError::Needed {
            generator: PSP_TO_PSA.id,
            parameter: Parameter::From,
            advice: "a file with the PodSecurityPolicies that a namespace used (kubectl get psp NAME -o yaml)",
        });
    };
    let mut policies = Vec::new();
    // PodSecurityPolicies are objects of old clusters, whatever the target.
    let unread = each_object(texts, &Target::new(request.version), &mut |object| {
        if object.kind == "PodSecurityPolicy" && ["policy", "extensions"].contains(&object.group())
        {
            policies.push(Policy::read(object));
        }
    });
    if policies.is_empty() || unread > 0 {
        let names: Vec<_> = texts.iter().map(|text| text.name.as_str()).collect();
        return Err(RequestError::From {
            name: names.join(", "),
            message: match unread {
                0 => "there is no PodSecurityPolicy: give the file that holds it".to_owned(),
                // A policy that is overlooked would make the labels too strict.
                unread => format!("{unread} documents do not parse: `plimsoll scan` says where"),
            },
        });
    }
    Ok(write::text(request, &policies))
}
