//! What a live call leaves in the journal, and what `keicho summary` and `keicho forget` make of it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;

use keicho::agenda::{CheckIn, ItemState};
use keicho::asr::NoText;
use keicho::audio::Track;
use keicho::records::{CallRecord, Figures};
use keicho::report::summary::{Language, Summary};
use keicho::session::{Event, RealTime, Session, SessionSetup, Sink, Snapshot, Tee, Unpaced, drive};
use keicho::source::Source as _;
use keicho::source::transcript::{TrackCue, TranscriptSource};
use keicho::store::{CallEnd, CallFolder, CallState, DataDir, Journal, Store};
use keicho::time::{SampleTime, Span};
use serde_json::Value;

use crate::support::doubles::record::live_call;
use crate::support::doubles::traces::traces;
use crate::support::run::{PROGRAM, WorkingDir};
use crate::support::sample;

const ID: &str = "2026-11-03T10-00-00";

/// A data folder, and the program that keeps its calls there.
struct Kept(WorkingDir);

/// How a run ended, and what it said.
struct Ran(Option<i32>, String, String);

impl Kept {
    fn new() -> Self {
        Self(WorkingDir::new())
    }

    fn home(&self) -> DataDir {
        DataDir::new(self.0.path().join("data"))
    }

    fn folder(&self) -> std::path::PathBuf {
        self.0.path().join("data/calls").join(ID)
    }

    fn begin(&self) -> Journal {
        begin(&self.home(), &self.folder())
    }

    /// A call on this day, with the same person.
    fn begin_at(&self, day: &str) -> Journal {
        begin(&self.home(), &self.folder().with_file_name(format!("{day}T10-00-00")))
    }

    fn keicho(&self, words: &[&str]) -> Ran {
        // The days of these calls are past, however late it is.
        self.keicho_keeping(3_650, words)
    }

    /// The same if calls are kept for so many days.
    fn keicho_keeping(&self, days: u32, words: &[&str]) -> Ran {
        let config = self.0.put("config.toml", format!("[keep]\ndays = {days}\n").as_bytes());
        let home = self.home();
        let ran = self.0.keicho_with(words, &[("KEICHO_DATA", home.path()), ("KEICHO_CONFIG", &config)]);
        Ran(ran.status, ran.stdout, ran.stderr)
    }
}

/// A call at ten o'clock of the day that its folder names.
fn begin(home: &DataDir, folder: &Path) -> Journal {
    let id = folder.file_name().unwrap().to_str().unwrap().to_owned();
    let record = CallRecord { with: Some("Satonaka".to_owned()), folder: folder.to_owned(), ..live_call(&id) };
    Store::open(home).unwrap().begin_call(&record).unwrap()
}

/// Plays the sample call into a journal, and gives what was told besides.
fn play(journal: &mut Journal) -> Vec<(SampleTime, Event)> {
    let mut told = Vec::new();
    let mut source = sample::source();
    let mut session = Session::new(&SessionSetup::default(), Box::new(NoText::default()));
    let sink = &mut Tee(journal, &mut told);
    drive(&mut source, &mut session, &mut Unpaced, &AtomicBool::new(false), sink).unwrap();
    told
}

fn summary_of(told: &[(SampleTime, Event)]) -> String {
    let info = CallRecord { with: Some("Satonaka".to_owned()), ..live_call(ID) };
    Summary::from_journal(&info, told, Language::En).json().unwrap()
}

#[test]
fn a_whole_call_comes_back_as_it_was_told() {
    let kept = Kept::new();
    let mut journal = kept.begin();
    let told = play(&mut journal);
    let Ran(status, _, complaint) = kept.keicho(&["summary"]);
    assert_eq!(
        (status, complaint),
        (Some(1), format!("keicho: the call {ID} is still running; its summary is there once it ends\n"))
    );
    let saving = journal.saving();
    journal.finish(CallEnd::default()).unwrap();
    assert_eq!((saving.state().saved, saving.state().lost), (told.len() as u64, 0));
    let store = Store::open(&kept.home()).unwrap();
    assert_eq!(store.events(ID).unwrap(), told);

    // The lines are those that a replay writes while it goes on.
    let exported = store.export_events(ID, &CallFolder::create(&kept.folder()).unwrap()).unwrap();
    let line =
        |(seq, (at, event)): (u64, &(SampleTime, Event))| keicho::wire::encode_event_line(seq, *at, event) + "\n";
    let lines: String = (1..).zip(&told).map(line).collect();
    assert_eq!(std::fs::read_to_string(exported).unwrap(), lines);

    let Ran(status, json, _) = kept.keicho(&["summary", ID, "--format", "json"]);
    assert_eq!((status, json), (Some(0), summary_of(&told)));
    let Ran(_, markdown, _) = kept.keicho(&["summary"]);
    assert!(markdown.starts_with("# "), "{markdown}");
    let Ran(_, page, _) = kept.keicho(&["summary", "--format", "html"]);
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("Satonaka"), "{page}");
}

#[test]
fn whoever_looks_back_sees_nothing_that_is_older_than_the_retention() {
    for words in [&["summary", "2025-11-03T10-00-00"][..], &["history"], &["summary", "--format", "json"]] {
        let kept = Kept::new();
        let mut old = kept.begin_at("2025-11-03");
        play(&mut old);
        old.finish(CallEnd { check_in: CheckIn::new(4, "needle in a haystack"), ..CallEnd::default() }).unwrap();
        assert_eq!(kept.keicho(words).0, Some(0), "{words:?}");
        let Ran(status, shown, _) = kept.keicho_keeping(90, words);
        assert!(status == Some(1) || !shown.contains("2025"), "{words:?} {status:?} {shown}");
        for file in ["keicho.db", "keicho.db-wal"] {
            let left = std::fs::read(kept.home().path().join(file)).unwrap_or_default();
            assert!(!left.windows(6).any(|bytes| bytes == b"needle"), "{file}");
        }
    }
}

/// Set for the process that is to be killed: where its data is.
const VICTIM: &str = "KEICHO_TEST_VICTIM";

/// When I begin to say what is never said to its end.
const BEGUN_MS: u64 = 1_200;

/// Says up to where the call was heard.
struct Heard;

impl Sink for Heard {
    fn emit(&mut self, _: SampleTime, _: Event) {}

    fn erase(&mut self, _: SampleTime) {}

    #[expect(clippy::print_stdout, reason = "this is how the other process hears of it")]
    fn emit_snapshot(&mut self, snapshot: &Snapshot) {
        println!("\nheard {}", snapshot.now.as_ms());
    }
}

fn be_the_victim(data: &Path) -> ! {
    let line = |track, start, end| TrackCue { track, span: Span::from_ms(start, end), text: String::new() };
    let lines = [line(Track::Them, 200, 1_000), line(Track::Me, BEGUN_MS, 60_000)];
    let mut journal = begin(&DataDir::new(data), &data.join("calls").join(ID));
    let mut session = Session::new(&SessionSetup::default(), Box::new(NoText::default()));
    let sink = &mut Tee(&mut journal, &mut Heard);
    let never = AtomicBool::new(false);
    drive(&mut TranscriptSource::new(&lines), &mut session, &mut RealTime::start(), &never, sink).unwrap();
    unreachable!("it is killed long before")
}

#[test]
fn a_call_that_is_killed_amid_a_turn_holds_all_but_its_last_second() {
    if let Some(data) = std::env::var_os(VICTIM) {
        be_the_victim(Path::new(&data));
    }
    let kept = Kept::new();
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kept::a_call_that_is_killed_amid_a_turn_holds_all_but_its_last_second", "--nocapture"])
        .env(VICTIM, kept.home().path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    let heard = lines.filter_map(|line| line.unwrap().strip_prefix("heard ")?.parse::<u64>().ok());
    let heard = heard.into_iter().find(|until| *until >= BEGUN_MS + 2_000).expect("it ended by itself");
    victim.kill().unwrap();
    victim.wait().unwrap();

    let Ran(status, json, note) = kept.keicho(&["summary", "--format", "json"]);
    assert_eq!(status, Some(0), "{note}");
    let summary: Value = serde_json::from_str(&json).unwrap();
    let turn = summary["turns"].as_array().unwrap().last().unwrap();
    assert_eq!((&turn["track"], &turn["start_ms"]), (&Value::from("me"), &Value::from(BEGUN_MS)));
    let end = turn["end_ms"].as_u64().unwrap();
    assert!(end + 1_000 >= heard, "heard until {heard}, told until {end}");
    assert_eq!(summary["speech"]["me"], serde_json::json!([[BEGUN_MS, end]]));
    assert_eq!(summary["talk"]["me"]["speech_ms"], end - BEGUN_MS);
    assert_eq!(summary["talk"]["them"]["speech_ms"], 800);
    assert!(summary["call"]["duration_ms"].as_u64().unwrap() >= end);
    // How the sound was is known from a call's end alone.
    for track in ["me", "them"] {
        assert_eq!(summary["sound"][track]["clipped_ms"], Value::Null);
    }
    let Ran(_, page, _) = kept.keicho(&["summary", "--format", "html"]);
    assert!(page.contains("not measured"), "{page}");
}

#[test]
fn a_call_that_was_cut_off_is_summed_up_from_what_was_heard() {
    let kept = Kept::new();
    let mut journal = kept.begin();
    // As if the process had been killed after a minute: nobody tells the journal that it ends. One that is stopped there
    // tells all.
    let mut source = sample::source();
    let mut session = Session::new(&SessionSetup::default(), Box::new(NoText::default()));
    let mut told: Vec<(SampleTime, Event)> = Vec::new();
    while let Some(block) = source.next().unwrap().filter(|block| block.start < SampleTime::from_ms(60_000)) {
        session.step(block, &mut Tee(&mut journal, &mut told));
    }
    journal.emit_snapshot(&session.snapshot());
    drop(journal);
    session.finish(&mut told);

    let Ran(status, json, note) = kept.keicho(&["summary", "--format", "json"]);
    assert_eq!(status, Some(0), "{note}");
    assert!(note.starts_with(&format!("keicho: {ID} was cut off at 1:00.0")), "{note}");
    let summary: Value = serde_json::from_str(&json).unwrap();
    let stopped: Value = serde_json::from_str(&summary_of(&told)).unwrap();
    for figure in ["interruptions", "backchannels", "silences", "long_overlaps", "transfers", "call", "echo", "nudges"]
    {
        assert_eq!(summary[figure], stopped[figure], "{figure}");
    }
    let count = |of: &Value| of["turns"].as_array().unwrap().len();
    assert_eq!(count(&summary), count(&stopped));
    for track in ["me", "them"] {
        // The detector's last word comes with a call's end alone.
        let talk = |of: &Value| of["talk"][track]["speech_ms"].as_u64().unwrap();
        assert!(talk(&stopped) - talk(&summary) <= 200, "{track}: {} and {}", talk(&summary), talk(&stopped));
    }
    let store = Store::open(&kept.home()).unwrap();
    let call = store.call(None).unwrap();
    assert_eq!(call.state, CallState::Ended { cut_off: true });
    assert_eq!(call.figures.unwrap().share, summary["talk"]["me"]["share"].as_f64());
    for name in ["events.jsonl", "summary.json", "summary.md", "summary.html"] {
        assert!(kept.folder().join(name).exists(), "{name}");
    }
    let Ran(_, again, note) = kept.keicho(&["summary", "--format", "json"]);
    assert_eq!((again, note), (json, String::new()), "it is over now");
}

#[test]
fn forget_leaves_no_trace() {
    let kept = Kept::new();
    let mut journal = kept.begin();
    play(&mut journal);
    drop(journal);
    kept.keicho(&["summary"]);
    assert!(traces(kept.0.path(), "Satonaka").len() >= 4, "{:?}", traces(kept.0.path(), "Satonaka"));

    let Ran(status, _, complaint) = kept.keicho(&["forget", "Nakasato"]);
    let nobody = "keicho: there is no Nakasato here. `keicho history` lists who is\n";
    assert_eq!((status, complaint.as_str()), (Some(1), nobody));
    let Ran(status, said, _) = kept.keicho(&["forget", "Satonaka"]);
    let not_searched = "not searched: copies and shared summaries that you put elsewhere, and the folders of replays\n";
    let of_others = "not searched: what is kept of calls with others, whose words, agenda, notes and check-ins may name \
                     Satonaka too; `keicho forget --call ID` forgets one\n";
    assert_eq!((status, said), (Some(0), format!("forgotten: 1 person, 1 call\n{of_others}{not_searched}")));
    assert_eq!(traces(kept.0.path(), "Satonaka"), [""; 0]);
    assert_eq!(traces(kept.0.path(), ID), [""; 0]);

    for wrong in [&["forget"][..], &["forget", "Sato", "--all"], &["forget", "--call", "1", "--all"]] {
        assert_eq!(kept.keicho(wrong).0, Some(2), "{wrong:?}");
    }
    let waits = Store::open(&kept.home()).unwrap();
    let Ran(status, _, complaint) = kept.keicho(&["forget", "--all"]);
    let open = "keicho: another Keicho is open; close it, then run this again\n";
    assert_eq!((status, complaint.as_str()), (Some(1), open));
    drop(waits);
    let Ran(status, said, _) = kept.keicho(&["forget", "--all"]);
    assert_eq!((status, said), (Some(0), format!("forgotten: 0 calls\n{not_searched}")));
    assert_eq!(std::fs::read_dir(kept.0.path().join("data")).unwrap().count(), 0);
}

/// Calls on the days before, that ended with this share each.
fn held(kept: &Kept, days: &[(&str, f64)]) {
    for (day, share) in days {
        let figures = Figures { share: Some(*share), longest_turn_ms: Some(90_000), ..Figures::default() };
        let agenda = vec![("Budget".to_owned(), ItemState::Open)];
        kept.begin_at(day)
            .finish(CallEnd { figures, agenda, check_in: CheckIn::new(4, "slept well"), ..CallEnd::default() })
            .unwrap();
    }
}

#[test]
fn my_own_five_calls_before_stand_beside_one_that_is_past_and_one_that_was_cut_off() {
    let kept = Kept::new();
    let days = [("2026-10-01", 0.11), ("2026-10-02", 0.62), ("2026-10-03", 0.63), ("2026-10-04", 0.64)];
    held(&kept, &days);
    held(&kept, &[("2026-10-05", 0.65), ("2026-10-06", 0.66)]);
    let cut = kept.begin();
    drop(cut);
    held(&kept, &[("2026-11-04", 0.99)]);
    // Cut off: ended by the program, its page written beside the five before it and nothing that came after.
    let Ran(status, page, note) = kept.keicho(&["summary", ID, "--format", "html"]);
    assert_eq!(status, Some(0), "{note}");
    let beside = |page: &str| -> Vec<u32> {
        let from = page.find("class=\"before\"").unwrap_or_else(|| panic!("no look back: {page}"));
        let table = &page[from..from + page[from..].find("</table>").unwrap()];
        table.split("<td>").filter_map(|cell| cell.split('%').next()?.parse().ok()).collect()
    };
    assert_eq!(beside(&page), [62, 63, 64, 65, 66]);
    assert_eq!(beside(&std::fs::read_to_string(kept.folder().join("summary.html")).unwrap()), [62, 63, 64, 65, 66]);
    // Past: made again from its events.
    let Ran(_, page, _) = kept.keicho(&["summary", "2026-10-04T10-00-00", "--format", "html"]);
    assert_eq!(beside(&page)[..3], [11, 62, 63]);
}

#[test]
fn the_history_is_a_table_a_page_or_json() {
    let kept = Kept::new();
    held(&kept, &[("2026-10-01", 0.61), ("2026-10-02", 0.42)]);
    let Ran(status, table, _) = kept.keicho(&["history"]);
    assert_eq!(status, Some(0));
    assert!(table.lines().nth(1).unwrap().starts_with("2026-10-02T10-00-00  Satonaka  42%"), "{table}");
    assert_eq!(kept.keicho(&["history", "--format", "table"]).1, table);
    let Ran(_, table, _) = kept.keicho(&["history", "--with", "Satonaka"]);
    assert!(table.starts_with("Last: ") && table.contains("Fri 2 Oct 2026 4 slept well"), "{table}");
    let Ran(_, page, _) = kept.keicho(&["history", "--format", "html"]);
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("You did 42% of the talking"), "{page}");
    let Ran(_, json, _) = kept.keicho(&["history", "--with", "Satonaka", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["schema"], &json["calls"][0]["share"]), (&Value::from("keicho.history/1"), &Value::from(0.42)));
    assert_eq!(json["people"][0]["open_items"][0]["text"], "Budget");
    let nobody = "keicho: there is no Mori here. `keicho history` lists who is\n";
    let Ran(status, _, complaint) = kept.keicho(&["history", "--with", "Mori"]);
    assert_eq!((status, complaint.as_str()), (Some(1), nobody));
    assert_eq!(kept.keicho(&["history", "--open", "--format", "json"]).0, Some(2));
}

#[cfg(unix)]
#[test]
fn the_history_s_file_is_private_leads_to_summaries_and_goes_with_whoever_is_forgotten() {
    use std::os::unix::fs::PermissionsExt as _;
    let kept = Kept::new();
    held(&kept, &[("2026-10-01", 0.61), ("2026-10-02", 0.42)]);
    kept.keicho(&["summary", "2026-10-02T10-00-00", "--mirror"]);
    std::fs::write(kept.folder().with_file_name("2026-10-02T10-00-00").join("summary.html"), "a summary").unwrap();
    // Where no browser is found the file is there all the same, and the complaint says where.
    let mut command = Command::new(PROGRAM);
    command.args(["history", "--open"]).env("KEICHO_DATA", kept.0.path().join("data")).env("PATH", "/nowhere");
    command.env("KEICHO_CONFIG", kept.0.path().join("config.toml"));
    let output = command.env("LC_ALL", "C").env_remove("DISPLAY").output().unwrap();
    let file = kept.0.path().join("data/history.html");
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(complaint.contains(&format!("open {}", file.display())), "{complaint}");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let page = std::fs::read_to_string(&file).unwrap();
    assert_eq!(page.matches("<a href=\"calls/2026-10-02T10-00-00/summary.html\">").count(), 2, "{page}");
    assert!(!page.contains("calls/2026-10-01"), "there is no summary to lead to");
    let Ran(_, said, _) = kept.keicho(&["forget", "--call", "2026-10-01T10-00-00"]);
    assert!(!file.exists(), "what is forgotten could stand in it");
    let removed = "forgotten: 1 call\nremoved: 1 summary.html of a later call, which may have shown figures of what is \
                   forgotten; `keicho summary ID --open` makes one again\n";
    assert!(said.starts_with(removed), "{said}");
}
