//! How fast a recogniser is on this machine, beside whatever else runs on it now.

use std::time::{Duration, Instant};

use crate::asr::{AsrError, Recognizer, Utterance};
use crate::audio::Track;
use crate::language::Language;
use crate::time::{SAMPLE_RATE, SampleTime, Samples, Span};

/// It is measured for as long as this, and to the end of what was begun.
const MEASURED_FOR: Duration = Duration::from_secs(3);

/// How often at the least: the first time, what the processor keeps near is not there yet.
const MIN_DECODES: usize = 3;

/// The hum that is decoded: 120 times a second, as a voice would.
const HUM_PERIOD: usize = SAMPLE_RATE as usize / 120;

/// The median time that an utterance of so much speech takes.
///
/// # Errors
/// The recogniser's own.
#[expect(clippy::disallowed_methods, reason = "a speed is measured by the clock")]
pub fn decoding_time(recognizer: &mut dyn Recognizer, speech: Samples) -> Result<Duration, AsrError> {
    let span = Span::new(SampleTime::ZERO, SampleTime::ZERO + speech);
    let pcm = (0..speech.count() as usize).map(|at| (at % HUM_PERIOD) as i16 * 50).collect();
    let hum = Utterance { track: Track::Me, span, runs: vec![span], pcm };
    let begin = Instant::now();
    let mut times = Vec::new();
    while times.len() < MIN_DECODES || begin.elapsed() < MEASURED_FOR {
        let start = Instant::now();
        recognizer.transcribe(&hum, Language::En)?;
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times[times.len() / 2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asr::whisper::{WhisperModel, WhisperSettings};
    use crate::models::ModelDir;

    #[test]
    fn an_empty_network_is_decoded_like_any_other() {
        let weights = ModelDir::new("somewhere").unwrap().untrained().unwrap();
        let model = WhisperModel::load(&weights).unwrap();
        let mut recognizer = model.recognizer(WhisperSettings { threads: 1 }).unwrap();
        assert!(decoding_time(&mut recognizer, Samples::from_ms(200)).unwrap() > Duration::ZERO);
    }
}
