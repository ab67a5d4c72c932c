//! What the commands that set things up are told: `init`, `completions` and `man`.

use std::path::PathBuf;

use clap::Args;

pub(super) const INIT_EXAMPLES: &str = "\
Examples:
  plimsoll init                  write plimsoll.yaml for the current folder
  plimsoll init deploy/          for another folder, and into it
  plimsoll init --stdout         only show it";

#[derive(Args, Debug)]
pub(crate) struct InitOptions {
    /// The folder to look through and to write to
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Show the configuration instead of writing it
    #[arg(long)]
    pub(crate) stdout: bool,
}

pub(super) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  plimsoll completions bash > ~/.local/share/bash-completion/completions/plimsoll
  plimsoll completions zsh > ~/.zfunc/_plimsoll
  plimsoll completions fish > ~/.config/fish/completions/plimsoll.fish
  plimsoll completions powershell >> $PROFILE";

#[derive(Args, Debug)]
pub(crate) struct CompletionsOptions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

pub(super) const MAN_EXAMPLES: &str = "\
Examples:
  plimsoll man ~/.local/share/man/man1
  plimsoll man pages && man ./pages/plimsoll-scan.1";

#[derive(Args, Debug)]
pub(crate) struct ManOptions {
    /// The folder to write to; pages that are there are replaced
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}
