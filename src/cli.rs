//! The command line: what each command shows.

#[cfg(feature = "capture")]
pub mod devices;
#[cfg(feature = "capture")]
pub mod doctor;
