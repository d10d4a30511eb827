//! What the call's other threads send to its controller.

use std::path::PathBuf;

use crate::audio::{PerTrack, TrackDevices};
use crate::server::ClientRequest;

/// How many events may wait for the controller.
pub(super) const QUEUE: usize = 64;

/// What the controller's queue takes.
pub(super) enum ControllerEvent {
    /// The source is open.
    SourceOpened,
    /// The devices of a live call are these now.
    DevicesChanged(PerTrack<TrackDevices>),
    /// The page is to be opened in a browser again.
    OpenPage,
    /// The end is asked for outside the page.
    End,
    /// So many whole percents of the model have come.
    ModelProgress(u8),
    /// Fetching the model has ended; whether it is here.
    ModelFetched(bool),
    /// A page asks for something.
    Request(ClientRequest),
    /// Something is to be looked at: which pages there are, or whether the end is asked for.
    Wake,
    /// The call, which cannot be saved where it should be, is to be saved in this folder.
    SaveElsewhere(PathBuf),
    /// The audio thread is through.
    AudioEnded,
}
