//! How a call is saved: while it goes on, and at its end, when what memory holds is kept until it can be saved.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use super::CallController;
use crate::app::call::Interrupter;
use crate::app::call::controller_event::ControllerEvent;
use crate::app::call::journal_target::JournalTarget;
use crate::app::{AppError, SummarizedCall, UserNotice};
use crate::session::CommandError;
use crate::store::{CallFolder, Journal, SavingState, StoreError};
use crate::wire::SavingStatus;

/// How often a call that is over and could not be saved is tried to be saved again.
const RETRY_INTERVAL: Duration = Duration::from_secs(2);

impl CallController {
    /// Notifies the user and the pages when a call is no longer being saved, and when it is again; the user, when some of it is
    /// given up.
    pub(super) fn report_saving(&mut self) {
        let Some(saving) = self.started.as_ref().and_then(|started| started.saving.as_ref()) else { return };
        let SavingState { trouble, lost, .. } = saving.state();
        if lost > self.lost_events {
            self.lost_events = lost;
            self.notifier.notify(UserNotice::EventsLost { count: lost });
        }
        match (trouble, self.saving_status) {
            (Some(cause), SavingStatus::Saved) => {
                self.set_saving(SavingStatus::Retrying);
                self.notifier.notify(UserNotice::NotSaved { cause });
            }
            (None, SavingStatus::Retrying) => {
                self.set_saving(SavingStatus::Saved);
                self.notifier.notify(UserNotice::SavedAgain);
            }
            _ => {}
        }
    }

    /// Saves the rest of a call that is over, writes its files, and gives the path of its page. A live call that cannot
    /// be saved is held until it can be, or until the user gives it up or names another folder.
    ///
    /// # Errors
    /// When a replay cannot be saved, or the user gave up a call that could not be.
    pub(in crate::app::call) fn save(
        &mut self,
        target: JournalTarget,
        call: &mut SummarizedCall,
        folder: &CallFolder,
        events: &Receiver<ControllerEvent>,
        interrupter: &Interrupter,
    ) -> Result<PathBuf, AppError> {
        let mut journal = match target {
            JournalTarget::Store(journal) => journal,
            JournalTarget::File(file) => {
                let page = call.write_files(self.plan.language)?;
                file.finish()?;
                return Ok(page);
            }
        };
        loop {
            let error = match self.try_save(&mut journal, call, folder) {
                Ok(page) => {
                    if self.saving_status != SavingStatus::Saved {
                        self.set_saving(SavingStatus::Saved);
                        self.notifier.notify(UserNotice::SavedAgain);
                    }
                    return Ok(page);
                }
                Err(AppError::Store(error)) if can_be_retried(&error) => error.into(),
                Err(error) => return Err(error),
            };
            if self.saving_status != SavingStatus::Waiting {
                interrupter.hold();
                self.set_saving(SavingStatus::Waiting);
                self.notifier.notify(UserNotice::WaitingForRoom { cause: error });
            } else if interrupter.is_pressed() {
                self.set_saving(SavingStatus::GivenUp);
                return Err(error);
            }
            let Some(elsewhere) = wait_for_room(events, interrupter) else { continue };
            match self.save_elsewhere(&elsewhere, call) {
                Ok(page) => {
                    self.set_saving(SavingStatus::Saved);
                    self.notifier.notify(UserNotice::SavedElsewhere { folder: elsewhere });
                    return Ok(page);
                }
                Err(error) => self.notifier.notify(UserNotice::NotSavedElsewhere(error)),
            }
        }
    }

    fn try_save(
        &mut self,
        journal: &mut Journal,
        call: &SummarizedCall,
        folder: &CallFolder,
    ) -> Result<PathBuf, AppError> {
        if let Some(records) = self.plan.records_mut() {
            records.end_call(journal, &call.summary, folder)?;
        }
        call.write_files(self.plan.language)
    }

    /// Writes all that memory holds of the call into another folder.
    fn save_elsewhere(&self, folder: &Path, call: &mut SummarizedCall) -> Result<PathBuf, AppError> {
        CallFolder::create(folder)?.write_events(&self.feed.events())?;
        let elsewhere = SummarizedCall { folder: folder.to_owned(), ..call.clone() };
        let page = elsewhere.write_files(self.plan.language)?;
        *call = elsewhere;
        Ok(page)
    }

    /// Tells the pages that the call ended because a part of the program failed. What was heard until then is saved.
    pub(in crate::app::call) fn report_failure(&mut self) {
        self.set_saving(SavingStatus::CutOff);
    }

    fn set_saving(&mut self, status: SavingStatus) {
        self.saving_status = status;
        self.feed.publish_saving(status);
    }
}

/// Whether time, or whoever frees some space, may change it.
fn can_be_retried(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Unsaved { .. } | StoreError::File { .. } | StoreError::Folder { .. } | StoreError::Database { .. }
    )
}

/// Waits until it is worth while to try again, or the user gives the call up or names another folder for it.
fn wait_for_room(events: &Receiver<ControllerEvent>, interrupter: &Interrupter) -> Option<PathBuf> {
    while !interrupter.is_pressed() {
        match events.recv_timeout(RETRY_INTERVAL) {
            Ok(ControllerEvent::SaveElsewhere(folder)) => return Some(folder),
            Ok(ControllerEvent::Request(request)) => request.responder.refuse(CommandError::CallEnded.words()),
            Ok(_) => {}
            // Nobody is left who could ask for anything only if the interrupter is gone, which is here.
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
        }
    }
    None
}
