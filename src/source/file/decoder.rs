//! One audio file, decoded packet by packet into planes of samples at the file's own rate.
//!
//! The file's own timestamps are kept: what is damaged or was never there leaves a hole as long as it was.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use symphonia::core::codecs::audio::AudioDecoder;
use symphonia::core::formats::FormatReader;
use symphonia::core::packet::Packet;
use symphonia::core::units::TimeBase;

use super::container::{Container, audio_params};
use super::edit_list::TrackEdit;
use super::format::AudioFormat;
use super::opus::{OPUS_RATE, OpusHead, audio_decoder};
use crate::source::SourceError;
use crate::time::{SAMPLE_RATE, Samples};

/// Packets that may fail before the first one decodes; a file with more of them is no recording.
const MOST_FAILURES: u32 = 20;

/// Rates beyond these are a damaged header, and would take a filter that does not fit into memory.
const RATES: RangeInclusive<u32> = 1_000..=768_000;

/// Timestamps of a container in whole milliseconds waver by less.
const SHORTEST_HOLE_MS: u64 = 10;

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

/// Where a track's sound lies in its file's time.
enum Place {
    /// By an edit list.
    Edited(TrackEdit),
    /// By the header of Opus: what its encoder put before the sound is left out. The clock of Matroska begins behind
    /// that, all others with it.
    Opus { head: OpusHead, clock_has_delay: bool },
    /// From this tick of the track's clock on.
    From(i64),
}

/// A decoder at the start of its track.
pub(super) struct Decoder {
    path: PathBuf,
    kind: AudioFormat,
    reader: Box<dyn FormatReader>,
    codec: Box<dyn AudioDecoder>,
    gain: f32,
    track: u32,
    base: Option<TimeBase>,
    rate: u32,
    channels: usize,
    is_placed: bool,
    stated_frames: Option<u64>,
    /// Frames that were read, holes included.
    frames: u64,
    /// The frame at which the recording begins by the file's own clock.
    origin: i64,
    /// Frames that are decoded next and left out.
    skip: u64,
    /// The frame at which the recording ends, though more may be stored.
    limit: Option<u64>,
    /// Frames that are missing before `interleaved`.
    missing: u64,
    /// A packet that was decoded and not read yet.
    interleaved: Vec<f32>,
}

impl Decoder {
    /// Decodes one of a container's audio tracks, counted from zero in the order of the file.
    ///
    /// # Errors
    /// When there is no such track, or it holds no sound that can be decoded.
    pub(super) fn new(container: Container, index: usize) -> Result<Self, SourceError> {
        let path = container.path.clone();
        let not_audio = |cause: &str| SourceError::NotAudio { path: path.clone(), cause: cause.to_owned() };
        let track = container.audio_tracks().nth(index).ok_or_else(|| not_audio("it lacks an audio track"))?;
        let params = audio_params(&path, track)?;
        let codec = audio_decoder(params).map_err(|fault| not_audio(&fault.to_string()))?;
        let (stated_rate, stated) = (params.sample_rate, track.num_frames.filter(|frames| *frames > 0));
        let opus = OpusHead::of(params, container.kind);
        let edit = container.edit(track).filter(|edit| opus.is_none() || edit.skip.count > 0);
        let place = match (edit, opus) {
            (Some(edit), _) => Place::Edited(edit.clone()),
            (None, Some(head)) => Place::Opus { head, clock_has_delay: container.kind != AudioFormat::Mkv },
            // What lies before zero is the encoder's own delay.
            (None, None) => Place::From(track.start_ts.get().max(0)),
        };
        let (track, base) = (track.id, track.time_base);
        let mut decoder = Self {
            path: path.clone(),
            kind: container.kind,
            reader: container.reader,
            codec,
            gain: opus.map_or(1.0, |head| head.gain),
            track,
            base,
            rate: 0,
            channels: 0,
            is_placed: false,
            stated_frames: None,
            frames: 0,
            origin: 0,
            skip: 0,
            limit: None,
            missing: 0,
            interleaved: Vec::new(),
        };
        decoder.look_ahead(&place)?;
        // Some codecs decode at another rate than their container says; its count of frames is then none of ours.
        let stated = stated.filter(|_| stated_rate.is_none_or(|rate| rate == decoder.rate));
        let own = if let Place::From(_) = place { 0 } else { decoder.origin };
        let stated = stated.map(|frames| frames.saturating_add_signed(own.saturating_neg()));
        decoder.stated_frames = stated.map(|frames| decoder.limit.map_or(frames, |limit| limit.min(frames)));
        Ok(decoder)
    }

    /// From the start of the file's time to the first sound.
    pub(super) fn late(&self) -> Samples {
        Samples::new(self.missing.saturating_mul(u64::from(SAMPLE_RATE)) / u64::from(self.rate))
    }

    /// Lets the recording begin so much later by the file's own time, at its first sound at the latest.
    pub(super) fn leave_out(&mut self, late: Samples) {
        let frames = late.count().saturating_mul(u64::from(self.rate)) / u64::from(SAMPLE_RATE);
        let frames = if late == self.late() { self.missing } else { frames.min(self.missing) };
        self.missing -= frames;
        self.origin = self.origin.saturating_add_unsigned(frames);
        self.limit = self.limit.map(|limit| limit.saturating_sub(frames));
        self.stated_frames = self.stated_frames.map(|stated| stated.saturating_sub(frames));
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
            if self.limit.is_some_and(|limit| self.frames >= limit) {
                return ReadOutcome::End { early: false };
            }
            match self.next_packet() {
                Ok(packet) => self.decode(&packet, None),
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
    fn look_ahead(&mut self, place: &Place) -> Result<(), SourceError> {
        let mut failures = 0;
        while self.interleaved.is_empty() {
            let Ok(packet) = self.next_packet() else {
                return Err(SourceError::Empty { path: self.path.clone() });
            };
            failures += u32::from(!self.decode(&packet, Some(place)));
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
    /// next one shows how long the hole is. The first of all needs to know its place.
    fn decode(&mut self, packet: &Packet, place: Option<&Place>) -> bool {
        let at = packet.pts.get().saturating_add_unsigned(packet.trim_start.get());
        let Ok(sound) = self.codec.decode(packet) else { return false };
        let (rate, channels) = (sound.spec().rate(), sound.spec().channels().count());
        if self.channels == 0 && channels > 0 {
            (self.rate, self.channels) = (rate, channels);
        }
        if channels == 0 || (rate, channels) != (self.rate, self.channels) {
            return false;
        }
        sound.copy_to_vec_interleaved(&mut self.interleaved);
        if self.gain != 1.0 {
            self.interleaved.iter_mut().for_each(|sample| *sample *= self.gain);
        }
        if let Some(place) = place.filter(|_| !self.is_placed) {
            self.is_placed = true;
            self.find_place(place);
        }
        let left_out = self.skip.min((self.interleaved.len() / channels) as u64);
        self.skip -= left_out;
        self.interleaved.drain(..left_out as usize * channels);
        if self.interleaved.is_empty() {
            return true;
        }
        let due = self.frame_at(at).saturating_add_unsigned(left_out).saturating_sub(self.origin);
        let missing = u64::try_from(due).unwrap_or(0).saturating_sub(self.frames);
        let rate = u64::from(self.rate);
        // How late the first sound is, is judged by who opened the file.
        let is_sane = self.frames == 0
            || missing < LONGEST_HOLE * rate
                && self.stated_frames.is_none_or(|stated| self.frames + missing <= stated + rate);
        self.missing = if is_sane && missing.saturating_mul(1000) > SHORTEST_HOLE_MS * rate { missing } else { 0 };
        if let Some(limit) = self.limit {
            let room = limit.saturating_sub(self.frames.saturating_add(self.missing)) as usize;
            self.interleaved.truncate(room.saturating_mul(channels));
        }
        true
    }

    fn find_place(&mut self, place: &Place) {
        match place {
            Place::Edited(edit) => {
                let (delay, skip) = (edit.delay.frames(self.rate), edit.skip.frames(self.rate));
                self.skip = skip;
                self.origin = i64::try_from(skip).unwrap_or(i64::MAX).saturating_sub_unsigned(delay);
                self.limit = edit.length.map(|length| delay.saturating_add(length.frames(self.rate)));
            }
            Place::Opus { head, clock_has_delay } => {
                self.skip = u64::from(head.pre_skip) * u64::from(self.rate) / u64::from(OPUS_RATE);
                self.origin = if *clock_has_delay { self.skip as i64 } else { 0 };
            }
            Place::From(tick) => self.origin = self.frame_at(*tick),
        }
    }

    /// The frame at a tick of the track's clock.
    fn frame_at(&self, tick: i64) -> i64 {
        let Some(base) = self.base else { return tick };
        let ticks = i128::from(tick) * i128::from(base.numer.get()) * i128::from(self.rate);
        i64::try_from(ticks / i128::from(base.denom.get())).unwrap_or(if tick < 0 { i64::MIN } else { i64::MAX })
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
