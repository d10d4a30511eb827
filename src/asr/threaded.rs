//! The transcriber of a call in real time: the recogniser has a thread of its own, and the call never waits for it.
//!
//! The queue stays with the caller. The thread is handed one utterance at a time, when it asks for one, so that nothing
//! is shared and the oldest can give way.

use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError};
use std::time::{Duration, Instant};

use crate::asr::recent_sound::RecentSound;
use crate::asr::worker::{DecodedAhead, OutdatedUtterance, RecognizerWorker, Transcribed};
use crate::asr::{CallLanguage, Heard, Missed, RecognizerFactory, Transcriber, TranscriberStatus, Utterance};
use crate::language::Language;
use crate::time::{SampleTime, Samples, Span};

/// How much sound may wait for a recogniser that works, besides what it has in hand: older words would come too late to be
/// of use. What one side says at a stretch, 25 s at the most, always fits.
const MAX_WAITING: Samples = Samples::from_secs(30);

/// How much may wait while its model is being loaded, which may take a minute from a slow disk: 4 MB.
const MAX_WAITING_FOR_MODEL: Samples = Samples::from_secs(120);

/// How long, at the most, the last words are waited for after the call.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(60);

/// A recogniser that took longer for what it did last, because others keep the computer busy or its model is large, has no
/// time for what may be thrown away.
const QUICK: Duration = Duration::from_secs(1);

const ENDED: &str = "the recogniser's thread has ended";

/// Recognises on the thread `asr`.
pub struct ThreadedTranscriber {
    queue: VecDeque<Utterance>,
    /// What is to be decoded again, in the language that it is in; newer words come first.
    again: VecDeque<DecodingJob>,
    /// What the thread has in hand. One that nobody wants any more has no sound.
    in_hand: Option<Utterance>,
    /// Whether that was only shown to it, and what came of the last one that was.
    looks_ahead: bool,
    ahead: Option<(Utterance, DecodedAhead)>,
    /// How long the thread took for what it did last.
    took: Duration,
    /// What may have to be decoded again.
    recent: RecentSound,
    /// Waits to be asked for: parts of what the thread gave back, and what gave way to newer ones.
    returned: VecDeque<Heard>,
    to_worker: Option<SyncSender<DecodingJob>>,
    from_worker: Receiver<Timed>,
    status: TranscriberStatus,
}

/// What the thread does next.
struct DecodingJob {
    utterance: Utterance,
    purpose: Purpose,
}

/// Why an utterance is decoded.
enum Purpose {
    /// It was handed over; what there is of it already.
    Words(Option<DecodedAhead>),
    /// It was decoded in another language than this, which it is in.
    Again(Language),
    /// It may be over.
    LookAhead,
}

/// What the thread says.
enum WorkerMessage {
    Ready,
    Broken(String),
    Transcribed(Transcribed),
    /// `None` if the recogniser failed at it.
    DecodedAhead(Option<DecodedAhead>),
}

/// What it says, and how long it took for it.
type Timed = (WorkerMessage, Duration);

impl ThreadedTranscriber {
    /// Starts the thread, which makes the recogniser ready behind the call's beginning.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(open: RecognizerFactory, language: CallLanguage) -> io::Result<Self> {
        let (hand_over, jobs) = mpsc::sync_channel::<DecodingJob>(1);
        let (messages, back) = mpsc::channel();
        std::thread::Builder::new().name("asr".to_owned()).spawn(move || {
            let report = |what| messages.send((what, Duration::ZERO)).is_ok();
            match RecognizerWorker::new(open, language) {
                Ok(mut worker) if report(WorkerMessage::Ready) => {
                    // Ends when the transcriber is dropped, or if the recogniser failed and cannot be had again.
                    let goes_on = jobs
                        .iter()
                        .all(|job| messages.send(job.run_timed(&mut worker)).is_ok() && worker.broken().is_none());
                    if let Some(why) = worker.broken().filter(|_| !goes_on) {
                        // Nobody listens any more if the call is over.
                        let _ = report(WorkerMessage::Broken(why.to_owned()));
                    }
                }
                Ok(_) => {}
                Err(cause) => drop(report(WorkerMessage::Broken(cause.to_string()))),
            }
        })?;
        Ok(Self {
            queue: VecDeque::new(),
            again: VecDeque::new(),
            in_hand: None,
            looks_ahead: false,
            ahead: None,
            took: Duration::ZERO,
            recent: RecentSound::new(language),
            returned: VecDeque::new(),
            to_worker: Some(hand_over),
            from_worker: back,
            status: TranscriberStatus::Loading,
        })
    }

    /// Gives the thread the next one, if it is waiting for one.
    fn dispatch_next(&mut self) {
        if self.in_hand.is_some() || self.to_worker.is_none() {
            return;
        }
        if let Some(utterance) = self.queue.pop_front() {
            let ahead = self.ahead.take_if(|(shown, _)| *shown == utterance).map(|(_, decoded)| decoded);
            tracing::debug!(ahead = ahead.is_some(), ms = utterance.span.len().as_ms(), "an utterance is decoded");
            return self.dispatch(DecodingJob { utterance, purpose: Purpose::Words(ahead) });
        }
        if let Some(job) = self.again.pop_front() {
            self.dispatch(job);
        }
    }

    fn dispatch(&mut self, job: DecodingJob) {
        let Some(thread) = &self.to_worker else { return };
        let (in_hand, looks_ahead) = (job.utterance.clone(), matches!(job.purpose, Purpose::LookAhead));
        match thread.try_send(job) {
            Ok(()) => (self.in_hand, self.looks_ahead) = (Some(in_hand), looks_ahead),
            Err(TrySendError::Full(job)) => self.put_back(job),
            Err(TrySendError::Disconnected(job)) => {
                // What it last said tells why.
                self.put_back(job);
                self.to_worker = None;
            }
        }
    }

    /// How much sound waits for the thread.
    fn waiting(&self) -> Samples {
        self.queue.iter().map(|utterance| utterance.span.len()).sum()
    }

    fn max_waiting(&self) -> Samples {
        match self.status {
            TranscriberStatus::Loading => MAX_WAITING_FOR_MODEL,
            _ => MAX_WAITING,
        }
    }

    fn put_back(&mut self, job: DecodingJob) {
        match job.purpose {
            Purpose::Words(_) => self.queue.push_front(job.utterance),
            Purpose::Again(_) => self.again.push_front(job),
            Purpose::LookAhead => {}
        }
    }

    fn receive(&mut self, (message, took): Timed) {
        self.took = took;
        match message {
            WorkerMessage::Ready => self.status = TranscriberStatus::Ready,
            WorkerMessage::Broken(why) => self.mark_broken(why),
            WorkerMessage::DecodedAhead(decoded) => {
                let utterance = self.in_hand.take().filter(|utterance| !utterance.pcm.is_empty());
                self.ahead = utterance.zip(decoded);
            }
            WorkerMessage::Transcribed(Transcribed { heard, outdated }) => {
                self.in_hand.take().into_iter().for_each(|utterance| self.recent.push(utterance));
                self.returned.extend(heard);
                outdated.into_iter().for_each(|outdated| self.decode_again(outdated));
            }
        }
    }

    /// Has an earlier utterance decoded in the language that it is in, if its sound is still kept. Otherwise its text,
    /// which is wrong, gives way to none.
    fn decode_again(&mut self, outdated: OutdatedUtterance) {
        self.returned.retain(|heard| !outdated.replaces(heard));
        let waits =
            |job: &&mut DecodingJob| job.utterance.track == outdated.track && job.utterance.span == outdated.span;
        if let Some(job) = self.again.iter_mut().find(waits) {
            job.purpose = Purpose::Again(outdated.language);
            return;
        }
        match self.recent.take(outdated.track, outdated.span) {
            Some(utterance) => {
                self.again.push_back(DecodingJob { utterance, purpose: Purpose::Again(outdated.language) })
            }
            None => self.returned.push_back(outdated.into_missed()),
        }
    }

    /// There will be no text any more: all that waits is missed.
    fn mark_broken(&mut self, why: String) {
        if !matches!(self.status, TranscriberStatus::Broken(_)) {
            self.status = TranscriberStatus::Broken(why);
        }
        self.to_worker = None;
        let again = self.again.drain(..).map(|job| job.utterance);
        let in_hand = self.in_hand.take().filter(|_| !self.looks_ahead);
        let waiting = in_hand.into_iter().chain(again).chain(self.queue.drain(..));
        self.returned.extend(waiting.map(|utterance| utterance.as_missed(Missed::Failed)));
    }
}

impl DecodingJob {
    #[expect(
        clippy::disallowed_methods,
        reason = "how busy the computer is, which decides nothing but what is begun early"
    )]
    fn run_timed(self, worker: &mut RecognizerWorker) -> Timed {
        let begun = Instant::now();
        (self.run(worker), begun.elapsed())
    }

    fn run(self, worker: &mut RecognizerWorker) -> WorkerMessage {
        match self.purpose {
            Purpose::LookAhead => WorkerMessage::DecodedAhead(worker.decode_ahead(&self.utterance)),
            Purpose::Words(ahead) => WorkerMessage::Transcribed(worker.transcribe(&self.utterance, ahead)),
            Purpose::Again(language) => {
                let heard = worker.transcribe_again(&self.utterance, language);
                WorkerMessage::Transcribed(Transcribed { heard, outdated: Vec::new() })
            }
        }
    }
}

impl Transcriber for ThreadedTranscriber {
    fn submit(&mut self, utterance: Utterance) {
        self.queue.push_back(utterance);
        while self.waiting() > self.max_waiting()
            && let Some(oldest) = self.queue.pop_front()
        {
            self.returned.push_back(oldest.as_missed(Missed::Behind));
        }
        if let TranscriberStatus::Broken(why) = &self.status {
            self.mark_broken(why.clone());
        }
        self.dispatch_next();
    }

    /// Begins with it only if it would stand idle, and is quick: what was handed over never waits for what may be thrown away, but for what
    /// is left of the one in hand.
    fn look_ahead(&mut self, utterance: &Utterance) {
        let idle = self.in_hand.is_none() && self.queue.is_empty() && self.again.is_empty();
        if idle && self.took <= QUICK && self.status == TranscriberStatus::Ready {
            self.ahead = None;
            tracing::debug!(ms = utterance.span.len().as_ms(), "what may be an utterance is decoded ahead");
            self.dispatch(DecodingJob { utterance: utterance.clone(), purpose: Purpose::LookAhead });
        }
    }

    fn poll(&mut self, _: SampleTime) -> Option<Heard> {
        match self.from_worker.try_recv() {
            Ok(message) => self.receive(message),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => self.mark_broken(ENDED.to_owned()),
        }
        self.dispatch_next();
        self.returned.pop_front()
    }

    /// What the thread has in hand comes back.
    fn discard(&mut self, span: Span) {
        self.queue.retain(|utterance| utterance.span.intersection(span).is_empty());
        self.again.retain(|job| job.utterance.span.intersection(span).is_empty());
        self.recent.discard(span);
        self.ahead.take_if(|(utterance, _)| !utterance.span.intersection(span).is_empty());
        if let Some(in_hand) = self.in_hand.as_mut().filter(|in_hand| !in_hand.span.intersection(span).is_empty()) {
            in_hand.pcm.clear();
        }
        self.returned.retain(|heard| heard.span().intersection(span).is_empty());
    }

    #[expect(clippy::disallowed_methods, reason = "the call is over, and so is its own clock")]
    fn close(&mut self) -> Vec<Heard> {
        let until = Instant::now() + CLOSE_TIMEOUT;
        while self.in_hand.is_some() || !self.queue.is_empty() || !self.again.is_empty() {
            self.dispatch_next();
            match self.from_worker.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(message) => self.receive(message),
                Err(RecvTimeoutError::Timeout) => self.mark_broken("the recogniser took too long".to_owned()),
                Err(RecvTimeoutError::Disconnected) => self.mark_broken(ENDED.to_owned()),
            }
        }
        self.returned.drain(..).collect()
    }

    fn status(&self) -> TranscriberStatus {
        self.status.clone()
    }

    fn backlog(&self) -> Samples {
        let in_hand = self.in_hand.iter().filter(|_| !self.looks_ahead);
        self.queue.iter().chain(in_hand).map(|utterance| utterance.span.len()).sum()
    }
}
