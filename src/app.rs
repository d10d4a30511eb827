//! The application: a call from its first block to its summary, the calls that are kept, and the pages and files that
//! are made of them.
//!
//! It is driven from code. It parses no words of a command line, prints nothing and ends no process: what the user must
//! know meanwhile goes to a [`Notifier`], and what cannot be done is an [`AppError`].
//!
//! 1. [`Call`] runs a call as a [`CallPlan`] says, and gives a [`FinishedCall`] whose files are written; an
//!    [`Interrupter`] ends it from another thread.
//! 2. [`CallRecords`] hands what is kept of people and calls from one live call to the next.
//! 3. [`PastCalls`] lists, sums up and forgets calls that are over; [`SummarizedCall`] writes their files.

mod call;
mod call_records;
mod error;
mod explain;
mod exports;
mod model_fetcher;
mod notes;
mod notice;
mod page_provider;
mod past_calls;
mod recognizer_report;
mod text;

pub use call::{
    Call, CallKeeping, CallPace, CallPlan, FinishedCall, Interrupter, OpenSource, OverlayPlan, Stopper, UnseenLimits,
    UserSettings,
};
pub use call_records::CallRecords;
pub use error::AppError;
pub use explain::{EventSelector, EventSelectorError};
pub use exports::SummarizedCall;
pub use model_fetcher::{FETCHED, ModelFetcher, NOT_FETCHED};
pub use notes::NotesFolder;
pub use notice::{Notifier, UserNotice};
pub use past_calls::PastCalls;
pub use recognizer_report::RecognizerReport;
pub use text::{TextChoices, TextPlan};
