//! Calls that are over: their summaries, made again from their events, and the end of those that were cut off.

use crate::agenda::CheckIn;
use crate::app::{exports, user_language};
use crate::audio::Track;
use crate::health::confidence::FigureGroup;
use crate::language::{Language, QuestionKind};
use crate::records::Figures;
use crate::report::summary::{Perception, PriorCall, Summary};
use crate::session;
use crate::store::{CallEnd, CallFolder, PastCall, Perceived, Store};
use crate::turns::Outcome;

/// The summary of a call that is over, made again from its events; its nudges' words are in `language`.
pub(crate) fn rebuild_summary(store: &Store, call: &PastCall, language: Language) -> anyhow::Result<Summary> {
    let summary = Summary::from_journal(&call.start, &store.events(&call.start.id)?, language);
    let perception = match call.perceived {
        Perceived::Share(share) => Some(Perception { share }),
        Perceived::NotAsked | Perceived::Skipped => None,
    };
    Ok(Summary { perception, ..summary })
}

/// Ends a call that was cut off, from what was heard by then: its summary, its files, and what it came to.
pub(crate) fn finish_cut_off(store: &mut Store, call: &PastCall) -> anyhow::Result<Summary> {
    let mut events = store.events(&call.start.id)?;
    let end = session::recover_ending(&events, &store.recovery_point(&call.start.id)?);
    events.extend_from_slice(&end);
    let summary = Summary::from_journal(&call.start, &events, user_language());
    if !store.finish_cut_off(&call.start.id, &end, &call_end(&summary))? {
        // Another start was at it too, and writes its files.
        return rebuild_summary(store, &store.call(Some(&call.start.id))?, user_language());
    }
    let folder = CallFolder::create(&call.start.folder)?;
    store.export_events(&call.start.id, &folder)?;
    exports::write(&summary, &exports::prior_calls(store, &call.start.id)?, &folder)?;
    Ok(summary)
}

/// What the journal keeps of a call's summary.
pub(super) fn call_end(summary: &Summary) -> CallEnd {
    CallEnd {
        figures: manager_figures(summary),
        agenda: summary.agenda.iter().map(|item| (item.text.clone(), item.state)).collect(),
        check_in: summary.check_in.as_ref().and_then(|given| CheckIn::new(given.score, &given.words)),
    }
}

/// My side of a call in figures.
fn manager_figures(summary: &Summary) -> Figures {
    let mine = |track: Track| track == Track::Me;
    let count = |counted: usize| u32::try_from(counted).unwrap_or(u32::MAX);
    let cut_in = |outcome: Outcome| {
        let own = summary.interruptions.iter().filter(|one| mine(one.by) && one.outcome == outcome);
        count(own.count())
    };
    let questions = summary.questions.as_ref().map(|all| all.iter().filter(|one| mine(one.track)));
    let of_kind = |kind: QuestionKind| questions.clone().map(|own| count(own.filter(|one| one.kind == kind).count()));
    // The page looks back on these: they are reckoned as it does for the call itself.
    let past = PriorCall::from_summary(summary);
    Figures {
        duration_ms: summary.call.duration_ms,
        talk_ms: summary.talk.me.speech_ms,
        their_talk_ms: summary.talk.them.speech_ms,
        share: summary.talk.me.share,
        longest_turn_ms: past.longest_ms,
        monologues: count(summary.monologues.iter().filter(|one| mine(one.track)).count()),
        patience_ms: summary.patience_ms.map(|patience| patience.median),
        interruptions: cut_in(Outcome::Successful),
        interruptions_failed: cut_in(Outcome::Failed),
        backchannels_per_min: summary.rates.me.backchannels_per_min,
        silences: count(summary.silences.iter().filter(|one| mine(one.after)).count()),
        filled_pauses_per_min: summary.rates.me.filled_pauses_per_min,
        open_questions: of_kind(QuestionKind::Open),
        closed_questions: of_kind(QuestionKind::Closed),
        progress_questions: of_kind(QuestionKind::Progress),
        regrabs: summary.rates.me.regrabs,
        wait_ms: past.wait_ms,
        switches_per_min: summary.switches_per_min,
        nudges: count(summary.nudges.len()),
        unsure: summary.confidence.iter().any(|doubt| doubt.figure == FigureGroup::Talk),
    }
}
