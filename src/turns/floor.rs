//! Utterances, and what each is: a backchannel, or part of a floor span. Who holds the floor, and turns.
//!
//! Utterances are judged in the order of their beginnings, so that who held the floor when one began is always known.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::audio::{PerTrack, Track};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::TurnEvent;
use crate::turns::evidence::{BackchannelEvidence, Bound, BoundCheck, Decision, Evidence};
use crate::turns::text_hints::{TextHint, TextHints, TextKind};

/// Runs of one track with shorter pauses between them are one utterance, unless the text shows that one of them is
/// nothing but a sign of listening: then that is one by itself (ours).
pub const UTTERANCE_PAUSE: Samples = Samples::from_ms(700);

/// Floor spans of one track with shorter gaps between them are one, since people breathe; but not if a floor span of the
/// other began after the first: who comes back then comes back into the other's (ours).
const FLOOR_SPAN_GAP: Samples = Samples::from_ms(1_000);

/// A longer utterance is no backchannel (revenue.io's rule, length ours) …
const MAX_BACKCHANNEL: Samples = Samples::from_ms(1_000);

/// … unless its text is nothing but words of listening: then one is up to here (ours).
const MAX_RECOGNIZED_BACKCHANNEL: Samples = Samples::from_ms(1_800);

/// Own speech that follows a short utterance this soon makes it that speech's beginning.
const CONTINUATION_GAP: Samples = Samples::from_ms(1_000);

/// The other is heard this soon after a backchannel: it did not take the floor.
const OTHER_RESUMES_WITHIN: Samples = Samples::from_ms(1_000);

/// Mutual silence after which nobody holds the floor.
const FLOOR_FREE_AFTER: Samples = Samples::from_ms(3_000);

/// A line of a transcript that is nothing but words of listening is one up to here: it may hold several, and the pauses
/// between (ours).
pub(super) const MAX_WRITTEN_BACKCHANNEL: Samples = Samples::from_ms(6_000);

/// How long a change of the floor is remembered: longer than any verdict waits.
const MEMORY: Samples = Samples::from_ms(60_000);

/// Who holds the floor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Floor {
    /// Nobody yet, or nobody after 3.0 s of mutual silence.
    #[default]
    Free,
    /// The track whose floor span began last; if that ended inside the other's, the other.
    Held(Track),
}

/// Runs of one track with short pauses, not judged yet.
#[derive(Clone, Debug)]
struct UnjudgedUtterance {
    track: Track,
    span: Span,
    /// Whether its last run is going on.
    speaking: bool,
}

/// A floor span that may still go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpenFloorSpan {
    pub(super) span: Span,
    /// Whether an utterance of it may still grow: the end is the newest that is known.
    growing: bool,
}

/// The floor spans of both tracks and all that follows from their order.
#[derive(Clone, Default)]
pub(super) struct FloorSpans {
    /// Not judged yet, in the order of their beginnings.
    unjudged: VecDeque<UnjudgedUtterance>,
    /// The last run of each track, ended or going on.
    last_run: PerTrack<Option<Span>>,
    speaking: PerTrack<bool>,
    open_spans: PerTrack<Option<OpenFloorSpan>>,
    /// When the newest floor span of each track began.
    newest_start: PerTrack<Option<SampleTime>>,
    /// Changes of the floor, oldest first.
    changes: VecDeque<(SampleTime, Floor)>,
    /// Whose floor span began last.
    last_holder: Option<Track>,
    open_turns: PerTrack<Option<Span>>,
    text_hints: TextHints,
}

impl FloorSpans {
    /// A text came: utterances that are judged from here on are judged by it.
    pub(super) fn push_hint(&mut self, hint: TextHint) {
        self.text_hints.push(hint);
    }

    /// Takes the speech runs of both tracks in the order of their beginnings.
    pub(super) fn observe(&mut self, event: &TurnEvent, out: &mut Vec<Decision>) {
        match *event {
            TurnEvent::RunStarted { track, at } => {
                // The silence before it may not have been known yet: a click of the other's had to be told from speech.
                self.free_floor_if_silent(at, out);
                self.text_hints.run_started(track, at);
                self.speaking[track] = true;
                let before = self.last_run[track].replace(Span::new(at, at));
                let listening = |run: Span| self.text_hints.listening_from(track, run.start);
                let alike = before.and_then(listening) == listening(Span::new(at, at));
                match self.growing_span(track) {
                    Some(utterance) if at - utterance.end < UTTERANCE_PAUSE && alike => {}
                    _ => self.unjudged.push_back(UnjudgedUtterance { track, span: Span::new(at, at), speaking: true }),
                }
                self.grow(track, at);
            }
            TurnEvent::Run { track, span } => {
                self.speaking[track] = false;
                self.text_hints.run_ended(track, span.end);
                self.last_run[track] = Some(span);
                self.grow(track, span.end);
            }
            _ => {}
        }
    }

    /// Judges what can be judged when every run that began before `known_until` has been observed, and the runs in `open`
    /// reach as far as they do.
    pub(super) fn settle(
        &mut self,
        known_until: PerTrack<SampleTime>,
        open: PerTrack<Option<Span>>,
        out: &mut Vec<Decision>,
    ) {
        for track in Track::BOTH {
            if let Some(run) = open[track].filter(|_| self.speaking[track]) {
                self.grow(track, run.end);
            }
        }
        let both_known_until = known_until.me.min(known_until.them);
        self.free_floor_if_silent(both_known_until, out);
        while let Some(first) = self.unjudged.front() {
            let Some(verdict) = self.judge(first, known_until) else { break };
            let Some(utterance) = self.unjudged.pop_front() else { break };
            match verdict {
                UtteranceVerdict::Backchannel(compared) => {
                    let event = TurnEvent::Backchannel { by: utterance.track, span: utterance.span };
                    out.push(Decision::new(event, Evidence::Backchannel(compared)));
                }
                UtteranceVerdict::Floor => self.start_or_extend_span(&utterance, out),
            }
        }
        // The first to end is the first to be over.
        let mut closing = Track::BOTH;
        closing.sort_by_key(|track| self.open_spans[*track].map(|open| open.span.end));
        for track in closing {
            self.close_span(track, both_known_until, out);
        }
    }

    /// Who holds the floor by now.
    pub(super) fn holder(&self) -> Floor {
        self.changes.back().map_or(Floor::Free, |(_, holder)| *holder)
    }

    /// The newest utterance that began inside the other's floor span and is not judged yet.
    pub(super) fn unjudged_onset(&self) -> Option<(Track, Span)> {
        let inside = |utterance: &&UnjudgedUtterance| {
            self.open_spans[!utterance.track].is_some_and(|other| other.span.contains(utterance.span.start))
        };
        self.unjudged.iter().rev().find(inside).map(|utterance| (utterance.track, utterance.span))
    }

    /// The track's floor span that may still go on.
    pub(super) fn open_span(&self, track: Track) -> Option<OpenFloorSpan> {
        self.open_spans[track]
    }

    /// The track's turn that is going on.
    pub(super) fn open_turn(&self, track: Track) -> Option<Span> {
        self.open_turns[track]
    }

    /// The stretch of the utterance that a run of the track would join, judged or not.
    fn growing_span(&self, track: Track) -> Option<Span> {
        let waiting = self.unjudged.iter().rev().find(|utterance| utterance.track == track);
        match waiting {
            Some(utterance) => Some(utterance.span),
            None => self.open_spans[track].filter(|open| open.growing).map(|open| open.span),
        }
    }

    /// Speech of the track reaches to `end`: so does what it belongs to.
    fn grow(&mut self, track: Track, end: SampleTime) {
        let speaking = self.speaking[track];
        if let Some(utterance) = self.unjudged.iter_mut().rev().find(|utterance| utterance.track == track) {
            utterance.span.end = utterance.span.end.max(end);
            utterance.speaking = speaking;
        } else if let Some(open) = &mut self.open_spans[track]
            && open.growing
        {
            open.span.end = open.span.end.max(end);
            if let Some(turn) = &mut self.open_turns[track] {
                turn.end = turn.end.max(end);
            }
        }
    }

    /// The verdict on the first waiting utterance, or `None` while it depends on what comes.
    fn judge(&self, utterance: &UnjudgedUtterance, known_until: PerTrack<SampleTime>) -> Option<UtteranceVerdict> {
        let (track, span) = (utterance.track, utterance.span);
        let text = self.text_hints.utterance_text(track, span, utterance.speaking);
        let kind = text.map(|text| text.kind);
        let listening = kind.is_some_and(TextKind::is_backchannel);
        let longest = match kind {
            Some(TextKind::WrittenBackchannel) => MAX_WRITTEN_BACKCHANNEL,
            Some(TextKind::RecognizedBackchannel) => MAX_RECOGNIZED_BACKCHANNEL,
            _ => MAX_BACKCHANNEL,
        };
        let length = BoundCheck::new(span.len(), Bound::AtMost(longest));
        if !length.is_met() || kind == Some(TextKind::Substantive) || self.holder_at(span.start) != Floor::Held(!track)
        {
            return Some(UtteranceVerdict::Floor);
        }
        if self.text_hints.answers_question(track, span.start) {
            return Some(UtteranceVerdict::Floor);
        }
        // What is known to be a sign of listening is no beginning of a speech.
        let continuation = (!listening).then_some(Bound::AtLeast(CONTINUATION_GAP));
        let continues = |later: &UnjudgedUtterance| {
            later.track == track && continuation.is_some_and(|bound| !bound.is_met_by(later.span.start - span.end))
        };
        if self.unjudged.iter().skip(1).any(continues) {
            return Some(UtteranceVerdict::Floor);
        }
        if utterance.speaking || known_until[track] < span.end + CONTINUATION_GAP {
            return None;
        }
        // If the words are known, the other may think for as long as the floor stays taken.
        let until = span.end + if listening { FLOOR_FREE_AFTER } else { OTHER_RESUMES_WITHIN };
        let own = self.unjudged.iter().skip(1).find(|later| later.track == track).map(|later| later.span.start);
        let after = Span::new(span.end, own.unwrap_or(until).clamp(span.end, until));
        match self.text_hints.first_heard_in(!track, after) {
            Some(at) => {
                let other_resumed = BoundCheck::new(at - span.end, Bound::Under(after.len()));
                Some(UtteranceVerdict::Backchannel(BackchannelEvidence { text, length, continuation, other_resumed }))
            }
            None if known_until[!track] >= after.end => Some(UtteranceVerdict::Floor),
            None => None,
        }
    }

    /// The utterance is a floor span, or goes on with the track's own.
    fn start_or_extend_span(&mut self, utterance: &UnjudgedUtterance, out: &mut Vec<Decision>) {
        let (track, span) = (utterance.track, utterance.span);
        match &mut self.open_spans[track] {
            Some(open)
                if span.start - open.span.end < FLOOR_SPAN_GAP
                    && !began_between(self.newest_start[!track], open.span.start, span.start) =>
            {
                open.span.end = open.span.end.max(span.end);
                open.growing = true;
                if let Some(turn) = &mut self.open_turns[track] {
                    turn.end = turn.end.max(span.end);
                }
                if self.open_spans[!track].is_none() && self.holder() == Floor::Held(!track) {
                    // Who began last is over, and this one goes on after a breath: as in [`FloorSpans::close`].
                    self.set_holder(span.start, Floor::Held(track), Evidence::FloorReturned, out);
                }
            }
            _ => {
                if let Some(ended) = self.open_spans[track].take() {
                    out.push(Decision::uncompared(TurnEvent::FloorSpan { track, span: ended.span }));
                }
                self.open_spans[track] = Some(OpenFloorSpan { span, growing: true });
                self.newest_start[track] = Some(span.start);
                self.start_turn(track, span, out);
                self.set_holder(span.start, Floor::Held(track), Evidence::FloorSpanBegan(span), out);
            }
        }
    }

    /// A floor span began: it goes on with the track's turn, or ends the other's.
    fn start_turn(&mut self, track: Track, span: Span, out: &mut Vec<Decision>) {
        match &mut self.open_turns[track] {
            Some(turn) if self.last_holder == Some(track) => turn.end = span.end,
            turn => {
                let before = turn.replace(span);
                out.extend(before.map(|span| Decision::uncompared(TurnEvent::Turn { track, span })));
            }
        }
        self.last_holder = Some(track);
        if self.open_spans[!track].is_none() {
            self.end_turn(!track, out);
        }
    }

    fn end_turn(&mut self, track: Track, out: &mut Vec<Decision>) {
        let over = self.open_turns[track].take();
        out.extend(over.map(|span| Decision::uncompared(TurnEvent::Turn { track, span })));
    }

    /// A floor span is over once no own speech can join it any more, if every run of either track that began before
    /// `known_until` has been observed.
    fn close_span(&mut self, track: Track, known_until: SampleTime, out: &mut Vec<Decision>) {
        let Some(open) = self.open_spans[track] else { return };
        let joins = |utterance: &UnjudgedUtterance| {
            utterance.track == track && utterance.span.start - open.span.end < FLOOR_SPAN_GAP
        };
        let silent = !self.speaking[track] || self.unjudged.iter().any(|utterance| utterance.track == track);
        if !silent || known_until < open.span.end + FLOOR_SPAN_GAP || self.unjudged.iter().any(joins) {
            return;
        }
        self.open_spans[track] = None;
        out.push(Decision::uncompared(TurnEvent::FloorSpan { track, span: open.span }));
        if self.last_holder != Some(track) {
            self.end_turn(track, out);
        }
        if let Some(other) = self.open_spans[!track]
            && self.holder() == Floor::Held(track)
            && other.span.end > open.span.end
        {
            // The definition leaves the floor with who began last, even after that one gave up and the other spoke on:
            // every sign of listening that followed would count as taking it.
            self.set_holder(open.span.end, Floor::Held(!track), Evidence::FloorReturned, out);
        }
    }

    /// Frees the floor after 3.0 s of mutual silence, if nobody began before `known_until`.
    fn free_floor_if_silent(&mut self, known_until: SampleTime, out: &mut Vec<Decision>) {
        let Floor::Held(_) = self.holder() else { return };
        if self.speaking.me || self.speaking.them {
            return;
        }
        let ends = Track::BOTH.iter().filter_map(|track| self.last_run[*track]).map(|run| run.end);
        let Some(last) = ends.max() else { return };
        let free = last + FLOOR_FREE_AFTER;
        if known_until < free {
            return;
        }
        let silence = BoundCheck::new(free - last, Bound::AtLeast(FLOOR_FREE_AFTER));
        self.set_holder(free, Floor::Free, Evidence::Length(silence), out);
        self.last_holder = None;
        for track in Track::BOTH {
            self.end_turn(track, out);
        }
    }

    fn set_holder(&mut self, at: SampleTime, holder: Floor, evidence: Evidence, out: &mut Vec<Decision>) {
        let before = self.holder();
        self.changes.push_back((at, holder));
        while self.changes.get(1).is_some_and(|(next, _)| at - *next > MEMORY) {
            self.changes.pop_front();
        }
        if before != holder {
            out.push(Decision::new(TurnEvent::Floor { holder, at }, evidence));
        }
    }

    /// Who held the floor when something began. Who takes it at that very moment does not hold it yet.
    fn holder_at(&self, at: SampleTime) -> Floor {
        let before = |(since, holder): &&(SampleTime, Floor)| *since < at || (*since == at && *holder == Floor::Free);
        self.changes.iter().rev().find(before).map_or(Floor::Free, |(_, holder)| *holder)
    }
}

/// Whether a floor span began after `from` and before `until`.
fn began_between(start: Option<SampleTime>, from: SampleTime, until: SampleTime) -> bool {
    start.is_some_and(|start| from < start && start < until)
}

/// What an utterance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UtteranceVerdict {
    Backchannel(BackchannelEvidence),
    Floor,
}
