/// The manager's own side of a call, for the history and for hints. What cannot be had is `None`, as in the summary.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// How long the call was.
    pub duration_ms: u64,
    /// My talk time.
    pub talk_ms: u64,
    /// The other side's: what rates are against.
    pub their_talk_ms: u64,
    /// My share of both, 0 to 1.
    pub share: Option<f64>,
    /// My longest turn.
    pub longest_turn_ms: Option<u64>,
    /// My monologues.
    pub monologues: u32,
    /// How long I let them finish: the median.
    pub patience_ms: Option<u64>,
    /// My interruptions that took the floor …
    pub interruptions: u32,
    /// … and those that did not.
    pub interruptions_failed: u32,
    /// My backchannels a minute of their talk.
    pub backchannels_per_min: Option<f64>,
    /// Silences after my own speech.
    pub silences: u32,
    /// My filled pauses a minute of my talk.
    pub filled_pauses_per_min: Option<f64>,
    /// My questions by kind, and how they were waited for; `None` without text.
    pub open_questions: Option<u32>,
    /// Those that ask for a yes, a no or a datum.
    pub closed_questions: Option<u32>,
    /// Those that chase progress.
    pub progress_questions: Option<u32>,
    /// Silences after my own question that I broke within 3 s.
    pub regrabs: Option<u32>,
    /// How long my questions were waited for: the median.
    pub wait_ms: Option<u64>,
    /// Changes of the floor's holder a minute.
    pub switches_per_min: Option<f64>,
    /// Nudges that were shown.
    pub nudges: u32,
    /// Whether the share is in doubt.
    pub unsure: bool,
}
