//! Requests to the API server of a kubeconfig, or of the cluster in which we run. Everything of tokio stays in here.
//!
//! Invariant: nothing but `GET` is sent, save to reports (`publish`), which are written only for whoever asks for it.

use std::time::Duration;

use http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use http::{HeaderValue, Request};
use http_body_util::BodyExt;
use kube::client::{AuthError, Body};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use crate::access::{Access, ConnectError, command, configuration};
use crate::advice::{chain, step};
use crate::publish::{ROOT, Reports};
use crate::server::{Answer, Server};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an answer may take, with all of its body.
const PATIENCE: Duration = Duration::from_secs(90);
/// JSON is YAML.
const APPLY: &str = "application/apply-patch+yaml";

/// A client of one API server.
pub struct Client {
    runtime: Runtime,
    client: kube::Client,
    patience: Duration,
}

impl Client {
    /// A client; nothing is asked yet. `announce` is told what a kubeconfig is about to run.
    ///
    /// # Errors
    /// When there is no configuration, or it cannot be used.
    pub fn connect(access: &Access, announce: &dyn Fn(&str)) -> Result<Client, ConnectError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| ConnectError::Client(error.to_string()))?;
        let mut config = runtime.block_on(configuration(access))?;
        let command = command(&config.auth_info);
        if let Some(command) = &command {
            announce(command);
        }
        config.connect_timeout = Some(CONNECT);
        let patience = access.patience.unwrap_or(PATIENCE);
        config.read_timeout = Some(patience);
        let agent = concat!("plimsoll/", env!("CARGO_PKG_VERSION"));
        let agent = (USER_AGENT, HeaderValue::from_static(agent));
        config.headers.push(agent);
        // Asking again is decided by whoever asks.
        config.default_retry = false;
        let guard = runtime.enter();
        let client = kube::Client::try_from(config);
        drop(guard);
        let client = client.map_err(|error| unmade(&error, command))?;
        Ok(Client {
            runtime,
            client,
            patience,
        })
    }
}

/// The output of a command that failed is not repeated: it may hold what it was asked for.
fn unmade(error: &kube::Error, command: Option<String>) -> ConnectError {
    let why = match error {
        kube::Error::Auth(AuthError::AuthExecRun { out, .. }) => out.status.to_string(),
        kube::Error::Auth(AuthError::AuthExecStart(cause)) => cause.to_string(),
        kube::Error::Auth(AuthError::AuthExecParse(_) | AuthError::ExecPluginFailed) => {
            "what it prints are no credentials".to_owned()
        }
        _ => return ConnectError::Client(chain(error)),
    };
    let command = command.unwrap_or_default();
    ConnectError::Credentials { command, why }
}

impl Client {
    fn send(&self, request: http::Result<Request<Body>>) -> Result<Answer, String> {
        let request = request.map_err(|error| error.to_string())?;
        let answer = async {
            let response = self.client.send(request).await;
            let response = response.map_err(|error| step(&error))?;
            let status = response.status().as_u16();
            let retry_after = response.headers().get(RETRY_AFTER);
            let retry_after = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
            let body = response.into_body().collect().await;
            let body = body.map_err(|error| step(&error))?.to_bytes();
            Ok(Answer {
                status,
                retry_after,
                body: body.into(),
            })
        };
        self.runtime.block_on(async {
            let late = |_| Err("no answer came in time".to_owned());
            timeout(self.patience, answer).await.unwrap_or_else(late)
        })
    }
}

impl Server for Client {
    fn get(&mut self, path: &str, accept: &str) -> Result<Answer, String> {
        let request = Request::get(path).header(ACCEPT, accept);
        self.send(request.body(Body::empty()))
    }

    fn wait(&mut self, time: Duration) {
        // A timer has to be made within the runtime.
        self.runtime
            .block_on(async { tokio::time::sleep(time).await });
    }
}

impl Reports for Client {
    fn apply(&mut self, path: &str, body: &str) -> Result<Answer, String> {
        let request = Request::patch(of_report(path)?).header(CONTENT_TYPE, APPLY);
        self.send(request.body(Body::from(body.as_bytes().to_vec())))
    }

    fn delete(&mut self, path: &str) -> Result<Answer, String> {
        self.send(Request::delete(of_report(path)?).body(Body::empty()))
    }
}

/// Whatever else may go wrong, nothing but a report is written.
fn of_report(path: &str) -> Result<&str, String> {
    let below = path.strip_prefix(ROOT).filter(|rest| rest.starts_with('/'));
    below
        .map(|_| path)
        .ok_or_else(|| format!("{path} is no report"))
}
