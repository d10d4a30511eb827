//! What the linker is told of the program: to pack the table of addresses that are moved as it starts (RELR), 1.3 MB that every
//! running Keicho would hold in memory. glibc reads such a table from 2.36 on, so an older one is spared it.

use std::env;
use std::process::Command;

/// The first glibc that reads a packed table.
const READS_PACKED: (u32, u32) = (2, 36);

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let var = |name: &str| env::var(name).unwrap_or_default();
    let gnu = var("CARGO_CFG_TARGET_OS") == "linux" && var("CARGO_CFG_TARGET_ENV") == "gnu";
    // Where it is built for another machine, nobody knows that machine's glibc.
    if gnu && var("TARGET") == var("HOST") && glibc().is_some_and(|version| version >= READS_PACKED) {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The glibc of this machine, as in `glibc 2.36`; none where there is no such program to ask.
fn glibc() -> Option<(u32, u32)> {
    let said = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?.stdout;
    let (major, minor) = std::str::from_utf8(&said).ok()?.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
