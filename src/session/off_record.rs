//! Off the record: the last stretch is erased, and of the next nothing is kept.
//!
//! Erasing goes back to a checkpoint, makes every sink erase what came since, and lets the call go on from there with no
//! data up to now. What it leaves is what would be known had the stretch never been heard: what came late (text above
//! all) of what was said before the stretch is emitted again, at the times at which it came. An utterance that reaches
//! into the stretch goes as a whole. So do words that were written down meanwhile, for they come from what was said: a
//! check-in, which is the other's own words, and an item that came up. What the user wants of the program
//! stays: mute, pause, the quiet of the nudges. And so does a tick that was given by hand: that an item which stood before
//! was talked about says nothing of what was said, and without it the item would be open again in the next call.

use crate::asr::Heard;
use crate::audio::{BLOCK_DURATION, PerTrack, Track};
use crate::frontend::echo::CleanBlock;
use crate::nudges::StopReason;
use crate::session::state::{Checkpoint, SessionState};
use crate::session::{Event, Session, Sink};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::SpeechActivity;

/// A stretch of which nothing is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OffRecordSpan {
    /// From where on there is no data.
    pub(super) from: SampleTime,
    /// When it ends by itself.
    pub(super) until: SampleTime,
}

/// What was asked to go off the record and can still be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PendingOffRecord {
    asked_at: SampleTime,
    /// From when on it cannot be taken back.
    pub(super) final_at: SampleTime,
    /// How far back from `asked_at` is erased.
    last: Samples,
    /// How long from `final_at` on nothing is kept.
    next: Samples,
}

impl Session {
    /// Goes off the record once `undo` has gone by; at once if the call is off the record, as nothing can be lost then.
    pub(super) fn go_off_record_after(&mut self, undo: Samples, last: Samples, next: Samples, sink: &mut dyn Sink) {
        if self.off_record.is_some() {
            return self.go_off_record(last, next, sink);
        }
        // Asked for twice it does not take longer.
        let (asked_at, final_at) = (self.now, self.now + undo);
        self.pending_off_record.get_or_insert(PendingOffRecord { asked_at, final_at, last, next });
    }

    /// Goes off the record if that was asked for and can no longer be taken back.
    pub(super) fn go_off_record_if_due(&mut self, sink: &mut dyn Sink) {
        if self.pending_off_record.is_some_and(|pending| pending.final_at <= self.now) {
            self.go_off_record_as_pending(sink);
        }
    }

    /// Goes off the record if that was asked for and not taken back.
    pub(super) fn go_off_record_as_pending(&mut self, sink: &mut dyn Sink) {
        if let Some(PendingOffRecord { asked_at, last, next, .. }) = self.pending_off_record.take() {
            self.go_off_record(last + (self.now - asked_at), next, sink);
        }
    }

    /// Erases the last stretch, and keeps nothing of the next.
    pub(super) fn go_off_record(&mut self, last: Samples, next: Samples, sink: &mut dyn Sink) {
        self.pending_off_record = None;
        let before = self.off_record;
        let until = self.now + next;
        self.off_record = Some(OffRecordSpan { from: before.map_or(self.now, |off| off.from), until });
        self.state.nudges.set_stopped(StopReason::OffRecord, true);
        if before.is_none_or(|off| self.now.saturating_sub(last) < off.from) {
            let from = self.erase(self.now.saturating_sub(last), sink);
            self.off_record = Some(OffRecordSpan { from, until });
        }
    }

    /// Ends it, if it is time to.
    pub(super) fn end_off_record_if_due(&mut self, sink: &mut dyn Sink) {
        if self.off_record.is_some_and(|off| off.until <= self.now) {
            self.end_off_record(sink);
        }
    }

    /// The call is on the record again, or stays on it.
    pub(super) fn end_off_record(&mut self, sink: &mut dyn Sink) {
        self.pending_off_record = None;
        let Some(OffRecordSpan { from, .. }) = self.off_record.take() else { return };
        self.state.nudges.set_stopped(StopReason::OffRecord, false);
        sink.emit(self.now, Event::OffRecord { span: Span::new(from, self.now) });
        self.emit_paused_and_muted(sink);
        self.emit_aim(sink);
    }

    /// Erases all from `from` on, or a little before; gives from where on there is no data.
    fn erase(&mut self, from: SampleTime, sink: &mut dyn Sink) -> SampleTime {
        let Some(Checkpoint { at, state, dynamics, late }) = self.checkpoints.roll_back_to(from) else {
            return self.now;
        };
        let erased = std::mem::replace(&mut self.state, state);
        self.dynamics.roll_back_to(dynamics);
        self.state.nudges.restore_user_choices(&erased.nudges);
        sink.erase(at);
        let nothing = Span::new(self.state.decided_until, self.now);
        self.mask.mask_both(nothing);
        self.transcriber.discard(nothing);
        Track::BOTH.iter().for_each(|track| self.chunks[*track].drop_sound());
        self.speech_log.truncate_to(self.state.decided_until);
        self.replay_without_data(at, erased.decided_until, late, sink);
        self.take_back_again(at, nothing.start, sink);
        self.reapply_ticks(&erased, sink);
        nothing.start
    }

    /// Topics and action items that stood before the stretch stand as the user has left them.
    fn reapply_ticks(&mut self, left: &SessionState, sink: &mut dyn Sink) {
        for note in left.notes.iter() {
            let Some(action) = note.action else { continue };
            // What was written down in the stretch is gone with it.
            if let Ok(Some(set)) = self.state.notes.set(note.id, action.state) {
                sink.emit(self.now, Event::Note(set.clone()));
            }
        }
        for item in left.agenda.items() {
            // What came up in the stretch is no item any more.
            if let Ok(Some(set)) = self.state.agenda.set(item.id, item.state) {
                sink.emit(self.now, Event::from_item(set));
            }
        }
        if !self.state.agenda.has_open() {
            self.state.stuck.clear_offer();
        }
    }

    /// The call from `to` up to now once more, of which there is no data; its floor was judged up to `judged`.
    fn replay_without_data(
        &mut self,
        to: SampleTime,
        judged: SampleTime,
        late: Vec<(SampleTime, Heard)>,
        sink: &mut dyn Sink,
    ) {
        let until = std::mem::replace(&mut self.now, to);
        let behind = to - self.state.decided_until;
        let mut late = late.into_iter().peekable();
        while self.now < until {
            self.advance(Span::new(self.now, self.now + BLOCK_DURATION), PerTrack::default(), sink);
            let last = self.now == until;
            let mut handed_over = false;
            // A detector may have fallen further behind meanwhile.
            while self.state.decided_until < judged && (last || self.state.decided_until + behind < self.now) {
                handed_over |= self.advance_without_data(sink);
            }
            while let Some((_, late)) = late.next_if(|(at, _)| *at <= self.now) {
                self.receive_text(late, sink);
            }
            self.update_nudges(handed_over, sink);
        }
    }

    fn advance_without_data(&mut self, sink: &mut dyn Sink) -> bool {
        let (start, lost) = (self.state.decided_until, PerTrack { me: true, them: true });
        let step = SpeechActivity { start, speech: PerTrack::default(), lost };
        let handed_over = self.advance_floor(&step, sink);
        self.check_health(&CleanBlock::without_data(start), step.speech, sink);
        handed_over
    }
}
