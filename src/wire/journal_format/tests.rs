use super::*;
use crate::agenda::{CheckIn, ItemState};
use crate::asr::{Heard, Missed, Transcription};
use crate::audio::{PerTrack, Track};
use crate::frontend::echo::Leak;
use crate::frontend::prosody::FilledPause;
use crate::health::{HealthEvent, SoundMeasures, SoundReport, Trouble};
use crate::language::{self, Language};
use crate::nudges::{self, CutIn, Fillers, Nudge, NudgeKind, NudgeReason, Regrabs};
use crate::session::{LookAnswer, RecoveryPoint};
use crate::source::Notice;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Floor, Outcome, TurnEvent};

fn heard(text: &str) -> Heard {
    let reading = language::analyze(text, Language::Ja);
    let said = Transcription { text: text.to_owned(), language: Language::Ja, reading, written: false };
    Heard {
        track: Track::Me,
        runs: vec![Span::from_ms(10_000, 10_700), Span::from_ms(11_000, 11_500)],
        said: Ok(Some(said)),
    }
}

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
        Event::Paused,
        Event::Resumed,
        Event::Muted,
        Event::Unmuted,
        Event::OffRecord { span },
        Event::NudgeDismissed(NudgeKind::Share),
        Event::KindMuted(NudgeKind::CutIn),
        Event::KindUnmuted(NudgeKind::Audio),
        Event::Snoozed { until: at },
        Event::Agenda { id: 3, text: "休暇".to_owned(), state: ItemState::Done },
        Event::CheckIn(CheckIn::new(2, "眠い").unwrap()),
        Event::Stuck,
        Event::LookTogether(LookAnswer::Shown),
        Event::LookTogether(LookAnswer::Later),
        Event::Heard(heard("えーと、あのその、どう思いますか？いつまでにできますか？")),
        Event::Heard(Heard { said: Ok(None), ..heard("") }),
        Event::Heard(Heard { said: Err(Missed::Behind), ..heard("") }),
        Event::Heard(Heard { said: Err(Missed::Failed), ..heard("") }),
        Event::FilledPause {
            track: by,
            pause: FilledPause { span, f0_hz: 182.341_23, f0_spread: 0.421_337, change: 1.271_828 },
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
    all
}

#[test]
fn every_kind_comes_back_as_it_was() {
    for event in every_kind() {
        let EncodedEvent { figures, words } = encode_event(event.clone()).unwrap();
        assert_eq!(decode_event(&figures, words.as_deref()).unwrap(), event, "{figures}");
    }
}

#[test]
fn what_is_not_told_yet_comes_back_as_it_was() {
    let leak = Leak { detected: true, level_db: Some(-14.961_235), ..Leak::default() };
    let untold = RecoveryPoint {
        until: SampleTime::new(184_021),
        runs: PerTrack { me: Some(Span::new(SampleTime::new(160_003), SampleTime::new(184_021))), them: None },
        lost: PerTrack { me: None, them: Some(SampleTime::new(17)) },
        off_record: Some(SampleTime::new(3)),
        leak: Some(leak),
    };
    for untold in [untold, RecoveryPoint::default()] {
        assert_eq!(decode_recovery_point(&encode_recovery_point(&untold).unwrap()).unwrap(), untold);
    }
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
