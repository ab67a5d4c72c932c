//! Lets the linker pack the addresses that are set when the program is loaded: the catalogue is one table of them, and they take
//! 24 bytes each otherwise. glibc knows the packed form from 2.36 on, musl from 1.2.4 on, which Rust brings along.

use std::env::var;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if knows_packed_addresses() == Some(true) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// Does the C library with which the program is going to run know them? `None` where that cannot be told.
fn knows_packed_addresses() -> Option<bool> {
    if var("CARGO_CFG_TARGET_OS").ok()? != "linux" {
        return Some(false);
    }
    if var("CARGO_CFG_TARGET_ENV").ok()? == "musl" {
        return Some(true);
    }
    let is_here = var("HOST").ok()? == var("TARGET").ok()?;
    let answer = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let answer = String::from_utf8(answer.ok()?.stdout).ok()?;
    let minor: u32 = answer.trim().strip_prefix("glibc 2.")?.parse().ok()?;
    Some(is_here && minor >= 36)
}
