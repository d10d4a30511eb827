//! Keicho (傾聴, attentive listening): a private sidecar for the person who holds the 1on1.
//!
//! A call is a stream of 10 ms [`audio::Block`]s. Everything after the source is a pure function of them, and *now* is
//! the block's own start: a recorded call replays through exactly the code that runs live. This replays one, and prints
//! how much of the talk was the manager's:
//!
//! ```
//! use std::path::Path;
//! use std::sync::atomic::AtomicBool;
//!
//! use keicho::asr::NoText;
//! use keicho::session::{Session, SessionSetup, Unpaced, drive};
//! use keicho::source::file::FileSource;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut call = FileSource::open(Path::new("tests/sample_call/call.flac"), None)?;
//! let mut session = Session::new(&SessionSetup::default(), Box::new(NoText::default()));
//! let (stop, mut events) = (AtomicBool::new(false), Vec::new());
//! drive(&mut call, &mut session, &mut Unpaced, &stop, &mut events)?;
//!
//! let share = session.snapshot().call_share.ok_or("nobody spoke")?;
//! println!("I did {:.0}% of the talking, in {} events", 100.0 * share, events.len());
//! # assert_eq!(format!("{share:.2}"), "0.64");
//! # Ok(())
//! # }
//! ```
//!
//! Modules may use only what stands to their left; `tests/it/layering.rs` holds them to it:
//!
//! `time · private_fs, confinement, desktop · audio · capture · source, frontend · turns, health · language, models · i18n, dates · asr ·
//! dynamics · nudges · agenda, calendar, config · people, records · session, prepare · wire · store · report · server · app,
//! agent · cli`

// Code that the library's own tests share with those of the whole program knows it by its name.
#[cfg(test)]
extern crate self as keicho;

pub mod agenda;
#[cfg(all(feature = "capture", target_os = "linux"))]
pub mod agent;
pub mod app;
pub mod asr;
pub mod audio;
pub mod calendar;
#[cfg(feature = "capture")]
pub mod capture;
pub mod cli;
pub mod config;
pub mod confinement;
mod dates;
pub mod desktop;
#[cfg(test)]
#[allow(dead_code, unreachable_pub, reason = "these are the whole program's tests' too")]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#[path = "../tests/it/support/doubles/mod.rs"]
mod doubles;
pub mod dynamics;
pub mod frontend;
pub mod health;
pub mod i18n;
pub mod language;
pub mod models;
pub mod nudges;
pub mod people;
pub mod prepare;
mod private_fs;
pub mod records;
pub mod report;
pub mod server;
pub mod session;
pub mod source;
pub mod store;
pub mod time;
pub mod turns;
pub mod wire;
