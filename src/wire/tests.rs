use serde_json::{Value, json};

use super::*;
use crate::agenda::{Action, Item, ItemState, Note};
use crate::asr::{Heard, Missed, TranscriberStatus, Transcription};
use crate::audio::PerTrack;
use crate::dynamics::shape::Shape;
use crate::dynamics::transfer::Patience;
use crate::dynamics::waits::WaitStats;
use crate::dynamics::{Counts, SpeechFigures};
use crate::health::{HealthEvent, SoundReport};
use crate::i18n::Bilingual;
use crate::language::{self, Language};
use crate::nudges::{ActionableTrouble, CutIn, Fillers, Nudge, NudgeKind, NudgeReason, Regrabs, StopReason};
use crate::prepare::{self, EchoCheck, TrackLevel};
use crate::records::Origin;
use crate::session::{
    Aim, HeldVowel, Latency, LatencyHistogram, LookAnswer, MuteReason, NudgePreferences, SessionPhase, Snapshot,
    TranscriberSnapshot,
};
use crate::source::Notice;
use crate::time::Span;
use crate::turns::{Onset, Outcome, TurnEvent};
pub(crate) use crate::wire::journal_format::tests::every_kind;
use crate::wire::snapshot::TextMessage;

fn shown(event: Event) -> String {
    encode_event_line(7, SampleTime::from_ms(12_340), &event)
}

fn call() -> Snapshot {
    Snapshot {
        now: SampleTime::from_ms(123_450),
        phase: SessionPhase::OffRecord,
        muted: true,
        muted_by: Some(MuteReason::SoundServer),
        off_record: Some(Span::from_ms(60_000, 243_450)),
        off_record_undo: None,
        not_heard: Samples::from_ms(63_450),
        speaking: PerTrack { me: true, them: false },
        open_run: PerTrack { me: Some(Span::from_ms(121_000, 123_400)), them: None },
        floor: Floor::Held(Track::Me),
        silence: Samples::ZERO,
        good_wait: false,
        call_share: Some(0.619_94),
        recent_share: None,
        recent: Samples::from_secs(300),
        talk: PerTrack { me: Samples::from_ms(70_000), them: Samples::from_ms(43_000) },
        monologue: Samples::from_ms(15_200),
        longest_turn: Samples::from_ms(61_700),
        onset: Some(Onset { by: Track::Them, at: SampleTime::from_ms(123_100) }),
        counts: Counts {
            successful: PerTrack { me: 1, them: 0 },
            backchannels: PerTrack { me: 3, them: 5 },
            silences: 2,
            switches: 9,
            ..Counts::default()
        },
        tally: SpeechFigures {
            pace: PerTrack { me: Some(1.207), them: None },
            waits: PerTrack {
                me: Some(WaitStats { count: 3, median: Samples::from_ms(1_200), last: Samples::from_ms(4_100) }),
                them: None,
            },
            ..SpeechFigures::default()
        },
        patience: Some(Patience { median: Samples::from_ms(640), p90: Samples::from_ms(1_900), count: 7 }),
        shape: Some(Shape::BackAndForth),
        nudge: Some(Nudge {
            why: NudgeReason::Monologue { tier: Samples::from_secs(60), length: Samples::from_ms(61_200) },
            at: SampleTime::from_ms(120_000),
        }),
        icebreaker: Samples::from_ms(4_000),
        nudge_preferences: NudgePreferences {
            snoozed_until: Some(SampleTime::from_ms(300_000)),
            muted_kinds: vec![NudgeKind::Share, NudgeKind::Monologue],
        },
        stopped: Some(StopReason::OffRecord),
        agenda: vec![
            Item { id: 1, text: "来期の目標".to_owned(), state: ItemState::Done, offered: false },
            Item { id: 2, text: "Promotion".to_owned(), state: ItemState::Open, offered: true },
        ],
        notes: vec![
            Note {
                id: 1,
                at: SampleTime::ZERO,
                text: "資料を送る".to_owned(),
                action: Some(Action { owner: Track::Me, state: ItemState::Open }),
                carried: true,
            },
            Note { id: 2, at: SampleTime::from_ms(61_000), text: "On leave".to_owned(), action: None, carried: false },
        ],
        check_in: CheckIn::new(4, "まあまあ"),
        stuck: true,
        losing_since: PerTrack::default(),
        lost: PerTrack { me: Samples::ZERO, them: Samples::from_ms(40) },
        leak: Leak {
            detected: true,
            level_db: Some(-15.04),
            delay_ms: Some(45),
            rejected: Samples::from_ms(900),
            rebuilt: 0,
        },
        troubles: vec![Trouble::Choppy, Trouble::Clipping(Track::Me), Trouble::SameSound],
        transcriber: TranscriberSnapshot {
            status: TranscriberStatus::Ready,
            backlog: Samples::from_ms(3_200),
            coverage: Some(0.987_65),
        },
    }
}

/// An utterance of a second and a half, in which this was understood.
pub(crate) fn heard(text: &str) -> Heard {
    let reading = language::analyze(text, Language::Ja);
    let said =
        Transcription { text: text.to_owned(), language: Language::Ja, reading, written: false, doubtful: false };
    Heard { track: Track::Me, runs: vec![Span::from_ms(10_000, 11_500)], transcription: Ok(Some(said)) }
}

#[test]
fn a_snapshot() {
    let frame = CallSettings { origin: Origin::Demo, mode: Mode::Listening, target: 0.3, demo_timing: true };
    let message: Value = serde_json::from_str(&encode_snapshot(&frame, 1, 41, None, &call())).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&message).unwrap());
}

#[test]
fn the_status_tells_a_nudge_in_the_words_of_the_page() {
    let settings = CallSettings { origin: Origin::Live, mode: Mode::Listening, target: 0.3, demo_timing: false };
    let call = call();
    let told = CallStatus::new(&settings, Some(&call), None).nudge.unwrap();
    let words = call.nudge.unwrap().why.words();
    assert_eq!((told.ja.as_str(), told.en.as_str()), (words.ja, words.en));
}

#[test]
fn a_snapshot_of_the_end_names_the_summary() {
    let frame = CallSettings { origin: Origin::Live, mode: Mode::Feedback, target: 0.5, demo_timing: false };
    let ended = Snapshot { phase: SessionPhase::Ended, nudge: None, ..call() };
    let message: Value =
        serde_json::from_str(&encode_snapshot(&frame, 1, 41, Some("/calls/1/summary.html"), &ended)).unwrap();
    assert_eq!(message["state"], "ended");
    assert_eq!(message["summary"], "/calls/1/summary.html");
    assert_eq!(message["band"]["high"], 0.5);
    assert_eq!(message["nudge"], Value::Null);
}

#[test]
fn a_snapshot_shows_nothing_that_needs_ends_if_they_are_guessed() {
    let message = |origin| -> Value {
        let frame = CallSettings { origin, mode: Mode::Listening, target: 0.3, demo_timing: false };
        serde_json::from_str(&encode_snapshot(&frame, 1, 41, None, &call())).unwrap()
    };
    let (stated, guessed) = (message(Origin::Transcript), message(Origin::TranscriptStarts));
    for count in ["interruptions", "successful", "terminal_overlaps", "long_overlaps", "backchannels", "silences"] {
        assert!(!stated["counts"][count].is_null() && guessed["counts"][count].is_null(), "{count}");
    }
    for count in ["pauses", "regrabs"] {
        assert!(!stated["counts"][count].is_null() && guessed["counts"][count].is_null(), "{count}");
    }
    assert_eq!((&guessed["onset"], &guessed["patience_ms"]), (&Value::Null, &Value::Null));
    assert_eq!((&guessed["silence_ms"], &guessed["waiting"]), (&Value::from(0), &Value::from(false)));
    assert_eq!((&guessed["waits"]["count"], &guessed["pace"]["me"]), (&Value::from(0), &Value::Null));
    for figure in ["share", "talk_ms", "longest_turn_ms", "shape", "floor"] {
        assert_eq!(guessed[figure], stated[figure], "{figure}");
    }
}

#[test]
fn every_kind_of_event_has_a_line() {
    let span = Span::from_ms(10_000, 11_500);
    let (track, by, at) = (Track::Me, Track::Them, SampleTime::from_ms(10_000));
    let overlap = Samples::from_ms(640);
    let leak = Leak {
        detected: true,
        level_db: Some(-14.96),
        delay_ms: Some(45),
        rejected: Samples::from_ms(2_600),
        rebuilt: 0,
    };
    let nudge = |why| Event::Nudge(Nudge { why, at });
    let events = [
        Event::Turn(TurnEvent::Run { track, span }),
        Event::Turn(TurnEvent::Floor { holder: Floor::Free, at }),
        Event::Turn(TurnEvent::Backchannel { by, span }),
        Event::Turn(TurnEvent::Turn { track, span }),
        Event::Turn(TurnEvent::Interruption { by, at, overlap, outcome: Outcome::Failed }),
        Event::Turn(TurnEvent::TerminalOverlap { by, at, overlap }),
        Event::Turn(TurnEvent::Silence { span, after: track, broken_by: by }),
        Event::Turn(TurnEvent::Monologue { track, span }),
        Event::Withdrawn(TurnEvent::Run { track, span }),
        Event::OthersSpeech { track, spans: vec![span, Span::from_ms(12_000, 12_400)] },
        Event::Nudge(Nudge { why: NudgeReason::Share { recent: 0.61, call: 0.55, target: 0.3 }, at }),
        Event::NudgeWithdrawn(NudgeKind::Monologue),
        nudge(NudgeReason::CutIn(CutIn { at, overlap })),
        nudge(NudgeReason::Listening { talk: Samples::from_ms(61_500) }),
        nudge(NudgeReason::Regrab(Regrabs { count: 2, wait: Samples::from_ms(1_700) })),
        nudge(NudgeReason::ClosedRun { count: 3 }),
        nudge(NudgeReason::Pace { relative: 1.234_56 }),
        nudge(NudgeReason::Fillers(Fillers { count: 4, talk: Samples::from_ms(18_000) })),
        nudge(NudgeReason::Audio(ActionableTrouble::Choppy)),
        nudge(NudgeReason::Audio(ActionableTrouble::Echo)),
        nudge(NudgeReason::Audio(ActionableTrouble::Lost(Track::Me))),
        Event::Heard(heard("えーと、どう思いますか？")),
        Event::Heard(heard("えーと、どう思いますか？").without_words()),
        Event::Heard(Heard { transcription: Ok(None), ..heard("") }),
        Event::Heard(Heard { transcription: Err(Missed::Behind), ..heard("") }),
        Event::Leak(leak),
        Event::Lost { track, span },
        Event::Notice(Notice::CutShort { path: "call.wav".into(), at }),
        Event::Notice(Notice::SameChannels { path: "call.wav".into() }),
        Event::Notice(Notice::DeviceGone { track, device: "Headset".to_owned() }),
        Event::Notice(Notice::DeviceBack { track, device: "Headset".to_owned() }),
        Event::Ended { leak, sound: SoundReport::default() },
        Event::Health(HealthEvent::Began { trouble: Trouble::Dead(Track::Them), at: SampleTime::from_ms(2_000) }),
        Event::Health(HealthEvent::Ended { trouble: Trouble::CallOver, span: Span::from_ms(2_000, 9_000) }),
        Event::FilledPause {
            track: Track::Them,
            pause: HeldVowel { span: Span::from_ms(1_000, 1_620), f0_hz: 182.34, f0_spread: 0.42, change: 1.27 },
        },
        Event::Paused,
        Event::Resumed,
        Event::Muted,
        Event::Unmuted,
        Event::OffRecord { span },
        Event::NudgeDismissed(NudgeKind::Share),
        Event::KindMuted(NudgeKind::Monologue),
        Event::KindUnmuted(NudgeKind::Monologue),
        Event::Snoozed { until: at },
        Event::Agenda { id: 2, text: "来期の目標".to_owned(), state: ItemState::Dropped },
        Event::CheckIn(CheckIn::new(3, "眠い").unwrap()),
        Event::Stuck,
        Event::LookTogether(LookAnswer::Later),
        Event::Note(Note {
            id: 3,
            at,
            text: "資料を送る".to_owned(),
            action: Some(Action { owner: Track::Them, state: ItemState::Dropped }),
            carried: false,
        }),
        Event::Note(Note { id: 4, at, text: "On leave".to_owned(), action: None, carried: false }),
        Event::Aim {
            from: Aim { mode: Mode::Listening, target: 0.3 },
            to: Aim { mode: Mode::Feedback, target: 2.0 / 3.0 },
        },
        Event::Withdrawn(TurnEvent::Backchannel { by: Track::Me, span: Span::from_ms(2_000, 2_400) }),
        Event::Notice(Notice::GuessedEnds),
        Event::Latency(Latency {
            mark: LatencyHistogram {
                counts: vec![0, 1, 1],
                longest: Some(Samples::from_ms(130)),
                ..LatencyHistogram::default()
            },
            ..Latency::default()
        }),
    ];
    insta::assert_snapshot!(events.map(shown).join("\n"));
}

/// Byte for byte: pages of an older Keicho may still be open, and `events.jsonl` is a contract.
#[test]
fn every_message_keeps_its_bytes() {
    let (frame, epoch) =
        (CallSettings { origin: Origin::Demo, mode: Mode::Listening, target: 0.3, demo_timing: true }, 1);
    let standing = prepare::SoundCheckStatus {
        level: PerTrack {
            me: TrackLevel { dbfs: -31.46, heard: true, lost: Samples::ZERO },
            them: TrackLevel { lost: Samples::from_ms(2_340), ..TrackLevel::default() },
        },
        echo: EchoCheck::Leaks,
    };
    let bare = Snapshot {
        off_record: None,
        call_share: None,
        onset: None,
        patience: None,
        shape: None,
        nudge: None,
        check_in: None,
        stopped: None,
        floor: Floor::Free,
        tally: SpeechFigures::default(),
        ..call()
    };
    let agenda = ["Goals".to_owned(), "休暇".to_owned()];
    let hello = ServerHello { protocol: PROTOCOL, epoch: 3, seq: 41 };
    let mut lines = vec![
        encode_snapshot(&frame, epoch, 41, Some("/calls/1/summary.html"), &call()),
        encode_snapshot(&frame, epoch, 41, None, &bare),
        encode_preparation(&frame, epoch, &agenda, &bare, &standing),
        serde_json::to_string(&hello).unwrap(),
        encode_refusal("pause", Bilingual { ja: "いいえ", en: "No" }),
    ];
    for (event, seq) in every_kind().iter().zip(1..) {
        let at = SampleTime::from_ms(12_340);
        lines.push(encode_event_message(epoch, seq, at, event));
        lines.push(encode_event_line(seq, at, event));
        lines.push(format!("{} {}", event_kind(event), encode_event_fields(event)));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_message_is_a_line_with_its_epoch() {
    let event = Event::NudgeWithdrawn(NudgeKind::Share);
    let said: Value = serde_json::from_str(&encode_event_message(2, 9, SampleTime::from_ms(50), &event)).unwrap();
    assert_eq!((&said["type"], &said["epoch"], &said["seq"]), (&json!("event"), &json!(2), &json!(9)));
}

#[test]
fn before_the_call_a_snapshot_has_levels_and_nothing_else() {
    let frame = CallSettings { origin: Origin::Live, mode: Mode::Listening, target: 0.3, demo_timing: false };
    let standing = prepare::SoundCheckStatus {
        level: PerTrack {
            me: TrackLevel { dbfs: -31.46, heard: true, lost: Samples::ZERO },
            them: TrackLevel { lost: Samples::from_ms(2_340), ..TrackLevel::default() },
        },
        echo: EchoCheck::Leaks,
    };
    let said: Value =
        serde_json::from_str(&encode_preparation(&frame, 1, &["Goals".to_owned()], &call(), &standing)).unwrap();
    assert_eq!(
        (&said["type"], &said["state"], &said["echo_check"]),
        (&json!("snapshot"), &json!("before"), &json!("leaks"))
    );
    assert_eq!(
        said["levels"],
        json!({ "me": { "dbfs": -31.5, "heard": true }, "them": { "dbfs": -96.0, "heard": false } })
    );
    assert_eq!(
        said["audio"],
        json!({
            "me": { "lost": false, "lost_ms": 0 },
            "them": { "lost": true, "lost_ms": 2_340 },
            "troubles": []
        })
    );
    assert_eq!(said["agenda"], json!([{ "id": 1, "text": "Goals", "state": "open", "offered": false }]));
    let during: Value = serde_json::from_str(&encode_snapshot(&frame, 1, 0, None, &call())).unwrap();
    assert_eq!((&during["levels"], &during["echo_check"]), (&Value::Null, &Value::Null));
    let names = |of: &Value| of.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&said), names(&during), "every field is in every snapshot");
}

#[test]
fn a_recogniser_far_behind_says_so() {
    let state = |standing, waiting_s| {
        let text = TranscriberSnapshot { status: standing, backlog: Samples::from_secs(waiting_s), coverage: None };
        TextMessage::from(&text).state
    };
    assert_eq!(state(TranscriberStatus::Off, 0), "off");
    assert_eq!(state(TranscriberStatus::Loading, 30), "loading");
    assert_eq!((state(TranscriberStatus::Ready, 20), state(TranscriberStatus::Ready, 21)), ("ready", "behind"));
    assert_eq!(state(TranscriberStatus::Broken("why".to_owned()), 0), "broken");
}
