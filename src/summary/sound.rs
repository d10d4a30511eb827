//! How the call sounded, and which figures that makes unsure, as the summary writes it.

use crate::audio::Track;
use crate::health::confidence::{self, Confidence, Figure, Reason};
use crate::summary::figures::Figures;
use crate::summary::{Doubt, Sound, TrackSound, TroubleTime};
use crate::time::Samples;
use crate::wire;

pub(super) fn sound(figures: &Figures) -> Sound {
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
            track: whose.map(wire::track),
            start_ms: span.start.as_ms(),
            end_ms: span.end.as_ms(),
        }
    };
    Sound {
        me: of(Track::Me),
        them: of(Track::Them),
        holes_per_min: figures.sound.holes_per_minute().map(tenths),
        troubles: figures.troubles.iter().map(trouble).collect(),
    }
}

pub(super) fn doubt(doubt: confidence::Doubt) -> Doubt {
    let (reason, track) = match doubt.reason {
        Reason::LostAudio { track, .. } => ("lost_audio", Some(track)),
        Reason::Leak { .. } => ("leak", None),
        Reason::Choppy { .. } => ("choppy", Some(Track::Them)),
        Reason::Clipping(track) => ("clipping", Some(track)),
        Reason::Quiet(track) => ("quiet", Some(track)),
        Reason::Noisy(track) => ("noisy", Some(track)),
        Reason::SameSound => ("same_sound", None),
        Reason::Dead(track) => ("dead", Some(track)),
        Reason::TextMissing { .. } => ("text_missing", None),
    };
    Doubt {
        figure: match doubt.figure {
            Figure::Talk => "talk",
            Figure::Interruptions => "interruptions",
            Figure::Backchannels => "backchannels",
            Figure::Silences => "silences",
            Figure::Transfers => "transfers",
            Figure::Hesitations => "hesitations",
            Figure::Pace => "pace",
            Figure::Questions => "questions",
        },
        confidence: match doubt.confidence {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
        },
        reason,
        track: track.map(wire::track),
    }
}
