mod any;
mod commands;
mod cut_in;
mod listening;
mod mode;
mod monologue;
mod share;
mod sound;
mod sparse;
mod spoken;
mod stop;

use super::*;
use crate::audio::{BLOCK_DURATION, Track};
use crate::i18n::Bilingual;
use crate::time::Span;

/// A call that is steered by hand, ten milliseconds at a time.
struct Call {
    nudges: Nudges,
    moment: NudgeInput,
    /// What appeared and what was taken back, in seconds of the call.
    seen: Vec<String>,
}

impl Call {
    fn begin(policy: Policy) -> Self {
        Self { nudges: Nudges::new(policy, Mode::Listening), moment: NudgeInput::default(), seen: Vec::new() }
    }

    /// Goes on for so long, the moment as it is.
    fn go(&mut self, secs: f64) -> &mut Self {
        let until = self.moment.now + Samples::from_ms((secs * 1000.0) as u64);
        while self.moment.now < until {
            self.step();
        }
        self
    }

    fn step(&mut self) {
        let moment = &mut self.moment;
        moment.now += BLOCK_DURATION;
        if let Some(pause) = &mut moment.my_pause {
            *pause += BLOCK_DURATION;
        } else if let Some(monologue) = &mut moment.monologue {
            monologue.end = moment.now;
        }
        if let Some(pause) = &mut moment.their_pause {
            *pause += BLOCK_DURATION;
        } else if moment.they_speak {
            moment.their_talk += BLOCK_DURATION;
        }
        let second = moment.now.as_ms() / 1000;
        match self.nudges.step(moment) {
            Some(NudgeChange::Show(Nudge { why: NudgeReason::Monologue { tier, .. }, .. })) => {
                self.seen.push(format!("monologue {} at {second}", tier.as_ms() / 1000));
            }
            Some(NudgeChange::Show(nudge)) => self.seen.push(format!("{} at {second}", nudge.kind().name())),
            Some(NudgeChange::Withdraw(kind)) => self.seen.push(format!("{} withdrawn at {second}", kind.name())),
            Some(NudgeChange::Expire) | None => {}
        }
    }

    fn share(&mut self, recent: f64, call: f64) -> &mut Self {
        (self.moment.recent_share, self.moment.call_share) = (Some(recent), Some(call));
        self
    }

    /// They take the floor from me.
    fn hand_over(&mut self) -> &mut Self {
        self.moment.handed_over = true;
        self.step();
        self.moment.handed_over = false;
        self
    }

    /// I begin a monologue, or go on with it after a pause.
    fn talk(&mut self, secs: f64) -> &mut Self {
        self.moment.my_pause = None;
        self.moment.their_talk = Samples::ZERO;
        let now = self.moment.now;
        self.moment.monologue.get_or_insert(Span::new(now, now));
        self.go(secs)
    }

    fn pause(&mut self, secs: f64) -> &mut Self {
        self.moment.my_pause = Some(Samples::ZERO);
        self.go(secs);
        self.moment.my_pause = None;
        self
    }

    fn stop_talking(&mut self) -> &mut Self {
        self.moment.monologue = None;
        self
    }

    /// They talk.
    fn they_talk(&mut self, secs: f64) -> &mut Self {
        self.moment.they_speak = true;
        self.go(secs);
        self.moment.they_speak = false;
        self
    }

    fn they_pause(&mut self, secs: f64) -> &mut Self {
        self.moment.their_pause = Some(Samples::ZERO);
        self.go(secs);
        self.moment.their_pause = None;
        self
    }

    /// An interruption of mine is settled, a second after they gave way.
    fn cut_in(&mut self) -> &mut Self {
        let overlap = Samples::from_ms(600);
        self.moment.cut_in =
            Some(CutIn { at: self.moment.now.saturating_sub(overlap + Samples::from_secs(1)), overlap });
        self.step();
        self
    }

    /// A share that is over long enough ago to be told at the next handing over.
    fn over(&mut self) -> &mut Self {
        self.share(0.70, 0.70).go(200.0)
    }
}

#[test]
fn words_are_short_and_inviting() {
    let (at, length, count) = (SampleTime::ZERO, Samples::from_secs(1), 3);
    let troubles = Track::BOTH.into_iter().flat_map(|track| {
        [ActionableTrouble::Clipping(track), ActionableTrouble::Lost(track), ActionableTrouble::Dead(track)]
    });
    let troubles = troubles.chain([ActionableTrouble::Choppy, ActionableTrouble::Echo, ActionableTrouble::Same]);
    let advice = [
        NudgeReason::Share { recent: 0.7, call: 0.7, target: 0.3 },
        NudgeReason::Monologue { tier: length, length },
        NudgeReason::CutIn(CutIn { at, overlap: length }),
        NudgeReason::Listening { talk: length },
        NudgeReason::Regrab(Regrabs { count, wait: length }),
        NudgeReason::ClosedRun { count },
        NudgeReason::Pace { relative: 1.2 },
        NudgeReason::Fillers(Fillers { count, talk: length }),
    ];
    let mut said: Vec<&str> = Vec::new();
    for why in advice.into_iter().chain(troubles.map(NudgeReason::Audio)) {
        let Bilingual { ja, en } = why.words();
        assert!(ja.chars().count() <= 12 && en.split_whitespace().count() <= 4, "{ja} {en}");
        assert!(!ja.ends_with(['?', '？', '!', '！']) && !en.ends_with(['?', '!']), "{ja} {en}");
        said.extend([ja, en]);
    }
    said.sort_unstable();
    said.dedup();
    // A device that is lost and one that is silent want the same of a person.
    assert_eq!(said.len(), 2 * (advice.len() + 7), "each has words of its own");
}

#[test]
fn every_kind_has_its_name_and_its_place() {
    for (place, kind) in NudgeKind::VARIANTS.iter().copied().enumerate() {
        assert_eq!((kind as usize, NudgeKind::from_name(kind.name())), (place, Some(kind)));
    }
    for (place, why) in StopReason::VARIANTS.iter().copied().enumerate() {
        assert_eq!(why as usize, place);
    }
    assert_eq!(NudgeKind::from_name("grade"), None);
}

#[test]
fn the_demo_says_that_it_is_one() {
    assert!(Policy::demo().demo && !Policy::default().demo);
}

#[test]
fn a_nudge_is_shown_for_eight_seconds() {
    let mut call = Call::begin(Policy::default());
    call.over().hand_over().go(7.9);
    assert_eq!(call.nudges.shown().map(Nudge::kind), Some(NudgeKind::Share));
    call.go(0.2);
    assert_eq!(call.nudges.shown(), None);
}
