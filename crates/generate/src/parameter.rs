//! The parameters that are more than a word: names, peers, subjects, exemptions, images. Each parses from the form of
//! the command line, and refuses what Kubernetes would refuse.

use std::str::FromStr;

use plimsoll_snapshot::cidr::Cidr;

/// A name as objects have it: a DNS label.
///
/// # Errors
/// What a name may hold, when it holds something else.
pub fn label(text: &str) -> Result<String, String> {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let ends = |c: Option<char>| c.is_some_and(|c| c != '-');
    if text.len() <= 63
        && text.chars().all(inner)
        && ends(text.chars().next())
        && ends(text.chars().last())
    {
        Ok(text.to_owned())
    } else {
        Err("a name is at most 63 small letters, digits and dashes, such as web-2".to_owned())
    }
}

/// A word without blanks and control characters, such as a role's name, a verb or a resource.
///
/// # Errors
/// What it may hold, when it holds something else.
pub fn word(text: &str) -> Result<String, String> {
    if text == "*" {
        return Err("* would also grant what is added later: name each one".to_owned());
    }
    let fine = |c: char| c.is_ascii_alphanumeric() || "._:/@-".contains(c);
    if !text.is_empty() && text.chars().all(fine) {
        Ok(text.to_owned())
    } else {
        Err("write letters, digits and . _ : / @ -".to_owned())
    }
}

/// Who is at the other end of a connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Other {
    /// Pods of a namespace; with a label, only those that have it.
    Pods {
        /// The namespace.
        namespace: String,
        /// A label's key and value.
        label: Option<(String, String)>,
    },
    /// Addresses.
    Addresses(String),
}

/// Who is at the other end of a connection, and at which port: `NAMESPACE[/KEY=VALUE][:PORT]` or `CIDR[:PORT]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Peer {
    /// Who.
    pub other: Other,
    /// The port to which the connection goes; 8080 coming in, 443 going out, when left open.
    pub port: Option<u16>,
}

impl FromStr for Peer {
    type Err = String;

    fn from_str(text: &str) -> Result<Peer, String> {
        if Cidr::parse(text).is_some() {
            return Ok(Peer {
                other: Other::Addresses(text.to_owned()),
                port: None,
            });
        }
        let (other, port) = match text.rsplit_once(':') {
            Some((other, port)) => {
                let wrong = || format!("{port} is no port: write a number from 1 to 65535");
                let port = port
                    .parse()
                    .ok()
                    .filter(|port| *port > 0)
                    .ok_or_else(wrong)?;
                (other, Some(port))
            }
            None => (text, None),
        };
        if Cidr::parse(other).is_some() {
            return Ok(Peer {
                other: Other::Addresses(other.to_owned()),
                port,
            });
        }
        let (namespace, selector) = match other.split_once('/') {
            Some((namespace, selector)) => (namespace, Some(selector)),
            None => (other, None),
        };
        let form = "write NAMESPACE, NAMESPACE/KEY=VALUE or a range such as 10.0.0.0/8, each with :PORT if you like";
        let namespace = label(namespace).map_err(|_| form.to_owned())?;
        let label = match selector {
            Some(selector) => {
                let (key, value) = selector.split_once('=').ok_or(form)?;
                Some((word(key)?, word(value)?))
            }
            None => None,
        };
        Ok(Peer {
            other: Other::Pods { namespace, label },
            port,
        })
    }
}

/// Who gets a role: `user:jane`, `group:shop-viewers` or `serviceaccount:shop/deployer`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Subject {
    /// A person, as the authenticator names it.
    User(String),
    /// A group.
    Group(String),
    /// An account of a namespace.
    ServiceAccount {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
    },
}

impl FromStr for Subject {
    type Err = String;

    fn from_str(text: &str) -> Result<Subject, String> {
        let form = "write user:NAME, group:NAME or serviceaccount:NAMESPACE/NAME";
        let (kind, name) = text.split_once(':').ok_or(form)?;
        let everybody = [
            "system:masters",
            "system:authenticated",
            "system:unauthenticated",
        ];
        if everybody.contains(&name) || name == "system:anonymous" {
            return Err(format!(
                "{name} is nobody's own name: bind a group of your identity provider"
            ));
        }
        match kind {
            "user" => Ok(Subject::User(word(name)?)),
            "group" if name.starts_with("system:serviceaccounts") => Err(
                "that is every account of a namespace or the cluster: bind one account".to_owned(),
            ),
            "group" => Ok(Subject::Group(word(name)?)),
            "serviceaccount" => {
                let (namespace, name) = name.split_once('/').ok_or(form)?;
                if name == "default" {
                    return Err(
                        "every pod that names no account runs as default: make an account for the purpose"
                            .to_owned(),
                    );
                }
                Ok(Subject::ServiceAccount {
                    namespace: label(namespace)?,
                    name: label(name)?,
                })
            }
            _ => Err(form.to_owned()),
        }
    }
}

/// What Pod Security admission leaves alone: `namespace:NAME`, `user:NAME` or `runtimeclass:NAME`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Exemption {
    /// A namespace.
    Namespace(String),
    /// A user.
    User(String),
    /// A runtime class.
    RuntimeClass(String),
}

impl FromStr for Exemption {
    type Err = String;

    fn from_str(text: &str) -> Result<Exemption, String> {
        let form = "write namespace:NAME, user:NAME or runtimeclass:NAME";
        let (kind, name) = text.split_once(':').ok_or(form)?;
        match kind {
            "namespace" => Ok(Exemption::Namespace(label(name)?)),
            // A controller's account creates the pods of everybody's workloads, so its exemption is everybody's.
            "user" if name.starts_with("system:serviceaccount:kube-system:") => Err(
                "the account of a controller makes pods for everybody: exempt the namespace instead"
                    .to_owned(),
            ),
            "user" => Ok(Exemption::User(word(name)?)),
            "runtimeclass" => Ok(Exemption::RuntimeClass(label(name)?)),
            _ => Err(form.to_owned()),
        }
    }
}

/// An image: `registry/name:tag@sha256:…`; the digest may be left out, and the output then says what that means.
///
/// # Errors
/// What an image may hold, when it holds something else, or means whatever is newest.
pub fn image(text: &str) -> Result<String, String> {
    word(text).map_err(|error| format!("that is no image: {error}"))?;
    let name = text.rsplit('/').next().unwrap_or(text);
    if !name.contains(':') || name.ends_with(":latest") {
        return Err("that means whatever is newest: name a version and a digest".to_owned());
    }
    Ok(text.to_owned())
}

/// The address of a server, with `https://`.
///
/// # Errors
/// What it must look like, when it looks different.
pub fn server(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://");
    let rest = rest.or_else(|| text.strip_prefix("unix:///"));
    match rest.map(word) {
        Some(Ok(_)) => Ok(text.to_owned()),
        _ => Err("write https://HOST/PATH, or unix:///PATH for a KMS plugin".to_owned()),
    }
}

#[cfg(test)]
mod tests;
