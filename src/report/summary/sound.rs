//! How the call sounded, and which figures that makes unsure, as the summary writes it.

use crate::audio::Track;
use crate::health::confidence::{self, Confidence, DoubtReason, FigureGroup};
use crate::report::summary::totals::CallTotals;
use crate::report::summary::{SoundSummary, TrackSound, TroubleTime, UnsureFigure};
use crate::time::Samples;
use crate::wire;

pub(super) fn sound(figures: &CallTotals) -> SoundSummary {
    let tenths = |value: f64| (value * 10.0).round() / 10.0;
    let of = |track: Track| {
        let sound = figures.sound.sound[track];
        TrackSound {
            level_dbfs: sound.level_dbfs.map(f64::from).map(tenths),
            noise_dbfs: sound.noise_dbfs.map(f64::from).map(tenths),
            clipped_ms: sound.clipped.map(Samples::as_ms),
        }
    };
    let trouble = |(trouble, span): &(_, crate::time::Span)| {
        let (name, whose) = wire::trouble_name(*trouble);
        TroubleTime {
            trouble: name,
            track: whose.map(wire::track_name),
            start_ms: span.start.as_ms(),
            end_ms: span.end.as_ms(),
        }
    };
    SoundSummary {
        me: of(Track::Me),
        them: of(Track::Them),
        holes_per_min: figures.sound.holes_per_minute().map(tenths),
        troubles: figures.troubles.iter().map(trouble).collect(),
    }
}

pub(super) fn unsure_figure(doubt: confidence::DoubtfulFigure) -> UnsureFigure {
    let (reason, track) = match doubt.reason {
        DoubtReason::LostAudio { track, .. } => ("lost_audio", Some(track)),
        DoubtReason::Leak { .. } => ("leak", None),
        DoubtReason::Choppy { .. } => ("choppy", Some(Track::Them)),
        DoubtReason::Clipping(track) => ("clipping", Some(track)),
        DoubtReason::Quiet(track) => ("quiet", Some(track)),
        DoubtReason::Noisy(track) => ("noisy", Some(track)),
        DoubtReason::SameSound => ("same_sound", None),
        DoubtReason::Dead(track) => ("dead", Some(track)),
        DoubtReason::TextMissing { .. } => ("text_missing", None),
    };
    UnsureFigure {
        figure: match doubt.figure {
            FigureGroup::Talk => "talk",
            FigureGroup::Interruptions => "interruptions",
            FigureGroup::Backchannels => "backchannels",
            FigureGroup::Silences => "silences",
            FigureGroup::Transfers => "transfers",
            FigureGroup::Hesitations => "hesitations",
            FigureGroup::Pace => "pace",
            FigureGroup::Questions => "questions",
        },
        confidence: match doubt.confidence {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
        },
        reason,
        track: track.map(wire::track_name),
    }
}
