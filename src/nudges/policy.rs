//! The constants of the rules.

use crate::nudges::{Mode, NudgeKind, PerNudgeKind, Targets};
use crate::time::Samples;

/// The constants of the rules. [`Policy::default`] is for calls, [`Policy::demo`] for the two minutes of the demo. Where
/// a default has a source, it stands in the module's own doc.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// What each mode aims at.
    pub targets: Targets,
    /// Which kinds there are at all.
    pub kinds: PerNudgeKind<bool>,
    /// No talk-share nudge before.
    pub share_from: Samples,
    /// The window of the recent talk share.
    pub share_recent: Samples,
    /// A talk-share nudge arms this far over the target (a share, 0 to 1) …
    pub share_arms: f64,
    /// … held for so long, …
    pub share_held: Samples,
    /// … and again only after the share fell under this far over the target.
    pub share_rearms: f64,
    /// Lengths of a monologue that are told, the shortest first.
    pub monologue_tiers: [Samples; 3],
    /// A pause of this length is a moment: of mine for a monologue, of theirs for listening …
    pub pause: Samples,
    /// … until it reaches this one. What was told of a monologue is then taken back: the turn is over anyway.
    pub handover_pause: Samples,
    /// An interruption that is certain only so long after they gave way is no longer told.
    pub cut_in_within: Samples,
    /// So much talk of theirs without a sound of mine wants a sign of listening.
    pub listening_after: Samples,
    /// A silence after my own question that I break sooner is a re-grab; …
    pub regrab_under: Samples,
    /// … so many are told.
    pub regrabs: u32,
    /// So many closed or progress-chasing questions in a row are told, …
    pub closed_run: u32,
    /// … while the newest is no older.
    pub closed_run_within: Samples,
    /// So far over my own usual pace (0.2 is a fifth) …
    pub pace_over: f64,
    /// … over so much of my own speech.
    pub pace_over_time: Samples,
    /// So many filled pauses …
    pub fillers: u32,
    /// … in so much of my own speech.
    pub fillers_in: Samples,
    /// Sound that is lost for so long is a device that is gone, not a hiccup.
    pub audio_lost: Samples,
    /// At most one nudge in this time.
    pub spacing: Samples,
    /// At most one of a kind in this time.
    pub kind_spacing: Samples,
    /// At most so many …
    pub max_nudges: u32,
    /// … in this time.
    pub max_nudges_window: Samples,
    /// Each dismissal makes the time between two of the kind so many times as long, …
    pub dismissal_factor: u32,
    /// … and so many dismissals mute the kind for the call.
    pub dismissals_mute: u32,
    /// How long a nudge is shown.
    pub shown_for: Samples,
    /// A silence after my own speech glows as a good wait from here …
    pub good_wait_from: Samples,
    /// … to here.
    pub good_wait_to: Samples,
    /// So many calls make a baseline, from which a target of the own is proposed; older ones say nothing of now …
    pub baseline_calls: u32,
    /// … and the step that is proposed is no longer (a share, 0 to 1): a habit changes by steps that succeed.
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
            // People who think answer after 4.5 s in the median, 10 s at the 90th percentile.
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

    /// What the mode aims at, unless the user has a target of the own.
    pub fn target(&self, mode: Mode) -> f64 {
        self.targets.get(mode)
    }
}
