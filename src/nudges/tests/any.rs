//! What holds whatever happens: rules 4 to 6 and 9 over calls that are nothing but chance, commands included.

use super::*;
use crate::doubles::random::Random;

/// Whether something happens in this block that happens once in that many seconds.
fn once_in(random: &mut Random, seconds: f64) -> bool {
    random.chance(BLOCK_DURATION.as_ms() as f64 / 1000.0 / seconds)
}

/// The next moment of a call that is nothing but chance, yet one in which people speak or are silent.
fn next(moment: &mut NudgeInput, random: &mut Random) {
    moment.now += BLOCK_DURATION;
    let they_spoke = moment.they_speak;
    if once_in(random, if moment.i_speak { 3.0 } else { 2.0 }) {
        moment.i_speak ^= true;
    }
    if once_in(random, if moment.they_speak { 3.0 } else { 2.0 }) {
        moment.they_speak ^= true;
    }
    if moment.i_speak || moment.they_speak {
        (moment.my_pause, moment.their_pause, moment.asked_question) = (None, None, None);
    } else if let Some(pause) = moment.my_pause.as_mut().or(moment.their_pause.as_mut()) {
        *pause += BLOCK_DURATION;
        if once_in(random, 1.0) {
            moment.asked_question = random.one(&[Some(true), Some(false)]);
        }
    } else if they_spoke {
        moment.their_pause = Some(BLOCK_DURATION);
    } else {
        moment.my_pause = Some(BLOCK_DURATION);
    }
    moment.handed_over = moment.they_speak && once_in(random, 3.0);
    moment.their_talk = match moment.i_speak && once_in(random, 60.0) {
        true => Samples::ZERO,
        false if moment.they_speak => moment.their_talk + BLOCK_DURATION,
        false => moment.their_talk,
    };
    match &mut moment.monologue {
        Some(_) if once_in(random, 60.0) => moment.monologue = None,
        Some(monologue) => monologue.end = moment.now,
        None => moment.monologue = moment.i_speak.then(|| Span::new(moment.now, moment.now)),
    }
    if once_in(random, 20.0) {
        let share = Some(random.unit());
        (moment.recent_share, moment.call_share) = (share, share);
    }
    if once_in(random, 30.0) {
        let overlap = Samples::from_ms(600);
        let cut_in = CutIn { at: moment.now.saturating_sub(Samples::from_ms(1_600)), overlap };
        moment.cut_in = random.one(&[Some(cut_in), Some(cut_in), moment.cut_in, None]);
    }
    if once_in(random, 20.0) {
        let count = 1 + (random.unit() * 6.0) as u32;
        moment.habits = SpokenHabits {
            regrabs: Some(Regrabs { count, wait: Samples::from_secs(2) }),
            closed_run: Some((count, moment.now)),
            pace: Some(0.7 + random.unit()),
            fillers: Some(Fillers { count, talk: Samples::from_secs(20) }),
        };
    }
    if once_in(random, 20.0) {
        let sound = random.one(&[
            ActionableTrouble::Choppy,
            ActionableTrouble::Echo,
            ActionableTrouble::Same,
            ActionableTrouble::Lost(Track::Me),
        ]);
        moment.sound_troubles = if random.unit() < 0.5 { vec![sound] } else { Vec::new() };
    }
    if once_in(random, 60.0) {
        let why = random.one(&[StopReason::Lost, StopReason::FarEnd, StopReason::Echo]);
        moment.stop_reasons = [why].into_iter().filter(|_| random.unit() < 0.3).collect();
    }
}

/// What was shown, and what the user has asked for.
#[derive(Default)]
struct Watch {
    /// Tiers that took the place of one that was seen left out.
    shown: Vec<(SampleTime, NudgeKind)>,
    monologue: Option<SampleTime>,
    /// When a tier last took the place of one that was seen.
    in_place: Option<SampleTime>,
    dismissals: PerNudgeKind<u32>,
    muted: PerNudgeKind<bool>,
    snoozed_until: SampleTime,
    held: StopReasons,
}

impl Watch {
    /// The user does something, now and then.
    fn command(&mut self, nudges: &mut Nudges, now: SampleTime, random: &mut Random) {
        let kind = random.one(NudgeKind::VARIANTS);
        if once_in(random, 300.0)
            && let Some(dismissed) = nudges.dismiss(now)
        {
            self.dismissals[dismissed] += 1;
            self.muted[dismissed] |= self.dismissals[dismissed] >= 2;
        }
        if once_in(random, 400.0) {
            nudges.mute(kind);
            self.muted[kind] = true;
        }
        if once_in(random, 100.0) {
            nudges.unmute(kind);
            (self.muted[kind], self.dismissals[kind]) = (false, 0);
        }
        if once_in(random, 600.0) {
            nudges.snooze(now, Samples::from_secs(60));
            self.snoozed_until = now + Samples::from_secs(60);
        }
        if once_in(random, 200.0) {
            let (why, so) =
                (random.one(&[StopReason::Muted, StopReason::Paused, StopReason::OffRecord]), random.unit() < 0.3);
            nudges.set_stopped(why, so);
            self.held.set(why, so);
        }
    }

    fn show(&mut self, policy: &Policy, moment: &NudgeInput, nudge: &Nudge) {
        let (now, kind) = (moment.now, nudge.kind());
        assert_eq!(nudge.at, now);
        let rests = now < self.snoozed_until && kind != NudgeKind::Audio;
        assert!(policy.kinds[kind] && !self.muted[kind] && !rests, "{kind:?} is not wanted");
        assert!(!self.held.stops(kind) && !moment.stop_reasons.stops(kind), "{kind:?} is stopped");
        let theirs = matches!(
            kind,
            NudgeKind::Share | NudgeKind::Regrab | NudgeKind::ClosedRun | NudgeKind::Pace | NudgeKind::Fillers
        );
        assert!(!theirs || moment.handed_over && !moment.i_speak, "{kind:?} waits for the moment of handing over");
        assert!(!moment.they_speak || theirs || kind == NudgeKind::CutIn, "{kind:?} while they speak");
        if let Some(pause) = moment.my_pause
            && moment.asked_question != Some(false)
            && !moment.stop_reasons.contains(StopReason::Lost)
        {
            let short = pause < policy.handover_pause && moment.asked_question.is_none();
            assert!(kind == NudgeKind::Monologue && short, "{kind:?} in a silence that may follow my question");
        }
        let next_tier = kind == NudgeKind::Monologue && self.monologue == moment.monologue.map(|span| span.start);
        let seen = self.shown.last().is_some_and(|(at, one)| *one == kind && now - *at < policy.shown_for);
        if next_tier && (seen || self.in_place.is_some_and(|at| now - at < policy.shown_for)) {
            self.in_place = Some(now);
            return;
        }
        self.in_place = None;
        assert!(kind == NudgeKind::Audio || now >= SampleTime::from_ms(30_000), "{kind:?} comes too soon");
        if kind == NudgeKind::Monologue {
            self.monologue = moment.monologue.map(|span| span.start);
        }
        let outside = |kind| kind == NudgeKind::Audio;
        let recent = |length| self.shown.iter().filter(move |(at, _)| now - *at < length);
        assert!(outside(kind) || recent(policy.spacing).all(|(_, one)| outside(*one)), "{:?} {kind:?}", self.shown);
        let again = Samples::new(policy.kind_spacing.count() << self.dismissals[kind]);
        assert!(next_tier || recent(again).all(|(_, one)| *one != kind), "{kind:?} again");
        assert!(recent(policy.max_nudges_window).count() < policy.max_nudges as usize, "too many");
        self.shown.push((now, kind));
    }
}

#[test]
fn whatever_happens_nudges_are_rare_wanted_and_at_their_moment() {
    let policy = Policy { kinds: PerNudgeKind::from_fn(|_| true), max_nudges: 12, ..Policy::default() };
    let mut seen = PerNudgeKind::from_fn(|_| 0);
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let mut nudges = Nudges::new(policy.clone(), Mode::Listening);
        let (mut moment, mut watch) = (NudgeInput::default(), Watch::default());
        while moment.now < SampleTime::from_ms(30 * 60_000) {
            next(&mut moment, &mut random);
            watch.command(&mut nudges, moment.now, &mut random);
            if let Some(NudgeChange::Show(nudge)) = nudges.step(&moment) {
                watch.show(&policy, &moment, &nudge);
                seen[nudge.kind()] += 1;
            }
        }
    }
    for kind in NudgeKind::VARIANTS.iter().copied() {
        assert!(seen[kind] >= 5, "{kind:?} was seen {} times: this proves little of it", seen[kind]);
    }
}
