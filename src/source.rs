//! Where blocks come from: devices, recordings or transcripts. After this seam nothing knows which.

pub mod file;
#[cfg(feature = "capture")]
pub mod live;
mod rebased;
pub mod transcript;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};

use crate::audio::{Block, Track};
use crate::time::SampleTime;

pub use rebased::RebasedSource;

/// A stream of blocks, each beginning where the one before ended, the first at [`SampleTime::ZERO`].
pub trait Source {
    /// The next block; `None` at the end of the call. A live source waits until the block has been heard.
    ///
    /// # Errors
    /// When the source cannot go on at all. A device that vanished is not an error: its track is `lost` until it is
    /// back.
    fn next(&mut self) -> Result<Option<Block>, SourceError>;

    /// What the source has to say about itself since it was last asked, oldest first.
    fn next_notice(&mut self) -> Option<Notice> {
        None
    }
}

/// News of a source that the user should hear. The call goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// A recording breaks off before its own stated end; what decoded is analysed.
    CutShort {
        /// The file.
        #[serde(serialize_with = "as_shown")]
        path: PathBuf,
        /// Where the sound ends.
        at: SampleTime,
    },
    /// Both channels of a recording hold the same sound, told at its end: whose it is cannot be known.
    SameChannels {
        /// The file.
        #[serde(serialize_with = "as_shown")]
        path: PathBuf,
    },
    /// A transcript states when lines begin and not when they end: what needs an end is guessed. Told at its beginning.
    GuessedEnds,
    /// A device stopped delivering; its track is `lost` until [`Notice::DeviceBack`].
    DeviceGone {
        /// The track it fed.
        track: Track,
        /// Its name as the system shows it.
        device: String,
    },
    /// A track is being captured again.
    DeviceBack {
        /// The track it feeds.
        track: Track,
        /// Its name as the system shows it.
        device: String,
    },
}

/// A path that is no text comes from a recording alone, and is only shown.
fn as_shown<S: Serializer>(path: &Path, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&path.to_string_lossy())
}

/// Why a source could not be opened or go on. Each message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// Opening the file failed.
    #[error("cannot read {path}: {cause}. Check the path and its permissions", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A folder was given where a recording is wanted.
    #[error("{path} is a folder. Give a recording: WAV, FLAC, MP3, Ogg, WebM, MKV, M4A, MP4 or MOV", path = .path.display())]
    Directory {
        /// The folder.
        path: PathBuf,
    },
    /// The file has no bytes, or a header and no sound.
    #[error("{path} holds no sound. Check that the recording was finished and copied whole", path = .path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The bytes are no recording that can be decoded.
    #[error(
        "{path} is not a recording that keicho can read ({cause}). Give WAV, FLAC, MP3, Ogg or WebM (Opus, Vorbis), M4A, MP4 or MOV (AAC)",
        path = .path.display()
    )]
    NotAudio {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        cause: String,
    },
    /// Windows Media, of which there is no decoder.
    #[error(
        "{path} is Windows Media (WMA, WMV), which keicho does not decode. Convert it first: ffmpeg -i {path} call.wav",
        path = .path.display()
    )]
    WindowsMedia {
        /// The file.
        path: PathBuf,
    },
    /// More than two audio tracks, or several in one of two files: which is whose is not known.
    #[error(
        "{path} has several audio tracks: {tracks}. Two in a file are the two sides; here which are is not known. Save \
         each side as a file, e.g. ffmpeg -i {path} -map 0:a:0 me.wav -map 0:a:1 them.wav, and give both: keicho replay \
         me.wav them.wav",
        path = .path.display()
    )]
    AudioTracks {
        /// The file.
        path: PathBuf,
        /// Their numbers, counted from one, and their names as far as they have some.
        tracks: String,
    },
    /// The audio track that was named is not there, or there is nothing to choose from.
    #[error(
        "--me-track {chosen} does not fit {path}, which has {tracks} audio track{s}. It is 1 or 2, for one file in which each \
         side is an audio track; leave it out for two channels or two files",
        s = if *.tracks == 1 { "" } else { "s" },
        path = .path.display()
    )]
    NoSuchTrack {
        /// The file.
        path: PathBuf,
        /// The number that was asked for, counted from one.
        chosen: usize,
        /// How many audio tracks there are.
        tracks: usize,
    },
    /// A single mono file: the two speakers cannot be told apart.
    #[error(
        "{path} is mono, and two people mixed into one channel cannot be told apart. Give a two-channel recording \
         (left is you, right is the other side) or two files: keicho replay ME THEM",
        path = .path.display()
    )]
    Mono {
        /// The file.
        path: PathBuf,
    },
    /// A single file with more than two channels.
    #[error(
        "{path} has {channels} channels. Give a two-channel recording (left is you, right is the other side) or two \
         files: keicho replay ME THEM",
        path = .path.display()
    )]
    Channels {
        /// The file.
        path: PathBuf,
        /// How many it has.
        channels: usize,
    },
    /// The transcript cannot be taken.
    #[error(transparent)]
    Transcript(#[from] transcript::TranscriptError),
    /// Capturing the devices failed.
    #[cfg(feature = "capture")]
    #[error(transparent)]
    Capture(#[from] crate::capture::CaptureError),
}
