//! A private sound server for tests, and players for it.

#![allow(dead_code)]

pub mod play;
pub mod pulse;
pub mod tone;
