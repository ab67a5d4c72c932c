//! `kept list`, `kept unpack TARGET FOLDER`, `kept pack TARGET FOLDER`: what `cargo xtask fuzz` has to know and do about targets and
//! kept texts, so that it needs nothing of the product itself.
#![allow(clippy::print_stdout, reason = "a chore talks to what runs it")]

use std::path::Path;
use std::process::ExitCode;

use plimsoll_fuzz::{TARGETS, find, kept};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["list"] => {
            for target in TARGETS {
                println!("{} {} {}", target.name, target.dictionary, target.longest);
            }
            Ok(())
        }
        ["unpack", name, folder] if find(name).is_some() => kept::unpack(name, Path::new(folder)),
        ["pack", name, folder] if find(name).is_some() => {
            kept::pack(name, Path::new(folder)).map(|count| println!("{name} keeps {count} texts"))
        }
        _ => {
            println!("usage: kept list | unpack TARGET FOLDER | pack TARGET FOLDER");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}
