//! What is true of an assembled call: from its clean voices and the plan, before a room or a noise touches them.

use keicho::audio::{BLOCK_SIZE, PerTrack, Track};
use serde_json::{Value, json};

use super::Scene;
use super::dialogue::{Line, Outcome};
use super::pool::Cast;

/// A step of a clean voice is speech from this level: 28 dB under a voice while it speaks (`tests/sample_call`).
const SPEECH_DBFS: f32 = -50.0;

/// In steps of 10 ms: shorter gaps are bridged, then shorter runs dropped; a silence is no shorter.
const BRIDGE: usize = 20;
const SHORTEST_RUN: usize = 12;
const SILENCE: usize = 300;

/// The labels; `talk` is the voices without their backchannels.
pub fn of(scene: &Scene, cast: &Cast, lines: &[Line], clean: &PerTrack<Vec<f32>>, talk: &PerTrack<Vec<f32>>) -> Value {
    let speech = PerTrack::from_fn(|track| runs(&clean[track]));
    let talk = PerTrack::from_fn(|track: Track| total_ms(&runs(&talk[track])));
    let spoken = |line: &Line| ends(line, &speech[line.track]);
    let of_kind = |wanted: fn(&&Line) -> bool| lines.iter().filter(wanted);
    json!({
        "language": scene.language.code(),
        "sample_rate": 16_000,
        "duration_ms": clean.me.len() / 16,
        "talk_ms": { "me": talk.me, "them": talk.them },
        "talk_share_me": talk.me as f64 / (talk.me + talk.them) as f64,
        "speech": { "me": in_ms(&speech.me), "them": in_ms(&speech.them) },
        "utterances": lines.iter().map(|line| {
            let (start, end) = spoken(line);
            json!({
                "track": name(line.track), "start_ms": start, "end_ms": end,
                "kind": if line.backchannel { "backchannel" } else { "turn" },
                "text": line.clip.text, "cut": line.cut, "fillers": held(line).count(),
            })
        }).collect::<Vec<_>>(),
        "interruptions": of_kind(|line| line.interrupts.is_some()).map(|line| {
            let outcome = match line.interrupts {
                Some(Outcome::Failed) => "failed",
                Some(Outcome::Successful) | None => "successful",
            };
            json!({ "by": name(line.track), "at_ms": 10 * line.start, "outcome": outcome })
        }).collect::<Vec<_>>(),
        "backchannels": of_kind(|line| line.backchannel).map(|line| {
            let (start, end) = spoken(line);
            json!({ "by": name(line.track), "start_ms": start, "end_ms": end, "text": line.clip.text })
        }).collect::<Vec<_>>(),
        "silences": silences(&speech).into_iter().map(|(start, end)| {
            json!({ "start_ms": 10 * start, "end_ms": 10 * end })
        }).collect::<Vec<_>>(),
        "filled_pauses": lines.iter().flat_map(|line| held(line).map(|(start, end)| {
            json!({ "track": name(line.track), "start_ms": start, "end_ms": end })
        })).collect::<Vec<_>>(),
        "voices": { "me": cast.speaking.me.name, "them": cast.speaking.them.name },
        "conditions": format!("{scene:?}"),
    })
}

/// Speech runs of a clean voice, in steps.
pub fn runs(voice: &[f32]) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (step, samples) in voice.chunks_exact(BLOCK_SIZE).enumerate() {
        let power = samples.iter().map(|sample| sample * sample).sum::<f32>() / BLOCK_SIZE as f32;
        if 10.0 * (power + 1e-12).log10() < SPEECH_DBFS {
            continue;
        }
        match out.last_mut() {
            Some(run) if step - run.1 < BRIDGE => run.1 = step + 1,
            _ => out.push((step, step + 1)),
        }
    }
    out.retain(|(start, end)| end - start >= SHORTEST_RUN);
    out
}

/// From a line's first to its last speech, in milliseconds: a voice that fades out ends before its clip does.
fn ends(line: &Line, speech: &[(usize, usize)]) -> (usize, usize) {
    let mine = || speech.iter().filter(|(start, end)| *start < line.end() && line.start < *end);
    let start = mine().map(|run| run.0).min().unwrap_or(line.start);
    let end = mine().map(|run| run.1).max().unwrap_or(line.end());
    (10 * start.max(line.start), 10 * end.min(line.end()))
}

/// The held vowels of a line that are heard whole, in milliseconds of the call.
fn held<'a>(line: &'a Line<'_>) -> impl Iterator<Item = (usize, usize)> + 'a {
    let whole = |held: &&(usize, usize)| held.1 <= 10 * line.steps;
    line.clip.held.iter().filter(whole).map(|(start, end)| (10 * line.start + start, 10 * line.start + end))
}

/// Joint silences between the first and the last speech, in steps.
fn silences(speech: &PerTrack<Vec<(usize, usize)>>) -> Vec<(usize, usize)> {
    let mut all = [&speech.me[..], &speech.them[..]].concat();
    all.sort_unstable();
    let mut out = Vec::new();
    let mut last = all.first().map_or(0, |run| run.1);
    for (start, end) in all {
        if start >= last + SILENCE {
            out.push((last, start));
        }
        last = last.max(end);
    }
    out
}

fn total_ms(runs: &[(usize, usize)]) -> usize {
    runs.iter().map(|(start, end)| 10 * (end - start)).sum()
}

fn in_ms(runs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    runs.iter().map(|(start, end)| (10 * start, 10 * end)).collect()
}

fn name(track: Track) -> &'static str {
    match track {
        Track::Me => "me",
        Track::Them => "them",
    }
}
