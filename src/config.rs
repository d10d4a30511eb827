//! The user's own settings: `config.toml` in the platform's place for them, or the file that `KEICHO_CONFIG` names.
//!
//! This room owns what can be set, within which range, and the sentences for what cannot be. A setting that is not in
//! the file has its default; the file may be absent. One setting can be changed where it stands in the file
//! ([`ConfigFile::set`]), and all of them described in both languages ([`Config::describe`]). It leaves to each room what a
//! setting means.

mod description;
mod edit;
mod error;
mod file;
mod parse;
mod render;
mod settings;

use std::path::PathBuf;

use crate::nudges::Policy;
use crate::time::Samples;

pub use description::{SectionDescription, SettingDescription, SettingForm, SettingValue};
pub use edit::SettingError;
pub use error::ConfigError;
pub use file::{ConfigFile, ENV};
pub use settings::SettingUnit;

/// All settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The rules of the nudges.
    pub policy: Policy,
    /// Whether calls with and without nudges take turns.
    pub nudge_trial: bool,
    /// What is chosen unless the start page says otherwise.
    pub start_defaults: StartDefaults,
    /// How much the command “off the record” erases and leaves out.
    pub off_record: OffRecordLengths,
    /// What is kept of a call, and for how long.
    pub retention: Retention,
    /// Where the notes on people are written, if the user wants them.
    pub notes_folder: Option<PathBuf>,
    /// The user's own calendar, if they want the next 1on1 to be found in it: a file, or a folder of files.
    pub calendar: Option<PathBuf>,
    /// When a call is noticed.
    pub agent: AgentSettings,
}

/// When a call of another application is noticed, and when one that was is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentSettings {
    /// Words, one of which the name of a call application holds.
    pub applications: Vec<String>,
    /// For how long it records and plays before it is taken for a call.
    pub asks_after: Samples,
    /// For how long it records no more before the call is taken to be over.
    pub ends_after: Samples,
    /// Whether a nudge of the call is shown by the desktop, too: in the tray's tooltip and as a notification.
    pub shows_nudges: bool,
    /// Whether the desktop is asked for keys that hold whatever window is in front.
    pub shortcuts: bool,
}

impl Default for AgentSettings {
    fn default() -> Self {
        Self {
            applications: APPLICATIONS.map(str::to_owned).to_vec(),
            asks_after: Samples::from_secs(3),
            ends_after: Samples::from_secs(20),
            shows_nudges: false,
            shortcuts: false,
        }
    }
}

/// Programs for calls first: some of them are browsers inside, and say so in one of their names.
const APPLICATIONS: [&str; 20] = [
    "zoom",
    "teams",
    "webex",
    "slack",
    "discord",
    "skype",
    "signal",
    "telegram",
    "element",
    "jitsi",
    "mumble",
    "firefox",
    "librewolf",
    "chrome",
    "chromium",
    "msedge",
    "microsoft edge",
    "brave",
    "opera",
    "vivaldi",
];

/// What is chosen before a call unless the user says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StartDefaults {
    /// How long the ice-breaker is; zero for none.
    pub icebreaker: Samples,
}

/// How much the command “off the record” erases and leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffRecordLengths {
    /// How much of the call before the command is erased.
    pub last: Samples,
    /// How much of the call after it is not recorded.
    pub next: Samples,
}

impl Default for OffRecordLengths {
    fn default() -> Self {
        Self { last: Samples::from_secs(120), next: Samples::from_secs(120) }
    }
}

/// What is kept of a call, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Whether what was said in a live call is kept.
    pub transcript: bool,
    /// After how many days a call is forgotten.
    pub days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { transcript: false, days: 90 }
    }
}

#[cfg(test)]
mod tests;
