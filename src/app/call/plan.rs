//! What is decided before a call begins.

use std::path::PathBuf;

use crate::app::call::{UnseenLimits, UserSettings};
use crate::app::{AppError, CallRecords, ModelFetcher, TextPlan};
use crate::asr::LanguagePrior;
use crate::audio::DeviceControl;
use crate::config::OffRecordLengths;
use crate::language::Language;
use crate::nudges::Policy;
use crate::prepare::Choices;
use crate::records::{Origin, TrialArm};
use crate::server::{PageOpener, ServerSetup};
use crate::session::SessionSetup;
use crate::source::{Source, SourceError};
use crate::wire::{CallSettings, Keeping};

/// What is decided before a call begins.
pub struct CallPlan {
    /// The name under which it is kept, and where.
    pub keeping: CallKeeping,
    /// Whether it begins when its page asks for it, rather than at once. Then there has to be an overlay.
    pub begins_on_page: bool,
    /// The choices that hold unless the page changes them.
    pub choices: Choices,
    /// The user's own calendar, if the person and the length are to be found in it before a call that begins on its page.
    pub calendar: Option<PathBuf>,
    /// How much the command “off the record” erases and leaves out.
    pub off_record: OffRecordLengths,
    /// The constants of the nudges and the detector. Its other fields give way to `choices`, `off_record` and `text`.
    pub setup: SessionSetup,
    /// What it is in the trial of nudges, if there is one.
    pub trial: Option<TrialArm>,
    /// How words come about in it.
    pub text: TextPlan,
    /// Where it comes from.
    pub origin: Origin,
    /// Shows its devices and changes them, if it has some.
    pub devices: Option<DeviceControl>,
    /// The user's settings, if its start page may change them.
    pub settings: Option<UserSettings>,
    /// Fetches the model that it misses, if something can.
    pub model_fetcher: Option<ModelFetcher>,
    /// How long it may go on while nobody looks at its page; for ever if it is `None`.
    pub unseen: Option<UnseenLimits>,
    /// How fast it runs.
    pub pace: CallPace,
    /// The overlay; without one nothing is served.
    pub overlay: Option<OverlayPlan>,
    /// Whether the whole process gives up the network before the source is opened, as far as the system can take it.
    pub gives_up_network: bool,
    /// The reader's language: the words of its files, and of its pages unless the browser asks for another.
    pub language: Language,
}

/// The name under which a call is kept, and where.
pub enum CallKeeping {
    /// In a folder alone, as a recording is: it leaves nothing in the records.
    Folder {
        /// Its name.
        id: String,
        /// The folder.
        folder: PathBuf,
    },
    /// In the records, and in a folder as well. It is named after the moment at which it begins.
    Records {
        /// The records.
        records: CallRecords,
        /// The folder; one of the call's own in the data folder if it is `None`.
        folder: Option<PathBuf>,
    },
}

/// How fast a call runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallPace {
    /// As fast as the source gives blocks.
    Fast,
    /// In real time.
    Real,
}

/// The overlay of a call.
#[derive(Clone, Debug)]
pub struct OverlayPlan {
    /// How it is served.
    pub server: ServerSetup,
    /// What opens a browser on it; `None` if none is opened.
    pub opener: Option<PageOpener>,
}

/// Opens the source of a call, on the thread that runs it: a live source may not leave that thread.
pub type OpenSource = Box<dyn FnOnce() -> Result<Box<dyn Source>, SourceError> + Send>;

impl CallPlan {
    /// What the page says of what is kept.
    pub(super) fn keeping_told(&self) -> Keeping {
        let records = self.records();
        Keeping {
            words: self.text.keep_words,
            days: records.map(CallRecords::days),
            notes: records.is_some_and(CallRecords::has_notes),
        }
    }

    /// The records of live calls; `None` if this call leaves nothing in them.
    pub(super) fn records(&self) -> Option<&CallRecords> {
        match &self.keeping {
            CallKeeping::Records { records, .. } => Some(records),
            CallKeeping::Folder { .. } => None,
        }
    }

    pub(super) fn records_mut(&mut self) -> Option<&mut CallRecords> {
        match &mut self.keeping {
            CallKeeping::Records { records, .. } => Some(records),
            CallKeeping::Folder { .. } => None,
        }
    }

    /// The rules of its nudges: a quiet call of the trial has no advice.
    pub(super) fn policy(&self) -> Policy {
        let policy = self.setup.policy.clone();
        if self.trial == Some(TrialArm::Quiet) { policy.without_advice() } else { policy }
    }

    /// Adds what there is to find the spoken language by before anybody speaks, unless the user says it.
    pub(super) fn add_language_prior(&mut self) -> Result<(), AppError> {
        if self.text.language.is_none() || self.begins_on_page {
            let last_call = self.records().map_or(Ok(None), CallRecords::last_language)?;
            self.text.prior = LanguagePrior { interface: Some(self.language), last_call };
        }
        Ok(())
    }

    /// What stays the same in all snapshots of the call, with these choices.
    pub(super) fn settings(&self, choices: &Choices) -> CallSettings {
        let target = choices.own_target.unwrap_or_else(|| self.setup.policy.target(choices.mode));
        CallSettings { origin: self.origin, mode: choices.mode, target, demo_timing: self.setup.policy.demo }
    }
}
