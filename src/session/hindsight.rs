//! What was taken for my speech until somebody else was known to be in the room is taken back: the floor is judged again
//! without it.
//!
//! It goes back to a checkpoint, as what is off the record does, but takes only the floor from there: what else has come of
//! the call since stands. Nothing is erased. What is no longer so is withdrawn, as after a text.

use crate::asr::Heard;
use crate::audio::Track;
use crate::session::speech_log::FloorChanges;
use crate::session::state::SavedState;
use crate::session::{Event, Session, Sink, is_published};
use crate::time::{SampleTime, Span};
use crate::turns::{Decision, TurnEvent, difference};

/// A stretch that was taken back, and when that was.
#[derive(Clone, Copy, Debug)]
pub(super) struct TakenBack {
    told_at: SampleTime,
    span: Span,
}

impl Session {
    /// What counted as my speech in these stretches was somebody else's. What lies further back than is remembered stays, and
    /// nothing is told of what is off the record.
    pub(super) fn take_back(&mut self, spans: &[Span], sink: &mut dyn Sink) {
        let first = spans.iter().map(|span| span.start).min();
        let Some(base) = first.and_then(|first| self.known_floor_before(first)) else { return };
        let reached = base.state.decided_until;
        let reached: Vec<Span> = spans.iter().filter_map(|span| not_before(reached, *span)).collect();
        let spans = self.speech_log.silence(Track::Me, &reached);
        self.judge_without(spans, sink);
    }

    /// The floor is judged again from before these stretches on; that I am silent in them the log says already.
    fn judge_without(&mut self, spans: Vec<Span>, sink: &mut dyn Sink) {
        let first = spans.iter().map(|span| span.start).min();
        let Some(base) = first.and_then(|first| self.known_floor_before(first)) else { return };
        let (judged, conversation, told) = (base.state.decided_until, base.state.conversation.clone(), base.dynamics);
        let (conversation, now) = self.speech_log.judge_again(conversation, judged);
        let before = self.dynamics.floor_since(told);
        self.state.conversation = conversation;
        let oldest = self.checkpoints.newest_first().last().map_or(self.now, |oldest| oldest.at);
        self.taken_back.retain(|one| one.told_at > oldest);
        self.taken_back.extend(spans.iter().map(|span| TakenBack { told_at: self.now, span: *span }));
        self.dynamics.forget_heard(Track::Me, &spans);
        sink.emit(self.now, Event::OthersSpeech { track: Track::Me, spans });
        self.replace_floor(before, now, sink);
    }

    /// Of the floor, what was told since a checkpoint is exchanged for what is so.
    fn replace_floor(&mut self, before: FloorChanges, now: FloorChanges, sink: &mut dyn Sink) {
        let stood = difference(&before.decided, &now.decided);
        let gone = difference(&uncompared(now.withdrawn.clone()), &uncompared(before.withdrawn.clone()));
        let withdrawn: Vec<TurnEvent> = stood.into_iter().chain(gone).map(|decision| decision.event).collect();
        let back = difference(&uncompared(before.withdrawn), &uncompared(now.withdrawn));
        let added: Vec<Decision> = back.into_iter().chain(difference(&now.decided, &before.decided)).collect();
        for event in withdrawn.iter().filter(|event| is_published(event)) {
            sink.emit(self.now, Event::Withdrawn(event.clone()));
        }
        for decision in added.iter().filter(|decision| is_published(&decision.event)) {
            sink.emit(self.now, Event::Turn(decision.event.clone()));
            sink.emit_evidence(self.now, decision);
        }
        self.dynamics.exchange(withdrawn, added.into_iter().map(|decision| decision.event).collect());
    }

    /// The newest checkpoint before a moment, or else the first one after it, of which this holds: what was taken back after
    /// it was kept lies after it, so that its floor is the right one.
    fn known_floor_before(&self, moment: SampleTime) -> Option<&SavedState> {
        let is_right = |kept: &&SavedState| {
            let later = self.taken_back.iter().filter(|one| one.told_at > kept.at);
            later.into_iter().all(|one| one.span.start >= kept.state.decided_until)
        };
        let is_before = |kept: &&SavedState| kept.state.decided_until <= moment;
        let right = || self.checkpoints.newest_first().filter(is_right);
        right().find(is_before).or_else(|| right().last())
    }

    /// The call has gone back to `to`, and the stretch from `erased` on is no longer known: what was taken back since, of what
    /// lies before it, is so all the same.
    pub(super) fn take_back_again(&mut self, to: SampleTime, erased: SampleTime, sink: &mut dyn Sink) {
        let (kept, since): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.taken_back).into_iter().partition(|one| one.told_at <= to);
        self.taken_back = kept;
        let left = since.into_iter().map(|TakenBack { span, .. }| Span::new(span.start, span.end.min(erased)));
        let mut left: Vec<Span> = left.filter(|span| !span.is_empty()).collect();
        left.sort();
        self.judge_without(left, sink);
    }

    /// Whether an utterance is mostly of what was taken back.
    pub(super) fn is_taken_back(&self, heard: &Heard) -> bool {
        let spans: Vec<Span> = self.taken_back.iter().map(|one| one.span).collect();
        heard.track == Track::Me && heard.is_mostly_in(&spans)
    }
}

/// The part of a stretch that does not begin before a moment, if there is any.
fn not_before(moment: SampleTime, span: Span) -> Option<Span> {
    Some(Span::new(span.start.max(moment), span.end)).filter(|part| !part.is_empty())
}

fn uncompared(events: Vec<TurnEvent>) -> Vec<Decision> {
    events.into_iter().map(Decision::uncompared).collect()
}
