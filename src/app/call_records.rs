//! What is kept from one live call to the next: people, their cards, what was left open, and the manager's own figures.

use std::path::PathBuf;

use jiff::Zoned;

use crate::agenda::OpenAction;
use crate::app::past_calls::{call_end, finish_cut_off, summarize, with_later};
use crate::app::{AppError, NotesFolder, Notifier, SummarizedCall, UserNotice, exports};
use crate::language::Language;
use crate::nudges::{Policy, TargetProposal, propose_target};
use crate::people::{Card, StatedCard};
use crate::prepare::{HintInput, PreparationHint, preparation_hints};
use crate::records::{CallRecord, TrialArm};
use crate::report::history::recount;
use crate::report::summary::{PriorCalls, Summary};
use crate::store::{CallFolder, CallState, DataDir, Forget, Journal, PastCall, Store, StoreError};
use crate::wire::StartPage;

/// A baseline, and the last figures with a person, are looked for in at most this many calls.
const LOOKED_THROUGH: usize = 100;

/// The language of the last call is looked for in at most this many: each is read whole.
const LANGUAGE_LOOKED_THROUGH: usize = 3;

/// What is kept from one live call to the next.
pub struct CallRecords {
    data_dir: DataDir,
    store: Store,
    days: u32,
    notes: Option<NotesFolder>,
}

impl CallRecords {
    /// Opens what is kept in a data folder, which is made if it is not there. Forgets what is older than this many
    /// days, and ends calls that were cut off; their files are in `language`. If there are `notes`, every call that counts is
    /// added to them at its end.
    ///
    /// # Errors
    /// When it cannot be opened, or what is too old cannot be forgotten. A call that cannot be ended is only a notice.
    pub fn open(
        data_dir: DataDir,
        days: u32,
        notes: Option<NotesFolder>,
        language: Language,
        notifier: &dyn Notifier,
    ) -> Result<Self, AppError> {
        let mut store = Store::open(&data_dir)?;
        store.forget_older(days, Zoned::now().timestamp())?;
        for call in store.cut_off_calls()? {
            let ended = finish_cut_off(&mut store, &call, language);
            let (id, folder) = (call.record.id, call.record.folder);
            if let (Some(notes), Ok(ended)) = (&notes, &ended)
                && ended.summary.figures.too_little(ended.summary.call.source).is_none()
            {
                append_note(notes, &ended.summary, language, notifier);
            }
            notifier.notify(match ended {
                Ok(_) => UserNotice::CutOffCallEnded { id, folder },
                // Another start may be at it; the next one tries again.
                Err(error) => UserNotice::CutOffCallNotEnded { id, error },
            });
        }
        Ok(Self { data_dir, store, days, notes })
    }

    /// Adds a call to the notes on the person it was with, if there are any: as it is kept by now, for a page may have deleted
    /// it, given it to somebody else or changed what was written down.
    pub(super) fn append_note(&self, call: &SummarizedCall, language: Language, notifier: &dyn Notifier) {
        let Some(notes) = &self.notes else { return };
        let kept = match self.store.call(Some(&call.summary.call.id)) {
            Err(StoreError::NoCall { .. }) => return,
            Ok(kept) => kept,
            Err(error) => return notifier.notify(UserNotice::NotesNotWritten(error.into())),
        };
        let mut summary = call.summary.clone();
        summary.call.with = kept.record.with;
        match with_later(&self.store, summary) {
            Ok(summary) => append_note(notes, &summary, language, notifier),
            Err(error) => notifier.notify(UserNotice::NotesNotWritten(error)),
        }
    }

    /// Whether calls are added to notes on the people they were with.
    pub fn has_notes(&self) -> bool {
        self.notes.is_some()
    }

    /// From now on the calls are forgotten after so many days, and added to these notes.
    pub(super) fn use_settings(&mut self, days: u32, notes: Option<NotesFolder>) {
        (self.days, self.notes) = (days, notes);
    }

    /// After how many days the next start forgets a call.
    pub(super) fn days(&self) -> u32 {
        self.days
    }

    /// Another connection to the same store, for the server's threads.
    pub(super) fn another_connection(&self) -> Result<Store, AppError> {
        Ok(self.store.reopen()?)
    }

    /// The folder for a call of this name, unless the user names another.
    pub(super) fn call_folder(&self, id: &str) -> PathBuf {
        self.data_dir.call_folder(id)
    }

    /// Fills in what the start page shows of people, calls and hints.
    pub(super) fn fill_start_page(&self, page: &mut StartPage, policy: &Policy) -> Result<(), AppError> {
        let (now, mut calls) = (Zoned::now(), self.store.calls(None, usize::MAX)?);
        calls.retain(PastCall::counts);
        page.people = self.store.people(&now)?.iter().map(|person| recount(person, &calls, &now)).collect();
        page.has_history = !calls.is_empty();
        let mut ended = calls.iter().filter(|call| matches!(call.state, CallState::Ended { .. }));
        page.last_call = ended.next().map(|call| call.record.id.clone());
        page.proposal = self.proposal(page, policy)?;
        page.hints = self.hints(page)?;
        Ok(())
    }

    /// What the next call is in the trial of nudges.
    ///
    /// # Errors
    /// When the calls before it cannot be read.
    pub fn next_trial_arm(&self) -> Result<TrialArm, AppError> {
        Ok(TrialArm::after(self.store.last_trial_arm()?))
    }

    /// Everybody with whom there was a call or who has a card, the newest first.
    pub(super) fn people(&self) -> Result<Vec<String>, AppError> {
        Ok(self.store.people(&Zoned::now())?.into_iter().map(|person| person.name).collect())
    }

    /// The language of the last call that was in one, of the newest few.
    pub(super) fn last_language(&self) -> Result<Option<Language>, AppError> {
        for call in self.store.calls(None, LANGUAGE_LOOKED_THROUGH)? {
            // Nothing of a summary's language depends on the words of its nudges.
            let summary = summarize(&self.store, &call, Language::default())?.summary;
            if summary.call.language.is_some() {
                return Ok(summary.call.language);
            }
        }
        Ok(None)
    }

    /// The agenda items that are still open with somebody, the oldest first.
    pub(super) fn open_items(&self, name: &str) -> Result<Vec<String>, AppError> {
        Ok(self.store.open_items(name)?.into_iter().map(|item| item.text).collect())
    }

    /// The action items that are still open with somebody, the oldest first.
    pub(super) fn open_actions(&self, name: &str) -> Result<Vec<OpenAction>, AppError> {
        Ok(self.store.open_actions(name)?)
    }

    /// Saves what somebody says today of how they like to talk.
    pub(super) fn set_card(&mut self, name: &str, card: Card) -> Result<(), AppError> {
        let stated_on = Zoned::now().date().to_string();
        Ok(self.store.set_card(name, &StatedCard { card, stated_on })?)
    }

    /// Begins a call; its journal saves while it goes on.
    pub(super) fn begin_call(&mut self, record: &CallRecord) -> Result<Journal, AppError> {
        Ok(self.store.begin_call(record)?)
    }

    /// Ends a call, and writes its `events.jsonl`. If it cannot be saved now, the journal holds it: this may be tried
    /// again.
    pub(super) fn end_call(
        &mut self,
        journal: &mut Journal,
        summary: &Summary,
        folder: &CallFolder,
    ) -> Result<(), AppError> {
        match journal.try_finish(&call_end(summary)) {
            Err(unsaved @ StoreError::Unsaved { .. }) => Err(unsaved.into()),
            saved => {
                self.store.export_events(&summary.call.id, folder)?;
                Ok(saved?)
            }
        }
    }

    /// The user's own calls before this one.
    pub(super) fn prior_calls(&self, id: &str) -> Result<PriorCalls, AppError> {
        exports::prior_calls(&self.store, id)
    }

    /// Saves what the user took their own share to be, 0 to 1; `None` if they did not say.
    pub(super) fn set_perceived(&mut self, id: &str, share: Option<f64>) -> Result<(), AppError> {
        Ok(self.store.set_perceived(id, share)?)
    }

    /// Saves what a call is for from now on, and the share that it aims at, 0 to 1.
    pub(super) fn set_aim(&mut self, record: &CallRecord) -> Result<(), AppError> {
        Ok(self.store.set_aim(&record.id, record.mode, record.target)?)
    }

    /// Keeps a call that says too little to be one of the manager's calls so far by itself.
    pub(super) fn keep_call(&mut self, id: &str) -> Result<(), AppError> {
        self.set_perceived(id, None)
    }

    /// Forgets a call that is over, with its files.
    pub(super) fn forget_call(&mut self, id: &str) -> Result<(), AppError> {
        self.store.forget(&Forget::Call(id.to_owned()))?;
        Ok(())
    }

    fn proposal(&self, page: &StartPage, policy: &Policy) -> Result<Option<TargetProposal>, AppError> {
        let calls = self.store.calls(None, LOOKED_THROUGH)?;
        let of_mode = calls.iter().rev().filter(|call| call.record.mode == page.choices.mode);
        let of_mode = of_mode.filter(|call| call.counts());
        let sure = of_mode.filter_map(|call| call.figures.as_ref()).filter(|figures| !figures.is_share_unsure());
        let shares: Vec<f64> = sure.filter_map(|figures| figures.share).collect();
        Ok(propose_target(policy, &shares, policy.target(page.choices.mode)))
    }

    fn hints(&self, page: &StartPage) -> Result<Vec<PreparationHint>, AppError> {
        let Some(with) = &page.choices.with else { return Ok(Vec::new()) };
        let person = page.people.iter().find(|person| person.name == *with);
        let last = self.store.calls(Some(with), LOOKED_THROUGH)?;
        let last = last.into_iter().filter(PastCall::counts).find_map(|call| call.figures);
        Ok(preparation_hints(&HintInput {
            target: page.target,
            card: person.and_then(|person| person.card.clone()),
            intention: self.store.next_intention(with)?,
            their_target: self.store.their_target(with)?,
            last,
        }))
    }
}

fn append_note(notes: &NotesFolder, summary: &Summary, language: Language, notifier: &dyn Notifier) {
    match notes.append(summary, language) {
        Ok(Some(path)) => notifier.notify(UserNotice::NotesWritten { path }),
        Ok(None) => {}
        Err(error) => notifier.notify(UserNotice::NotesNotWritten(error)),
    }
}

#[cfg(test)]
mod tests;
