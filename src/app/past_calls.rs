//! Calls that are over: their summaries, made again from their events, and the end of those that were cut off.

use jiff::Zoned;

use crate::agenda::CheckIn;
use crate::app::AppError;
use crate::app::exports::{self, SummarizedCall};
use crate::audio::Track;
use crate::health::confidence::FigureGroup;
use crate::language::{Language, QuestionKind};
use crate::records::Figures;
use crate::report::history::History;
use crate::report::summary::{Perception, PriorCall, Summary};
use crate::session;
use crate::store::{CallEnd, CallFolder, CallState, DataDir, Forget, Forgotten, PastCall, Perceived, Store};
use crate::turns::Outcome;

/// The calls that are remembered, for those who look back on them. As long as it is open, nobody can forget all of them.
pub struct PastCalls {
    store: Store,
}

impl PastCalls {
    /// Opens what is remembered in a data folder, which is made if it is not there.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(data_dir: &DataDir) -> Result<Self, AppError> {
        Ok(Self { store: Store::open(data_dir)? })
    }

    /// At most this many calls, the newest first: those with one person, or all.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn list(&self, with: Option<&str>, most: usize) -> Result<Vec<PastCall>, AppError> {
        Ok(self.store.calls(with, most)?)
    }

    /// The call of this name, or else the last one.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn find(&self, id: Option<&str>) -> Result<PastCall, AppError> {
        Ok(self.store.call(id)?)
    }

    /// What a call comes to, made again from its events. A call that was cut off is ended by it, and its files are written.
    /// The words of its nudges, and of files that are written, are in `language`.
    ///
    /// # Errors
    /// [`AppError::CallGoesOn`], or when it cannot be read or ended.
    pub fn summarize(&mut self, call: &PastCall, language: Language) -> Result<SummarizedCall, AppError> {
        match call.state {
            CallState::Running => Err(AppError::CallGoesOn { id: call.start.id.clone() }),
            CallState::CutOff => finish_cut_off(&mut self.store, call, language),
            CallState::Ended { .. } => summarize(&self.store, call, language),
        }
    }

    /// The manager's own figures over the calls, all of them or those with one person; dates are told as seen from `now`.
    ///
    /// # Errors
    /// When nobody is called that, or they cannot be read.
    pub fn history(&self, with: Option<&str>, now: &Zoned) -> Result<History, AppError> {
        Ok(History::read(&self.store, with, now)?)
    }

    /// Forgets a person with all their calls, or a call, without a trace in what is kept.
    ///
    /// # Errors
    /// When there is no such person or call, it goes on, or it cannot be removed.
    pub fn forget(&mut self, what: &Forget) -> Result<Forgotten, AppError> {
        Ok(self.store.forget(what)?)
    }

    /// Forgets all that is remembered in a data folder.
    ///
    /// # Errors
    /// When somebody has it open, or it cannot be removed.
    pub fn forget_all(data_dir: &DataDir) -> Result<Forgotten, AppError> {
        Ok(Store::forget_all(data_dir)?)
    }
}

/// A call that is over, made again from its events; its nudges' words are in `language`.
pub(super) fn summarize(store: &Store, call: &PastCall, language: Language) -> Result<SummarizedCall, AppError> {
    let summary = Summary::from_journal(&call.start, &store.events(&call.start.id)?, language);
    let perception = match call.perceived {
        Perceived::Share(share) => Some(Perception { share }),
        Perceived::NotAsked | Perceived::Skipped => None,
    };
    Ok(SummarizedCall {
        summary: Summary { perception, ..summary },
        prior_calls: exports::prior_calls(store, &call.start.id)?,
        folder: call.start.folder.clone(),
    })
}

/// Ends a call that was cut off, from what was heard by then: its summary, its files, and what it came to.
pub(super) fn finish_cut_off(
    store: &mut Store,
    call: &PastCall,
    language: Language,
) -> Result<SummarizedCall, AppError> {
    let mut events = store.events(&call.start.id)?;
    let end = session::recover_ending(&events, &store.recovery_point(&call.start.id)?);
    events.extend_from_slice(&end);
    let summary = Summary::from_journal(&call.start, &events, language);
    if !store.finish_cut_off(&call.start.id, &end, &call_end(&summary))? {
        // Another start was at it too, and writes its files.
        return summarize(store, &store.call(Some(&call.start.id))?, language);
    }
    store.export_events(&call.start.id, &CallFolder::create(&call.start.folder)?)?;
    let prior_calls = exports::prior_calls(store, &call.start.id)?;
    let ended = SummarizedCall { summary, prior_calls, folder: call.start.folder.clone() };
    ended.write_files(language)?;
    Ok(ended)
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
