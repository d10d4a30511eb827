//! `keicho.history/1`, a contract that other programs read. Fields are added freely; none changes its meaning without a
//! new number. What was not measured is null, never a zero.

use serde_json::{Value, json};

use crate::agenda::OpenAction;
use crate::records::{Figures, TrialArm};
use crate::report::history::trial::{TrialProgress, trial_progress};
use crate::report::history::{Counterpart, History, trends};
use crate::store::{CallState, PastCall, Perceived};
use crate::wire::rounding::rounded;

pub(super) fn render(history: &History) -> serde_json::Result<String> {
    let History { with, calls, people, .. } = history;
    let whole = json!({
        "schema": "keicho.history/1",
        "with": with,
        "calls": calls.iter().map(call).collect::<Vec<_>>(),
        "trial": trial(calls),
        "people": people.iter().map(person).collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&whole)? + "\n")
}

/// The newest first.
fn call(call: &PastCall) -> Value {
    let (record, figures) = (&call.record, call.figures.as_ref());
    json!({
        "id": record.id,
        "started_at": record.started_at,
        "with": record.with,
        "mode": record.mode.name(),
        "target": rounded(record.target),
        "trial": record.trial.map(TrialArm::name),
        "state": match call.state {
            CallState::Running => "goes_on",
            CallState::CutOff => "cut_off",
            CallState::Ended { cut_off: true } => "ended_after_it_was_cut_off",
            CallState::Ended { cut_off: false } => "ended",
        },
        "perceived": trends::perceived_share(call).map(rounded),
        "skipped": call.perceived == Perceived::Skipped,
        "duration_ms": figures.map(|figures| figures.duration_ms),
        "share": figures.and_then(|figures| figures.share).map(rounded),
        "unsure": figures.map(Figures::is_share_unsure),
        "unsure_figures": figures.map(|figures| &figures.doubts),
        "patience_ms": figures.and_then(|figures| figures.patience_ms),
        "longest_turn_ms": figures.and_then(|figures| figures.longest_turn_ms),
        "interruptions": figures.filter(|figures| figures.share.is_some()).map(|figures| json!({
            "successful": figures.interruptions, "failed": figures.interruptions_failed,
        })),
        "backchannels_per_min": figures.and_then(|figures| figures.backchannels_per_min).map(rounded),
        "wait_ms": figures.and_then(|figures| figures.wait_ms),
        "regrabs": figures.and_then(|figures| figures.regrabs),
    })
}

/// How calls with and without nudges compare; null if no call was in a trial of them.
fn trial(calls: &[PastCall]) -> Value {
    let counted: Vec<&PastCall> = calls.iter().filter(|call| call.counts()).collect();
    match trial_progress(&counted) {
        None => Value::Null,
        Some(TrialProgress::Going { calls }) => json!({ "calls": calls, "difference": null }),
        Some(TrialProgress::Compared(found)) => json!({
            "calls": found.nudged + found.quiet,
            "nudged": found.nudged,
            "quiet": found.quiet,
            "difference": rounded(found.difference),
            "low": rounded(found.interval.0),
            "high": rounded(found.interval.1),
        }),
    }
}

fn open_actions(actions: &[OpenAction]) -> Vec<Value> {
    actions.iter().map(|action| json!({ "text": action.text, "owner": action.owner })).collect()
}

/// Who was talked to last first; what they said of themselves as they gave it.
fn person(other: &Counterpart) -> Value {
    let Counterpart { person, items, check_ins } = other;
    json!({
        "name": person.name,
        "last_at": person.last_at,
        "days": person.days,
        "calls": person.calls,
        "open_items": items.iter().map(|item| json!({ "text": item.text, "call": item.call })).collect::<Vec<_>>(),
        "open_actions": open_actions(&person.open_actions),
        "check_ins": check_ins.iter().map(|given| json!({
            "call": given.call,
            "started_at": given.started_at,
            "score": given.check_in.score(),
            "words": given.check_in.words(),
        })).collect::<Vec<_>>(),
    })
}
