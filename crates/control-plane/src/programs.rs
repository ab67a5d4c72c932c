//! Where the programs of a control plane come from: a folder in which each has its own name, as the field's test
//! environments lay them out, or the one program that `cargo xtask control-plane` builds.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program of the control plane.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Component {
    /// The store.
    Etcd,
    /// The API server.
    ApiServer,
    /// Fills the status of admission policies, makes accounts and ReplicaSets. Not part of the field's test environments.
    ControllerManager,
    /// The command line client.
    Kubectl,
}

impl Component {
    /// The program's name.
    pub fn name(self) -> &'static str {
        match self {
            Component::Etcd => "etcd",
            Component::ApiServer => "kube-apiserver",
            Component::ControllerManager => "kube-controller-manager",
            Component::Kubectl => "kubectl",
        }
    }
}

/// Where the programs are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Programs {
    /// A folder with one file for each.
    Folder(PathBuf),
    /// One program that becomes the component which its first argument names.
    Single(PathBuf),
}

impl Programs {
    /// The variable that names the folder: the convention of the field's test environments.
    pub const FOLDER: &'static str = "KUBEBUILDER_ASSETS";
    /// The variable that names the single program.
    pub const SINGLE: &'static str = "PLIMSOLL_CONTROL_PLANE";

    /// What the environment names; `None` when it names nothing, and tests that need a control plane are left out.
    pub fn find() -> Option<Programs> {
        let named = |variable: &str| env::var_os(variable).filter(|value| !value.is_empty());
        let folder = named(Self::FOLDER).map(|folder| Programs::Folder(folder.into()));
        folder.or_else(|| Some(Programs::Single(named(Self::SINGLE)?.into())))
    }

    /// Is the component there?
    pub fn have(&self, component: Component) -> bool {
        match self {
            Programs::Folder(folder) => folder.join(component.name()).is_file(),
            Programs::Single(program) => program.is_file(),
        }
    }

    /// The folder or the program.
    pub fn path(&self) -> &Path {
        match self {
            Programs::Folder(path) | Programs::Single(path) => path,
        }
    }

    /// What starts a component; its own arguments follow.
    pub(crate) fn command(&self, component: Component) -> Command {
        match self {
            Programs::Folder(folder) => Command::new(folder.join(component.name())),
            Programs::Single(program) => {
                let mut command = Command::new(program);
                command.arg(component.name());
                command
            }
        }
    }
}
