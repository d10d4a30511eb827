//! A private sound server for tests, and players for it.

#![allow(dead_code, unreachable_pub, reason = "each test uses its part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up fails")]

pub mod play;
pub mod pulse;
pub mod tone;
