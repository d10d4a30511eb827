//! Why the application could not do something. Each message says what to do, or its cause does.

use std::io;
use std::path::PathBuf;

use crate::agenda::AgendaError;
use crate::models::ModelError;
use crate::server::ServerError;
use crate::source::SourceError;
use crate::store::StoreError;

/// Why the application could not do something. Each message says what to do, or its cause does.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// Something could not be kept or read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The call could not be heard.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The overlay could not be served.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// A model could not be had.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The agenda has too many items, or one whose text is empty or too long.
    #[error(transparent)]
    Agenda(#[from] AgendaError),
    /// A summary could not be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The system gave no thread for the sound. Close other programs and try again.
    #[error("cannot start the audio thread")]
    AudioThreadNotStarted(#[source] io::Error),
    /// The audio thread ended before it could begin the call. The log says why.
    #[error("the audio thread has ended; see the messages above")]
    AudioThreadEnded,
    /// The audio thread failed in the call. The log says why.
    #[error("the audio thread failed; see the messages above")]
    AudioThreadFailed,
    /// A part of the program failed in the call, which ended there. What was heard until then is in its summary.
    #[error("Keicho failed, and the call ended there; what was heard until then is kept. Start it again")]
    CallFailed,
    /// The source ended before the call began, though nobody asked it to.
    #[error("the call ended before it began; try again")]
    EndedBeforeItBegan,
    /// The text is no answer of a shared summary. Give the whole line that stands at its top.
    #[error("there is no answer in that text; give the whole line, as [Keicho CALL guess=45 next=30]")]
    NoAnswer,
    /// There is no summary of a call that goes on. Ask again once it is over.
    #[error("the call {id} is still running; its summary is there once it ends")]
    CallGoesOn {
        /// The call.
        id: String,
    },
    /// The notes on a person could not be written. Make the folder that `[notes] folder` of the settings names, or name another.
    #[error("cannot write the notes {path}; see to the folder, or name another as [notes] folder", path = .path.display())]
    NotesNotWritten {
        /// The file.
        path: PathBuf,
        /// The system's own error.
        #[source]
        cause: io::Error,
    },
    /// A file of an earlier run holds words that are not kept any longer. Remove it by hand.
    #[error("cannot remove {path}, which holds words that are not kept", path = .path.display())]
    WordsNotRemoved {
        /// The file.
        path: PathBuf,
        /// The system's own error.
        #[source]
        cause: io::Error,
    },
    /// An event is to be explained that the call does not have. Name one that it has.
    #[error("the call has no such event; its events are 1 to {events}, of the kinds {kinds}")]
    NoSuchEvent {
        /// How many events there are.
        events: usize,
        /// The names of their kinds, with commas between them.
        kinds: String,
    },
    /// Words are asked for, and the model is damaged or does not know the language. The reason says what to do.
    #[error("{0}")]
    ModelUnusable(String),
    /// Words are asked for, and this build has no recogniser.
    #[error("this build recognises no words; build it with the feature whisper")]
    NoRecognizer,
}
