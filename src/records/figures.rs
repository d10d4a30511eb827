/// The manager's own side of a call, for the history and for hints. Names ending in `_ms` are milliseconds, rates are
/// per minute. `None` is what could not be measured, as in the summary. [`dynamics`](crate::dynamics) and
/// [`turns`](crate::turns) say where the definitions come from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// How long the call was.
    pub duration_ms: u64,
    /// My talk time.
    pub talk_ms: u64,
    /// The other side's talk time.
    pub their_talk_ms: u64,
    /// My share of both talk times, 0 to 1; `None` if nobody spoke.
    pub share: Option<f64>,
    /// The length of my longest turn.
    pub longest_turn_ms: Option<u64>,
    /// How many monologues I held.
    pub monologues: u32,
    /// My patience: the median of the gaps after which I took the floor from them; `None` for fewer than five.
    pub patience_ms: Option<u64>,
    /// How many of my interruptions took the floor …
    pub interruptions: u32,
    /// … and how many did not.
    pub interruptions_failed: u32,
    /// My backchannels per minute of their talk.
    pub backchannels_per_min: Option<f64>,
    /// How many silences came after my own speech.
    pub silences: u32,
    /// My filled pauses per minute of my talk; `None` without text.
    pub filled_pauses_per_min: Option<f64>,
    /// How many open questions I asked; `None` without text, as all that follow from questions.
    pub open_questions: Option<u32>,
    /// How many of my questions ask for a yes, a no or a datum.
    pub closed_questions: Option<u32>,
    /// How many of my questions chase progress.
    pub progress_questions: Option<u32>,
    /// How many silences after my own questions I broke within 3 s (Rowe 1986).
    pub regrabs: Option<u32>,
    /// The median time from my question until anybody spoke (Rowe 1986).
    pub wait_ms: Option<u64>,
    /// Changes of the floor's holder per minute of the call.
    pub switches_per_min: Option<f64>,
    /// How many nudges were shown.
    pub nudges: u32,
    /// Whether the share is in doubt, because the sound that it rests on was.
    pub unsure: bool,
}
