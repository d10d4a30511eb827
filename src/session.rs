//! One call: the chain from blocks to events, and the driver that moves it.
//!
//! Live and replay run through here alike. *Now* is the end of the newest block; nothing reads a clock. A session lives
//! on one thread.

mod command;
mod drive;
mod event;
mod ledger;
mod moment;
mod snapshot;

use std::collections::VecDeque;

use crate::asr::{Chunks, Desk, Heard};
use crate::audio::{Block, PerTrack, SILENCE, STEP, Track};
use crate::dynamics::{Dynamics, LONG_MONOLOGUE, words};
use crate::echo::{Clean, Echo};
use crate::health::{Health, HealthEvent, Watched};
use crate::nudges::{Change, Mode, Nudges, Policy};
use crate::prosody::{FilledPause, FilledPauses};
use crate::source::Notice;
use crate::time::{SampleTime, Samples};
use crate::turns::{Conversation, Floor, Step, TurnEvent};
use crate::vad::{Detector, Ear};

pub use command::{Command, Look, MOST_LAST, MOST_NEXT, MOST_SNOOZE, Refused};
pub use drive::{Controls, Fast, Order, Orders, Pace, Real, drive, orders};
pub use event::{Event, Sink, Tee};
pub use snapshot::{Snapshot, TextState};

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

/// A call that is going on.
pub struct Session {
    now: SampleTime,
    ended: bool,
    echo: Echo,
    health: Health,
    vowels: PerTrack<FilledPauses>,
    ears: PerTrack<Ear>,
    judged: PerTrack<VecDeque<bool>>,
    /// Clean blocks that an ear has not judged yet.
    waiting: VecDeque<Clean>,
    chunks: PerTrack<Chunks>,
    desk: Box<dyn Desk>,
    keep_words: bool,
    conversation: Conversation,
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
            health: Health::default(),
            vowels: PerTrack::from_fn(|_| FilledPauses::new()),
            ears: PerTrack {
                me: Ear::new(setup.detector.build()).of_the_nearest(),
                them: Ear::new(setup.detector.build()),
            },
            judged: PerTrack::default(),
            waiting: VecDeque::new(),
            chunks: PerTrack::from_fn(Chunks::new),
            desk,
            keep_words: setup.keep_words,
            conversation: Conversation::default(),
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
        if let Some(speech) = block.speech {
            // There is no sound to clean, to judge or to recognise.
            self.converse(&Step { start: block.start, speech, lost: block.lost }, None, sink);
        } else if let Some(clean) = self.echo.push(block) {
            self.hear(clean, sink);
        }
    }

    /// What a source said of itself becomes part of the call.
    pub fn notice(&mut self, notice: Notice, sink: &mut dyn Sink) {
        sink.emit(self.now, Event::Notice(notice));
    }

    /// Does what a person asks for, now. What it changes is told as an event.
    ///
    /// # Errors
    /// When it does not fit: nothing has changed.
    pub fn command(&mut self, command: Command, sink: &mut dyn Sink) -> Result<(), Refused> {
        let _ = (command, sink);
        if self.ended { Err(Refused::Over) } else { Ok(()) }
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
        for track in Track::BOTH {
            let held = self.vowels[track].finish();
            self.tell_vowel(track, held, sink);
        }
        for heard in self.desk.close() {
            self.heard(heard, sink);
        }
        let mut settled = Vec::new();
        self.conversation.finish(&mut settled);
        settled.retain(|event| !matches!(event, TurnEvent::Floor { at, .. } if *at > self.now));
        self.tell(settled, sink);
        let mut over = Vec::new();
        self.health.finish(&mut over);
        self.tell_health(over, sink);
        self.ended = true;
        sink.emit(self.now, Event::Ended { leak: self.echo.leak(), sound: self.health.report() });
    }

    /// How the call stands.
    pub fn snapshot(&self) -> Snapshot {
        let turns = self.conversation.now();
        let silent_since = turns.silent_since().filter(|_| !self.ended);
        let silence = silent_since.map_or(Samples::ZERO, |since| self.now - since);
        let mine = silent_since.filter(|_| turns.last_speaker() == Some(Track::Me));
        // Any silence of mine may follow a question, until its text says that it does not.
        let good = mine.is_some_and(|since| self.dynamics.words().follow_a_question(Track::Me, since) != Some(false));
        Snapshot {
            now: self.now,
            ended: self.ended,
            speaking: PerTrack::from_fn(|track| turns.voiced(track)),
            floor: turns.floor(),
            silence,
            waiting: good && (WAIT_FROM..=WAIT_TO).contains(&silence),
            call_share: self.dynamics.share(turns),
            recent_share: self.dynamics.recent_share(turns, self.now),
            talk: PerTrack::from_fn(|track| self.dynamics.talk(track, turns)),
            monologue: turns.monologue(Track::Me).map_or(Samples::ZERO, |monologue| monologue.len()),
            onset: turns.onset(),
            counts: self.dynamics.counts(),
            tally: self.dynamics.tally(),
            patience: self.dynamics.patience(Track::Me),
            shape: self.dynamics.shape(),
            nudge: self.nudges.shown().cloned(),
            losing: PerTrack::from_fn(|track| self.lost[track].losing()),
            lost: PerTrack::from_fn(|track| self.lost[track].total()),
            leak: self.echo.leak(),
            troubles: self.health.standing().collect(),
            text: TextState {
                standing: self.desk.standing(),
                waiting: self.desk.waiting(),
                coverage: self.dynamics.words().coverage(),
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
            self.converse(&Step { start: clean.start, speech, lost: clean.lost }, Some(&clean), sink);
        }
    }

    /// The conversation goes on by one block, with its sound where there is any.
    fn converse(&mut self, step: &Step, clean: Option<&Clean>, sink: &mut dyn Sink) {
        let mut settled = Vec::new();
        let before = self.conversation.now().floor();
        self.conversation.step(step, &mut settled);
        let handed_over =
            before == Floor::Held(Track::Me) && self.conversation.now().floor() == Floor::Held(Track::Them);
        self.tell(settled, sink);
        if let Some(clean) = clean {
            self.cut(clean);
            self.listen_to_vowels(clean, step.speech, sink);
            self.watch(clean, step.speech, sink);
        }
        while let Some(heard) = self.desk.poll(self.now) {
            self.heard(heard, sink);
        }
        self.watch_leak(sink);
        let moment = self.moment(handed_over, step.start + STEP);
        match self.nudges.step(&moment) {
            Some(Change::Show(nudge)) => sink.emit(self.now, Event::Nudge(nudge)),
            Some(Change::Withdraw(kind)) => sink.emit(self.now, Event::NudgeWithdrawn(kind)),
            Some(Change::Expire) | None => {}
        }
    }

    /// Vowels that are held. The microphone's pitch is clearest as it was; where the far end speaks too, without it.
    fn listen_to_vowels(&mut self, clean: &Clean, speech: PerTrack<bool>, sink: &mut dyn Sink) {
        let mine = if speech.them { &clean.me } else { &clean.raw };
        for (track, pcm) in [(Track::Me, mine), (Track::Them, &clean.them)] {
            let held = self.vowels[track].hear(pcm, speech[track]);
            self.tell_vowel(track, held, sink);
        }
    }

    fn tell_vowel(&mut self, track: Track, held: Option<FilledPause>, sink: &mut dyn Sink) {
        if let Some(pause) = held {
            self.dynamics.hear_steady(track, pause.span);
            sink.emit(self.now, Event::FilledPause { track, pause });
        }
    }

    /// What is wrong with the sound, where something is.
    fn watch(&mut self, clean: &Clean, speech: PerTrack<bool>, sink: &mut dyn Sink) {
        let mut news = Vec::new();
        let watched = Watched {
            start: clean.start,
            pcm: PerTrack { me: &clean.raw, them: &clean.them },
            speech,
            lost: clean.lost,
            leaking: self.leaking,
        };
        self.health.hear(&watched, &mut news);
        self.tell_health(news, sink);
    }

    fn tell_health(&self, news: Vec<HealthEvent>, sink: &mut dyn Sink) {
        news.into_iter().for_each(|event| sink.emit(self.now, Event::Health(event)));
    }

    /// Sound to the desk, once it is an utterance.
    fn cut(&mut self, clean: &Clean) {
        // The canceller takes a little off words that are said at once: the recogniser hears them as they were, unless
        // the far end is known to be among them.
        let mine = if self.leaking { &clean.me } else { &clean.raw };
        for (track, pcm) in [(Track::Me, mine), (Track::Them, &clean.them)] {
            let whole = self.chunks[track].hear(pcm, self.conversation.now().open_run(track));
            whole.into_iter().for_each(|utterance| self.desk.submit(utterance));
        }
    }

    /// What came back from the desk; its words go no further unless they are kept. What they say of the floor may change
    /// the newest verdicts.
    fn heard(&mut self, heard: Heard, sink: &mut dyn Sink) {
        let hint = words::hint(&heard);
        let told = if self.keep_words { heard } else { heard.without_words() };
        self.dynamics.hear_words(told.clone());
        sink.emit(self.now, Event::Heard(told));
        let revision = hint.map(|hint| self.conversation.learn(hint)).unwrap_or_default();
        for event in revision.withdrawn {
            self.dynamics.withdraw(&event);
            if is_told(&event) {
                sink.emit(self.now, Event::Withdrawn(event));
            }
        }
        self.tell(revision.told, sink);
    }

    /// Settled news of the floor, to the figures and to the world.
    fn tell(&mut self, settled: Vec<TurnEvent>, sink: &mut dyn Sink) {
        for event in settled {
            self.dynamics.hear(&event);
            if is_told(&event) {
                sink.emit(self.now, Event::Turn(event));
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
}

/// Whether the world hears of it: not where a run began, and not of every monologue.
fn is_told(event: &TurnEvent) -> bool {
    match event {
        TurnEvent::RunStarted { .. } => false,
        TurnEvent::Monologue { span, .. } => span.len() >= LONG_MONOLOGUE,
        _ => true,
    }
}

#[cfg(test)]
mod tests;
