//! The API server of a kubeconfig, or of the cluster in which we run. Everything of kube and tokio stays in here.
//!
//! Invariant: nothing but `GET` is ever sent.

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use http::HeaderValue;
use http::header::{ACCEPT, RETRY_AFTER, USER_AGENT};
use http_body_util::BodyExt;
use kube::client::Body;
use kube::config::{KubeConfigOptions, Kubeconfig};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use crate::server::{Answer, Server};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an answer may take, with all of its body.
const PATIENCE: Duration = Duration::from_secs(90);

/// Whose cluster to ask, as whom.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Access {
    /// Instead of those of `KUBECONFIG` and the home folder.
    pub kubeconfig: Option<PathBuf>,
    /// Instead of the current one.
    pub context: Option<String>,
    /// Whom to impersonate.
    pub as_user: Option<String>,
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
    /// What it names cannot be used.
    #[error("the client cannot be made: {0}")]
    Client(String),
}

/// A client of one API server.
pub struct Client {
    runtime: Runtime,
    client: kube::Client,
}

impl Client {
    /// A client; nothing is asked yet. `announce` is told what a kubeconfig is about to run.
    ///
    /// # Errors
    /// When there is no configuration, or it cannot be used.
    pub fn connect(access: &Access, announce: &dyn Fn(&str)) -> Result<Client, ConnectError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| ConnectError::Client(error.to_string()))?;
        let mut config = runtime.block_on(config(access))?;
        if let Some(exec) = &config.auth_info.exec {
            let command = exec.command.iter().chain(exec.args.iter().flatten());
            let command: Vec<&str> = command.map(String::as_str).collect();
            announce(&command.join(" "));
        }
        config.connect_timeout = Some(CONNECT);
        config.read_timeout = Some(PATIENCE);
        let agent = concat!("plimsoll/", env!("CARGO_PKG_VERSION"));
        let agent = (USER_AGENT, HeaderValue::from_static(agent));
        config.headers.push(agent);
        // Asking again is decided by whoever asks.
        config.default_retry = false;
        config.auth_info.impersonate = access.as_user.clone().or(config.auth_info.impersonate);
        let guard = runtime.enter();
        let client = kube::Client::try_from(config);
        drop(guard);
        let client = client.map_err(|error| ConnectError::Client(chain(&error)))?;
        Ok(Client { runtime, client })
    }
}

async fn config(access: &Access) -> Result<kube::Config, ConnectError> {
    let options = KubeConfigOptions {
        context: access.context.clone(),
        ..KubeConfigOptions::default()
    };
    let kubeconfig = match &access.kubeconfig {
        Some(path) => Kubeconfig::read_from(path),
        None => Kubeconfig::read(),
    };
    let kubeconfig = match kubeconfig {
        Ok(kubeconfig) => kubeconfig,
        Err(error) if access.kubeconfig.is_none() && access.context.is_none() => {
            let named = std::env::var_os("KUBECONFIG").is_some();
            return match kube::Config::incluster() {
                Ok(config) => Ok(config),
                Err(_) if named => Err(ConnectError::Kubeconfig(chain(&error))),
                Err(_) => Err(ConnectError::Nowhere(chain(&error))),
            };
        }
        Err(error) => return Err(ConnectError::Kubeconfig(chain(&error))),
    };
    let config = kube::Config::from_custom_kubeconfig(kubeconfig, &options).await;
    config.map_err(|error| ConnectError::Kubeconfig(chain(&error)))
}

impl Server for Client {
    fn get(&mut self, path: &str, accept: &str) -> Result<Answer, String> {
        let request = http::Request::get(path).header(ACCEPT, accept);
        let request = request.body(Body::empty());
        let request = request.map_err(|error| error.to_string())?;
        let answer = async {
            let response = self
                .client
                .send(request)
                .await
                .map_err(|error| step(&error))?;
            let status = response.status().as_u16();
            let retry_after = response.headers().get(RETRY_AFTER);
            let retry_after = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
            let body = response.into_body().collect().await;
            let body = body.map_err(|error| step(&error))?.to_bytes().to_vec();
            Ok(Answer {
                status,
                retry_after,
                body,
            })
        };
        self.runtime.block_on(async {
            timeout(PATIENCE, answer)
                .await
                .unwrap_or_else(|_| Err("no answer came in time".to_owned()))
        })
    }

    fn wait(&mut self, time: Duration) {
        self.runtime.block_on(tokio::time::sleep(time));
    }
}

/// An error with its causes, each said once.
fn chain(error: &dyn Error) -> String {
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

/// Which step failed, and what to do. The libraries tell the steps apart only by their words.
fn step(error: &dyn Error) -> String {
    let cause = chain(error);
    let advice = [
        (
            "dns error",
            "the name of the API server is not known: check the address in the kubeconfig, or the network",
        ),
        (
            "failed to lookup",
            "the name of the API server is not known: check the address in the kubeconfig, or the network",
        ),
        (
            "Connection refused",
            "nothing listens at the address of the API server: check whether it runs, or a tunnel",
        ),
        (
            "NotValidForName",
            "the certificate of the API server is for another name: set tls-server-name in the kubeconfig",
        ),
        (
            "not valid for name",
            "the certificate of the API server is for another name: set tls-server-name in the kubeconfig",
        ),
        (
            "Expired",
            "the certificate of the API server has expired: renew it",
        ),
        ("expired", "a certificate has expired: renew it"),
        (
            "UnknownIssuer",
            "the certificate of the API server is not from the authority of the kubeconfig: take a newer kubeconfig",
        ),
        (
            "exec",
            "the command of the kubeconfig that gives credentials failed: run it yourself",
        ),
        ("timed out", "no answer came in time"),
    ];
    let advice = advice.iter().find(|(words, _)| cause.contains(words));
    match advice {
        Some((_, advice)) => format!("{advice} ({cause})"),
        None => cause,
    }
}
