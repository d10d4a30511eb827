//! `summary.json`, field by field: a contract that other programs read. Fields are added freely; none changes its
//! meaning without a new schema number.

use serde::{Serialize, Serializer};

use crate::agenda::{Action, ItemState, KeptNote, NoteId, Written};
use crate::audio::{PerTrack, Track};
use crate::dynamics::hesitation::HesitationKind;
use crate::dynamics::shape::Shape;
use crate::health::Trouble;
use crate::health::confidence::{Confidence, DoubtfulFigure, FigureGroup};
use crate::i18n::Bilingual;
use crate::language::{Language, QuestionKind};
use crate::nudges::{Mode, NudgeKind};
use crate::records::{Figures, Origin, TheirAnswer};
use crate::turns::Outcome;
use crate::wire::{self, LatencyMessage};

/// What a call comes to. Its form is `summary.json`: times in milliseconds from the start of the call, shares 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The manager's own side, as it is saved and looked back on; the file has each of these figures in its place.
    #[serde(skip)]
    pub figures: Figures,
    /// The contract's name and number.
    pub schema: &'static str,
    /// Which call it is.
    pub call: CallHeader,
    /// How much of it was heard.
    pub coverage: Coverage,
    /// The leak from the far end into the microphone; null if there was no sound.
    pub echo: Option<EchoSummary>,
    /// How the call sounded; null if there was no sound.
    pub sound: Option<SoundSummary>,
    /// How late the overlay showed things; absent unless the call was live and came to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency: Option<LatencyMessage>,
    /// Figures that are not sure; all others are.
    #[serde(serialize_with = "unsure_figures")]
    pub confidence: Vec<DoubtfulFigure>,
    /// Stretches of a track that were lost: no data, not silence.
    pub lost: Vec<TrackSpan>,
    /// Talk times, backchannels left out.
    pub talk: Talk,
    /// Every speech run.
    pub speech: PerTrack<Vec<(u64, u64)>>,
    /// Turns of both.
    pub turns: Vec<TrackSpan>,
    /// Monologues of a minute and longer.
    pub monologues: Vec<TrackSpan>,
    /// Interruptions by both.
    pub interruptions: Vec<InterruptionEntry>,
    /// Smooth beginnings while the other was finishing.
    pub terminal_overlaps: Vec<TerminalOverlapEntry>,
    /// Both spoke for a second or longer.
    pub long_overlaps: Vec<OverlapEntry>,
    /// Backchannels by both.
    pub backchannels: Vec<BackchannelEntry>,
    /// Mutual silences of 3 s and longer.
    pub silences: Vec<SilenceEntry>,
    /// How the manager took the floor: every time it went over to `me`.
    pub transfers: Vec<TransferEntry>,
    /// How long the manager let the other finish, overlaps left out; null under 5 transfers.
    pub patience_ms: Option<PatienceSummary>,
    /// Changes of the one who holds the floor; null if there was no time.
    pub switches_per_min: Option<f64>,
    /// How fast each spoke; null without text.
    pub pace: PerTrack<Option<SpeechPace>>,
    /// What the manager took their share to be, asked before it was shown; null if they were not, or did not say.
    pub perception: Option<Perception>,
    /// What the other person answered on the shared summary; absent as long as nothing came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub their_answer: Option<TheirAnswer>,
    /// How the talk was shared; null under 5 windows of 2.5 minutes.
    pub shape: Option<Shape>,
    /// How often, against how long somebody talked.
    pub rates: PerTrack<Rates>,
    /// What was shown to the manager.
    pub nudges: Vec<ShownNudge>,
    /// Filled pauses, repetitions and pauses inside turns, in the order of their beginnings.
    pub hesitations: Vec<HesitationEntry>,
    /// Questions of both; absent without text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub questions: Option<Vec<QuestionEntry>>,
    /// What was said, line by line; absent unless words are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utterances: Option<Vec<UtteranceEntry>>,
    /// What the two wanted to talk about; absent without an agenda.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agenda: Vec<AgendaItem>,
    /// What the manager wrote down, in order, what earlier calls left open first; absent if it is nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<NoteEntry>,
    /// When the purpose or the target changed in the call, which goes by the last; absent if neither did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aim_changes: Vec<AimChange>,
    /// How the other person was, as they said; absent if nobody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_in: Option<CheckInEntry>,
    /// Stretches of which nothing was kept; absent if there is none. No figure holds anything of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub off_record: Vec<ExcludedSpan>,
    /// Stretches in which nothing was heard; absent if there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paused: Vec<ExcludedSpan>,
    /// Stretches in which the microphone counted as silent, for the manager was muted; absent if there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub muted: Vec<ExcludedSpan>,
}

/// One thing to talk about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgendaItem {
    /// The manager's own words.
    pub text: String,
    /// How it stood at the end.
    pub state: ItemState,
}

/// A line that the manager wrote down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoteEntry {
    /// Its number in the call, by which it is changed afterwards.
    #[serde(skip)]
    pub id: NoteId,
    /// When; null if it was carried over from an earlier call, or written after this one.
    pub at_ms: Option<u64>,
    /// The manager's own words.
    pub text: String,
    /// Who is to do it; absent if it is nothing to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Track>,
    /// How that stands; absent as above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<ItemState>,
    /// Whether it was written after the call; absent if not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub after_call: bool,
}

impl NoteEntry {
    /// What is to be done, if it is something to do.
    pub fn action(&self) -> Option<Action> {
        Some(Action { owner: self.owner?, state: self.state? })
    }

    pub(super) fn from_kept(note: KeptNote) -> Self {
        Self {
            id: note.id,
            at_ms: (note.written == Written::InCall).then_some(note.at_ms),
            text: note.text,
            owner: note.action.map(|action| action.owner),
            state: note.action.map(|action| action.state),
            after_call: note.written == Written::After,
        }
    }

    pub(super) fn kept(&self) -> KeptNote {
        let written = match (self.at_ms, self.after_call) {
            (_, true) => Written::After,
            (Some(_), false) => Written::InCall,
            (None, false) => Written::Earlier,
        };
        let (id, text, at_ms) = (self.id, self.text.clone(), self.at_ms.unwrap_or_default());
        KeptNote { id, text, action: self.action(), written, at_ms }
    }
}

/// Another purpose or another target in mid-call.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AimChange {
    /// When.
    pub at_ms: u64,
    /// What the call was for from then on.
    pub mode: Mode,
    /// The share of the talk that it aimed at from then on.
    pub target: f64,
    /// What it was for until then.
    pub mode_before: Mode,
    /// What it aimed at until then.
    pub target_before: f64,
}

/// How the other person was, as they said themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckInEntry {
    /// Their number, 1 to 5.
    pub score: u8,
    /// Their words; empty if they gave none.
    pub words: String,
}

/// A stretch that was not to be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ExcludedSpan {
    /// From.
    pub start_ms: u64,
    /// To.
    pub end_ms: u64,
}

/// Which call it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CallHeader {
    /// A name that no other call has.
    pub id: String,
    /// When it began, RFC 3339.
    pub started_at: Option<String>,
    /// How long it was.
    pub duration_ms: u64,
    /// Its origin; written as `live` or `replay`.
    #[serde(serialize_with = "source_name")]
    pub source: Origin,
    /// What it was for.
    pub mode: Mode,
    /// The share of the talk that it aimed at.
    pub target: f64,
    /// What was spoken, if it is known.
    pub language: Option<Language>,
    /// The other person.
    pub with: Option<String>,
}

/// What the manager took their own share to be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Perception {
    /// 0 to 1.
    pub share: f64,
}

/// How much of the call was heard.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// The microphone.
    pub me: TrackCoverage,
    /// The far end.
    pub them: TrackCoverage,
    /// All speech runs of both tracks.
    pub speech_ms: u64,
    /// How much of it the recogniser heard; null without one, and if a transcript brought the words.
    pub transcribed_ms: Option<u64>,
}

/// How much of a track was heard.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TrackCoverage {
    /// What came in and was to be heard: pauses, and what was off the record, left out; null if there was no sound to capture.
    pub captured_ms: Option<u64>,
    /// What did not: no data, not silence. Null like `captured_ms`.
    pub lost_ms: Option<u64>,
}

/// The leak from the far end into the microphone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EchoSummary {
    /// Whether there was any at the end of the call.
    pub detected: bool,
    /// Relative to the far end itself.
    pub level_db: Option<f64>,
    /// How long after the far end it was heard; negative if the far end's own track is late.
    pub delay_ms: Option<i32>,
    /// How long the microphone held little else.
    pub rejected_ms: u64,
}

/// How the call sounded.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SoundSummary {
    /// The microphone.
    pub me: TrackSound,
    /// The far end.
    pub them: TrackSound,
    /// Holes in a minute of the far end's speech: their connection; null if they spoke too little.
    pub holes_per_min: Option<f64>,
    /// What was wrong, and when.
    pub troubles: Vec<TroubleTime>,
}

/// One track's sound.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TrackSound {
    /// The median level of speech, dB relative to full scale.
    pub level_dbfs: Option<f64>,
    /// The median level of the rest.
    pub noise_dbfs: Option<f64>,
    /// How long it was too loud to be written down; null if that was not measured to the end.
    pub clipped_ms: Option<u64>,
}

/// Something was wrong with the sound.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TroubleTime {
    /// What, and on whose track; written as `trouble` and `track`.
    #[serde(flatten, serialize_with = "named_trouble")]
    pub trouble: Trouble,
    /// From.
    pub start_ms: u64,
    /// To.
    pub end_ms: u64,
}

/// Talk times.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Talk {
    /// The manager's.
    pub me: TrackTalk,
    /// The other side's.
    pub them: TrackTalk,
    /// Both spoke, backchannels included.
    pub overlap_ms: u64,
    /// Neither spoke.
    pub silence_ms: u64,
}

/// One track's talk.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TrackTalk {
    /// Speech runs, backchannels left out.
    pub speech_ms: u64,
    /// Own ÷ (own + other's); null if one of them talked for less than a second: that side was not heard.
    pub share: Option<f64>,
}

/// A stretch of one track.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TrackSpan {
    /// Whose.
    pub track: Track,
    /// From.
    pub start_ms: u64,
    /// To.
    pub end_ms: u64,
}

/// An interruption.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct InterruptionEntry {
    /// Who began.
    pub by: Track,
    /// When.
    pub at_ms: u64,
    /// How long both floor spans coexisted.
    pub overlap_ms: u64,
    /// How it ended.
    pub outcome: Outcome,
}

/// A smooth beginning while the other was finishing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TerminalOverlapEntry {
    /// Who began.
    pub by: Track,
    /// When.
    pub at_ms: u64,
    /// How long both floor spans coexisted.
    pub overlap_ms: u64,
}

/// Both spoke.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct OverlapEntry {
    /// From.
    pub start_ms: u64,
    /// To.
    pub end_ms: u64,
}

/// The floor went over.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TransferEntry {
    /// Who has it now.
    pub to: Track,
    /// Since when.
    pub at_ms: u64,
    /// After the end of the other's floor span (FTO); negative is an overlap.
    pub offset_ms: i64,
}

/// How long somebody lets the other finish.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PatienceSummary {
    /// Half are no longer.
    pub median: u64,
    /// Nine of ten are no longer.
    pub p90: u64,
    /// How many there are.
    pub count: usize,
}

/// How often in a minute; null if there was no such talk, or nothing to count it by.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rates {
    /// Filled pauses a minute of the own talk, as the text names them; null without text.
    pub filled_pauses_per_min: Option<f64>,
    /// Repetitions a minute of the own talk; null without text.
    pub repetitions_per_min: Option<f64>,
    /// Pauses inside turns a minute of the own talk.
    pub pauses_per_min: Option<f64>,
    /// Own backchannels a minute of the *other's* talk: listening.
    pub backchannels_per_min: Option<f64>,
    /// The part of the own questions that chase progress, 0 to 1; null without questions.
    pub progress_share: Option<f64>,
    /// Silences after an own question that were broken by the asker within 3 s; null without text.
    pub regrabs: Option<u32>,
}

/// A sign of listening.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BackchannelEntry {
    /// Whose.
    pub by: Track,
    /// From.
    pub start_ms: u64,
    /// To.
    pub end_ms: u64,
    /// The words, if words are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A mutual silence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SilenceEntry {
    /// From.
    pub start_ms: u64,
    /// To.
    pub end_ms: u64,
    /// Who spoke last before.
    pub after: Track,
    /// Whether it followed a question of theirs who spoke before; null if no text says.
    pub after_question: Option<bool>,
    /// Who spoke first after.
    pub broken_by: Track,
}

/// How fast somebody spoke.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SpeechPace {
    /// Japanese: morae a second of articulation, pauses and fillers left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mora_per_s: Option<f64>,
    /// English: syllables a second of articulation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub syllables_per_s: Option<f64>,
    /// English: words a minute of talk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words_per_min: Option<f64>,
    /// The speaker's usual pace in this call, in morae or syllables a second: the median of their utterances.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<f64>,
    /// The fastest half minute as a part of the baseline: 1.2 is a fifth faster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fastest: Option<f64>,
}

/// A hesitation: counted, never interpreted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HesitationEntry {
    /// Whose.
    pub track: Track,
    /// From.
    pub start_ms: u64,
    /// To.
    pub end_ms: u64,
    /// What kind of hesitation.
    pub kind: HesitationKind,
    /// Whether the sound has it; otherwise the text alone.
    pub heard: bool,
    /// The word, if words are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct QuestionEntry {
    /// Who asked.
    pub track: Track,
    /// When it ended.
    pub at_ms: u64,
    /// What it asks for.
    pub kind: QuestionKind,
    /// Until anyone spoke; null if the asker went straight on, or nobody spoke any more.
    pub wait_ms: Option<u64>,
    /// Who spoke first; null as above.
    pub broken_by: Option<Track>,
    /// Whether the asker spoke first, within 3 s.
    pub regrabbed: bool,
    /// Until the other first spoke.
    pub response_ms: Option<u64>,
    /// How long the other then spoke; null if the asker spoke first, or not all of the answer was heard.
    pub answer_ms: Option<u64>,
}

/// A line of the transcript.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UtteranceEntry {
    /// Who spoke.
    pub track: Track,
    /// From.
    pub start_ms: u64,
    /// To.
    pub end_ms: u64,
    /// The words.
    pub text: String,
}

/// A nudge as it was shown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ShownNudge {
    /// When.
    pub at_ms: u64,
    /// What about.
    pub kind: NudgeKind,
    /// What its kind is called.
    pub text: &'static str,
    /// The words that were shown.
    #[serde(skip)]
    pub words: Bilingual,
}

fn source_name<S: Serializer>(origin: &Origin, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(match origin {
        Origin::Live => "live",
        Origin::Replay | Origin::Transcript | Origin::TranscriptStarts | Origin::Demo => "replay",
    })
}

/// A figure that is not sure, as it is written; all figures that are not written are sure.
#[derive(Serialize)]
struct UnsureFigure {
    figure: FigureGroup,
    confidence: Confidence,
    /// `lost_audio`, `leak`, `choppy`, `clipping`, `quiet`, `noisy`, `same_sound`, `voice_returns`,
    /// `no_voice`, `other_voices`, `dead`, `text_missing` or `guessed_ends`.
    reason: &'static str,
    /// The track that it comes from, if it is one's.
    track: Option<Track>,
}

fn unsure_figures<S: Serializer>(doubts: &[DoubtfulFigure], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(doubts.iter().map(|doubt| UnsureFigure {
        figure: doubt.figure,
        confidence: doubt.confidence,
        reason: doubt.reason.name(),
        track: doubt.reason.track(),
    }))
}

fn named_trouble<S: Serializer>(trouble: &Trouble, to: S) -> Result<S::Ok, S::Error> {
    /// `choppy`, `clipping`, `quiet`, `noisy`, `same_sound`, `voice_returns`, `no_voice`, `other_voices`,
    /// `dead` or `call_over`, and whose.
    #[derive(Serialize)]
    struct NamedTrouble {
        trouble: &'static str,
        track: Option<Track>,
    }
    let (trouble, track) = wire::trouble_name(*trouble);
    NamedTrouble { trouble, track }.serialize(to)
}
