//! Commands carried out.

use crate::agenda::Item;
use crate::nudges::StopReason;
use crate::session::{
    Aim, Command, CommandError, Event, LookAnswer, MAX_OFF_RECORD_NEXT, MAX_SNOOZE, MAX_UNDO, Mute, Session, Sink,
};
use crate::time::Samples;

impl Session {
    /// Does what a person asks for, now. What it changes becomes an event.
    ///
    /// # Errors
    /// When it does not fit: nothing has changed.
    pub fn execute(&mut self, command: Command, sink: &mut dyn Sink) -> Result<(), CommandError> {
        if self.ended {
            return Err(CommandError::CallEnded);
        }
        if self.off_record.is_some() && command.adds_to_record() {
            return Err(CommandError::OffRecord);
        }
        self.begin(sink);
        match command {
            Command::Pause => self.set_paused_and_muted(true, self.mute, sink),
            Command::Resume => self.set_paused_and_muted(false, self.mute, sink),
            Command::Mute => self.set_paused_and_muted(self.paused, Mute { by_hand: true, ..self.mute }, sink),
            Command::Unmute => self.set_paused_and_muted(self.paused, Mute::default(), sink),
            Command::FollowMute(by_server) => {
                self.set_paused_and_muted(self.paused, Mute { by_server, ..self.mute }, sink);
            }
            Command::OffRecord { last, next } => {
                check_at_most(last, self.checkpoints.reach())?;
                check_at_most(next, MAX_OFF_RECORD_NEXT)?;
                self.go_off_record(last, next, sink);
            }
            Command::OffRecordAfter { undo, last, next } => {
                check_at_most(undo, MAX_UNDO)?;
                check_at_most(last, self.checkpoints.reach())?;
                check_at_most(next, MAX_OFF_RECORD_NEXT)?;
                self.go_off_record_after(undo, last, next, sink);
            }
            Command::OnRecord => self.end_off_record(sink),
            Command::Dismiss => {
                if let Some(kind) = self.state.nudges.dismiss(self.now) {
                    self.emit_on_record(Event::NudgeDismissed(kind), sink);
                }
            }
            Command::MuteKind(kind) => {
                self.state.nudges.mute(kind);
                self.emit_on_record(Event::KindMuted(kind), sink);
            }
            Command::UnmuteKind(kind) => {
                self.state.nudges.unmute(kind);
                self.emit_on_record(Event::KindUnmuted(kind), sink);
            }
            Command::Snooze(length) => {
                check_at_most(length, MAX_SNOOZE)?;
                self.state.nudges.snooze(self.now, length);
                self.emit_on_record(Event::Snoozed { until: self.now + length }, sink);
            }
            Command::SetAim { mode, own_target } => {
                self.state.nudges.set_target(mode, own_target);
                self.aim = Aim { mode, target: self.state.nudges.target() };
                self.emit_aim(sink);
            }
            Command::AddItem(text) => {
                let added = Event::from_item(self.state.agenda.add(&text)?);
                self.emit_on_record(added, sink);
            }
            Command::SetItem { id, state } => {
                let set = self.state.agenda.set(id, state)?.map(Event::from_item);
                set.into_iter().for_each(|event| self.emit_on_record(event, sink));
                if !self.state.agenda.has_open() {
                    self.state.stuck.clear_offer();
                }
            }
            Command::DeclineItem(id) => self.state.agenda.decline_tick(id)?,
            Command::AddNote { text, owner } => {
                let added = Event::Note(self.state.notes.add(&text, owner, self.now)?.clone());
                self.emit_on_record(added, sink);
            }
            Command::SetAction { id, state } => {
                let set = self.state.notes.set(id, state)?.cloned();
                set.into_iter().for_each(|note| self.emit_on_record(Event::Note(note), sink));
            }
            Command::CheckIn(check_in) => {
                self.state.check_in = Some(check_in.clone());
                self.emit_on_record(Event::CheckIn(check_in), sink);
            }
            Command::LookTogether(look) => self.answer_look_together(look, sink)?,
        }
        Ok(())
    }

    /// The answer to the offer to look at something together.
    fn answer_look_together(&mut self, look: LookAnswer, sink: &mut dyn Sink) -> Result<(), CommandError> {
        if !self.state.stuck.is_offered() {
            return Err(CommandError::NothingOffered);
        }
        self.state.stuck.clear_offer();
        self.emit_on_record(Event::LookTogether(look), sink);
        Ok(())
    }

    fn set_paused_and_muted(&mut self, paused: bool, mute: Mute, sink: &mut dyn Sink) {
        (self.paused, self.mute) = (paused, mute);
        self.state.nudges.set_stopped(StopReason::Paused, paused);
        self.state.nudges.set_stopped(StopReason::Muted, mute.is_muted());
        self.emit_paused_and_muted(sink);
    }

    /// Tells whether the call is paused, and whether I am muted, if that changed: off the record, once it is over.
    pub(super) fn emit_paused_and_muted(&mut self, sink: &mut dyn Sink) {
        if self.off_record.is_some() {
            return;
        }
        if std::mem::replace(&mut self.state.emitted_paused, self.paused) != self.paused {
            sink.emit(self.now, if self.paused { Event::Paused } else { Event::Resumed });
        }
        let muted = self.mute.is_muted();
        if std::mem::replace(&mut self.state.emitted_muted, muted) != muted {
            sink.emit(self.now, if muted { Event::Muted } else { Event::Unmuted });
        }
    }

    /// Tells what the call is for, if that changed: off the record, once it is over.
    pub(super) fn emit_aim(&mut self, sink: &mut dyn Sink) {
        if self.off_record.is_some() {
            return;
        }
        let (from, to) = (std::mem::replace(&mut self.state.emitted_aim, self.aim), self.aim);
        if from != to {
            sink.emit(self.now, Event::Aim { from, to });
        }
    }

    /// Tells what a command did; off the record nobody.
    fn emit_on_record(&self, event: Event, sink: &mut dyn Sink) {
        if self.off_record.is_none() {
            sink.emit(self.now, event);
        }
    }
}

impl Command {
    /// Whether it writes something down as a part of the call.
    fn adds_to_record(&self) -> bool {
        match self {
            Self::AddItem(_)
            | Self::SetItem { .. }
            | Self::DeclineItem(_)
            | Self::AddNote { .. }
            | Self::SetAction { .. }
            | Self::CheckIn(_)
            | Self::LookTogether(_) => true,
            Self::Pause
            | Self::Resume
            | Self::Mute
            | Self::Unmute
            | Self::FollowMute(_)
            | Self::OffRecord { .. }
            | Self::OffRecordAfter { .. }
            | Self::OnRecord
            | Self::Dismiss
            | Self::MuteKind(_)
            | Self::UnmuteKind(_)
            | Self::Snooze(_)
            | Self::SetAim { .. } => false,
        }
    }
}

fn check_at_most(length: Samples, most: Samples) -> Result<(), CommandError> {
    if length > most { Err(CommandError::TooLong) } else { Ok(()) }
}

impl Event {
    /// An item as it stands.
    pub(super) fn from_item(item: &Item) -> Self {
        Self::Agenda { id: item.id, text: item.text.clone(), state: item.state }
    }
}
