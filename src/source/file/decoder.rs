//! One audio file, decoded packet by packet into planes of samples at the file's own rate.
//!
//! The file's own timestamps are kept: what is damaged or was never there leaves a hole as long as it was.

use std::io::ErrorKind;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as Fault;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::TimeBase;

use super::format::AudioFormat;
use crate::source::SourceError;

/// Packets that may fail before the first one decodes; a file with more of them is no recording.
const MOST_FAILURES: u32 = 20;

/// M4A keeps its index at the end as a rule; without it nothing can be found in the rest.
const NO_INDEX: &str = "its index is missing or damaged, as where a recording was not finished or not copied whole";

/// Rates beyond these are a damaged header, and would take a filter that does not fit into memory.
const RATES: RangeInclusive<u32> = 1_000..=768_000;

/// Timestamps of a container in whole milliseconds waver by less.
const SHORTEST_HOLE_MS: u64 = 10;

/// Seconds; where the first packet comes later than that, the file was cut out of a longer stream, whose clock it
/// keeps.
const LATEST_START: u64 = 10;

/// Seconds; a longer hole is a damaged timestamp.
const LONGEST_HOLE: u64 = 3_600;

/// What a read brought.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ReadOutcome {
    /// Frames were appended to the planes.
    Sound,
    /// So many frames are missing here, a second of them at most.
    Hole(usize),
    /// The end of the recording, `early` where the file stated a longer one or lacks its mark of the end.
    End {
        /// Whether less came than the file promised.
        early: bool,
    },
}

/// A decoder at the start of its file.
pub(super) struct Decoder {
    path: PathBuf,
    kind: AudioFormat,
    reader: Box<dyn FormatReader>,
    codec: Box<dyn AudioDecoder>,
    track: u32,
    base: Option<TimeBase>,
    rate: u32,
    channels: usize,
    stated_frames: Option<u64>,
    /// Frames that were read, holes included.
    frames: u64,
    /// Where the recording begins by the file's own clock.
    origin: i64,
    /// Frames that are missing before `interleaved`.
    missing: u64,
    /// A packet that was decoded and not read yet.
    interleaved: Vec<f32>,
}

impl Decoder {
    /// Opens a recording; `path` is for messages.
    ///
    /// # Errors
    /// When the bytes are no audio that can be decoded, or hold none.
    pub(super) fn open(path: &Path, bytes: Box<dyn MediaSource>) -> Result<Self, SourceError> {
        if bytes.byte_len() == Some(0) {
            return Err(SourceError::Empty { path: path.to_owned() });
        }
        let not_audio = |cause: &str| SourceError::NotAudio { path: path.to_owned(), cause: cause.to_owned() };
        let (kind, bytes) = AudioFormat::detect(bytes)
            .map_err(|cause| SourceError::Unreadable { path: path.to_owned(), cause })?
            .ok_or_else(|| not_audio("it does not begin like one"))?;
        if kind == AudioFormat::WindowsMedia {
            return Err(SourceError::WindowsMedia { path: path.to_owned() });
        }
        let stream = MediaSourceStream::new(bytes, Default::default());
        let format = kind
            .probe()
            .probe(&Default::default(), stream, FormatOptions::default(), MetadataOptions::default())
            .map_err(|fault| match kind {
                AudioFormat::Mp4 => not_audio(NO_INDEX),
                _ if is_end_of_file(&fault) => SourceError::Empty { path: path.to_owned() },
                _ => not_audio(&fault.to_string()),
            })?;
        let is_audio = |track: &&symphonia::core::formats::Track| track.track_type() == Some(TrackType::Audio);
        match format.tracks().iter().filter(is_audio).count() {
            0 | 1 => {}
            tracks => return Err(SourceError::AudioTracks { path: path.to_owned(), tracks }),
        }
        let track = format.default_track(TrackType::Audio).ok_or_else(|| not_audio("it has no audio track"))?;
        let params = track
            .codec_params
            .as_ref()
            .and_then(|params| params.audio())
            .ok_or_else(|| not_audio("its codec is unknown"))?;
        let codec = symphonia::default::get_codecs()
            .make_audio_decoder(params, &AudioDecoderOptions::default())
            .map_err(|fault| not_audio(&fault.to_string()))?;
        let (stated_rate, stated) = (params.sample_rate, track.num_frames.filter(|frames| *frames > 0));
        // What lies before zero is the encoder's own delay.
        let origin = track.start_ts.get().max(0);
        let (track, base) = (track.id, track.time_base);
        let mut decoder = Self {
            path: path.to_owned(),
            kind,
            reader: format,
            codec,
            track,
            base,
            rate: 0,
            channels: 0,
            stated_frames: stated,
            frames: 0,
            origin,
            missing: 0,
            interleaved: Vec::new(),
        };
        decoder.look_ahead()?;
        // Some codecs decode at another rate than their container says; its count of frames is then none of ours.
        decoder.stated_frames = stated.filter(|_| stated_rate.is_none_or(|rate| rate == decoder.rate));
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

    /// Frames in all, if the file says so.
    pub(super) fn stated_frames(&self) -> Option<u64> {
        self.stated_frames
    }

    /// Appends the next packet's frames to `planes`, one plane a channel, samples in −1..1.
    pub(super) fn read(&mut self, planes: &mut [Vec<f32>]) -> ReadOutcome {
        while self.missing == 0 && self.interleaved.is_empty() {
            match self.next_packet() {
                Ok(packet) => self.decode(&packet),
                Err(broken) => return self.end(broken),
            };
        }
        let hole = self.missing.min(u64::from(self.rate));
        if hole > 0 {
            self.missing -= hole;
            self.frames += hole;
            return ReadOutcome::Hole(hole as usize);
        }
        for frame in self.interleaved.chunks_exact(self.channels) {
            planes.iter_mut().zip(frame).for_each(|(plane, sample)| plane.push(*sample));
        }
        self.frames += (self.interleaved.len() / self.channels) as u64;
        self.interleaved.clear();
        ReadOutcome::Sound
    }

    /// Only the first sound says for certain at what rate and in how many channels.
    fn look_ahead(&mut self) -> Result<(), SourceError> {
        let mut failures = 0;
        while self.interleaved.is_empty() {
            let Ok(packet) = self.next_packet() else {
                return Err(SourceError::Empty { path: self.path.clone() });
            };
            failures += u32::from(!self.decode(&packet));
            if failures > MOST_FAILURES {
                return Err(self.not_audio("nothing in it decodes"));
            }
        }
        match RATES.contains(&self.rate) {
            true => Ok(()),
            false => Err(self.not_audio(&format!("it states a sample rate of {} Hz", self.rate))),
        }
    }

    /// The next packet of the audio track; `Err` at the end, true where the reader broke off there.
    fn next_packet(&mut self) -> Result<Packet, bool> {
        loop {
            match self.reader.next_packet() {
                Ok(Some(packet)) if packet.track_id == self.track => return Ok(packet),
                Ok(Some(_)) => {}
                Ok(None) => return Err(false),
                Err(_) => return Err(true),
            }
        }
    }

    /// Decodes a packet, and counts what is missing before it. `false` if the packet itself is damaged: then the
    /// next one shows how long the hole is.
    fn decode(&mut self, packet: &Packet) -> bool {
        let at = packet.pts.get().saturating_add_unsigned(packet.trim_start.get());
        let Ok(sound) = self.codec.decode(packet) else { return false };
        let (rate, channels) = (sound.spec().rate(), sound.spec().channels().count());
        if self.channels == 0 {
            (self.rate, self.channels) = (rate, channels);
        }
        if channels == 0 || (rate, channels) != (self.rate, self.channels) {
            return false;
        }
        sound.copy_to_vec_interleaved(&mut self.interleaved);
        if !self.interleaved.is_empty() {
            self.missing = self.missing_before(at);
            if self.frames == 0 && self.missing > LATEST_START * u64::from(self.rate) {
                (self.origin, self.missing) = (at, 0);
            }
        }
        true
    }

    /// Frames between what was read and a packet at this time of the file's own clock.
    fn missing_before(&self, at: i64) -> u64 {
        let ticks = i128::from(at) - i128::from(self.origin);
        let due = self.base.map_or(ticks, |base| {
            ticks * i128::from(base.numer.get()) * i128::from(self.rate) / i128::from(base.denom.get())
        });
        let (due, rate) = (u64::try_from(due).unwrap_or(0), u64::from(self.rate));
        let missing = due.saturating_sub(self.frames);
        let is_sane = missing < LONGEST_HOLE * rate && self.stated_frames.is_none_or(|stated| due <= stated + rate);
        if is_sane && missing * 1000 > SHORTEST_HOLE_MS * rate { missing } else { 0 }
    }

    fn end(&self, broken: bool) -> ReadOutcome {
        // Encoders round a length up to their frame; less than 50 ms is not worth a warning.
        let much = u64::from(self.rate / 20);
        let early = match self.stated_frames {
            Some(stated) => stated.saturating_sub(self.frames) > much,
            // A WAV that was written into a pipe states nothing and ends with its file.
            None => broken && self.kind != AudioFormat::Wav,
        };
        ReadOutcome::End { early }
    }

    fn not_audio(&self, cause: &str) -> SourceError {
        SourceError::NotAudio { path: self.path.clone(), cause: cause.to_owned() }
    }
}

/// Whether the file was over before a decoder could make anything of it.
fn is_end_of_file(fault: &Fault) -> bool {
    matches!(fault, Fault::IoError(cause) if cause.kind() == ErrorKind::UnexpectedEof)
}
