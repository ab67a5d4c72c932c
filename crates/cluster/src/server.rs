//! What is needed of an API server to read it, and nothing that could change it: one kind of request, `GET`.

use std::fmt;
use std::time::Duration;

/// An answer, whatever it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// After how many seconds the server wants to be asked again.
    pub retry_after: Option<u64>,
    /// The body as it came.
    pub body: Vec<u8>,
}

/// An API server.
pub trait Server {
    /// Asks for `path`, such as `/api/v1/pods?limit=500`.
    ///
    /// # Errors
    /// Why no whole answer came, in words for a message. A refusal is an answer.
    fn get(&mut self, path: &str, accept: &str) -> Result<Answer, String>;

    /// Lets time pass before the next request.
    fn wait(&mut self, time: Duration);
}

/// What JSON is asked for with.
pub(crate) const JSON: &str = "application/json";
/// What metrics are asked for with.
pub(crate) const TEXT: &str = "text/plain";
/// What is asked for where only names may come: with `includeObject=None` the rows carry no objects.
pub(crate) const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io";

/// How often a request is made before it is given up.
const ATTEMPTS: u32 = 5;
/// The longest time between two attempts, in seconds.
const LONGEST: u64 = 30;

/// Why there is nothing to read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Failure {
    /// 401: not known, or no longer.
    Unauthenticated,
    /// 403.
    Forbidden,
    /// 404: not served, or no longer.
    Gone,
    /// 410: the list has to be begun again, or can go on from here.
    Expired(Option<String>),
    /// Anything else, in words.
    Other(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Failure::Unauthenticated => {
                "it does not accept the credentials (401): log in again, or choose another context"
            }
            Failure::Forbidden => {
                "it does not allow it (403): ask for the rights, or choose another context"
            }
            Failure::Gone => "it no longer serves this",
            Failure::Expired(_) => "the list changes faster than it can be read (410)",
            Failure::Other(why) => why,
        })
    }
}

/// Asks, and asks again where that may help.
pub(crate) struct Asking<'s> {
    server: &'s mut dyn Server,
    /// Has anything been answered yet?
    met: bool,
    /// Was the last thing given up?
    lost: bool,
}

impl Asking<'_> {
    pub(crate) fn new(server: &mut dyn Server) -> Asking<'_> {
        Asking {
            server,
            met: false,
            lost: false,
        }
    }

    /// Asks for a path once; `None` where nothing comes of it.
    pub(crate) fn once(&mut self, path: &str, accept: &str) -> Option<Vec<u8>> {
        let answer = self.server.get(path, accept).ok()?;
        (answer.status == 200).then_some(answer.body)
    }

    /// Asks for a path and reads the answer, which must be whole.
    pub(crate) fn get<T>(
        &mut self,
        path: &str,
        accept: &str,
        mut read: impl FnMut(&[u8]) -> serde_json::Result<T>,
    ) -> Result<T, Failure> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let answer = self.server.get(path, accept);
            self.met |= answer.is_ok();
            let (why, retry_after) = match answer {
                Ok(answer) if answer.status == 200 => match read(&answer.body) {
                    Ok(value) => {
                        self.lost = false;
                        return Ok(value);
                    }
                    Err(_) => ("the answer is not whole".to_owned(), None),
                },
                Ok(answer) => (refusal(&answer)?, answer.retry_after),
                Err(why) => (why, None),
            };
            // An address, a name or a certificate that is wrong does not become right by waiting.
            let attempts = match self.met && !self.lost {
                true => ATTEMPTS,
                false => 1,
            };
            if attempt >= attempts {
                self.lost = true;
                return Err(Failure::Other(why));
            }
            self.server.wait(pause(retry_after, attempt));
        }
    }
}

/// How long to wait before the next attempt: as the server says, or twice as long each time.
pub(crate) fn pause(retry_after: Option<u64>, attempt: u32) -> Duration {
    let seconds = retry_after.unwrap_or(1 << (attempt - 1).min(LONGEST.ilog2()));
    Duration::from_secs(seconds.clamp(1, LONGEST))
}

/// Why an answer is none, if asking again may help.
fn refusal(answer: &Answer) -> Result<String, Failure> {
    match answer.status {
        401 => Err(Failure::Unauthenticated),
        403 => Err(Failure::Forbidden),
        404 => Err(Failure::Gone),
        410 => Err(Failure::Expired(continuation(&answer.body))),
        429 | 500..=599 => Ok(format!("the server answers {}", answer.status)),
        status => Err(Failure::Other(format!("the server answers {status}"))),
    }
}

/// A 410 may carry a token with which the list goes on, of another moment.
fn continuation(body: &[u8]) -> Option<String> {
    let status: serde_json::Value = serde_json::from_slice(body).ok()?;
    let token = status.get("metadata")?.get("continue")?.as_str()?;
    (!token.is_empty()).then(|| token.to_owned())
}
