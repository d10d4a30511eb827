//! What can be wrong with a transcript. Each message is one sentence that says what to do.

use std::fmt;
use std::path::PathBuf;

/// Why a transcript cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TranscriptError {
    /// It is larger than any call's transcript.
    #[error("{path} is too large for a transcript. Give the transcript of one call", path = .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The bytes are no characters.
    #[error("{path} is not text in UTF-8, UTF-16 or Shift_JIS. Save the transcript as UTF-8", path = .path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// There is nothing in it.
    #[error("{path} is empty. Export the transcript again", path = .path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// Text of no format that is known.
    #[error(
        "{path} is no transcript that keicho can read. Give WebVTT, SubRip, RTTM, CSV or JSON with start, end, speaker and \
         text, or the text of Otter, Notta or Zoom's captions",
        path = .path.display()
    )]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// One place in it is wrong.
    #[error("{path}{place}: {what}", path = .path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// Where.
        place: TranscriptLocation,
        /// What is there, and what was expected.
        what: String,
    },
    /// There is no cue in it, or none of 10 ms.
    #[error("{path} holds no speech. Export the transcript again, with its times", path = .path.display())]
    NoSpeech {
        /// The file.
        path: PathBuf,
    },
    /// It does not say who speaks.
    #[error(
        "{path} names no speakers: nothing can be said of two sides. Export it with the speakers' names",
        path = .path.display()
    )]
    NoNames {
        /// The file.
        path: PathBuf,
    },
    /// One person alone speaks.
    #[error("{path} names only {name}: nothing can be said of two sides. Give a transcript of both", path = .path.display())]
    OneSpeaker {
        /// The file.
        path: PathBuf,
        /// Who speaks.
        name: String,
    },
    /// It was not said who of them is me.
    #[error("say who you are with --speaker-me NAME; the transcript names {speakers}")]
    MeNotGiven {
        /// Everybody, with the shares of their talk.
        speakers: String,
    },
    /// Nobody is called so.
    #[error("there is no {name}; say who you are with --speaker-me NAME; the transcript names {speakers}")]
    UnknownSpeaker {
        /// The name that was given.
        name: String,
        /// Everybody, with the shares of their talk.
        speakers: String,
    },
    /// Several names begin so.
    #[error("{name} may be {speakers}; say more of your name with --speaker-me NAME")]
    AmbiguousSpeaker {
        /// The name that was given.
        name: String,
        /// Whose names begin so.
        speakers: String,
    },
}

/// A place in a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TranscriptLocation {
    /// The file as a whole.
    File,
    /// A line, the first being 1.
    Line(u64),
    /// An entry of a list, the first being 1.
    Entry(usize),
}

impl fmt::Display for TranscriptLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => Ok(()),
            Self::Line(line) => write!(f, ", line {line}"),
            Self::Entry(entry) => write!(f, ", entry {entry}"),
        }
    }
}
