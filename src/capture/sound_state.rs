//! Which applications record and play: what the sound server says of others.

/// What the server has at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SoundState {
    /// The microphones: all sources but the monitors of outputs.
    pub microphones: Vec<Microphone>,
    /// The streams of all applications.
    pub streams: Vec<AppStream>,
}

/// A source that is no monitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Microphone {
    /// Its number: no other source has it while the server runs.
    pub index: u32,
    /// Whether it is muted in the server.
    pub is_muted: bool,
}

/// What a stream is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamUse {
    /// It records from a microphone; what records from a monitor is in no list.
    Record,
    /// It plays.
    Play,
}

/// An application's stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppStream {
    /// What it is for.
    pub stream_use: StreamUse,
    /// Its number: no other stream of this use has it while the server runs.
    pub index: u32,
    /// The microphone that it records from.
    pub microphone: Option<u32>,
    /// The number of its process, if the server knows it.
    pub process: Option<u32>,
    /// What its application may be called, the best name first.
    pub names: Vec<String>,
    /// Whether it is paused by its application.
    pub is_corked: bool,
    /// Whether it is muted in the server.
    pub is_muted: bool,
}

impl AppStream {
    /// Whether one of its names holds the word; letters' case is ignored, as for `app:NAME`.
    pub fn is_called(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        self.names.iter().any(|name| name.to_lowercase().contains(&word))
    }

    /// Whether it is a stream of this program.
    pub fn is_own(&self) -> bool {
        self.names.first().is_some_and(|name| name == OWN_NAME)
    }
}

/// What this program is called in the sound server.
const OWN_NAME: &str = "Keicho";
