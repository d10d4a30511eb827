use super::*;
use crate::agenda::{CheckIn, ItemState};
use crate::asr::{Heard, Missed, Said};
use crate::audio::{PerTrack, Track};
use crate::echo::Leak;
use crate::health::{HealthEvent, Report, Sound, Trouble};
use crate::language::{self, Language};
use crate::nudges::{self, CutIn, Fillers, Kind, Nudge, Regrabs, Why};
use crate::prosody::FilledPause;
use crate::session::{Look, Untold};
use crate::source::Notice;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Floor, Outcome, TurnEvent};

fn heard(text: &str) -> Heard {
    let reading = language::read(text, Language::Ja);
    let said = Said { text: text.to_owned(), language: Language::Ja, reading, written: false };
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
    let sound =
        Sound { level_dbfs: Some(-31.123_457), noise_dbfs: None, speech: overlap, clipped: Some(Samples::new(3)) };
    let report = Report {
        sound: PerTrack { me: sound, them: Sound::default() },
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
        Event::NudgeDismissed(Kind::Share),
        Event::KindMuted(Kind::CutIn),
        Event::KindUnmuted(Kind::Audio),
        Event::Snoozed { until: at },
        Event::Agenda { id: 3, text: "休暇".to_owned(), state: ItemState::Done },
        Event::CheckIn(CheckIn::new(2, "眠い").unwrap()),
        Event::Stuck,
        Event::LookTogether(Look::Shown),
        Event::LookTogether(Look::Later),
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
        Why::Share { recent: 0.1 + 0.2, call: 2.0 / 3.0, target: 0.3 },
        Why::Monologue { tier: overlap, length: overlap },
        Why::CutIn(CutIn { at, overlap }),
        Why::Listening { talk: overlap },
        Why::Regrab(Regrabs { count: 2, wait: overlap }),
        Why::ClosedRun { count: 3 },
        Why::Pace { relative: 1.0 / 0.7 },
        Why::Fillers(Fillers { count: 5, talk: overlap }),
        Why::Audio(nudges::Sound::Choppy),
        Why::Audio(nudges::Sound::Echo),
        Why::Audio(nudges::Sound::Clipping(track)),
        Why::Audio(nudges::Sound::Lost(by)),
        Why::Audio(nudges::Sound::Dead(by)),
        Why::Audio(nudges::Sound::Same),
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
        let Kept { figures, words } = keep(event.clone()).unwrap();
        assert_eq!(kept(&figures, words.as_deref()).unwrap(), event, "{figures}");
    }
}

#[test]
fn what_is_not_told_yet_comes_back_as_it_was() {
    let leak = Leak { detected: true, level_db: Some(-14.961_235), ..Leak::default() };
    let untold = Untold {
        until: SampleTime::new(184_021),
        runs: PerTrack { me: Some(Span::new(SampleTime::new(160_003), SampleTime::new(184_021))), them: None },
        lost: PerTrack { me: None, them: Some(SampleTime::new(17)) },
        off_record: Some(SampleTime::new(3)),
        leak: Some(leak),
    };
    for untold in [untold, Untold::default()] {
        assert_eq!(kept_untold(&keep_untold(&untold).unwrap()).unwrap(), untold);
    }
}

#[test]
fn words_lie_apart() {
    let said = heard("えーと、なんとか、どう思いますか？");
    let Kept { figures, words } = keep(Event::Heard(said.clone())).unwrap();
    let words = words.unwrap();
    assert!(words.contains("なんとか") && words.contains("えーと"), "{words}");
    assert!(figures.is_ascii(), "{figures}");
    assert_eq!(kept(&figures, None).unwrap(), Event::Heard(said.clone().without_words()));
    assert_eq!(keep(Event::Heard(said.without_words())).unwrap().words, None);
}

#[test]
fn what_is_no_event_is_refused() {
    assert!(kept("{\"turn\":{}}", None).is_err());
    assert!(kept("{\"something_of_tomorrow\":1}", None).is_err());
}
