//! What clients ask for, on its way to the call, and the way back to the client that asked.
//!
//! Both ends are bounded. A command beyond the number that may be under way is refused with a sentence; a client that sends
//! more messages in a second than a person could is closed.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::Instant;

use crate::i18n::Bilingual;
use crate::wire::{self, NamedCommand};

/// How many commands of a client may be under way.
const MAX_IN_FLIGHT: usize = 8;

/// How many messages a client may send within [`METER_WINDOW`]: a person is slower.
const MAX_MESSAGES: usize = 20;

/// The time in which a client's messages are counted.
const METER_WINDOW: Duration = Duration::from_secs(1);

/// A client gives more commands than a person would.
const TOO_MANY_COMMANDS: Bilingual = Bilingual {
    ja: "操作が多すぎます。少し待ってから、もう一度どうぞ。",
    en: "Too many commands at once. Wait a moment and try again.",
};

/// The call takes no more commands for now.
pub const BUSY: Bilingual = Bilingual {
    ja: "いまは手いっぱいです。少し待ってから、もう一度どうぞ。",
    en: "The program is busy. Wait a moment and try again.",
};

/// Nobody is there who could do it.
const NOT_ACCEPTED: Bilingual =
    Bilingual { ja: "いまはその操作を受け付けていません。", en: "This cannot be done now." };

/// Something that clients did, for whoever runs the call.
pub enum ClientEvent {
    /// A client asks for something.
    Command(ClientRequest),
    /// How many pages there are that ask their user afterwards has changed.
    AskingPagesChanged,
}

/// Takes what clients did, on the server's thread; it may not wait.
pub type OnClientEvent = Arc<dyn Fn(ClientEvent) + Send + Sync>;

/// A command and the way back to the client that gave it.
pub struct ClientRequest {
    /// What is asked for.
    pub named: NamedCommand,
    /// The way back.
    pub responder: Responder,
}

/// The way back to the client that gave a command. If it is dropped without an answer, the command is refused.
pub struct Responder {
    name: String,
    /// The setting that was to be changed: what is refused is said at its field.
    setting: Option<String>,
    refusals: Option<(mpsc::Sender<Refusal>, OwnedSemaphorePermit)>,
}

impl Responder {
    /// The command was carried out. The page sees that by itself.
    pub fn done(mut self) {
        self.refusals = None;
    }

    /// The command was not carried out; the page shows why.
    pub fn refuse(mut self, why: Bilingual) {
        self.send(why);
    }

    /// The same with a sentence that something was put into.
    pub fn refuse_with(mut self, why: Bilingual<String>) {
        self.send(why);
    }

    fn send<Text: Serialize>(&mut self, why: Bilingual<Text>) {
        if let Some((back, permit)) = self.refusals.take() {
            let message = wire::encode_setting_refusal(&self.name, self.setting.as_deref(), why);
            // There is room for as many as there are permits; a client that is gone needs no answer.
            let _ = back.try_send(Refusal { message, _permit: permit });
        }
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        self.send(NOT_ACCEPTED);
    }
}

/// A refusal on its way to its client.
pub(super) struct Refusal {
    pub(super) message: String,
    _permit: OwnedSemaphorePermit,
}

/// One client's commands.
pub(super) struct CommandLimiter {
    refusals: mpsc::Sender<Refusal>,
    in_flight: Arc<Semaphore>,
}

impl CommandLimiter {
    /// For a client that has asked for nothing yet; refusals for it arrive at the receiver.
    pub(super) fn new() -> (Self, mpsc::Receiver<Refusal>) {
        let (back, refusals) = mpsc::channel(MAX_IN_FLIGHT);
        let free = Arc::new(Semaphore::new(MAX_IN_FLIGHT));
        (Self { refusals: back, in_flight: free }, refusals)
    }

    /// A command on its way.
    ///
    /// # Errors
    /// The message that says that there are too many.
    pub(super) fn admit(&self, asked: NamedCommand) -> Result<ClientRequest, String> {
        let permit = Arc::clone(&self.in_flight).try_acquire_owned();
        let setting = asked.command.setting();
        let Ok(permit) = permit else {
            return Err(wire::encode_setting_refusal(&asked.name, setting.as_deref(), TOO_MANY_COMMANDS));
        };
        let answer = Responder { name: asked.name.clone(), setting, refusals: Some((self.refusals.clone(), permit)) };
        Ok(ClientRequest { named: asked, responder: answer })
    }
}

/// Counts one client's messages, of any kind.
pub(super) struct MessageMeter {
    /// When the newest of them came.
    arrivals: VecDeque<Instant>,
}

impl MessageMeter {
    /// For a client that has sent nothing yet.
    pub(super) fn new() -> Self {
        Self { arrivals: VecDeque::with_capacity(MAX_MESSAGES) }
    }

    /// Takes a message that comes now: whether the client may send so many.
    pub(super) fn admit(&mut self) -> bool {
        while self.arrivals.front().is_some_and(|arrival| arrival.elapsed() >= METER_WINDOW) {
            self.arrivals.pop_front();
        }
        let fits = self.arrivals.len() < MAX_MESSAGES;
        if fits {
            self.arrivals.push_back(Instant::now());
        }
        fits
    }
}
