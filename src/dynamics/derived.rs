//! What is derived from the verdicts and runs of a call whenever they change, and how much of it is settled.

use std::ops::Range;
use std::sync::Arc;

use super::hesitation::{self, Hesitation, HesitationKind};
use super::pace::{self, Articulation};
use super::settled::{self, REACH, SETTLE_EVERY, Settled, SpeechCounts, SpeechLists, UNSETTLED};
use super::shape::Shape;
use super::transfer::Patience;
use super::utterances::{self, AskedQuestion};
use super::waits::{QuestionFollowUp, WaitStats};
use super::{Dynamics, ROOM, SpeechFigures, backchannel_span, floor_spans, talk_stretches, touches_gap, turns_of};
use crate::asr::Heard;
use crate::audio::{PerTrack, Track};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::TurnEvent;

impl Dynamics {
    /// What depends on the verdicts that `event` is one of.
    pub(super) fn update_derived(&mut self, event: &TurnEvent) {
        self.unsettle(event.start());
        self.derive_counts();
        match *event {
            TurnEvent::Backchannel { by, span } => {
                self.derive_talk_runs(by, span.start);
                self.derive_speech_figures();
            }
            TurnEvent::FloorSpan { .. } => self.derive_transfers(),
            TurnEvent::Turn { track, span } => {
                if span.len() >= self.longest_turn[track] {
                    self.derive_longest_turn(track);
                }
                self.derive_speech_figures();
            }
            TurnEvent::Monologue { track, .. } => self.derive_longest_turn(track),
            _ => {}
        }
    }

    /// Everything, of which nothing before this moment has changed.
    pub(super) fn derive_from(&mut self, from: SampleTime) {
        for track in Track::BOTH {
            self.derive_talk_runs(track, from);
            self.derive_longest_turn(track);
        }
        self.derive_counts();
        self.derive_transfers();
        self.derive_speech_figures();
        let until = self.heard_until();
        self.shape_windows = until.map_or(0, Shape::window_count);
        self.shape = until.and_then(|until| self.shape_until(until));
    }

    /// Everything, as if all of the call were new.
    pub(super) fn derive_all(&mut self) {
        self.settled = Settled::default();
        self.derive_from(SampleTime::ZERO);
        self.settle();
    }

    pub(super) fn derive_longest_turn(&mut self, track: Track) {
        let stretches = talk_stretches(self.turns(track), self.monologues(track));
        self.longest_turn[track] = stretches.into_iter().map(Span::len).max().unwrap_or_default();
    }

    pub(super) fn derive_counts(&mut self) {
        let mut fold = self.settled.counts;
        self.turn_events[self.first_event(self.settled.until)..].iter().for_each(|event| fold.push(event));
        self.counts = fold.counts;
    }

    /// The first verdict that begins at this moment or later.
    pub(super) fn first_event(&self, from: SampleTime) -> usize {
        self.turn_events.partition_point(|event| event.start() < from)
    }

    /// Takes for settled what lies far enough back, once there is enough of it.
    pub(super) fn settle(&mut self) {
        let Some(now) = self.heard_until() else { return };
        let by_text_alone = Track::BOTH.iter().all(|track| self.steady_vowels[*track].is_empty());
        if now - self.settled.until < SETTLE_EVERY || !by_text_alone {
            return;
        }
        let mut until = now.saturating_sub(UNSETTLED);
        // An utterance is not cut through.
        while let Some(start) = self.utterances.begun_before(until) {
            until = start;
        }
        if until <= self.settled.until {
            return;
        }
        let mut settled = std::mem::take(&mut self.settled);
        let events = self.first_event(settled.until)..self.first_event(until);
        self.turn_events[events.clone()].iter().for_each(|event| settled.counts.push(event));
        self.transfers.truncate(settled.transfer_count);
        let mut new = Vec::new();
        for (track, span) in floor_spans(&self.turn_events[events.clone()]) {
            new.extend(settled.transfers.push(track, span, &self.gaps));
        }
        settled.push_transfers(&new);
        self.transfers.extend(new);
        let heard = self.utterances.first_from(settled.until)..self.utterances.first_from(until);
        let mut lists = std::mem::take(&mut self.speech_lists);
        lists.truncate(settled.lengths);
        self.add_speech(heard, events, &mut settled.speech, &mut lists);
        settled.push_lists(&lists);
        settled.until = until;
        self.give_back_room();
        self.speech_lists = lists;
        self.settled = settled;
        self.derive_transfers();
        self.derive_speech_figures();
    }

    /// Lists double their room when they grow, which is for hours that do not come.
    pub(super) fn give_back_room(&mut self) {
        self.turn_events.shrink_to(self.turn_events.len() + ROOM);
        self.transfers.shrink_to(self.transfers.len() + ROOM);
        self.utterances.give_back_room();
        for track in Track::BOTH {
            for runs in [&mut self.runs[track], &mut self.talk_runs[track]] {
                runs.shrink_to(runs.len() + ROOM);
            }
        }
    }

    /// Something changes that began at this moment: what it may reach is not settled.
    pub(super) fn unsettle(&mut self, at: SampleTime) {
        if at < self.settled.until + REACH {
            self.settled = Settled::default();
        }
    }

    pub(super) fn derive_transfers(&mut self) {
        let settled = &self.settled;
        self.transfers.truncate(settled.transfer_count);
        let mut fold = settled.transfers;
        let first = self.turn_events.partition_point(|event| event.start() < settled.until);
        for (track, span) in floor_spans(&self.turn_events[first..]) {
            self.transfers.extend(fold.push(track, span, &self.gaps));
        }
        let newer = &self.transfers[settled.transfer_count..];
        self.patience = PerTrack::from_fn(|track| {
            let own = newer.iter().filter(|transfer| transfer.to == track);
            let offsets: Vec<Samples> = own.filter_map(|transfer| transfer.offset.non_negative()).collect();
            Patience::from_offsets(&settled.offsets[track], &offsets)
        });
    }

    pub(super) fn derive_speech_figures(&mut self) {
        let mut lists = std::mem::take(&mut self.speech_lists);
        lists.truncate(self.settled.lengths);
        let mut counts = self.settled.speech;
        let heard = self.utterances.first_from(self.settled.until)..self.utterances.heard().len();
        let events = self.first_event(self.settled.until)..self.turn_events.len();
        self.add_speech(heard, events, &mut counts, &mut lists);
        self.speech_lists = lists;
        let (settled, lists, now) = (&self.settled, &self.speech_lists, self.heard_until());
        self.speech_figures = SpeechFigures {
            filled_pauses: counts.filled_pauses,
            repetitions: counts.repetitions,
            pauses: counts.pauses,
            questions: counts.questions,
            progress_questions: counts.progress_questions,
            regrabs: counts.regrabs,
            pace: PerTrack::from_fn(|track| {
                let newer = &lists.articulation[track][settled.lengths.articulation[track]..];
                pace::relative_pace(&settled.rates[track], newer, now?)
            }),
            waits: PerTrack::from_fn(|track| {
                let (older, newer) = lists.waits[track].split_at(settled.lengths.waits[track]);
                WaitStats::from_waits(&settled.waits[track], older.last().copied(), newer)
            }),
        };
    }

    /// Takes utterances and verdicts, which are given by their places, into counts and lists.
    pub(super) fn add_speech(
        &self,
        heard: Range<usize>,
        events: Range<usize>,
        counts: &mut SpeechCounts,
        lists: &mut SpeechLists,
    ) {
        for one in self.hesitations_in(heard.clone(), events) {
            let of = match one.kind {
                HesitationKind::FilledPause => &mut counts.filled_pauses,
                HesitationKind::Repetition => &mut counts.repetitions,
                HesitationKind::Pause => &mut counts.pauses,
            };
            of[one.track] += 1;
        }
        let heard = &self.utterances.heard()[heard];
        for asked in self.questions_of(heard) {
            settled::push_question(&QuestionFollowUp::without_answer(asked, &self.runs, &self.gaps), counts, lists);
        }
        for track in Track::BOTH {
            let filled = hesitation::filled_pauses(track, &self.steady_vowels[track], heard);
            let own = heard.iter().filter(|one| one.track == track);
            let articulation = |one: &Arc<Heard>| {
                let first = filled.partition_point(|pause| pause.span.start + REACH < one.span().start);
                let near = filled[first..].iter().take_while(|pause| pause.span.start < one.span().end);
                Articulation::from_heard(one, near.map(|pause| pause.span.intersection(one.span()).len()).sum())
            };
            lists.articulation[track].extend(own.filter_map(articulation));
        }
    }

    /// The hesitations of some utterances, and of the turns among some verdicts, in the order of their beginnings.
    pub(super) fn hesitations_in(&self, heard: Range<usize>, events: Range<usize>) -> Vec<Hesitation> {
        let heard = &self.utterances.heard()[heard];
        let turns = |whose| turns_of(&self.turn_events[events.clone()], whose);
        let mut found: Vec<Hesitation> = hesitation::repetitions(heard).collect();
        for track in Track::BOTH {
            // うーん while the other talks is no hesitation, and short signs are misheard as such words.
            let filled = hesitation::filled_pauses(track, &self.steady_vowels[track], heard);
            found.extend(filled.into_iter().filter(|one| !self.is_mostly_backchannel(track, one.span)));
            let pauses = hesitation::pauses(track, turns(track), &self.runs);
            found.extend(pauses.into_iter().filter(|one| !touches_gap(&self.gaps, one.span)));
        }
        found.sort_by_key(|one| (one.span.start, one.track, one.kind));
        found
    }

    /// The questions of some utterances. A sign of listening asks nothing (そうなんですか？), and what a recogniser takes for a
    /// question in so short a sound was mostly not said.
    pub(super) fn questions_of<'a>(&'a self, heard: &'a [Arc<Heard>]) -> impl Iterator<Item = AskedQuestion> + 'a {
        heard.iter().filter(|one| !self.is_sign_of_listening(one)).flat_map(|one| utterances::questions(one))
    }

    /// Whether the floor takes an utterance for a sign of listening.
    pub fn is_sign_of_listening(&self, heard: &Heard) -> bool {
        self.is_mostly_backchannel(heard.track, heard.span())
    }

    pub(super) fn is_mostly_backchannel(&self, track: Track, stretch: Span) -> bool {
        let near = self.first_event(stretch.start.saturating_sub(REACH))..self.first_event(stretch.end);
        let signs = self.turn_events[near].iter().filter_map(|event| backchannel_span(track, event));
        signs.into_iter().any(|sign| 2 * stretch.intersection(sign).len().count() > stretch.len().count())
    }

    /// Up to where somebody was heard.
    pub(super) fn heard_until(&self) -> Option<SampleTime> {
        Track::BOTH.iter().filter_map(|track| self.runs[*track].last()).map(|run| run.end).max()
    }

    /// Which of the track's runs that end after this are no part of a backchannel.
    pub(super) fn derive_talk_runs(&mut self, track: Track, from: SampleTime) {
        let talk = &mut self.talk_runs[track];
        let kept = talk.partition_point(|run| run.end <= from);
        let before: Samples = talk.drain(kept..).map(|run| run.len()).sum();
        let first = self.runs[track].partition_point(|run| run.end <= from);
        let near = self.turn_events.partition_point(|event| event.start() + REACH < from);
        let signs = self.turn_events[near..].iter().filter_map(|event| backchannel_span(track, event));
        let mut signs = signs.peekable();
        for run in &self.runs[track][first..] {
            while signs.next_if(|span| span.end <= run.start).is_some() {}
            if signs.peek().is_none_or(|span| span.intersection(*run).is_empty()) {
                talk.push(*run);
            }
        }
        let after: Samples = talk[kept..].iter().map(|run| run.len()).sum();
        self.talk_time[track] = (self.talk_time[track] + after).saturating_sub(before);
    }

    pub(super) fn update_shape(&mut self, until: SampleTime) {
        let windows = Shape::window_count(until);
        if windows != self.shape_windows {
            self.shape_windows = windows;
            self.shape = self.shape_until(until);
        }
    }
}
