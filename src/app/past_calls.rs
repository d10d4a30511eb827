//! Calls that are over: their summaries, made again from their events, and the end of those that were cut off.

use jiff::Zoned;

use crate::agenda::CheckIn;
use crate::app::AppError;
use crate::app::exports::{self, SummarizedCall};
use crate::language::Language;
use crate::records::TheirAnswer;
use crate::report::export::Export;
use crate::report::history::History;
use crate::report::summary::{Perception, Summary};
use crate::session;
use crate::store::{
    CallEnd, CallFolder, CallState, DataDir, Forget, Forgotten, PastCall, Perceived, Store, StoreError,
};

/// The calls that are kept, to look back on them. As long as this is open, nobody can forget all of them.
pub struct PastCalls {
    store: Store,
}

impl PastCalls {
    /// Opens the store in a data folder, which is made if it is not there.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(data_dir: &DataDir) -> Result<Self, AppError> {
        Ok(Self { store: Store::open(data_dir)? })
    }

    /// Opens the store to look at what is in it, after what is older than this many days is forgotten.
    ///
    /// # Errors
    /// When it cannot be opened, or what is too old cannot be forgotten.
    pub fn open_within(data_dir: &DataDir, days: u32) -> Result<Self, AppError> {
        let mut opened = Self::open(data_dir)?;
        match opened.store.forget_older(days, Zoned::now().timestamp()) {
            // What is forgotten cannot be found any more; what is left of it in the log goes with the next start.
            Ok(_) | Err(StoreError::LogInUse { .. }) => Ok(opened),
            Err(error) => Err(error.into()),
        }
    }

    /// At most `most` calls, the newest first: those with one person, or all.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn list(&self, with: Option<&str>, most: usize) -> Result<Vec<PastCall>, AppError> {
        Ok(self.store.calls(with, most)?)
    }

    /// The call of this name, or else the last one.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn find(&self, id: Option<&str>) -> Result<PastCall, AppError> {
        Ok(self.store.call(id)?)
    }

    /// What a call comes to, made again from its events. This ends a call that was cut off, and writes its files.
    /// The words of its nudges, and of files that are written, are in `language`.
    ///
    /// # Errors
    /// [`AppError::CallGoesOn`], or when it cannot be read or ended.
    pub fn summarize(&mut self, call: &PastCall, language: Language) -> Result<SummarizedCall, AppError> {
        match call.state {
            CallState::Running => Err(AppError::CallGoesOn { id: call.record.id.clone() }),
            CallState::CutOff => finish_cut_off(&mut self.store, call, language),
            CallState::Ended { .. } => summarize(&self.store, call, language),
        }
    }

    /// The manager's own figures over the calls, all of them or those with one person; dates are given as seen from
    /// `now`.
    ///
    /// # Errors
    /// When nobody is called that, or they cannot be read.
    pub fn history(&self, with: Option<&str>, now: &Zoned) -> Result<History, AppError> {
        Ok(History::read(&self.store, with, now)?)
    }

    /// All calls that are over, or those with one person, to be given to other programs. Words of nudges are in `language`.
    ///
    /// # Errors
    /// When no call was with somebody of that name, or they cannot be read.
    pub fn export(&self, with: Option<&str>, language: Language) -> Result<Export, AppError> {
        let calls = self.store.calls(with, usize::MAX)?;
        if let Some(name) = with.filter(|_| calls.is_empty()) {
            return Err(StoreError::NoPerson { name: name.to_owned() }.into());
        }
        let mut export = Export { with: with.map(str::to_owned), ..Export::default() };
        for call in calls.into_iter().rev() {
            match call.state {
                CallState::Ended { .. } => export.summaries.push(summarize(&self.store, &call, language)?.summary),
                CallState::Running | CallState::CutOff => export.left_out.push(call.record.id),
            }
        }
        Ok(export)
    }

    /// Saves what the other person answered on the shared summary, which came back as this text, for the call it names; gives
    /// that call.
    ///
    /// # Errors
    /// When the text holds no answer, there is no such call, or it cannot be saved.
    pub fn add_answer(&mut self, text: &str) -> Result<PastCall, AppError> {
        let (id, answer) = TheirAnswer::find(text).ok_or(AppError::NoAnswer)?;
        let call = self.store.call(Some(id))?;
        self.store.set_their_answer(id, answer)?;
        Ok(call)
    }

    /// Forgets a person with all their calls, or a call, without a trace in what is kept.
    ///
    /// # Errors
    /// When there is no such person or call, it goes on, or it cannot be removed.
    pub fn forget(&mut self, what: &Forget) -> Result<Forgotten, AppError> {
        Ok(self.store.forget(what)?)
    }

    /// Forgets all that is kept in a data folder.
    ///
    /// # Errors
    /// When somebody has it open, or it cannot be removed.
    pub fn forget_all(data_dir: &DataDir) -> Result<Forgotten, AppError> {
        Ok(Store::forget_all(data_dir)?)
    }
}

/// A call that is over, made again from its events; its nudges' words are in `language`.
pub(super) fn summarize(store: &Store, call: &PastCall, language: Language) -> Result<SummarizedCall, AppError> {
    let summary = Summary::from_journal(&call.record, &store.events(&call.record.id)?, language);
    let perception = match call.perceived {
        Perceived::Share(share) => Some(Perception { share }),
        Perceived::NotAsked | Perceived::Skipped => None,
    };
    Ok(SummarizedCall {
        summary: with_later(store, Summary { perception, ..summary })?,
        prior_calls: exports::prior_calls(store, &call.record.id)?,
        folder: call.record.folder.clone(),
    })
}

/// The summary of a call with what came after it: the other person's answer, and notes that were changed.
pub(super) fn with_later(store: &Store, summary: Summary) -> Result<Summary, AppError> {
    let id = &summary.call.id;
    let (their_answer, notes) = (store.their_answer(id)?, store.edited_notes(id)?);
    let summary = Summary { their_answer, ..summary };
    Ok(match notes {
        Some(notes) => summary.with_notes(notes),
        None => summary,
    })
}

/// Ends a call that was cut off, from what was heard by then: its summary, its files, and what it came to.
pub(super) fn finish_cut_off(
    store: &mut Store,
    call: &PastCall,
    language: Language,
) -> Result<SummarizedCall, AppError> {
    let mut events = store.events(&call.record.id)?;
    let end = session::recover_ending(&events, &store.recovery_point(&call.record.id)?);
    events.extend_from_slice(&end);
    let summary = Summary::from_journal(&call.record, &events, language);
    let prior_calls = exports::prior_calls(store, &call.record.id)?;
    let ended = SummarizedCall { summary, prior_calls, folder: call.record.folder.clone() };
    // First: a call that has no files stays cut off, and the next start tries again.
    ended.write_files(language)?;
    if !store.finish_cut_off(&call.record.id, &end, &call_end(&ended.summary))? {
        // Another start was at it too, and writes its files.
        return summarize(store, &store.call(Some(&call.record.id))?, language);
    }
    store.export_events(&call.record.id, &CallFolder::create(&call.record.folder)?)?;
    Ok(ended)
}

/// What the journal keeps of a call's summary.
pub(super) fn call_end(summary: &Summary) -> CallEnd {
    CallEnd {
        figures: summary.figures.clone(),
        agenda: summary.agenda.iter().map(|item| (item.text.clone(), item.state)).collect(),
        actions: summary.notes.iter().filter_map(|note| Some((note.text.clone(), note.action()?))).collect(),
        check_in: summary.check_in.as_ref().and_then(|given| CheckIn::new(given.score, &given.words)),
    }
}
