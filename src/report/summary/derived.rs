//! What the plots show, as plain numbers: shared by the drawings and by their tables, so that they cannot differ.

use crate::audio::Track;
use crate::dynamics::talk_stretches;
use crate::health::confidence::{Confidence, FigureGroup};
use crate::report::summary::{QuestionEntry, Summary, TrackSpan, floor};
use crate::time::Span;
use crate::turns::Outcome;

/// The window of the share over time in milliseconds: 5 minutes, or a quarter of the call if that is shorter.
const WINDOW_MS: u64 = 300_000;

/// The share over time is shown at this many moments.
const MOMENTS: u64 = 120;

/// This many of the longest turns of each side are shown.
const LONGEST: usize = 3;

/// The band under the target in which a share is good, as the overlay shows it.
const BAND: f64 = 0.10;

/// Nothing is counted a minute over less than one.
const MINUTE_MS: u64 = 60_000;

/// The steps that an axis of time may have, in milliseconds.
pub(super) const STEPS: [u64; 10] =
    [5_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000];

/// Talk of fewer milliseconds in a stretch says nothing, neither about its share nor about how often it was answered.
const ENOUGH_TALK_MS: u64 = 5_000;

/// The manager's target share, 0 to 1.
pub(super) fn target(summary: &Summary) -> f64 {
    summary.call.target
}

/// The band of good shares under a target: its lower and its upper edge, which is the target.
pub(super) fn band(target: f64) -> (f64, f64) {
    (target - BAND, target)
}

/// A stretch of the call that had one target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TargetSpan {
    pub(super) start_ms: u64,
    pub(super) end_ms: u64,
    pub(super) target: f64,
}

/// The target that was in force at each moment of the call, in order and without a gap; a purpose that changed and left the
/// target as it was parts no stretch.
pub(super) fn targets_over_time(summary: &Summary) -> Vec<TargetSpan> {
    let first = summary.aim_changes.first().map_or(target(summary), |change| change.target_before);
    let mut spans = vec![TargetSpan { start_ms: 0, end_ms: summary.call.duration_ms, target: first }];
    for change in &summary.aim_changes {
        let Some(last) = spans.last_mut().filter(|last| last.target != change.target) else { continue };
        let end_ms = std::mem::replace(&mut last.end_ms, change.at_ms);
        spans.push(TargetSpan { start_ms: change.at_ms, end_ms, target: change.target });
    }
    // Changed twice at one moment, or at the call's last: nothing was said under it.
    spans.retain(|span| span.start_ms < span.end_ms);
    spans
}

/// The longest turns of a track, the longest first.
pub(super) fn longest_turns(summary: &Summary, track: Track) -> Vec<TrackSpan> {
    longest_of(&summary.turns, &summary.monologues, track)
}

/// The longest stretches for which a track talked, the longest first: see [`talk_stretches`].
pub(super) fn longest_of(turns: &[TrackSpan], monologues: &[TrackSpan], track: Track) -> Vec<TrackSpan> {
    let own = |all: &[TrackSpan]| -> Vec<Span> {
        all.iter().filter(|one| one.track == track).map(|one| Span::from_ms(one.start_ms, one.end_ms)).collect()
    };
    let stretches = talk_stretches(own(turns).into_iter(), own(monologues).into_iter());
    let mut found: Vec<TrackSpan> = stretches.into_iter().map(|span| floor::track_span(track, span)).collect();
    found.sort_by_key(|one| (std::cmp::Reverse(one.end_ms - one.start_ms), one.start_ms));
    found.truncate(LONGEST);
    found
}

/// The manager's share at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ShareAtTime {
    pub(super) at_ms: u64,
    /// Of the window before it; `None` if hardly anybody spoke in it.
    pub(super) recent: Option<f64>,
    /// Of the call so far.
    pub(super) whole: Option<f64>,
}

/// How long the window of [`share_over_time`] is, in milliseconds.
pub(super) fn share_window_ms(summary: &Summary) -> u64 {
    WINDOW_MS.min(summary.call.duration_ms / 4).max(1)
}

/// The stretches in which not all of both sides was heard, in milliseconds of the call and in order: paused, off the
/// record, or lost on either track. No share is known of them.
pub(super) fn gaps(summary: &Summary) -> Vec<(u64, u64)> {
    let excluded = summary.paused.iter().chain(&summary.off_record).map(|one| (one.start_ms, one.end_ms));
    let mut all: Vec<_> = excluded.chain(summary.lost.iter().map(|one| (one.start_ms, one.end_ms))).collect();
    all.sort_unstable();
    let mut merged: Vec<(u64, u64)> = Vec::new();
    for (start, end) in all {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// What is left of a stretch of the call without its gaps; times in milliseconds of the call.
pub(super) fn without_gaps(summary: &Summary, start: u64, end: u64) -> Vec<(u64, u64)> {
    let (mut left, mut from) = (Vec::new(), start);
    for (gap_start, gap_end) in gaps(summary).into_iter().filter(|(_, gap_end)| *gap_end > start) {
        if from < gap_start.min(end) {
            left.push((from, gap_start.min(end)));
        }
        from = from.max(gap_end);
    }
    if from < end {
        left.push((from, end));
    }
    left
}

/// The manager's share over time, backchannels left out: at equal steps, and at both edges of every gap. In a gap it is
/// not known.
pub(super) fn share_over_time(summary: &Summary) -> Vec<ShareAtTime> {
    let share = share_at(summary);
    let mut moments = share_at_steps(summary);
    moments.retain(|moment| moment.recent.is_some() || moment.whole.is_some());
    for (start, end) in gaps(summary) {
        moments.extend([share(start), ShareAtTime { at_ms: start, recent: None, whole: None }, share(end)]);
    }
    // Stable: what is not known stays between the edges.
    moments.sort_by_key(|moment| moment.at_ms);
    moments
}

/// The same at equal steps alone.
pub(super) fn share_at_steps(summary: &Summary) -> Vec<ShareAtTime> {
    let (duration, gaps, share) = (summary.call.duration_ms, gaps(summary), share_at(summary));
    let moment = |at_ms: u64| match gaps.iter().any(|(start, end)| (*start..*end).contains(&at_ms)) {
        true => ShareAtTime { at_ms, recent: None, whole: None },
        false => share(at_ms),
    };
    (1..=MOMENTS).map(|step| moment(duration * step / MOMENTS)).collect()
}

/// The share as of a moment, in milliseconds of the call.
fn share_at(summary: &Summary) -> impl Fn(u64) -> ShareAtTime {
    let window = share_window_ms(summary);
    let (mine, theirs) = (talk_runs(summary, Track::Me), talk_runs(summary, Track::Them));
    move |at_ms| {
        let share = |from: u64, to: u64| {
            let (mine, theirs) = (ms_within(&mine, from, to), ms_within(&theirs, from, to));
            (mine + theirs >= ENOUGH_TALK_MS).then(|| mine as f64 / (mine + theirs) as f64)
        };
        ShareAtTime { at_ms, recent: share(at_ms.saturating_sub(window), at_ms), whole: share(0, at_ms) }
    }
}

/// Which part of the moments that have a share are over the target that was in force then; `None` if none has one.
pub(super) fn fraction_over_target(summary: &Summary) -> Option<f64> {
    let targets = targets_over_time(summary);
    // A change holds from its own moment on, so the target of a moment is that of the talk before it.
    let in_force = |at_ms| targets.iter().find(|span| at_ms <= span.end_ms).map(|span| span.target);
    let moments = share_at_steps(summary);
    let known: Vec<(f64, f64)> =
        moments.iter().filter_map(|moment| Some((moment.recent?, in_force(moment.at_ms)?))).collect();
    let over = known.iter().filter(|(share, target)| share > target).count();
    (!known.is_empty()).then(|| over as f64 / known.len() as f64)
}

/// The runs of a track that are talk: no backchannels.
pub(super) fn talk_runs(summary: &Summary, track: Track) -> Vec<(u64, u64)> {
    summary.speech[track].iter().filter(|run| !is_backchannel(summary, track, **run)).copied().collect()
}

/// Whether a run of a track is a sign of listening.
pub(super) fn is_backchannel(summary: &Summary, track: Track, (start, end): (u64, u64)) -> bool {
    summary.backchannels.iter().any(|one| one.by == track && one.start_ms < end && start < one.end_ms)
}

fn ms_within(runs: &[(u64, u64)], from: u64, to: u64) -> u64 {
    let first = runs.partition_point(|(_, end)| *end <= from);
    let within = runs.iter().skip(first).take_while(|(start, _)| *start < to);
    within.map(|(start, end)| (*end).min(to) - (*start).max(from)).sum()
}

/// How many questions a side asked; 0 without text.
pub(super) fn questions(summary: &Summary, track: Track) -> usize {
    summary.questions.iter().flatten().filter(|one| one.track == track).count()
}

/// The track's questions after which anybody waited, however shortly; `None` without text.
pub(super) fn questions_with_wait(summary: &Summary, track: Track) -> Option<Vec<QuestionEntry>> {
    let all = summary.questions.as_ref()?;
    Some(all.iter().filter(|one| one.track == track && one.wait_ms.is_some()).copied().collect())
}

/// Signs of listening in a stretch of the call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BackchannelBin {
    pub(super) start_ms: u64,
    pub(super) end_ms: u64,
    /// How many there were.
    pub(super) count: usize,
    /// A minute of the other's talk; `None` if the other hardly talked.
    pub(super) per_min: Option<f64>,
}

/// The track's signs of listening over the call, in equal stretches of whole steps.
pub(super) fn backchannels_over_time(summary: &Summary, track: Track) -> Vec<BackchannelBin> {
    let duration = summary.call.duration_ms;
    let steps = STEPS.into_iter().filter(|step| *step >= MINUTE_MS);
    let step = steps.into_iter().find(|step| duration.div_ceil(*step) <= 10).unwrap_or(3_600_000);
    let other = talk_runs(summary, !track);
    let stretch = |start_ms: u64| {
        let end_ms = (start_ms + step).min(duration);
        let given = |at: u64| start_ms <= at && at < end_ms;
        let count = summary.backchannels.iter().filter(|one| one.by == track && given(one.start_ms)).count();
        let talked = ms_within(&other, start_ms, end_ms);
        let per_min = (talked >= ENOUGH_TALK_MS).then(|| count as f64 * 60_000.0 / talked as f64);
        BackchannelBin { start_ms, end_ms, count, per_min }
    };
    (0..duration.div_ceil(step)).map(|at| stretch(at * step)).collect()
}

/// How often a side interrupted, and how often that took the floor.
pub(super) fn interruption_counts(summary: &Summary, track: Track) -> (usize, usize) {
    let own = || summary.interruptions.iter().filter(|one| one.by == track);
    (own().count(), own().filter(|one| one.outcome == Outcome::Successful).count())
}

/// How unsure a figure that belongs to these groups is at the worst; `None` if it is sure.
pub(super) fn lowest_confidence(summary: &Summary, groups: &[FigureGroup]) -> Option<Confidence> {
    summary.confidence.iter().filter(|doubt| groups.contains(&doubt.figure)).map(|doubt| doubt.confidence).min()
}

#[cfg(test)]
mod tests;
