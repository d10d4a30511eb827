//! A recording's container: what kind it is, and which audio tracks are in it.

use std::io::{ErrorKind, SeekFrom};
use std::path::{Path, PathBuf};

use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::errors::Error as Fault;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;

use super::edit_list::{TrackEdit, track_edits};
use super::format::AudioFormat;
use crate::source::SourceError;

/// M4A keeps its index at the end as a rule; without it nothing can be found in the rest.
const NO_INDEX: &str = "its index is missing or damaged, as where a recording was not finished or not copied whole";

/// An opened file, of which nothing is decoded yet.
pub(super) struct Container {
    pub(super) path: PathBuf,
    pub(super) kind: AudioFormat,
    pub(super) reader: Box<dyn FormatReader>,
    /// What an MP4 says of its tracks; empty for all other kinds.
    edits: Vec<TrackEdit>,
}

impl Container {
    /// Opens a recording; `path` is for messages.
    ///
    /// # Errors
    /// When the bytes are no recording, or one that holds nothing.
    pub(super) fn open(path: &Path, bytes: Box<dyn MediaSource>) -> Result<Self, SourceError> {
        let unreadable = |cause| SourceError::Unreadable { path: path.to_owned(), cause };
        let not_audio = |cause: &str| SourceError::NotAudio { path: path.to_owned(), cause: cause.to_owned() };
        if bytes.byte_len() == Some(0) {
            return Err(SourceError::Empty { path: path.to_owned() });
        }
        let (kind, mut bytes) =
            AudioFormat::detect(bytes).map_err(unreadable)?.ok_or_else(|| not_audio("it does not begin like one"))?;
        if kind == AudioFormat::WindowsMedia {
            return Err(SourceError::WindowsMedia { path: path.to_owned() });
        }
        let mut edits = Vec::new();
        if kind == AudioFormat::Mp4 && bytes.is_seekable() {
            edits = track_edits(&mut *bytes).map_err(|cause| match cause.kind() {
                ErrorKind::InvalidData | ErrorKind::UnexpectedEof => not_audio(NO_INDEX),
                _ => unreadable(cause),
            })?;
            bytes.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        }
        let stream = MediaSourceStream::new(bytes, Default::default());
        let reader = kind
            .probe()
            .probe(&Default::default(), stream, FormatOptions::default(), MetadataOptions::default())
            .map_err(|fault| match kind {
                AudioFormat::Mp4 => not_audio(NO_INDEX),
                _ if is_end_of_file(&fault) => SourceError::Empty { path: path.to_owned() },
                _ => not_audio(&fault.to_string()),
            })?;
        let container = Self { path: path.to_owned(), kind, reader, edits };
        if container.audio_tracks().next().is_none() {
            return Err(not_audio("it has no audio track"));
        }
        Ok(container)
    }

    /// The audio tracks, in the order of the file.
    pub(super) fn audio_tracks(&self) -> impl Iterator<Item = &Track> {
        self.reader.tracks().iter().filter(|track| track.track_type() == Some(TrackType::Audio))
    }

    /// What an MP4 says of a track.
    pub(super) fn edit(&self, track: &Track) -> Option<&TrackEdit> {
        self.edits.iter().find(|edit| edit.id == track.id)
    }

    /// The audio tracks as their recorder called them, empty names for those without one.
    pub(super) fn track_names(&self) -> Vec<String> {
        let ids: Vec<u32> = self.audio_tracks().map(|track| track.id).collect();
        let name = |id: u32| self.edits.iter().find(|edit| edit.id == id).and_then(|edit| edit.name.clone());
        match self.kind {
            // The reader knows no names. A file that cannot be read a second time has none.
            AudioFormat::Mkv => {
                let tracks = matroska::open(&self.path).map(|file| file.tracks).unwrap_or_default();
                let named = |id: u32| tracks.iter().find(|track| track.number == u64::from(id))?.name.clone();
                ids.into_iter().map(|id| named(id).unwrap_or_default()).collect()
            }
            _ => ids.into_iter().map(|id| name(id).unwrap_or_default()).collect(),
        }
    }
}

/// What a decoder needs to know of a track.
///
/// # Errors
/// When the container does not know the track's codec.
pub(super) fn audio_params<'a>(path: &Path, track: &'a Track) -> Result<&'a AudioCodecParameters, SourceError> {
    let params = track.codec_params.as_ref().and_then(|params| params.audio());
    params.ok_or_else(|| SourceError::NotAudio { path: path.to_owned(), cause: "its codec is unknown".to_owned() })
}

/// Whether the file was over before a decoder could make anything of it.
fn is_end_of_file(fault: &Fault) -> bool {
    matches!(fault, Fault::IoError(cause) if cause.kind() == ErrorKind::UnexpectedEof)
}
