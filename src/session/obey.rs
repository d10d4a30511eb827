//! Commands carried out.

use crate::agenda::Item;
use crate::nudges::Stopped;
use crate::session::{Command, Event, Look, MOST_NEXT, MOST_SNOOZE, Refused, Session, Sink};
use crate::time::Samples;

impl Session {
    /// Does what a person asks for, now. What it changes is told as an event.
    ///
    /// # Errors
    /// When it does not fit: nothing has changed.
    pub fn command(&mut self, command: Command, sink: &mut dyn Sink) -> Result<(), Refused> {
        if self.ended {
            return Err(Refused::Over);
        }
        if self.off_record.is_some() && command.is_written_down() {
            return Err(Refused::OffRecord);
        }
        self.begin(sink);
        match command {
            Command::Pause => self.switch(true, self.muted, sink),
            Command::Resume => self.switch(false, self.muted, sink),
            Command::Mute => self.switch(self.paused, true, sink),
            Command::Unmute => self.switch(self.paused, false, sink),
            Command::OffRecord { last, next } => {
                within(last, self.checkpoints.reach())?;
                within(next, MOST_NEXT)?;
                self.go_off_record(last, next, sink);
            }
            Command::OnRecord => self.end_off_record(sink),
            Command::Dismiss => {
                if let Some(kind) = self.known.nudges.dismiss(self.now) {
                    self.note(Event::NudgeDismissed(kind), sink);
                }
            }
            Command::MuteKind(kind) => {
                self.known.nudges.mute(kind);
                self.note(Event::KindMuted(kind), sink);
            }
            Command::UnmuteKind(kind) => {
                self.known.nudges.unmute(kind);
                self.note(Event::KindUnmuted(kind), sink);
            }
            Command::Snooze(length) => {
                within(length, MOST_SNOOZE)?;
                self.known.nudges.snooze(self.now, length);
                self.note(Event::Snoozed { until: self.now + length }, sink);
            }
            Command::AddItem(text) => {
                let added = Event::agenda(self.known.agenda.add(&text)?);
                self.note(added, sink);
            }
            Command::SetItem { id, state } => {
                let set = self.known.agenda.set(id, state)?.map(Event::agenda);
                set.into_iter().for_each(|event| self.note(event, sink));
                if !self.known.agenda.has_open() {
                    self.known.stuck.settle();
                }
            }
            Command::DeclineItem(id) => self.known.agenda.decline(id)?,
            Command::CheckIn(check_in) => {
                self.known.check_in = Some(check_in.clone());
                self.note(Event::CheckIn(check_in), sink);
            }
            Command::LookTogether(look) => self.look(look, sink)?,
        }
        Ok(())
    }

    /// The answer to the offer to look at something together.
    fn look(&mut self, look: Look, sink: &mut dyn Sink) -> Result<(), Refused> {
        if !self.known.stuck.is_on() {
            return Err(Refused::NotStuck);
        }
        self.known.stuck.settle();
        self.note(Event::LookTogether(look), sink);
        Ok(())
    }

    fn switch(&mut self, paused: bool, muted: bool, sink: &mut dyn Sink) {
        (self.paused, self.muted) = (paused, muted);
        self.known.nudges.hold(Stopped::Paused, paused);
        self.known.nudges.hold(Stopped::Muted, muted);
        self.tell_switches(sink);
    }

    /// Tells whether the call is paused, and whether I am muted, where that changed: off the record, once it is over.
    pub(super) fn tell_switches(&mut self, sink: &mut dyn Sink) {
        if self.off_record.is_some() {
            return;
        }
        if std::mem::replace(&mut self.known.paused, self.paused) != self.paused {
            sink.emit(self.now, if self.paused { Event::Paused } else { Event::Resumed });
        }
        if std::mem::replace(&mut self.known.muted, self.muted) != self.muted {
            sink.emit(self.now, if self.muted { Event::Muted } else { Event::Unmuted });
        }
    }

    /// Tells what a command did; off the record nobody.
    fn note(&self, event: Event, sink: &mut dyn Sink) {
        if self.off_record.is_none() {
            sink.emit(self.now, event);
        }
    }
}

impl Command {
    /// Whether it writes something down as a part of the call.
    fn is_written_down(&self) -> bool {
        match self {
            Self::AddItem(_)
            | Self::SetItem { .. }
            | Self::DeclineItem(_)
            | Self::CheckIn(_)
            | Self::LookTogether(_) => true,
            Self::Pause
            | Self::Resume
            | Self::Mute
            | Self::Unmute
            | Self::OffRecord { .. }
            | Self::OnRecord
            | Self::Dismiss
            | Self::MuteKind(_)
            | Self::UnmuteKind(_)
            | Self::Snooze(_) => false,
        }
    }
}

fn within(length: Samples, most: Samples) -> Result<(), Refused> {
    if length > most { Err(Refused::TooLong) } else { Ok(()) }
}

impl Event {
    /// An item as it stands.
    pub(super) fn agenda(item: &Item) -> Self {
        Self::Agenda { id: item.id, text: item.text.clone(), state: item.state }
    }
}
