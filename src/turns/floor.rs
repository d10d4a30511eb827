//! Utterances, and what each is: a backchannel, or part of a floor span. Who holds the floor, and turns.
//!
//! Utterances are judged in the order of their beginnings, so that who held the floor when one began is always known.

use std::collections::VecDeque;

use crate::audio::{PerTrack, Track};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::TurnEvent;
use crate::turns::hints::{Hint, Hints, Said};

/// Runs of one track with shorter pauses between them are one utterance (ours).
pub const UTTERANCE_PAUSE: Samples = Samples::from_ms(700);

/// Floor spans of one track with shorter gaps between them are one: people breathe.
pub const SPAN_GAP: Samples = Samples::from_ms(1_000);

/// A longer utterance is no backchannel (revenue.io's rule, length ours) …
pub const BACKCHANNEL: Samples = Samples::from_ms(1_000);

/// … unless its text is nothing but words of listening: then one is up to here (ours).
pub const LISTENING: Samples = Samples::from_ms(1_800);

/// Own speech that follows a short utterance this soon makes it that speech's beginning.
pub const FOLLOWED: Samples = Samples::from_ms(1_000);

/// The other is heard this soon after a backchannel: it did not take the floor.
pub const OTHER_GOES_ON: Samples = Samples::from_ms(1_000);

/// Mutual silence after which nobody holds the floor.
pub const FREE_AFTER: Samples = Samples::from_ms(3_000);

/// A line of a transcript that is nothing but words of listening is one up to here: it may hold several, and the pauses
/// between (ours).
pub const NODS: Samples = Samples::from_ms(6_000);

/// How long a change of the floor is remembered: longer than any verdict waits.
const MEMORY: Samples = Samples::from_ms(60_000);

/// Who holds the floor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Floor {
    /// Nobody yet, or nobody after 3.0 s of mutual silence.
    #[default]
    Free,
    /// The track whose floor span began last; where it ended inside the other's, the other.
    Held(Track),
}

/// Runs of one track with short pauses, not judged yet.
#[derive(Clone, Debug)]
struct Utterance {
    track: Track,
    span: Span,
    /// Whether its last run is going on.
    speaking: bool,
}

/// A floor span that may still go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpenSpan {
    pub(super) span: Span,
    /// Whether an utterance of it may still grow: the end is the newest that is known.
    growing: bool,
}

/// The floor spans of both tracks and all that follows from their order.
#[derive(Clone, Default)]
pub(super) struct FloorSpans {
    /// Not judged yet, in the order of their beginnings.
    waiting: VecDeque<Utterance>,
    /// The last run of each track, ended or going on.
    last_run: PerTrack<Option<Span>>,
    speaking: PerTrack<bool>,
    open: PerTrack<Option<OpenSpan>>,
    /// Changes of the floor, oldest first.
    changes: VecDeque<(SampleTime, Floor)>,
    /// Whose floor span began last.
    last_holder: Option<Track>,
    turns: PerTrack<Option<Span>>,
    hints: Hints,
}

impl FloorSpans {
    /// A text came: utterances that are judged from here on are judged by it.
    pub(super) fn learn(&mut self, hint: Hint) {
        self.hints.learn(hint);
    }

    /// Hears runs in the order of their beginnings.
    pub(super) fn hear(&mut self, event: &TurnEvent) {
        match *event {
            TurnEvent::RunStarted { track, at } => {
                self.hints.run_started(track, at);
                self.speaking[track] = true;
                self.last_run[track] = Some(Span::new(at, at));
                match self.growing(track) {
                    Some(utterance) if at - utterance.end < UTTERANCE_PAUSE => {}
                    _ => self.waiting.push_back(Utterance { track, span: Span::new(at, at), speaking: true }),
                }
                self.grow(track, at);
            }
            TurnEvent::Run { track, span } => {
                self.speaking[track] = false;
                self.hints.run_ended(track, span.end);
                self.last_run[track] = Some(span);
                self.grow(track, span.end);
            }
            _ => {}
        }
    }

    /// Judges what can be judged when every run that began before `known` has been heard, and the runs in `open` reach
    /// as far as they do.
    pub(super) fn settle(
        &mut self,
        known: PerTrack<SampleTime>,
        open: PerTrack<Option<Span>>,
        out: &mut Vec<TurnEvent>,
    ) {
        for track in Track::BOTH {
            if let Some(run) = open[track].filter(|_| self.speaking[track]) {
                self.grow(track, run.end);
            }
        }
        self.free(known, out);
        while let Some(first) = self.waiting.front() {
            let Some(verdict) = self.judge(first, known) else { break };
            let Some(utterance) = self.waiting.pop_front() else { break };
            match verdict {
                Verdict::Backchannel => {
                    out.push(TurnEvent::Backchannel { by: utterance.track, span: utterance.span });
                }
                Verdict::Floor => self.take(&utterance, out),
            }
        }
        for track in Track::BOTH {
            self.close(track, known, out);
        }
    }

    /// Who holds the floor by now.
    pub(super) fn holder(&self) -> Floor {
        self.changes.back().map_or(Floor::Free, |(_, holder)| *holder)
    }

    /// The newest utterance that began inside the other's floor span and is not judged yet.
    pub(super) fn unjudged_inside(&self) -> Option<(Track, Span)> {
        let inside = |utterance: &&Utterance| {
            self.open[!utterance.track].is_some_and(|other| other.span.contains(utterance.span.start))
        };
        self.waiting.iter().rev().find(inside).map(|utterance| (utterance.track, utterance.span))
    }

    /// The track's floor span that may still go on.
    pub(super) fn open(&self, track: Track) -> Option<OpenSpan> {
        self.open[track]
    }

    /// The track's turn that is going on.
    pub(super) fn open_turn(&self, track: Track) -> Option<Span> {
        self.turns[track]
    }

    /// The stretch of the utterance that a run of the track would join, judged or not.
    fn growing(&self, track: Track) -> Option<Span> {
        let waiting = self.waiting.iter().rev().find(|utterance| utterance.track == track);
        match waiting {
            Some(utterance) => Some(utterance.span),
            None => self.open[track].filter(|open| open.growing).map(|open| open.span),
        }
    }

    /// Speech of the track reaches to `end`: so does what it belongs to.
    fn grow(&mut self, track: Track, end: SampleTime) {
        let speaking = self.speaking[track];
        if let Some(utterance) = self.waiting.iter_mut().rev().find(|utterance| utterance.track == track) {
            utterance.span.end = utterance.span.end.max(end);
            utterance.speaking = speaking;
        } else if let Some(open) = &mut self.open[track]
            && open.growing
        {
            open.span.end = open.span.end.max(end);
            if let Some(turn) = &mut self.turns[track] {
                turn.end = turn.end.max(end);
            }
        }
    }

    /// The verdict on the first waiting utterance, or `None` while it depends on what comes.
    fn judge(&self, utterance: &Utterance, known: PerTrack<SampleTime>) -> Option<Verdict> {
        let (track, span) = (utterance.track, utterance.span);
        let said = self.hints.of(track, span, utterance.speaking);
        let listening = said.is_some_and(Said::listens);
        let longest = match said {
            Some(Said::Nods) => NODS,
            Some(Said::Listening) => LISTENING,
            _ => BACKCHANNEL,
        };
        if span.len() > longest || said == Some(Said::Words) || self.holder_at(span.start) != Floor::Held(!track) {
            return Some(Verdict::Floor);
        }
        if self.hints.answers(track, span.start) {
            return Some(Verdict::Floor);
        }
        // What is known to be a sign of listening is no beginning of a speech.
        let followed = |later: &Utterance| later.track == track && later.span.start - span.end < FOLLOWED;
        if !listening && self.waiting.iter().skip(1).any(followed) {
            return Some(Verdict::Floor);
        }
        if utterance.speaking || known[track] < span.end + FOLLOWED {
            return None;
        }
        // Where the words are known, the other may think for as long as the floor stays taken.
        let until = span.end + if listening { FREE_AFTER } else { OTHER_GOES_ON };
        let own = self.waiting.iter().skip(1).find(|later| later.track == track).map(|later| later.span.start);
        let after = Span::new(span.end, own.unwrap_or(until).clamp(span.end, until));
        match self.hints.spoke(!track, after) {
            true => Some(Verdict::Backchannel),
            false if known[!track] >= after.end => Some(Verdict::Floor),
            false => None,
        }
    }

    /// The utterance is a floor span, or goes on with the track's own.
    fn take(&mut self, utterance: &Utterance, out: &mut Vec<TurnEvent>) {
        let (track, span) = (utterance.track, utterance.span);
        match &mut self.open[track] {
            Some(open) if span.start - open.span.end < SPAN_GAP => {
                open.span.end = open.span.end.max(span.end);
                open.growing = true;
                if let Some(turn) = &mut self.turns[track] {
                    turn.end = turn.end.max(span.end);
                }
                if self.open[!track].is_none() && self.holder() == Floor::Held(!track) {
                    // Who began last is over, and this one goes on after a breath: as in [`FloorSpans::close`].
                    self.change(span.start, Floor::Held(track), out);
                }
            }
            _ => {
                if let Some(ended) = self.open[track].take() {
                    out.push(TurnEvent::FloorSpan { track, span: ended.span });
                }
                self.open[track] = Some(OpenSpan { span, growing: true });
                self.start_turn(track, span, out);
                self.change(span.start, Floor::Held(track), out);
            }
        }
    }

    /// A floor span began: it goes on with the track's turn, or ends the other's.
    fn start_turn(&mut self, track: Track, span: Span, out: &mut Vec<TurnEvent>) {
        match &mut self.turns[track] {
            Some(turn) if self.last_holder == Some(track) => turn.end = span.end,
            turn => {
                let before = turn.replace(span);
                out.extend(before.map(|span| TurnEvent::Turn { track, span }));
            }
        }
        self.last_holder = Some(track);
        if self.open[!track].is_none() {
            self.end_turn(!track, out);
        }
    }

    fn end_turn(&mut self, track: Track, out: &mut Vec<TurnEvent>) {
        out.extend(self.turns[track].take().map(|span| TurnEvent::Turn { track, span }));
    }

    /// A floor span is over once no own speech can join it any more.
    fn close(&mut self, track: Track, known: PerTrack<SampleTime>, out: &mut Vec<TurnEvent>) {
        let Some(open) = self.open[track] else { return };
        let joins = |utterance: &Utterance| utterance.track == track && utterance.span.start - open.span.end < SPAN_GAP;
        let silent = !self.speaking[track] || self.waiting.iter().any(|utterance| utterance.track == track);
        if !silent || known[track] < open.span.end + SPAN_GAP || self.waiting.iter().any(joins) {
            return;
        }
        self.open[track] = None;
        out.push(TurnEvent::FloorSpan { track, span: open.span });
        if self.last_holder != Some(track) {
            self.end_turn(track, out);
        }
        if let Some(other) = self.open[!track]
            && self.holder() == Floor::Held(track)
            && other.span.end > open.span.end
        {
            // The definition leaves the floor with who began last, even after that one gave up and the other spoke on:
            // every sign of listening that followed would count as taking it.
            self.change(open.span.end, Floor::Held(!track), out);
        }
    }

    /// Frees the floor after 3.0 s of mutual silence.
    fn free(&mut self, known: PerTrack<SampleTime>, out: &mut Vec<TurnEvent>) {
        let Floor::Held(_) = self.holder() else { return };
        if self.speaking.me || self.speaking.them {
            return;
        }
        let ends = Track::BOTH.iter().filter_map(|track| self.last_run[*track]).map(|run| run.end);
        let Some(last) = ends.max() else { return };
        let free = last + FREE_AFTER;
        if known.me.min(known.them) < free {
            return;
        }
        self.change(free, Floor::Free, out);
        self.last_holder = None;
        for track in Track::BOTH {
            self.end_turn(track, out);
        }
    }

    fn change(&mut self, at: SampleTime, holder: Floor, out: &mut Vec<TurnEvent>) {
        let before = self.holder();
        self.changes.push_back((at, holder));
        while self.changes.get(1).is_some_and(|(next, _)| at - *next > MEMORY) {
            self.changes.pop_front();
        }
        if before != holder {
            out.push(TurnEvent::Floor { holder, at });
        }
    }

    /// Who held the floor when something began. Who takes it at that very moment does not hold it yet.
    fn holder_at(&self, at: SampleTime) -> Floor {
        let before = |(since, holder): &&(SampleTime, Floor)| *since < at || (*since == at && *holder == Floor::Free);
        self.changes.iter().rev().find(before).map_or(Floor::Free, |(_, holder)| *holder)
    }
}

/// What an utterance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Backchannel,
    Floor,
}
