//! What lies in the program's file that a running Keicho would else hold in memory of its own: the detector's numbers as they are
//! read, and a packed table of the addresses that are moved as it starts.

use std::env;
use std::error::Error;
use std::process::Command;

#[path = "models/firered/layout.rs"]
mod layout;

/// The first glibc that reads a packed table.
const READS_PACKED: (u32, u32) = (2, 36);

fn main() -> Result<(), Box<dyn Error>> {
    layout::write()?;
    pack_addresses();
    Ok(())
}

/// Has the linker pack the table (RELR), which is 1.3 MB. glibc reads it so from 2.36 on: an older one is spared it.
fn pack_addresses() {
    println!("cargo::rerun-if-changed=build.rs");
    let var = |name: &str| env::var(name).unwrap_or_default();
    let gnu = var("CARGO_CFG_TARGET_OS") == "linux" && var("CARGO_CFG_TARGET_ENV") == "gnu";
    // Where it is built for another machine, nobody knows that machine's glibc.
    if gnu && var("TARGET") == var("HOST") && glibc().is_some_and(|version| version >= READS_PACKED) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The glibc of this machine, as in `glibc 2.36`; none where there is no such program to ask.
fn glibc() -> Option<(u32, u32)> {
    let said = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?.stdout;
    let (major, minor) = std::str::from_utf8(&said).ok()?.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
