//! Is each side heard, how loudly, and does the far end reach the microphone?

use std::collections::VecDeque;

use serde::Serialize;

use crate::audio::{BLOCK_DURATION, BLOCK_SIZE, Block, Pcm, PerTrack, Track, level_dbfs};
use crate::frontend::vad::Detector;
use crate::frontend::{FrontEnd, GuardedFrontEnd};
use crate::source::{Notice, Source, SourceError};
use crate::time::{SampleTime, Samples};

/// A level is the mean of this many blocks: 300 ms, over which a voice is steady enough to be read off a bar (ours).
const WINDOW_BLOCKS: usize = 30;

/// A side was heard once it spoke for this long at a stretch; a shorter stretch is a click (the floor's shortest run).
const SPOKEN_AFTER: Samples = Samples::from_ms(120);

/// The far end plays if its level is over this.
const FAR_ACTIVE_DBFS: f32 = -50.0;

/// After this much sound of the far end, a microphone in which it was not found is free of it: the echo stage takes 1
/// to 3 s to find it.
const ECHO_FREE_AFTER: Samples = Samples::from_secs(4);

/// How often the page is shown the state.
const STATUS_INTERVAL: Samples = Samples::from_ms(100);

/// How both sides are heard.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SoundCheckStatus {
    /// The level of each side.
    pub level: PerTrack<TrackLevel>,
    /// Whether the far end reaches the microphone.
    pub echo: EchoCheck,
}

/// How one side is heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackLevel {
    /// The mean level of the last 300 ms, in dB relative to full scale; −96 for digital silence and for lost sound.
    pub dbfs: f32,
    /// Whether somebody has spoken.
    pub heard: bool,
    /// For how long nothing has come in; zero while something does.
    pub lost: Samples,
}

impl Default for TrackLevel {
    fn default() -> Self {
        Self { dbfs: SILENT_DBFS, heard: false, lost: Samples::ZERO }
    }
}

const SILENT_DBFS: f32 = -96.0;

/// Whether the far end reaches the microphone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EchoCheck {
    /// The far end has played too little to know.
    #[default]
    Waiting,
    /// It does not: a headset.
    None,
    /// It does: open speakers.
    Leaks,
}

/// Listens to both sides before a call, and keeps nothing of them.
pub struct SoundCheck {
    front_end: GuardedFrontEnd,
    windows: PerTrack<PowerWindow>,
    /// How long each side has been speaking at a stretch.
    runs: PerTrack<Samples>,
    heard: PerTrack<bool>,
    lost: PerTrack<Samples>,
    played: Samples,
    last_status: Option<(SampleTime, SoundCheckStatus)>,
}

impl SoundCheck {
    /// Before anything was heard.
    pub fn new(detector: &Detector) -> Self {
        Self::with_front_end(FrontEnd::new(detector), detector)
    }

    pub(super) fn with_front_end(front_end: FrontEnd, detector: &Detector) -> Self {
        Self {
            front_end: GuardedFrontEnd::new(front_end, detector.clone()),
            windows: PerTrack::default(),
            runs: PerTrack::default(),
            heard: PerTrack::default(),
            lost: PerTrack::default(),
            played: Samples::ZERO,
            last_status: None,
        }
    }

    /// Takes the next block; gives the state if the page is due to be shown it.
    pub fn push(&mut self, block: Block) -> Option<SoundCheckStatus> {
        let now = block.span().end;
        for track in Track::BOTH {
            self.windows[track].push(&block.pcm[track]);
            self.lost[track] = if block.lost[track] { self.lost[track] + BLOCK_DURATION } else { Samples::ZERO };
        }
        if level_dbfs(&block.pcm.them) > FAR_ACTIVE_DBFS {
            self.played += BLOCK_DURATION;
        }
        self.front_end.push(block);
        while let Some(judged) = self.front_end.pop() {
            // What a failure cost is no speech; before a call nothing is kept, and nothing is lost by it.
            Track::BOTH.into_iter().for_each(|track| self.push_decision(track, judged.speech[track]));
        }
        self.status_if_due(now)
    }

    /// The front end, with what it has learned of the leak, for the call that begins with the next block.
    pub fn into_front_end(self) -> FrontEnd {
        self.front_end.into_inner().begin_call()
    }

    /// How both sides are heard now.
    pub fn status(&self) -> SoundCheckStatus {
        let level =
            |track| TrackLevel { dbfs: self.windows[track].dbfs(), heard: self.heard[track], lost: self.lost[track] };
        let echo = match self.front_end.leak().detected {
            true => EchoCheck::Leaks,
            false if self.played >= ECHO_FREE_AFTER => EchoCheck::None,
            false => EchoCheck::Waiting,
        };
        SoundCheckStatus { level: PerTrack::from_fn(level), echo }
    }

    fn push_decision(&mut self, track: Track, speech: bool) {
        self.runs[track] = if speech { self.runs[track] + BLOCK_DURATION } else { Samples::ZERO };
        self.heard[track] |= self.runs[track] >= SPOKEN_AFTER;
    }

    /// The state, at most ten times a second, and at once if more than a level has changed.
    fn status_if_due(&mut self, now: SampleTime) -> Option<SoundCheckStatus> {
        let standing = self.status();
        let due = self.last_status.is_none_or(|(at, before)| {
            let states = |of: SoundCheckStatus| (of.level.map(|level| level.heard), of.echo);
            now - at >= STATUS_INTERVAL || states(before) != states(standing)
        });
        due.then(|| {
            self.last_status = Some((now, standing));
            standing
        })
    }
}

/// The power of a track's last blocks.
#[derive(Default)]
struct PowerWindow(VecDeque<f32>);

impl PowerWindow {
    fn push(&mut self, pcm: &Pcm) {
        let power = pcm.iter().map(|sample| (f32::from(*sample) / 32_768.0).powi(2)).sum::<f32>() / BLOCK_SIZE as f32;
        self.0.push_back(power);
        if self.0.len() > WINDOW_BLOCKS {
            self.0.pop_front();
        }
    }

    fn dbfs(&self) -> f32 {
        let mean = self.0.iter().sum::<f32>() / self.0.len().max(1) as f32;
        (10.0 * mean.log10()).max(SILENT_DBFS)
    }
}

/// What comes of listening to a source.
#[derive(Clone, Debug, PartialEq)]
pub enum SoundCheckUpdate {
    /// How both sides are heard.
    Status(SoundCheckStatus),
    /// What the source says of itself.
    Notice(Notice),
}

/// Listens to a source until `begins`, which is asked after every block, says that the call is to begin. Gives when
/// that was on the source's clock; `None` if the source ended before.
///
/// # Errors
/// When the source cannot go on.
pub fn run_sound_check(
    source: &mut dyn Source,
    sound_check: &mut SoundCheck,
    begin_requested: &mut dyn FnMut() -> bool,
    emit: &mut dyn FnMut(SoundCheckUpdate),
) -> Result<Option<SampleTime>, SourceError> {
    while let Some(block) = source.next()? {
        let now = block.span().end;
        while let Some(notice) = source.next_notice() {
            emit(SoundCheckUpdate::Notice(notice));
        }
        if let Some(standing) = sound_check.push(block) {
            emit(SoundCheckUpdate::Status(standing));
        }
        if begin_requested() {
            return Ok(Some(now));
        }
    }
    Ok(None)
}
