//! The one who runs a call: takes what pages ask for to where it can be done, and says no where it cannot.
//!
//! Lives on the main thread. Owns the choices and the desk; the call itself is the audio thread's.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::time::{Duration, Instant};

use anyhow::anyhow;

use crate::cli::call::ending::{Interrupts, Stopper};
use crate::cli::call::results::Results;
use crate::cli::call::{Begun, Plan, Start, frame};
use crate::nudges::Words;
use crate::prepare::Wish;
use crate::server::{self, Answer, Feed, Said, Server};
use crate::session::{Command, Order, Refused, orders};
use crate::wire::{self, After, ClientCommand, Desk};

/// So much may wait for the main thread.
pub(super) const QUEUE: usize = 64;

/// How long an answer is waited for after the call, and a page that was there and went.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10 * 60);
const BACK_WITHIN: Duration = Duration::from_secs(30);

const NOT_BEGUN: Words = Words { ja: "通話はまだ始まっていません。", en: "The call has not begun yet." };
const BEGUN: Words = Words { ja: "通話はもう始まっています。", en: "The call has begun already." };
const NOT_OVER: Words = Words { ja: "通話が終わってから、どうぞ。", en: "The call is not over yet." };

/// What the main thread is told.
pub(super) enum News {
    /// The source is open.
    Opened,
    /// A page asks for something.
    Said(Said),
    /// Something is to be looked at: which pages there are, or whether Ctrl-C was pressed.
    Look,
    /// The audio thread is through.
    Ended,
}

/// How far it is.
enum Phase {
    Before,
    During { orders: SyncSender<Order> },
    Over,
}

/// The one who runs a call.
pub(super) struct Host {
    plan: Plan,
    desk: Desk,
    feed: Feed,
    stopper: Stopper,
    phase: Phase,
    server: Option<Server>,
    starts: SyncSender<Start>,
    /// What is known once the call has begun.
    pub(super) begun: Option<Begun>,
}

impl Host {
    pub(super) fn new(plan: Plan, feed: Feed, stopper: Stopper, starts: SyncSender<Start>) -> Self {
        let desk = Desk { choices: plan.choices.clone(), off_record: plan.off_record, ..Desk::default() };
        Self { plan, desk, feed, stopper, phase: Phase::Before, server: None, starts, begun: None }
    }

    /// Runs it until the audio thread is through.
    pub(super) fn run(&mut self, news: &Receiver<News>, tell: &SyncSender<News>) -> anyhow::Result<()> {
        loop {
            match news.recv() {
                Ok(News::Opened) => self.open(tell)?,
                Ok(News::Said(said)) => self.hear(said)?,
                Ok(News::Look) => {}
                Ok(News::Ended) | Err(_) => return Ok(()),
            }
        }
    }

    /// The source is open: now the overlay may be seen, and the call begin.
    #[expect(clippy::print_stdout, clippy::print_stderr, reason = "the command line's own voice")]
    fn open(&mut self, tell: &SyncSender<News>) -> anyhow::Result<()> {
        if let Some((setup, browser)) = &self.plan.overlay {
            let server = Server::listening(setup, self.feed.clone(), ears(tell.clone()))?;
            println!("overlay: {}", server.overlay());
            let unopened = browser.then(|| server.open_browser().err()).flatten();
            if let Some(error) = unopened {
                eprintln!("keicho: no browser could be opened ({error}); open the address above yourself");
            }
            self.server = Some(server);
            if self.plan.on_page {
                eprintln!("keicho: the call begins on the page. Ctrl-C leaves without one");
            }
        }
        self.show();
        if self.plan.on_page { Ok(()) } else { self.begin() }
    }

    /// Shows the pages what is chosen.
    fn show(&mut self) {
        let frame = frame(&self.plan, &self.desk.choices);
        self.desk.target = frame.target;
        self.feed.reframe(frame);
        self.feed.desk(&self.desk);
    }

    fn begin(&mut self) -> anyhow::Result<()> {
        let choices = &self.desk.choices;
        let begun = Begun::now(&mut self.plan, choices)?;
        let (give, controls) = orders(self.stopper.flag());
        let start = begun.start(&self.plan, choices, controls, self.feed.clone())?;
        self.starts.send(start).map_err(|_| anyhow!("the audio thread has ended; see the messages above"))?;
        self.phase = Phase::During { orders: give };
        self.begun = Some(begun);
        Ok(())
    }

    /// Does what a page asks for, or says why not.
    fn hear(&mut self, said: Said) -> anyhow::Result<()> {
        let Said { asked, answer } = said;
        match (&self.phase, asked.what) {
            (Phase::Before, ClientCommand::Before(Wish::Begin)) => {
                self.begin()?;
                answer.done();
            }
            (Phase::Before, ClientCommand::Before(wish)) => self.prepare(wish, answer),
            (Phase::Before, _) => answer.refuse(NOT_BEGUN),
            (Phase::During { .. }, ClientCommand::Before(_)) => answer.refuse(BEGUN),
            (Phase::During { orders }, ClientCommand::Session(command)) => order(orders, command, answer),
            (Phase::During { orders }, ClientCommand::OffRecord) => order(orders, self.off_record(), answer),
            (Phase::During { .. }, ClientCommand::Stop) => {
                self.stopper.stop();
                answer.done();
            }
            (Phase::During { .. }, ClientCommand::Perceived(_) | ClientCommand::Done) => answer.refuse(NOT_OVER),
            (Phase::Over, _) => answer.refuse(Refused::Over.words()),
        }
        Ok(())
    }

    fn off_record(&self) -> Command {
        Command::OffRecord { last: self.desk.off_record.last, next: self.desk.off_record.next }
    }

    fn prepare(&mut self, wish: Wish, answer: Answer) {
        match wish {
            Wish::Prepare(change) => {
                self.desk.choices.change(change);
                self.show();
                answer.done();
            }
            Wish::Card(_) | Wish::Begin => answer.refuse(NOT_BEGUN),
        }
    }

    /// The call is over and in its files: asks how it felt, if a page does, and ends.
    pub(super) fn leave(
        mut self,
        mut results: Results,
        news: &Receiver<News>,
        interrupts: &Interrupts,
    ) -> anyhow::Result<()> {
        self.phase = Phase::Over;
        let asked = self.askers() > 0;
        let share = results.summary.talk.me.share;
        let summary = results.page().display().to_string();
        self.desk.after = Some(After { asked, share: share.filter(|_| !asked), summary, ..After::default() });
        self.feed.desk(&self.desk);
        if asked {
            self.wait(&mut results, news, interrupts);
        }
        if let Some(server) = self.server.take() {
            server.stop();
        }
        Ok(())
    }

    fn askers(&self) -> usize {
        self.server.as_ref().map_or(0, Server::askers)
    }

    /// Waits for the answer and for the page to be done with, for it to be gone, or for Ctrl-C.
    #[expect(clippy::disallowed_methods, reason = "a person is waited for; the call is over")]
    #[expect(clippy::print_stderr, reason = "the command line's own voice")]
    fn wait(&mut self, results: &mut Results, news: &Receiver<News>, interrupts: &Interrupts) {
        eprintln!("keicho: all is saved; the page asks how the call felt. Ctrl-C ends at once");
        let until = Instant::now() + ANSWERED_WITHIN;
        let mut gone: Option<Instant> = None;
        while !interrupts.pressed() {
            gone = if self.askers() > 0 { None } else { gone.or_else(|| Some(Instant::now() + BACK_WITHIN)) };
            let left = gone.map_or(until, |gone| gone.min(until)).saturating_duration_since(Instant::now());
            match news.recv_timeout(left) {
                Ok(News::Said(Said { asked, answer })) => match asked.what {
                    ClientCommand::Perceived(share) => self.perceived(share, results, answer),
                    ClientCommand::Done => return answer.done(),
                    _ => answer.refuse(Refused::Over.words()),
                },
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    #[expect(clippy::print_stderr, reason = "the command line's own voice")]
    fn perceived(&mut self, share: Option<f64>, results: &mut Results, answer: Answer) {
        if let Err(error) = results.perceived(share) {
            eprintln!("keicho: what you answered could not be saved: {error:#}");
            return answer.refuse(NOT_SAVED);
        }
        if let Some(after) = &mut self.desk.after {
            after.answer = share.map_or(wire::Answer::Skipped, wire::Answer::Perceived);
            after.share = results.summary.talk.me.share;
        }
        self.feed.desk(&self.desk);
        answer.done();
    }
}

/// It could not be written down.
const NOT_SAVED: Words = Words {
    ja: "保存できませんでした。理由は keicho を動かしている端末に出ています。",
    en: "That could not be saved. The terminal that runs keicho says why.",
};

/// A command on its way to the call's thread, which answers.
fn order(orders: &SyncSender<Order>, command: Command, answer: Answer) {
    // The answer is the order's; where the order is not taken it comes back with it.
    let order = Order::new(command, move |done| match done {
        Ok(()) => answer.done(),
        Err(refused) => answer.refuse(refused.words()),
    });
    // An order that is dropped refuses by itself.
    if let Err(TrySendError::Full(_)) = orders.try_send(order) {
        tracing::warn!("commands come faster than the call can take them");
    }
}

/// What clients ask for, to the main thread; where that is behind, nobody waits.
fn ears(tell: SyncSender<News>) -> server::Ears {
    std::sync::Arc::new(move |news| match news {
        server::News::Said(said) => {
            if let Err(TrySendError::Full(News::Said(said))) = tell.try_send(News::Said(said)) {
                said.answer.refuse(server::BUSY);
            }
        }
        // What does not fit is not needed: whoever empties the queue looks by itself.
        server::News::Pages => drop(tell.try_send(News::Look)),
    })
}
