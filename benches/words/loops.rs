//! whisper.cpp as it comes: its own loop of 30 s windows over whole recordings, with its own defaults.

use std::time::Instant;

use keicho::audio::{PerTrack, Track};
use keicho::language::Language;
use keicho::models::Weights;
use whisper_rs::{FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters};

use crate::score::Line;

/// A model for the loop.
pub(crate) struct Loop(WhisperContext);

impl Loop {
    pub(crate) fn load(weights: &Weights) -> Self {
        whisper_rs::install_logging_hooks();
        let parameters = WhisperContextParameters::default();
        Self(WhisperContext::new_from_buffer_with_params(weights.bytes(), parameters).unwrap())
    }

    /// Both tracks one after the other: how long it took, and the lines.
    pub(crate) fn tracks(&self, tracks: &PerTrack<Vec<f32>>, language: Language) -> (f64, Vec<Line>) {
        let began = Instant::now();
        let mut lines = Vec::new();
        for (track, name) in [(Track::Me, "me"), (Track::Them, "them")] {
            lines.extend(self.lines(&tracks[track], language, name));
        }
        (began.elapsed().as_secs_f64(), lines)
    }

    /// All that is said in one recording.
    pub(crate) fn words(&self, pcm: &[f32], language: Language) -> String {
        self.lines(pcm, language, "me").into_iter().map(|line| line.text).collect()
    }

    fn lines(&self, pcm: &[f32], language: Language, track: &str) -> Vec<Line> {
        let mut params = FullParams::new(SamplingStrategy::Greedy { best_of: 5 });
        params.set_language(Some(language.code()));
        params.set_n_threads(2);
        params.set_print_progress(false);
        params.set_print_realtime(false);
        params.set_print_timestamps(false);
        let mut state = self.0.create_state().unwrap();
        state.full(params, pcm).unwrap();
        let ms = |hundredths: i64| u64::try_from(hundredths * 10).unwrap_or_default();
        let line = |segment: whisper_rs::WhisperSegment<'_>| Line {
            track: track.to_owned(),
            start_ms: ms(segment.start_timestamp()),
            end_ms: ms(segment.end_timestamp()),
            text: segment.to_str_lossy().unwrap().into_owned(),
        };
        state.as_iter().map(line).collect()
    }
}
