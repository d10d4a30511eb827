//! How near a `summary.json` comes to the labels of its call.
//!
//! An interruption is found where one by the same speaker begins within 700 ms of it, a backchannel where one by the same
//! speaker lies within 100 ms of it, a silence where one covers half of it and is covered by half itself. Speech is
//! compared in steps of 10 ms.

use std::ops::AddAssign;

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
    /// How far off the edges of the silences that were found are, all of them together: two edges a silence.
    pub silence_edges_off_ms: u64,
    /// What is wrong and when, a line each.
    pub faults: Vec<String>,
}

/// What was found of what there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

impl AddAssign for Found {
    fn add_assign(&mut self, more: Self) {
        self.hits += more.hits;
        self.found += more.found;
        self.wanted += more.wanted;
    }
}

impl Score {
    pub fn of(summary: &Value, labels: &Value) -> Self {
        let list = |of: &Value, name: &str| of[name].as_array().unwrap_or_else(|| panic!("no {name}")).clone();
        let mut faults = Vec::new();
        let mut pair = |name: &str, same: fn(&Value, &Value) -> bool| {
            matched(name, &list(summary, name), &list(labels, name), same, &mut faults)
        };
        let (interruptions, onsets) =
            pair("interruptions", |a, b| a["by"] == b["by"] && ms(a, "at_ms").abs_diff(ms(b, "at_ms")) <= 700);
        let (backchannels, _) = pair("backchannels", |a, b| a["by"] == b["by"] && near(a, b, 100));
        let (silences, covered) = pair("silences", |a, b| {
            let length = |of| ms(of, "end_ms") - ms(of, "start_ms");
            let start = ms(a, "start_ms").max(ms(b, "start_ms"));
            let common = ms(a, "end_ms").min(ms(b, "end_ms")).saturating_sub(start);
            2 * common >= length(a).max(length(b))
        });
        let off = |edge: &str| covered.iter().map(|(a, b)| ms(a, edge).abs_diff(ms(b, edge))).sum::<u64>();
        let wrong = |pair: &&(Value, Value)| pair.0["outcome"] != pair.1["outcome"];
        faults.extend(onsets.iter().filter(wrong).map(|(a, b)| format!("{} but found {}", brief(b), a["outcome"])));
        let share = |of: &Value| of.as_f64().expect("a share");
        let steps = ms(labels, "duration_ms") / 10;
        let speech = |track: &str| speech(&summary["speech"][track], &labels["speech"][track], steps);
        Self {
            share_error: 100.0 * (share(&summary["talk"]["me"]["share"]) - share(&labels["talk_share_me"])),
            speech_me: speech("me"),
            speech_them: speech("them"),
            interruptions,
            outcomes_right: onsets.iter().filter(|pair| !wrong(pair)).count(),
            backchannels,
            silences,
            silence_edges_off_ms: off("start_ms") + off("end_ms"),
            faults,
        }
    }
}

/// Figures of many calls: what is counted is counted over all of them.
#[derive(Clone, Debug, Default)]
pub struct Pooled {
    pub calls: usize,
    /// The largest error of a call's share, in points.
    pub worst_share_error: f64,
    pub speech_me: Found,
    pub speech_them: Found,
    pub interruptions: Found,
    pub outcomes_right: usize,
    pub backchannels: Found,
    pub silences: Found,
    silence_edges_off_ms: u64,
}

impl Pooled {
    pub fn add(&mut self, score: &Score) {
        self.calls += 1;
        self.worst_share_error = self.worst_share_error.max(score.share_error.abs());
        self.speech_me += score.speech_me;
        self.speech_them += score.speech_them;
        self.interruptions += score.interruptions;
        self.outcomes_right += score.outcomes_right;
        self.backchannels += score.backchannels;
        self.silences += score.silences;
        self.silence_edges_off_ms += score.silence_edges_off_ms;
    }

    /// Of the interruptions that were found, how many have the right outcome.
    pub fn outcome(&self) -> f64 {
        self.outcomes_right as f64 / self.interruptions.hits.max(1) as f64
    }

    /// How far off an edge of a silence is in the mean.
    pub fn silence_edge_ms(&self) -> f64 {
        self.silence_edges_off_ms as f64 / (2 * self.silences.hits).max(1) as f64
    }
}

/// Pairs each that was found with the first like it that no other has taken, and says what is left over.
fn matched(
    name: &str,
    found: &[Value],
    wanted: &[Value],
    same: fn(&Value, &Value) -> bool,
    faults: &mut Vec<String>,
) -> (Found, Vec<(Value, Value)>) {
    let mut left: Vec<&Value> = wanted.iter().collect();
    let mut pairs = Vec::new();
    for one in found {
        match left.iter().position(|other| same(one, other)) {
            Some(at) => pairs.push((one.clone(), left.remove(at).clone())),
            None => faults.push(format!("{name}: too much {}", brief(one))),
        }
    }
    faults.extend(left.into_iter().map(|one| format!("{name}: missed {}", brief(one))));
    (Found { hits: pairs.len(), found: found.len(), wanted: wanted.len() }, pairs)
}

/// Whether two spans overlap or lie less than `slack` apart.
fn near(a: &Value, b: &Value, slack: u64) -> bool {
    let before = |a, b| ms(a, "start_ms") < ms(b, "end_ms") + slack;
    before(a, b) && before(b, a)
}

/// An entry of a list without its words.
fn brief(one: &Value) -> String {
    let fields = one.as_object().expect("an object").iter().filter(|(name, _)| *name != "text");
    fields.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
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
