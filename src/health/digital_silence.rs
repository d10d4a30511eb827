//! Tracks that hold digital silence: a device that gives nothing, or a call that is over.
//!
//! The two tracks differ. A microphone always hears its room, so its zeros are a fault. A far end is digitally silent
//! whenever nothing is played, so its zeros mean something only if they last, or if somebody waits for an answer.

use crate::audio::{BLOCK_DURATION, PerTrack, Track};
use crate::health::HealthInput;
use crate::health::recent::LastMinute;
use crate::time::{SampleTime, Samples};

/// A track that never gave any sound is dead after this long (capture.md).
const DEAD_AFTER: Samples = Samples::from_secs(10);

/// One that did is given longer: a far end may be muted while I speak, and a microphone behind a noise gate is silent
/// whenever its owner is.
const DEAD_AFTER_SOUND: Samples = Samples::from_secs(60);

/// A microphone that was digitally silent for this long and came back is behind a gate.
const GATE_SILENCE: Samples = Samples::from_secs(1);

/// A far end is missed only by somebody who spoke for this long within the minute, and within the last 10 s.
const MISSED_BY_SPEECH: Samples = Samples::from_secs(2);

/// A call may be over if the far end gave nothing and nobody spoke for this long. People think for 10 s; a minute
/// without a word and without the noise of a line is no conversation.
const CALL_OVER: Samples = Samples::from_secs(60);

/// Detectors err: less speech than this within the minute is nobody speaking.
const NEGLIGIBLE_SPEECH: Samples = Samples::from_ms(500);

/// Digital silence, with what rounding leaves of it.
const SILENT: u16 = 1;

/// Watches both tracks.
#[derive(Clone, Default)]
pub(super) struct DigitalSilenceDetector {
    tracks: PerTrack<TrackSilence>,
    /// The first speech of either: the call runs.
    began: Option<SampleTime>,
    they_spoke: bool,
    i_spoke: Option<SampleTime>,
    speech: PerTrack<LastMinute>,
    over_since: Option<SampleTime>,
    dead_since: PerTrack<Option<SampleTime>>,
}

/// The digital silence of one track.
#[derive(Clone, Default)]
struct TrackSilence {
    /// Since when it goes on.
    since: Option<SampleTime>,
    sounded: bool,
    gated: bool,
}

impl DigitalSilenceDetector {
    /// Takes the next block.
    pub(super) fn push(&mut self, watched: &HealthInput<'_>) {
        let now = watched.start + BLOCK_DURATION;
        for track in Track::BOTH {
            let speech = watched.speech[track] && !watched.lost[track];
            self.speech[track].add_length(now, if speech { BLOCK_DURATION } else { Samples::ZERO });
            if speech {
                self.began.get_or_insert(watched.start);
            }
            match track {
                Track::Me if speech => self.i_spoke = Some(now),
                Track::Them => self.they_spoke |= speech,
                Track::Me => {}
            }
            self.update_track(watched, track);
        }
        self.over_since = self.detect_call_over(now);
        self.dead_since = PerTrack::from_fn(|track| self.detect_dead(track, now));
    }

    /// Since when the track has been dead, if it is.
    pub(super) fn dead_since(&self, track: Track) -> Option<SampleTime> {
        self.dead_since[track]
    }

    /// Since when the call has been over, if it seems so.
    pub(super) fn over_since(&self) -> Option<SampleTime> {
        self.over_since
    }

    fn update_track(&mut self, watched: &HealthInput<'_>, track: Track) {
        let told = self.dead_since[track].is_some() || (track == Track::Them && self.over_since.is_some());
        let silence = &mut self.tracks[track];
        if watched.lost[track] {
            // No data: what was told stands, what was not begins anew.
            silence.since = silence.since.filter(|_| told);
        } else if watched.pcm[track].iter().all(|sample| sample.unsigned_abs() <= SILENT) {
            silence.since.get_or_insert(watched.start);
        } else {
            let lasted = silence.since.take().is_some_and(|since| watched.start - since >= GATE_SILENCE);
            silence.gated |= silence.sounded && lasted;
            silence.sounded = true;
        }
    }

    fn detect_call_over(&self, now: SampleTime) -> Option<SampleTime> {
        let since = self.tracks.them.since?;
        let nobody = Track::BOTH.iter().map(|track| self.speech[*track].length()).sum::<Samples>() < NEGLIGIBLE_SPEECH;
        let over = self.they_spoke && nobody && now - since >= CALL_OVER;
        self.over_since.or(over.then_some(since))
    }

    fn detect_dead(&self, track: Track, now: SampleTime) -> Option<SampleTime> {
        let silence = &self.tracks[track];
        // Only what is missing from a call that runs is missed.
        let since = silence.since?.max(self.began?);
        let patient = match track {
            Track::Me => silence.gated,
            Track::Them => silence.sounded,
        };
        let lasted = now - since >= if patient { DEAD_AFTER_SOUND } else { DEAD_AFTER };
        let missed = match track {
            Track::Me => true,
            Track::Them => {
                self.speech.me.length() >= MISSED_BY_SPEECH && self.i_spoke.is_some_and(|end| now - end < DEAD_AFTER)
            }
        };
        match track {
            Track::Them if self.over_since.is_some() => None,
            _ => self.dead_since[track].or((lasted && missed).then_some(since)),
        }
    }
}
