//! A recorded call as a source: one two-channel file (left is me) or two files, of any rate and depth.
//!
//! Owns decoding and resampling. Leaves to the driver when a block is asked for.

mod container;
mod decoder;
mod edit_list;
mod format;
mod opus;
mod resampler;
mod truncated_mp4;
mod wav_header;

use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};

use symphonia::core::io::MediaSource;

use crate::audio::{BLOCK_DURATION, BLOCK_SIZE, Block, Pcm, PerTrack, SILENCE, Track, vectorized};
use crate::source::{Notice, Source, SourceError};
use crate::time::{SAMPLE_RATE, SampleTime, Samples, Span};

use container::Container;
use decoder::{Decoder, ReadOutcome};
use format::AudioFormat;
use resampler::Resampler;

/// Where the first sound comes later than that, the file was cut out of a longer stream, whose clock it keeps.
const LATEST_START: Samples = Samples::from_secs(10);

/// The longest time by which one track of a file may begin after the other; more is a damaged timestamp.
const LONGEST_DELAY: Samples = Samples::from_secs(3_600);

/// A recorded call.
pub struct FileSource {
    input: RecordingFiles,
    next: SampleTime,
    comparison: ChannelComparison,
    notices: VecDeque<Notice>,
    track_names: Option<PerTrack<TrackName>>,
    /// Files that were told to break off.
    cut_short: Vec<PathBuf>,
}

/// Which of a recording's audio tracks holds a side of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackName {
    /// Counted from one, in the order of the file.
    pub number: usize,
    /// What the recorder called it; empty if it did not.
    pub name: String,
}

/// Which recording holds which track.
enum RecordingFiles {
    /// Left is me, right is them.
    TwoChannels(Box<Recording>),
    /// A recording a track, each mixed to one channel: two files, or two audio tracks of one.
    TwoRecordings(Box<PerTrack<Recording>>),
}

impl FileSource {
    /// Opens a recording of both sides, two channels or two audio tracks of which the first is me; or with `them` two
    /// recordings of a side each.
    ///
    /// # Errors
    /// When a file cannot be read or decoded, or when its sides cannot be told apart.
    pub fn open(call: &Path, them: Option<&Path>) -> Result<Self, SourceError> {
        let container = Container::open(call, open(call)?)?;
        if let Some(them) = them {
            let them = Container::open(them, open(them)?)?;
            return Ok(Self::two_recordings(PerTrack {
                me: Recording::only(container)?,
                them: Recording::only(them)?,
            }));
        }
        match container.audio_tracks().count() {
            2 => Self::two_tracks(container, 0),
            _ => Self::of_channels(container),
        }
    }

    /// Opens a recording that has an audio track for each side; `me` is the number of mine, counted from one.
    ///
    /// # Errors
    /// Like [`FileSource::open`], and when the file has no such track or not two of them.
    pub fn open_tracks(call: &Path, me: usize) -> Result<Self, SourceError> {
        let container = Container::open(call, open(call)?)?;
        match (container.audio_tracks().count(), me) {
            (2, 1 | 2) => Self::two_tracks(container, me - 1),
            (tracks @ ..=2, _) => Err(SourceError::NoSuchTrack { path: call.to_owned(), chosen: me, tracks }),
            _ => Err(too_many_tracks(&container)),
        }
    }

    /// `me` is counted from zero. Each track has a reader of its own, so that neither waits for the other's packets.
    fn two_tracks(container: Container, me: usize) -> Result<Self, SourceError> {
        let path = container.path.clone();
        let mut names = container.track_names();
        let mut named = |index: usize| TrackName { number: index + 1, name: std::mem::take(&mut names[index]) };
        let track_names = Some(PerTrack { me: named(me), them: named(1 - me) });
        let second = Container::open(&path, open(&path)?)?;
        let mut decoders = PerTrack { me: Decoder::new(container, me)?, them: Decoder::new(second, 1 - me)? };
        begin_together(&mut decoders);
        let PerTrack { me, them } = decoders;
        let recordings = PerTrack { me: Recording::new(&path, me)?, them: Recording::new(&path, them)? };
        Ok(Self { track_names, ..Self::two_recordings(recordings) })
    }

    /// A two-channel recording from bytes that are already at hand; `name` is for messages.
    ///
    /// # Errors
    /// Like [`FileSource::open`].
    pub fn two_channels(name: &Path, bytes: Box<dyn MediaSource>) -> Result<Self, SourceError> {
        Self::of_channels(Container::open(name, bytes)?)
    }

    fn of_channels(container: Container) -> Result<Self, SourceError> {
        let path = container.path.clone();
        let recording = Recording::only(container)?;
        match recording.decoder.channels() {
            2 => Ok(Self::new(RecordingFiles::TwoChannels(Box::new(recording)))),
            1 => Err(SourceError::Mono { path }),
            channels => Err(SourceError::Channels { path, channels }),
        }
    }

    fn two_recordings(recordings: PerTrack<Recording>) -> Self {
        Self::new(RecordingFiles::TwoRecordings(Box::new(recordings)))
    }

    /// Which audio tracks of a single file are the two sides; `None` where its channels or two files are.
    pub fn track_names(&self) -> Option<&PerTrack<TrackName>> {
        self.track_names.as_ref()
    }

    /// How long the call is, if its files say so.
    pub fn length(&self) -> Option<Samples> {
        match &self.input {
            RecordingFiles::TwoChannels(both) => both.length(),
            RecordingFiles::TwoRecordings(files) => Some(files.me.length()?.max(files.them.length()?)),
        }
    }

    fn new(input: RecordingFiles) -> Self {
        Self {
            input,
            next: SampleTime::ZERO,
            comparison: ChannelComparison::default(),
            notices: VecDeque::new(),
            track_names: None,
            cut_short: Vec::new(),
        }
    }
}

impl Source for FileSource {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        let pcm = PerTrack { me: SILENCE, them: SILENCE };
        let mut block = Block { start: self.next, pcm, lost: PerTrack::default(), speech: None };
        let more = match &mut self.input {
            RecordingFiles::TwoChannels(both) => {
                let more = both.fill(BLOCK_SIZE)?;
                both.take(0, &mut block.pcm.me);
                both.take(1, &mut block.pcm.them);
                let lost = both.overlaps_hole(block.span());
                block.lost = PerTrack { me: lost, them: lost };
                self.notices.extend(both.cut_short.take());
                self.comparison.observe(&block.pcm);
                if !more && std::mem::take(&mut self.comparison).are_same() {
                    self.notices.push_back(Notice::SameChannels { path: both.path.clone() });
                }
                more
            }
            RecordingFiles::TwoRecordings(files) => {
                let more = files.me.fill(BLOCK_SIZE)? | files.them.fill(BLOCK_SIZE)?;
                for track in Track::BOTH {
                    let file = &mut files[track];
                    // A file that ended before the other has no data here, which is not silence.
                    block.lost[track] = file.mix(&mut block.pcm[track]) == 0 || file.overlaps_hole(block.span());
                    let told = file.cut_short.take().filter(|_| !self.cut_short.contains(&file.path));
                    self.cut_short.extend(told.iter().map(|_| file.path.clone()));
                    self.notices.extend(told);
                }
                more
            }
        };
        self.next += BLOCK_DURATION;
        Ok(more.then_some(block))
    }

    fn next_notice(&mut self) -> Option<Notice> {
        self.notices.pop_front()
    }
}

/// Whether a file that begins so is taken for a recording.
pub(super) fn is_recording(head: &[u8]) -> bool {
    AudioFormat::from_head(head).is_some()
}

/// Brings two tracks of a file to one start: both lie where the file's own time has them, which begins at the earlier of
/// them if the file was cut out of a longer stream.
fn begin_together(decoders: &mut PerTrack<Decoder>) {
    let earlier = decoders.me.late().min(decoders.them.late());
    let common = if earlier > LATEST_START { earlier } else { Samples::ZERO };
    for track in Track::BOTH {
        let late = decoders[track].late();
        decoders[track].leave_out(if late.saturating_sub(common) > LONGEST_DELAY { late } else { common });
    }
}

fn too_many_tracks(container: &Container) -> SourceError {
    let names = container.track_names().into_iter().enumerate().map(|(index, name)| match &name[..] {
        "" => format!("{}", index + 1),
        _ => format!("{} ({name})", index + 1),
    });
    let tracks = names.collect::<Vec<_>>().join(", ");
    SourceError::AudioTracks { path: container.path.clone(), tracks }
}

fn open(path: &Path) -> Result<Box<dyn MediaSource>, SourceError> {
    let unreadable = |cause| SourceError::Unreadable { path: path.to_owned(), cause };
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(SourceError::Directory { path: path.to_owned() });
    }
    Ok(Box::new(file))
}

/// Whether both channels have held the same sound so far: a mono mix that was saved as stereo.
#[derive(Default)]
struct ChannelComparison {
    /// The energy of both.
    energy: u64,
    /// The energy of what they differ by.
    difference_energy: u64,
}

impl ChannelComparison {
    fn observe(&mut self, pcm: &PerTrack<Pcm>) {
        for (me, them) in pcm.me.iter().zip(&pcm.them) {
            let (me, them) = (i64::from(*me), i64::from(*them));
            self.energy += (me * me + them * them) as u64;
            self.difference_energy += (me - them).pow(2) as u64;
        }
    }

    /// 40 dB between them leave room for the noise of a lossy codec. Two voices, or a leak from one to the other, are
    /// further apart by far.
    fn are_same(&self) -> bool {
        self.difference_energy < self.energy / 10_000
    }
}

/// One file on its way to the call's rate.
struct Recording {
    path: PathBuf,
    decoder: Decoder,
    resampler: Resampler,
    decoded: Vec<Vec<f32>>,
    ready: Vec<Vec<f32>>,
    /// Samples of `ready` that were taken before the block at hand, and those that it took.
    taken: usize,
    taken_now: usize,
    /// Where damaged packets left holes, in the call's time.
    holes: VecDeque<Span>,
    frames: u64,
    ended: bool,
    cut_short: Option<Notice>,
}

impl Recording {
    /// The only audio track of a container.
    fn only(container: Container) -> Result<Self, SourceError> {
        if container.audio_tracks().count() > 1 {
            return Err(too_many_tracks(&container));
        }
        let path = container.path.clone();
        let mut decoder = Decoder::new(container, 0)?;
        if decoder.late() > LATEST_START {
            decoder.leave_out(decoder.late());
        }
        Self::new(&path, decoder)
    }

    fn new(path: &Path, decoder: Decoder) -> Result<Self, SourceError> {
        let channels = decoder.channels();
        let resampler = Resampler::new(decoder.rate(), channels)
            .map_err(|cause| SourceError::NotAudio { path: path.to_owned(), cause: cause.to_string() })?;
        Ok(Self {
            path: path.to_owned(),
            resampler,
            decoded: vec![Vec::new(); channels],
            ready: vec![Vec::new(); channels],
            taken: 0,
            taken_now: 0,
            holes: VecDeque::new(),
            frames: 0,
            ended: false,
            cut_short: None,
            decoder,
        })
    }

    fn length(&self) -> Option<Samples> {
        self.decoder.stated_frames().map(|frames| self.call_time(frames).since(SampleTime::ZERO))
    }

    /// The moment of the call at which the file's frame of this index lies.
    fn call_time(&self, frame: u64) -> SampleTime {
        SampleTime::new(frame * u64::from(SAMPLE_RATE) / u64::from(self.decoder.rate()))
    }

    /// Decodes until a block is ready or the file is at its end; `false` if nothing is left.
    fn fill(&mut self, samples: usize) -> Result<bool, SourceError> {
        self.taken += std::mem::take(&mut self.taken_now);
        if self.available() < samples {
            self.ready.iter_mut().for_each(|plane| drop(plane.drain(..self.taken)));
            self.taken = 0;
        }
        while !self.ended && self.available() < samples {
            let before = self.frames;
            match self.decoder.read(&mut self.decoded) {
                ReadOutcome::Sound => self.frames += self.decoded.first().map_or(0, Vec::len) as u64,
                ReadOutcome::Hole(frames) => {
                    self.decoded.iter_mut().for_each(|plane| plane.resize(frames, 0.0));
                    self.frames += frames as u64;
                    self.holes.push_back(Span::new(self.call_time(before), self.call_time(self.frames)));
                }
                ReadOutcome::End { early } => {
                    self.ended = true;
                    let at = self.call_time(self.frames);
                    self.cut_short = early.then(|| Notice::CutShort { path: self.path.clone(), at });
                }
            }
            self.resampler
                .process(&mut self.decoded, &mut self.ready, self.ended)
                .map_err(|cause| SourceError::NotAudio { path: self.path.clone(), cause: cause.to_string() })?;
        }
        Ok(self.available() > 0)
    }

    fn available(&self) -> usize {
        self.ready.first().map_or(0, Vec::len) - self.taken
    }

    /// The next samples of one channel; what is missing at the end stays silent.
    fn take(&mut self, channel: usize, pcm: &mut [i16; BLOCK_SIZE]) {
        self.taken_now = self.available().min(BLOCK_SIZE);
        let samples = &self.ready[channel][self.taken..][..self.taken_now];
        vectorized(
            #[inline(always)]
            || pcm.iter_mut().zip(samples).for_each(|(out, sample)| *out = to_i16(*sample)),
        );
    }

    /// The next samples of all channels' mean, and how many there were.
    fn mix(&mut self, pcm: &mut [i16; BLOCK_SIZE]) -> usize {
        self.taken_now = self.available().min(BLOCK_SIZE);
        let share = 1.0 / self.ready.len() as f32;
        for (i, out) in pcm.iter_mut().enumerate().take(self.taken_now) {
            *out = to_i16(self.ready.iter().map(|plane| plane[self.taken + i]).sum::<f32>() * share);
        }
        self.taken_now
    }

    fn overlaps_hole(&mut self, block: Span) -> bool {
        while self.holes.front().is_some_and(|hole| hole.end <= block.start) {
            self.holes.pop_front();
        }
        self.holes.front().is_some_and(|hole| !hole.intersection(block).is_empty())
    }
}

#[inline(always)]
fn to_i16(sample: f32) -> i16 {
    (sample * 32_768.0).round().clamp(f32::from(i16::MIN), f32::from(i16::MAX)) as i16
}

#[cfg(test)]
mod tests;
