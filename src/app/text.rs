//! The recogniser of a call: which model, whether words are kept, and what is said where there is none.

use anyhow::bail;

#[cfg(feature = "whisper")]
use crate::asr::whisper::{WhisperModel, WhisperSettings};
#[cfg(feature = "whisper")]
use crate::asr::{AsrError, InlineTranscriber, RecognizerFactory, ThreadedTranscriber};
use crate::asr::{FromTranscript, NoText, Transcriber};
use crate::language::Language;
use crate::models::{DEFAULT, ModelDir, ModelError, ModelFile};
use crate::source::transcript::TrackCue;

/// What the user chooses of the recogniser.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextChoices {
    /// The language that is spoken; found for each side by itself if it is `None`.
    pub(crate) language: Option<Language>,
    /// A model's name, or the path of a ggml file; the default model if it is `None`.
    pub(crate) model: Option<String>,
    /// Whether the call does without words.
    pub(crate) without_words: bool,
    /// Whether words are kept; a call that keeps them does not go without a recogniser.
    pub(crate) keep_words: bool,
    /// The recogniser's threads, if the user says how many.
    pub(crate) threads: Option<u8>,
    /// Whether the user wants to know how the recogniser keeps up.
    pub(crate) stats: bool,
}

/// How words come about in a call.
#[derive(Clone, Debug)]
pub(crate) struct TextPlan {
    /// Words that are there before the call.
    transcript_lines: Option<Vec<TrackCue>>,
    /// None does without …
    model: Option<ModelFile>,
    /// … and this is why, where the user did not wish it.
    unavailable_reason: Option<String>,
    /// The language that is spoken, where the user says so.
    pub(super) language: Option<Language>,
    /// The recogniser's threads, where the user says how many.
    #[cfg_attr(not(feature = "whisper"), expect(dead_code, reason = "there is no recogniser"))]
    threads: Option<u8>,
    /// Whether words are kept.
    pub(crate) keep_words: bool,
    /// Whether the user wants to know how it keeps up.
    pub(super) stats: bool,
}

impl TextChoices {
    /// Finds the model. Where there is none and none was asked for, the call does without, and says so.
    pub(crate) fn plan(&self) -> anyhow::Result<TextPlan> {
        let mut plan = self.plan_without_words();
        if self.without_words {
            return Ok(plan);
        }
        let asked_for = self.model.is_some() || self.keep_words;
        if cfg!(not(feature = "whisper")) {
            if asked_for {
                bail!("this build recognises no words; build it with the feature whisper");
            }
            return Ok(plan);
        }
        match ModelDir::from_env()?.locate(self.model.as_deref().unwrap_or(DEFAULT)) {
            Ok(model) => plan.model = Some(model),
            Err(missing @ ModelError::Missing { .. }) if !asked_for => {
                plan.unavailable_reason = Some(missing.to_string())
            }
            Err(error) => return Err(error.into()),
        }
        Ok(plan)
    }

    /// A transcript brings its own words: no model is needed.
    pub(crate) fn plan_from_transcript(&self, lines: &[TrackCue]) -> TextPlan {
        TextPlan { transcript_lines: (!self.without_words).then(|| lines.to_vec()), ..self.plan_without_words() }
    }

    fn plan_without_words(&self) -> TextPlan {
        TextPlan {
            transcript_lines: None,
            model: None,
            unavailable_reason: None,
            language: self.language,
            threads: self.threads,
            keep_words: self.keep_words,
            stats: self.stats,
        }
    }
}

impl TextPlan {
    /// The desk of a call; `behind` where the call may not wait for it. What cannot be loaded is told through it.
    pub(super) fn transcriber(self, behind: bool) -> Box<dyn Transcriber> {
        match &self.transcript_lines {
            Some(lines) => Box::new(FromTranscript::new(lines, self.language)),
            None => self.model_transcriber(behind),
        }
    }

    /// The desk that a model works at.
    #[cfg(feature = "whisper")]
    fn model_transcriber(self, behind: bool) -> Box<dyn Transcriber> {
        let Some(model) = self.model else {
            return Box::new(self.unavailable_reason.map_or_else(NoText::default, NoText::unavailable));
        };
        let threads = self.threads.unwrap_or_else(WhisperSettings::default_threads);
        let open = opener(model, WhisperSettings { language: self.language, threads });
        let desk = match behind {
            true => ThreadedTranscriber::start(open)
                .map(|desk| Box::new(desk) as Box<dyn Transcriber>)
                .map_err(|cause| cause.to_string()),
            false => InlineTranscriber::new(open)
                .map(|desk| Box::new(desk) as Box<dyn Transcriber>)
                .map_err(|cause| cause.to_string()),
        };
        desk.unwrap_or_else(|cause| Box::new(NoText::unavailable(cause)))
    }

    /// The desk of a build without a recogniser.
    #[cfg(not(feature = "whisper"))]
    fn model_transcriber(self, _: bool) -> Box<dyn Transcriber> {
        Box::new(self.unavailable_reason.map_or_else(NoText::default, NoText::unavailable))
    }
}

#[cfg(feature = "whisper")]
fn opener(model: ModelFile, settings: WhisperSettings) -> RecognizerFactory {
    let mut found = Some(model);
    let mut loaded = None;
    Box::new(move || {
        if let Some(model) = found.take() {
            loaded = Some(load(model, settings)?);
        }
        let gone = || AsrError::Load("the model was not loaded".to_owned());
        Ok(Box::new(loaded.as_ref().ok_or_else(gone)?.recognizer(settings)?))
    })
}

#[cfg(feature = "whisper")]
fn load(model: ModelFile, settings: WhisperSettings) -> Result<WhisperModel, AsrError> {
    let weights = model.check().map_err(|cause| AsrError::Load(cause.to_string()))?;
    match settings.language {
        Some(language) if !weights.knows(language.code()) => {
            Err(AsrError::Load(format!("{} does not know the language; take --model base", weights.name())))
        }
        _ => WhisperModel::load(&weights),
    }
}
