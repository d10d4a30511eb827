//! After the call: what its events come to. `summary.json` is a contract that other programs read; the Markdown and the
//! page are for people.
//!
//! A pure function of the journal. A figure that cannot be had is null and a list of it is absent, never a zero that was
//! not measured.

pub mod advice;
mod confidence_notes;
mod contract;
mod derived;
mod export;
mod figure_table;
mod floor;
mod followed;
mod guessed_ends;
mod highlights;
mod intention;
mod markdown;
mod note;
mod page;
mod plot;
pub mod prior_calls;
mod sentences;
mod sound;
mod speech;
mod totals;
mod view;
mod written;

use crate::agenda::{self, ItemState, KeptNote};
use crate::audio::{PerTrack, Track};
use crate::dynamics::Dynamics;
use crate::frontend::echo::Leak;
use crate::nudges::Nudge;
use crate::records::CallRecord;
use crate::report::html::{PageLink, PageLocation};
use crate::session::{Aim, Event};
use crate::time::{SampleTime, Samples, Span};
use crate::wire::LatencyMessage;
use crate::wire::rounding::{rounded, tenths};

pub use crate::language::Language;
pub use advice::Advice;
pub use contract::*;
pub use prior_calls::{MeantFor, PriorCall, PriorCalls};

use totals::CallTotals;

impl Summary {
    /// What a call's journal comes to; its nudges' `text` is in `language`.
    pub fn from_journal(record: &CallRecord, journal: &[(SampleTime, Event)], language: Language) -> Self {
        let totals = CallTotals::from_journal(journal);
        let figures = totals.figures();
        let dynamics = &totals.dynamics;
        let heard = dynamics.utterances().heard();
        let runs = dynamics.runs();
        let their_share = figures.share.map(|share| rounded(1.0 - share));
        let mut summary = Self {
            schema: "keicho.summary/1",
            call: CallHeader {
                id: record.id.clone(),
                started_at: record.started_at.clone(),
                duration_ms: figures.duration_ms,
                source: record.origin,
                mode: record.mode,
                target: rounded(record.target),
                language: record.language.or(speech::main_language(heard)),
                with: record.with.clone(),
            },
            coverage: Coverage {
                me: captured(record, &totals, Track::Me),
                them: captured(record, &totals, Track::Them),
                speech_ms: (totals.speech_time().me + totals.speech_time().them).as_ms(),
                transcribed_ms: dynamics
                    .utterances()
                    .recognized_speech()
                    .filter(|_| record.origin.has_sound())
                    .map(Samples::as_ms),
            },
            echo: record.origin.has_sound().then(|| echo(&totals.leak)),
            sound: record.origin.has_sound().then(|| sound::sound(&totals)),
            latency: totals.latency.as_ref().map(LatencyMessage::from),
            confidence: totals.doubts(),
            lost: totals.lost_spans.iter().map(|(track, span)| floor::track_span(*track, *span)).collect(),
            talk: Talk {
                me: TrackTalk { speech_ms: figures.talk_ms, share: figures.share },
                them: TrackTalk { speech_ms: figures.their_talk_ms, share: their_share },
                overlap_ms: totals.overlap().as_ms(),
                silence_ms: totals.silence().as_ms(),
            },
            speech: PerTrack { me: pairs(&runs.me), them: pairs(&runs.them) },
            turns: floor::turns(dynamics),
            monologues: floor::monologues(dynamics),
            interruptions: floor::interruptions(dynamics),
            terminal_overlaps: floor::terminal_overlaps(dynamics),
            long_overlaps: floor::long_overlaps(dynamics),
            backchannels: floor::backchannels(dynamics),
            silences: floor::silences(dynamics),
            transfers: floor::transfers(dynamics),
            patience_ms: dynamics.patience(Track::Me).map(floor::patience),
            switches_per_min: figures.switches_per_min,
            pace: PerTrack::from_fn(|track| speech::pace(dynamics, track)),
            perception: None,
            their_answer: None,
            shape: dynamics.shape_until(totals.duration),
            rates: PerTrack::from_fn(|track| totals.rates(track)),
            nudges: totals.nudges.iter().map(|nudge| shown_nudge(nudge, language)).collect(),
            hesitations: dynamics.hesitations().into_iter().map(speech::hesitation).collect(),
            questions: speech::questions(dynamics),
            utterances: speech::utterances(heard),
            agenda: agenda(&totals),
            notes: totals.notes.values().map(note_entry).collect(),
            aim_changes: totals.aim_changes.iter().map(aim_change).collect(),
            check_in: totals.check_in.as_ref().map(check_in),
            off_record: stretches(&totals.excluded.off_record),
            paused: stretches(&totals.excluded.paused),
            muted: stretches(&totals.excluded.muted),
            figures,
        };
        if !record.origin.has_ends() {
            summary.remove_edge_figures();
        }
        summary
    }

    /// The same with the notes as they were changed after the call.
    #[must_use]
    pub fn with_notes(self, notes: Vec<KeptNote>) -> Self {
        Self { notes: notes.into_iter().map(NoteEntry::from_kept).collect(), ..self }
    }

    /// Its notes, to be changed.
    pub fn kept_notes(&self) -> Vec<KeptNote> {
        self.notes.iter().map(NoteEntry::kept).collect()
    }

    /// `summary.json`.
    ///
    /// # Errors
    /// None that a summary can cause; the serialiser's own.
    pub fn json(&self) -> serde_json::Result<String> {
        if self.call.source.has_ends() {
            return Ok(serde_json::to_string_pretty(self)? + "\n");
        }
        Ok(serde_json::to_string_pretty(&self.json_value()?)? + "\n")
    }

    /// The same as a value, for what holds several calls.
    ///
    /// # Errors
    /// As above.
    pub(crate) fn json_value(&self) -> serde_json::Result<serde_json::Value> {
        let mut file = serde_json::to_value(self)?;
        if !self.call.source.has_ends() {
            file.as_object_mut().map(guessed_ends::make_null);
        }
        Ok(file)
    }

    /// What the call adds to the notes on the person it was with: figures, agenda and check-in, in Markdown.
    pub fn note(&self, language: Language) -> String {
        note::entry(self, language)
    }

    /// How the notes on a person begin.
    pub fn notes_opening(name: &str) -> String {
        note::opening(name)
    }

    /// The mark that a call of this name has in the notes.
    pub fn note_mark(id: &str) -> String {
        note::mark(id)
    }

    /// `summary.md`: for notes.
    pub fn markdown(&self, language: Language) -> String {
        markdown::render(self, language)
    }

    /// The content-security policy of `summary.html` and of `mirror.html`, for those who serve them.
    pub fn policy() -> String {
        page::policy(PageLocation::File)
    }

    /// `summary.html`: one file that needs nothing from outside.
    pub fn page(&self, language: Language) -> String {
        self.page_with_prior_calls(language, &PriorCalls::default())
    }

    /// The same, beside the manager's own last calls.
    pub fn page_with_prior_calls(&self, language: Language, before: &PriorCalls) -> String {
        page::render(self, language, before, PageLocation::File, &[], false)
    }

    /// The same as the running server shows it, with its policy: it leads on to the mirror and, if there is a history,
    /// to that.
    pub(crate) fn served_page(
        &self,
        language: Language,
        before: &PriorCalls,
        place: PageLocation<'_>,
        history: bool,
    ) -> (String, String) {
        let call = Some(("call", self.call.id.as_str()));
        let mirror = PageLink {
            action: "/mirror",
            field: call,
            label: language.pick("共有用のまとめを保存", "Save the shared summary"),
        };
        let back =
            PageLink {
                action: "/history", field: None, label: language.pick("これまでの1on1", "Your past 1on1s")
            };
        let on = [Some(mirror), history.then_some(back)];
        let on: Vec<PageLink<'_>> = on.into_iter().flatten().collect();
        (page::render(self, language, before, place, &on, history), page::policy(place))
    }

    /// `mirror.html`: the same call for both who held it. Neither is judged or advised, and no words are in it.
    pub fn mirror(&self, language: Language) -> String {
        page::mirror(self, language)
    }

    /// `turns.csv`.
    pub fn turns_csv(&self) -> String {
        export::turns(self)
    }

    /// `transcript.vtt`; `None` if no words are kept.
    pub fn transcript_vtt(&self) -> Option<String> {
        export::transcript(self)
    }
}

/// The figures that a call's journal comes to.
pub fn dynamics(journal: &[(SampleTime, Event)]) -> Dynamics {
    CallTotals::from_journal(journal).dynamics
}

fn captured(record: &CallRecord, figures: &CallTotals, track: Track) -> TrackCoverage {
    let of_sound = |length: Samples| record.origin.has_sound().then(|| length.as_ms());
    let lost = figures.lost[track];
    let came_in = figures.measured_duration().saturating_sub(lost);
    TrackCoverage { captured_ms: of_sound(came_in), lost_ms: of_sound(lost) }
}

fn echo(leak: &Leak) -> EchoSummary {
    EchoSummary {
        detected: leak.detected,
        level_db: leak.level_db.map(|level| tenths(f64::from(level))),
        delay_ms: leak.delay_ms,
        rejected_ms: leak.rejected.as_ms(),
    }
}

fn pairs(runs: &[Span]) -> Vec<(u64, u64)> {
    runs.iter().map(|run| (run.start.as_ms(), run.end.as_ms())).collect()
}

fn agenda(figures: &CallTotals) -> Vec<AgendaItem> {
    let item = |(text, state): &(String, ItemState)| AgendaItem { text: text.clone(), state: *state };
    figures.agenda.values().map(item).collect()
}

fn note_entry(note: &agenda::Note) -> NoteEntry {
    NoteEntry {
        id: note.id,
        at_ms: (!note.carried).then(|| note.at.as_ms()),
        text: note.text.clone(),
        owner: note.action.map(|action| action.owner),
        state: note.action.map(|action| action.state),
        after_call: false,
    }
}

fn aim_change((at, from, to): &(SampleTime, Aim, Aim)) -> AimChange {
    AimChange {
        at_ms: at.as_ms(),
        mode: to.mode,
        target: rounded(to.target),
        mode_before: from.mode,
        target_before: rounded(from.target),
    }
}

fn check_in(given: &agenda::CheckIn) -> CheckInEntry {
    CheckInEntry { score: given.score(), words: given.words().to_owned() }
}

fn stretches(spans: &[Span]) -> Vec<ExcludedSpan> {
    spans.iter().map(|span| ExcludedSpan { start_ms: span.start.as_ms(), end_ms: span.end.as_ms() }).collect()
}

fn shown_nudge(nudge: &Nudge, language: Language) -> ShownNudge {
    let (kind, words) = (nudge.kind(), nudge.why.words());
    ShownNudge { at_ms: nudge.at.as_ms(), kind, text: kind.text().pick(language), words }
}

#[cfg(test)]
mod tests;
