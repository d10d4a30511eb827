//! The question after a call: how it felt, whether one that says little is kept, and what becomes of the answer.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::{CallController, CallPhase};
use crate::app::call::Interrupter;
use crate::app::call::controller_event::ControllerEvent;
use crate::app::page_provider::EndedCall;
use crate::app::{AppError, SummarizedCall, UserNotice};
use crate::i18n::Bilingual;
use crate::records::{CallRecord, TooLittle};
use crate::report::summary::{Perception, Summary};
use crate::server::{ClientRequest, Responder, Server};
use crate::session::{CommandError, Event};
use crate::time::{SampleTime, Samples};
use crate::wire::{self, CallFate, ClientCommand, PerceptionQuestion};

/// How long an answer is waited for after the call, and how long a page that was there and went away is waited for.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10 * 60);
const BACK_WITHIN: Duration = Duration::from_secs(30);

const NOT_REMEMBERED: Bilingual =
    Bilingual { ja: "この通話の記録はありません。", en: "There is no record of this call." };
const NOT_ASKED: Bilingual =
    Bilingual { ja: "この通話では、割合をたずねません。", en: "This call has no share to guess." };
const NOT_SAVED: Bilingual = Bilingual {
    ja: "保存できませんでした。もう一度お試しください。",
    en: "That was not saved. Try again.",
};

impl CallController {
    /// The call is over: its page can be asked for.
    pub(in crate::app::call) fn set_ended(
        &self,
        record: CallRecord,
        events: Arc<Vec<(SampleTime, Event)>>,
        summary: &Summary,
    ) {
        let (perception, awaiting_answer) = (summary.perception, self.asks_about(summary));
        self.page_provider.set_ended(EndedCall { record, events, perception, awaiting_answer });
    }

    /// The call is over and in its files, of which `page` is shown: asks how it felt, if a page does, and ends.
    pub(in crate::app::call) fn finish(
        mut self,
        mut call: SummarizedCall,
        page: PathBuf,
        events: &Receiver<ControllerEvent>,
        interrupter: &Interrupter,
    ) {
        self.phase = CallPhase::Over;
        let (asked, too_little) = (self.asks_about(&call.summary), too_little(&call.summary));
        let fate = self.plan.records().map(|_| too_little.map_or(CallFate::Kept, |_| CallFate::Undecided));
        self.start_page.has_history = self.plan.records().is_some();
        self.start_page.perception_question = Some(PerceptionQuestion {
            asked,
            share: shown_share(&call.summary).filter(|_| !asked),
            unsure: call.summary.figures.is_share_unsure(),
            summary: page.display().to_string(),
            too_little,
            length: Samples::from_ms(call.summary.call.duration_ms),
            fate,
            ..PerceptionQuestion::default()
        });
        self.feed.publish_start_page(&self.start_page);
        let undecided = fate == Some(CallFate::Undecided) && self.askers() > 0;
        if !asked {
            self.page_provider.set_perceived(None);
        }
        if asked || undecided {
            self.wait_for_answer(&mut call, events, interrupter);
        }
        let question = self.start_page.perception_question.as_ref();
        if let Some(records) = self.plan.records()
            && question.is_some_and(|question| question.fate == Some(CallFate::Kept))
        {
            records.append_note(&call, self.plan.language, self.notifier.as_ref());
        }
        if let Some(server) = self.server.take() {
            server.stop();
        }
    }

    /// Whether a page asks how the call felt: not if the call has no share to compare that with.
    fn asks_about(&self, summary: &Summary) -> bool {
        self.askers() > 0 && shown_share(summary).is_some()
    }

    fn askers(&self) -> usize {
        self.server.as_ref().map_or(0, Server::asking_pages)
    }

    /// Waits for the answer and for the page to be done with, for it to be gone, or for an interruption.
    #[expect(clippy::disallowed_methods, reason = "a person is waited for; the call is over")]
    fn wait_for_answer(
        &mut self,
        call: &mut SummarizedCall,
        events: &Receiver<ControllerEvent>,
        interrupter: &Interrupter,
    ) {
        self.notifier.notify(UserNotice::WaitingForAnswer);
        let mut deadline = AnswerDeadline::starting_at(Instant::now());
        while !interrupter.is_pressed() {
            let left = deadline.remaining(self.askers(), Instant::now());
            match events.recv_timeout(left) {
                Ok(ControllerEvent::Request(ClientRequest { named, responder })) => match named.command {
                    ClientCommand::Perceived(share) => self.record_perceived(share, call, responder),
                    ClientCommand::KeepCall => self.decide_fate(CallFate::Kept, call, responder),
                    ClientCommand::DeleteCall => self.decide_fate(CallFate::Deleted, call, responder),
                    ClientCommand::Done => return responder.done(),
                    _ => responder.refuse(CommandError::CallEnded.words()),
                },
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Keeps the call, or deletes it with its files; what is deleted stays so.
    fn decide_fate(&mut self, fate: CallFate, call: &SummarizedCall, responder: Responder) {
        let question = self.start_page.perception_question.as_mut();
        let decided = question.as_ref().and_then(|question| question.fate);
        let (Some(question), Some(records), Some(CallFate::Undecided | CallFate::Kept)) =
            (question, self.plan.records_mut(), decided)
        else {
            return responder.refuse(NOT_REMEMBERED);
        };
        let id = &call.summary.call.id;
        let done = match fate {
            CallFate::Deleted => records.forget_call(id),
            CallFate::Kept | CallFate::Undecided if decided == Some(CallFate::Undecided) => records.keep_call(id),
            CallFate::Kept | CallFate::Undecided => Ok(()),
        };
        if let Err(error) = done {
            return self.refuse_unsaved(error, responder);
        }
        question.fate = Some(fate);
        self.page_provider.set_perceived(None);
        self.feed.publish_start_page(&self.start_page);
        responder.done();
    }

    fn record_perceived(&mut self, share: Option<f64>, call: &mut SummarizedCall, responder: Responder) {
        let question = self.start_page.perception_question.as_ref();
        if question.is_some_and(|question| question.too_little.is_some() || question.fate == Some(CallFate::Deleted)) {
            return responder.refuse(NOT_ASKED);
        }
        if let Err(error) = self.save_perceived(share, call) {
            return self.refuse_unsaved(error, responder);
        }
        self.page_provider.set_perceived(share);
        if let Some(question) = &mut self.start_page.perception_question {
            question.answer = share.map_or(wire::PerceptionAnswer::Skipped, wire::PerceptionAnswer::Perceived);
            question.share = shown_share(&call.summary);
        }
        self.feed.publish_start_page(&self.start_page);
        responder.done();
    }

    /// Saves what the user took their share to be, and writes the files again with it, beside the calls before it that
    /// are still remembered.
    fn save_perceived(&mut self, share: Option<f64>, call: &mut SummarizedCall) -> Result<(), AppError> {
        if let Some(records) = self.plan.records_mut() {
            records.set_perceived(&call.summary.call.id, share)?;
        }
        call.prior_calls = self.prior_calls(&call.summary.call.id)?;
        call.summary.perception = share.map(|share| Perception { share });
        call.write_files(self.plan.language).map(drop)
    }

    pub(super) fn refuse_unsaved(&self, error: AppError, responder: Responder) {
        self.notifier.notify(UserNotice::AnswerNotSaved(error));
        responder.refuse(NOT_SAVED);
    }
}

/// Why a call says nothing of how the manager listens, if it does not.
fn too_little(summary: &Summary) -> Option<TooLittle> {
    summary.figures.too_little(summary.call.source)
}

/// The manager's share of the talk, if both sides were heard for long enough.
fn shown_share(summary: &Summary) -> Option<f64> {
    summary.talk.me.share.filter(|_| too_little(summary).is_none())
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

    /// How much of that time is left while this many pages are there that ask.
    fn remaining(&mut self, askers: usize, now: Instant) -> Duration {
        self.back_by = if askers > 0 { None } else { self.back_by.or(Some(now + BACK_WITHIN)) };
        self.back_by.map_or(self.until, |by| by.min(self.until)).saturating_duration_since(now)
    }
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
