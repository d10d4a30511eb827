//! The desk of a replay at full speed: the call waits for the words, and they arrive at a fixed time of the call, so that
//! a replay gives the same every time.

use std::io;
use std::sync::mpsc::{self, Receiver, Sender};

use crate::asr::scribe::Scribe;
use crate::asr::{AsrError, Desk, Heard, Missed, Open, Standing, Utterance};
use crate::audio::PerTrack;
use crate::time::{SampleTime, Samples};

/// When text arrives after the end of its utterance, as it does live on an idle machine.
const ARRIVES: Samples = Samples::from_ms(1_000);

/// Recognises each track on a thread of its own, and waits for it when its text is due.
pub struct Inline {
    hands: PerTrack<Hand>,
    /// What is due, in order, and what it is if its thread has ended.
    due: Vec<(SampleTime, Heard)>,
}

/// The thread of one track.
struct Hand {
    submit: Sender<Utterance>,
    back: Receiver<Heard>,
}

impl Inline {
    /// Makes a recogniser ready for each track.
    ///
    /// # Errors
    /// When one cannot be made ready.
    pub fn open(open: PerTrack<Open>) -> Result<Self, AsrError> {
        let hands = PerTrack { me: Hand::open("asr-me", open.me)?, them: Hand::open("asr-them", open.them)? };
        Ok(Self { hands, due: Vec::new() })
    }

    fn take(&mut self, heard: Heard) -> Heard {
        self.hands[heard.track].back.recv().unwrap_or(heard)
    }
}

impl Desk for Inline {
    fn submit(&mut self, utterance: Utterance) {
        let arrives = utterance.span.end + ARRIVES;
        let place = self.due.partition_point(|(at, _)| *at <= arrives);
        self.due.insert(place, (arrives, utterance.missed(Missed::Failed)));
        // A thread that has ended is found when its text is due.
        let _ = self.hands[utterance.track].submit.send(utterance);
    }

    fn poll(&mut self, now: SampleTime) -> Option<Heard> {
        let due = self.due.first().is_some_and(|(at, _)| *at <= now);
        due.then(|| self.due.remove(0).1).map(|heard| self.take(heard))
    }

    fn close(&mut self) -> Vec<Heard> {
        let left = std::mem::take(&mut self.due);
        left.into_iter().map(|(_, heard)| self.take(heard)).collect()
    }

    fn standing(&self) -> Standing {
        Standing::Ready
    }

    fn waiting(&self) -> Samples {
        Samples::ZERO
    }
}

impl Hand {
    fn open(name: &str, open: Open) -> Result<Self, AsrError> {
        let (submit, utterances) = mpsc::channel::<Utterance>();
        let (heard, back) = mpsc::channel();
        let (opened, when_opened) = mpsc::channel();
        let work = move || match Scribe::open(open) {
            Ok(mut scribe) if opened.send(Ok(())).is_ok() => {
                // Ends with the desk.
                utterances.iter().all(|utterance| heard.send(scribe.hear(&utterance)).is_ok());
            }
            Ok(_) => {}
            Err(cause) => drop(opened.send(Err(cause))),
        };
        let started = std::thread::Builder::new().name(name.to_owned()).spawn(work);
        let no_thread = |cause: io::Error| AsrError::Load(format!("no thread for the recogniser: {cause}. Try again"));
        started.map_err(no_thread)?;
        let ended = || AsrError::Load("the recogniser failed while it was loaded. Try again".to_owned());
        when_opened.recv().unwrap_or_else(|_| Err(ended()))?;
        Ok(Self { submit, back })
    }
}
