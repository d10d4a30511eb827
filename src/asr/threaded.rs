//! The desk of a call at the pace of life: the recogniser has a thread of its own, and the call never waits for it.
//!
//! The queue stays with the caller. The thread is handed one utterance at a time, when it asks for one, so that nothing
//! is shared and the oldest can give way.

use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError};
use std::time::{Duration, Instant};

use crate::asr::scribe::Scribe;
use crate::asr::{Desk, Heard, Missed, Open, Standing, Utterance};
use crate::time::{SampleTime, Samples, Span};

/// So much sound may wait; older words would come too late to be of use, and 4 MB are enough.
const MOST_WAITING: Samples = Samples::from_secs(120);

/// After the call its last words are waited for so long at the most.
const PATIENCE: Duration = Duration::from_secs(60);

const ENDED: &str = "the recogniser's thread has ended";

/// Recognises on the thread `asr`.
pub struct Threaded {
    queue: VecDeque<Utterance>,
    /// What the thread has in hand, as it is if it never comes back.
    in_hand: Option<(Heard, Samples)>,
    /// Gave way to newer ones.
    gone: VecDeque<Heard>,
    hand_over: Option<SyncSender<Utterance>>,
    back: Receiver<News>,
    standing: Standing,
}

/// What the thread says.
enum News {
    Ready,
    Broken(String),
    Heard(Box<Heard>),
}

impl Threaded {
    /// Starts the thread, which makes the recogniser ready behind the call's beginning.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(open: Open) -> io::Result<Self> {
        let (hand_over, utterances) = mpsc::sync_channel(1);
        let (news, back) = mpsc::channel();
        std::thread::Builder::new().name("asr".to_owned()).spawn(move || {
            let told = |what| news.send(what).is_ok();
            match Scribe::open(open) {
                Ok(mut scribe) if told(News::Ready) => {
                    // Ends with the desk.
                    utterances.iter().all(|utterance| told(News::Heard(Box::new(scribe.hear(&utterance)))));
                }
                Ok(_) => {}
                Err(cause) => drop(told(News::Broken(cause.to_string()))),
            }
        })?;
        Ok(Self {
            queue: VecDeque::new(),
            in_hand: None,
            gone: VecDeque::new(),
            hand_over: Some(hand_over),
            back,
            standing: Standing::Loading,
        })
    }

    /// Gives the thread the next one, if it is waiting for one.
    fn hand_over(&mut self) {
        let Some(thread) = self.hand_over.as_ref().filter(|_| self.in_hand.is_none()) else { return };
        let Some(next) = self.queue.pop_front() else { return };
        let in_hand = (next.missed(Missed::Failed), next.span.len());
        match thread.try_send(next) {
            Ok(()) => self.in_hand = Some(in_hand),
            Err(TrySendError::Full(next)) => self.queue.push_front(next),
            Err(TrySendError::Disconnected(next)) => {
                // What it last said tells why.
                self.queue.push_front(next);
                self.hand_over = None;
            }
        }
    }

    fn hear(&mut self, news: News) -> Option<Heard> {
        match news {
            News::Ready => {
                self.standing = Standing::Ready;
                None
            }
            News::Broken(why) => {
                self.broken(why);
                None
            }
            News::Heard(heard) => {
                self.in_hand = None;
                Some(*heard)
            }
        }
    }

    /// There will be no text any more: all that waits is missed.
    fn broken(&mut self, why: String) {
        if !matches!(self.standing, Standing::Broken(_)) {
            self.standing = Standing::Broken(why);
        }
        self.hand_over = None;
        self.gone.extend(self.in_hand.take().map(|(heard, _)| heard));
        self.gone.extend(self.queue.drain(..).map(|utterance| utterance.missed(Missed::Failed)));
    }
}

impl Desk for Threaded {
    fn submit(&mut self, utterance: Utterance) {
        self.queue.push_back(utterance);
        while self.waiting() > MOST_WAITING
            && let Some(oldest) = self.queue.pop_front()
        {
            self.gone.push_back(oldest.missed(Missed::Behind));
        }
        if let Standing::Broken(why) = &self.standing {
            self.broken(why.clone());
        }
        self.hand_over();
    }

    fn poll(&mut self, _: SampleTime) -> Option<Heard> {
        let heard = match self.back.try_recv() {
            Ok(news) => self.hear(news),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                self.broken(ENDED.to_owned());
                None
            }
        };
        self.hand_over();
        heard.or_else(|| self.gone.pop_front())
    }

    /// What the thread has in hand comes back.
    fn forget(&mut self, span: Span) {
        self.queue.retain(|utterance| utterance.span.overlap(span).is_empty());
        self.gone.retain(|heard| heard.span().overlap(span).is_empty());
    }

    #[expect(clippy::disallowed_methods, reason = "the call is over, and so is its own clock")]
    fn close(&mut self) -> Vec<Heard> {
        let until = Instant::now() + PATIENCE;
        let mut left = Vec::new();
        while self.in_hand.is_some() || !self.queue.is_empty() {
            self.hand_over();
            match self.back.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(news) => left.extend(self.hear(news)),
                Err(RecvTimeoutError::Timeout) => self.broken("the recogniser took too long".to_owned()),
                Err(RecvTimeoutError::Disconnected) => self.broken(ENDED.to_owned()),
            }
        }
        left.extend(self.gone.drain(..));
        left
    }

    fn standing(&self) -> Standing {
        self.standing.clone()
    }

    fn waiting(&self) -> Samples {
        let in_hand = self.in_hand.as_ref().map(|(_, length)| *length);
        self.queue.iter().map(|utterance| utterance.span.len()).chain(in_hand).sum()
    }
}
