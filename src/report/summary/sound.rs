//! How the call sounded, as the summary writes it.

use crate::audio::Track;
use crate::health::Trouble;
use crate::report::summary::totals::CallTotals;
use crate::report::summary::{SoundSummary, TrackSound, TroubleTime};
use crate::time::{Samples, Span};
use crate::wire::rounding::tenths;

pub(super) fn sound(figures: &CallTotals) -> SoundSummary {
    let of = |track: Track| {
        let sound = figures.sound.sound[track];
        TrackSound {
            level_dbfs: sound.level_dbfs.map(f64::from).map(tenths),
            noise_dbfs: sound.noise_dbfs.map(f64::from).map(tenths),
            clipped_ms: sound.clipped.map(Samples::as_ms),
        }
    };
    let trouble = |&(trouble, span): &(Trouble, Span)| TroubleTime {
        trouble,
        start_ms: span.start.as_ms(),
        end_ms: span.end.as_ms(),
    };
    SoundSummary {
        me: of(Track::Me),
        them: of(Track::Them),
        holes_per_min: figures.sound.holes_per_minute().map(tenths),
        troubles: figures.troubles.iter().map(trouble).collect(),
    }
}
