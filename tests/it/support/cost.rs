//! What a second of a call without words costs: instructions, as callgrind counts them, whatever else the computer does.

use std::path::Path;
use std::process::Command;

use keicho::audio::{BLOCK_SIZE, PerTrack, Track};
use keicho::language::Language;
use keicho::source::Source as _;
use keicho::time::SAMPLE_RATE;
use serde::Deserialize;
use serde_json::json;

use super::assemble::pool::Pool;
use super::assemble::{Call, Leak, Room, Scene};
use super::run::{PROGRAM, WorkingDir};
use super::sample;

/// Millions of instructions for a second of a call.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Costs {
    /// Of the sample call.
    pub headset: f64,
    /// Of a call whose microphone hears the far end, 15 dB down.
    pub speakers: f64,
}

/// What is written down in `benches/cost.toml`.
#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "the test and the bench use a part each")]
pub struct WrittenDown {
    /// Of the released program, the whole calls.
    pub release: Costs,
    /// What that may be at the most.
    pub limit: Costs,
    /// Of the build of the tests, the first 10 s.
    pub tests: Costs,
}

impl WrittenDown {
    pub fn read() -> Self {
        toml::from_str(include_str!("../../../benches/cost.toml")).unwrap()
    }
}

impl Costs {
    /// Replays the first seconds of both calls. Needs valgrind.
    pub fn measure(seconds: usize) -> Self {
        Self { headset: instructions(&headset(), seconds), speakers: instructions(&speakers(), seconds) }
    }
}

fn headset() -> Call {
    let (mut source, mut pcm) = (sample::source(), PerTrack::<Vec<i16>>::default());
    while let Some(block) = source.next().unwrap() {
        Track::BOTH.iter().for_each(|track| pcm[*track].extend(block.pcm[*track]));
    }
    Call { pcm, labels: json!({}) }
}

fn speakers() -> Call {
    let scene = Scene { room: Room::speakers(Leak::new(-15.0)), ..Scene::new(4_105, Language::En) };
    scene.assemble(Pool::get())
}

/// Millions of them a second.
fn instructions(call: &Call, seconds: usize) -> f64 {
    let (run, length) = (WorkingDir::new(), seconds * SAMPLE_RATE as usize);
    let pcm = PerTrack::from_fn(|track| call.pcm[track][..length.min(call.pcm[track].len())].to_vec());
    let heard = pcm.me.len() / BLOCK_SIZE;
    Call { pcm, labels: json!({}) }.write(run.path(), "call");
    let counted = replay_counted(run.path());
    counted as f64 / 1e6 / (heard as f64 / 100.0)
}

fn replay_counted(folder: &Path) -> u64 {
    let ran = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", PROGRAM, "replay", "call.wav", "--no-text"])
        .current_dir(folder)
        .output()
        .expect("valgrind is there: `make needs-test` installs it");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}");
    let counted = said.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, count)| count.trim());
    counted.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("no count in: {said}"))
}
