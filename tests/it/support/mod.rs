//! What tests of the whole program share: a private sound server and players for it, recordings, scores.

#![allow(unreachable_pub, reason = "it is the benches' too")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot be set up fails")]

#[cfg(all(feature = "capture", target_os = "linux"))]
pub mod agent;
#[cfg(all(feature = "capture", target_os = "linux"))]
pub mod application;
pub mod assemble;
pub mod browser;
#[cfg(all(feature = "capture", target_os = "linux"))]
pub mod calendar;
#[cfg(all(feature = "capture", target_os = "linux"))]
pub mod capture;
pub mod cost;
#[cfg(all(feature = "capture", target_os = "linux"))]
pub mod desktop;
#[allow(dead_code, reason = "some of it is for the library's own tests alone")]
pub mod doubles;
pub mod hear;
pub mod live;
pub mod long_call;
pub mod past;
pub mod play;
#[cfg(all(feature = "capture", target_os = "linux"))]
pub mod portal;
pub mod run;
pub mod sample;
pub mod score;
pub mod server;
pub mod talk;
pub mod tone;
#[cfg(all(feature = "capture", target_os = "linux"))]
pub mod tray_host;
