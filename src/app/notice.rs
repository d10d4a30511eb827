//! What the user must know while the application works.

use std::path::PathBuf;
use std::time::Duration;

use crate::app::{AppError, RecognizerReport};
use crate::audio::PerTrack;
use crate::calendar::CalendarError;
use crate::config::ConfigError;
use crate::confinement::ConfinementError;
use crate::session::Latency;
use crate::source::Notice;
use crate::source::file::TrackName;
use crate::time::SampleTime;

/// Passes on to the user what the application has to say. It is called from the threads of the call, of its sound and
/// of its pages, and may not keep them waiting.
pub trait Notifier: Send + Sync {
    /// Passes one notice on.
    fn notify(&self, notice: UserNotice);
}

/// Something that the user must know while the application works. Whatever it is, the work goes on.
#[derive(Debug)]
#[non_exhaustive]
pub enum UserNotice {
    /// The overlay is served.
    OverlayServed {
        /// Its address, which holds the token: it is for the user alone.
        url: String,
    },
    /// No browser could be opened on the overlay.
    BrowserNotOpened,
    /// The system does not keep the process from the network.
    NotConfined(ConfinementError),
    /// The call begins once somebody asks for it on the page.
    WaitingForStart,
    /// The source of the call has something to say of itself.
    Source(Notice),
    /// The two sides of a recording are audio tracks of it, and these were taken.
    SidesByTrack(PerTrack<TrackName>),
    /// The call goes without words.
    WithoutWords {
        /// Why the recogniser could not be had.
        cause: String,
    },
    /// How far the call is; given with each of its snapshots.
    Progress {
        /// Up to where it was heard.
        now: SampleTime,
        /// Whether it is over.
        ended: bool,
    },
    /// How the recogniser keeps up; given every 10 s of the call and at its end.
    Recognizer(RecognizerReport),
    /// How late the call was shown; given at the end of one that was live.
    Latency(Latency),
    /// What happens in the call cannot be saved for now; it is tried again.
    NotSaved {
        /// Why.
        cause: String,
    },
    /// What happens in the call is saved again, and what was not saved until now too.
    SavedAgain,
    /// Events of the call could not be saved and are given up.
    EventsLost {
        /// How many in all.
        count: u64,
    },
    /// The call is over and cannot be saved. It is held in memory and saving is tried again, until it is given up.
    WaitingForRoom {
        /// Why it cannot be saved.
        cause: AppError,
    },
    /// The call is in a folder that the user has named, and not, or not whole, in the records.
    SavedElsewhere {
        /// The folder.
        folder: PathBuf,
    },
    /// The call could not be saved in a folder that the user has named; it is still held.
    NotSavedElsewhere(AppError),
    /// No page shows the call any more.
    Unseen {
        /// How long it goes on like that before it ends.
        ends_in: Duration,
    },
    /// The call ends because no page showed it for long.
    EndedUnseen,
    /// The call is over and in its files, and a page asks how it felt.
    WaitingForAnswer,
    /// The user's calendar, or a file of it, could not be read; what could be was.
    CalendarNotRead(CalendarError),
    /// The call was added to the notes on the person it was with.
    NotesWritten {
        /// The file.
        path: PathBuf,
    },
    /// The call could not be added to the notes; all else of it is saved.
    NotesNotWritten(AppError),
    /// What was given on a page could not be saved; the page says so too.
    AnswerNotSaved(AppError),
    /// The settings that a page asked for could not be read; the page says so too.
    SettingsNotRead(ConfigError),
    /// A setting could not be changed on a page; the page says so too.
    SettingsNotSaved(ConfigError),
    /// A page that was asked for could not be made; the page says so too.
    PageNotMade(AppError),
    /// A call that was cut off was ended, and its summary written.
    CutOffCallEnded {
        /// The call.
        id: String,
        /// Where its files are.
        folder: PathBuf,
    },
    /// A call that was cut off could not be ended; the next start tries again.
    CutOffCallNotEnded {
        /// The call.
        id: String,
        /// Why.
        error: AppError,
    },
}
