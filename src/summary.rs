//! After the call: what its events come to. `summary.json` is a contract that other programs read; the Markdown and the
//! page are for people.
//!
//! A pure function of the journal. A figure that cannot be had is null and a list of it is absent, never a zero that was
//! not measured.

mod figures;
mod markdown;
mod page;
mod plot;
mod said;
mod sentences;
mod words;

use serde::Serialize;

use crate::audio::Track;
use crate::echo::Leak;
use crate::nudges::Mode;
use crate::session::Event;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Outcome, TurnEvent};
use crate::wire;

pub use crate::language::Language;

/// What is known of a call besides its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallInfo {
    /// A name that no other call has.
    pub id: String,
    /// When it began, as RFC 3339 with the local offset; unknown for a recording.
    pub started_at: Option<String>,
    /// Whether it was captured from devices.
    pub live: bool,
    /// Whether it had sound; a transcript has none.
    pub sound: bool,
    /// What it was for.
    pub mode: Mode,
    /// The language that was spoken, where it is known.
    pub language: Option<Language>,
    /// The other person's name, where it was given.
    pub with: Option<String>,
}

/// `summary.json`: times in milliseconds from the start of the call, shares 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The contract's name and number.
    pub schema: &'static str,
    /// Which call it is.
    pub call: Call,
    /// How much of it was heard.
    pub coverage: Coverage,
    /// The leak from the far end into the microphone; null where there was no sound.
    pub echo: Option<Echo>,
    /// Talk times, backchannels left out.
    pub talk: Talk,
    /// Every speech run.
    pub speech: Tracks<Vec<(u64, u64)>>,
    /// Turns of both.
    pub turns: Vec<Stretch>,
    /// Monologues of a minute and longer.
    pub monologues: Vec<Stretch>,
    /// Interruptions by both.
    pub interruptions: Vec<Interruption>,
    /// Backchannels by both.
    pub backchannels: Vec<Backchannel>,
    /// Mutual silences of 3 s and longer.
    pub silences: Vec<Silence>,
    /// Not measured yet.
    pub patience_ms: Option<()>,
    /// How fast each spoke; null without text.
    pub pace: Tracks<Option<Pace>>,
    /// Not measured yet.
    pub shape: Option<()>,
    /// What was shown to the manager.
    pub nudges: Vec<ShownNudge>,
    /// Filled pauses that the text names; absent without text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hesitations: Option<Vec<Hesitation>>,
    /// Questions of both; absent without text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub questions: Option<Vec<Question>>,
    /// What was said, line by line; absent unless words are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utterances: Option<Vec<Line>>,
}

/// Which call it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Call {
    /// A name that no other call has.
    pub id: String,
    /// When it began, RFC 3339.
    pub started_at: Option<String>,
    /// How long it was.
    pub duration_ms: u64,
    /// `live` or `replay`.
    pub source: &'static str,
    /// What it was for.
    pub mode: &'static str,
    /// `ja` or `en`, where it is known.
    pub language: Option<&'static str>,
    /// The other person.
    pub with: Option<String>,
}

/// How much of the call was heard.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// The microphone.
    pub me: Captured,
    /// The far end.
    pub them: Captured,
    /// All speech runs of both tracks.
    pub speech_ms: u64,
    /// How much of it the recogniser heard; null without one, and where a transcript brought the words.
    pub transcribed_ms: Option<u64>,
}

/// How much of a track was heard.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Captured {
    /// What came in; null where there was no sound to capture.
    pub captured_ms: Option<u64>,
    /// What did not: no data, not silence. Null like `captured_ms`.
    pub lost_ms: Option<u64>,
}

/// The leak from the far end into the microphone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Echo {
    /// Whether there was any at the end of the call.
    pub detected: bool,
    /// Relative to the far end itself.
    pub level_db: Option<f64>,
    /// How long the microphone held little else.
    pub rejected_ms: u64,
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
    /// Own ÷ (own + other's); null where nobody spoke.
    pub share: Option<f64>,
}

/// A value for each track.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tracks<T> {
    /// The manager's.
    pub me: T,
    /// The other side's.
    pub them: T,
}

/// A stretch of one track.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Stretch {
    /// Whose.
    pub track: &'static str,
    /// From.
    pub start_ms: u64,
    /// To.
    pub end_ms: u64,
}

/// An interruption.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interruption {
    /// Who began.
    pub by: &'static str,
    /// When.
    pub at_ms: u64,
    /// How long both floor spans coexisted.
    pub overlap_ms: u64,
    /// `successful` or `failed`.
    pub outcome: &'static str,
}

/// A sign of listening.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Backchannel {
    /// Whose.
    pub by: &'static str,
    /// From.
    pub start_ms: u64,
    /// To.
    pub end_ms: u64,
    /// The words, where they are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A mutual silence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Silence {
    /// From.
    pub start_ms: u64,
    /// To.
    pub end_ms: u64,
    /// Who spoke last before.
    pub after: &'static str,
    /// Whether it followed a question of theirs who spoke before; null where no text says.
    pub after_question: Option<bool>,
    /// Who spoke first after.
    pub broken_by: &'static str,
}

/// How fast somebody spoke.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pace {
    /// Japanese: morae a second of articulation, pauses and fillers left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mora_per_s: Option<f64>,
    /// English: words a minute of talk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words_per_min: Option<f64>,
}

/// A hesitation: counted, never interpreted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hesitation {
    /// Whose.
    pub track: &'static str,
    /// From.
    pub start_ms: u64,
    /// To.
    pub end_ms: u64,
    /// `filled_pause`.
    pub kind: &'static str,
    /// The word, where words are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Question {
    /// Who asked.
    pub track: &'static str,
    /// When it ended.
    pub at_ms: u64,
    /// `open`, `closed` or `progress`.
    pub kind: &'static str,
    /// Until anyone spoke; null where the asker went straight on, or nobody spoke any more.
    pub wait_ms: Option<u64>,
    /// How long the other then spoke; null where the asker spoke first.
    pub answer_ms: Option<u64>,
}

/// A line of the transcript.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// Who spoke.
    pub track: &'static str,
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
    pub kind: &'static str,
    /// The words.
    pub text: &'static str,
}

impl Summary {
    /// What a call's journal comes to; the nudges' words are in `language`.
    pub fn of(info: &CallInfo, journal: &[(SampleTime, Event)], language: Language) -> Self {
        let figures = figures::Figures::of(journal);
        let duration = figures.duration;
        let shares = figures.share();
        let said = said::SaidFigures::of(journal);
        Self {
            schema: "keicho.summary/1",
            call: Call {
                id: info.id.clone(),
                started_at: info.started_at.clone(),
                duration_ms: duration.as_ms(),
                source: if info.live { "live" } else { "replay" },
                mode: info.mode.name(),
                language: info.language.or(said.language()).map(Language::code),
                with: info.with.clone(),
            },
            coverage: Coverage {
                me: captured(info, duration, figures.lost.me),
                them: captured(info, duration, figures.lost.them),
                speech_ms: (figures.speech_time().me + figures.speech_time().them).as_ms(),
                transcribed_ms: said.transcribed().filter(|_| info.sound).map(Samples::as_ms),
            },
            echo: info.sound.then(|| echo(&figures.leak)),
            talk: Talk {
                me: TrackTalk { speech_ms: figures.talk.me.as_ms(), share: shares.map(rounded) },
                them: TrackTalk { speech_ms: figures.talk.them.as_ms(), share: shares.map(|me| rounded(1.0 - me)) },
                overlap_ms: figures.overlap().as_ms(),
                silence_ms: figures.silence().as_ms(),
            },
            speech: Tracks { me: pairs(&figures.runs.me), them: pairs(&figures.runs.them) },
            turns: stretches(journal, |event| match *event {
                TurnEvent::Turn { track, span } => Some((track, span)),
                _ => None,
            }),
            monologues: stretches(journal, |event| match *event {
                TurnEvent::Monologue { track, span } => Some((track, span)),
                _ => None,
            }),
            interruptions: of_floor(journal, |event| match *event {
                TurnEvent::Interruption { by, at, overlap, outcome } => Some(interruption(by, at, overlap, outcome)),
                _ => None,
            }),
            backchannels: of_floor(journal, |event| match *event {
                TurnEvent::Backchannel { by, span } => Some(Backchannel {
                    by: wire::track(by),
                    start_ms: span.start.as_ms(),
                    end_ms: span.end.as_ms(),
                    text: said.words_in(by, span),
                }),
                _ => None,
            }),
            silences: of_floor(journal, |event| match *event {
                TurnEvent::Silence { span, after, broken_by } => Some(Silence {
                    start_ms: span.start.as_ms(),
                    end_ms: span.end.as_ms(),
                    after: wire::track(after),
                    after_question: said.follows_a_question(after, span.start),
                    broken_by: wire::track(broken_by),
                }),
                _ => None,
            }),
            patience_ms: None,
            pace: Tracks { me: said.pace(Track::Me), them: said.pace(Track::Them) },
            shape: None,
            nudges: nudges(journal, language),
            hesitations: said.hesitations(),
            questions: said.questions(&figures.runs, journal),
            utterances: said.lines(),
        }
    }

    /// `summary.json`.
    ///
    /// # Errors
    /// None that a summary can cause; the serialiser's own.
    pub fn json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// `summary.md`: for notes.
    pub fn markdown(&self, language: Language) -> String {
        markdown::render(self, language)
    }

    /// `summary.html`: one file without a script or an outside address.
    pub fn page(&self, language: Language) -> String {
        page::render(self, language)
    }
}

fn captured(info: &CallInfo, duration: SampleTime, lost: Samples) -> Captured {
    let of_sound = |length: Samples| info.sound.then(|| length.as_ms());
    let came_in = (duration - SampleTime::ZERO).saturating_sub(lost);
    Captured { captured_ms: of_sound(came_in), lost_ms: of_sound(lost) }
}

fn echo(leak: &Leak) -> Echo {
    Echo {
        detected: leak.detected,
        level_db: leak.level_db.map(|level| (f64::from(level) * 10.0).round() / 10.0),
        rejected_ms: leak.rejected.as_ms(),
    }
}

fn interruption(by: Track, at: SampleTime, overlap: Samples, outcome: Outcome) -> Interruption {
    Interruption {
        by: wire::track(by),
        at_ms: at.as_ms(),
        overlap_ms: overlap.as_ms(),
        outcome: wire::outcome_name(outcome),
    }
}

fn pairs(runs: &[Span]) -> Vec<(u64, u64)> {
    runs.iter().map(|run| (run.start.as_ms(), run.end.as_ms())).collect()
}

fn of_floor<T>(journal: &[(SampleTime, Event)], pick: impl Fn(&TurnEvent) -> Option<T>) -> Vec<T> {
    let turns = journal.iter().filter_map(|(_, event)| match event {
        Event::Turn(turn) => Some(turn),
        _ => None,
    });
    turns.filter_map(pick).collect()
}

/// Stretches in the order of their beginnings: they are told at their ends.
fn stretches(journal: &[(SampleTime, Event)], pick: impl Fn(&TurnEvent) -> Option<(Track, Span)>) -> Vec<Stretch> {
    let mut found = of_floor(journal, pick);
    found.sort_by_key(|(_, span)| span.start);
    let stretch = |(track, span): (Track, Span)| Stretch {
        track: wire::track(track),
        start_ms: span.start.as_ms(),
        end_ms: span.end.as_ms(),
    };
    found.into_iter().map(stretch).collect()
}

fn nudges(journal: &[(SampleTime, Event)], language: Language) -> Vec<ShownNudge> {
    let shown = journal.iter().filter_map(|(_, event)| match event {
        Event::Nudge(nudge) => Some(nudge),
        _ => None,
    });
    let shown = shown.map(|nudge| {
        let words = nudge.kind().words();
        ShownNudge { at_ms: nudge.at.as_ms(), kind: nudge.kind().name(), text: language.pick(words.ja, words.en) }
    });
    shown.collect()
}

fn rounded(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests;
