//! The one who runs a call: takes what pages ask for to where it can be done, and says no where it cannot.
//!
//! Lives on the main thread. Owns the choices and the desk; the call itself is the audio thread's.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::time::{Duration, Instant};

use anyhow::anyhow;

use crate::agenda::MOST_ITEMS;
use crate::cli::call::ending::{Interrupts, Stopper};
use crate::cli::call::library::{Ended, Library};
use crate::cli::call::results::{Keeping, Results};
use crate::cli::call::{Begun, Plan, Start, frame};
use crate::nudges::Words;
use crate::prepare::Wish;
use crate::server::{self, Answer, Feed, Said, Server};
use crate::session::{Command, Event, Order, Refused, orders};
use crate::summary::{Before, CallInfo};
use crate::time::SampleTime;
use crate::wire::{self, After, ClientCommand, Desk};

/// So much may wait for the main thread.
pub(super) const QUEUE: usize = 64;

/// How often it is looked whether the call is being saved.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How long an answer is waited for after the call, and a page that was there and went.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10 * 60);
const BACK_WITHIN: Duration = Duration::from_secs(30);

const NOT_BEGUN: Words = Words { ja: "通話はまだ始まっていません。", en: "The call has not begun yet." };
const BEGUN: Words = Words { ja: "通話はもう始まっています。", en: "The call has begun already." };
const WITH_NOBODY: Words =
    Words { ja: "先に、だれとの通話かを入れてください。", en: "Say first who the call is with." };
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
    library: Arc<Library>,
    starts: SyncSender<Start>,
    /// Whether the user was told that the call is not being saved.
    unsaved: bool,
    /// What is known once the call has begun.
    pub(super) begun: Option<Begun>,
}

impl Host {
    pub(super) fn new(plan: Plan, feed: Feed, stopper: Stopper, starts: SyncSender<Start>) -> Self {
        let desk = Desk {
            choices: plan.choices.clone(),
            targets: plan.setup.policy.targets,
            off_record: plan.off_record,
            ..Desk::default()
        };
        let library = Arc::default();
        Self {
            plan,
            desk,
            feed,
            stopper,
            phase: Phase::Before,
            server: None,
            library,
            starts,
            unsaved: false,
            begun: None,
        }
    }

    /// Runs it until the audio thread is through.
    pub(super) fn run(&mut self, news: &Receiver<News>, tell: &SyncSender<News>) -> anyhow::Result<()> {
        loop {
            match news.recv_timeout(LOOK_EVERY) {
                Ok(News::Opened) => self.open(tell)?,
                Ok(News::Said(said)) => self.hear(said)?,
                Ok(News::Look) | Err(RecvTimeoutError::Timeout) => {}
                Ok(News::Ended) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            self.look();
        }
    }

    /// Tells the user where a call is not being saved, and where it is again.
    #[expect(clippy::print_stderr, reason = "the command line's own voice")]
    fn look(&mut self) {
        let Some(saving) = self.begun.as_ref().and_then(|begun| begun.saving.as_ref()) else { return };
        match (saving.now().trouble, self.unsaved) {
            (Some(why), false) => {
                eprintln!(
                    "keicho: warning: the call cannot be saved now ({why}); it goes on, and saving is tried again"
                );
                self.unsaved = true;
            }
            (None, true) => {
                eprintln!("keicho: the call is saved again");
                self.unsaved = false;
            }
            _ => {}
        }
    }

    /// The source is open: now the overlay may be seen, and the call begin.
    #[expect(clippy::print_stdout, clippy::print_stderr, reason = "the command line's own voice")]
    fn open(&mut self, tell: &SyncSender<News>) -> anyhow::Result<()> {
        if let Some((setup, browser)) = &self.plan.overlay {
            if let Some(book) = &self.plan.book {
                self.library.remember(book.another()?);
            }
            let pages = Arc::clone(&self.library);
            let server = Server::listening(setup, self.feed.clone(), ears(tell.clone()), pages)?;
            println!("overlay: {}", server.overlay());
            let unopened = browser.then(|| server.open_browser().err()).flatten();
            if let Some(error) = unopened {
                tracing::debug!(%error, "no browser opens");
                eprintln!("keicho: no browser could be opened; open the address above in one yourself");
            }
            self.server = Some(server);
            if self.plan.on_page {
                eprintln!("keicho: the call begins on the page. Ctrl-C leaves without one");
            }
        }
        if !self.plan.on_page {
            self.carry_over()?;
        }
        self.show()?;
        if self.plan.on_page { Ok(()) } else { self.begin() }
    }

    /// Where nobody chooses on the page, what was left open with this person is talked about again.
    fn carry_over(&mut self) -> anyhow::Result<()> {
        if let (Some(book), Some(with)) = (&self.plan.book, &self.desk.choices.with) {
            self.desk.choices.agenda = book.open_items(with)?.into_iter().take(MOST_ITEMS).collect();
        }
        Ok(())
    }

    /// Shows the pages what is chosen, and what is known of it.
    fn show(&mut self) -> anyhow::Result<()> {
        let frame = frame(&self.plan, &self.desk.choices);
        self.desk.target = frame.target;
        if let Some(book) = &self.plan.book {
            book.lay(&mut self.desk, &self.plan.setup.policy)?;
        }
        self.feed.plan(frame, &self.desk.choices.agenda);
        self.feed.desk(&self.desk);
        Ok(())
    }

    fn begin(&mut self) -> anyhow::Result<()> {
        let choices = &self.desk.choices;
        let mut begun = Begun::now(&mut self.plan, choices)?;
        let (give, controls) = orders(self.stopper.flag());
        let start = begun.start(&mut self.plan, choices, controls, self.feed.clone())?;
        self.starts.send(start).map_err(|_| anyhow!("the audio thread has ended; see the messages above"))?;
        self.phase = Phase::During { orders: give };
        self.begun = Some(begun);
        Ok(())
    }

    /// Does what a page asks for, or says why not.
    fn hear(&mut self, said: Said) -> anyhow::Result<()> {
        let Said { asked, answer } = said;
        match (&self.phase, asked.what) {
            (Phase::Before, ClientCommand::Before(wish)) => self.prepare(wish, answer)?,
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

    fn prepare(&mut self, wish: Wish, answer: Answer) -> anyhow::Result<()> {
        match wish {
            Wish::Prepare(change) => self.desk.choices.change(change),
            Wish::Card(card) => {
                let (Some(book), Some(with)) = (&mut self.plan.book, &self.desk.choices.with) else {
                    answer.refuse(WITH_NOBODY);
                    return Ok(());
                };
                if let Err(error) = book.set_card(with, &card) {
                    not_saved(&error, answer);
                    return Ok(());
                }
            }
            Wish::Begin => {
                self.begin()?;
                answer.done();
                return Ok(());
            }
        }
        answer.done();
        self.show()
    }

    /// The user's own calls before this one; none where no book is kept.
    pub(super) fn before(&self, id: &str) -> anyhow::Result<Before> {
        self.plan.book.as_ref().map_or_else(|| Ok(Before::default()), |book| book.before(id))
    }

    /// Saves the rest of a call that is over.
    pub(super) fn keep(&mut self, keeping: Keeping, results: &Results) -> anyhow::Result<()> {
        match (keeping, &mut self.plan.book) {
            (Keeping::Book(journal), Some(book)) => book.end(journal, &results.summary, &results.folder)?,
            // A journal of the book's that has no book is saved when it is dropped, and ended at the next start.
            (Keeping::Book(_), None) => {}
            (Keeping::File(file), _) => drop(file.finish()?),
        }
        Ok(())
    }

    /// The call is over: its page can be asked for.
    pub(super) fn shelve(&self, info: CallInfo, events: Arc<Vec<(SampleTime, Event)>>, results: &Results) {
        let (perception, asked) = (results.summary.perception, self.askers() > 0);
        self.library.end(Ended { info, events, perception, asked, folder: results.folder.clone() });
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
        self.desk.history = self.plan.book.is_some();
        self.desk.after = Some(After { asked, share: share.filter(|_| !asked), summary, ..After::default() });
        self.feed.desk(&self.desk);
        if asked {
            self.wait(&mut results, news, interrupts);
        } else {
            self.library.perceived(None);
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
        let mut patience = Patience::from(Instant::now());
        while !interrupts.pressed() {
            let left = patience.left(self.askers(), Instant::now());
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

    fn perceived(&mut self, share: Option<f64>, results: &mut Results, answer: Answer) {
        let book = self.plan.book.as_mut();
        let id = results.summary.call.id.clone();
        let saved = book.map_or(Ok(()), |book| book.perceived(&id, share));
        let before = saved.and_then(|()| self.before(&id));
        if let Err(error) = before.and_then(|before| results.perceived(share, before)) {
            return not_saved(&error, answer);
        }
        self.library.perceived(share);
        if let Some(after) = &mut self.desk.after {
            after.answer = share.map_or(wire::Answer::Skipped, wire::Answer::Perceived);
            after.share = results.summary.talk.me.share;
        }
        self.feed.desk(&self.desk);
        answer.done();
    }
}

/// How long the page is waited for after the call.
struct Patience {
    until: Instant,
    /// By when a page that went has to be back.
    back_by: Option<Instant>,
}

impl Patience {
    fn from(now: Instant) -> Self {
        Self { until: now + ANSWERED_WITHIN, back_by: None }
    }

    /// How much of it is left, where so many pages are there that ask.
    fn left(&mut self, askers: usize, now: Instant) -> Duration {
        self.back_by = if askers > 0 { None } else { self.back_by.or(Some(now + BACK_WITHIN)) };
        self.back_by.map_or(self.until, |by| by.min(self.until)).saturating_duration_since(now)
    }
}

/// It could not be written down.
const NOT_SAVED: Words = Words {
    ja: "保存できませんでした。理由は端末に出ています。",
    en: "That was not saved. The terminal says why.",
};

#[expect(clippy::print_stderr, reason = "the command line's own voice")]
fn not_saved(error: &anyhow::Error, answer: Answer) {
    eprintln!("keicho: what was given on the page could not be saved: {error:#}");
    answer.refuse(NOT_SAVED);
}

/// A command on its way to the call's thread, which answers.
fn order(orders: &SyncSender<Order>, command: Command, answer: Answer) {
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
    Arc::new(move |news| match news {
        server::News::Said(said) => {
            if let Err(TrySendError::Full(News::Said(said))) = tell.try_send(News::Said(said)) {
                said.answer.refuse(server::BUSY);
            }
        }
        // What does not fit is not needed: whoever empties the queue looks by itself.
        server::News::Pages => drop(tell.try_send(News::Look)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "an instant cannot be had otherwise; nothing waits")]
    fn a_page_is_waited_for_but_not_for_ever() {
        let begin = Instant::now();
        let at = |secs| begin + Duration::from_secs(secs);
        let secs = Duration::from_secs;
        let mut patience = Patience::from(begin);
        assert_eq!(patience.left(1, at(0)), secs(600));
        assert_eq!(patience.left(2, at(100)), secs(500));
        assert_eq!(patience.left(0, at(200)), secs(30), "gone");
        assert_eq!(patience.left(0, at(220)), secs(10), "still gone");
        assert_eq!(patience.left(1, at(225)), secs(375), "back");
        assert_eq!(patience.left(0, at(300)), secs(30), "gone again");
        assert_eq!(patience.left(0, at(330)), secs(0));
        assert_eq!(patience.left(1, at(601)), secs(0));
    }
}
