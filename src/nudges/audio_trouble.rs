//! Trouble with the sound: each kind of it is shown once while it stands. Its moment is the first at which the other
//! side is silent and no silence is protected (rule 6).

use crate::nudges::{ActionableTrouble, NudgeInput, NudgeReason, Policy};
use crate::time::SampleTime;

#[derive(Clone, Debug)]
struct OngoingTrouble {
    trouble: ActionableTrouble,
    since: SampleTime,
    shown: bool,
}

#[derive(Clone, Default)]
pub(super) struct AudioTroubleRule {
    /// What stands, in the order of its beginning.
    ongoing: Vec<OngoingTrouble>,
}

impl AudioTroubleRule {
    pub(super) fn observe(&mut self, moment: &NudgeInput) {
        self.ongoing.retain(|one| moment.sound_troubles.contains(&one.trouble));
        for sound in &moment.sound_troubles {
            if !self.ongoing.iter().any(|one| one.trouble == *sound) {
                self.ongoing.push(OngoingTrouble { trouble: *sound, since: moment.now, shown: false });
            }
        }
    }

    /// The reason to show it, if this is the moment.
    pub(super) fn due(&self, policy: &Policy, moment: &NudgeInput) -> Option<NudgeReason> {
        if moment.they_speak || moment.in_protected_silence() {
            return None;
        }
        let sure = |one: &&OngoingTrouble| match one.trouble {
            ActionableTrouble::Lost(_) => moment.now - one.since >= policy.audio_lost,
            // What finds this trouble has waited already.
            ActionableTrouble::Choppy
            | ActionableTrouble::Echo
            | ActionableTrouble::Clipping(_)
            | ActionableTrouble::Dead(_)
            | ActionableTrouble::Same => true,
        };
        self.ongoing.iter().filter(|one| !one.shown).find(sure).map(|one| NudgeReason::Audio(one.trouble))
    }

    pub(super) fn mark_shown(&mut self, sound: ActionableTrouble) {
        self.ongoing.iter_mut().filter(|one| one.trouble == sound).for_each(|one| one.shown = true);
    }
}
