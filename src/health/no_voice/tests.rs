use super::*;
use crate::audio::{PerTrack, SILENCE};

/// A call, told in stretches of who speaks.
struct Call {
    detector: NoVoiceDetector,
    now: SampleTime,
}

impl Call {
    fn new() -> Self {
        Self { detector: NoVoiceDetector::default(), now: SampleTime::ZERO }
    }

    fn hears(mut self, duration: Samples, me: bool, them: bool, lost: bool) -> Self {
        let end = self.now + duration;
        while self.now < end {
            self.detector.push(&HealthInput {
                start: self.now,
                pcm: PerTrack { me: &SILENCE, them: &SILENCE },
                speech: PerTrack { me, them },
                lost: PerTrack { me: lost, them: lost },
                leaking: false,
                in_company: false,
                returning: false,
            });
            self.now += BLOCK_DURATION;
        }
        self
    }

    fn they_talk(self, secs: u64) -> Self {
        self.hears(Samples::from_secs(secs), false, true, false)
    }

    fn nobody_talks(self, secs: u64) -> Self {
        self.hears(Samples::from_secs(secs), false, false, false)
    }

    fn i_talk(self, ms: u64) -> Self {
        self.hears(Samples::from_ms(ms), true, false, false)
    }

    fn told_since(&self) -> Option<SampleTime> {
        self.detector.since()
    }
}

#[test]
fn a_microphone_that_never_held_a_voice_is_told_three_minutes_after_their_first_word() {
    let call = Call::new().nobody_talks(5).they_talk(60).nobody_talks(120);
    assert_eq!(call.told_since(), None, "three minutes and no more");
    let call = call.they_talk(1);
    assert_eq!(call.told_since(), Some(SampleTime::ZERO + Samples::from_secs(5)), "since they were first heard");
}

#[test]
fn while_they_say_little_there_is_nothing_to_answer() {
    let call = Call::new().they_talk(20).nobody_talks(600);
    assert_eq!(call.told_since(), None);
    assert!(call.they_talk(10).told_since().is_some());
}

#[test]
fn who_listens_with_a_sign_of_it_now_and_then_is_not_called_muted() {
    let call = (0..10).fold(Call::new(), |call, _| call.they_talk(60).i_talk(300));
    assert_eq!(call.told_since(), None);
}

#[test]
fn who_was_heard_once_may_listen_without_a_word() {
    let call = Call::new().they_talk(10).i_talk(1_000).they_talk(900);
    assert_eq!(call.told_since(), None);
}

#[test]
fn my_first_word_ends_it() {
    let call = Call::new().they_talk(200);
    assert!(call.told_since().is_some());
    let call = call.i_talk(300);
    assert_eq!(call.told_since(), None);
    assert_eq!(call.they_talk(600).told_since(), None);
}

#[test]
fn clicks_are_no_voice_and_lost_sound_is_no_evidence() {
    let clicks = (0..20).fold(Call::new(), |call, _| call.they_talk(10).i_talk(100));
    assert!(clicks.told_since().is_some());
    let lost = Call::new().hears(Samples::from_secs(600), false, true, true);
    assert_eq!(lost.told_since(), None);
}
