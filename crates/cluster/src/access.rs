//! Whose cluster is asked, as whom and by which way: kubeconfigs, service accounts and proxies as kubectl takes them.
//!
//! Invariant: what a kubeconfig is about to run is announced before it runs.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use kube::config::{AuthInfo, KubeConfigOptions, Kubeconfig};

use crate::advice::chain;

/// Whose cluster to ask, as whom.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Access {
    /// Instead of those of `KUBECONFIG` and the home folder.
    pub kubeconfig: Option<PathBuf>,
    /// Instead of the current one.
    pub context: Option<String>,
    /// Whom to impersonate.
    pub as_user: Option<String>,
    /// How long an answer may take, with all of its body; 90 seconds when left open.
    pub patience: Option<Duration>,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The configuration cannot be used.
    #[error("the kubeconfig cannot be used: {0}")]
    Kubeconfig(String),
    /// There is no configuration, and we do not run in a cluster.
    #[error("there is no kubeconfig: name one with --kubeconfig or KUBECONFIG ({0})")]
    Nowhere(String),
    /// What gives credentials does not.
    #[error(
        "the command of the kubeconfig that gives credentials failed: run it yourself to see why: {command} ({why})"
    )]
    Credentials {
        /// What was run.
        command: String,
        /// How it ended.
        why: String,
    },
    /// What it names cannot be used.
    #[error("the client cannot be made: {0}")]
    Client(String),
}

/// The configuration that is asked for, as it stands.
pub(crate) async fn configuration(access: &Access) -> Result<kube::Config, ConnectError> {
    let mut config = match kubeconfig(access)? {
        Some(kubeconfig) => of_kubeconfig(kubeconfig, access).await?,
        None if access.context.is_some() => {
            let why = "there is none in which the context could be".to_owned();
            return Err(ConnectError::Kubeconfig(why));
        }
        None => {
            let mut config =
                kube::Config::incluster().map_err(|error| ConnectError::Nowhere(chain(&error)))?;
            config.proxy_url = environment_proxy(&config.cluster_url, variable)?;
            config
        }
    };
    if let Some(user) = &access.as_user {
        config.auth_info.impersonate = Some(user.clone());
    }
    Ok(config)
}

/// The files that are named, together; `None` when none of them is there. As for kubectl a file of `KUBECONFIG` may be
/// missing, but not one that was named by itself.
fn kubeconfig(access: &Access) -> Result<Option<Kubeconfig>, ConnectError> {
    let unusable = |error| ConnectError::Kubeconfig(chain(&error));
    if let Some(path) = &access.kubeconfig {
        return Kubeconfig::read_from(path).map(Some).map_err(unusable);
    }
    let named = env::var_os("KUBECONFIG").filter(|paths| !paths.is_empty());
    let paths: Vec<PathBuf> = match named {
        Some(paths) => env::split_paths(&paths).collect(),
        None => env::home_dir()
            .map(|home| home.join(".kube/config"))
            .into_iter()
            .collect(),
    };
    let mut all = None;
    for path in paths.iter().filter(|path| path.exists()) {
        let next = Kubeconfig::read_from(path).map_err(unusable)?;
        all = Some(match all {
            None => next,
            Some(all) => Kubeconfig::merge(all, next).map_err(unusable)?,
        });
    }
    Ok(all)
}

async fn of_kubeconfig(
    kubeconfig: Kubeconfig,
    access: &Access,
) -> Result<kube::Config, ConnectError> {
    let options = KubeConfigOptions {
        context: access.context.clone(),
        ..KubeConfigOptions::default()
    };
    let says_proxy = says_proxy(&kubeconfig, access);
    let config = kube::Config::from_custom_kubeconfig(kubeconfig, &options).await;
    let mut config = config.map_err(|error| ConnectError::Kubeconfig(chain(&error)))?;
    // The library holds NO_PROXY against the proxy instead of the server, and asks it of a kubeconfig's own proxy too.
    match says_proxy {
        Some(proxy) => config.proxy_url = Some(proxy_url(&proxy)?),
        None => config.proxy_url = environment_proxy(&config.cluster_url, variable)?,
    }
    Ok(config)
}

/// The proxy that the cluster of the context names.
fn says_proxy(kubeconfig: &Kubeconfig, access: &Access) -> Option<String> {
    let name = access
        .context
        .as_ref()
        .or(kubeconfig.current_context.as_ref())?;
    let mut contexts = kubeconfig.contexts.iter();
    let context = contexts.find(|context| context.name == *name)?;
    let cluster = &context.context.as_ref()?.cluster;
    let mut clusters = kubeconfig.clusters.iter();
    let cluster = clusters.find(|named| named.name == *cluster)?;
    let proxy = cluster.cluster.as_ref()?.proxy_url.clone()?;
    (!proxy.is_empty()).then_some(proxy)
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The proxy by which the environment wants a server to be asked, by the rules of Go's clients: none for this machine.
fn environment_proxy(
    server: &Uri,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<Uri>, ConnectError> {
    let either = |upper: &str| variable(upper).or_else(|| variable(&upper.to_lowercase()));
    let proxy = match server.scheme_str() {
        Some("http") => either("HTTP_PROXY"),
        _ => either("HTTPS_PROXY"),
    };
    let host = server.host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let address = host.parse::<std::net::IpAddr>();
    let is_here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    let Some(proxy) = proxy.filter(|_| !is_here) else {
        return Ok(None);
    };
    let without = either("NO_PROXY").unwrap_or_default();
    let by_proxy = Matcher::builder()
        .all("http://proxy")
        .no(without)
        .build()
        .intercept(server)
        .is_some();
    by_proxy.then(|| proxy_url(&proxy)).transpose()
}

fn proxy_url(text: &str) -> Result<Uri, ConnectError> {
    let url = match text.contains("://") {
        true => text.parse(),
        false => format!("http://{text}").parse(),
    };
    url.map_err(|error| ConnectError::Kubeconfig(format!("its proxy is no address: {error}")))
}

/// What is about to be run for credentials.
pub(crate) fn command(credentials: &AuthInfo) -> Option<String> {
    if let Some(exec) = &credentials.exec {
        let words = exec.command.iter().chain(exec.args.iter().flatten());
        let words: Vec<&str> = words.map(String::as_str).collect();
        return Some(words.join(" "));
    }
    let settings = &credentials.auth_provider.as_ref()?.config;
    let command = settings.get("cmd-path")?;
    let arguments = settings
        .get("cmd-args")
        .map_or("", |arguments| arguments.trim());
    Some(format!("{command} {arguments}").trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(server: &'static str, variables: &[(&str, &str)]) -> Option<String> {
        let lookup = |name: &str| {
            let mut found = variables.iter().filter(|(known, _)| *known == name);
            found.next().map(|(_, value)| (*value).to_owned())
        };
        let proxy = environment_proxy(&Uri::from_static(server), lookup).unwrap();
        proxy.map(|proxy| proxy.to_string())
    }

    const SERVER: &str = "https://api.example.com:6443";

    #[test]
    fn a_proxy_of_the_environment_is_taken_unless_the_server_is_excepted() {
        let set = ("HTTPS_PROXY", "http://user:word@proxy.example.com:3128");
        let taken = Some("http://user:word@proxy.example.com:3128/".to_owned());
        assert_eq!(proxy(SERVER, &[set]), taken);
        assert_eq!(proxy(SERVER, &[set, ("NO_PROXY", "example.org")]), taken);
        // The exception is of the server, not of the proxy.
        assert_eq!(
            proxy(SERVER, &[set, ("NO_PROXY", "proxy.example.com")]),
            taken
        );
        for exception in [
            "api.example.com",
            ".example.com",
            "example.com",
            "*",
            "a.b, example.com",
        ] {
            assert_eq!(
                proxy(SERVER, &[set, ("NO_PROXY", exception)]),
                None,
                "{exception}"
            );
            assert_eq!(
                proxy(SERVER, &[set, ("no_proxy", exception)]),
                None,
                "{exception}"
            );
        }
        assert_eq!(
            proxy("https://10.1.2.3", &[set, ("NO_PROXY", "10.0.0.0/8")]),
            None
        );
    }

    #[test]
    fn this_machine_and_plain_connections_have_rules_of_their_own() {
        let set = ("HTTPS_PROXY", "proxy.example.com:3128");
        assert_eq!(
            proxy(SERVER, &[set]),
            Some("http://proxy.example.com:3128/".to_owned())
        );
        for here in [
            "https://localhost:6443",
            "https://127.0.0.1:6443",
            "https://[::1]:6443",
        ] {
            assert_eq!(proxy(here, &[set]), None, "{here}");
        }
        assert_eq!(proxy("http://api.example.com", &[set]), None);
        let plain = ("http_proxy", "http://other");
        assert_eq!(
            proxy("http://api.example.com", &[plain]),
            Some("http://other/".to_owned())
        );
        assert_eq!(proxy(SERVER, &[plain]), None);
    }

    #[test]
    fn every_way_to_run_something_is_known_before() {
        let credentials = |text: &str| serde_json::from_str::<AuthInfo>(text).unwrap();
        let exec =
            r#"{"exec": {"command": "login", "args": ["-v", "x"], "interactiveMode": "Never"}}"#;
        assert_eq!(command(&credentials(exec)).as_deref(), Some("login -v x"));
        let provider = r#"{"auth-provider": {"name": "gcp", "config": {"cmd-path": "gcloud", "cmd-args": "config helper"}}}"#;
        assert_eq!(
            command(&credentials(provider)).as_deref(),
            Some("gcloud config helper")
        );
        assert_eq!(command(&credentials(r#"{"token": "x"}"#)), None);
    }
}
