//! Is each side heard, how loudly, and does the far end reach the microphone?

use std::collections::VecDeque;

use crate::audio::{BLOCK, Block, Pcm, PerTrack, STEP, Track, level_dbfs};
use crate::echo::{Clean, Echo};
use crate::source::{Notice, Source, SourceError};
use crate::time::{SampleTime, Samples};
use crate::vad::{Detector, Ear};

/// A level is the mean of so many blocks: 300 ms, in which a voice is steady enough to be read off a bar.
const WINDOW: usize = 30;

/// A side was heard once it spoke for so long at a stretch; a shorter stretch is a click.
const HEARD: Samples = Samples::from_ms(120);

/// The far end plays where it is louder than this.
const PLAYS_DBFS: f32 = -50.0;

/// After so much of it a microphone in which it was not found is free of it: the echo stage takes 1 to 3 s to find it.
const ENOUGH: Samples = Samples::from_secs(4);

/// How often the page is told.
const SHOWN_EVERY: Samples = Samples::from_ms(100);

/// How both sides are heard.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    /// Each side.
    pub level: PerTrack<Level>,
    /// Whether the far end reaches the microphone.
    pub echo: EchoCheck,
}

/// How one side is heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// The mean level of the last 300 ms, in dB relative to full scale; −96 for digital silence and for lost sound.
    pub dbfs: f32,
    /// Whether somebody has spoken.
    pub heard: bool,
}

impl Default for Level {
    fn default() -> Self {
        Self { dbfs: SILENT_DBFS, heard: false }
    }
}

const SILENT_DBFS: f32 = -96.0;

/// Whether the far end reaches the microphone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EchoCheck {
    /// The far end has played too little to tell.
    #[default]
    Waiting,
    /// It does not: a headset.
    None,
    /// It does: open speakers.
    Leaks,
}

/// Listens to both sides before a call, and keeps nothing of them.
pub struct Hearing {
    echo: Echo,
    ears: PerTrack<Ear>,
    judged: PerTrack<VecDeque<bool>>,
    /// For the microphone's blocks that its ear has not judged yet: whether they hold no more than the far end.
    leaks: VecDeque<bool>,
    windows: PerTrack<Window>,
    /// How long each side has been speaking at a stretch.
    runs: PerTrack<Samples>,
    heard: PerTrack<bool>,
    played: Samples,
    told: Option<(SampleTime, Standing)>,
}

impl Hearing {
    /// Before anything was heard.
    pub fn new(detector: &Detector) -> Self {
        Self {
            echo: Echo::new(),
            ears: PerTrack::from_fn(|_| Ear::new(detector.build())),
            judged: PerTrack::default(),
            leaks: VecDeque::new(),
            windows: PerTrack::default(),
            runs: PerTrack::default(),
            heard: PerTrack::default(),
            played: Samples::ZERO,
            told: None,
        }
    }

    /// Hears the next block; gives how it stands where the page is due to be told.
    pub fn hear(&mut self, block: Block) -> Option<Standing> {
        let now = block.span().end;
        for track in Track::BOTH {
            self.windows[track].hear(&block.pcm[track]);
        }
        if level_dbfs(&block.pcm.them) > PLAYS_DBFS {
            self.played += STEP;
        }
        if let Some(clean) = self.echo.push(block) {
            self.listen(&clean);
        }
        self.tell(now)
    }

    /// How it stands.
    pub fn standing(&self) -> Standing {
        let level = |track| Level { dbfs: self.windows[track].dbfs(), heard: self.heard[track] };
        let echo = match self.echo.leak().detected {
            true => EchoCheck::Leaks,
            false if self.played >= ENOUGH => EchoCheck::None,
            false => EchoCheck::Waiting,
        };
        Standing { level: PerTrack::from_fn(level), echo }
    }

    fn listen(&mut self, clean: &Clean) {
        self.leaks.push_back(clean.leak_only);
        self.ears.me.hear(&clean.me, &mut self.judged.me);
        self.ears.them.hear(&clean.them, &mut self.judged.them);
        while let Some(speech) = self.judged.me.pop_front() {
            let leak = self.leaks.pop_front().unwrap_or(false);
            self.judge(Track::Me, speech && !leak);
        }
        while let Some(speech) = self.judged.them.pop_front() {
            self.judge(Track::Them, speech);
        }
    }

    fn judge(&mut self, track: Track, speech: bool) {
        self.runs[track] = if speech { self.runs[track] + STEP } else { Samples::ZERO };
        self.heard[track] |= self.runs[track] >= HEARD;
    }

    /// At most ten times a second, and at once where more than a level has changed.
    fn tell(&mut self, now: SampleTime) -> Option<Standing> {
        let standing = self.standing();
        let due = self.told.is_none_or(|(at, before)| {
            let states = |of: Standing| (of.level.map(|level| level.heard), of.echo);
            now - at >= SHOWN_EVERY || states(before) != states(standing)
        });
        due.then(|| {
            self.told = Some((now, standing));
            standing
        })
    }
}

/// The power of a track's last blocks.
#[derive(Default)]
struct Window(VecDeque<f32>);

impl Window {
    fn hear(&mut self, pcm: &Pcm) {
        let power = pcm.iter().map(|sample| (f32::from(*sample) / 32_768.0).powi(2)).sum::<f32>() / BLOCK as f32;
        self.0.push_back(power);
        if self.0.len() > WINDOW {
            self.0.pop_front();
        }
    }

    fn dbfs(&self) -> f32 {
        let mean = self.0.iter().sum::<f32>() / self.0.len().max(1) as f32;
        (10.0 * mean.log10()).max(SILENT_DBFS)
    }
}

/// What is told while a source is listened to.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// How both sides are heard.
    Standing(Standing),
    /// What the source says of itself.
    Notice(Notice),
}

/// Listens to a source until the call is to begin: asks after every block. Gives when that was on the source's clock;
/// `None` where the source ended before.
///
/// # Errors
/// When the source cannot go on.
pub fn listen(
    source: &mut dyn Source,
    hearing: &mut Hearing,
    begins: &mut dyn FnMut() -> bool,
    tell: &mut dyn FnMut(News),
) -> Result<Option<SampleTime>, SourceError> {
    while let Some(block) = source.next()? {
        let now = block.span().end;
        while let Some(notice) = source.notice() {
            tell(News::Notice(notice));
        }
        if let Some(standing) = hearing.hear(block) {
            tell(News::Standing(standing));
        }
        if begins() {
            return Ok(Some(now));
        }
    }
    Ok(None)
}
