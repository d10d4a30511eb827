//! `keicho summary`: what a call came to, made again from its events. A call that was cut off is ended by it.

use std::io::{Write as _, stdout};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use crate::agenda::{CheckIn, ItemState};
use crate::cli::{exports, user_language};
use crate::language::Language;
use crate::session;
use crate::store::{CallEnd, CallFolder, CallState, DataDir, Figures, PastCall, Perceived, Store};
use crate::summary::{CallInfo, Perception, PriorCall, Summary};

#[derive(Debug, Args)]
pub(super) struct SummaryArgs {
    /// Which call [default: the last one]
    call: Option<String>,
    /// What is printed
    #[arg(long, value_enum, default_value = "md")]
    format: SummaryFormat,
    /// Opens the page in a browser instead
    #[arg(long, conflicts_with = "format")]
    open: bool,
    /// Writes mirror.html instead: the same call for both of you, without advice, to show or to hand over; nothing is sent
    #[arg(long, conflicts_with_all = ["format", "open"])]
    mirror: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SummaryFormat {
    /// A page with pictures
    Html,
    /// Markdown, for notes
    Md,
    /// For other programs
    Json,
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the command line's own voice")]
pub(super) fn run(args: &SummaryArgs) -> anyhow::Result<()> {
    let mut store = Store::open(&DataDir::locate()?)?;
    let call = store.call(args.call.as_deref())?;
    let summary = match call.state {
        CallState::Running => bail!("the call {} goes on; its summary is there once it ends", call.start.id),
        CallState::CutOff => {
            eprintln!("keicho: {} was cut off at {}; this is what was heard by then", call.start.id, call.heard_until);
            finish_cut_off(&mut store, &call)?
        }
        CallState::Ended { .. } => rebuild_summary(&store, &call, user_language())?,
    };
    let (language, before) = (user_language(), exports::prior_calls(&store, &call.start.id)?);
    if args.mirror {
        let mirror = exports::mirror(&summary, &CallFolder::create(&call.start.folder)?, language)?;
        println!("mirror: {}", mirror.display());
        return Ok(());
    }
    if args.open {
        let page = exports::page(&summary, &before, &CallFolder::create(&call.start.folder)?)?;
        open::that_detached(&page).with_context(|| format!("no browser could be opened; open {}", page.display()))?;
        println!("summary: {}", page.display());
        return Ok(());
    }
    let text = match args.format {
        SummaryFormat::Html => summary.page_with_prior_calls(language, &before),
        SummaryFormat::Md => summary.markdown(language),
        SummaryFormat::Json => summary.json()?,
    };
    stdout().write_all(text.as_bytes()).context("cannot print the summary")
}

/// The summary of a call that is over, made again from its events; its nudges' words are in `language`.
pub(super) fn rebuild_summary(store: &Store, call: &PastCall, language: Language) -> anyhow::Result<Summary> {
    let summary = Summary::from_journal(&call_info(call), &store.events(&call.start.id)?, language);
    let perception = match call.perceived {
        Perceived::Share(share) => Some(Perception { share }),
        Perceived::NotAsked | Perceived::Skipped => None,
    };
    Ok(Summary { perception, ..summary })
}

/// Ends a call that was cut off, from what was heard by then: its summary, its files, and what it came to.
pub(super) fn finish_cut_off(store: &mut Store, call: &PastCall) -> anyhow::Result<Summary> {
    let mut events = store.events(&call.start.id)?;
    let end = session::recover_ending(&events, &store.recovery_point(&call.start.id)?);
    events.extend_from_slice(&end);
    let summary = Summary::from_journal(&call_info(call), &events, user_language());
    if !store.finish_cut_off(&call.start.id, &end, &call_end(&summary))? {
        // Another start was at it too, and writes its files.
        return self::rebuild_summary(store, &store.call(Some(&call.start.id))?, user_language());
    }
    let folder = CallFolder::create(&call.start.folder)?;
    store.export_events(&call.start.id, &folder)?;
    exports::write(&summary, &exports::prior_calls(store, &call.start.id)?, &folder)?;
    Ok(summary)
}

fn call_info(call: &PastCall) -> CallInfo {
    CallInfo {
        id: call.start.id.clone(),
        started_at: Some(call.start.started_at.clone()),
        live: true,
        sound: true,
        mode: call.start.mode,
        target: call.start.target,
        language: call.start.language,
        with: call.start.with.clone(),
    }
}

/// What the journal keeps of a call's summary.
pub(super) fn call_end(summary: &Summary) -> CallEnd {
    let state = |name: &str| ItemState::ALL.into_iter().find(|state| state.name() == name).unwrap_or_default();
    CallEnd {
        figures: manager_figures(summary),
        agenda: summary.agenda.iter().map(|item| (item.text.clone(), state(item.state))).collect(),
        check_in: summary.check_in.as_ref().and_then(|given| CheckIn::new(given.score, &given.words)),
    }
}

/// My side of a call in figures.
fn manager_figures(summary: &Summary) -> Figures {
    let mine = |track: &str| track == "me";
    let count = |counted: usize| u32::try_from(counted).unwrap_or(u32::MAX);
    let cut_in = |outcome: &str| {
        let own = summary.interruptions.iter().filter(|one| mine(one.by) && one.outcome == outcome);
        count(own.count())
    };
    let questions = summary.questions.as_ref().map(|all| all.iter().filter(|one| mine(one.track)));
    let of_kind = |kind: &str| questions.clone().map(|own| count(own.filter(|one| one.kind == kind).count()));
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
        interruptions: cut_in("successful"),
        interruptions_failed: cut_in("failed"),
        backchannels_per_min: summary.rates.me.backchannels_per_min,
        silences: count(summary.silences.iter().filter(|one| mine(one.after)).count()),
        filled_pauses_per_min: summary.rates.me.filled_pauses_per_min,
        open_questions: of_kind("open"),
        closed_questions: of_kind("closed"),
        progress_questions: of_kind("progress"),
        regrabs: summary.rates.me.regrabs,
        wait_ms: past.wait_ms,
        switches_per_min: summary.switches_per_min,
        nudges: count(summary.nudges.len()),
        unsure: summary.confidence.iter().any(|doubt| doubt.figure == "talk"),
    }
}
