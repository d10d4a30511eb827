//! One call: the chain from blocks to events, and the driver that moves it.
//!
//! Live and replay run through here alike. *Now* is the end of the newest block; nothing reads a clock. A session lives
//! on one thread.

mod command;
mod drive;
mod event;
mod known;
mod ledger;
mod moment;
mod obey;
mod off_record;
mod snapshot;
mod unheard;
mod untold;

use std::collections::VecDeque;

use crate::agenda::Agenda;
use crate::asr::{Chunks, Desk, Heard};
use crate::audio::{Block, PerTrack, SILENCE, STEP, Track};
use crate::dynamics::{LONG_MONOLOGUE, words};
use crate::echo::{Clean, Echo, Leak};
use crate::health::{HealthEvent, Watched};
use crate::nudges::{Change, Mode, Nudges, Policy};
use crate::prosody::{FilledPause, FilledPauses};
use crate::source::Notice;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Floor, Step, TurnEvent};
use crate::vad::{Detector, Ear};

pub use command::{Command, Look, MOST_LAST, MOST_NEXT, MOST_SNOOZE, Refused};
pub use drive::{Controls, Fast, Order, Orders, Pace, Real, drive, orders};
pub use event::{Event, Sink, Tee};
pub use snapshot::{Quiet, Snapshot, State, TextState};
pub use untold::{Untold, ending};

use known::{Checkpoints, Known, Late};
use off_record::OffRecord;
use unheard::Unheard;

/// What is chosen before a call.
#[derive(Clone, Debug)]
pub struct Setup {
    /// What the call is for.
    pub mode: Mode,
    /// The user's own target share, in place of the mode's.
    pub own_target: Option<f64>,
    /// How long small talk is welcome.
    pub icebreaker: Samples,
    /// The constants of the nudges.
    pub policy: Policy,
    /// The voice-activity detector of both tracks.
    pub detector: Detector,
    /// Whether words are passed on. Otherwise they are used here, and then dropped: no sink ever sees one.
    pub keep_words: bool,
    /// What the two want to talk about.
    pub agenda: Agenda,
    /// So much can be taken off the record at once, at most [`MOST_LAST`]: how the call stood is remembered for as long.
    pub off_record_last: Samples,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            own_target: None,
            icebreaker: Samples::ZERO,
            policy: Policy::default(),
            detector: Detector::default(),
            keep_words: false,
            agenda: Agenda::default(),
            // By the time one has decided to take something off the record, it was said minutes ago.
            off_record_last: Samples::from_secs(120),
        }
    }
}

/// A call that is going on.
pub struct Session {
    now: SampleTime,
    begun: bool,
    ended: bool,
    echo: Echo,
    vowels: PerTrack<FilledPauses>,
    ears: PerTrack<Ear>,
    judged: PerTrack<VecDeque<bool>>,
    /// Clean blocks that an ear has not judged yet.
    waiting: VecDeque<Clean>,
    /// How much of the call the microphone held little but the far end, erased stretches included.
    rejected: Samples,
    chunks: PerTrack<Chunks>,
    desk: Box<dyn Desk>,
    keep_words: bool,
    /// What all of this has come to.
    known: Known,
    checkpoints: Checkpoints,
    unheard: Unheard,
    /// What was last asked for; it is told, and so known, once the call is on the record.
    paused: bool,
    muted: bool,
    off_record: Option<OffRecord>,
}

impl Session {
    /// A call that has not begun.
    pub fn new(setup: &Setup, desk: Box<dyn Desk>) -> Self {
        let mut nudges = Nudges::new(setup.policy.clone(), setup.mode);
        nudges.aim(setup.mode, setup.own_target);
        nudges.begin(SampleTime::ZERO, setup.icebreaker);
        Self {
            now: SampleTime::ZERO,
            begun: false,
            ended: false,
            echo: Echo::new(),
            vowels: PerTrack::from_fn(|_| FilledPauses::new()),
            ears: PerTrack {
                me: Ear::new(setup.detector.build()).of_the_nearest(),
                them: Ear::new(setup.detector.build()),
            },
            judged: PerTrack::default(),
            waiting: VecDeque::new(),
            rejected: Samples::ZERO,
            chunks: PerTrack::from_fn(Chunks::new),
            desk,
            keep_words: setup.keep_words,
            known: Known::nothing(setup.agenda.clone(), nudges),
            checkpoints: Checkpoints::reaching(setup.off_record_last.min(MOST_LAST)),
            unheard: Unheard::default(),
            paused: false,
            muted: false,
            off_record: None,
        }
    }

    /// Hears the next block.
    pub fn step(&mut self, block: Block, sink: &mut dyn Sink) {
        self.begin(sink);
        self.end_off_record_in_time(sink);
        if self.off_record.is_none() {
            self.checkpoints.pass(self.now, &self.known);
        }
        let block = self.without_what_is_not_to_be_heard(block);
        let nothing = self.hears_nothing();
        self.pass(block.span(), block.lost.map(|lost| lost && !nothing), sink);
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

    /// The call is over: settles all that is open.
    pub fn finish(&mut self, sink: &mut dyn Sink) {
        self.begin(sink);
        self.end_off_record(sink);
        while let Some(clean) = self.echo.finish() {
            self.hear(clean, sink);
        }
        // Detectors judge late: silence pushes the last blocks through, and is itself not judged.
        while !self.waiting.is_empty() {
            self.listen(&PerTrack { me: SILENCE, them: SILENCE });
            self.judge(sink);
        }
        for track in Track::BOTH {
            if let Some(span) = self.known.lost[track].finish() {
                sink.emit(self.now, Event::Lost { track, span });
            }
            self.chunks[track].finish().into_iter().for_each(|utterance| self.desk.submit(utterance));
        }
        for track in Track::BOTH {
            let held = self.vowels[track].finish();
            self.tell_vowel(track, held, sink);
        }
        for heard in self.desk.close() {
            self.hear_text(heard, sink);
        }
        let mut settled = Vec::new();
        self.known.conversation.finish(&mut settled);
        settled.retain(|event| !matches!(event, TurnEvent::Floor { at, .. } if *at > self.now));
        self.tell(settled, sink);
        let mut over = Vec::new();
        self.known.health.finish(&mut over);
        self.tell_health(over, sink);
        self.ended = true;
        sink.emit(self.now, Event::Ended { leak: self.leak(), sound: self.known.health.report() });
    }

    /// The agenda as it was written before the call.
    fn begin(&mut self, sink: &mut dyn Sink) {
        if !std::mem::replace(&mut self.begun, true) {
            self.known.agenda.items().for_each(|item| sink.emit(self.now, Event::agenda(item)));
        }
    }

    /// Whether the call goes on without being heard.
    fn hears_nothing(&self) -> bool {
        self.paused || self.off_record.is_some()
    }

    fn without_what_is_not_to_be_heard(&mut self, mut block: Block) -> Block {
        if self.hears_nothing() {
            self.unheard.nothing(block.span());
            (block.pcm, block.lost) = (PerTrack { me: SILENCE, them: SILENCE }, PerTrack { me: true, them: true });
        } else if self.muted {
            self.unheard.muted(block.span());
            block.pcm.me = SILENCE;
            if let Some(speech) = &mut block.speech {
                speech.me = false;
            }
        }
        block
    }

    /// The call goes on by one block.
    fn pass(&mut self, span: Span, lost: PerTrack<bool>, sink: &mut dyn Sink) {
        self.now = span.end;
        if self.hears_nothing() {
            self.known.unheard += span.len();
        }
        for track in Track::BOTH {
            if let Some(span) = self.known.lost[track].hear(span, lost[track]) {
                sink.emit(self.now, Event::Lost { track, span });
            }
        }
    }

    fn hear(&mut self, clean: Clean, sink: &mut dyn Sink) {
        let rejected = self.echo.rejected();
        if !self.unheard.has_nothing_of(clean.start) {
            self.known.rejected += rejected.saturating_sub(self.rejected);
        }
        self.rejected = rejected;
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
            let clean = self.unheard.take_from(clean);
            speech.me &= !clean.leak_only;
            self.converse(&Step { start: clean.start, speech, lost: clean.lost }, Some(&clean), sink);
        }
    }

    /// The conversation goes on by one block, with its sound where there is any.
    fn converse(&mut self, step: &Step, clean: Option<&Clean>, sink: &mut dyn Sink) {
        let handed_over = self.go_on(step, sink);
        if let Some(clean) = clean {
            self.cut(clean);
            self.listen_to_vowels(clean, step.speech, sink);
            self.watch(clean, step.speech, sink);
        }
        while let Some(heard) = self.desk.poll(self.now) {
            self.hear_text(heard, sink);
        }
        self.settle(handed_over, sink);
    }

    /// The floor after one more step: whether I have just handed it over.
    fn go_on(&mut self, step: &Step, sink: &mut dyn Sink) -> bool {
        let mut settled = Vec::new();
        let before = self.known.conversation.now().floor();
        self.known.conversation.step(step, &mut settled);
        self.known.judged = step.start + STEP;
        if step.lost.me || step.lost.them {
            self.known.dynamics.hear_nothing([Span::new(step.start, self.known.judged)]);
        }
        let after = self.known.conversation.now().floor();
        self.tell(settled, sink);
        before == Floor::Held(Track::Me) && after == Floor::Held(Track::Them)
    }

    /// What follows from a step, once all that came with it was heard.
    fn settle(&mut self, handed_over: bool, sink: &mut dyn Sink) {
        self.watch_leak(sink);
        let moment = self.moment(handed_over, self.known.judged);
        match self.known.nudges.step(&moment) {
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
        if let Some(pause) = held.filter(|pause| !self.unheard.has(track, pause.span)) {
            self.checkpoints.hear(self.now, Late::Vowel(track, pause));
            self.known.dynamics.hear_steady(track, pause.span);
            sink.emit(self.now, Event::FilledPause { track, pause });
        }
    }

    /// What is wrong with the sound, where something is.
    fn watch(&mut self, clean: &Clean, speech: PerTrack<bool>, sink: &mut dyn Sink) {
        let mut news = Vec::new();
        // What is silent because I am muted is no device that fails.
        let lost = PerTrack { me: clean.lost.me || self.muted, ..clean.lost };
        let watched = Watched {
            start: clean.start,
            pcm: PerTrack { me: &clean.raw, them: &clean.them },
            speech,
            lost,
            leaking: self.known.leaking,
        };
        self.known.health.hear(&watched, &mut news);
        self.tell_health(news, sink);
    }

    fn tell_health(&self, news: Vec<HealthEvent>, sink: &mut dyn Sink) {
        news.into_iter().for_each(|event| sink.emit(self.now, Event::Health(event)));
    }

    /// Sound to the desk, once it is an utterance.
    fn cut(&mut self, clean: &Clean) {
        // The canceller takes a little off words that are said at once: the recogniser hears them as they were, unless
        // the far end is known to be among them.
        let mine = if self.known.leaking { &clean.me } else { &clean.raw };
        let nothing = self.unheard.has_nothing_of(clean.start);
        let begins = self.unheard.end_before(clean.start);
        for (track, pcm) in [(Track::Me, mine), (Track::Them, &clean.them)] {
            // What runs into a stretch that is not to be heard ends there, and what runs on after a short one begins anew.
            let run = self.known.conversation.now().open_run(track).filter(|_| !nothing);
            let run = run.map(|run| Span::new(run.start.max(begins), run.end)).filter(|run| !run.is_empty());
            let whole = self.chunks[track].hear(pcm, run);
            whole.into_iter().for_each(|utterance| self.desk.submit(utterance));
        }
    }

    /// What came back from the desk, unless it is of a stretch that is not to be heard.
    fn hear_text(&mut self, heard: Heard, sink: &mut dyn Sink) {
        if heard.runs.iter().any(|run| self.unheard.has(heard.track, *run)) {
            return;
        }
        // Words that are not kept are not kept for erasing either: told again, they offer no tick.
        let again = if self.keep_words { heard.clone() } else { heard.clone().without_words() };
        self.checkpoints.hear(self.now, Late::Text(again));
        self.heard(heard, sink);
    }

    /// What was said; its words go no further unless they are kept. What they say of the floor may change the newest
    /// verdicts.
    fn heard(&mut self, heard: Heard, sink: &mut dyn Sink) {
        if let Some(said) = heard.understood() {
            self.known.agenda.hear(&said.text, heard.span().end);
        }
        let hint = words::hint(&heard);
        let told = if self.keep_words { heard } else { heard.without_words() };
        self.known.dynamics.hear_words(told.clone());
        sink.emit(self.now, Event::Heard(told));
        let revision = hint.map(|hint| self.known.conversation.learn(hint)).unwrap_or_default();
        for event in revision.withdrawn {
            self.known.dynamics.withdraw(&event);
            if is_told(&event) {
                sink.emit(self.now, Event::Withdrawn(event));
            }
        }
        self.tell(revision.told, sink);
    }

    /// Settled news of the floor, to the figures and to the world.
    fn tell(&mut self, settled: Vec<TurnEvent>, sink: &mut dyn Sink) {
        for event in settled {
            self.known.dynamics.hear(&event);
            let stuck = self.known.stuck.hear(&event, self.known.agenda.has_open());
            if is_told(&event) {
                sink.emit(self.now, Event::Turn(event));
            }
            if stuck {
                sink.emit(self.now, Event::Stuck);
            }
        }
    }

    /// What is known of the leak by now, without what was erased.
    fn leak(&self) -> Leak {
        let leak = self.echo.leak();
        Leak { rejected: if leak.detected { self.known.rejected } else { Samples::ZERO }, ..leak }
    }

    fn watch_leak(&mut self, sink: &mut dyn Sink) {
        let leak = self.leak();
        if leak.detected != self.known.leaking {
            self.known.leaking = leak.detected;
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
