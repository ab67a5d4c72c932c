//! What the forms of the command line read, and what they refuse.

use super::*;

#[test]
fn peers_are_read() {
    let pods = |namespace: &str, label: Option<(&str, &str)>, port| Peer {
        other: Other::Pods {
            namespace: namespace.to_owned(),
            label: label.map(|(key, value)| (key.to_owned(), value.to_owned())),
        },
        port,
    };
    let addresses = |range: &str, port| Peer {
        other: Other::Addresses(range.to_owned()),
        port,
    };
    assert_eq!("web".parse(), Ok(pods("web", None, None)));
    assert_eq!("web:80".parse(), Ok(pods("web", None, Some(80))));
    assert_eq!(
        "web/a.b/c=d:80".parse(),
        Ok(pods("web", Some(("a.b/c", "d")), Some(80)))
    );
    assert_eq!("10.0.0.0/8".parse(), Ok(addresses("10.0.0.0/8", None)));
    assert_eq!(
        "10.0.0.0/8:443".parse(),
        Ok(addresses("10.0.0.0/8", Some(443)))
    );
    assert_eq!("fd00::/8".parse(), Ok(addresses("fd00::/8", None)));
    for wrong in [
        "",
        "Web",
        "web:0",
        "web:70000",
        "web/x",
        "web/a=b c",
        "10.0.0.0/99",
    ] {
        assert!(wrong.parse::<Peer>().is_err(), "{wrong}");
    }
}

#[test]
fn subjects_that_are_everybody_are_refused() {
    assert!("user:jane@example.com".parse::<Subject>().is_ok());
    assert!("serviceaccount:shop/deployer".parse::<Subject>().is_ok());
    for wrong in [
        "jane",
        "group:system:masters",
        "group:system:authenticated",
        "user:system:anonymous",
        "group:system:serviceaccounts:shop",
        "serviceaccount:shop/default",
        "user:a b",
    ] {
        assert!(wrong.parse::<Subject>().is_err(), "{wrong}");
    }
}

#[test]
fn exemptions_that_are_everybodys_are_refused() {
    assert!("namespace:kube-system".parse::<Exemption>().is_ok());
    let controller = "user:system:serviceaccount:kube-system:replicaset-controller";
    assert!(controller.parse::<Exemption>().is_err());
    assert!("kube-system".parse::<Exemption>().is_err());
}

#[test]
fn images_and_servers_are_what_they_seem() {
    assert!(image("registry.example.com:5000/a:1.2").is_ok());
    for wrong in [
        "a",
        "a:latest",
        "registry.example.com:5000/a",
        "a:1 b",
        "a@b c",
    ] {
        assert!(image(wrong).is_err(), "{wrong}");
    }
    assert!(server("https://audit.example.com:8443/k8s").is_ok());
    assert!(server("unix:///run/kms.sock").is_ok());
    for wrong in ["http://a", "https://", "unix://tmp/a", "https://a b"] {
        assert!(server(wrong).is_err(), "{wrong}");
    }
}
