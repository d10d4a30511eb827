//! A transcript that names its speakers, as a source: who spoke when, and with most formats what they said. There is no
//! sound in it.
//!
//! Owns the formats, the characters they are written in, and who of the named speakers is me. Leaves the words'
//! meaning to [`crate::language`], and what a stretch of speech means to [`crate::turns`]. Times are rounded to blocks.

mod blocks;
mod encoding;
mod error;
mod fields;
mod format;
mod json;
mod names;
mod paragraphs;
mod raw;
mod rttm;
mod speakers;
mod table;
mod timestamp;
mod webvtt;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::audio::Track;
use crate::source::{SourceError, file};
use crate::time::{Samples, Span};

pub use blocks::TranscriptSource;
pub use error::{TranscriptError, TranscriptLocation};

use format::TranscriptFormat;
use raw::RawCue;

/// An hour's transcript is a quarter of a megabyte; what is larger is something else.
const LARGEST: u64 = 64 * 1024 * 1024;

/// How much of a file is looked at to tell what it is.
const HEAD: u64 = 64 * 1024;

/// A transcript of two or more people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    speakers: Vec<Speaker>,
    cues: Vec<Cue>,
    ends: CueEnds,
}

/// Where the ends of cues come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CueEnds {
    /// The transcript states them.
    Stated,
    /// It states beginnings alone: an end is the next beginning, or what the text takes to say if that is sooner.
    Guessed,
}

/// Somebody whom a transcript names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// The name as it was first written.
    pub name: String,
    /// How long all the cues are together.
    pub talk: Samples,
}

/// A stretch of one speaker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// Who speaks: a place in [`Transcript::speakers`].
    pub speaker: usize,
    /// From when to when, in whole blocks; never empty.
    pub span: Span,
    /// What was said; empty if the transcript does not tell.
    pub text: String,
}

/// A stretch of one side of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackCue {
    /// The track that it is of.
    pub track: Track,
    /// From when to when, in whole blocks; never empty.
    pub span: Span,
    /// What was said; empty if the transcript does not tell.
    pub text: String,
}

impl Transcript {
    /// Reads a transcript.
    ///
    /// # Errors
    /// When the file cannot be read, or is no transcript of two or more people.
    pub fn read(path: &Path) -> Result<Self, SourceError> {
        let unreadable = |cause| SourceError::Unreadable { path: path.to_owned(), cause };
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(unreadable)?;
        file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        Ok(Self::parse(path, &bytes)?)
    }

    /// A transcript from bytes that are already at hand; `name` gives the ending, and is for messages.
    ///
    /// # Errors
    /// When the bytes are no transcript of two or more people.
    pub fn parse(name: &Path, bytes: &[u8]) -> Result<Self, TranscriptError> {
        let path = || name.to_owned();
        if bytes.len() as u64 > LARGEST {
            return Err(TranscriptError::TooLarge { path: path() });
        }
        let text = encoding::decode(bytes).ok_or_else(|| TranscriptError::NotText { path: path() })?;
        if text.trim().is_empty() {
            return Err(TranscriptError::Empty { path: path() });
        }
        let format = TranscriptFormat::detect(&text).or_else(|| TranscriptFormat::from_extension(name));
        let format = format.ok_or_else(|| TranscriptError::UnknownFormat { path: path() })?;
        let read = match format {
            TranscriptFormat::WebVtt => webvtt::parse(&text),
            TranscriptFormat::Rttm => rttm::parse(&text),
            TranscriptFormat::Table => table::parse(&text),
            TranscriptFormat::Json => json::parse(&text),
            TranscriptFormat::Paragraphs => paragraphs::parse(&text),
            TranscriptFormat::CoarseStamps => Err(paragraphs::refuse_coarse(&text)),
        };
        let cues =
            read.map_err(|fault| TranscriptError::Broken { path: path(), place: fault.place, what: fault.what })?;
        let named = cues.iter().any(|cue| cue.speaker.is_some());
        let ends = if format == TranscriptFormat::Paragraphs { CueEnds::Guessed } else { CueEnds::Stated };
        let transcript = Self::from_cues(cues, ends);
        match &transcript.speakers[..] {
            [] => Err(TranscriptError::NoSpeech { path: path() }),
            [_] if !named => Err(TranscriptError::NoNames { path: path() }),
            [only] => Err(TranscriptError::OneSpeaker { path: path(), name: only.name.clone() }),
            _ => Ok(transcript),
        }
    }

    /// Whether a file is a transcript and no recording: by its content, and where that leaves it open by its ending. A
    /// file that cannot be read is taken for a recording.
    pub fn is_transcript(path: &Path) -> bool {
        let mut head = Vec::new();
        let file = File::open(path).and_then(|file| Ok((file.metadata()?.is_file(), file)));
        // What is no file, a pipe say, can be read but once.
        let read = file.is_ok_and(|(plain, file)| plain && file.take(HEAD).read_to_end(&mut head).is_ok());
        if !read || file::is_recording(&head) {
            return false;
        }
        TranscriptFormat::from_extension(path).is_some()
            || encoding::decode_prefix(&head).is_some_and(|text| TranscriptFormat::detect(&text).is_some())
    }

    /// Everybody, in the order of their first words.
    pub fn speakers(&self) -> &[Speaker] {
        &self.speakers
    }

    /// All cues in the order of their beginnings; those of one speaker do not overlap.
    pub fn cues(&self) -> &[Cue] {
        &self.cues
    }

    /// Where the ends of the cues come from.
    pub fn ends(&self) -> CueEnds {
        self.ends
    }

    /// The speaker who is meant: by the whole name or by the beginning of no other's, whatever its case and width.
    ///
    /// # Errors
    /// When no name is given, nobody is called so, or several are.
    pub fn find_speaker(&self, name: Option<&str>) -> Result<usize, TranscriptError> {
        speakers::find_speaker(&self.speakers, name)
    }

    /// The transcript as the two sides of a call: `me` and everybody else; in the order of the cues.
    pub fn into_track_cues(self, me: usize) -> Vec<TrackCue> {
        let track = |speaker| if speaker == me { Track::Me } else { Track::Them };
        let line = |cue: Cue| TrackCue { track: track(cue.speaker), span: cue.span, text: cue.text };
        self.cues.into_iter().map(line).collect()
    }

    /// Puts cues in order, joins what overlaps of one speaker, and leaves out what is shorter than a block.
    fn from_cues(mut raw: Vec<RawCue>, ends: CueEnds) -> Self {
        raw.retain(|cue| !cue.span.is_empty());
        raw.sort_by_key(|cue| (cue.span.start, cue.span.end));
        let mut people = speakers::SpeakerIndex::default();
        let (mut cues, mut newest): (Vec<Cue>, Vec<usize>) = (Vec::new(), Vec::new());
        for RawCue { speaker, span, text } in raw {
            let speaker = people.position_of(speaker.as_deref());
            match newest.get(speaker).and_then(|at| cues.get_mut(*at)) {
                Some(before) if span.start < before.span.end => before.join(span, &text),
                _ => {
                    newest.resize(newest.len().max(speaker + 1), cues.len());
                    newest[speaker] = cues.len();
                    cues.push(Cue { speaker, span, text });
                }
            }
        }
        let mut speakers: Vec<Speaker> =
            people.into_names().into_iter().map(|name| Speaker { name, talk: Samples::ZERO }).collect();
        cues.iter().for_each(|cue| speakers[cue.speaker].talk += cue.span.len());
        Self { speakers, cues, ends }
    }
}

impl Cue {
    /// A later cue of the same speaker that overlaps this one goes into it.
    fn join(&mut self, span: Span, text: &str) {
        self.span.end = self.span.end.max(span.end);
        if self.text.is_empty() {
            self.text = text.to_owned();
        } else if !text.is_empty() && self.text != text {
            self.text.push(' ');
            self.text.push_str(text);
        }
    }
}

#[cfg(test)]
mod tests;
