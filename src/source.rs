//! Where blocks come from: devices or files. After this seam nothing knows which.

#[cfg(feature = "capture")]
pub mod live;

use std::path::PathBuf;

use crate::audio::{Block, Track};
use crate::time::SampleTime;

/// A stream of blocks, each beginning where the one before ended, the first at [`SampleTime::ZERO`].
pub trait Source {
    /// The next block; `None` at the end of the call. A live source waits until the block has been heard.
    ///
    /// # Errors
    /// When the source cannot go on at all. A device that vanished is not an error: its track is `lost` until it is
    /// back.
    fn next(&mut self) -> Result<Option<Block>, SourceError>;

    /// What the source has to say about itself since it was last asked, oldest first.
    fn notice(&mut self) -> Option<Notice> {
        None
    }
}

/// News of a source that the user should hear. The call goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A recording breaks off before its own stated end; what decoded is analysed.
    CutShort {
        /// The file.
        path: PathBuf,
        /// Where the sound ends.
        at: SampleTime,
    },
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
    /// Capturing the devices failed.
    #[cfg(feature = "capture")]
    #[error(transparent)]
    Capture(#[from] crate::capture::CaptureError),
}
