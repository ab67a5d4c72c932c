//! Starts the components in order, each when the one before it answers, and writes what clients need.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use rcgen::KeyPair;
use tempfile::TempDir;

use crate::api::{Api, ApiError};
use crate::process::Process;
use crate::programs::{Component, Programs};

/// The token of an administrator (`system:masters`).
const TOKEN: &str = "test-administrator";
/// How long a component may take until it answers.
const PATIENCE: Duration = Duration::from_secs(120);
/// The time between two looks at a component that does not answer yet.
const PAUSE: Duration = Duration::from_millis(50);

/// How to start it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Settings {
    /// Further arguments of the API server; one given here wins over ours.
    pub api_server: Vec<String>,
    /// Start the controller manager as well?
    pub controller_manager: bool,
    /// Tokens of further users: token, user, groups.
    pub users: Vec<(String, String, Vec<String>)>,
}

/// Why it did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A file or process could not be made.
    #[error("the control plane cannot be started: {0}")]
    Io(#[from] io::Error),
    /// The key for service accounts could not be made.
    #[error("no key for service accounts could be made: {0}")]
    Key(#[from] rcgen::Error),
    /// A component ended or does not answer; its last lines.
    #[error("{component} does not start; its last lines:\n{last_words}")]
    Component {
        /// The component's name.
        component: &'static str,
        /// What it wrote last.
        last_words: String,
    },
    /// The client could not be made.
    #[error(transparent)]
    Api(#[from] ApiError),
}

/// A running control plane. It stops when this value goes.
pub struct ControlPlane {
    programs: Programs,
    api: Api,
    server: String,
    // Stopped in this order: an API server that has lost its store takes its time.
    controller_manager: Option<Process>,
    api_server: Process,
    _etcd: Process,
    folder: TempDir,
}

impl ControlPlane {
    /// Starts one and waits until it is ready.
    ///
    /// # Errors
    /// When a component is missing or does not become ready within two minutes.
    pub fn start(programs: &Programs, settings: &Settings) -> Result<ControlPlane, StartError> {
        let folder = tempfile::Builder::new()
            .prefix("control-plane-")
            .tempdir()?;
        let at = folder.path();
        write_credentials(at, settings)?;
        let (etcd, store) = start_etcd(programs, at)?;
        let (api_server, api, server) = start_api_server(programs, at, &store, settings)?;
        write_kubeconfig(at, &server)?;
        let controller_manager = match settings.controller_manager {
            true => Some(start_controller_manager(programs, at)?),
            false => None,
        };
        Ok(ControlPlane {
            programs: programs.clone(),
            api,
            server,
            controller_manager,
            api_server,
            _etcd: etcd,
            folder,
        })
    }

    /// The control plane that all tests of a binary share, with the settings as they are by default; started by the
    /// first that asks, gone with the last that holds it.
    ///
    /// # Errors
    /// As [`ControlPlane::start`].
    pub fn shared(programs: &Programs) -> Result<Arc<ControlPlane>, StartError> {
        static SHARED: Mutex<Weak<ControlPlane>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = shared.upgrade() {
            return Ok(running);
        }
        let started = Arc::new(ControlPlane::start(programs, &Settings::default())?);
        *shared = Arc::downgrade(&started);
        Ok(started)
    }

    /// A client with all rights.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// Where the API server listens, such as `https://127.0.0.1:41234`.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// A kubeconfig with all rights.
    pub fn kubeconfig(&self) -> PathBuf {
        self.folder.path().join("kubeconfig")
    }

    /// The certificate with which the API server is verified, in PEM.
    pub fn certificate(&self) -> PathBuf {
        self.folder
            .path()
            .join("certificates")
            .join("apiserver.crt")
    }

    /// The folder that goes with the control plane.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// kubectl with all rights.
    pub fn kubectl(&self) -> Command {
        let mut command = self.programs.command(Component::Kubectl);
        command.env("KUBECONFIG", self.kubeconfig());
        command
    }

    /// Kills the API server in the middle of whatever it does.
    pub fn kill_api_server(&mut self) {
        self.api_server.stop();
    }

    /// The ids of its processes.
    pub fn process_ids(&self) -> Vec<u32> {
        let processes = [&self.api_server, &self._etcd].into_iter();
        processes
            .chain(&self.controller_manager)
            .map(Process::id)
            .collect()
    }
}

fn write_credentials(at: &Path, settings: &Settings) -> Result<(), StartError> {
    let key = KeyPair::generate()?;
    fs::write(at.join("accounts.key"), key.serialize_pem())?;
    fs::write(at.join("accounts.pub"), key.public_key_pem())?;
    let mut tokens = format!("{TOKEN},administrator,administrator,\"system:masters\"\n");
    for (token, user, groups) in &settings.users {
        tokens.push_str(&format!("{token},{user},{user},\"{}\"\n", groups.join(",")));
    }
    fs::write(at.join("tokens.csv"), tokens)?;
    Ok(())
}

fn write_kubeconfig(at: &Path, server: &str) -> io::Result<()> {
    let authority = at.join("certificates").join("apiserver.crt");
    let config = serde_json::json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "test", "cluster": {"server": server, "certificate-authority": authority}}],
        "users": [{"name": "administrator", "user": {"token": TOKEN}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "administrator"}}],
        "current-context": "test",
    });
    fs::write(at.join("kubeconfig"), config.to_string())
}

fn start_etcd(programs: &Programs, at: &Path) -> Result<(Process, String), StartError> {
    let (clients, peers) = (address("http")?, address("http")?);
    let arguments = [
        format!("--data-dir={}", at.join("store").display()),
        format!("--listen-client-urls={clients}"),
        format!("--advertise-client-urls={clients}"),
        format!("--listen-peer-urls={peers}"),
        format!("--initial-advertise-peer-urls={peers}"),
        format!("--initial-cluster=default={peers}"),
        "--unsafe-no-fsync".to_owned(),
        "--log-level=error".to_owned(),
    ];
    let mut process = start(programs, Component::Etcd, &arguments, at)?;
    let health = format!("{clients}/health");
    await_ready(&mut process, Component::Etcd, || {
        ureq::get(&health).call().is_ok()
    })?;
    Ok((process, clients))
}

fn start_api_server(
    programs: &Programs,
    at: &Path,
    store: &str,
    settings: &Settings,
) -> Result<(Process, Api, String), StartError> {
    let server = address("https")?;
    let port = server.rsplit(':').next().unwrap_or_default();
    let certificates = at.join("certificates");
    let mut arguments = vec![
        format!("--etcd-servers={store}"),
        "--bind-address=127.0.0.1".to_owned(),
        format!("--secure-port={port}"),
        format!("--cert-dir={}", certificates.display()),
        format!("--token-auth-file={}", at.join("tokens.csv").display()),
        "--authorization-mode=RBAC".to_owned(),
        "--allow-privileged=true".to_owned(),
        "--service-account-issuer=https://kubernetes.default.svc".to_owned(),
        format!(
            "--service-account-key-file={}",
            at.join("accounts.pub").display()
        ),
        format!(
            "--service-account-signing-key-file={}",
            at.join("accounts.key").display()
        ),
        "--service-cluster-ip-range=10.0.0.0/24".to_owned(),
        "--max-requests-inflight=3000".to_owned(),
        "--max-mutating-requests-inflight=1000".to_owned(),
        // Without a controller manager nobody makes the default accounts that this plugin asks for.
        "--disable-admission-plugins=ServiceAccount".to_owned(),
    ];
    arguments.extend(settings.api_server.iter().cloned());
    let mut process = start(programs, Component::ApiServer, &arguments, at)?;
    let certificate = certificates.join("apiserver.crt");
    let mut api = None;
    await_ready(&mut process, Component::ApiServer, || {
        if api.is_none() {
            let read = fs::read(&certificate).ok();
            api = read.and_then(|pem| Api::new(&server, &pem, TOKEN).ok());
        }
        let answers = |api: &Api| api.get("/readyz").is_ok_and(|answer| answer.is_fine());
        api.as_ref().is_some_and(answers)
    })?;
    let api = match api {
        Some(api) => api,
        None => Api::new(&server, &fs::read(&certificate)?, TOKEN)?,
    };
    Ok((process, api, server))
}

fn start_controller_manager(programs: &Programs, at: &Path) -> Result<Process, StartError> {
    let port = address("https")?;
    let port = port.rsplit(':').next().unwrap_or_default();
    let arguments = [
        format!("--kubeconfig={}", at.join("kubeconfig").display()),
        format!(
            "--service-account-private-key-file={}",
            at.join("accounts.key").display()
        ),
        "--leader-elect=false".to_owned(),
        "--bind-address=127.0.0.1".to_owned(),
        format!("--secure-port={port}"),
        format!("--cert-dir={}", at.join("controller-manager").display()),
    ];
    start(programs, Component::ControllerManager, &arguments, at)
}

fn start(
    programs: &Programs,
    component: Component,
    arguments: &[String],
    at: &Path,
) -> Result<Process, StartError> {
    if !programs.have(component) {
        return Err(StartError::Component {
            component: component.name(),
            last_words: format!("there is no such program in {}", programs.path().display()),
        });
    }
    let log = at.join(format!("{}.log", component.name()));
    Ok(Process::start(
        programs.command(component),
        arguments,
        &log,
    )?)
}

/// An address of the loopback interface with a port that was free a moment ago.
fn address(scheme: &str) -> io::Result<String> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    Ok(format!("{scheme}://127.0.0.1:{port}"))
}

fn await_ready(
    process: &mut Process,
    component: Component,
    mut is_ready: impl FnMut() -> bool,
) -> Result<(), StartError> {
    let begin = Instant::now();
    while !is_ready() {
        if process.has_ended() || begin.elapsed() > PATIENCE {
            return Err(StartError::Component {
                component: component.name(),
                last_words: process.last_words(),
            });
        }
        thread::sleep(PAUSE);
    }
    Ok(())
}
