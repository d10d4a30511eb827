//! Trouble with the sound: each is told once while it stands. Its moment is the first at which they are not heard and no
//! silence is protected.

use crate::nudges::{Moment, Policy, Sound, Why};
use crate::time::SampleTime;

#[derive(Clone, Debug)]
struct Trouble {
    sound: Sound,
    since: SampleTime,
    told: bool,
}

#[derive(Clone, Default)]
pub(super) struct SoundRule {
    /// What stands, in the order of its beginning.
    standing: Vec<Trouble>,
}

impl SoundRule {
    pub(super) fn learn(&mut self, moment: &Moment) {
        self.standing.retain(|one| moment.sound.contains(&one.sound));
        for sound in &moment.sound {
            if !self.standing.iter().any(|one| one.sound == *sound) {
                self.standing.push(Trouble { sound: *sound, since: moment.now, told: false });
            }
        }
    }

    /// The reason to show it, if this is the moment.
    pub(super) fn due(&self, policy: &Policy, moment: &Moment) -> Option<Why> {
        if moment.they_speak || moment.is_protected() {
            return None;
        }
        let sure = |one: &&Trouble| match one.sound {
            Sound::Lost(_) => moment.now - one.since >= policy.audio_lost,
            // The sound's own watch took its time already.
            Sound::Choppy | Sound::Echo | Sound::Clipping(_) | Sound::Dead(_) | Sound::Same => true,
        };
        self.standing.iter().filter(|one| !one.told).find(sure).map(|one| Why::Audio(one.sound))
    }

    pub(super) fn show(&mut self, sound: Sound) {
        self.standing.iter_mut().filter(|one| one.sound == sound).for_each(|one| one.told = true);
    }
}
