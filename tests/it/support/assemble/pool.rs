//! The pool of utterances in `tests/pool`: what it holds, and who plays in a call.

use std::path::PathBuf;
use std::sync::LazyLock;

use keicho::audio::{BLOCK_SIZE, PerTrack};
use keicho::language::Language;
use serde::Deserialize;

use super::super::doubles::random::Random;
use super::super::sample;

/// A step of a voice that is surely heard: 20 dB under its level while it speaks.
const SOUNDS_DBFS: f32 = -42.0;

static POOL: LazyLock<Pool> = LazyLock::new(Pool::read);

/// All voices.
pub struct Pool {
    voices: Vec<Voice>,
}

/// A voice and all that it says.
pub struct Voice {
    pub name: String,
    pub language: Language,
    pub clips: Vec<Clip>,
}

/// One utterance; begins and ends with speech.
pub struct Clip {
    pub kind: Kind,
    pub text: String,
    /// Whole steps of 10 ms, in −1..1.
    pub pcm: Vec<f32>,
    /// Speech runs, in steps of the clip.
    pub speech: Vec<(usize, usize)>,
    /// Vowels that are held, in milliseconds of the clip.
    pub held: Vec<(usize, usize)>,
}

/// What an utterance is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Turn,
    Question,
    Backchannel,
    Answer,
    Filler,
}

/// Who is in a call.
pub struct Cast<'a> {
    pub speaking: PerTrack<&'a Voice>,
    /// Somebody else in the manager's room.
    pub bystander: &'a Voice,
}

impl Pool {
    /// The pool, read once.
    pub fn get() -> &'static Self {
        &POOL
    }

    /// Three different voices of a language.
    pub fn cast(&self, language: Language, random: &mut Random) -> Cast<'_> {
        let mut voices: Vec<&Voice> = self.voices.iter().filter(|voice| voice.language == language).collect();
        random.shuffle(&mut voices);
        Cast { speaking: PerTrack { me: voices[0], them: voices[1] }, bystander: voices[2] }
    }

    fn read() -> Self {
        let listed: Listed = serde_json::from_slice(&std::fs::read(file("pool.json")).unwrap()).unwrap();
        let voices = listed.voices.into_iter().map(|voice| {
            let sound = decoded(&voice.name);
            let language = language(&voice.language);
            let clips = listed.clips.iter().filter(|clip| clip.voice == voice.name);
            Voice { clips: clips.map(|clip| clip.cut_out(&sound)).collect(), name: voice.name, language }
        });
        Self { voices: voices.collect() }
    }
}

impl Clip {
    /// How many steps of 10 ms it has.
    pub fn steps(&self) -> usize {
        self.pcm.len() / BLOCK_SIZE
    }

    /// Whether the voice sounds in the 150 ms before a step, without a hole: it can be cut off there.
    pub fn sounds_until(&self, step: usize) -> bool {
        let power = |block: &[f32]| block.iter().map(|sample| sample * sample).sum::<f32>() / BLOCK_SIZE as f32;
        let loud = |block: &[f32]| 10.0 * (power(block) + 1e-12).log10() > SOUNDS_DBFS;
        step >= 15 && self.pcm[(step - 15) * BLOCK_SIZE..step * BLOCK_SIZE].chunks_exact(BLOCK_SIZE).all(loud)
    }
}

#[derive(Deserialize)]
struct Listed {
    voices: Vec<ListedVoice>,
    clips: Vec<ListedClip>,
}

#[derive(Deserialize)]
struct ListedVoice {
    name: String,
    language: String,
}

/// Times in milliseconds: of the voice's file, then of the clip.
#[derive(Deserialize)]
struct ListedClip {
    voice: String,
    kind: Kind,
    text: String,
    start_ms: usize,
    end_ms: usize,
    speech: Vec<(usize, usize)>,
    held: Vec<(usize, usize)>,
}

impl ListedClip {
    fn cut_out(&self, sound: &[f32]) -> Clip {
        let steps = |ms: usize| ms / 10;
        Clip {
            kind: self.kind,
            text: self.text.clone(),
            pcm: sound[steps(self.start_ms) * BLOCK_SIZE..steps(self.end_ms) * BLOCK_SIZE].to_vec(),
            speech: self.speech.iter().map(|(start, end)| (steps(*start), steps(*end))).collect(),
            held: self.held.clone(),
        }
    }
}

fn language(name: &str) -> Language {
    match name {
        "ja" => Language::Ja,
        "en" => Language::En,
        other => panic!("{other} is none of the pool's languages"),
    }
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pool").join(name)
}

/// A mono file as the program itself reads it, as both tracks of a call.
fn decoded(voice: &str) -> Vec<f32> {
    let blocks = sample::mono(&file(&format!("{voice}.flac")));
    blocks.into_iter().flatten().map(|sample| f32::from(sample) / 32_768.0).collect()
}
