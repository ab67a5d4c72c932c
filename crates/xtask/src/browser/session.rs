//! A headless Chromium, spoken to over its debugging pipe: JSON messages that end in a zero byte, on descriptors 3 and 4.
//!
//! Collects what the page complains of and asks for. Waits for answers, never by the clock; a browser that says nothing for
//! [`SILENCE`] is given up.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// How long the browser may say nothing.
const SILENCE: Duration = Duration::from_secs(60);

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A browser with one page. It ends with the value.
pub(super) struct Session {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    /// The name of the page's session in each message.
    page: Value,
    /// The address that was opened.
    url: String,
    sent: u64,
    /// Script errors, and what the page's policy refused.
    pub(super) complaints: Vec<String>,
    /// What was asked for besides the page itself.
    pub(super) requests: Vec<String>,
}

impl Session {
    /// Starts a browser that keeps its files in `profile`.
    pub(super) fn start(browser: &Path, profile: &Path) -> Result<Session> {
        let mut child = Command::new("sh")
            .args(["-c", r#"exec "$@" 3<&0 4>&1 </dev/null >/dev/null"#, "sh"])
            .arg(browser)
            // Without a sandbox: containers do not allow one, and the page is our own.
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
            ])
            .args([
                "--no-first-run",
                "--disable-background-networking",
                "--remote-debugging-pipe",
            ])
            .arg(format!("--user-data-dir={}", profile.display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let input = child.stdin.take().ok_or("the browser has no input")?;
        let output = child.stdout.take().ok_or("the browser has no output")?;
        let (sender, messages) = channel();
        thread::spawn(move || {
            for message in BufReader::new(output)
                .split(0)
                .map_while(std::result::Result::ok)
            {
                let Ok(message) = serde_json::from_slice(&message) else {
                    return;
                };
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut session = Session {
            child,
            input,
            messages,
            page: Value::Null,
            url: String::new(),
            sent: 0,
            complaints: Vec::new(),
            requests: Vec::new(),
        };
        session.attach()?;
        Ok(session)
    }

    fn attach(&mut self) -> Result<()> {
        let target = self.call("Target.createTarget", json!({"url": "about:blank"}))?;
        let attached = self.call(
            "Target.attachToTarget",
            json!({"targetId": target["targetId"], "flatten": true}),
        )?;
        self.page = attached["sessionId"].clone();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), json!({}))?;
        }
        Ok(())
    }

    /// Opens a file and waits until it has been loaded.
    pub(super) fn open(&mut self, file: &Path) -> Result<()> {
        self.url = format!("file://{}", file.canonicalize()?.display());
        self.call("Page.navigate", json!({"url": self.url}))?;
        while self.receive()?["method"] != "Page.loadEventFired" {}
        Ok(())
    }

    /// The value of an expression inside the page, awaited.
    pub(super) fn evaluate(&mut self, expression: &str) -> Result<Value> {
        let question =
            json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", question)?;
        match answer.get("exceptionDetails") {
            Some(details) => Err(format!("in the page: {details}").into()),
            None => Ok(answer["result"]["value"].clone()),
        }
    }

    /// Sets the width of the window in pixels, and whether the reader likes it light or dark.
    pub(super) fn dress(&mut self, width: u32, scheme: &str) -> Result<()> {
        let metrics =
            json!({"width": width, "height": 1700, "deviceScaleFactor": 1, "mobile": width < 600});
        self.call("Emulation.setDeviceMetricsOverride", metrics)?;
        let feature = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.call("Emulation.setEmulatedMedia", feature).map(|_| ())
    }

    /// May scripts run in what is opened from now on?
    pub(super) fn let_scripts_run(&mut self, may: bool) -> Result<()> {
        let parameters = json!({"value": !may});
        self.call("Emulation.setScriptExecutionDisabled", parameters)
            .map(|_| ())
    }

    /// The page as it looks, as PNG.
    pub(super) fn picture(&mut self) -> Result<Vec<u8>> {
        self.bytes("Page.captureScreenshot")
    }

    /// The page as it would be printed, as PDF.
    pub(super) fn print(&mut self) -> Result<Vec<u8>> {
        self.bytes("Page.printToPDF")
    }

    fn bytes(&mut self, method: &str) -> Result<Vec<u8>> {
        let answer = self.call(method, json!({}))?;
        Ok(STANDARD.decode(answer["data"].as_str().unwrap_or_default())?)
    }

    fn call(&mut self, method: &str, parameters: Value) -> Result<Value> {
        self.sent += 1;
        let id = self.sent;
        let mut message = json!({"id": id, "method": method, "params": parameters});
        if !self.page.is_null() {
            message["sessionId"] = self.page.clone();
        }
        write!(self.input, "{message}\0")?;
        loop {
            let mut answer = self.receive()?;
            if answer["id"] == id {
                return match answer.get("error") {
                    Some(error) => Err(format!("{method}: {error}").into()),
                    None => Ok(answer["result"].take()),
                };
            }
        }
    }

    /// The next message; notes what concerns the page.
    fn receive(&mut self) -> Result<Value> {
        let message = self.messages.recv_timeout(SILENCE)?;
        let what = &message["params"];
        match message["method"].as_str() {
            Some("Runtime.exceptionThrown") => self.complaints.push(what.to_string()),
            Some("Log.entryAdded") => self.complaints.push(what["entry"].to_string()),
            Some("Network.requestWillBeSent") if what["request"]["url"] != self.url => {
                self.requests.push(what["request"]["url"].to_string());
            }
            _ => {}
        }
        Ok(message)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
