//! How near a `summary.json` comes to the labels of its call.
//!
//! An interruption is found where one by the same speaker begins within 700 ms of it, a backchannel where one by the same
//! speaker lies within 100 ms of it, a silence where one covers half of it and is covered by half itself. Speech is
//! compared in steps of 10 ms.

use serde_json::Value;

/// All figures of a call.
#[derive(Clone, Debug)]
pub struct Score {
    /// My share of the talk, in points too many.
    pub share_error: f64,
    /// Speech of each track.
    pub speech_me: Found,
    pub speech_them: Found,
    pub interruptions: Found,
    /// Interruptions whose outcome is right too.
    pub outcomes_right: usize,
    pub backchannels: Found,
    pub silences: Found,
}

/// What was found of what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub hits: usize,
    pub found: usize,
    pub wanted: usize,
}

impl Found {
    /// The harmonic mean of precision and recall; 1 where there is nothing and nothing was found.
    pub fn f1(self) -> f64 {
        match self.found + self.wanted {
            0 => 1.0,
            all => 2.0 * self.hits as f64 / all as f64,
        }
    }
}

impl Score {
    pub fn of(summary: &Value, labels: &Value) -> Self {
        let list = |of: &Value, name: &str| of[name].as_array().unwrap_or_else(|| panic!("no {name}")).clone();
        let pair =
            |name: &str, same: fn(&Value, &Value) -> bool| matched(&list(summary, name), &list(labels, name), same);
        let (interruptions, pairs) =
            pair("interruptions", |a, b| a["by"] == b["by"] && ms(a, "at_ms").abs_diff(ms(b, "at_ms")) <= 700);
        let (backchannels, _) = pair("backchannels", |a, b| {
            let near = |a, b| ms(a, "start_ms") < ms(b, "end_ms") + 100;
            a["by"] == b["by"] && near(a, b) && near(b, a)
        });
        let (silences, _) = pair("silences", |a, b| {
            let length = |of| ms(of, "end_ms") - ms(of, "start_ms");
            let start = ms(a, "start_ms").max(ms(b, "start_ms"));
            let common = ms(a, "end_ms").min(ms(b, "end_ms")).saturating_sub(start);
            2 * common >= length(a).max(length(b))
        });
        let share = |of: &Value| of.as_f64().expect("a share");
        let steps = ms(labels, "duration_ms") / 10;
        let speech = |track: &str| speech(&summary["speech"][track], &labels["speech"][track], steps);
        Self {
            share_error: 100.0 * (share(&summary["talk"]["me"]["share"]) - share(&labels["talk_share_me"])),
            speech_me: speech("me"),
            speech_them: speech("them"),
            interruptions,
            outcomes_right: pairs.iter().filter(|(a, b)| a["outcome"] == b["outcome"]).count(),
            backchannels,
            silences,
        }
    }
}

/// Pairs each that was found with the first like it that no other has taken.
fn matched(found: &[Value], wanted: &[Value], same: fn(&Value, &Value) -> bool) -> (Found, Vec<(Value, Value)>) {
    let mut left: Vec<&Value> = wanted.iter().collect();
    let mut pairs = Vec::new();
    for one in found {
        if let Some(at) = left.iter().position(|other| same(one, other)) {
            pairs.push((one.clone(), left.remove(at).clone()));
        }
    }
    (Found { hits: pairs.len(), found: found.len(), wanted: wanted.len() }, pairs)
}

fn speech(found: &Value, wanted: &Value, steps: u64) -> Found {
    let (found, wanted) = (marked(found, steps), marked(wanted, steps));
    let count = |marks: &[bool]| marks.iter().filter(|mark| **mark).count();
    let hits = found.iter().zip(&wanted).filter(|(a, b)| **a && **b).count();
    Found { hits, found: count(&found), wanted: count(&wanted) }
}

/// Which steps of 10 ms lie inside a list of pairs of start and end.
fn marked(spans: &Value, steps: u64) -> Vec<bool> {
    let mut marks = vec![false; steps as usize];
    for span in spans.as_array().expect("spans") {
        let edge = |side: usize| (span[side].as_u64().expect("milliseconds") / 10).min(steps) as usize;
        marks[edge(0)..edge(1)].fill(true);
    }
    marks
}

fn ms(of: &Value, name: &str) -> u64 {
    of[name].as_u64().unwrap_or_else(|| panic!("no {name} in {of}"))
}
