//! The constants of the rules.

use crate::nudges::{Mode, NudgeKind, PerNudgeKind, Targets};
use crate::time::Samples;

/// The constants of the rules that the module [`nudges`](crate::nudges) lists. [`Policy::default`] is for calls,
/// [`Policy::demo`] for the two minutes of the demo. A default is our own unless a source is named. Shares are 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The manager's share of the talk that each mode aims at (rule 10).
    pub targets: Targets,
    /// Which kinds there are at all.
    pub kinds: PerNudgeKind<bool>,
    /// No nudge about the talk share appears earlier than this after the call has begun or its ice-breaker is over
    /// (rule 2).
    pub share_from: Samples,
    /// How long the window of the recent talk share is (rule 3).
    pub share_recent: Samples,
    /// A nudge about the talk share arms if the share is this far over the target (0.1 is ten points) …
    pub share_arms: f64,
    /// … for this long, …
    pub share_held: Samples,
    /// … and again only after the share fell to less than this far over the target (rule 3).
    pub share_rearms: f64,
    /// The lengths of a monologue at which a nudge appears, the shortest first; 150 s is Gong's.
    pub monologue_tiers: [Samples; 3],
    /// A pause of this length is a moment for a nudge, if it is mine for `monologue`, if it is theirs for `listening` …
    pub pause: Samples,
    /// … until it reaches this one. A nudge about a monologue is then taken back: the turn is over anyway (rule 5).
    pub handover_pause: Samples,
    /// An interruption that becomes certain later than this after they gave way is not shown.
    pub cut_in_within: Samples,
    /// This much talk of theirs without a sound of mine wants a sign of listening.
    pub listening_after: Samples,
    /// A silence after my own question that I break sooner than this is a re-grab (3 s: Rowe 1986); …
    pub regrab_under: Samples,
    /// … and this many of them in a call are shown.
    pub regrabs: u32,
    /// This many closed or progress-chasing questions in a row are shown, …
    pub closed_run: u32,
    /// … if the newest is no older than this.
    pub closed_run_within: Samples,
    /// A pace this far over my own usual one is shown (0.2 is a fifth) …
    pub pace_over: f64,
    /// … if it is so over this much of my own articulation.
    pub pace_over_time: Samples,
    /// This many filled pauses are shown …
    pub fillers: u32,
    /// … if they come in this much of my own speech (rule 7).
    pub fillers_in: Samples,
    /// If sound is lost for this long, a device is gone; a shorter loss is a hiccup.
    pub audio_lost: Samples,
    /// At most one nudge appears in this time (rule 4, as all that follow up to `shown_for`).
    pub spacing: Samples,
    /// At most one nudge of a kind appears in this time.
    pub kind_spacing: Samples,
    /// At most this many nudges appear …
    pub max_nudges: u32,
    /// … in this time.
    pub max_nudges_window: Samples,
    /// Each dismissal multiplies the time between two of the kind by this, …
    pub dismissal_factor: u32,
    /// … and this many dismissals mute the kind for the call.
    pub dismissals_mute: u32,
    /// How long a nudge is shown.
    pub shown_for: Samples,
    /// A silence after my own speech glows as a good wait from this length …
    pub good_wait_from: Samples,
    /// … to this one (rule 6).
    pub good_wait_to: Samples,
    /// The newest calls, this many, make a baseline from which a target of the user's own is proposed, …
    pub baseline_calls: u32,
    /// … and the proposed step is at most this large: a habit changes by steps that succeed (rule 10).
    pub target_step: f64,
    /// Whether these are the demo's shortened times.
    pub demo: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            targets: Targets::default(),
            kinds: PerNudgeKind::from_fn(|kind| kind != NudgeKind::Fillers),
            share_from: Samples::from_secs(180),
            share_recent: Samples::from_secs(300),
            share_arms: 0.10,
            share_held: Samples::from_secs(20),
            share_rearms: 0.03,
            monologue_tiers: [Samples::from_secs(60), Samples::from_secs(90), Samples::from_secs(150)],
            pause: Samples::from_ms(400),
            handover_pause: Samples::from_ms(1_000),
            cut_in_within: Samples::from_secs(3),
            listening_after: Samples::from_secs(60),
            regrab_under: Samples::from_secs(3),
            regrabs: 2,
            closed_run: 3,
            closed_run_within: Samples::from_secs(120),
            pace_over: 0.20,
            pace_over_time: Samples::from_secs(30),
            fillers: 4,
            fillers_in: Samples::from_secs(20),
            audio_lost: Samples::from_secs(3),
            spacing: Samples::from_secs(90),
            kind_spacing: Samples::from_secs(300),
            max_nudges: 6,
            max_nudges_window: Samples::from_secs(30 * 60),
            dismissal_factor: 2,
            dismissals_mute: 2,
            shown_for: Samples::from_secs(8),
            good_wait_from: Samples::from_ms(1_500),
            // People who think answer after 4.5 s in the median, and after 10 s at the 90th percentile.
            good_wait_to: Samples::from_secs(10),
            baseline_calls: 5,
            target_step: 0.08,
            demo: false,
        }
    }
}

impl Policy {
    /// Times that fit a call of two minutes.
    pub fn demo() -> Self {
        Self {
            share_from: Samples::from_secs(20),
            share_held: Samples::from_secs(5),
            monologue_tiers: [Samples::from_secs(15), Samples::from_secs(25), Samples::from_secs(40)],
            spacing: Samples::from_secs(20),
            kind_spacing: Samples::from_secs(40),
            demo: true,
            ..Self::default()
        }
    }

    /// The same without any advice: what is left is trouble with the sound.
    pub fn without_advice(self) -> Self {
        let told = |kind: NudgeKind| kind == NudgeKind::Audio && self.kinds[kind];
        Self { kinds: PerNudgeKind::from_fn(told), ..self }
    }

    /// The share that the mode aims at, 0 to 1, if the user has no target of their own.
    pub fn target(&self, mode: Mode) -> f64 {
        self.targets.get(mode)
    }
}
