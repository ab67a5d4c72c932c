//! Which step of a request failed, and what to do about it. The libraries tell the steps apart only by their words.

use std::error::Error;

const UNKNOWN: &str =
    "the name of the API server is not known: check the address in the kubeconfig, or the network";
const OTHER_NAME: &str =
    "the certificate of the API server is for another name: set tls-server-name in the kubeconfig";
const OTHER_AUTHORITY: &str = "the certificate of the API server is not from the authority of the kubeconfig: take a newer kubeconfig";

/// Words of an error, and what they mean. The first that are found count.
const STEPS: [(&str, &str); 14] = [
    ("dns error", UNKNOWN),
    ("failed to lookup", UNKNOWN),
    (
        "Connection refused",
        "nothing listens at the address of the API server: check whether it runs, or a tunnel",
    ),
    (
        "unsuccessful tunnel",
        "the proxy does not let us through to the API server: check HTTPS_PROXY, or proxy-url in the kubeconfig",
    ),
    (
        "tunnel error",
        "the proxy does not let us through to the API server: check HTTPS_PROXY, or proxy-url in the kubeconfig",
    ),
    ("NotValidForName", OTHER_NAME),
    ("not valid for name", OTHER_NAME),
    (
        "invalid peer certificate: certificate expired",
        "the certificate of the API server has expired: renew it, or set the clock of this machine",
    ),
    (
        "CertificateExpired",
        "the certificate with which we say who we are has expired: log in again, or renew it",
    ),
    ("UnknownIssuer", OTHER_AUTHORITY),
    // An authority of the same name with another key.
    ("invalid peer certificate: BadSignature", OTHER_AUTHORITY),
    ("timed out", "no answer came in time"),
    (
        "connection closed before message completed",
        "the connection was cut before the answer came",
    ),
    (
        "end of file before message length reached",
        "the connection was cut in the middle of the answer",
    ),
];

/// Which step failed, what to do, and the error itself.
pub(crate) fn step(error: &dyn Error) -> String {
    let cause = chain(error);
    // The library repeats all that the command printed.
    if cause.contains("auth exec command") {
        return "the command of the kubeconfig that gives credentials failed: run it yourself to see why"
            .to_owned();
    }
    let step = STEPS.iter().find(|(words, _)| cause.contains(words));
    match step {
        Some((_, advice)) => format!("{advice} ({cause})"),
        None => cause,
    }
}

/// An error with its causes, each said once.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let words = cause.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Said(&'static str, #[source] Option<Box<Said>>);

    #[test]
    fn causes_are_told_once_each_behind_what_to_do() {
        let inner = Said("tcp connect error: Connection refused", None);
        let error = Said(
            "client error",
            Some(Box::new(Said("client error", Some(Box::new(inner))))),
        );
        let told = step(&error);
        assert!(told.starts_with("nothing listens"), "{told}");
        assert!(
            told.ends_with("(client error: tcp connect error: Connection refused)"),
            "{told}"
        );
        assert_eq!(step(&Said("something else", None)), "something else");
    }

    #[test]
    fn what_a_command_printed_is_not_repeated() {
        let error = Said(
            "auth exec command 'login' failed with status 1: a-token",
            None,
        );
        let told = step(&error);
        assert!(
            told.contains("run it yourself") && !told.contains("a-token"),
            "{told}"
        );
    }
}
