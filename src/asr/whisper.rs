//! Whisper on this machine: the one module that knows whisper.cpp.
//!
//! Its encoder costs the same for a word as for 30 s unless the audio context is cut to what there is; cut too short it
//! loops. Decoding stops at as many tokens as can be said in the time.

use whisper_rs::{
    FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperError, WhisperState, get_lang_id,
};

use crate::asr::{AsrError, LanguageOdds, MeanLogProb, RawTranscription, Recognizer, Utterance};
use crate::language::{self, Language};
use crate::models::Weights;
use crate::time::SAMPLE_RATE;

/// Positions of the encoder in a second of sound.
const CONTEXT_PER_SECOND: f64 = 50.0;

/// Beyond the sound, so that its end does not lie at the context's.
const CONTEXT_MARGIN: f64 = 32.0;

/// With a shorter context short utterances loop and long words are lost: of 18 English ones of a word or two, 10 looped
/// with 192, and none with this.
const CONTEXT_FLOOR: f64 = 384.0;

/// The whole context: 30 s.
const CONTEXT_ALL: f64 = 1_500.0;

/// Contexts are multiples of this, so that few sizes of work are planned.
const CONTEXT_STEP: f64 = 64.0;

/// Nobody says more tokens in a second: fast Japanese is some 8 …
const TOKENS_PER_SECOND: f64 = 12.0;

/// … and punctuation needs some more.
const TOKENS_BESIDES: f64 = 8.0;

/// What the recogniser is given before a call.
#[derive(Clone, Copy, Debug)]
pub struct WhisperSettings {
    /// Threads that decode; they spin, and a call application runs beside.
    pub threads: u8,
}

impl WhisperSettings {
    /// The threads that this machine can spare: one on four cores or fewer.
    pub fn default_threads() -> u8 {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        if cores <= 4 { 1 } else { (cores / 2).min(4) as u8 }
    }
}

/// Smaller odds of a token say no more.
const LEAST_ODDS: f64 = 1e-6;

/// More tokens than any prompt has.
const PROMPT_ROOM: usize = 512;

/// A model in memory.
pub struct WhisperModel {
    context: WhisperContext,
}

impl WhisperModel {
    /// Loads checked weights.
    ///
    /// # Errors
    /// When the library refuses them, or this processor cannot run it.
    pub fn load(weights: &Weights) -> Result<Self, AsrError> {
        check_processor()?;
        whisper_rs::install_logging_hooks();
        let loaded = WhisperContext::new_from_buffer_with_params(weights.bytes(), WhisperContextParameters::default());
        let refused = |cause| AsrError::Load(format!("the model {} cannot be used: {cause}", weights.name()));
        Ok(Self { context: loaded.map_err(refused)? })
    }

    /// A recogniser of this model.
    ///
    /// # Errors
    /// When there is not enough memory for it.
    pub fn recognizer(&self, settings: WhisperSettings) -> Result<Whisper, AsrError> {
        let refused = |cause| AsrError::Load(format!("the recogniser cannot start: {cause}. Close some programs"));
        let prompts = |prompt: fn(Language) -> &'static str| {
            let tokens = |language| self.context.tokenize(prompt(language), PROMPT_ROOM).map_err(refused);
            Ok(PromptTokens { en: tokens(Language::En)?, ja: tokens(Language::Ja)? })
        };
        Ok(Whisper {
            state: self.context.create_state().map_err(refused)?,
            prompts: prompts(language::recognizer_prompt)?,
            listening_prompts: prompts(language::listening_prompt)?,
            tokens: LanguageTokens::of(&self.context),
            threads: settings.threads,
        })
    }
}

/// Whether this processor has what whisper.cpp is compiled for: on x86-64 AVX2, FMA, F16C and BMI2, which nearly all have
/// since 2013, unless the build was for one machine alone (`GGML_NATIVE=ON`). All else in the program runs on any.
///
/// # Errors
/// When it lacks one of them: the library would end the process.
pub fn check_processor() -> Result<(), AsrError> {
    #[cfg(target_arch = "x86_64")]
    if option_env!("GGML_NATIVE") == Some("OFF") {
        let has_all = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma")
            && is_x86_feature_detected!("f16c")
            && is_x86_feature_detected!("bmi2");
        if !has_all {
            let reason = "words need a processor with AVX2, FMA, F16C and BMI2, and this one lacks some of them; all else \
                          works, and `--no-text` does without words";
            return Err(AsrError::Load(reason.to_owned()));
        }
    }
    Ok(())
}

/// A Whisper model at work.
pub struct Whisper {
    state: WhisperState,
    prompts: PromptTokens,
    /// For utterances that are short enough to be signs of listening.
    listening_prompts: PromptTokens,
    tokens: LanguageTokens,
    threads: u8,
}

/// What is said to have been heard before, in the model's tokens.
struct PromptTokens {
    en: Vec<i32>,
    ja: Vec<i32>,
}

/// The tokens by which a model says what language it hears.
struct LanguageTokens {
    start: i32,
    /// The first token that is no part of a word.
    end: i32,
    /// Japanese and English, as places in the model's answer; `None` if it knows English alone.
    languages: Option<(usize, usize)>,
}

impl LanguageTokens {
    fn of(context: &WhisperContext) -> Self {
        let token = |language: Language| {
            let id = get_lang_id(language.code()).filter(|_| context.is_multilingual())?;
            usize::try_from(context.token_lang(id)).ok()
        };
        Self {
            start: context.token_sot(),
            end: context.token_eot(),
            languages: token(Language::Ja).zip(token(Language::En)),
        }
    }
}

impl Recognizer for Whisper {
    fn transcribe(&mut self, utterance: &Utterance, language: Language) -> Result<RawTranscription, AsrError> {
        let language = if self.tokens.languages.is_some() { language } else { Language::En };
        let pcm = as_floats(&utterance.pcm);
        let mut params = params(pcm.len(), language, self.threads);
        let prompts = if utterance.is_short() { &self.listening_prompts } else { &self.prompts };
        params.set_tokens(language.pick(&prompts.ja, &prompts.en));
        self.state.full(params, &pcm).map_err(failed)?;
        // A character may lie across segments: bytes are joined before they are read as text.
        let bytes: Result<Vec<&[u8]>, _> = self.state.as_iter().map(|segment| segment.to_bytes()).collect();
        let words = String::from_utf8_lossy(&bytes.map_err(failed)?.concat()).into_owned();
        let mean_log_prob = self.mean_log_prob();
        Ok(RawTranscription { words, language, mean_log_prob, odds: self.odds_of_encoded().map_err(failed)? })
    }

    fn language_odds(&mut self, pcm: &[i16]) -> Result<Option<LanguageOdds>, AsrError> {
        let mut params = params(pcm.len(), Language::En, self.threads);
        params.set_max_tokens(1);
        self.state.full(params, &as_floats(pcm)).map_err(failed)?;
        self.odds_of_encoded().map_err(failed)
    }
}

impl Whisper {
    /// How sure the words are that were decoded last; `None` without a word.
    fn mean_log_prob(&self) -> Option<MeanLogProb> {
        let (mut count, mut sum) = (0, 0.0);
        for segment in self.state.as_iter() {
            let tokens = (0..segment.n_tokens()).filter_map(|at| segment.get_token(at));
            for token in tokens.filter(|token| token.token_id() < self.tokens.end) {
                count += 1;
                sum += f64::from(token.token_probability()).max(LEAST_ODDS).ln();
            }
        }
        (count > 0).then(|| MeanLogProb(sum / f64::from(count)))
    }

    /// Which language the sound that was decoded last is in: what the decoder says first is its language. The sound is
    /// still encoded, so this costs one token, a hundredth of the decoding.
    fn odds_of_encoded(&mut self) -> Result<Option<LanguageOdds>, WhisperError> {
        let Some((japanese, english)) = self.tokens.languages else { return Ok(None) };
        self.state.decode(&[self.tokens.start], 0, usize::from(self.threads))?;
        let logits = self.state.get_logits()?;
        let logit = |token: usize| logits.get(token).copied().map(f64::from);
        Ok(logit(japanese).zip(logit(english)).map(|(japanese, english)| LanguageOdds(japanese - english)))
    }
}

/// Samples from −1 to 1.
fn as_floats(pcm: &[i16]) -> Vec<f32> {
    pcm.iter().map(|sample| f32::from(*sample) / 32_768.0).collect()
}

/// How a stretch of this many samples is decoded.
fn params<'b>(samples: usize, language: Language, threads: u8) -> FullParams<'static, 'b> {
    let seconds = samples as f64 / f64::from(SAMPLE_RATE);
    let context = (seconds * CONTEXT_PER_SECOND + CONTEXT_MARGIN).max(CONTEXT_FLOOR);
    let context = ((context / CONTEXT_STEP).ceil() * CONTEXT_STEP).min(CONTEXT_ALL);
    let mut params = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
    params.set_n_threads(i32::from(threads));
    params.set_audio_ctx(context as i32);
    params.set_max_tokens((TOKENS_BESIDES + seconds * TOKENS_PER_SECOND) as i32);
    params.set_language(Some(language.code()));
    // Each utterance stands for itself: what was misheard is not passed on.
    params.set_no_context(true);
    params.set_single_segment(true);
    params.set_no_timestamps(true);
    params.set_suppress_nst(true);
    // Trying again with more chance costs five times as much and invents.
    params.set_temperature_inc(0.0);
    params.set_print_progress(false);
    params.set_print_realtime(false);
    params.set_print_timestamps(false);
    params
}

fn failed(cause: WhisperError) -> AsrError {
    AsrError::Decode(cause.to_string())
}
