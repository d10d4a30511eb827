use proptest::prelude::*;

use super::*;
use crate::agenda::{Action, CheckIn, ItemState, Note};
use crate::asr::{Heard, Missed, Transcription};
use crate::audio::{PerTrack, Track};
use crate::doubles::damage::{cases, damaged};
use crate::frontend::echo::Leak;
use crate::health::{HealthEvent, SoundMeasures, SoundReport, Trouble};
use crate::language::{self, Language};
use crate::nudges::{self, CutIn, Fillers, Mode, Nudge, NudgeKind, NudgeReason, Regrabs};
use crate::session::{Aim, HeldVowel, Latency, LatencyHistogram, LookAnswer, RecoveryPoint};
use crate::source::Notice;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Floor, Outcome, TurnEvent};

fn heard(text: &str) -> Heard {
    let reading = language::analyze(text, Language::Ja);
    let said =
        Transcription { text: text.to_owned(), language: Language::Ja, reading, written: false, doubtful: false };
    Heard {
        track: Track::Me,
        runs: vec![Span::from_ms(10_000, 10_700), Span::from_ms(11_000, 11_500)],
        transcription: Ok(Some(said)),
    }
}

fn doubtful(heard: Heard) -> Heard {
    let transcription = heard.transcription.map(|said| said.map(|said| Transcription { doubtful: true, ..said }));
    Heard { transcription, ..heard }
}

fn in_english(text: &str) -> Heard {
    let reading = language::analyze(text, Language::En);
    let said = Transcription { text: text.to_owned(), language: Language::En, reading, written: true, doubtful: false };
    Heard { track: Track::Them, transcription: Ok(Some(said)), ..heard("") }
}

/// Where a kind is in [`every_kind`]: an event that is new does not compile here until its form is held to, too.
fn place(event: &Event) -> usize {
    match event {
        Event::Turn(turn) => match turn {
            TurnEvent::RunStarted { .. } => 0,
            TurnEvent::Run { .. } => 1,
            TurnEvent::Floor { .. } => 2,
            TurnEvent::FloorSpan { .. } => 3,
            TurnEvent::Backchannel { .. } => 4,
            TurnEvent::Turn { .. } => 5,
            TurnEvent::Interruption { .. } => 6,
            TurnEvent::TerminalOverlap { .. } => 7,
            TurnEvent::LongOverlap { .. } => 8,
            TurnEvent::Silence { .. } => 9,
            TurnEvent::Monologue { .. } => 10,
        },
        Event::Withdrawn(_) => 11,
        Event::Nudge(_) => 12,
        Event::NudgeWithdrawn(_) => 13,
        Event::Heard(_) => 14,
        Event::FilledPause { .. } => 15,
        Event::Leak(_) => 16,
        Event::Lost { .. } => 17,
        Event::Health(HealthEvent::Began { .. }) => 18,
        Event::Health(HealthEvent::Ended { .. }) => 19,
        Event::Notice(notice) => match notice {
            Notice::CutShort { .. } => 20,
            Notice::SameChannels { .. } => 21,
            Notice::DeviceGone { .. } => 22,
            Notice::DeviceBack { .. } => 23,
            Notice::GuessedEnds => 38,
        },
        Event::Paused => 24,
        Event::Resumed => 25,
        Event::Muted => 26,
        Event::Unmuted => 27,
        Event::OffRecord { .. } => 28,
        Event::NudgeDismissed(_) => 29,
        Event::KindMuted(_) => 30,
        Event::KindUnmuted(_) => 31,
        Event::Snoozed { .. } => 32,
        Event::Agenda { .. } => 33,
        Event::CheckIn(_) => 34,
        Event::Stuck => 35,
        Event::LookTogether(_) => 36,
        Event::Ended { .. } => 37,
        Event::Note(_) => 39,
        Event::Aim { .. } => 40,
        Event::Latency(_) => 41,
        Event::OthersSpeech { .. } => 42,
    }
}

/// How many places [`place`] knows.
const PLACES: usize = 43;

/// One of each kind, with numbers that no millisecond and no short decimal holds.
pub(crate) fn every_kind() -> Vec<Event> {
    let span = Span::new(SampleTime::new(160_003), SampleTime::new(184_021));
    let (track, by, at) = (Track::Me, Track::Them, SampleTime::new(160_007));
    let overlap = Samples::new(10_241);
    let leak = Leak {
        detected: true,
        level_db: Some(-14.961_235),
        delay_ms: Some(-45),
        rejected: Samples::new(41_603),
        rebuilt: 2,
    };
    let sound = SoundMeasures {
        level_dbfs: Some(-31.123_457),
        noise_dbfs: None,
        speech: overlap,
        clipped: Some(Samples::new(3)),
    };
    let report = SoundReport {
        sound: PerTrack { me: sound, them: SoundMeasures::default() },
        holes: 7,
        stood: vec![(Trouble::Choppy, overlap), (Trouble::Clipping(track), overlap)],
    };
    let troubles = [
        Trouble::Choppy,
        Trouble::Clipping(track),
        Trouble::Quiet(by),
        Trouble::Noisy(track),
        Trouble::SameSound,
        Trouble::Dead(by),
        Trouble::CallOver,
    ];
    let mut all = vec![
        Event::Turn(TurnEvent::RunStarted { track, at }),
        Event::Turn(TurnEvent::Run { track, span }),
        Event::Turn(TurnEvent::Floor { holder: Floor::Free, at }),
        Event::Turn(TurnEvent::Floor { holder: Floor::Held(by), at }),
        Event::Turn(TurnEvent::FloorSpan { track, span }),
        Event::Turn(TurnEvent::Backchannel { by, span }),
        Event::Turn(TurnEvent::Turn { track, span }),
        Event::Turn(TurnEvent::Interruption { by, at, overlap, outcome: Outcome::Failed }),
        Event::Turn(TurnEvent::Interruption { by: track, at, overlap, outcome: Outcome::Successful }),
        Event::Turn(TurnEvent::TerminalOverlap { by, at, overlap }),
        Event::Turn(TurnEvent::LongOverlap { span }),
        Event::Turn(TurnEvent::Silence { span, after: track, broken_by: by }),
        Event::Turn(TurnEvent::Monologue { track, span }),
        Event::Withdrawn(TurnEvent::Backchannel { by, span }),
        Event::OthersSpeech { track, spans: vec![span] },
        Event::Paused,
        Event::Resumed,
        Event::Muted,
        Event::Unmuted,
        Event::OffRecord { span },
        Event::NudgeDismissed(NudgeKind::Share),
        Event::KindMuted(NudgeKind::CutIn),
        Event::KindUnmuted(NudgeKind::Audio),
        Event::Snoozed { until: at },
        Event::Agenda { id: 1, text: "Goals".to_owned(), state: ItemState::Open },
        Event::Agenda { id: 3, text: "休暇".to_owned(), state: ItemState::Done },
        Event::Agenda { id: 2, text: "来期".to_owned(), state: ItemState::Dropped },
        Event::CheckIn(CheckIn::new(2, "眠い").unwrap()),
        Event::Stuck,
        Event::LookTogether(LookAnswer::Shown),
        Event::LookTogether(LookAnswer::Later),
        Event::Heard(heard("えーと、あのその、どう思いますか？いつまでにできますか？")),
        Event::Heard(in_english("Um, I mean, what do you think? Is it done? Do you do you agree?")),
        Event::Heard(Heard { transcription: Ok(None), ..heard("") }),
        Event::Heard(Heard { transcription: Err(Missed::Behind), ..heard("") }),
        Event::Heard(Heard { transcription: Err(Missed::Failed), ..heard("") }),
        Event::FilledPause {
            track: by,
            pause: HeldVowel { span, f0_hz: 182.341_23, f0_spread: 0.421_337, change: 1.271_828 },
        },
        Event::Leak(leak),
        Event::Lost { track, span },
        Event::Notice(Notice::CutShort { path: "call.wav".into(), at }),
        Event::Notice(Notice::SameChannels { path: "call.wav".into() }),
        Event::Notice(Notice::DeviceGone { track, device: "Headset".to_owned() }),
        Event::Notice(Notice::DeviceBack { track, device: "Headset".to_owned() }),
        Event::Ended { leak, sound: report },
    ];
    let whys = [
        NudgeReason::Share { recent: 0.1 + 0.2, call: 2.0 / 3.0, target: 0.3 },
        NudgeReason::Monologue { tier: overlap, length: overlap },
        NudgeReason::CutIn(CutIn { at, overlap }),
        NudgeReason::Listening { talk: overlap },
        NudgeReason::Regrab(Regrabs { count: 2, wait: overlap }),
        NudgeReason::ClosedRun { count: 3 },
        NudgeReason::Pace { relative: 1.0 / 0.7 },
        NudgeReason::Fillers(Fillers { count: 5, talk: overlap }),
        NudgeReason::Audio(nudges::ActionableTrouble::Choppy),
        NudgeReason::Audio(nudges::ActionableTrouble::Echo),
        NudgeReason::Audio(nudges::ActionableTrouble::Clipping(track)),
        NudgeReason::Audio(nudges::ActionableTrouble::Lost(by)),
        NudgeReason::Audio(nudges::ActionableTrouble::Dead(by)),
        NudgeReason::Audio(nudges::ActionableTrouble::Same),
    ];
    for why in whys {
        all.push(Event::NudgeWithdrawn(why.kind()));
        all.push(Event::Nudge(Nudge { why, at }));
    }
    for trouble in troubles {
        all.push(Event::Health(HealthEvent::Began { trouble, at }));
        all.push(Event::Health(HealthEvent::Ended { trouble, span }));
    }
    let action = Some(Action { owner: by, state: ItemState::Done });
    all.push(Event::Note(Note { id: 1, at, text: "資料を送る".to_owned(), action, carried: true }));
    all.push(Event::Note(Note { id: 2, at, text: "On leave".to_owned(), action: None, carried: false }));
    let (from, to) = (Aim { mode: Mode::Coaching, target: 0.1 + 0.2 }, Aim { mode: Mode::Teaching, target: 2.0 / 3.0 });
    all.push(Event::Aim { from, to });
    all.push(Event::Notice(Notice::GuessedEnds));
    all.push(Event::Heard(doubtful(heard("いや、農村がある。"))));
    let mark =
        LatencyHistogram { counts: vec![0, 3, 1], median: Some(overlap), p95: Some(overlap), longest: Some(overlap) };
    all.push(Event::Latency(Latency { mark, ..Latency::default() }));
    all
}

#[test]
fn every_kind_comes_back_as_it_was() {
    for event in every_kind() {
        let EncodedEvent { figures, words } = encode_event(event.clone()).unwrap();
        assert_eq!(decode_event(&figures, words.as_deref()).unwrap(), event, "{figures}");
    }
}

/// A recovery point in which everything is open, and one in which nothing is.
fn recovery_points() -> [RecoveryPoint; 2] {
    let leak = Leak { detected: true, level_db: Some(-14.961_235), ..Leak::default() };
    let untold = RecoveryPoint {
        until: SampleTime::new(184_021),
        runs: PerTrack { me: Some(Span::new(SampleTime::new(160_003), SampleTime::new(184_021))), them: None },
        lost: PerTrack { me: None, them: Some(SampleTime::new(17)) },
        off_record: Some(SampleTime::new(3)),
        leak: Some(leak),
    };
    [untold, RecoveryPoint::default()]
}

#[test]
fn what_is_not_told_yet_comes_back_as_it_was() {
    for untold in recovery_points() {
        assert_eq!(decode_recovery_point(&encode_recovery_point(&untold).unwrap()).unwrap(), untold);
    }
}

#[test]
fn no_kind_is_missing() {
    let mut places: Vec<usize> = every_kind().iter().map(place).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places, (0..PLACES).collect::<Vec<_>>());
}

/// Users have databases full of it: what changes here needs a migration.
#[test]
fn the_journal_form_is_what_databases_hold() {
    let mut lines = Vec::new();
    for event in every_kind() {
        let EncodedEvent { figures, words } = encode_event(event).unwrap();
        lines.push(figures);
        lines.extend(words.map(|words| format!("    {words}")));
    }
    lines.extend(recovery_points().iter().map(|untold| encode_recovery_point(untold).unwrap()));
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn words_lie_apart() {
    let said = heard("えーと、なんとか、どう思いますか？");
    let EncodedEvent { figures, words } = encode_event(Event::Heard(said.clone())).unwrap();
    let words = words.unwrap();
    assert!(words.contains("なんとか") && words.contains("えーと"), "{words}");
    assert!(figures.is_ascii(), "{figures}");
    assert_eq!(decode_event(&figures, None).unwrap(), Event::Heard(said.clone().without_words()));
    assert_eq!(encode_event(Event::Heard(said.without_words())).unwrap().words, None);
}

#[test]
fn what_is_no_event_is_refused() {
    assert!(decode_event("{\"turn\":{}}", None).is_err());
    assert!(decode_event("{\"something_of_tomorrow\":1}", None).is_err());
}

/// What databases hold, to be damaged.
fn whole_records() -> Vec<Vec<u8>> {
    let events = every_kind().into_iter().map(|event| encode_event(event).unwrap().figures);
    let points = recovery_points().into_iter().map(|point| encode_recovery_point(&point).unwrap());
    events.chain(points).map(String::into_bytes).collect()
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn a_damaged_record_is_refused_or_read_as_any_other(bytes in damaged(whole_records())) {
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(event) = decode_event(&text, None) {
            let kept = encode_event(event).unwrap();
            let again = decode_event(&kept.figures, kept.words.as_deref()).unwrap();
            prop_assert_eq!(encode_event(again).unwrap(), kept);
        }
        if let Ok(point) = decode_recovery_point(&text) {
            let again = decode_recovery_point(&encode_recovery_point(&point).unwrap()).unwrap();
            prop_assert_eq!(again, point);
        }
    }
}
