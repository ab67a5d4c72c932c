//! Plain requests to the API server. One `Api` can be used by many threads; each keeps its own connections.

use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use serde_json::Value;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The server's certificate could not be read.
    #[error("the API server's certificate cannot be read: {0}")]
    Certificate(String),
    /// The request did not come through.
    #[error("{0}")]
    Request(#[from] Box<ureq::Error>),
    /// The answer is not JSON.
    #[error("the answer is not JSON: {0}")]
    NotJson(String),
}

/// What the API server said.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The warnings that came with it, as the server words them.
    pub warnings: Vec<String>,
    /// An object, a list or a `Status`; a string for texts such as `ok`.
    pub body: Value,
}

impl Answer {
    /// Was the request allowed and done?
    pub fn is_fine(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The message of a `Status`; empty where there is none.
    pub fn message(&self) -> &str {
        self.body
            .get("message")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}

/// A client of one API server.
#[derive(Clone)]
pub struct Api {
    agent: Agent,
    server: String,
    token: String,
}

impl Api {
    pub(crate) fn new(server: &str, certificate: &[u8], token: &str) -> Result<Api, ApiError> {
        let mut roots = Vec::new();
        for item in parse_pem(certificate) {
            match item {
                Ok(PemItem::Certificate(certificate)) => roots.push(certificate),
                Ok(_) => {}
                Err(error) => return Err(ApiError::Certificate(error.to_string())),
            }
        }
        if roots.is_empty() {
            return Err(ApiError::Certificate("there is none in the file".into()));
        }
        Ok(Api {
            agent: agent(&roots),
            server: server.to_owned(),
            token: token.to_owned(),
        })
    }

    /// The same server, asked by somebody else.
    pub fn with_token(&self, token: &str) -> Api {
        Api {
            token: token.to_owned(),
            ..self.clone()
        }
    }

    /// Reads `path`, such as `/api/v1/pods?limit=1`.
    ///
    /// # Errors
    /// When no answer comes; a refusal is an answer.
    pub fn get(&self, path: &str) -> Result<Answer, ApiError> {
        let request = self.agent.get(format!("{}{path}", self.server));
        let request = request.header("Authorization", format!("Bearer {}", self.token));
        answer(request.call())
    }

    /// Creates an object in the collection `path`.
    ///
    /// # Errors
    /// When no answer comes; a refusal is an answer.
    pub fn post(&self, path: &str, body: &Value) -> Result<Answer, ApiError> {
        let request = self.agent.post(format!("{}{path}", self.server));
        let request = request.header("Authorization", format!("Bearer {}", self.token));
        answer(request.send_json(body))
    }

    /// Replaces the object at `path`.
    ///
    /// # Errors
    /// When no answer comes; a refusal is an answer.
    pub fn put(&self, path: &str, body: &Value) -> Result<Answer, ApiError> {
        let request = self.agent.put(format!("{}{path}", self.server));
        let request = request.header("Authorization", format!("Bearer {}", self.token));
        answer(request.send_json(body))
    }

    /// Deletes the object at `path`.
    ///
    /// # Errors
    /// When no answer comes; a refusal is an answer.
    pub fn delete(&self, path: &str) -> Result<Answer, ApiError> {
        let request = self.agent.delete(format!("{}{path}", self.server));
        let request = request.header("Authorization", format!("Bearer {}", self.token));
        answer(request.call())
    }
}

fn agent(roots: &[Certificate<'static>]) -> Agent {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(roots))
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(60)))
        .proxy(None)
        .build();
    config.into()
}

fn answer(
    response: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Answer, ApiError> {
    let mut response = response.map_err(Box::new)?;
    let warnings = response.headers().get_all("warning").iter();
    let warnings = warnings
        .filter_map(|warning| warning.to_str().ok())
        .map(warning_text)
        .collect();
    let status = response.status().as_u16();
    let text = response
        .body_mut()
        .with_config()
        .limit(u64::MAX)
        .read_to_string();
    let text = text.map_err(Box::new)?;
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Ok(Answer {
        status,
        warnings,
        body,
    })
}

/// The text within a header such as `299 - "text"`.
fn warning_text(header: &str) -> String {
    let quoted = header
        .split_once('"')
        .and_then(|(_, rest)| rest.rsplit_once('"'));
    quoted
        .map_or(header, |(text, _)| text)
        .replace("\\\"", "\"")
}
