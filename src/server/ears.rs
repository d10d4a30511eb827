//! What clients ask for, on its way to the call, and the way back to the one who asked.
//!
//! Bounded at both ends: a client has so many commands under way and gives so many a second, and is told so beyond that.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::Instant;

use crate::nudges::Words;
use crate::wire::{self, Asked};

/// So many commands of a client may be under way.
const UNDER_WAY: usize = 8;

/// A client may give so many commands at once …
const AT_ONCE: u32 = 32;

/// … and another each so often: a person is slower.
const ANOTHER_EVERY: Duration = Duration::from_millis(125);

/// A client gives more commands than a person would.
const TOO_MANY: Words = Words {
    ja: "操作が多すぎます。少し待ってから、もう一度どうぞ。",
    en: "Too many commands at once. Wait a moment and try again.",
};

/// The call takes no more commands for now.
pub const BUSY: Words = Words {
    ja: "いまは手いっぱいです。少し待ってから、もう一度どうぞ。",
    en: "The program is busy. Wait a moment and try again.",
};

/// Nobody is there who could do it.
const NOBODY: Words =
    Words { ja: "いまはその操作を受け付けていません。", en: "This cannot be done now." };

/// News of the clients, for the one who runs the call.
pub enum News {
    /// A client asks for something.
    Said(Said),
    /// How many pages there are that ask their user afterwards has changed.
    Pages,
}

/// Who is told of clients, on the server's thread; may not wait.
pub type Ears = Arc<dyn Fn(News) + Send + Sync>;

/// A command and the way back to the client that gave it.
pub struct Said {
    /// What is asked for.
    pub asked: Asked,
    /// The way back.
    pub answer: Answer,
}

/// The way back to the client that gave a command. Dropped without a word it refuses.
pub struct Answer {
    name: String,
    back: Option<(mpsc::Sender<Refusal>, OwnedSemaphorePermit)>,
}

impl Answer {
    /// It was done, and the page sees it.
    pub fn done(mut self) {
        self.back = None;
    }

    /// It was not done.
    pub fn refuse(mut self, why: Words) {
        self.send(why);
    }

    fn send(&mut self, why: Words) {
        if let Some((back, permit)) = self.back.take() {
            // There is room for as many as there are permits; a client that is gone needs no answer.
            let _ = back.try_send(Refusal { message: wire::refused(&self.name, why), _permit: permit });
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.send(NOBODY);
    }
}

/// A refusal on its way to its client.
pub(super) struct Refusal {
    pub(super) message: String,
    _permit: OwnedSemaphorePermit,
}

/// One client's commands.
pub(super) struct Mouth {
    back: mpsc::Sender<Refusal>,
    free: Arc<Semaphore>,
    /// How many it may give at once.
    left: u32,
    /// Since when the next one is on its way.
    since: Instant,
}

impl Mouth {
    /// A client that has asked for nothing yet, and what it is told.
    pub(super) fn new() -> (Self, mpsc::Receiver<Refusal>) {
        let (back, refusals) = mpsc::channel(UNDER_WAY);
        let free = Arc::new(Semaphore::new(UNDER_WAY));
        (Self { back, free, left: AT_ONCE, since: Instant::now() }, refusals)
    }

    /// A command on its way.
    ///
    /// # Errors
    /// The message that says that there are too many.
    pub(super) fn say(&mut self, asked: Asked) -> Result<Said, String> {
        let permit = Arc::clone(&self.free).try_acquire_owned().ok().filter(|_| self.may());
        let Some(permit) = permit else { return Err(wire::refused(&asked.name, TOO_MANY)) };
        let answer = Answer { name: asked.name.clone(), back: Some((self.back.clone(), permit)) };
        Ok(Said { asked, answer })
    }

    fn may(&mut self) -> bool {
        while self.left < AT_ONCE && self.since.elapsed() >= ANOTHER_EVERY {
            self.left += 1;
            self.since += ANOTHER_EVERY;
        }
        if self.left == AT_ONCE {
            self.since = Instant::now();
        }
        self.left = match self.left.checked_sub(1) {
            Some(left) => left,
            None => return false,
        };
        true
    }
}
