//! The calls that Keicho is measured on beside other programs: `cargo bench --bench calls -- DIR` writes them to a folder,
//! each as `NAME.wav` (16 kHz, left is me) with its labels in `NAME.json`. `benches/compare` scores programs on them.
//!
//! The same calls every time: the sample call, and calls laid out by fixed seeds from the pool of utterances.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot be set up fails")]

#[path = "../tests/it/support/mod.rs"]
#[allow(dead_code, unused_imports, unused_macros, reason = "a bench uses its part of it")]
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use keicho::audio::PerTrack;
use keicho::language::Language;
use keicho::source::Source as _;
use keicho::source::file::FileSource;
use support::assemble::pool::Pool;
use support::assemble::{Call, Leak, Room, Scene};

/// What a condition makes of a scene on headsets.
type Condition = (&'static str, fn(&mut Scene));

/// Each is laid out once in each language.
const CONDITIONS: [Condition; 6] = [
    ("headset", |_| ()),
    ("headset-monologue", |scene| scene.monologue = true),
    ("speakers-15", |scene| scene.room = Room::speakers(Leak::new(-15.0))),
    ("speakers-22-fan", |scene| {
        scene.room = Room::speakers(Leak::new(-22.0));
        scene.fan_dbfs = Some(-55.0);
    }),
    ("typing", |scene| scene.typing_dbfs = Some(-20.0)),
    ("fan", |scene| scene.fan_dbfs = Some(-50.0)),
];

/// The seed of the first call; the others follow.
const FIRST_SEED: u64 = 4_100;

fn main() {
    let Some(folder) = std::env::args().skip(1).find(|word| !word.starts_with("--")).map(PathBuf::from) else {
        println!("say where the calls are to be written: cargo bench --bench calls -- DIR");
        return;
    };
    fs::create_dir_all(&folder).unwrap();
    sample().write(&folder, "sample");
    let mut seed = FIRST_SEED;
    for (condition, change) in CONDITIONS {
        for language in [Language::Ja, Language::En] {
            let mut scene = Scene::new(seed, language);
            change(&mut scene);
            scene.assemble(Pool::get()).write(&folder, &format!("{}-{condition}", language.code()));
            seed += 1;
        }
    }
}

/// The sample call as it is in `tests/sample_call`.
fn sample() -> Call {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sample_call");
    let path = folder.join("call.flac");
    let mut source = FileSource::two_channels(&path, Box::new(fs::File::open(&path).unwrap())).unwrap();
    let mut pcm = PerTrack::<Vec<i16>>::default();
    while let Some(block) = source.next().unwrap() {
        pcm.me.extend(block.pcm.me);
        pcm.them.extend(block.pcm.them);
    }
    let labels = serde_json::from_slice(&fs::read(folder.join("labels.json")).unwrap()).unwrap();
    Call { pcm, labels }
}
