//! What is off the record is nowhere: not in the figures, not in the files, not in what the page is told.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::support::doubles::record::replayed_call;
use keicho::agenda::{Agenda, CheckIn};
use keicho::asr::FromTranscript;
use keicho::audio::{Block, Track};
use keicho::language::Language;
use keicho::nudges::Mode;
use keicho::records::{CallRecord, Origin};
use keicho::report::summary::Summary;
use keicho::session::{
    Command, CommandRequest, Controls, Event, Pacer, Session, SessionSetup, Sink, Snapshot, Tee, drive,
};
use keicho::source::transcript::{TrackCue, TranscriptSource};
use keicho::source::{Source, SourceError};
use keicho::store::CallFolder;
use keicho::time::{SampleTime, Samples, Span};
use keicho::wire;
use proptest::prelude::*;
use serde_json::Value;

/// Commands at their moments of the call, by the pace that tells the time.
#[derive(Clone, Default)]
struct Asked {
    now: Rc<Cell<SampleTime>>,
    commands: Rc<RefCell<Vec<(u64, Command)>>>,
}

impl Asked {
    fn of(commands: Vec<(u64, Command)>) -> Self {
        Self { commands: Rc::new(RefCell::new(commands)), ..Self::default() }
    }
}

impl Pacer for Asked {
    fn wait_until(&mut self, at: SampleTime) {
        self.now.set(at);
    }
}

impl Controls for Asked {
    fn stopped(&self) -> bool {
        false
    }

    fn next_request(&self) -> Option<CommandRequest> {
        let mut commands = self.commands.borrow_mut();
        let due = commands.first().is_some_and(|(at, _)| SampleTime::from_ms(*at) < self.now.get());
        due.then(|| CommandRequest::new(commands.remove(0).1, |answer| answer.unwrap()))
    }
}

/// All that a page is told: messages that are sent, and a client that comes later is sent what is left.
#[derive(Default)]
struct Page {
    epoch: u64,
    log: Vec<(SampleTime, String)>,
    snapshots: Vec<String>,
}

impl Sink for Page {
    fn emit(&mut self, at: SampleTime, event: Event) {
        self.log.push((at, wire::encode_event_message(self.epoch, self.log.len() as u64 + 1, at, &event)));
    }

    fn erase(&mut self, from: SampleTime) {
        self.epoch += 1;
        self.log.erase_from(from);
        self.snapshots.clear();
    }

    fn emit_snapshot(&mut self, snapshot: &Snapshot) {
        let frame = wire::CallSettings { origin: Origin::Live, mode: Mode::Listening, target: 0.3, demo_timing: false };
        self.snapshots.push(wire::encode_snapshot(&frame, self.epoch, self.log.len() as u64, None, snapshot));
    }
}

trait EraseFrom {
    fn erase_from(&mut self, from: SampleTime);
}

impl EraseFrom for Vec<(SampleTime, String)> {
    fn erase_from(&mut self, from: SampleTime) {
        self.retain(|(at, _)| *at <= from);
    }
}

/// A source of which a stretch was lost.
struct Losing<S> {
    source: S,
    lost: Span,
}

impl<S: Source> Source for Losing<S> {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        let mut block = self.source.next()?;
        if let Some(block) = block.as_mut().filter(|block| self.lost.contains(block.start)) {
            (block.lost.me, block.lost.them) = (true, true);
        }
        Ok(block)
    }
}

fn line(track: Track, start: u64, end: u64, text: &str) -> TrackCue {
    TrackCue { track, span: Span::from_ms(start, end), text: text.to_owned() }
}

fn info() -> CallRecord {
    CallRecord { origin: Origin::Live, language: Some(Language::Ja), ..replayed_call() }
}

fn off_record(last_s: u64, next_s: u64) -> Command {
    Command::OffRecord { last: Samples::from_secs(last_s), next: Samples::from_secs(next_s) }
}

/// Needles that are said, asked for and answered in the stretch, and before and after it.
#[test]
fn no_needle_of_the_stretch_is_in_a_file_or_in_what_the_page_is_told() {
    let lines = [
        line(Track::Me, 1_000, 5_000, "いちばんはじめの話です"),
        line(Track::Them, 6_000, 15_000, "アオサギの話をしました"),
        line(Track::Them, 61_000, 64_000, "ヤマネコの話なんですけど"),
        line(Track::Me, 65_000, 69_000, "ヤマネコですか、それはヤマネコでしょうか？"),
        line(Track::Them, 84_000, 88_000, "テンジクネズミもいて"),
        line(Track::Me, 95_000, 99_000, "ハシビロコウに戻ります"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let folder = CallFolder::create(folder.path()).unwrap();
    let mut file = folder.create_events_file().unwrap();
    let (mut journal, mut page) = (Vec::new(), Page::default());
    let setup = SessionSetup {
        keep_words: true,
        agenda: Agenda::new(["ヤマネコとアオサギ"]).unwrap(),
        ..SessionSetup::default()
    };
    let mut session = Session::new(&setup, Box::new(FromTranscript::new(&lines, Some(Language::Ja))));
    let mut asked = Asked::of(vec![
        (66_000, Command::AddItem("カモノハシ".to_owned())),
        (67_000, Command::CheckIn(CheckIn::new(1, "ツチノコ").unwrap())),
        (80_000, off_record(20, 10)),
    ]);
    let controls = asked.clone();
    {
        let mut two = Tee(&mut file, &mut journal);
        let mut sinks = Tee(&mut two, &mut page);
        drive(&mut TranscriptSource::new(&lines), &mut session, &mut asked, &controls, &mut sinks).unwrap();
    }
    let events = file.finish().unwrap();
    let summary = Summary::from_journal(&info(), &journal, Language::Ja);
    folder.write("summary.json", summary.json().unwrap().as_bytes()).unwrap();
    folder.write("summary.md", summary.markdown(Language::Ja).as_bytes()).unwrap();
    folder.write("summary.html", summary.page(Language::Ja).as_bytes()).unwrap();
    let mut texts: Vec<(String, String)> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap()))
        .collect();
    assert_eq!(texts.len(), 4);
    texts.extend(page.log.iter().map(|(_, message)| ("message".to_owned(), message.clone())));
    texts.extend(page.snapshots.iter().map(|message| ("snapshot".to_owned(), message.clone())));
    texts.push(("memory".to_owned(), format!("{journal:?}")));
    for (what, text) in &texts {
        for needle in ["テンジクネズミ", "カモノハシ", "ツチノコ", "でしょうか", "なんですけど"]
        {
            assert!(!text.contains(needle), "{needle} is in {what}: {text}");
        }
    }
    let written = std::fs::read_to_string(events).unwrap();
    for kept in ["いちばんはじめ", "アオサギの話", "ハシビロコウ"] {
        assert!(written.contains(kept), "{kept} is on the record");
        assert!(texts.iter().any(|(what, text)| what == "message" && text.contains(kept)));
    }
    assert_eq!(page.epoch, 1);
    let json: Value = serde_json::from_str(&summary.json().unwrap()).unwrap();
    let stretch = &json["off_record"][0];
    assert_eq!((json["check_in"].is_null(), &stretch["end_ms"]), (true, &Value::from(90_000)));
    let length = 90_000 - stretch["start_ms"].as_u64().unwrap();
    assert_eq!(json["coverage"]["me"]["captured_ms"].as_u64().unwrap() + length, 99_000);
    assert_eq!(json["coverage"]["me"]["lost_ms"], 0);
}

/// What a call comes to in which this was asked for.
fn summed_up(lines: &[TrackCue], commands: Vec<(u64, Command)>) -> Value {
    let mut journal: Vec<(SampleTime, Event)> = Vec::new();
    let mut asked = Asked::of(commands);
    let controls = asked.clone();
    let mut session = Session::new(&SessionSetup::default(), Box::new(FromTranscript::new(lines, Some(Language::Ja))));
    drive(&mut TranscriptSource::new(lines), &mut session, &mut asked, &controls, &mut journal).unwrap();
    serde_json::to_value(Summary::from_journal(&info(), &journal, Language::Ja)).unwrap()
}

#[test]
fn what_is_waited_through_a_pause_is_no_wait() {
    let round = |at: u64| {
        let question = line(Track::Me, at + 1_000, at + 5_000, "最近どうですか？");
        [question, line(Track::Them, at + 7_500, at + 15_000, "仕事には慣れてきたと思います")]
    };
    let lines: Vec<TrackCue> = (0..6).flat_map(|i| round(i * 17_000)).collect();
    let pause = |at: u64| [(at, Command::Pause), (at + 500, Command::Resume)];
    let waits = |summary: &Value| -> Vec<Value> {
        summary["questions"].as_array().unwrap().iter().map(|one| one["wait_ms"].clone()).collect()
    };
    let whole = summed_up(&lines, Vec::new());
    assert_eq!(waits(&whole), vec![Value::from(2_500); 6]);
    // They end, and 3.0 s later I ask again: five times.
    assert_eq!(whole["patience_ms"]["count"], 5);

    let paused = summed_up(&lines, [pause(6_000), pause(33_000)].concat());
    assert_eq!(waits(&paused), [&[Value::Null][..], &vec![Value::from(2_500); 5]].concat());
    assert_eq!(paused["questions"][0]["answer_ms"], Value::Null);
    assert_eq!(paused["transfers"].as_array().unwrap().len(), 4);
    assert_eq!(paused["patience_ms"], Value::Null, "four are too few");
}

/// What the summary says of two calls is the same, but for what tells them apart.
fn same_figures(erased: &[(SampleTime, Event)], lost: &[(SampleTime, Event)]) -> Result<(), TestCaseError> {
    let figures = |journal: &[(SampleTime, Event)]| {
        let mut json = serde_json::to_value(Summary::from_journal(&info(), journal, Language::Ja)).unwrap();
        let fields = json.as_object_mut().unwrap();
        // A lost device is worth a nudge, what is not to be heard is not.
        for apart in ["off_record", "lost", "confidence", "switches_per_min", "nudges"] {
            fields.remove(apart);
        }
        for (whole, part) in [("coverage", "me"), ("coverage", "them"), ("talk", "silence_ms")] {
            fields[whole].as_object_mut().unwrap().remove(part);
        }
        json
    };
    prop_assert_eq!(figures(erased), figures(lost));
    Ok(())
}

const SAID: [&str; 5] =
    ["はい", "うんうん、なるほど", "いや、それは違うと思います", "最近どうですか？", "えーと、そうですね、まあ"];

/// One side's lines: gap, length and text of each.
fn side() -> impl Strategy<Value = Vec<(u64, u64, usize)>> {
    let gap = prop_oneof![5_u64..60, 60_u64..150, 150_u64..900];
    let run = prop_oneof![4_u64..30, 20_u64..110, 80_u64..800];
    proptest::collection::vec((gap, run, 0..SAID.len()), 0..14)
}

fn lines(me: &[(u64, u64, usize)], them: &[(u64, u64, usize)]) -> Vec<TrackCue> {
    let mut lines = Vec::new();
    for (track, side) in [(Track::Me, me), (Track::Them, them)] {
        let mut now = 0;
        for (gap, run, text) in side {
            lines.push(line(track, (now + gap) * 10, (now + gap + run) * 10, SAID[*text]));
            now += gap + run;
        }
    }
    lines.sort_by_key(|line| line.span.start);
    lines
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn figures_are_those_of_a_call_in_which_the_stretch_was_lost_from_the_start(
        me in side(),
        them in side(),
        at in 0_u64..60_000,
        last in 0_u64..40,
        next in 0_u64..20,
    ) {
        let lines = lines(&me, &them);
        prop_assume!(!lines.is_empty());
        let mut erased: Vec<(SampleTime, Event)> = Vec::new();
        let mut asked = Asked::of(vec![(at, off_record(last, next))]);
        let controls = asked.clone();
        let mut session = Session::new(&SessionSetup::default(), Box::new(FromTranscript::new(&lines, Some(Language::Ja))));
        drive(&mut TranscriptSource::new(&lines), &mut session, &mut asked, &controls, &mut erased).unwrap();
        let stretch = erased.iter().find_map(|(_, event)| match event {
            Event::OffRecord { span } => Some(*span),
            _ => None,
        });
        let stretch = stretch.unwrap_or_default();
        let mut left = lines.clone();
        left.retain(|line| line.span.intersection(stretch).is_empty());
        let mut source = Losing { source: TranscriptSource::new(&lines), lost: stretch };
        let mut lost: Vec<(SampleTime, Event)> = Vec::new();
        let mut session = Session::new(&SessionSetup::default(), Box::new(FromTranscript::new(&left, Some(Language::Ja))));
        drive(&mut source, &mut session, &mut Asked::default(), &Asked::default(), &mut lost).unwrap();
        same_figures(&erased, &lost)?;
        let told = |journal: &[(SampleTime, Event)]| -> Vec<(SampleTime, Event)> {
            let of = |event: &Event| !matches!(event, Event::OffRecord { .. } | Event::Lost { .. } | Event::Nudge(_) | Event::NudgeWithdrawn(_));
            journal.iter().filter(|(_, event)| of(event)).cloned().collect()
        };
        prop_assert_eq!(told(&erased), told(&lost), "and told at the same times");
    }
}
