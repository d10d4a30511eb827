//! One audio file, decoded packet by packet into planes of samples at the file's own rate.

use std::path::{Path, PathBuf};

use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as Fault;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;

use crate::source::SourceError;

/// Packets that may fail before the first one decodes; a file with more of them is no recording.
const MOST_FAILURES: u32 = 20;

/// What a read brought.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Frames were appended to the planes.
    Sound,
    /// A damaged packet: so many frames are missing here.
    Hole(usize),
    /// The end of the recording, `early` where the file stated a longer one or broke off inside a packet.
    End {
        /// Whether less came than the file promised.
        early: bool,
    },
}

/// A decoder at the start of its file.
pub(super) struct Decoder {
    path: PathBuf,
    format: Box<dyn FormatReader>,
    codec: Box<dyn AudioDecoder>,
    track: u32,
    rate: u32,
    channels: usize,
    stated: Option<u64>,
    frames: u64,
    failures: u32,
    interleaved: Vec<f32>,
}

impl Decoder {
    /// Opens a recording; `path` is for messages and, by its ending, a hint of the format.
    ///
    /// # Errors
    /// When the bytes are no audio that can be decoded.
    pub(super) fn open(path: &Path, bytes: Box<dyn MediaSource>) -> Result<Self, SourceError> {
        if bytes.byte_len() == Some(0) {
            return Err(SourceError::Empty { path: path.to_owned() });
        }
        let not_audio = |cause: &str| SourceError::NotAudio { path: path.to_owned(), cause: cause.to_owned() };
        let mut hint = Hint::new();
        if let Some(ending) = path.extension().and_then(|e| e.to_str()) {
            hint.with_extension(ending);
        }
        let stream = MediaSourceStream::new(bytes, Default::default());
        let format = symphonia::default::get_probe()
            .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
            .map_err(|fault| not_audio(&fault.to_string()))?;
        let track = format.default_track(TrackType::Audio).ok_or_else(|| not_audio("it has no audio track"))?;
        let params = track
            .codec_params
            .as_ref()
            .and_then(|params| params.audio())
            .ok_or_else(|| not_audio("its codec is unknown"))?;
        let codec = symphonia::default::get_codecs()
            .make_audio_decoder(params, &AudioDecoderOptions::default())
            .map_err(|fault| not_audio(&fault.to_string()))?;
        let (track, stated) = (track.id, track.num_frames);
        let (rate, channels) = (params.sample_rate, params.channels.as_ref().map(|c| c.count()));
        let mut decoder = Self {
            path: path.to_owned(),
            format,
            codec,
            track,
            rate: rate.unwrap_or(0),
            channels: channels.unwrap_or(0),
            stated,
            frames: 0,
            failures: 0,
            interleaved: Vec::new(),
        };
        decoder.look_ahead(rate.is_none() || channels.is_none())?;
        Ok(decoder)
    }

    /// Frames per second.
    pub(super) fn rate(&self) -> u32 {
        self.rate
    }

    /// Planes that a read appends to.
    pub(super) fn channels(&self) -> usize {
        self.channels
    }

    /// Frames in all, where the file says so.
    pub(super) fn stated(&self) -> Option<u64> {
        self.stated
    }

    /// Appends the next packet's frames to `planes`, one plane a channel, samples in −1..1.
    ///
    /// # Errors
    /// When nothing in the file decodes.
    pub(super) fn read(&mut self, planes: &mut [Vec<f32>]) -> Result<Piece, SourceError> {
        let piece = self.decode()?;
        if piece == Piece::Sound {
            let channels = self.channels.max(1);
            for frame in self.interleaved.chunks_exact(channels) {
                planes.iter_mut().zip(frame).for_each(|(plane, sample)| plane.push(*sample));
            }
            self.frames += (self.interleaved.len() / channels) as u64;
            self.interleaved.clear();
        } else if let Piece::Hole(frames) = piece {
            self.frames += frames as u64;
        }
        Ok(piece)
    }

    /// Some files state their rate and channels only in their first packet: decode it now, keep it for the first read.
    fn look_ahead(&mut self, needed: bool) -> Result<(), SourceError> {
        if needed {
            while let Piece::Hole(_) = self.decode()? {}
        }
        if self.rate == 0 || self.channels == 0 {
            return Err(self.not_audio("it states no sample rate"));
        }
        Ok(())
    }

    fn decode(&mut self) -> Result<Piece, SourceError> {
        if !self.interleaved.is_empty() {
            return Ok(Piece::Sound);
        }
        loop {
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return self.end(false),
                Err(_) => return self.end(true),
            };
            if packet.track_id != self.track {
                continue;
            }
            match self.codec.decode(&packet) {
                Ok(sound) if sound.frames() == 0 => continue,
                Ok(sound) => {
                    self.rate = sound.spec().rate();
                    self.channels = sound.spec().channels().count();
                    sound.copy_to_vec_interleaved(&mut self.interleaved);
                    return Ok(Piece::Sound);
                }
                Err(Fault::DecodeError(cause)) => {
                    self.failures += 1;
                    if self.frames == 0 && self.failures > MOST_FAILURES {
                        return Err(self.not_audio(cause));
                    }
                    return Ok(Piece::Hole(packet.dur.get() as usize));
                }
                Err(_) => return self.end(true),
            }
        }
    }

    fn end(&self, broken: bool) -> Result<Piece, SourceError> {
        if self.frames == 0 {
            return Err(SourceError::Empty { path: self.path.clone() });
        }
        // Encoders round a length up to their frame; less than 50 ms is not worth a warning.
        let missing = self.stated.map(|stated| stated.saturating_sub(self.frames));
        Ok(Piece::End { early: missing.map_or(broken, |missing| missing > u64::from(self.rate / 20)) })
    }

    fn not_audio(&self, cause: &str) -> SourceError {
        SourceError::NotAudio { path: self.path.clone(), cause: cause.to_owned() }
    }
}
