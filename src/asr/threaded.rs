//! The transcriber of a call in real time: the recogniser has a thread of its own, and the call never waits for it.
//!
//! The queue stays with the caller. The thread is handed one utterance at a time, when it asks for one, so that nothing
//! is shared and the oldest can give way.
//!
//! A thread that is fast and has nothing to do decodes what may not be whole: an utterance is known to be over a second after
//! it is, and until then most of it can be decoded. If somebody went on to speak, that is thrown away.

use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError};
use std::time::{Duration, Instant};

use crate::asr::recent_sound::RecentSound;
use crate::asr::worker::{EarlyDecoding, OutdatedUtterance, RecognizerWorker, Transcribed};
use crate::asr::{CallLanguage, Heard, Missed, RecognizerFactory, Transcriber, TranscriberStatus, Utterance};
use crate::language::Language;
use crate::time::{SampleTime, Samples, Span};

/// How much sound may wait for a recogniser that works, besides what it has in hand: older words would come too late to be
/// of use. What one side says at a stretch, 25 s at the most, always fits.
const MAX_WAITING: Samples = Samples::from_secs(30);

/// How much may wait while its model is being loaded, which may take a minute from a slow disk: 4 MB.
const MAX_WAITING_FOR_MODEL: Samples = Samples::from_secs(120);

/// A recogniser that took longer than this, and a quarter of the sound, has no time for what may not be wanted: one core that
/// is all its own takes 0.8 s for a word with `base`, and 1.8 s for 10 s.
const EARLY_LIMIT: Samples = Samples::from_secs(2);

/// How long, at the most, the last words are waited for after the call.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(60);

const ENDED: &str = "the recogniser's thread has ended";

/// Recognises on the thread `asr`.
pub struct ThreadedTranscriber {
    queue: VecDeque<Utterance>,
    /// What is to be decoded again, in the language that it is in; newer words come first.
    again: VecDeque<DecodingJob>,
    /// What the thread has in hand. One that nobody wants any more has no sound.
    in_hand: Option<InHand>,
    /// What was decoded before it was known to be whole.
    early: Option<EarlyDecoding>,
    /// Whether the thread was fast enough last.
    fast: bool,
    /// The newest moment of the call.
    now: SampleTime,
    /// What may have to be decoded again.
    recent: RecentSound,
    /// Waits to be asked for: parts of what the thread gave back, and what gave way to newer ones.
    returned: VecDeque<Heard>,
    to_worker: Option<SyncSender<DecodingJob>>,
    from_worker: Receiver<WorkerMessage>,
    status: TranscriberStatus,
}

/// What the thread has in hand.
struct InHand {
    utterance: Utterance,
    since: SampleTime,
    /// Whether it may not be whole: nothing is counted on it.
    early: bool,
}

/// What the thread does next.
struct DecodingJob {
    utterance: Utterance,
    what: Decoding,
}

enum Decoding {
    First {
        /// The call so far, if its language is to be found by that as well; else empty.
        opening: Vec<i16>,
        /// What came of it, or of its beginning, before it was known to be whole.
        early: Option<EarlyDecoding>,
    },
    /// It was decoded in another language, and is in this.
    Again(Language),
    /// It may not be whole.
    Early,
}

/// What the thread says.
enum WorkerMessage {
    Ready,
    Broken(String),
    Transcribed(Transcribed),
    Early(Option<EarlyDecoding>),
}

impl ThreadedTranscriber {
    /// Starts the thread, which makes the recogniser ready behind the call's beginning.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(open: RecognizerFactory, language: CallLanguage) -> io::Result<Self> {
        let (hand_over, jobs) = mpsc::sync_channel::<DecodingJob>(1);
        let (messages, back) = mpsc::channel();
        std::thread::Builder::new().name("asr".to_owned()).spawn(move || {
            let report = |what| messages.send(what).is_ok();
            match RecognizerWorker::new(open, language) {
                Ok(mut worker) if report(WorkerMessage::Ready) => {
                    // Ends when the transcriber is dropped, or if the recogniser failed and cannot be had again.
                    let goes_on = jobs.into_iter().all(|job| report(job.run(&mut worker)) && worker.broken().is_none());
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
            early: None,
            fast: false,
            now: SampleTime::ZERO,
            recent: RecentSound::new(language),
            returned: VecDeque::new(),
            to_worker: Some(hand_over),
            from_worker: back,
            status: TranscriberStatus::Loading,
        })
    }

    /// Gives the thread the next one, if it is waiting for one.
    fn dispatch_next(&mut self) {
        if self.to_worker.is_none() || self.in_hand.is_some() {
            return;
        }
        let first = self.queue.pop_front().map(|utterance| {
            let opening = self.recent.take_opening(&utterance);
            // If somebody went on to speak, it is of no use to anything later either.
            let early = self.early.take_if(|early| early.utterance.track == utterance.track);
            DecodingJob { utterance, what: Decoding::First { opening, early } }
        });
        if let Some(next) = first.or_else(|| self.again.pop_front()) {
            self.hand_over(next);
        }
    }

    fn hand_over(&mut self, next: DecodingJob) {
        let Some(thread) = &self.to_worker else { return };
        let early = matches!(next.what, Decoding::Early);
        let in_hand = InHand { utterance: next.utterance.clone(), since: self.now, early };
        match thread.try_send(next) {
            Ok(()) => self.in_hand = Some(in_hand),
            Err(TrySendError::Full(next)) => self.put_back(next),
            Err(TrySendError::Disconnected(next)) => {
                // What it last said tells why.
                self.put_back(next);
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
        match job.what {
            Decoding::First { .. } => self.queue.push_front(job.utterance),
            Decoding::Again(_) => self.again.push_front(job),
            Decoding::Early => {}
        }
    }

    fn receive(&mut self, message: WorkerMessage) {
        match message {
            WorkerMessage::Ready => self.status = TranscriberStatus::Ready,
            WorkerMessage::Broken(why) => self.mark_broken(why),
            WorkerMessage::Early(early) => {
                let wanted = self.take_in_hand().is_some_and(|utterance| !utterance.pcm.is_empty());
                self.early = early.filter(|_| wanted);
            }
            WorkerMessage::Transcribed(Transcribed { heard, outdated }) => {
                self.take_in_hand().into_iter().for_each(|utterance| self.recent.push(utterance));
                self.returned.extend(heard);
                outdated.into_iter().for_each(|outdated| self.decode_again(outdated));
            }
        }
    }

    /// What the thread has had in hand, and how long.
    fn take_in_hand(&mut self) -> Option<Utterance> {
        let InHand { utterance, since, .. } = self.in_hand.take()?;
        let quarter = Samples::new(utterance.span.len().count() / 4);
        self.fast = self.now - since <= EARLY_LIMIT + quarter;
        Some(utterance)
    }

    /// Has an earlier utterance decoded in the language that it is in, if its sound is still kept. Otherwise its text,
    /// which is wrong, gives way to none.
    fn decode_again(&mut self, outdated: OutdatedUtterance) {
        self.returned.retain(|heard| !outdated.replaces(heard));
        let waits =
            |job: &&mut DecodingJob| job.utterance.track == outdated.track && job.utterance.span == outdated.span;
        if let Some(job) = self.again.iter_mut().find(waits) {
            job.what = Decoding::Again(outdated.language);
            return;
        }
        match self.recent.take(outdated.track, outdated.span) {
            Some(utterance) => {
                self.again.push_back(DecodingJob { utterance, what: Decoding::Again(outdated.language) });
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
        let in_hand = self.in_hand.take().filter(|in_hand| !in_hand.early).map(|in_hand| in_hand.utterance);
        let waiting = in_hand.into_iter().chain(again).chain(self.queue.drain(..));
        self.returned.extend(waiting.map(|utterance| utterance.as_missed(Missed::Failed)));
    }
}

impl DecodingJob {
    fn run(self, worker: &mut RecognizerWorker) -> WorkerMessage {
        let Self { utterance, what } = self;
        match what {
            Decoding::First { opening, early } => {
                WorkerMessage::Transcribed(worker.transcribe(&utterance, &opening, early))
            }
            Decoding::Again(language) => {
                let heard = worker.transcribe_again(&utterance, language);
                WorkerMessage::Transcribed(Transcribed { heard, outdated: Vec::new() })
            }
            Decoding::Early => WorkerMessage::Early(worker.decode_early(&utterance)),
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

    fn has_time(&self) -> bool {
        let nothing_waits = self.in_hand.is_none() && self.queue.is_empty() && self.again.is_empty();
        self.fast && nothing_waits && self.status == TranscriberStatus::Ready
    }

    fn prepare(&mut self, utterance: Utterance) {
        if self.has_time() {
            self.hand_over(DecodingJob { utterance, what: Decoding::Early });
        }
    }

    fn poll(&mut self, now: SampleTime) -> Option<Heard> {
        self.now = now;
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
        self.early.take_if(|early| !early.utterance.span.intersection(span).is_empty());
        let in_hand = self.in_hand.as_mut().map(|in_hand| &mut in_hand.utterance);
        if let Some(in_hand) = in_hand.filter(|in_hand| !in_hand.span.intersection(span).is_empty()) {
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
        let in_hand = self.in_hand.iter().filter(|in_hand| !in_hand.early).map(|in_hand| &in_hand.utterance);
        self.queue.iter().chain(in_hand).map(|utterance| utterance.span.len()).sum()
    }
}
