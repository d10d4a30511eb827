//! One call: the chain from blocks to events, and the driver that moves it.
//!
//! Live and replay run through here alike. *Now* is the end of the newest block; nothing reads a clock. A session lives
//! on one thread.

mod command;
mod drive;
mod event;
mod execute;
mod hindsight;
mod latency;
mod loss;
mod masking;
mod moment;
mod mute;
mod off_record;
mod recovery;
mod rewindable;
mod snapshot;
mod speech_log;
mod state;

use crate::agenda::{Agenda, Notes};
use crate::asr::{Chunker, Heard, Transcriber};
use crate::audio::{BLOCK_DURATION, Block, PerTrack, SILENCE, Track};
use crate::dynamics::{LONG_MONOLOGUE, utterances};
use crate::frontend::echo::{CleanBlock, Leak};
use crate::frontend::vad::Detector;
use crate::frontend::{FrontEnd, GuardedFrontEnd, JudgedBlock};
use crate::health::{HealthEvent, HealthInput, Trouble};
use crate::nudges::{Mode, NudgeChange, Nudges, Policy};
use crate::source::Notice;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Decision, Floor, SpeechActivity, TurnEvent};

pub use command::{Command, CommandError, LookAnswer, MAX_OFF_RECORD_LAST, MAX_OFF_RECORD_NEXT, MAX_SNOOZE, MAX_UNDO};
pub use drive::{CommandQueue, CommandRequest, Controls, Pacer, RealTime, Unpaced, command_queue, drive};
pub use event::{Aim, Event, HeldVowel, Sink, Tee};
pub use latency::{LATENCY_STEPS_MS, Latency, LatencyHistogram, LatencyMeter};
pub use mute::MuteReason;
pub use recovery::{RecoveryPoint, recover_ending};
pub use snapshot::{NudgePreferences, SessionPhase, Snapshot, TranscriberSnapshot};

use hindsight::TakenBack;
use masking::Mask;
use mute::Mute;
use off_record::{OffRecordSpan, PendingOffRecord};
use rewindable::RewindableDynamics;
use speech_log::SpeechLog;
use state::{Checkpoints, SessionState};

/// What is chosen before a call.
#[derive(Clone, Debug)]
pub struct SessionSetup {
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
    /// What is still to be done from earlier calls; what is written down comes after it.
    pub notes: Notes,
    /// How much can be taken off the record at once, at most [`MAX_OFF_RECORD_LAST`]: how the call stood is remembered
    /// for as long. Nor is speech taken back that lies further back and was somebody else's.
    pub off_record_last: Samples,
}

impl Default for SessionSetup {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            own_target: None,
            icebreaker: Samples::ZERO,
            policy: Policy::default(),
            detector: Detector::default(),
            keep_words: false,
            agenda: Agenda::default(),
            notes: Notes::default(),
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
    front_end: GuardedFrontEnd,
    chunks: PerTrack<Chunker>,
    transcriber: Box<dyn Transcriber>,
    keep_words: bool,
    /// What all of this has come to.
    state: SessionState,
    dynamics: RewindableDynamics,
    checkpoints: Checkpoints,
    /// Who spoke since the oldest checkpoint, …
    speech_log: SpeechLog,
    /// … and what of it was not mine after all, oldest first.
    taken_back: Vec<TakenBack>,
    mask: Mask,
    /// What was last asked for; it becomes an event once the call is on the record.
    paused: bool,
    mute: Mute,
    aim: Aim,
    off_record: Option<OffRecordSpan>,
    pending_off_record: Option<PendingOffRecord>,
}

impl Session {
    /// A call that has not begun.
    pub fn new(setup: &SessionSetup, transcriber: Box<dyn Transcriber>) -> Self {
        Self::with_front_end(setup, transcriber, FrontEnd::new(&setup.detector))
    }

    /// A call that has not begun, whose front end has heard the same two sides before: see [`FrontEnd::begin_call`].
    pub fn with_front_end(setup: &SessionSetup, transcriber: Box<dyn Transcriber>, front_end: FrontEnd) -> Self {
        let mut nudges = Nudges::new(setup.policy.clone(), setup.mode);
        nudges.set_target(setup.mode, setup.own_target);
        let aim = Aim { mode: setup.mode, target: nudges.target() };
        nudges.begin(SampleTime::ZERO, setup.icebreaker);
        Self {
            now: SampleTime::ZERO,
            begun: false,
            ended: false,
            front_end: GuardedFrontEnd::new(front_end, setup.detector.clone()),
            chunks: PerTrack::from_fn(Chunker::new),
            transcriber,
            keep_words: setup.keep_words,
            state: SessionState::new(setup.agenda.clone(), setup.notes.clone(), aim, nudges),
            dynamics: RewindableDynamics::default(),
            checkpoints: Checkpoints::new(setup.off_record_last.min(MAX_OFF_RECORD_LAST)),
            speech_log: SpeechLog::default(),
            taken_back: Vec::new(),
            mask: Mask::default(),
            paused: false,
            mute: Mute::default(),
            aim,
            off_record: None,
            pending_off_record: None,
        }
    }

    /// Takes the next block.
    pub fn step(&mut self, block: Block, sink: &mut dyn Sink) {
        self.begin(sink);
        self.end_off_record_if_due(sink);
        self.go_off_record_if_due(sink);
        if self.off_record.is_none() {
            let oldest = self.checkpoints.save_if_due(self.now, &self.state, self.dynamics.mark());
            self.dynamics.forget_before(oldest);
            self.speech_log.forget_before(self.checkpoints.oldest_judged());
        }
        let block = self.mask_unheard(block);
        let nothing = self.is_masked();
        self.advance(block.span(), block.lost.map(|lost| lost && !nothing), sink);
        if let Some(speech) = block.speech {
            // There is no sound to clean, to judge or to recognise.
            self.process_step(&SpeechActivity { start: block.start, speech, lost: block.lost }, None, sink);
        } else {
            self.front_end.push(block);
            self.process_judged(sink);
        }
    }

    /// What a source said of itself becomes part of the call.
    pub fn push_notice(&mut self, notice: Notice, sink: &mut dyn Sink) {
        sink.emit(self.now, Event::Notice(notice));
    }

    /// The call is over: settles all that is open.
    pub fn finish(&mut self, sink: &mut dyn Sink) {
        self.begin(sink);
        self.go_off_record_as_pending(sink);
        self.end_off_record(sink);
        self.front_end.flush_echo();
        self.process_judged(sink);
        while self.front_end.flush_gates() {
            self.process_judged(sink);
        }
        for track in Track::BOTH {
            if let Some(span) = self.state.lost[track].finish() {
                sink.emit(self.now, Event::Lost { track, span });
            }
            self.chunks[track].finish().into_iter().for_each(|utterance| self.transcriber.submit(utterance));
        }
        for heard in self.transcriber.close() {
            self.receive_text(heard, sink);
        }
        let mut settled = Vec::new();
        self.state.conversation.finish(&mut settled);
        settled.retain(|decision| !matches!(decision.event, TurnEvent::Floor { at, .. } if at > self.now));
        self.emit_decisions(settled, sink);
        let mut over = Vec::new();
        self.state.health.finish(&mut over);
        self.emit_health(over, sink);
        self.ended = true;
        sink.emit(self.now, Event::Ended { leak: self.leak(), sound: self.state.health.report() });
    }

    /// The agenda as it was written before the call, and what is still to be done from earlier ones.
    fn begin(&mut self, sink: &mut dyn Sink) {
        if !std::mem::replace(&mut self.begun, true) {
            self.state.agenda.items().for_each(|item| sink.emit(self.now, Event::from_item(item)));
            self.state.notes.iter().for_each(|note| sink.emit(self.now, Event::Note(note.clone())));
        }
    }

    /// Whether the call goes on without being heard.
    fn is_masked(&self) -> bool {
        self.paused || self.off_record.is_some()
    }

    fn mask_unheard(&mut self, mut block: Block) -> Block {
        if self.is_masked() {
            self.mask.mask_both(block.span());
            (block.pcm, block.lost) = (PerTrack { me: SILENCE, them: SILENCE }, PerTrack { me: true, them: true });
        } else if self.mute.is_muted() {
            self.mask.mask_microphone(block.span());
            block.pcm.me = SILENCE;
            if let Some(speech) = &mut block.speech {
                speech.me = false;
            }
        }
        block
    }

    /// The call goes on by one block.
    fn advance(&mut self, span: Span, lost: PerTrack<bool>, sink: &mut dyn Sink) {
        self.now = span.end;
        if self.is_masked() {
            self.state.not_heard += span.len();
        }
        for track in Track::BOTH {
            if let Some(span) = self.state.lost[track].push(span, lost[track]) {
                sink.emit(self.now, Event::Lost { track, span });
            }
        }
    }

    /// Moves on every block on which both tracks' detectors have decided.
    fn process_judged(&mut self, sink: &mut dyn Sink) {
        for track in Track::BOTH {
            for span in self.front_end.take_losses(track) {
                self.state.lost[track].add_late(span);
                sink.emit(self.now, Event::Lost { track, span });
            }
        }
        let others = self.front_end.take_past_others();
        self.take_back(&others, sink);
        while let Some(JudgedBlock { clean, speech }) = self.front_end.pop() {
            if clean.echo_only.me && !self.mask.is_no_data(clean.start) {
                self.state.rejected += BLOCK_DURATION;
            }
            let clean = self.mask.apply(clean);
            self.process_step(&SpeechActivity { start: clean.start, speech, lost: clean.lost }, Some(&clean), sink);
        }
    }

    /// The conversation goes on by one block, with its sound if there is any.
    fn process_step(&mut self, step: &SpeechActivity, clean: Option<&CleanBlock>, sink: &mut dyn Sink) {
        let handed_over = self.advance_floor(step, sink);
        if let Some(clean) = clean {
            self.submit_utterances(clean);
            self.check_health(clean, step.speech, sink);
        }
        while let Some(heard) = self.transcriber.poll(self.now) {
            self.receive_text(heard, sink);
        }
        self.state.agenda.advance(self.now);
        self.update_nudges(handed_over, sink);
    }

    /// The floor after one more step: whether I have just handed it over.
    fn advance_floor(&mut self, step: &SpeechActivity, sink: &mut dyn Sink) -> bool {
        let mut settled = Vec::new();
        let before = self.state.conversation.current().floor();
        self.state.conversation.step(step, &mut settled);
        self.speech_log.push(step);
        self.state.decided_until = step.start + BLOCK_DURATION;
        if step.lost.me || step.lost.them {
            self.dynamics.push_gap(Span::new(step.start, self.state.decided_until));
        }
        let after = self.state.conversation.current().floor();
        self.emit_decisions(settled, sink);
        before == Floor::Held(Track::Me) && after == Floor::Held(Track::Them)
    }

    /// What follows from a step, once all that came with it was heard.
    fn update_nudges(&mut self, handed_over: bool, sink: &mut dyn Sink) {
        self.emit_leak_change(sink);
        let moment = self.moment(handed_over, self.state.decided_until);
        match self.state.nudges.step(&moment) {
            Some(NudgeChange::Show(nudge)) => sink.emit(self.now, Event::Nudge(nudge)),
            Some(NudgeChange::Withdraw(kind)) => sink.emit(self.now, Event::NudgeWithdrawn(kind)),
            Some(NudgeChange::Expire) | None => {}
        }
    }

    /// Checks what is wrong with the sound.
    fn check_health(&mut self, clean: &CleanBlock, speech: PerTrack<bool>, sink: &mut dyn Sink) {
        let mut events = Vec::new();
        // What is silent because I am muted is no device that fails.
        let lost = PerTrack { me: clean.lost.me || self.mute.is_muted(), ..clean.lost };
        let watched = HealthInput {
            start: clean.start,
            pcm: PerTrack { me: &clean.raw.me, them: &clean.raw.them },
            speech,
            lost,
            leaking: self.state.leaking,
            in_company: self.front_end.in_company(),
            returning: self.front_end.returning().detected && !self.state.health.may_be_same_sound(),
        };
        self.state.health.push(&watched, &mut events);
        self.front_end.set_same_sound(self.state.health.active().any(|trouble| trouble == Trouble::SameSound));
        self.emit_health(events, sink);
    }

    fn emit_health(&self, events: Vec<HealthEvent>, sink: &mut dyn Sink) {
        events.into_iter().for_each(|event| sink.emit(self.now, Event::Health(event)));
    }

    /// Passes sound to the transcriber, once it is a whole utterance.
    fn submit_utterances(&mut self, clean: &CleanBlock) {
        if !self.transcriber.listens() {
            return;
        }
        // The canceller takes a little off words that are said at once: the recogniser hears them as they were, unless
        // the far end is known to be among them.
        let mine = if self.state.leaking { &clean.pcm.me } else { &clean.raw.me };
        let nothing = self.mask.is_no_data(clean.start);
        let begins = self.mask.last_end_before(clean.start);
        for (track, pcm) in [(Track::Me, mine), (Track::Them, &clean.pcm.them)] {
            // What runs into a stretch that is not to be heard ends there, and what runs on after a short one begins anew.
            let run = self.state.conversation.current().open_run(track).filter(|_| !nothing);
            let run = run.map(|run| Span::new(run.start.max(begins), run.end)).filter(|run| !run.is_empty());
            let whole = self.chunks[track].push(pcm, run);
            whole.into_iter().for_each(|utterance| self.transcriber.submit(utterance));
            if self.transcriber.has_time() {
                self.chunks[track].take_early().into_iter().for_each(|utterance| self.transcriber.prepare(utterance));
            }
        }
    }

    /// Takes what the transcriber gave back, unless it is of a stretch that is not to be heard.
    fn receive_text(&mut self, heard: Heard, sink: &mut dyn Sink) {
        if heard.runs.iter().any(|run| self.mask.overlaps(heard.track, *run)) || self.is_taken_back(&heard) {
            return;
        }
        // Words that are not kept are not kept for erasing either: emitted again, they offer no tick.
        let again = if self.keep_words { heard.clone() } else { heard.clone().without_words() };
        self.checkpoints.push_late(self.now, again);
        self.apply_text(heard, sink);
    }

    /// What was said; its words go no further unless they are kept. What they say of the floor may change the newest
    /// verdicts.
    fn apply_text(&mut self, heard: Heard, sink: &mut dyn Sink) {
        if let Some(transcription) = heard.understood() {
            self.state.agenda.observe_text(&transcription.text, heard.span().end);
        }
        let (hint, runs) = (utterances::text_hint(&heard), heard.runs.clone());
        let kept = if self.keep_words { heard } else { heard.without_words() };
        self.dynamics.push_heard(kept.clone());
        sink.emit(self.now, Event::Heard(kept));
        if let Some(hint) = hint {
            self.speech_log.push_hint(self.state.decided_until, runs, hint);
        }
        let revision = hint.map(|hint| self.state.conversation.revise(hint)).unwrap_or_default();
        for decision in revision.withdrawn {
            self.dynamics.withdraw(&decision.event);
            if is_published(&decision.event) {
                sink.emit(self.now, Event::Withdrawn(decision.event.clone()));
                sink.emit_evidence(self.now, &decision);
            }
        }
        self.emit_decisions(revision.added, sink);
        let confirmed = revision.confirmed.iter().filter(|decision| is_published(&decision.event));
        confirmed.for_each(|decision| sink.emit_evidence(self.now, decision));
    }

    /// Passes settled decisions on the floor to the figures, and their events and evidence to the sink.
    fn emit_decisions(&mut self, settled: Vec<Decision>, sink: &mut dyn Sink) {
        for decision in settled {
            self.dynamics.push(&decision.event);
            let stuck = self.state.stuck.observe(&decision.event, self.state.agenda.has_open());
            if is_published(&decision.event) {
                sink.emit(self.now, Event::Turn(decision.event.clone()));
                sink.emit_evidence(self.now, &decision);
            }
            if stuck {
                sink.emit(self.now, Event::Stuck);
            }
        }
    }

    /// What is known of the leak by now, without what was erased.
    fn leak(&self) -> Leak {
        let leak = self.front_end.leak();
        // One sound on both tracks looks like a leak, and is none.
        match leak.detected && !self.state.health.may_be_same_sound() {
            true => Leak { rejected: self.state.rejected, ..leak },
            false => Leak { rebuilt: leak.rebuilt, ..Leak::default() },
        }
    }

    fn emit_leak_change(&mut self, sink: &mut dyn Sink) {
        let leak = self.leak();
        if leak.detected != self.state.leaking {
            self.state.leaking = leak.detected;
            sink.emit(self.now, Event::Leak(leak));
        }
    }
}

/// Whether it becomes an event of the call: not where a run began, and not of every monologue.
fn is_published(event: &TurnEvent) -> bool {
    match event {
        TurnEvent::RunStarted { .. } => false,
        TurnEvent::Monologue { span, .. } => span.len() >= LONG_MONOLOGUE,
        _ => true,
    }
}

#[cfg(test)]
mod tests;
