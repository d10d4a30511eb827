//! Every test that goes through the whole library or the built program, in one program: it is linked once.
//!
//! A test changes neither the environment nor the working folder of its own process, as all the others share it: programs
//! get theirs when they are started ([`support::run`], [`support::live`]).
//!
//! `cargo test --test it proof::` runs one of the modules. The test of the real-time callback, which counts allocations, is
//! a program of its own (`tests/realtime.rs`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stdout, reason = "some print their scores: `-- --nocapture` shows them")]

#[cfg_attr(
    not(all(feature = "capture", feature = "whisper", target_os = "linux")),
    allow(dead_code, unused_imports, unused_macros, reason = "what is left out with a feature is used by its tests")
)]
mod support;

#[cfg(all(feature = "capture", target_os = "linux"))]
mod agent;
mod app;
#[cfg(all(feature = "capture", target_os = "linux"))]
mod capture_alsa;
#[cfg(all(feature = "capture", target_os = "linux"))]
mod capture_faults;
#[cfg(all(feature = "capture", target_os = "linux"))]
mod capture_pulse;
#[cfg(all(feature = "capture", target_os = "linux"))]
mod causes;
#[cfg(all(feature = "capture", target_os = "linux"))]
mod clock;
#[cfg(unix)]
mod config;
#[cfg(target_os = "linux")]
mod confinement;
#[cfg(target_os = "linux")]
mod console;
#[cfg(target_os = "linux")]
mod cost;
#[cfg(unix)]
mod ctl;
mod damage;
mod demo;
mod export;
mod figures_agree;
mod fillers;
#[cfg(all(feature = "capture", target_os = "linux"))]
mod idle;
mod kept;
mod layering;
mod lines;
mod listening;
#[cfg(all(feature = "capture", target_os = "linux"))]
mod live;
#[cfg(target_os = "linux")]
mod long;
#[cfg(all(feature = "capture", target_os = "linux"))]
mod mute;
mod network;
mod nudges;
mod off_record;
#[cfg(all(feature = "capture", target_os = "linux"))]
mod overload;
#[cfg(target_os = "linux")]
mod package;
mod pages;
mod proof;
mod properties;
mod release;
mod replay;
mod serve;
#[cfg(all(feature = "capture", target_os = "linux"))]
mod shortcuts;
mod silero;
mod summary;
#[cfg(feature = "whisper")]
mod text;
mod transcript;
#[cfg(all(feature = "capture", target_os = "linux"))]
mod tray;
mod unseen;
mod vocabulary;
#[cfg(all(feature = "capture", target_os = "linux"))]
mod words;
