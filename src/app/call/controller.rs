//! The one who runs a call: takes what pages ask for to where it can be done, and says no where it cannot.
//!
//! Lives on the main thread. Owns the choices and the desk; the call itself is the audio thread's.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::time::{Duration, Instant};

use anyhow::anyhow;

use crate::agenda::MAX_ITEMS;
use crate::app::call::results::{CallResults, JournalTarget};
use crate::app::call::stop::{Interrupts, Stopper};
use crate::app::call::{AudioStart, CallPlan, StartedCall, frame};
use crate::app::page_provider::{EndedCall, PageProvider};
use crate::nudges::Bilingual;
use crate::prepare::StartRequest;
use crate::records::CallRecord;
use crate::report::summary::PriorCalls;
use crate::server::{self, ClientRequest, Feed, Responder, Server};
use crate::session::{Command, CommandError, CommandRequest, Event, command_queue};
use crate::time::SampleTime;
use crate::wire::{self, ClientCommand, PerceptionQuestion, StartPage};

/// So much may wait for the main thread.
pub(super) const QUEUE: usize = 64;

/// How often it is looked whether the call is being saved.
const SAVING_CHECK_INTERVAL: Duration = Duration::from_secs(2);

/// How long an answer is waited for after the call, and a page that was there and went.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10 * 60);
const BACK_WITHIN: Duration = Duration::from_secs(30);

const NOT_BEGUN: Bilingual =
    Bilingual { ja: "通話はまだ始まっていません。", en: "The call has not begun yet." };
const BEGUN: Bilingual = Bilingual { ja: "通話はもう始まっています。", en: "The call has begun already." };
const WITH_NOBODY: Bilingual = Bilingual {
    ja: "先に、だれとの通話かを入れてください。",
    en: "Say first who the call is with.",
};
const NOT_OVER: Bilingual =
    Bilingual { ja: "通話が終わってから、どうぞ。", en: "The call is not over yet." };

/// What the main thread is told.
pub(super) enum ControllerEvent {
    /// The source is open.
    SourceOpened,
    /// A page asks for something.
    Request(ClientRequest),
    /// Something is to be looked at: which pages there are, or whether Ctrl-C was pressed.
    Wake,
    /// The audio thread is through.
    AudioEnded,
}

/// How far it is.
enum CallPhase {
    Before,
    During { orders: SyncSender<CommandRequest> },
    Over,
}

/// The one who runs a call.
pub(super) struct CallController {
    plan: CallPlan,
    start_page: StartPage,
    feed: Feed,
    stopper: Stopper,
    phase: CallPhase,
    server: Option<Server>,
    page_provider: Arc<PageProvider>,
    start_sender: SyncSender<AudioStart>,
    /// Whether the user was told that the call is not being saved.
    unsaved: bool,
    /// What is known once the call has begun.
    pub(super) started: Option<StartedCall>,
}

impl CallController {
    pub(super) fn new(plan: CallPlan, feed: Feed, stopper: Stopper, start_sender: SyncSender<AudioStart>) -> Self {
        let start_page = StartPage {
            choices: plan.choices.clone(),
            targets: plan.setup.policy.targets,
            off_record: plan.off_record,
            ..StartPage::default()
        };
        let page_provider = Arc::default();
        Self {
            plan,
            start_page,
            feed,
            stopper,
            phase: CallPhase::Before,
            server: None,
            page_provider,
            start_sender,
            unsaved: false,
            started: None,
        }
    }

    /// Runs it until the audio thread is through.
    pub(super) fn run(
        &mut self,
        news: &Receiver<ControllerEvent>,
        tell: &SyncSender<ControllerEvent>,
    ) -> anyhow::Result<()> {
        loop {
            match news.recv_timeout(SAVING_CHECK_INTERVAL) {
                Ok(ControllerEvent::SourceOpened) => self.start_serving(tell)?,
                Ok(ControllerEvent::Request(said)) => self.handle_request(said)?,
                Ok(ControllerEvent::Wake) | Err(RecvTimeoutError::Timeout) => {}
                Ok(ControllerEvent::AudioEnded) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            self.report_saving();
        }
    }

    /// Tells the user where a call is not being saved, and where it is again.
    #[expect(clippy::print_stderr, reason = "the command line's own voice")]
    fn report_saving(&mut self) {
        let Some(saving) = self.started.as_ref().and_then(|begun| begun.saving.as_ref()) else { return };
        match (saving.state().trouble, self.unsaved) {
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
    fn start_serving(&mut self, tell: &SyncSender<ControllerEvent>) -> anyhow::Result<()> {
        if let Some((setup, browser)) = &self.plan.overlay {
            if let Some(book) = &self.plan.records {
                self.page_provider.set_store(book.another_connection()?);
            }
            let pages = Arc::clone(&self.page_provider);
            let server = Server::start_with(setup, self.feed.clone(), request_forwarder(tell.clone()), pages)?;
            println!("overlay: {}", server.overlay_url());
            let unopened = browser.then(|| server.open_browser().err()).flatten();
            if let Some(error) = unopened {
                tracing::debug!(%error, "no browser opens");
                eprintln!("keicho: no browser could be opened; open the address above in one yourself");
            }
            self.server = Some(server);
            if self.plan.begins_on_page {
                eprintln!("keicho: the call begins on the page. Ctrl-C leaves without one");
            }
        }
        if !self.plan.begins_on_page {
            self.carry_over_open_items()?;
        }
        self.publish_start_page()?;
        if self.plan.begins_on_page { Ok(()) } else { self.begin_call() }
    }

    /// Where nobody chooses on the page, what was left open with this person is talked about again.
    fn carry_over_open_items(&mut self) -> anyhow::Result<()> {
        if let (Some(book), Some(with)) = (&self.plan.records, &self.start_page.choices.with) {
            self.start_page.choices.agenda = book.open_items(with)?.into_iter().take(MAX_ITEMS).collect();
        }
        Ok(())
    }

    /// Shows the pages what is chosen, and what is known of it.
    fn publish_start_page(&mut self) -> anyhow::Result<()> {
        let frame = frame(&self.plan, &self.start_page.choices);
        self.start_page.target = frame.target;
        if let Some(book) = &self.plan.records {
            book.fill_start_page(&mut self.start_page, &self.plan.setup.policy)?;
        }
        self.feed.set_plan(frame, &self.start_page.choices.agenda);
        self.feed.publish_start_page(&self.start_page);
        Ok(())
    }

    fn begin_call(&mut self) -> anyhow::Result<()> {
        let choices = &self.start_page.choices;
        let mut begun = StartedCall::begin(&mut self.plan, choices)?;
        let (give, controls) = command_queue(self.stopper.flag());
        let start = begun.prepare_start(&mut self.plan, choices, controls, self.feed.clone())?;
        self.start_sender.send(start).map_err(|_| anyhow!("the audio thread has ended; see the messages above"))?;
        self.phase = CallPhase::During { orders: give };
        self.started = Some(begun);
        Ok(())
    }

    /// Does what a page asks for, or says why not.
    fn handle_request(&mut self, said: ClientRequest) -> anyhow::Result<()> {
        let ClientRequest { named: asked, responder: answer } = said;
        match (&self.phase, asked.command) {
            (CallPhase::Before, ClientCommand::BeforeCall(wish)) => self.handle_start_request(wish, answer)?,
            (CallPhase::Before, _) => answer.refuse(NOT_BEGUN),
            (CallPhase::During { .. }, ClientCommand::BeforeCall(_)) => answer.refuse(BEGUN),
            (CallPhase::During { orders }, ClientCommand::Session(command)) => forward_command(orders, command, answer),
            (CallPhase::During { orders }, ClientCommand::OffRecord) => {
                forward_command(orders, self.off_record(), answer)
            }
            (CallPhase::During { .. }, ClientCommand::Stop) => {
                self.stopper.stop();
                answer.done();
            }
            (CallPhase::During { .. }, ClientCommand::Perceived(_) | ClientCommand::Done) => answer.refuse(NOT_OVER),
            (CallPhase::Over, _) => answer.refuse(CommandError::CallEnded.words()),
        }
        Ok(())
    }

    fn off_record(&self) -> Command {
        Command::OffRecord { last: self.start_page.off_record.last, next: self.start_page.off_record.next }
    }

    fn handle_start_request(&mut self, wish: StartRequest, answer: Responder) -> anyhow::Result<()> {
        match wish {
            StartRequest::Prepare(change) => self.start_page.choices.apply(change),
            StartRequest::Card(card) => {
                let (Some(book), Some(with)) = (&mut self.plan.records, &self.start_page.choices.with) else {
                    answer.refuse(WITH_NOBODY);
                    return Ok(());
                };
                if let Err(error) = book.set_card(with, card) {
                    refuse_unsaved(&error, answer);
                    return Ok(());
                }
            }
            StartRequest::Begin => {
                self.begin_call()?;
                answer.done();
                return Ok(());
            }
        }
        answer.done();
        self.publish_start_page()
    }

    /// The user's own calls before this one; none where no book is kept.
    pub(super) fn prior_calls(&self, id: &str) -> anyhow::Result<PriorCalls> {
        self.plan.records.as_ref().map_or_else(|| Ok(PriorCalls::default()), |book| book.prior_calls(id))
    }

    /// Saves the rest of a call that is over.
    pub(super) fn save(&mut self, keeping: JournalTarget, results: &CallResults) -> anyhow::Result<()> {
        match (keeping, &mut self.plan.records) {
            (JournalTarget::Store(journal), Some(book)) => book.end_call(journal, &results.summary, &results.folder)?,
            // A journal of the book's that has no book is saved when it is dropped, and ended at the next start.
            (JournalTarget::Store(_), None) => {}
            (JournalTarget::File(file), _) => drop(file.finish()?),
        }
        Ok(())
    }

    /// The call is over: its page can be asked for.
    pub(super) fn publish_summary(
        &self,
        record: CallRecord,
        events: Arc<Vec<(SampleTime, Event)>>,
        results: &CallResults,
    ) {
        let (perception, asked) = (results.summary.perception, self.askers() > 0);
        self.page_provider.set_ended(EndedCall { record, events, perception, awaiting_answer: asked });
    }

    /// The call is over and in its files: asks how it felt, if a page does, and ends.
    pub(super) fn finish(
        mut self,
        mut results: CallResults,
        news: &Receiver<ControllerEvent>,
        interrupts: &Interrupts,
    ) -> anyhow::Result<()> {
        self.phase = CallPhase::Over;
        let asked = self.askers() > 0;
        let share = results.summary.talk.me.share;
        let summary = results.page().display().to_string();
        self.start_page.has_history = self.plan.records.is_some();
        self.start_page.perception_question = Some(PerceptionQuestion {
            asked,
            share: share.filter(|_| !asked),
            summary,
            ..PerceptionQuestion::default()
        });
        self.feed.publish_start_page(&self.start_page);
        if asked {
            self.wait_for_answer(&mut results, news, interrupts);
        } else {
            self.page_provider.set_perceived(None);
        }
        if let Some(server) = self.server.take() {
            server.stop();
        }
        Ok(())
    }

    fn askers(&self) -> usize {
        self.server.as_ref().map_or(0, Server::asking_pages)
    }

    /// Waits for the answer and for the page to be done with, for it to be gone, or for Ctrl-C.
    #[expect(clippy::disallowed_methods, reason = "a person is waited for; the call is over")]
    #[expect(clippy::print_stderr, reason = "the command line's own voice")]
    fn wait_for_answer(
        &mut self,
        results: &mut CallResults,
        news: &Receiver<ControllerEvent>,
        interrupts: &Interrupts,
    ) {
        eprintln!("keicho: all is saved; the page asks how the call felt. Ctrl-C ends at once");
        let mut patience = AnswerDeadline::starting_at(Instant::now());
        while !interrupts.pressed() {
            let left = patience.remaining(self.askers(), Instant::now());
            match news.recv_timeout(left) {
                Ok(ControllerEvent::Request(ClientRequest { named: asked, responder: answer })) => {
                    match asked.command {
                        ClientCommand::Perceived(share) => self.record_perceived(share, results, answer),
                        ClientCommand::Done => return answer.done(),
                        _ => answer.refuse(CommandError::CallEnded.words()),
                    }
                }
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn record_perceived(&mut self, share: Option<f64>, results: &mut CallResults, answer: Responder) {
        let book = self.plan.records.as_mut();
        let id = results.summary.call.id.clone();
        let saved = book.map_or(Ok(()), |book| book.set_perceived(&id, share));
        let before = saved.and_then(|()| self.prior_calls(&id));
        if let Err(error) = before.and_then(|before| results.set_perceived(share, before)) {
            return refuse_unsaved(&error, answer);
        }
        self.page_provider.set_perceived(share);
        if let Some(after) = &mut self.start_page.perception_question {
            after.answer = share.map_or(wire::PerceptionAnswer::Skipped, wire::PerceptionAnswer::Perceived);
            after.share = results.summary.talk.me.share;
        }
        self.feed.publish_start_page(&self.start_page);
        answer.done();
    }
}

/// How long the page is waited for after the call.
struct AnswerDeadline {
    until: Instant,
    /// By when a page that went has to be back.
    back_by: Option<Instant>,
}

impl AnswerDeadline {
    fn starting_at(now: Instant) -> Self {
        Self { until: now + ANSWERED_WITHIN, back_by: None }
    }

    /// How much of it is left, where so many pages are there that ask.
    fn remaining(&mut self, askers: usize, now: Instant) -> Duration {
        self.back_by = if askers > 0 { None } else { self.back_by.or(Some(now + BACK_WITHIN)) };
        self.back_by.map_or(self.until, |by| by.min(self.until)).saturating_duration_since(now)
    }
}

/// It could not be written down.
const NOT_SAVED: Bilingual = Bilingual {
    ja: "保存できませんでした。理由は端末に出ています。",
    en: "That was not saved. The terminal says why.",
};

#[expect(clippy::print_stderr, reason = "the command line's own voice")]
fn refuse_unsaved(error: &anyhow::Error, answer: Responder) {
    eprintln!("keicho: what was given on the page could not be saved: {error:#}");
    answer.refuse(NOT_SAVED);
}

/// A command on its way to the call's thread, which answers.
fn forward_command(orders: &SyncSender<CommandRequest>, command: Command, answer: Responder) {
    let order = CommandRequest::new(command, move |done| match done {
        Ok(()) => answer.done(),
        Err(refused) => answer.refuse(refused.words()),
    });
    // An order that is dropped refuses by itself.
    if let Err(TrySendError::Full(_)) = orders.try_send(order) {
        tracing::warn!("commands come faster than the call can take them");
    }
}

/// What clients ask for, to the main thread; where that is behind, nobody waits.
fn request_forwarder(tell: SyncSender<ControllerEvent>) -> server::OnClientEvent {
    Arc::new(move |news| match news {
        server::ClientEvent::Command(said) => {
            if let Err(TrySendError::Full(ControllerEvent::Request(said))) =
                tell.try_send(ControllerEvent::Request(said))
            {
                said.responder.refuse(server::BUSY);
            }
        }
        // What does not fit is not needed: whoever empties the queue looks by itself.
        server::ClientEvent::AskingPagesChanged => drop(tell.try_send(ControllerEvent::Wake)),
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
        let mut patience = AnswerDeadline::starting_at(begin);
        assert_eq!(patience.remaining(1, at(0)), secs(600));
        assert_eq!(patience.remaining(2, at(100)), secs(500));
        assert_eq!(patience.remaining(0, at(200)), secs(30), "gone");
        assert_eq!(patience.remaining(0, at(220)), secs(10), "still gone");
        assert_eq!(patience.remaining(1, at(225)), secs(375), "back");
        assert_eq!(patience.remaining(0, at(300)), secs(30), "gone again");
        assert_eq!(patience.remaining(0, at(330)), secs(0));
        assert_eq!(patience.remaining(1, at(601)), secs(0));
    }
}
