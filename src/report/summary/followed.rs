//! Whether a nudge was followed, by what can be heard afterwards. A kind of which nothing can be heard, such as trouble with
//! the sound, is none of those that can be.

use crate::audio::Track;
use crate::dynamics::hesitation::HesitationKind;
use crate::language::QuestionKind;
use crate::nudges::NudgeKind;
use crate::report::summary::{ShownNudge, Summary};

/// They keep the floor for so long after a nudge to keep listening.
const LISTENED_MS: u64 = 30_000;

/// A question, a hand-over or a sign of listening comes within this time.
const SOON_MS: u64 = 20_000;

/// Who was interrupted has the floor again within this time.
const HANDED_BACK_MS: u64 = 10_000;

/// A wait is one from here on (Rowe 1986).
const WAIT_MS: u64 = 3_000;

/// Fewer fillers than this in that time are few.
const FILLERS: usize = 2;

/// How many of the nudges were followed, as far as that can be told.
pub(super) fn followed(summary: &Summary) -> usize {
    summary.nudges.iter().filter(|nudge| is_followed(summary, nudge) == Some(true)).count()
}

/// `None` if it cannot be told: nothing of it is heard, or the call ended too soon.
fn is_followed(summary: &Summary, nudge: &ShownNudge) -> Option<bool> {
    let at = nudge.at_ms;
    let lasts = |time: u64| at + time <= summary.call.duration_ms;
    let theirs_within = |time: u64| {
        let begins = |start: u64, end: u64| start <= at + time && end > at;
        summary.turns.iter().any(|turn| turn.track == Track::Them && begins(turn.start_ms, turn.end_ms))
    };
    let questions = || summary.questions.iter().flatten().filter(|one| one.track == Track::Me && one.at_ms > at);
    match nudge.kind {
        NudgeKind::Share => {
            let mine = |start: u64, end: u64| start < at + LISTENED_MS && end > at;
            let talked =
                summary.turns.iter().any(|turn| turn.track == Track::Me && mine(turn.start_ms.max(at), turn.end_ms));
            lasts(LISTENED_MS).then_some(!talked && theirs_within(0))
        }
        NudgeKind::Monologue => {
            lasts(SOON_MS).then(|| theirs_within(SOON_MS) || questions().any(|question| question.at_ms <= at + SOON_MS))
        }
        NudgeKind::CutIn => lasts(HANDED_BACK_MS).then(|| theirs_within(HANDED_BACK_MS)),
        NudgeKind::Listening => lasts(SOON_MS).then(|| {
            let soon = |start: u64| start > at && start <= at + SOON_MS;
            summary.backchannels.iter().any(|sign| sign.by == Track::Me && soon(sign.start_ms))
        }),
        NudgeKind::Regrab => questions().next()?.wait_ms.map(|wait| wait >= WAIT_MS),
        NudgeKind::ClosedRun => Some(questions().next()?.kind == QuestionKind::Open),
        NudgeKind::Fillers => lasts(SOON_MS).then(|| {
            let soon = |start: u64| start > at && start <= at + SOON_MS;
            let fillers = summary
                .hesitations
                .iter()
                .filter(|one| one.track == Track::Me && one.kind == HesitationKind::FilledPause && soon(one.start_ms));
            fillers.count() < FILLERS
        }),
        // Pace is measured over more than a moment, and trouble with the sound is nothing to follow by talking.
        NudgeKind::Pace | NudgeKind::Audio => None,
    }
}

#[cfg(test)]
mod tests;
