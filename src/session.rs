//! One call: the chain from blocks to events, and the driver that moves it.
//!
//! Live and replay run through here alike. *Now* is the end of the newest block; nothing reads a clock. A session lives
//! on one thread.

mod drive;
mod event;
mod ledger;

use std::collections::VecDeque;

use crate::asr::{Chunks, Desk, Heard, Standing};
use crate::audio::{Block, PerTrack, SILENCE, STEP, Track};
use crate::dynamics::words::Words;
use crate::dynamics::{Dynamics, LONG_MONOLOGUE};
use crate::echo::{Clean, Echo, Leak};
use crate::nudges::{Change, Mode, Moment, Nudge, Nudges, Policy};
use crate::source::Notice;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Floor, Step, TurnEvent, Turns};
use crate::vad::{Detector, Ear};

pub use drive::{Fast, Pace, Real, drive};
pub use event::{Event, Sink, Tee};

use ledger::LostLedger;

/// A silence after my own speech glows as a good wait from here …
const WAIT_FROM: Samples = Samples::from_ms(1_500);

/// … to here: people who think answer after 4.5 s in the median, 10 s at the 90th percentile.
const WAIT_TO: Samples = Samples::from_secs(10);

/// What is chosen before a call.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// What the call is for.
    pub mode: Mode,
    /// The constants of the nudges.
    pub policy: Policy,
    /// The voice-activity detector of both tracks.
    pub detector: Detector,
    /// Whether words are passed on. Otherwise they are used here, and then dropped: no sink ever sees one.
    pub keep_words: bool,
}

/// How a call stands: what the overlay shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The end of the newest block.
    pub now: SampleTime,
    /// Whether the call is over.
    pub ended: bool,
    /// Who is heard right now, be it long enough for a run or not.
    pub speaking: PerTrack<bool>,
    /// Who holds the floor.
    pub floor: Floor,
    /// How long both have been silent.
    pub silence: Samples,
    /// Whether the silence is a good wait after my own speech.
    pub waiting: bool,
    /// My share of the talk of the call, 0 to 1.
    pub call_share: Option<f64>,
    /// My share of the talk of the last 5 minutes.
    pub recent_share: Option<f64>,
    /// Talk time of each track.
    pub talk: PerTrack<Samples>,
    /// How long my monologue is so far.
    pub monologue: Samples,
    /// Interruptions by each track.
    pub interruptions: PerTrack<u32>,
    /// Backchannels by each track.
    pub backchannels: PerTrack<u32>,
    /// Mutual silences.
    pub silences: u32,
    /// The nudge that is shown.
    pub nudge: Option<Nudge>,
    /// Whether each track is being lost now.
    pub losing: PerTrack<bool>,
    /// How much of each track was lost.
    pub lost: PerTrack<Samples>,
    /// The leak from the far end into the microphone.
    pub leak: Leak,
    /// The recogniser.
    pub text: TextState,
}

/// How the recogniser keeps up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextState {
    /// How it stands.
    pub standing: Standing,
    /// How much sound waits for it.
    pub waiting: Samples,
    /// Recognised speech as a part of all that was handed to it, 0 to 1; `None` before any came back.
    pub coverage: Option<f64>,
}

/// A call that is going on.
pub struct Session {
    now: SampleTime,
    ended: bool,
    echo: Echo,
    ears: PerTrack<Ear>,
    judged: PerTrack<VecDeque<bool>>,
    /// Clean blocks that an ear has not judged yet.
    waiting: VecDeque<Clean>,
    chunks: PerTrack<Chunks>,
    desk: Box<dyn Desk>,
    keep_words: bool,
    words: Words,
    turns: Turns,
    dynamics: Dynamics,
    nudges: Nudges,
    lost: PerTrack<LostLedger>,
    leaking: bool,
}

impl Session {
    /// A call that has not begun.
    pub fn new(setup: &Setup, desk: Box<dyn Desk>) -> Self {
        Self {
            now: SampleTime::ZERO,
            ended: false,
            echo: Echo::new(),
            ears: PerTrack {
                me: Ear::new(setup.detector.build()).of_the_nearest(),
                them: Ear::new(setup.detector.build()),
            },
            judged: PerTrack::default(),
            waiting: VecDeque::new(),
            chunks: PerTrack::from_fn(Chunks::new),
            desk,
            keep_words: setup.keep_words,
            words: Words::default(),
            turns: Turns::default(),
            dynamics: Dynamics::default(),
            nudges: Nudges::new(setup.policy.clone(), setup.mode),
            lost: PerTrack::default(),
            leaking: false,
        }
    }

    /// Hears the next block.
    pub fn step(&mut self, block: Block, sink: &mut dyn Sink) {
        self.now = block.span().end;
        for track in Track::BOTH {
            if let Some(span) = self.lost[track].hear(block.span(), block.lost[track]) {
                sink.emit(self.now, Event::Lost { track, span });
            }
        }
        if let Some(clean) = self.echo.push(block) {
            self.hear(clean, sink);
        }
    }

    /// What a source said of itself becomes part of the call.
    pub fn notice(&mut self, notice: Notice, sink: &mut dyn Sink) {
        sink.emit(self.now, Event::Notice(notice));
    }

    /// The call is over: settles all that is open.
    pub fn finish(&mut self, sink: &mut dyn Sink) {
        while let Some(clean) = self.echo.finish() {
            self.hear(clean, sink);
        }
        // Detectors judge late: silence pushes the last blocks through, and is itself not judged.
        while !self.waiting.is_empty() {
            self.listen(&PerTrack { me: SILENCE, them: SILENCE });
            self.judge(sink);
        }
        for track in Track::BOTH {
            if let Some(span) = self.lost[track].finish() {
                sink.emit(self.now, Event::Lost { track, span });
            }
            self.chunks[track].finish().into_iter().for_each(|utterance| self.desk.submit(utterance));
        }
        for heard in self.desk.close() {
            self.heard(heard, sink);
        }
        let mut settled = Vec::new();
        self.turns.finish(&mut settled);
        settled.retain(|event| !matches!(event, TurnEvent::Floor { at, .. } if *at > self.now));
        self.tell(settled, sink);
        self.ended = true;
        sink.emit(self.now, Event::Ended { leak: self.echo.leak() });
    }

    /// How the call stands.
    pub fn snapshot(&self) -> Snapshot {
        let silent_since = self.turns.silent_since().filter(|_| !self.ended);
        let silence = silent_since.map_or(Samples::ZERO, |since| self.now - since);
        let mine = silent_since.filter(|_| self.turns.last_speaker() == Some(Track::Me));
        // Any silence of mine may follow a question, until its text says that it does not.
        let good = mine.is_some_and(|since| self.words.follow_a_question(Track::Me, since) != Some(false));
        Snapshot {
            now: self.now,
            ended: self.ended,
            speaking: PerTrack::from_fn(|track| self.turns.voiced(track)),
            floor: self.turns.floor(),
            silence,
            waiting: good && (WAIT_FROM..=WAIT_TO).contains(&silence),
            call_share: self.dynamics.share(&self.turns),
            recent_share: self.dynamics.recent_share(&self.turns, self.now),
            talk: PerTrack::from_fn(|track| self.dynamics.talk(track, &self.turns)),
            monologue: self.turns.monologue(Track::Me).map_or(Samples::ZERO, |monologue| monologue.len()),
            interruptions: self.dynamics.interruptions(),
            backchannels: self.dynamics.backchannels(),
            silences: self.dynamics.silences(),
            nudge: self.nudges.shown().cloned(),
            losing: PerTrack::from_fn(|track| self.lost[track].losing()),
            lost: PerTrack::from_fn(|track| self.lost[track].total()),
            leak: self.echo.leak(),
            text: TextState {
                standing: self.desk.standing(),
                waiting: self.desk.waiting(),
                coverage: self.words.coverage(),
            },
        }
    }

    fn hear(&mut self, clean: Clean, sink: &mut dyn Sink) {
        self.listen(&PerTrack { me: clean.me, them: clean.them });
        self.waiting.push_back(clean);
        self.judge(sink);
    }

    fn listen(&mut self, pcm: &PerTrack<[i16; 160]>) {
        for track in Track::BOTH {
            self.ears[track].hear(&pcm[track], &mut self.judged[track]);
        }
    }

    /// Moves on every block that both ears have judged.
    fn judge(&mut self, sink: &mut dyn Sink) {
        while !self.judged.me.is_empty() && !self.judged.them.is_empty() {
            let mut speech = PerTrack::from_fn(|track| self.judged[track].pop_front().unwrap_or(false));
            let Some(clean) = self.waiting.pop_front() else { return };
            speech.me &= !clean.leak_only;
            self.converse(&clean, speech, sink);
        }
    }

    /// The conversation goes on by one block.
    fn converse(&mut self, clean: &Clean, speech: PerTrack<bool>, sink: &mut dyn Sink) {
        let mut settled = Vec::new();
        let before = self.turns.floor();
        self.turns.step(&Step { start: clean.start, speech, lost: clean.lost }, &mut settled);
        let handed_over = before == Floor::Held(Track::Me) && self.turns.floor() == Floor::Held(Track::Them);
        self.tell(settled, sink);
        // The canceller takes a little off words that are said at once: the recogniser hears them as they were, unless
        // the far end is known to be among them.
        let mine = if self.leaking { &clean.me } else { &clean.raw };
        for (track, pcm) in [(Track::Me, mine), (Track::Them, &clean.them)] {
            let whole = self.chunks[track].hear(pcm, self.turns.open_run(track));
            whole.into_iter().for_each(|utterance| self.desk.submit(utterance));
        }
        while let Some(heard) = self.desk.poll(self.now) {
            self.heard(heard, sink);
        }
        self.watch_leak(sink);
        let moment = self.moment(handed_over, clean.start + STEP);
        match self.nudges.step(&moment) {
            Some(Change::Show(nudge)) => sink.emit(self.now, Event::Nudge(nudge)),
            Some(Change::Withdraw(kind)) => sink.emit(self.now, Event::NudgeWithdrawn(kind)),
            Some(Change::Expire) | None => {}
        }
    }

    /// What came back from the desk; its words go no further unless they are kept.
    fn heard(&mut self, heard: Heard, sink: &mut dyn Sink) {
        self.words.hear(&heard);
        let told = if self.keep_words { heard } else { heard.without_words() };
        sink.emit(self.now, Event::Heard(told));
    }

    /// Settled news of the floor, to the figures and to the world.
    fn tell(&mut self, settled: Vec<TurnEvent>, sink: &mut dyn Sink) {
        for event in settled {
            self.dynamics.hear(&event);
            match event {
                TurnEvent::RunStarted { .. } | TurnEvent::FloorSpan { .. } => {}
                TurnEvent::Monologue { span, .. } if span.len() < LONG_MONOLOGUE => {}
                told => sink.emit(self.now, Event::Turn(told)),
            }
        }
    }

    fn watch_leak(&mut self, sink: &mut dyn Sink) {
        let leak = self.echo.leak();
        if leak.detected != self.leaking {
            self.leaking = leak.detected;
            sink.emit(self.now, Event::Leak(leak));
        }
    }

    fn moment(&self, handed_over: bool, judged: SampleTime) -> Moment {
        let silent_since = self.turns.silent_since();
        let mine = self.turns.last_speaker() == Some(Track::Me);
        let monologue = self.turns.monologue(Track::Me);
        Moment {
            now: self.now,
            recent_share: self.dynamics.recent_share(&self.turns, self.now),
            call_share: self.dynamics.share(&self.turns),
            monologue: monologue.map(|monologue| Span::new(monologue.start, monologue.end)),
            my_pause: silent_since.filter(|_| mine).map(|since| judged - since),
            asked: silent_since.filter(|_| mine).and_then(|since| self.words.follow_a_question(Track::Me, since))
                == Some(true),
            handed_over,
            unsure: self.lost.me.losing() || self.lost.them.losing(),
        }
    }
}

#[cfg(test)]
mod tests;
