//! The application without a command line: calls from scripts, run to their summaries, read again and forgotten.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use keicho::app::{
    AppError, Call, CallKeeping, CallPace, CallPlan, CallRecords, EventSelector, FinishedCall, Interrupter,
    NotesFolder, Notifier, OpenSource, OverlayPlan, PastCalls, Stopper, TextChoices, UserNotice,
};
use keicho::audio::{BLOCK_DURATION, Block, PerTrack, SILENCE, Track};
use keicho::config::OffRecordLengths;
use keicho::language::Language;
use keicho::prepare::Choices;
use keicho::records::{Origin, TrialArm};
use keicho::server::ServerSetup;
use keicho::session::SessionSetup;
use keicho::source::transcript::{TrackCue, TranscriptSource};
use keicho::source::{Source, SourceError};
use keicho::store::{CallState, DataDir, Forget, Store, StoreError};
use keicho::time::{SampleTime, Span};

use crate::support::doubles::record::live_call;
use crate::support::live::Page;
use crate::support::sample;

/// What the user was told, but for how far the call is; and what is done at a notice.
#[derive(Default)]
struct Told {
    notices: Mutex<Vec<UserNotice>>,
    reaction: OnceLock<Reaction>,
}

/// What is done at each notice.
type Reaction = Box<dyn Fn(&UserNotice) + Send + Sync>;

impl Told {
    /// Interrupts the call at the first notice that is so.
    fn interrupt_at(&self, is_so: fn(&UserNotice) -> bool, interrupter: Interrupter) {
        self.react(move |notice| {
            if is_so(notice) {
                interrupter.interrupt();
            }
        });
    }

    /// Does this at each notice.
    fn react(&self, reaction: impl Fn(&UserNotice) + Send + Sync + 'static) {
        assert!(self.reaction.set(Box::new(reaction)).is_ok());
    }

    /// The first notice of which there is something to say.
    fn find<T>(&self, what: impl Fn(&UserNotice) -> Option<T>) -> T {
        self.notices.lock().unwrap().iter().find_map(what).expect("it was told")
    }

    /// Each notice without its figures, addresses and causes.
    fn kinds(&self) -> Vec<String> {
        let kind = |notice: &UserNotice| format!("{notice:?}").split([' ', '(']).next().unwrap().to_owned();
        self.notices.lock().unwrap().iter().map(kind).collect()
    }
}

impl Notifier for Told {
    fn notify(&self, notice: UserNotice) {
        if let Some(reaction) = self.reaction.get() {
            reaction(&notice);
        }
        if !matches!(notice, UserNotice::Progress { .. }) {
            self.notices.lock().unwrap().push(notice);
        }
    }
}

fn line(track: Track, start: u64, end: u64, text: &str) -> TrackCue {
    TrackCue { track, span: Span::from_ms(start, end), text: text.to_owned() }
}

/// I talk for 14 of 40 seconds, ask one open question and wait 3 s for the answer.
fn script() -> Vec<TrackCue> {
    vec![
        line(Track::Me, 1_000, 11_000, "So this is what I have been thinking about the next quarter."),
        line(Track::Me, 12_000, 16_000, "What would you like to do about it?"),
        line(Track::Them, 19_000, 40_000, "I would like to lead the project, and to begin with it in May."),
    ]
}

fn plan(keeping: CallKeeping, origin: Origin) -> CallPlan {
    let words = TextChoices { language: Some(Language::En), keep_words: true, ..TextChoices::default() };
    CallPlan {
        keeping,
        begins_on_page: false,
        choices: Choices { with: Some("Sato".to_owned()), ..Choices::default() },
        calendar: None,
        off_record: OffRecordLengths::default(),
        setup: SessionSetup::default(),
        text: words.plan_from_transcript(&script()),
        origin,
        devices: None,
        settings: None,
        model_fetcher: None,
        trial: None,
        unseen: None,
        pace: CallPace::Fast,
        overlay: None,
        gives_up_network: false,
        language: Language::En,
    }
}

fn in_folder(folder: &Path) -> CallKeeping {
    CallKeeping::Folder { id: "call".to_owned(), folder: folder.to_owned() }
}

fn in_records(data_dir: &DataDir, told: &Told) -> CallKeeping {
    let records = CallRecords::open(data_dir.clone(), 365, None, Language::En, told).unwrap();
    CallKeeping::Records { records, folder: None }
}

fn scripted() -> OpenSource {
    Box::new(|| Ok(Box::new(TranscriptSource::new(&script())) as Box<dyn Source>))
}

fn run(plan: CallPlan, open: OpenSource, told: &Arc<Told>) -> FinishedCall {
    let call = Call::new(plan, open, Stopper::between_blocks(), Arc::clone(told) as Arc<dyn Notifier>);
    call.run().unwrap().expect("it begins")
}

/// Silence until it is told to end.
struct Endless {
    now: SampleTime,
    is_stopped: Arc<AtomicBool>,
}

impl Endless {
    fn open() -> (OpenSource, Stopper) {
        let is_stopped = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&is_stopped);
        let source = Self { now: SampleTime::ZERO, is_stopped };
        (
            Box::new(|| Ok(Box::new(source) as Box<dyn Source>)),
            Stopper::for_source(move || stop.store(true, Ordering::Relaxed)),
        )
    }
}

impl Source for Endless {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        let start = self.now;
        self.now += BLOCK_DURATION;
        let pcm = PerTrack { me: SILENCE, them: SILENCE };
        let block = Block { start, pcm, lost: PerTrack::default(), speech: None };
        Ok((!self.is_stopped.load(Ordering::Relaxed)).then_some(block))
    }
}

#[test]
fn a_recording_is_replayed_to_its_summary() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("call");
    let told = Arc::new(Told::default());
    let silent = TextChoices { without_words: true, ..TextChoices::default() };
    let plan = CallPlan { text: silent.plan().unwrap(), ..plan(in_folder(&folder), Origin::Replay) };
    let finished = run(plan, Box::new(|| Ok(Box::new(sample::source()) as Box<dyn Source>)), &told);
    assert_eq!(finished.page(), folder.join("summary.html"));
    let call = finished.call();
    assert!((call.summary.talk.me.share.unwrap() - 0.64).abs() < 0.01, "{:?}", call.summary.talk);
    let written = std::fs::read_to_string(folder.join("summary.json")).unwrap();
    assert_eq!(written, call.summary.json().unwrap());
    let events = std::fs::read_to_string(folder.join("events.jsonl")).unwrap();
    assert_eq!(events.lines().count(), finished.journal().len());
    let why = finished.explain(&"interruption".parse::<EventSelector>().unwrap()).unwrap();
    assert!(why.starts_with("interruption "), "{why}");
    assert_eq!(call.write_mirror(Language::Ja).unwrap(), folder.join("mirror.html"));
    finished.close().unwrap();
    assert_eq!(told.kinds().iter().filter(|kind| *kind != "Recognizer").count(), 0, "{:?}", told.kinds());
}

/// I talk for nearly four minutes: two nudges with the usual rules, and none in a quiet call of the trial.
#[test]
fn a_quiet_call_of_the_trial_has_no_advice_and_is_remembered_as_one() {
    let script: Vec<TrackCue> = (0..12)
        .flat_map(|n| {
            [
                line(Track::Me, n * 20_000, n * 20_000 + 18_500, "So"),
                line(Track::Them, n * 20_000 + 18_900, n * 20_000 + 19_900, "Yes"),
            ]
        })
        .collect();
    let dir = tempfile::tempdir().unwrap();
    let data_dir = DataDir::new(dir.path().join("data"));
    let told = Arc::new(Told::default());
    let nudges = |trial| {
        let script = script.clone();
        let plan = CallPlan { trial, ..plan(in_records(&data_dir, &told), Origin::Live) };
        let open: OpenSource = Box::new(move || Ok(Box::new(TranscriptSource::new(&script)) as Box<dyn Source>));
        let finished = run(plan, open, &told);
        let id = finished.call().summary.call.id.clone();
        let nudges = finished.call().summary.nudges.len();
        finished.close().unwrap();
        assert_eq!(PastCalls::open(&data_dir).unwrap().find(Some(&id)).unwrap().record.trial, trial);
        nudges
    };
    assert_eq!(nudges(Some(TrialArm::Quiet)), 0);
    assert!(nudges(Some(TrialArm::Nudged)) > 0 && nudges(None) > 0);
}

#[test]
fn a_live_call_is_remembered_read_again_and_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = DataDir::new(dir.path().join("data"));
    let told = Arc::new(Told::default());
    let finished = run(plan(in_records(&data_dir, &told), Origin::Live), scripted(), &told);
    let ended = finished.call().clone();
    let share = ended.summary.talk.me.share;
    assert_eq!(share, Some(0.4));
    assert!(ended.folder.starts_with(data_dir.path()) && ended.folder.join("events.jsonl").exists());
    finished.close().unwrap();

    let mut calls = PastCalls::open(&data_dir).unwrap();
    let listed = calls.list(Some("Sato"), 10).unwrap();
    let [call] = &listed[..] else { panic!("{listed:?}") };
    let figures = call.figures.clone().unwrap();
    assert_eq!((call.state, figures.share), (CallState::Ended { cut_off: false }, share));
    assert_eq!(
        (figures.open_questions, figures.wait_ms, figures.longest_turn_ms),
        (Some(1), Some(3_000), Some(15_000))
    );
    let again = calls.summarize(call, Language::En).unwrap();
    assert_eq!(again.summary, ended.summary, "made again from what was saved");
    assert!(calls.history(Some("Sato"), &jiff::Zoned::now()).unwrap().json().unwrap().contains("Sato"));

    let forgotten = calls.forget(&Forget::Person("Sato".to_owned())).unwrap();
    assert_eq!((forgotten.calls, calls.list(None, 10).unwrap().len()), (1, 0));
    assert!(!ended.folder.exists());
    assert!(matches!(calls.find(None), Err(AppError::Store(_))));
}

#[test]
fn who_interrupts_before_the_call_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (data_dir, told) = (DataDir::new(dir.path().join("data")), Arc::new(Told::default()));
    let (open, stopper) = Endless::open();
    let server = ServerSetup { port: 0, web_dir: None };
    let plan = CallPlan {
        begins_on_page: true,
        overlay: Some(OverlayPlan { server, opener: None }),
        ..plan(in_records(&data_dir, &told), Origin::Live)
    };
    let call = Call::new(plan, open, stopper, Arc::clone(&told) as Arc<dyn Notifier>);
    told.interrupt_at(|notice| matches!(notice, UserNotice::WaitingForStart), call.interrupter());
    assert!(call.run().unwrap().is_none());
    assert_eq!(told.kinds(), ["OverlayServed", "WaitingForStart"]);
    assert_eq!(PastCalls::open(&data_dir).unwrap().list(None, 10).unwrap(), []);
}

#[test]
fn who_interrupts_the_call_has_all_of_it_until_then() {
    let dir = tempfile::tempdir().unwrap();
    let told = Arc::new(Told::default());
    let (open, stopper) = Endless::open();
    let silent = TextChoices { without_words: true, ..TextChoices::default() };
    let plan = CallPlan { text: silent.plan().unwrap(), ..plan(in_folder(&dir.path().join("call")), Origin::Live) };
    let call = Call::new(plan, open, stopper, Arc::clone(&told) as Arc<dyn Notifier>);
    let interrupter = call.interrupter();
    told.interrupt_at(
        |notice| matches!(notice, UserNotice::Progress { now, .. } if *now >= SampleTime::from_ms(2_000)),
        interrupter.clone(),
    );
    let finished = call.run().unwrap().expect("it began");
    assert!(finished.call().summary.call.duration_ms >= 2_000);
    assert!(interrupter.interrupt(), "the first came about: this is another");
    assert!(!interrupter.interrupt(), "and this is impatience");
    finished.close().unwrap();
}

#[test]
fn a_source_that_fails_ends_the_call_and_what_was_heard_is_kept() {
    struct Failing(TranscriptSource);
    impl Source for Failing {
        fn next(&mut self) -> Result<Option<Block>, SourceError> {
            match self.0.next()? {
                Some(block) if block.start >= SampleTime::from_ms(18_000) => {
                    Err(SourceError::Empty { path: "call.wav".into() })
                }
                other => Ok(other),
            }
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let told = Arc::new(Told::default());
    let open: OpenSource = Box::new(|| Ok(Box::new(Failing(TranscriptSource::new(&script()))) as Box<dyn Source>));
    let finished = run(plan(in_folder(&dir.path().join("call")), Origin::Transcript), open, &told);
    assert_eq!(finished.call().summary.talk.me.speech_ms, 14_000);
    assert!(dir.path().join("call/summary.json").exists());
    assert!(finished.close().unwrap_err().to_string().starts_with("call.wav holds no sound"));
}

/// Who is met next, by the user's own calendar, is chosen on the start page, which says why.
#[test]
fn the_next_1on1_of_the_calendar_is_chosen_and_the_page_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let (data_dir, told) = (DataDir::new(dir.path().join("data")), Arc::new(Told::default()));
    drop(run(plan(in_records(&data_dir, &told), Origin::Live), scripted(), &told));
    let soon = jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC) + jiff::Span::new().minutes(10);
    let folder = dir.path().join("calendar");
    std::fs::create_dir(&folder).unwrap();
    let start = soon.strftime("%Y%m%dT%H%M00Z");
    let event =
        format!("BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Sato 1on1\r\nDTSTART:{start}\r\nDURATION:PT25M\r\nEND:VEVENT\r\n");
    let calendar = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}END:VCALENDAR\r\n");
    std::fs::write(folder.join("work.ics"), &calendar).unwrap();
    std::fs::write(folder.join("cut.ics"), &calendar[..60]).unwrap();

    let (open, stopper) = Endless::open();
    let server = ServerSetup { port: 0, web_dir: None };
    let told = Arc::new(Told::default());
    let plan = CallPlan {
        begins_on_page: true,
        choices: Choices::default(),
        calendar: Some(folder),
        overlay: Some(OverlayPlan { server, opener: None }),
        ..plan(in_records(&data_dir, &told), Origin::Live)
    };
    let call = Call::new(plan, open, stopper, Arc::clone(&told) as Arc<dyn Notifier>);
    let (interrupter, shown) = (call.interrupter(), Arc::new(Mutex::new(None)));
    let seen = Arc::clone(&shown);
    told.react(move |notice| {
        if let UserNotice::OverlayServed { url } = notice {
            let (url, seen, interrupter) = (url.clone(), Arc::clone(&seen), interrupter.clone());
            std::thread::spawn(move || {
                let mut page = Page::open(&url);
                let desk = page.told("desk", |desk| desk["with"] != serde_json::Value::Null);
                page.ask("prepare", serde_json::json!({ "with": null }));
                let other = page.told("desk", |desk| desk["with"].is_null());
                *seen.lock().unwrap() = Some((desk, other));
                interrupter.interrupt();
            });
        }
    });
    assert!(call.run().unwrap().is_none());
    let (desk, other) = shown.lock().unwrap().take().unwrap();
    assert_eq!((&desk["with"], &desk["meeting_min"]), (&"Sato".into(), &25.into()));
    let hint = &desk["hints"][0];
    assert!(hint["text"]["en"].as_str().unwrap().starts_with("Your calendar has a 1on1 with Sato at "), "{hint}");
    assert!(other["hints"].as_array().unwrap().is_empty(), "it says so of nobody else: {other}");
    let broken: Vec<_> = told.kinds().into_iter().filter(|kind| kind == "CalendarNotRead").collect();
    assert_eq!(broken.len(), 1, "{:?}", told.kinds());
}

/// What fails badly in the middle of a call ends it there: its figures until then are saved, its page says why, and the
/// program ends with a sentence.
#[test]
fn a_call_that_fails_is_saved_up_to_there_and_says_so() {
    struct Panicking(TranscriptSource);
    impl Source for Panicking {
        fn next(&mut self) -> Result<Option<Block>, SourceError> {
            let block = self.0.next()?;
            assert!(
                block.as_ref().is_none_or(|block| block.start < SampleTime::from_ms(18_000)),
                "it fails on purpose"
            );
            Ok(block)
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let (data_dir, told) = (DataDir::new(dir.path().join("data")), Arc::new(Told::default()));
    let server = ServerSetup { port: 0, web_dir: None };
    let plan = CallPlan {
        overlay: Some(OverlayPlan { server, opener: None }),
        ..plan(in_records(&data_dir, &told), Origin::Live)
    };
    let open: OpenSource = Box::new(|| Ok(Box::new(Panicking(TranscriptSource::new(&script()))) as Box<dyn Source>));
    let finished = run(plan, open, &told);
    let summary = finished.call().summary.clone();
    assert_eq!((summary.talk.me.speech_ms, summary.talk.them.speech_ms), (14_000, 0));
    assert!((17_900..=18_000).contains(&summary.call.duration_ms), "{}", summary.call.duration_ms);
    assert!(finished.page().exists());
    let address = told.find(|notice| match notice {
        UserNotice::OverlayServed { url } => Some(url.clone()),
        _ => None,
    });
    let mut page = Page::open(&address);
    page.find(|message| {
        message["type"] == "saving"
            && message["state"] == "cut_off"
            && message["text"]["en"] == "Keicho failed here. What was heard until now is saved."
    });
    page.find(|message| message["state"] == "ended" && message["summary"].is_string());
    let error = finished.close().unwrap_err().to_string();
    assert!(error.starts_with("Keicho failed, and the call ended there"), "{error}");
    let listed = PastCalls::open(&data_dir).unwrap().list(None, 10).unwrap();
    assert_eq!(listed[0].state, CallState::Ended { cut_off: false }, "there is nothing left to end at the next start");
}

#[test]
fn a_source_that_cannot_be_opened_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let told = Arc::new(Told::default());
    let folder = dir.path().join("call");
    let open: OpenSource = Box::new(|| Err(SourceError::Empty { path: "call.wav".into() }));
    let call = Call::new(
        plan(in_folder(&folder), Origin::Replay),
        open,
        Stopper::between_blocks(),
        Arc::clone(&told) as Arc<dyn Notifier>,
    );
    assert!(matches!(call.run(), Err(AppError::Source(SourceError::Empty { .. }))));
    assert!(!folder.exists());
}

#[test]
fn a_call_that_was_cut_off_is_ended_at_the_next_start_and_one_that_goes_on_has_no_summary() {
    let dir = tempfile::tempdir().unwrap();
    let (data_dir, told) = (DataDir::new(dir.path().join("data")), Told::default());
    let mut store = Store::open(&data_dir).unwrap();
    let mut record = live_call("2026-04-01");
    record.folder = dir.path().join("call");
    let journal = store.begin_call(&record).unwrap();
    let mut calls = PastCalls::open(&data_dir).unwrap();
    let call = calls.find(None).unwrap();
    let refused = calls.summarize(&call, Language::En).unwrap_err();
    assert_eq!(refused.to_string(), "the call 2026-04-01 is still running; its summary is there once it ends");
    drop(journal);
    // Where its files are to be is a file: as on a disk that is not there. Calls of any age are kept.
    std::fs::write(&record.folder, "").unwrap();
    drop(CallRecords::open(data_dir.clone(), 100_000, None, Language::En, &told).unwrap());
    assert_eq!(calls.find(None).unwrap().state, CallState::CutOff, "the next start tries again");
    std::fs::remove_file(&record.folder).unwrap();
    drop(CallRecords::open(data_dir.clone(), 100_000, None, Language::En, &told).unwrap());
    assert_eq!(told.kinds(), ["CutOffCallNotEnded", "CutOffCallEnded"]);
    let ended = calls.find(None).unwrap();
    assert_eq!(ended.state, CallState::Ended { cut_off: true });
    assert!(dir.path().join("call/summary.html").exists());
    assert_eq!(calls.summarize(&ended, Language::En).unwrap().summary.call.id, "2026-04-01");
}

/// A live call that is decided on, and what its user is told.
fn live(data_dir: &DataDir) -> (Call, Arc<Told>) {
    let told = Arc::new(Told::default());
    let plan = plan(in_records(data_dir, &told), Origin::Live);
    let call = Call::new(plan, scripted(), Stopper::between_blocks(), Arc::clone(&told) as Arc<dyn Notifier>);
    (call, told)
}

/// Another program that keeps the database from being written, from the call's first second on.
struct Locked {
    path: PathBuf,
    lock: Mutex<Option<rusqlite::Connection>>,
}

impl Locked {
    fn new(data_dir: &DataDir) -> Self {
        Self { path: data_dir.path().join("keicho.db"), lock: Mutex::new(None) }
    }

    fn lock(&self) {
        let mut lock = self.lock.lock().unwrap();
        if lock.is_none() {
            let db = rusqlite::Connection::open(&self.path).unwrap();
            db.busy_timeout(std::time::Duration::from_secs(30)).unwrap();
            db.execute_batch("BEGIN IMMEDIATE").unwrap();
            *lock = Some(db);
        }
    }

    fn free(&self) {
        self.lock.lock().unwrap().take();
    }
}

#[test]
fn a_call_that_cannot_be_saved_is_held_until_it_can_be() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = DataDir::new(dir.path().join("data"));
    let (call, told) = live(&data_dir);
    let (locked, interrupter) = (Locked::new(&data_dir), call.interrupter());
    told.react(move |notice| match notice {
        UserNotice::Progress { .. } => locked.lock(),
        UserNotice::WaitingForRoom { .. } => {
            // A terminal that is closed gives nothing up.
            interrupter.hang_up();
            locked.free();
        }
        _ => {}
    });
    let finished = call.run().unwrap().expect("it begins");
    let (id, journal) = (finished.call().summary.call.id.clone(), finished.journal().to_vec());
    assert!(finished.page().is_file());
    finished.close().unwrap();
    assert_eq!(
        told.kinds().iter().filter(|kind| kind.contains("Sav") || kind.contains("Room")).collect::<Vec<_>>(),
        ["WaitingForRoom", "SavedAgain"]
    );
    let store = Store::open(&data_dir).unwrap();
    assert_eq!(store.events(&id).unwrap(), journal, "all of it is in the history");
    assert_eq!(store.call(Some(&id)).unwrap().state, CallState::Ended { cut_off: false });
}

#[test]
fn a_call_that_cannot_be_written_is_written_where_the_user_says() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = DataDir::new(dir.path().join("data"));
    let (call, told) = live(&data_dir);
    let (elsewhere, interrupter) = (dir.path().join("elsewhere"), call.interrupter());
    let (calls, named) = (data_dir.path().join("calls"), elsewhere.clone());
    let asked = AtomicBool::new(false);
    told.react(move |notice| match notice {
        // A folder in the place of a file that is to be written.
        UserNotice::Progress { ended: true, .. } => {
            let own = std::fs::read_dir(&calls).unwrap().next().unwrap().unwrap().path();
            std::fs::create_dir(own.join("summary.json.part")).unwrap();
        }
        UserNotice::WaitingForRoom { .. } => {
            let file = own_file(&named);
            interrupter.save_elsewhere(file);
        }
        UserNotice::NotSavedElsewhere(_) if !asked.swap(true, Ordering::Relaxed) => {
            interrupter.save_elsewhere(named.clone());
        }
        _ => {}
    });
    let finished = call.run().unwrap().expect("it begins");
    assert_eq!(finished.page(), elsewhere.join("summary.html"));
    let lines = std::fs::read_to_string(elsewhere.join("events.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), finished.journal().len());
    assert!(lines.lines().last().unwrap().contains("call_ended"));
    assert!(elsewhere.join("summary.json").is_file());
    finished.close().unwrap();
    let kinds = told.kinds();
    let saving: Vec<_> = kinds.iter().filter(|kind| kind.contains("Save") || kind.contains("Room")).collect();
    assert_eq!(saving, ["WaitingForRoom", "NotSavedElsewhere", "SavedElsewhere"]);
}

/// A file beside the folder, which can be no folder.
fn own_file(folder: &Path) -> PathBuf {
    let file = folder.with_extension("file");
    std::fs::write(&file, "").unwrap();
    file
}

#[test]
fn a_call_that_is_given_up_is_an_error_and_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = DataDir::new(dir.path().join("data"));
    let (call, told) = live(&data_dir);
    let (locked, interrupter) = (Arc::new(Locked::new(&data_dir)), call.interrupter());
    let theirs = Arc::clone(&locked);
    told.react(move |notice| match notice {
        UserNotice::Progress { .. } => theirs.lock(),
        UserNotice::WaitingForRoom { .. } => drop(interrupter.interrupt()),
        _ => {}
    });
    let error = call.run().err().expect("it is not saved").to_string();
    assert!(error.contains("events of this call could not be saved"), "{error}");
    locked.free();
    assert_eq!(Store::open(&data_dir).unwrap().cut_off_calls().unwrap().len(), 1);
}

#[test]
fn calls_that_begin_in_the_same_second_each_have_a_name() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = DataDir::new(dir.path().join("data"));
    let begun: Vec<_> = (0..3)
        .map(|_| {
            let (call, _) = live(&data_dir);
            call.run().unwrap().expect("it begins")
        })
        .collect();
    let ids: std::collections::BTreeSet<_> = begun.iter().map(|call| call.call().summary.call.id.clone()).collect();
    assert_eq!(ids.len(), 3, "{ids:?}");
    let pages: std::collections::BTreeSet<_> = begun.iter().map(|call| call.page().to_owned()).collect();
    assert_eq!(pages.len(), 3, "{pages:?}");
    assert_eq!(Store::open(&data_dir).unwrap().calls(None, 9).unwrap().len(), 3);
}

/// The scripted call, and half a minute more: a call of less than a minute counts for nothing.
fn longer() -> OpenSource {
    let mut lines = script();
    lines.push(line(Track::Me, 42_000, 50_000, "That sounds good to me."));
    lines.push(line(Track::Them, 51_000, 70_000, "Then I will write to the others."));
    Box::new(move || Ok(Box::new(TranscriptSource::new(&lines)) as Box<dyn Source>))
}

#[test]
fn each_call_is_added_to_the_notes_on_its_person_and_nothing_there_is_changed() {
    let dir = tempfile::tempdir().unwrap();
    let (data_dir, folder) = (DataDir::new(dir.path().join("data")), dir.path().join("notes"));
    let told = Arc::new(Told::default());
    let hold = |open: OpenSource| {
        let notes = Some(NotesFolder::new(&folder));
        let records = CallRecords::open(data_dir.clone(), 365, notes, Language::En, told.as_ref()).unwrap();
        run(plan(CallKeeping::Records { records, folder: None }, Origin::Live), open, &told).close().unwrap();
    };
    hold(longer());
    assert_eq!(told.kinds().last().unwrap(), "NotesNotWritten", "there is no such folder: all else is kept");
    std::fs::create_dir(&folder).unwrap();
    hold(longer());
    let file = folder.join("Sato.md");
    let first = std::fs::read_to_string(&file).unwrap();
    assert!(first.starts_with("---\nperson: \"Sato\"\ntags: [1on1]\n---\n\n# Sato\n\n## "), "{first}");
    assert!(first.contains("\n| --- | ---: | ---: |\n"), "{first}");
    assert!(!first.contains("lead the project"), "what was said is kept in this call, and not in the notes");
    // The manager writes beside, and leaves the line open.
    std::fs::write(&file, format!("{first}\nAsk about May")).unwrap();
    hold(scripted());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{first}\nAsk about May"), "too short to count");
    hold(longer());
    let second = std::fs::read_to_string(&file).unwrap();
    assert!(second.starts_with(&format!("{first}\nAsk about May\n\n## ")), "{second}");
    assert_eq!(second.matches("<!-- keicho: ").count(), 2);

    let calls = PastCalls::open(&data_dir).unwrap();
    let export = calls.export(Some("Sato"), Language::En).unwrap();
    assert_eq!((export.summaries.len(), export.left_out.len()), (4, 0));
    let table = export.csv().unwrap();
    assert_eq!(table.lines().count(), 5);
    assert!(table.starts_with("id,started_at,with,mode,duration_ms,talk_me_ms,"), "{table}");
    let json: serde_json::Value = serde_json::from_str(&export.json().unwrap()).unwrap();
    assert_eq!((&json["schema"], &json["calls"][3]["call"]["with"]), (&"keicho.export/1".into(), &"Sato".into()));
    let markdown = export.markdown(Language::En);
    assert_eq!((markdown.matches("\n# Sato\n").count(), markdown.matches("<!-- keicho: ").count()), (1, 4));
    let unknown = calls.export(Some("Kato"), Language::En).unwrap_err();
    assert!(matches!(unknown, AppError::Store(StoreError::NoPerson { .. })), "{unknown}");
}
