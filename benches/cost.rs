//! What a second of a call without words costs the released program: instructions, as callgrind counts them, beside what is
//! written down and its limit in `benches/cost.toml`; the peak of its memory; and how large it is. `make cost`
//!
//! Instructions do not depend on what else the computer does, so two builds can be told apart by a hundredth.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints or fails"
)]

#[cfg(target_os = "linux")]
#[path = "../tests/it/support/mod.rs"]
#[allow(dead_code, unused_imports, unused_macros, reason = "a bench uses its part of it")]
mod support;

/// How far the count may be from what is written down.
#[cfg(target_os = "linux")]
const TOLERANCE: f64 = 0.02;

#[cfg(target_os = "linux")]
fn main() {
    use support::cost::{Costs, WrittenDown};

    // `cargo test --all-targets` runs benches without this word: there is nothing to test here.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let WrittenDown { release, limit, .. } = WrittenDown::read();
    let counted = Costs::measure(usize::MAX / 100_000);
    println!("million instructions for a second of a call, without words: counted, written down, at the most");
    let mut holds = true;
    for (call, counted, written, limit) in [
        ("headset", counted.headset, release.headset, limit.headset),
        ("speakers", counted.speakers, release.speakers, limit.speakers),
    ] {
        println!("{call:<10} {counted:>6.1} {written:>6.1} {limit:>6.1}");
        holds &= counted <= limit && (counted - written).abs() < TOLERANCE * written;
    }
    let size = std::fs::metadata(support::run::PROGRAM).unwrap().len();
    println!("the program: {:.1} MB", size as f64 / 1e6);
    assert!(holds, "not what is written down in benches/cost.toml");
}

#[cfg(not(target_os = "linux"))]
fn main() {}
