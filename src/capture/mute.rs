//! Whether what the microphone hears reaches the other side, by what the sound server says: a pure function of that.
//!
//! Two things say that it does not: the microphone is muted in the server, or what the call's application records from a
//! microphone is muted or corked (paused) there. What an application does inside itself no server knows.

use std::sync::{Arc, Mutex, PoisonError};

use super::choice::DeviceChoice;
use super::sound_state::{AppStream, SoundState, StreamUse};
use crate::audio::DeviceControl;

/// Judges what the server says for one call, and shows it. Clones are of the same call.
#[derive(Clone)]
pub(super) struct MuteWatch {
    control: DeviceControl,
    /// Contended by the thread that follows the server and the one that holds the devices, for one judgement.
    judge: Arc<Mutex<MuteJudge>>,
}

impl MuteWatch {
    pub(super) fn new(call_applications: Vec<String>, them: DeviceChoice, control: DeviceControl) -> Self {
        let judge =
            MuteJudge { call_applications, them, process: std::process::id(), sound: None, starting: Vec::new() };
        Self { control, judge: Arc::new(Mutex::new(judge)) }
    }

    /// The server has this now; `None` if it has ended.
    pub(super) fn observe(&self, sound: Option<SoundState>) {
        self.update(|judge| judge.observe(sound));
    }

    /// This is the other side from now on.
    pub(super) fn set_them(&self, them: &DeviceChoice) {
        self.update(|judge| {
            if judge.them != *them {
                judge.them = them.clone();
            }
        });
    }

    fn update(&self, change: impl FnOnce(&mut MuteJudge)) {
        let mut judge = self.judge.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut judge);
        // Told in the order in which it was judged.
        self.control.publish_mute(judge.is_muted());
    }
}

/// What is known.
struct MuteJudge {
    call_applications: Vec<String>,
    them: DeviceChoice,
    /// Our own.
    process: u32,
    sound: Option<SoundState>,
    /// Streams that came since this follows the server and have not run yet: they are not paused, they begin.
    starting: Vec<u32>,
}

impl MuteJudge {
    fn observe(&mut self, sound: Option<SoundState>) {
        let recording = |sound: &SoundState| -> Vec<(u32, bool)> {
            let streams = sound.streams.iter().filter(|stream| stream.stream_use == StreamUse::Record);
            streams.map(|stream| (stream.index, stream.is_corked)).collect()
        };
        let corked: Vec<u32> =
            sound.iter().flat_map(recording).filter(|(_, corked)| *corked).map(|(index, _)| index).collect();
        self.starting.retain(|index| corked.contains(index));
        if let Some(before) = self.sound.as_ref().map(recording) {
            let is_new = |index: &u32| !before.iter().any(|(known, _)| known == index);
            self.starting.extend(corked.into_iter().filter(is_new));
        }
        self.sound = sound;
    }

    fn is_muted(&self) -> bool {
        self.sound.as_ref().is_some_and(|sound| self.is_microphone_muted(sound) || self.is_application_muted(sound))
    }

    /// Whether the microphone that this very call records from is muted.
    fn is_microphone_muted(&self, sound: &SoundState) -> bool {
        let ours =
            |stream: &&AppStream| stream.is_own() && stream.process.is_none_or(|process| process == self.process);
        let recorded = sound.streams.iter().filter(ours).filter_map(|stream| stream.microphone);
        let is_muted = |index: u32| sound.microphones.iter().any(|found| found.index == index && found.is_muted);
        recorded.into_iter().any(is_muted)
    }

    /// Whether all that the call's application records is muted or paused, if it records at all. Without one application as
    /// the other side, those count that are for calls and play.
    fn is_application_muted(&self, sound: &SoundState) -> bool {
        let plays = |word: &String| {
            let is_playing = |stream: &AppStream| stream.stream_use == StreamUse::Play && !stream.is_corked;
            sound.streams.iter().any(|stream| is_playing(stream) && stream.is_called(word))
        };
        let words: Vec<&String> = match &self.them {
            DeviceChoice::App(name) => vec![name],
            DeviceChoice::Default | DeviceChoice::Named(_) => {
                self.call_applications.iter().filter(|word| plays(word)).collect()
            }
        };
        let mut recorded = sound
            .streams
            .iter()
            .filter(|stream| stream.stream_use == StreamUse::Record && !stream.is_own())
            .filter(|stream| words.iter().any(|word| stream.is_called(word)) && !self.starting.contains(&stream.index))
            .peekable();
        recorded.peek().is_some() && recorded.all(|stream| stream.is_muted || stream.is_corked)
    }
}

#[cfg(test)]
mod tests;
