//! What things are called on the wire and in files.

use crate::audio::Track;
use crate::health::Trouble;

/// A trouble's name on the wire and in files, and the track that it is on, if it is on one.
pub fn trouble_name(what: Trouble) -> (&'static str, Option<Track>) {
    let whose = match what {
        Trouble::Choppy => Some(Track::Them),
        Trouble::Clipping(track) | Trouble::Quiet(track) | Trouble::Noisy(track) | Trouble::Dead(track) => Some(track),
        Trouble::NoVoice | Trouble::OtherVoices => Some(Track::Me),
        Trouble::SameSound | Trouble::VoiceReturns | Trouble::CallOver => None,
    };
    (what.into(), whose)
}

/// A track's name on the wire and in files.
pub fn track_name(track: Track) -> &'static str {
    track.into()
}
