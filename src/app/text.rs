//! The recogniser of a call: which model it uses, whether words are kept, and why there is none if there is none.

use crate::app::AppError;
#[cfg(feature = "whisper")]
use crate::asr::whisper::{WhisperModel, WhisperSettings, check_processor};
#[cfg(feature = "whisper")]
use crate::asr::{AsrError, CallLanguage, InlineTranscriber, RecognizerFactory, ThreadedTranscriber};
use crate::asr::{FromTranscript, LanguagePrior, NoText, Transcriber};
use crate::language::Language;
#[cfg(feature = "whisper")]
use crate::models::Weights;
use crate::models::{DEFAULT, ModelDir, ModelError, ModelFile};
use crate::source::transcript::TrackCue;

/// What the user chooses of the recogniser.
#[derive(Clone, Debug, Default)]
pub struct TextChoices {
    /// The language that is spoken; found from how the call sounds if it is `None`.
    pub language: Option<Language>,
    /// A model's name, or the path of a ggml file; the default model if it is `None`.
    pub model: Option<String>,
    /// Whether the call does without words.
    pub without_words: bool,
    /// Whether words are kept; a call that keeps them does not go without a recogniser.
    pub keep_words: bool,
    /// The recogniser's threads, if the user says how many.
    pub threads: Option<u8>,
}

/// How words come about in a call.
#[derive(Clone, Debug)]
pub struct TextPlan {
    /// Words that are there before the call, from a transcript.
    transcript_lines: Option<Vec<TrackCue>>,
    /// The recogniser's model; without one the call does without words.
    model: Option<ModelFile>,
    /// Why there is no model, if the user did not ask for a call without words.
    unavailable_reason: Option<String>,
    /// How large the model is that is missing, in bytes; `None` if none is.
    pub(super) missing_bytes: Option<u64>,
    /// The language that is spoken, if the user says so.
    pub(super) language: Option<Language>,
    /// What there is to find it by before anybody speaks.
    pub(super) prior: LanguagePrior,
    /// The recogniser's threads, if the user says how many.
    #[cfg_attr(not(feature = "whisper"), expect(dead_code, reason = "there is no recogniser"))]
    threads: Option<u8>,
    /// Whether words are kept.
    pub keep_words: bool,
}

impl TextChoices {
    /// Finds the model. If there is none and none was asked for, the call does without words, and says so.
    ///
    /// # Errors
    /// When words are asked for and cannot be had: there is no such model, or no recogniser in this build.
    pub fn plan(&self) -> Result<TextPlan, AppError> {
        let mut plan = self.plan_without_words();
        if self.without_words {
            return Ok(plan);
        }
        let asked_for = self.model.is_some() || self.keep_words;
        if cfg!(not(feature = "whisper")) {
            if asked_for {
                return Err(AppError::NoRecognizer);
            }
            return Ok(plan);
        }
        let models = ModelDir::from_env()?;
        match models.locate(self.model.as_deref().unwrap_or(DEFAULT)) {
            Ok(model) => {
                // Words that are asked for and cannot be had end it here; else the call goes on without, and says so.
                #[cfg(feature = "whisper")]
                if asked_for {
                    check(model.clone(), self.language).map_err(AppError::ModelUnusable)?;
                }
                plan.model = Some(model);
            }
            Err(missing @ ModelError::Missing { .. }) if !asked_for => {
                plan.missing_bytes = models.model(DEFAULT).map(|model| model.bytes);
                plan.unavailable_reason = Some(missing.to_string())
            }
            Err(error) => return Err(error.into()),
        }
        Ok(plan)
    }

    /// Takes the words of a transcript: no model is needed.
    pub fn plan_from_transcript(&self, lines: &[TrackCue]) -> TextPlan {
        TextPlan { transcript_lines: (!self.without_words).then(|| lines.to_vec()), ..self.plan_without_words() }
    }

    fn plan_without_words(&self) -> TextPlan {
        TextPlan {
            transcript_lines: None,
            model: None,
            unavailable_reason: None,
            missing_bytes: None,
            language: self.language,
            prior: LanguagePrior::default(),
            threads: self.threads,
            keep_words: self.keep_words,
        }
    }
}

impl TextPlan {
    /// Whether the recogniser's model is missing that could be fetched.
    pub fn misses_model(&self) -> bool {
        self.missing_bytes.is_some()
    }

    /// The same for another language.
    pub(super) fn with_language(&self, language: Option<Language>) -> Self {
        Self { language, ..self.clone() }
    }

    /// Finds the model that was missing and has come. Whether it is here.
    pub(super) fn find_missing_model(&mut self) -> bool {
        match ModelDir::from_env().and_then(|dir| dir.locate(DEFAULT)) {
            Ok(model) => {
                (self.model, self.unavailable_reason, self.missing_bytes) = (Some(model), None, None);
                true
            }
            Err(error) => {
                tracing::warn!(%error, "the model that was fetched is not there");
                false
            }
        }
    }

    /// The transcriber of a call; it works in the background if the call may not wait for its words. Its status says if
    /// the model cannot be loaded.
    pub(super) fn transcriber(self, in_background: bool) -> Box<dyn Transcriber> {
        match &self.transcript_lines {
            Some(lines) => Box::new(FromTranscript::new(lines, self.language)),
            None => self.model_transcriber(in_background),
        }
    }

    /// A transcriber with a model.
    #[cfg(feature = "whisper")]
    fn model_transcriber(self, in_background: bool) -> Box<dyn Transcriber> {
        let Some(model) = self.model else {
            return Box::new(self.unavailable_reason.map_or_else(NoText::default, NoText::unavailable));
        };
        let threads = self.threads.unwrap_or_else(WhisperSettings::default_threads);
        let language = self.language.map_or(CallLanguage::Found(self.prior), CallLanguage::Named);
        let open = opener(model, self.language, WhisperSettings { threads });
        let transcriber = match in_background {
            true => ThreadedTranscriber::start(open, language)
                .map(|threaded| Box::new(threaded) as Box<dyn Transcriber>)
                .map_err(|cause| cause.to_string()),
            false => InlineTranscriber::new(open, language)
                .map(|inline| Box::new(inline) as Box<dyn Transcriber>)
                .map_err(|cause| cause.to_string()),
        };
        transcriber.unwrap_or_else(|cause| Box::new(NoText::unavailable(cause)))
    }

    /// The transcriber of a build without a recogniser.
    #[cfg(not(feature = "whisper"))]
    fn model_transcriber(self, _: bool) -> Box<dyn Transcriber> {
        Box::new(self.unavailable_reason.map_or_else(NoText::default, NoText::unavailable))
    }
}

#[cfg(feature = "whisper")]
fn opener(model: ModelFile, language: Option<Language>, settings: WhisperSettings) -> RecognizerFactory {
    let mut found = Some(model);
    let mut loaded = None;
    Box::new(move || {
        if let Some(model) = found.take() {
            loaded = Some(load(model, language)?);
        }
        let gone = || AsrError::Load("the model was not loaded".to_owned());
        Ok(Box::new(loaded.as_ref().ok_or_else(gone)?.recognizer(settings)?))
    })
}

#[cfg(feature = "whisper")]
fn load(model: ModelFile, language: Option<Language>) -> Result<WhisperModel, AsrError> {
    WhisperModel::load(&check(model, language).map_err(AsrError::Load)?)
}

/// The weights, if this processor can use them and they are sound and know the language; else the reason.
#[cfg(feature = "whisper")]
fn check(model: ModelFile, language: Option<Language>) -> Result<Weights, String> {
    check_processor().map_err(|cause| cause.to_string())?;
    let weights = model.check().map_err(|cause| cause.to_string())?;
    match language {
        Some(language) if !weights.knows(language.code()) => {
            Err(format!("{} does not know the language; take --model base", weights.name()))
        }
        _ => Ok(weights),
    }
}
