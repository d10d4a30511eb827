//! Calls: begun, ended, and read again.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use crate::agenda::{Action, CheckIn, ItemState};
use crate::health::confidence::{Confidence, FigureGroup};
use crate::language::Language;
use crate::nudges::Mode;
use crate::private_fs;
use crate::records::{CallRecord, Figures, Origin, TrialArm};
use crate::session::{Event, RecoveryPoint};
use crate::store::action_items::write_actions;
use crate::store::call_lock::CallLock;
use crate::store::database::{self, Store};
use crate::store::journal::Journal;
use crate::store::topics::write_items;
use crate::store::writer;
use crate::store::{CallFolder, StoreError};
use crate::time::SampleTime;
use crate::wire;

/// A call is shown beside at most this many before it. If one of these is forgotten, the pages that show it are found
/// by this number.
pub(super) const MAX_EARLIER_CALLS: usize = 5;

/// What a call came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallEnd {
    /// The manager's side in figures.
    pub figures: Figures,
    /// The items of the agenda, and the state of each at the end.
    pub agenda: Vec<(String, ItemState)>,
    /// The action items, who does each and how it stood at the end.
    pub actions: Vec<(String, Action)>,
    /// How the other person said they were, if they said it.
    pub check_in: Option<CheckIn>,
}

/// How a call that has begun stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallState {
    /// A process is running it.
    Running,
    /// Its process ended before the call did.
    CutOff,
    /// It is over.
    Ended {
        /// Whether it was cut off, and finished later.
        cut_off: bool,
    },
}

/// What the manager took their own share to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Perceived {
    /// Nobody asked.
    NotAsked,
    /// It was asked and not answered.
    Skipped,
    /// They took it to be this, 0 to 1.
    Share(f64),
}

/// A call that has begun.
#[derive(Clone, Debug, PartialEq)]
pub struct PastCall {
    /// What was known when it began.
    pub record: CallRecord,
    /// Up to where it was heard; if it was cut off, up to where that is certain.
    pub heard_until: SampleTime,
    /// How it stands.
    pub state: CallState,
    /// What it came to, once it ended.
    pub figures: Option<Figures>,
    /// What the manager took their share to be.
    pub perceived: Perceived,
}

impl PastCall {
    /// Whether it is one of the manager's calls so far: a test of the sound is none, unless the manager chose to keep it.
    /// Then what they took their share to be is saved as not answered.
    pub fn counts(&self) -> bool {
        let too_little = self.figures.as_ref().and_then(|figures| figures.too_little(self.record.origin));
        too_little.is_none() || self.perceived != Perceived::NotAsked
    }
}

impl Store {
    /// Begins a call: what happens in it from here on is saved while it happens.
    ///
    /// # Errors
    /// [`StoreError::CallExists`], or when it cannot be written down or there is no thread for it.
    pub fn begin_call(&mut self, record: &CallRecord) -> Result<Journal, StoreError> {
        let started_at = record.started_at.as_deref().unwrap_or_default();
        let began: Timestamp =
            started_at.parse().map_err(|_| StoreError::InvalidStart { what: format!("the time {started_at:?}") })?;
        // A path that is not UTF-8 could not be found again when the call is to be forgotten.
        let folder = std::path::absolute(&record.folder).ok().and_then(|path| path.to_str().map(str::to_owned));
        let folder =
            folder.ok_or_else(|| StoreError::InvalidStart { what: format!("the folder {:?}", record.folder) })?;
        let running = self.data_dir.call_locks_folder();
        private_fs::create_folder(&running).map_err(|cause| StoreError::Folder { path: running.clone(), cause })?;
        let home = self.data_dir.clone();
        let failed = |cause| database::store_error(&home, cause);
        let tx = self.db.transaction().map_err(failed)?;
        let person = record.with.as_deref().map(|name| find_or_insert_person(&tx, name)).transpose().map_err(failed)?;
        tx.execute(
            "INSERT INTO call (name, person, started_at, started, mode, target, language, keeps_words, folder,
                               trial)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                record.id,
                person,
                started_at,
                began.as_second(),
                record.mode.name(),
                record.target,
                record.language.map(Language::code),
                record.keep_words,
                folder,
                record.trial.map(TrialArm::name)
            ],
        )
        .map_err(|cause| match cause.sqlite_error().map(|error| error.extended_code) {
            Some(rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE) => StoreError::CallExists { id: record.id.clone() },
            _ => failed(cause),
        })?;
        let call = tx.last_insert_rowid();
        // The lock is there before anybody can see the call, and goes with the process, however that ends.
        let running = CallLock::acquire(&self.data_dir, call)?;
        tx.commit().map_err(failed)?;
        Journal::start(&self.data_dir, call, record.keep_words, running)
    }

    /// The call of this name; without a name, the last that began.
    ///
    /// # Errors
    /// When there is none, or the file cannot be read.
    pub fn call(&self, id: Option<&str>) -> Result<PastCall, StoreError> {
        let found = self.select_calls("?1 IS NULL OR call.name = ?1", params![id], 1)?.pop();
        found.ok_or_else(|| match id {
            Some(id) => StoreError::NoCall { id: id.to_owned() },
            None => StoreError::NoCalls,
        })
    }

    /// The last `most` calls, the newest first: with one person, or all.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn calls(&self, with: Option<&str>, most: usize) -> Result<Vec<PastCall>, StoreError> {
        self.select_calls("?1 IS NULL OR person.name = ?1", params![with], most)
    }

    /// The last `most` calls before the named one that have figures, whoever they were with, the newest first; at most
    /// 5.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn calls_before(&self, id: &str, most: usize) -> Result<Vec<PastCall>, StoreError> {
        let earlier = "figures.call IS NOT NULL
             AND (call.started, call.id) < (SELECT this.started, this.id FROM call AS this WHERE this.name = ?1)";
        self.select_calls(earlier, params![id], most.min(MAX_EARLIER_CALLS))
    }

    /// What the last call of the trial of nudges that counts was in it; `None` before the first. A test of the sound takes no
    /// turn.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn last_trial_arm(&self) -> Result<Option<TrialArm>, StoreError> {
        let calls = self.select_calls("call.trial IS NOT NULL", params![], usize::MAX)?;
        Ok(calls.into_iter().find(PastCall::counts).and_then(|call| call.record.trial))
    }

    /// The calls that were cut off, the newest first. [`Store::finish_cut_off`] ends them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn cut_off_calls(&self) -> Result<Vec<PastCall>, StoreError> {
        let mut open = self.select_calls("call.ended = 0", params![], usize::MAX)?;
        open.retain(|call| call.state == CallState::CutOff);
        Ok(open)
    }

    /// A call's events in the order in which they were emitted, each with its moment, and with the words if they are
    /// kept.
    ///
    /// # Errors
    /// When there is no such call, or the file cannot be read.
    pub fn events(&self, id: &str) -> Result<Vec<(SampleTime, Event)>, StoreError> {
        let call = self.call_row_id(id)?;
        let read = || -> rusqlite::Result<Vec<(SampleTime, Event)>> {
            let mut statement = self.db.prepare_cached(
                "SELECT event.at, event.body, words.body FROM event LEFT JOIN words ON words.event = event.id
                 WHERE event.call = ?1 ORDER BY event.id",
            )?;
            let rows = statement.query_map([call], |row| {
                let (body, words): (String, Option<String>) = (row.get(1)?, row.get(2)?);
                let event = wire::decode_event(&body, words.as_deref())
                    .map_err(|cause| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, Box::new(cause)))?;
                Ok((SampleTime::new(row.get(0)?), event))
            })?;
            rows.collect()
        };
        read().map_err(|cause| self.store_error(cause))
    }

    /// Writes a call's `events.jsonl`, in the form that a replay writes. Gives its path.
    ///
    /// # Errors
    /// When there is no such call, or a file cannot be read or written.
    pub fn export_events(&self, id: &str, folder: &CallFolder) -> Result<PathBuf, StoreError> {
        let events = self.events(id)?;
        let lines = events.iter().zip(1..).map(|((at, event), seq)| wire::encode_event_line(seq, *at, event) + "\n");
        folder.write("events.jsonl", lines.collect::<String>().as_bytes())
    }

    /// What went on in a call when it was cut off, and had not become an event.
    ///
    /// # Errors
    /// When there is no such call, or the file cannot be read.
    pub fn recovery_point(&self, id: &str) -> Result<RecoveryPoint, StoreError> {
        let call = self.call_row_id(id)?;
        let read = self.db.query_row("SELECT heard_until, untold FROM call WHERE id = ?1", [call], |row| {
            let until = SampleTime::new(row.get(0)?);
            let kept: Option<String> = row.get(1)?;
            let point = kept.map(|kept| wire::decode_recovery_point(&kept)).transpose();
            let point =
                point.map_err(|cause| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, Box::new(cause)))?;
            Ok(point.unwrap_or(RecoveryPoint { until, ..RecoveryPoint::default() }))
        });
        read.map_err(|cause| self.store_error(cause))
    }

    /// Ends a call that was cut off, with the events that `ending` adds. `false` if another start of Keicho has ended
    /// it since: then nothing is written, and the call is read as any that is over.
    ///
    /// # Errors
    /// When there is no such call, it goes on, or its end cannot be written down.
    pub fn finish_cut_off(
        &mut self,
        id: &str,
        ending: &[(SampleTime, Event)],
        end: &CallEnd,
    ) -> Result<bool, StoreError> {
        let call = self.call_row_id(id)?;
        let Some(_running) = CallLock::try_acquire(&self.data_dir, call)? else {
            return Err(StoreError::CallRunning { id: id.to_owned() });
        };
        let home = self.data_dir.clone();
        let failed = |cause| database::store_error(&home, cause);
        // The ending was made before the lock was held: only a look under the lock says whether it is still missing.
        // The lock alone is not enough, as the file that another start has locked may be gone from its folder by now.
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let ended = tx.query_row("SELECT ended FROM call WHERE id = ?1", [call], |row| row.get::<_, i64>(0)).optional();
        let ended = ended.map_err(failed)?;
        if ended == Some(0) {
            for (at, event) in ending {
                writer::insert_event(&tx, call, *at, event).map_err(failed)?;
            }
            write_end(&tx, call, 2, end).map_err(failed)?;
        }
        tx.commit().map_err(failed)?;
        CallLock::remove(&self.data_dir, call)?;
        match ended {
            Some(ended) => Ok(ended == 0),
            None => Err(StoreError::NoCall { id: id.to_owned() }),
        }
    }

    /// Saves what a call is for from now on, and the share that it aims at, 0 to 1.
    ///
    /// # Errors
    /// When there is no such call, or it cannot be written down.
    pub fn set_aim(&mut self, id: &str, mode: Mode, target: f64) -> Result<(), StoreError> {
        let call = self.call_row_id(id)?;
        let set = "UPDATE call SET mode = ?2, target = ?3 WHERE id = ?1";
        self.db.execute(set, params![call, mode.name(), target]).map(drop).map_err(|cause| self.store_error(cause))
    }

    /// Saves what the manager took their share to be, 0 to 1; `None` if they did not say.
    ///
    /// # Errors
    /// When there is no such call, or it cannot be written down.
    pub fn set_perceived(&mut self, id: &str, share: Option<f64>) -> Result<(), StoreError> {
        let call = self.call_row_id(id)?;
        let set = "INSERT INTO perceived (call, share) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET share = ?2";
        self.db.execute(set, params![call, share]).map(drop).map_err(|cause| self.store_error(cause))
    }

    pub(super) fn call_row_id(&self, id: &str) -> Result<i64, StoreError> {
        let found = self.db.query_row("SELECT id FROM call WHERE name = ?1", [id], |row| row.get(0)).optional();
        found.map_err(|cause| self.store_error(cause))?.ok_or_else(|| StoreError::NoCall { id: id.to_owned() })
    }

    /// The calls for which the condition holds, the newest first, at most `most` of them.
    fn select_calls(
        &self,
        condition: &str,
        params: &[&dyn rusqlite::ToSql],
        most: usize,
    ) -> Result<Vec<PastCall>, StoreError> {
        let query = format!(
            "SELECT call.*, person.name AS with_name, figures.*, perceived.call AS asked, perceived.share AS perceived
             FROM call LEFT JOIN person ON person.id = call.person LEFT JOIN figures ON figures.call = call.id
             LEFT JOIN perceived ON perceived.call = call.id
             WHERE {condition} ORDER BY call.started DESC, call.id DESC LIMIT {}",
            i64::try_from(most).unwrap_or(i64::MAX)
        );
        let read = || -> rusqlite::Result<Vec<(i64, i64, PastCall)>> {
            let mut statement = self.db.prepare_cached(&query)?;
            let rows =
                statement.query_map(params, |row| Ok((row.get("id")?, row.get("ended")?, read_past_call(row)?)))?;
            rows.collect()
        };
        let found = read().map_err(|cause| self.store_error(cause))?;
        let stand = |(call, ended, mut past): (i64, i64, PastCall)| {
            past.state = match ended {
                0 if CallLock::is_held(&self.data_dir, call)? => CallState::Running,
                0 => CallState::CutOff,
                cut_off => CallState::Ended { cut_off: cut_off == 2 },
            };
            Ok(past)
        };
        found.into_iter().map(stand).collect()
    }
}

/// The person of this name, who may be new.
pub(super) fn find_or_insert_person(db: &Connection, name: &str) -> rusqlite::Result<i64> {
    db.execute("INSERT INTO person (name) VALUES (?1) ON CONFLICT DO NOTHING", [name])?;
    db.query_row("SELECT id FROM person WHERE name = ?1", [name], |row| row.get(0))
}

/// Writes down what a call came to.
pub(super) fn write_end(db: &Connection, call: i64, ended: i64, end: &CallEnd) -> rusqlite::Result<()> {
    let f = &end.figures;
    db.execute("UPDATE call SET ended = ?2, untold = NULL WHERE id = ?1", params![call, ended])?;
    db.execute(
        "INSERT OR REPLACE INTO figures VALUES
         (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
        params![
            call,
            f.duration_ms,
            f.talk_ms,
            f.their_talk_ms,
            f.share,
            f.longest_turn_ms,
            f.monologues,
            f.patience_ms,
            f.interruptions,
            f.interruptions_failed,
            f.backchannels_per_min,
            f.silences,
            f.filled_pauses_per_min,
            f.open_questions,
            f.closed_questions,
            f.progress_questions,
            f.regrabs,
            f.wait_ms,
            f.switches_per_min,
            f.nudges,
            f.is_share_unsure(),
            doubts_text(&f.doubts)
        ],
    )?;
    write_items(db, call, &end.agenda)?;
    write_actions(db, call, &end.actions)?;
    if let Some(check_in) = &end.check_in {
        db.execute(
            "INSERT OR REPLACE INTO check_in (call, score, words) VALUES (?1, ?2, ?3)",
            params![call, check_in.score(), check_in.words()],
        )?;
    }
    Ok(())
}

fn read_past_call(row: &Row<'_>) -> rusqlite::Result<PastCall> {
    let mode: String = row.get("mode")?;
    let (language, trial): (Option<String>, Option<String>) = (row.get("language")?, row.get("trial")?);
    let folder: String = row.get("folder")?;
    let record = CallRecord {
        id: row.get("name")?,
        started_at: Some(row.get("started_at")?),
        // Recorded calls leave nothing here.
        origin: Origin::Live,
        with: row.get("with_name")?,
        mode: mode.parse().unwrap_or_default(),
        target: row.get("target")?,
        // What only a later release knows is in no trial here.
        trial: trial.as_deref().and_then(TrialArm::from_name),
        language: language.and_then(|code| code.parse().ok()),
        keep_words: row.get("keeps_words")?,
        folder: folder.into(),
    };
    let asked: Option<i64> = row.get("asked")?;
    let perceived: Option<f64> = row.get("perceived")?;
    Ok(PastCall {
        record,
        heard_until: SampleTime::new(row.get("heard_until")?),
        state: CallState::CutOff,
        figures: read_figures(row)?,
        perceived: match (asked, perceived) {
            (None, _) => Perceived::NotAsked,
            (Some(_), None) => Perceived::Skipped,
            (Some(_), Some(share)) => Perceived::Share(share),
        },
    })
}

/// Doubts as they stand in the file: `talk=medium interruptions=low`.
fn doubts_text(doubts: &BTreeMap<FigureGroup, Confidence>) -> String {
    let doubt = |(group, confidence): (&FigureGroup, &Confidence)| {
        format!("{}={}", <&str>::from(group), <&str>::from(confidence))
    };
    doubts.iter().map(doubt).collect::<Vec<_>>().join(" ")
}

/// What only a later release knows is left out.
fn read_doubts(text: &str) -> BTreeMap<FigureGroup, Confidence> {
    let doubt = |one: &str| {
        let (group, confidence) = one.split_once('=')?;
        Some((group.parse().ok()?, confidence.parse().ok()?))
    };
    text.split(' ').filter_map(doubt).collect()
}

fn read_figures(row: &Row<'_>) -> rusqlite::Result<Option<Figures>> {
    let Some(duration_ms) = row.get("duration_ms")? else { return Ok(None) };
    Ok(Some(Figures {
        duration_ms,
        talk_ms: row.get("talk_ms")?,
        their_talk_ms: row.get("their_talk_ms")?,
        share: row.get("share")?,
        longest_turn_ms: row.get("longest_turn_ms")?,
        monologues: row.get("monologues")?,
        patience_ms: row.get("patience_ms")?,
        interruptions: row.get("interruptions")?,
        interruptions_failed: row.get("interruptions_failed")?,
        backchannels_per_min: row.get("backchannels_per_min")?,
        silences: row.get("silences")?,
        filled_pauses_per_min: row.get("filled_pauses_per_min")?,
        open_questions: row.get("open_questions")?,
        closed_questions: row.get("closed_questions")?,
        progress_questions: row.get("progress_questions")?,
        regrabs: row.get("regrabs")?,
        wait_ms: row.get("wait_ms")?,
        switches_per_min: row.get("switches_per_min")?,
        nudges: row.get("nudges")?,
        doubts: read_doubts(&row.get::<_, String>("doubts")?),
    }))
}
