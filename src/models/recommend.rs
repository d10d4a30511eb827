//! Which recogniser a machine can run beside a call, by how fast it ran the network of one.

use std::fmt;
use std::time::Duration;

use super::manifest::{Model, ModelKind, Network};
use crate::time::Samples;

/// The length of the speech that a machine's speed is measured with: a usual utterance.
pub const MEASURED_SPEECH: Samples = Samples::from_secs(4);

/// A model that takes longer for a second of speech, in seconds, does not keep up: both sides together speak nearly all of
/// the time, and the call itself needs the processor too (ours).
const MOST_SECONDS: f64 = 0.5;

/// How much work a usual utterance is for a network.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Work {
    /// Multiplications, in thousand millions.
    billions: f64,
}

/// What the machine is to run, and what keeps it from running a better one.
#[derive(Clone, Debug, PartialEq)]
pub struct Recommendation<'a> {
    /// The best model that keeps up; `None` if none does.
    pub best: Option<TimedModel<'a>>,
    /// The least that does not; `None` if all do.
    pub next: Option<TimedModel<'a>>,
}

/// A model, and how long it takes here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimedModel<'a> {
    /// The model.
    pub model: &'a Model,
    /// The time that a second of speech takes, in seconds.
    pub seconds: f64,
}

impl Work {
    /// Positions of the encoder, at least so many for any utterance.
    const POSITIONS: f64 = 384.0;

    /// Tokens of the decoder: what it is told was said before, and what was said.
    const TOKENS: f64 = 56.0;

    /// Tokens that Whisper knows, each a row of the decoder's last matrix.
    const VOCABULARY: f64 = 51_865.0;

    /// The multiplications of a network's matrices, from their shapes in Whisper (Radford et al. 2022): a block of the
    /// encoder has 12 times its width's square of numbers, one of the decoder 14 that each token passes and 2 that each
    /// position does.
    fn of(network: Network) -> Self {
        let square = f64::from(network.width).powi(2);
        let (encoder, decoder) = (f64::from(network.encoder_layers), f64::from(network.decoder_layers));
        let attention = 2.0 * Self::POSITIONS * f64::from(network.width);
        let position = encoder * (12.0 * square + attention) + decoder * 2.0 * square + 3.0 * square;
        let token = decoder * (14.0 * square + attention) + Self::VOCABULARY * f64::from(network.width);
        Self { billions: (Self::POSITIONS * position + Self::TOKENS * token) / 1e9 }
    }
}

/// The best recogniser of many languages for a machine that took `measured` for [`MEASURED_SPEECH`] with a network like
/// that of `like`. A form of fewer bits of the same network is not looked at: it takes less memory, and about as long.
/// Nothing is recommended if nobody has said what the network of `like` is.
pub(super) fn recommend<'a>(models: &'a [Model], like: &str, measured: Duration) -> Recommendation<'a> {
    let network = |model: &Model| match &model.kind {
        ModelKind::Recogniser { languages, network: Some(network) } if languages.len() > 1 => Some(*network),
        _ => None,
    };
    let Some(measured_work) = models.iter().find(|model| model.name == like).and_then(network).map(Work::of) else {
        return Recommendation { best: None, next: None };
    };
    let seconds_measured = measured.as_secs_f64() * 1000.0 / MEASURED_SPEECH.as_ms() as f64;
    let mut timed: Vec<(Work, TimedModel<'a>)> = Vec::new();
    for model in models {
        let Some(work) = network(model).map(Work::of) else { continue };
        if timed.iter().any(|(other, _)| *other == work) {
            continue;
        }
        let seconds = seconds_measured * work.billions / measured_work.billions;
        timed.push((work, TimedModel { model, seconds }));
    }
    timed.sort_by(|(one, _), (other, _)| one.billions.total_cmp(&other.billions));
    let models = || timed.iter().map(|(_, model)| *model);
    let keeps_up = |model: &TimedModel<'_>| model.seconds <= MOST_SECONDS;
    Recommendation { best: models().rfind(keeps_up), next: models().find(|model| !keeps_up(model)) }
}

impl fmt::Display for Recommendation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.best {
            Some(TimedModel { model, seconds }) => write!(
                f,
                "{} is the best model that keeps up beside a call here: it takes {seconds:.2} s for a second of speech",
                model.name
            )?,
            None => f.write_str("no model of both languages keeps up beside a call here")?,
        }
        match self.next {
            Some(TimedModel { model, seconds }) => {
                // Rounded up: what is too slow by a little is not shown as what is fast enough.
                let seconds = (seconds * 100.0).ceil() / 100.0;
                write!(f, "; {} would take {seconds:.2} s, and more than {MOST_SECONDS:.2} s is too slow", model.name)
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
