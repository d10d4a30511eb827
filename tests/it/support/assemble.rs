//! Calls with labels, laid out by a seed from the pool of utterances.
//!
//! A [`Scene`] says what a call is like: how long, in which language, in which room, over which line, and what else is heard. The same
//! scene gives the same samples and the same labels. [`dialogue`] decides who speaks when, [`room`] what a microphone
//! makes of the far end, [`sounds`] what else it hears, [`line`] what device and line do to it all, [`labels`] what is true
//! of the call.

pub mod dialogue;
pub mod labels;
pub mod line;
pub mod pool;
pub mod room;
pub mod sounds;

use std::path::Path;

use keicho::audio::{BLOCK_DURATION, BLOCK_SIZE, Block, PerTrack, SILENCE, Track};
use keicho::language::Language;
use keicho::source::{Source, SourceError};
use keicho::time::SampleTime;
use serde_json::Value;

use super::doubles::random::Random;
use super::doubles::wav::{Depth, wav};
use dialogue::{Dialogue, Line};
pub use line::Fault;
use pool::Pool;
pub use room::{Leak, Room};
pub use sounds::{Colour, Noise};

/// A headset's own hiss on both tracks: no digital silence, and far below speech.
const HISS_DBFS: f64 = -75.0;

/// A backchannel is said more softly than a turn.
const BACKCHANNEL_DB: f64 = -3.0;

/// A voice that breaks off fades over this many samples.
const FADE: usize = 480;

/// What a call is like. Levels are RMS while it sounds: `_dbfs` of full scale, `_db` against the manager's voice.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Decides all that is not said here.
    pub seed: u64,
    pub language: Language,
    /// How long people talk; the call ends within half a minute after.
    pub seconds: usize,
    /// A stretch of some 40 s where one person talks and the other nods.
    pub monologue: bool,
    /// Whether backchannels of more than 1.0 s are given too: without text they cannot be told.
    pub long_backchannels: bool,
    pub room: Room,
    /// The far end's own hiss; `None` is digital silence between its utterances.
    pub far_hiss_dbfs: Option<f64>,
    /// Noise in the microphone.
    pub noise: Option<Noise>,
    /// A fan in the manager's room: a low rush and a hum.
    pub fan_dbfs: Option<f64>,
    /// Bursts of keys, by the level of a key's peak.
    pub typing_dbfs: Option<f64>,
    /// Chords with a beat in the manager's room.
    pub music_dbfs: Option<f64>,
    /// Somebody else talks in the manager's room; not in the labels.
    pub second_voice_db: Option<f64>,
    /// Six people talk at once far from the manager; not in the labels.
    pub far_voices_dbfs: Option<f64>,
    /// Breathing into the microphone between words, by the level of a breath.
    pub breath_dbfs: Option<f64>,
    /// The manager's level.
    pub gain_db: f64,
    /// Whether the microphone has a noise gate.
    pub gate: bool,
    /// What is wrong with the microphone or the line.
    pub fault: Option<Fault>,
}

/// A call and what is true of it, in the format of the labelled calls that tests and scripts read.
pub struct Call {
    pub pcm: PerTrack<Vec<i16>>,
    pub labels: Value,
}

impl Scene {
    /// Two minutes and a half on headsets.
    pub fn new(seed: u64, language: Language) -> Self {
        Self {
            seed,
            language,
            seconds: 130,
            monologue: false,
            long_backchannels: false,
            room: Room::headset(),
            far_hiss_dbfs: Some(HISS_DBFS),
            noise: None,
            fan_dbfs: None,
            typing_dbfs: None,
            music_dbfs: None,
            second_voice_db: None,
            far_voices_dbfs: None,
            breath_dbfs: None,
            gain_db: 0.0,
            gate: false,
            fault: None,
        }
    }

    /// The call.
    pub fn assemble(&self, pool: &Pool) -> Call {
        let random = |purpose| Random::new(self.seed).split(purpose);
        let voices = pool.cast(self.language, &mut random("voices"));
        let lines = Dialogue::compose(self, &voices, random("dialogue"));
        let end = lines.iter().map(Line::end).max().unwrap_or(0) + 100;
        let clean = PerTrack::from_fn(|track| track_of(&lines, track, end, true));
        let talk = PerTrack::from_fn(|track| track_of(&lines, track, end, false));
        let labels = labels::of(self, &voices, &lines, &clean, &talk);

        let (mut sound, length) = (clean.clone(), clean.me.len());
        let leaked = room::leak(&self.room, &clean.them, random("room"));
        room::amplify(&mut sound.me, self.gain_db);
        let level = sounds::speech_rms(&sound.me);
        sounds::add(&mut sound.me, &leaked);
        if let Some(db) = self.second_voice_db {
            let other = sounds::bystander(voices.bystander, length, random("bystander"));
            sounds::add_at(&mut sound.me, &other, level * sounds::ratio(db));
        }
        if let Some(dbfs) = self.far_voices_dbfs {
            let others = sounds::far_voices(pool, self.language, length, random("far voices"));
            sounds::add_at(&mut sound.me, &others, sounds::ratio(dbfs));
        }
        for (part, make) in sounds::ALL {
            if let Some((name, dbfs)) = part(self) {
                let made = make(self, length, random(name));
                sounds::add_at(&mut sound.me, &made, sounds::ratio(dbfs));
            }
        }
        let hiss = Noise { colour: Colour::Pink, dbfs: HISS_DBFS };
        sounds::add(&mut sound.me, &hiss.make(length, random("hiss")));
        if let Some(dbfs) = self.far_hiss_dbfs {
            let hiss = Noise { dbfs, ..hiss }.make(length, random("far hiss"));
            sounds::add(&mut sound.them, &hiss);
        }
        if self.gate {
            sounds::gate(&mut sound.me);
        }
        if let Some(fault) = self.fault {
            fault.befall(&mut sound, random("fault"));
        }
        Call { pcm: sound.map(|track| to_i16(&track)), labels }
    }
}

impl Call {
    /// The call as the session hears it.
    pub fn source(&self) -> impl Source + '_ {
        Memory { call: self, block: 0 }
    }

    /// Writes `NAME.wav` and `NAME.json` to a folder, to be listened to.
    pub fn write(&self, folder: &Path, name: &str) {
        let channel = |track: Track| self.pcm[track].iter().map(|s| f64::from(*s) / 32_768.0).collect();
        let bytes = wav(16_000, Depth::I16, &[channel(Track::Me), channel(Track::Them)]);
        std::fs::write(folder.join(format!("{name}.wav")), bytes).unwrap();
        std::fs::write(folder.join(format!("{name}.json")), self.labels.to_string()).unwrap();
    }
}

/// A call's blocks, one after the other.
struct Memory<'a> {
    call: &'a Call,
    block: usize,
}

impl Source for Memory<'_> {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        let at = self.block * BLOCK_SIZE;
        self.block += 1;
        let start = SampleTime::ZERO + keicho::time::Samples::new(at as u64);
        let mut block =
            Block { start, pcm: PerTrack { me: SILENCE, them: SILENCE }, lost: PerTrack::default(), speech: None };
        for track in Track::BOTH {
            let Some(pcm) = self.call.pcm[track].get(at..at + BLOCK_SIZE) else { return Ok(None) };
            block.pcm[track].copy_from_slice(pcm);
        }
        debug_assert_eq!(block.span().len(), BLOCK_DURATION);
        Ok(Some(block))
    }
}

/// The clean voice of a track, with its backchannels or without.
fn track_of(lines: &[Line], track: Track, steps: usize, backchannels: bool) -> Vec<f32> {
    let mut out = vec![0.0; steps * BLOCK_SIZE];
    for line in lines.iter().filter(|line| line.track == track && (backchannels || !line.backchannel)) {
        let gain = if line.backchannel { sounds::ratio(BACKCHANNEL_DB) as f32 } else { 1.0 };
        let length = line.steps * BLOCK_SIZE;
        for (i, sample) in line.clip.pcm[..length].iter().enumerate() {
            let left = length - i;
            let fade = if line.cut && left < FADE { left as f32 / FADE as f32 } else { 1.0 };
            out[line.start * BLOCK_SIZE + i] += gain * fade * sample;
        }
    }
    out
}

fn to_i16(track: &[f32]) -> Vec<i16> {
    track.iter().map(|sample| (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16).collect()
}
