//! Off the record: the last stretch is erased, and of the next nothing is kept.
//!
//! Erasing goes back to a checkpoint, tells everybody who was told anything since to forget it, and lets the call go on
//! from there with no data up to now. What it leaves is what would be known had the stretch never been heard: what came
//! late (text above all) of what was said before it is told again, at the times at which it came. What reaches into the
//! stretch, an utterance or a held vowel, goes as a whole. So do words that were written down meanwhile, for they come from
//! what was said: a check-in, which is the other's own words, and an item that came up. What the user wants of the program
//! stays: mute, pause, the quiet of the nudges. And so does a tick that was given by hand: that an item which stood before
//! was talked about says nothing of what was said, and without it the item would be open again in the next call.

use crate::agenda::Agenda;
use crate::audio::{PerTrack, SILENCE, STEP, Track};
use crate::echo::Clean;
use crate::nudges::Stopped;
use crate::session::known::{Late, Then};
use crate::session::{Event, Session, Sink};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::Step;

/// A stretch of which nothing is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OffRecord {
    /// From where on there is no data.
    pub(super) from: SampleTime,
    /// When it ends by itself.
    pub(super) until: SampleTime,
}

impl Session {
    /// Erases the last stretch, and keeps nothing of the next.
    pub(super) fn go_off_record(&mut self, last: Samples, next: Samples, sink: &mut dyn Sink) {
        let before = self.off_record;
        let until = self.now + next;
        self.off_record = Some(OffRecord { from: before.map_or(self.now, |off| off.from), until });
        self.known.nudges.hold(Stopped::OffRecord, true);
        if before.is_none_or(|off| self.now.back(last) < off.from) {
            let from = self.erase(self.now.back(last), sink);
            self.off_record = Some(OffRecord { from, until });
        }
    }

    /// Ends it, if it is time to.
    pub(super) fn end_off_record_in_time(&mut self, sink: &mut dyn Sink) {
        if self.off_record.is_some_and(|off| off.until <= self.now) {
            self.end_off_record(sink);
        }
    }

    /// The call is on the record again.
    pub(super) fn end_off_record(&mut self, sink: &mut dyn Sink) {
        let Some(OffRecord { from, .. }) = self.off_record.take() else { return };
        self.known.nudges.hold(Stopped::OffRecord, false);
        sink.emit(self.now, Event::OffRecord { span: Span::new(from, self.now) });
        self.tell_switches(sink);
    }

    /// Erases all from `from` on, or a little before; gives from where on there is no data.
    fn erase(&mut self, from: SampleTime, sink: &mut dyn Sink) -> SampleTime {
        let Some(Then { at, known, late }) = self.checkpoints.back_to(from) else { return self.now };
        let erased = std::mem::replace(&mut self.known, known);
        self.known.nudges.keep_wishes(&erased.nudges);
        sink.erase(at);
        let nothing = Span::new(self.known.judged, self.now);
        self.unheard.nothing(nothing);
        self.desk.forget(nothing);
        Track::BOTH.iter().for_each(|track| self.chunks[*track].drop_sound());
        self.go_through_again(at, erased.judged, late, sink);
        self.tick_again(&erased.agenda, sink);
        nothing.start
    }

    /// Items that stood before the stretch stand as the user has left them.
    fn tick_again(&mut self, left: &Agenda, sink: &mut dyn Sink) {
        for item in left.items() {
            // What came up in the stretch is no item any more.
            if let Ok(Some(set)) = self.known.agenda.set(item.id, item.state) {
                sink.emit(self.now, Event::agenda(set));
            }
        }
        if !self.known.agenda.has_open() {
            self.known.stuck.settle();
        }
    }

    /// The call from `to` up to now once more, of which there is no data; its floor was judged up to `judged`.
    fn go_through_again(
        &mut self,
        to: SampleTime,
        judged: SampleTime,
        late: Vec<(SampleTime, Late)>,
        sink: &mut dyn Sink,
    ) {
        let until = std::mem::replace(&mut self.now, to);
        let behind = to - self.known.judged;
        let mut late = late.into_iter().peekable();
        while self.now < until {
            self.pass(Span::new(self.now, self.now + STEP), PerTrack::default(), sink);
            let last = self.now == until;
            let mut handed_over = false;
            // A detector may have fallen further behind meanwhile.
            while self.known.judged < judged && (last || self.known.judged + behind < self.now) {
                handed_over |= self.go_on_without_data(sink);
            }
            while let Some((_, late)) = late.next_if(|(at, _)| *at <= self.now) {
                match late {
                    Late::Text(heard) => self.hear_text(heard, sink),
                    Late::Vowel(track, vowel) => self.tell_vowel(track, Some(vowel), sink),
                }
            }
            self.settle(handed_over, sink);
        }
    }

    fn go_on_without_data(&mut self, sink: &mut dyn Sink) -> bool {
        let (start, lost) = (self.known.judged, PerTrack { me: true, them: true });
        let step = Step { start, speech: PerTrack::default(), lost };
        let nothing = Clean { start, raw: SILENCE, me: SILENCE, them: SILENCE, leak_only: false, lost };
        let handed_over = self.go_on(&step, sink);
        self.watch(&nothing, step.speech, sink);
        handed_over
    }
}
