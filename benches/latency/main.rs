//! How long from speech at the microphone to the page: a real sound server, the live source, the session, the server
//! and a client of its web socket. `cargo bench --bench latency [-- --bursts 30]`
//!
//! The way of a burst's first sample has three parts, and they add up:
//!
//! - (a) from a sample in the microphone to its block: the sound server's pieces, the rings, the mixer. Depends on the
//!   computer and on what else it does.
//! - (b) from the first sample to the *now* of the snapshot that shows it: how much speech the chain wants to have
//!   heard. Counted in samples of the call, and so the same on every computer.
//! - (c) from the snapshot to a client on this computer that holds its text. What a browser takes to paint is not in it.
//!
//! A microphone's own delay, and the sound server's filter, lie before all this.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot be set up fails")]
#![allow(unreachable_pub, reason = "nothing here is public")]

#[cfg(target_os = "linux")]
mod bursts;
#[cfg(target_os = "linux")]
mod call;
#[cfg(target_os = "linux")]
mod figures;
#[cfg(target_os = "linux")]
mod microphone;
#[cfg(target_os = "linux")]
mod page;
#[cfg(target_os = "linux")]
#[path = "../../tests/it/support/mod.rs"]
#[allow(dead_code, unused_imports, unused_macros, reason = "a bench uses its part of it")]
mod support;

#[cfg(target_os = "linux")]
fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` runs benches without this word: there is nothing to test here.
    if !words.iter().any(|word| word == "--bench") {
        return;
    }
    let bursts =
        words.windows(2).find(|pair| pair[0] == "--bursts").and_then(|pair| pair[1].parse().ok()).unwrap_or(30);
    figures::print(bursts, &call::run(bursts));
}

#[cfg(not(target_os = "linux"))]
fn main() {}
