//! What is not generated, and what is said then.

use plimsoll_generate::{GENERATORS, Parameter, Request, Tier, find};
use plimsoll_snapshot::version::Minor;

fn message(kind: &str, request: &Request) -> String {
    let generator = find(kind).unwrap();
    match generator.generate(request) {
        Ok(text) => panic!("{kind} gave:\n{text}"),
        Err(error) => error.to_string(),
    }
}

fn plain() -> Request {
    Request::new(Minor::NEWEST)
}

#[test]
fn a_parameter_that_means_nothing_is_refused() {
    let request = Request {
        image: Some("a:1".to_owned()),
        ..plain()
    };
    for generator in GENERATORS {
        let taken = generator.takes.contains(&Parameter::Image);
        let refused = generator
            .generate(&request)
            .is_err_and(|error| error.to_string().contains("takes no --image"));
        assert_eq!(refused, !taken, "{}", generator.id);
    }
    assert_eq!(
        message(
            "role",
            &Request {
                option: Some(Tier::Strict),
                ..plain()
            }
        ),
        "role takes no --option: it takes --name, --namespace, --verb, --resource"
    );
}

#[test]
fn what_a_version_does_not_have_is_said() {
    let old = Request::new(Minor(26));
    for kind in ["kms-config", "encryption-config"] {
        let said = message(kind, &old);
        assert!(
            said.starts_with("KMS v2 is on by default only from Kubernetes 1.27 on"),
            "{said}"
        );
        assert!(said.contains("--key-from-random"), "{said}");
    }
}

#[test]
fn what_opens_everything_is_refused() {
    for role in ["cluster-admin", "admin", "edit"] {
        let request = Request {
            role: Some(role.to_owned()),
            ..plain()
        };
        assert!(message("clusterrolebinding", &request).contains(role));
    }
    for name in ["kube-shop", "default"] {
        let request = Request {
            name: Some(name.to_owned()),
            ..plain()
        };
        assert!(message("namespace", &request).contains("belongs to Kubernetes"));
    }
    let plain_text = Request {
        server: Some("unix:///a".to_owned()),
        ..plain()
    };
    assert!(message("audit-webhook", &plain_text).contains("over https"));
    let remote = Request {
        server: Some("https://kms.example.com".to_owned()),
        ..plain()
    };
    assert!(message("kms", &remote).contains("by a socket"));
}

#[test]
fn names_are_unique_and_titles_have_no_full_stop() {
    for generator in GENERATORS {
        assert!(!generator.title.ends_with('.') && !generator.serves.is_empty());
        assert_eq!(find(&generator.id.to_uppercase()).unwrap().id, generator.id);
    }
    assert!(find("nothing").is_none());
}
