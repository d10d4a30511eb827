//! What the rules of the nudges look at, from the figures of the call.

use crate::audio::Track;
use crate::dynamics::{hesitation, pace, utterances};
use crate::health::Trouble;
use crate::health::confidence::LOUD_LEAK_DB;
use crate::language::QuestionKind;
use crate::nudges::{
    ActionableTrouble, CutIn, Fillers, NudgeInput, NudgeKind, Regrabs, SpokenHabits, StopReason, StopReasons,
};
use crate::session::Session;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Floor, MAX_TERMINAL_OVERLAP, Outcome, TurnEvent};

/// An interruption that began earlier is no news, however long both spoke.
const CUT_INS: Samples = Samples::from_secs(120);

impl Session {
    /// The moment whose newest block is judged up to `judged`.
    pub(super) fn moment(&self, handed_over: bool, judged: SampleTime) -> NudgeInput {
        let turns = self.state.conversation.current();
        let handed_over = handed_over && self.they_took_the_floor();
        let silence = turns.silent_since();
        let after = |track| silence.filter(|_| turns.last_speaker() == Some(track));
        let counted_from = self.state.nudges.counted_from();
        let recent =
            Span::new(self.now.saturating_sub(self.state.nudges.policy().share_recent).max(counted_from), self.now);
        NudgeInput {
            now: self.now,
            recent_share: self.dynamics.current().share_in(turns, recent),
            call_share: match counted_from {
                _ if !self.knows_who_talked() => None,
                SampleTime::ZERO => self.dynamics.current().share(turns),
                from => self.dynamics.current().share_in(turns, Span::new(from, self.now)),
            },
            monologue: turns.monologue(Track::Me).map(|monologue| Span::new(monologue.start, monologue.end)),
            my_pause: after(Track::Me).map(|since| judged - since),
            their_pause: after(Track::Them).map(|since| judged - since),
            asked_question: after(Track::Me)
                .and_then(|since| self.dynamics.current().utterances().follows_question(Track::Me, since)),
            handed_over,
            i_speak: turns.voiced(Track::Me),
            they_speak: turns.voiced(Track::Them),
            their_talk: self.their_talk(),
            cut_in: self.newest_cut_in(),
            habits: if handed_over { self.spoken() } else { SpokenHabits::default() },
            sound_troubles: self.sound_troubles(),
            stop_reasons: self.stop_reasons(),
        }
    }

    /// Whether the floor is theirs because they began: if I said something amid their speech and gave up, it is theirs
    /// again though they go on.
    fn they_took_the_floor(&self) -> bool {
        let newest = self.dynamics.current().turn_events().iter().rev().find_map(|event| match *event {
            TurnEvent::Floor { holder: Floor::Held(Track::Them), at } => Some(at),
            _ => None,
        });
        let Some(at) = newest else { return false };
        let over = self.dynamics.current().runs().them.iter().rev().take_while(|run| run.end > at).copied();
        over.chain(self.state.conversation.current().open_run(Track::Them)).any(|run| run.start == at)
    }

    /// How long they have talked since I was last heard.
    fn their_talk(&self) -> Samples {
        let turns = self.state.conversation.current();
        if turns.voiced(Track::Me) {
            return Samples::ZERO;
        }
        let since = self.dynamics.current().runs().me.last().map_or(SampleTime::ZERO, |run| run.end);
        let over = self.dynamics.current().runs().them.iter().rev().take_while(|run| run.end > since).copied();
        over.chain(turns.open_run(Track::Them)).map(|run| Span::new(run.start.max(since), run.end).len()).sum()
    }

    /// The newest interruption by me to which they gave way. A sign of listening in their last pause, and my turn right
    /// after it, is one by its definition too: it counts only if the run with which I took the floor began well
    /// before they ended.
    fn newest_cut_in(&self) -> Option<CutIn> {
        let from = self.now.saturating_sub(CUT_INS);
        let newest = self.dynamics.current().turn_events().iter().rev().take_while(|event| event.start() >= from);
        let cut_ins = newest.filter_map(|event| match *event {
            TurnEvent::Interruption { by: Track::Me, at, overlap, outcome: Outcome::Successful } => {
                Some(CutIn { at, overlap })
            }
            _ => None,
        });
        cut_ins.into_iter().find(|cut_in| {
            let they_ended = cut_in.at + cut_in.overlap;
            let over = self.dynamics.current().runs().me.iter().rev().take_while(|run| run.end >= they_ended).copied();
            let mut mine = over.chain(self.state.conversation.current().open_run(Track::Me));
            mine.any(|run| run.start + MAX_TERMINAL_OVERLAP <= they_ended && run.end >= they_ended)
        })
    }

    /// How I have asked and spoken. Goes through the whole call, so it is asked for only if it can be used.
    fn spoken(&self) -> SpokenHabits {
        let policy = self.state.nudges.policy();
        SpokenHabits {
            regrabs: self.regrabs(policy.regrab_under),
            closed_run: self.closed_run(),
            pace: self.pace(policy.pace_over_time),
            fillers: policy.kinds[NudgeKind::Fillers].then(|| self.fillers(policy.fillers_in)),
        }
    }

    /// Silences after my questions that I broke before `under` was over.
    fn regrabs(&self, under: Samples) -> Option<Regrabs> {
        let broken = self.dynamics.current().broken_waits(Track::Me).iter().copied().filter(|wait| *wait < under);
        broken.fold(None, |before, wait| {
            let earlier = before.map_or(0, |regrabs: Regrabs| regrabs.count);
            Some(Regrabs { count: earlier + 1, wait })
        })
    }

    /// My newest questions in a row that were not open, and when the last one was.
    fn closed_run(&self) -> Option<(u32, SampleTime)> {
        let dynamics = self.dynamics.current();
        let mine = dynamics.utterances().heard().iter().rev().filter(|heard| heard.track == Track::Me);
        let mine = mine.filter(|heard| !dynamics.is_sign_of_listening(heard));
        let newest = mine.flat_map(|heard| utterances::questions(heard).into_iter().rev());
        let closed = newest.take_while(|asked| asked.kind != QuestionKind::Open);
        closed.fold(None, |run, asked| Some(run.map_or((1, asked.at), |(count, last)| (count + 1, last))))
    }

    /// My pace over the newest `over` of my articulation, as a part of my usual one (1 is as usual). A few words alone
    /// vary by more than a nudge is about.
    fn pace(&self, over: Samples) -> Option<f64> {
        let all = self.dynamics.current().articulation(Track::Me);
        let language = all.last()?.language;
        let mut left = over;
        let newest = all.iter().rev().filter(|one| one.language == language).take_while(|one| {
            let wanted = left > Samples::ZERO;
            left = left.saturating_sub(one.articulation_time);
            wanted
        });
        let newest: Vec<_> = newest.collect();
        let enough = left == Samples::ZERO;
        let pace = pace::units_per_second(newest.into_iter().filter(|_| enough))?;
        Some(pace / self.dynamics.current().usual_pace(Track::Me, language)?)
    }

    /// Filled pauses in the newest `within` of my speech.
    fn fillers(&self, within: Samples) -> Fillers {
        let (mut talk, mut from) = (Samples::ZERO, self.now);
        for run in self.dynamics.current().runs().me.iter().rev() {
            let wanted = within.saturating_sub(talk).count().min(run.len().count());
            talk += Samples::new(wanted);
            from = run.end.saturating_sub(Samples::new(wanted));
            if talk >= within {
                break;
            }
        }
        let fillers = self.dynamics.current().hesitations_after(from).into_iter().filter(|one| {
            one.track == Track::Me && one.kind == hesitation::HesitationKind::FilledPause && one.span.start >= from
        });
        Fillers { count: u32::try_from(fillers.count()).unwrap_or(u32::MAX), talk }
    }

    fn sound_troubles(&self) -> Vec<ActionableTrouble> {
        let lost = Track::BOTH
            .into_iter()
            .filter(|track| self.state.lost[*track].losing_since().is_some())
            .map(ActionableTrouble::Lost);
        let echo = self.leak_is_loud().then_some(ActionableTrouble::Echo);
        self.state.health.active().filter_map(actionable_trouble).chain(echo).chain(lost).collect()
    }

    fn stop_reasons(&self) -> StopReasons {
        let stands = |trouble: Trouble| self.state.health.active().any(|one| one == trouble);
        let losing = Track::BOTH.iter().any(|track| self.state.lost[*track].losing_since().is_some());
        let lost = losing || stands(Trouble::SameSound) || stands(Trouble::NoVoice) || stands(Trouble::Dead(Track::Me));
        let reasons = [
            lost.then_some(StopReason::Lost),
            stands(Trouble::Dead(Track::Them)).then_some(StopReason::FarEnd),
            self.leak_is_loud().then_some(StopReason::Echo),
        ];
        reasons.into_iter().flatten().collect()
    }

    /// Whether the far end is so loud in the microphone that cancelling takes speech of mine with it.
    fn leak_is_loud(&self) -> bool {
        let leak = self.leak();
        leak.detected && leak.level_db.is_some_and(|level| level > LOUD_LEAK_DB)
    }
}

/// The trouble of which something can be done in the call. What is too quiet or too noisy the page says by itself.
fn actionable_trouble(trouble: Trouble) -> Option<ActionableTrouble> {
    match trouble {
        Trouble::Choppy => Some(ActionableTrouble::Choppy),
        Trouble::Clipping(track) => Some(ActionableTrouble::Clipping(track)),
        Trouble::Dead(track) => Some(ActionableTrouble::Dead(track)),
        Trouble::SameSound => Some(ActionableTrouble::Same),
        Trouble::VoiceReturns
        | Trouble::NoVoice
        | Trouble::OtherVoices
        | Trouble::Quiet(_)
        | Trouble::Noisy(_)
        | Trouble::CallOver => None,
    }
}
