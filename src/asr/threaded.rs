//! The transcriber of a call in real time: the recogniser has a thread of its own, and the call never waits for it.
//!
//! The queue stays with the caller. The thread is handed one utterance at a time, when it asks for one, so that nothing
//! is shared and the oldest can give way.

use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError};
use std::time::{Duration, Instant};

use crate::asr::worker::RecognizerWorker;
use crate::asr::{Heard, Missed, RecognizerFactory, Transcriber, TranscriberStatus, Utterance};
use crate::time::{SampleTime, Samples, Span};

/// So much sound may wait; older words would come too late to be of use, and 4 MB are enough.
const MAX_BACKLOG: Samples = Samples::from_secs(120);

/// How long, at the most, the last words are waited for after the call.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(60);

const ENDED: &str = "the recogniser's thread has ended";

/// Recognises on the thread `asr`.
pub struct ThreadedTranscriber {
    queue: VecDeque<Utterance>,
    /// What the thread has in hand, as it is if it never comes back.
    in_hand: Option<(Heard, Samples)>,
    /// Waits to be asked for: parts of what the thread gave back, and what gave way to newer ones.
    returned: VecDeque<Heard>,
    to_worker: Option<SyncSender<Utterance>>,
    from_worker: Receiver<WorkerMessage>,
    status: TranscriberStatus,
}

/// What the thread says.
enum WorkerMessage {
    Ready,
    Broken(String),
    Heard(Vec<Heard>),
}

impl ThreadedTranscriber {
    /// Starts the thread, which makes the recogniser ready behind the call's beginning.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(open: RecognizerFactory) -> io::Result<Self> {
        let (hand_over, utterances) = mpsc::sync_channel(1);
        let (messages, back) = mpsc::channel();
        std::thread::Builder::new().name("asr".to_owned()).spawn(move || {
            let report = |what| messages.send(what).is_ok();
            match RecognizerWorker::new(open) {
                Ok(mut worker) if report(WorkerMessage::Ready) => {
                    // Ends when the transcriber is dropped.
                    utterances.iter().all(|utterance| report(WorkerMessage::Heard(worker.transcribe(&utterance))));
                }
                Ok(_) => {}
                Err(cause) => drop(report(WorkerMessage::Broken(cause.to_string()))),
            }
        })?;
        Ok(Self {
            queue: VecDeque::new(),
            in_hand: None,
            returned: VecDeque::new(),
            to_worker: Some(hand_over),
            from_worker: back,
            status: TranscriberStatus::Loading,
        })
    }

    /// Gives the thread the next one, if it is waiting for one.
    fn dispatch_next(&mut self) {
        let Some(thread) = self.to_worker.as_ref().filter(|_| self.in_hand.is_none()) else { return };
        let Some(next) = self.queue.pop_front() else { return };
        let in_hand = (next.as_missed(Missed::Failed), next.span.len());
        match thread.try_send(next) {
            Ok(()) => self.in_hand = Some(in_hand),
            Err(TrySendError::Full(next)) => self.queue.push_front(next),
            Err(TrySendError::Disconnected(next)) => {
                // What it last said tells why.
                self.queue.push_front(next);
                self.to_worker = None;
            }
        }
    }

    fn receive(&mut self, message: WorkerMessage) {
        match message {
            WorkerMessage::Ready => self.status = TranscriberStatus::Ready,
            WorkerMessage::Broken(why) => self.mark_broken(why),
            WorkerMessage::Heard(heard) => {
                self.in_hand = None;
                self.returned.extend(heard);
            }
        }
    }

    /// There will be no text any more: all that waits is missed.
    fn mark_broken(&mut self, why: String) {
        if !matches!(self.status, TranscriberStatus::Broken(_)) {
            self.status = TranscriberStatus::Broken(why);
        }
        self.to_worker = None;
        self.returned.extend(self.in_hand.take().map(|(heard, _)| heard));
        self.returned.extend(self.queue.drain(..).map(|utterance| utterance.as_missed(Missed::Failed)));
    }
}

impl Transcriber for ThreadedTranscriber {
    fn submit(&mut self, utterance: Utterance) {
        self.queue.push_back(utterance);
        while self.backlog() > MAX_BACKLOG
            && let Some(oldest) = self.queue.pop_front()
        {
            self.returned.push_back(oldest.as_missed(Missed::Behind));
        }
        if let TranscriberStatus::Broken(why) = &self.status {
            self.mark_broken(why.clone());
        }
        self.dispatch_next();
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
        self.returned.retain(|heard| heard.span().intersection(span).is_empty());
    }

    #[expect(clippy::disallowed_methods, reason = "the call is over, and so is its own clock")]
    fn close(&mut self) -> Vec<Heard> {
        let until = Instant::now() + CLOSE_TIMEOUT;
        while self.in_hand.is_some() || !self.queue.is_empty() {
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
        let in_hand = self.in_hand.as_ref().map(|(_, length)| *length);
        self.queue.iter().map(|utterance| utterance.span.len()).chain(in_hand).sum()
    }
}
