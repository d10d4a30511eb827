//! The only journal of live calls, and what is known of the people in them: one SQLite file that only its owner can
//! read. Recorded calls leave nothing in it; they have a [`CallFolder`] alone.
//!
//! In the order in which a live call needs it:
//!
//! 1. [`DataDir::locate`] says where the file is (`KEICHO_DATA`, or else the platform's place for a user's data),
//!    [`Store::open`] opens or makes it, [`Store::forget_older`] forgets what is older than the retention, and
//!    [`Store::cut_off_calls`] lists calls that were cut off.
//! 2. [`Store::people`], [`Store::calls`] … are what the start page shows.
//! 3. [`Store::begin_call`] gives the call's [`Journal`]: a [`crate::session::Sink`] that never waits for the disk. A thread
//!    named `store` saves twice a second. [`Journal::saving`] says from any thread how that goes.
//! 4. [`Journal::finish`] saves the rest with what the call came to; then [`Store::events`] and [`Store::export_events`]
//!    have all of it. [`Store::set_perceived`] may follow.
//! 5. If the process was killed, [`Store::recovery_point`] has what went on just then: with the events it gives the end
//!    that was not written ([`crate::session::recover_ending`]), which [`Store::finish_cut_off`] adds.
//!
//! This room owns the file, its versions, what is erased from it, and who may read it. It leaves to its callers what a
//! call comes to ([`CallEnd`]): a summary is made of the events, and can be made again.

mod action_items;
mod call_lock;
mod calls;
mod data_dir;
mod database;
mod dir_lock;
mod edited_notes;
mod error;
mod folder;
mod forget;
mod intentions;
mod journal;
mod people;
mod their_answers;
mod topics;
mod writer;

pub use calls::{CallEnd, CallState, PastCall, Perceived};
pub use data_dir::DataDir;
pub use database::Store;
pub use error::StoreError;
pub use folder::{CallFolder, EventsFile};
pub use forget::{Forget, Forgotten};
pub use journal::{Journal, Saving, SavingState};

#[cfg(test)]
mod tests;
