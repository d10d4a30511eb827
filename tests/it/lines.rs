//! Calls over lines and through microphones with which something is wrong, and rooms with others in them: the figures come to
//! their labels all the same, or say what is wrong, and nothing is told that is not so.
//!
//! `cargo test --test it lines:: -- --nocapture` prints the table, as `proof` does.

use std::collections::BTreeSet;

use keicho::language::Language;
use keicho::session::SessionSetup;
use serde_json::Value;

use crate::proof::{Floors, TARGET, prove};
use crate::support::assemble::pool::Pool;
use crate::support::assemble::{Fault, Leak, Room, Scene};
use crate::support::hear;

#[test]
fn where_the_managers_voice_comes_back() {
    let back = |db, delay_ms| move |scene: &mut Scene| scene.fault = Some(Fault::Returns { db, delay_ms });
    prove("voice back -6 dB, 60 ms", 310_100, back(-6.0, 60), TARGET);
    prove("voice back -20 dB, 450 ms", 310_300, back(-20.0, 450), TARGET);
}

#[test]
fn with_an_offset() {
    prove("offset 0.1", 311_000, |scene| scene.fault = Some(Fault::Offset(0.1)), TARGET);
}

#[test]
fn through_a_microphone_that_is_far_too_soft() {
    // In 16 bits the softest ends of words are gone.
    prove("microphone 40 dB too soft", 312_000, |scene| scene.fault = Some(Fault::Softer(40.0)), TARGET.share(3.0));
}

#[test]
fn through_a_gain_that_pumps() {
    prove("gain pumps by 20 dB", 313_000, |scene| scene.fault = Some(Fault::Pumps(20.0)), TARGET);
}

#[test]
fn through_a_gain_that_pumps_beside_open_speakers() {
    let pumps = |scene: &mut Scene| {
        scene.room = Room::speakers(Leak { room: scene.seed, ..Leak::new(-15.0) });
        scene.fault = Some(Fault::Pumps(20.0));
    };
    prove("pumping gain, speakers", 313_900, pumps, TARGET);
}

#[test]
fn beside_six_far_voices() {
    prove("six far voices -45 dBFS", 314_000, |scene| scene.far_voices_dbfs = Some(-45.0), TARGET.share(2.0));
}

/// The manager's loudspeakers leak, and somebody else is 20 dB under the manager.
fn somebody_beside_speakers(scene: &mut Scene) {
    scene.second_voice_db = Some(-20.0);
    scene.room = Room::speakers(Leak { room: scene.seed, ..Leak::new(-15.0) });
}

#[test]
fn with_somebody_else_talking_beside_open_speakers() {
    let floors = Floors { silence_edge_ms: 400.0, silences: 0.9, ..TARGET.share(2.0) };
    prove("second voice -20 dB, speakers -15 dB", 157_700, somebody_beside_speakers, floors);
}

#[test]
fn with_breath_in_the_microphone() {
    prove("breath -40 dBFS", 315_000, |scene| scene.breath_dbfs = Some(-40.0), TARGET);
}

/// The troubles and the reasons for doubt that the summary of a call names, each once, and the manager's share.
fn told(scene: &Scene) -> ([BTreeSet<String>; 2], Value) {
    let summary = hear::summary(&mut scene.assemble(Pool::get()).source(), &SessionSetup::default());
    let names = |list: &Value, key: &str| {
        list.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap().to_owned()).collect()
    };
    let share = summary["talk"]["me"]["share"].clone();
    ([names(&summary["sound"]["troubles"], "trouble"), names(&summary["confidence"], "reason")], share)
}

#[test]
fn what_is_wrong_is_told_and_nothing_else() {
    type Change = fn(&mut Scene);
    let calls: [(Change, &[&str]); 8] = [
        (|_| {}, &[]),
        (|scene| scene.breath_dbfs = Some(-40.0), &[]),
        (|scene| scene.typing_dbfs = Some(-20.0), &[]),
        (|scene| scene.music_dbfs = Some(-42.0), &[]),
        (|scene| scene.fault = Some(Fault::Offset(0.1)), &[]),
        (|scene| scene.fault = Some(Fault::Pumps(20.0)), &[]),
        (|scene| scene.fault = Some(Fault::Returns { db: -12.0, delay_ms: 120 }), &["voice_returns"]),
        (|scene| scene.fault = Some(Fault::Softer(40.0)), &["quiet"]),
    ];
    for ((change, wanted), language) in calls.into_iter().zip([Language::Ja, Language::En].into_iter().cycle()) {
        let mut scene = Scene { seconds: 60, ..Scene::new(320_000, language) };
        change(&mut scene);
        let (names, share) = told(&scene);
        let wanted: BTreeSet<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(names, [wanted.clone(), wanted], "{scene:?}");
        assert!(share.is_number(), "{scene:?}");
    }
}

#[test]
fn far_voices_are_told_within_a_minute() {
    let scene = Scene { seconds: 60, far_voices_dbfs: Some(-45.0), ..Scene::new(322_000, Language::Ja) };
    for names in told(&scene).0 {
        assert!(names.contains("other_voices"), "{names:?}");
    }
}

#[test]
fn somebody_else_across_the_room_is_told() {
    for language in [Language::Ja, Language::En] {
        let scene = Scene { second_voice_db: Some(-12.0), ..Scene::new(324_000, language) };
        for names in told(&scene).0 {
            assert!(names.contains("other_voices"), "{names:?}, {language:?}");
        }
    }
}

#[test]
fn somebody_who_talks_much_at_open_speakers_is_told_within_a_minute() {
    for (seed, language) in [(157_700, Language::Ja), (157_704, Language::Ja), (157_704, Language::En)] {
        let mut scene = Scene::new(seed, language);
        somebody_beside_speakers(&mut scene);
        let summary = hear::summary(&mut scene.assemble(Pool::get()).source(), &SessionSetup::default());
        let troubles = summary["sound"]["troubles"].as_array().unwrap().clone();
        let told = troubles.iter().find(|one| one["trouble"] == "other_voices").expect("it is told");
        assert!(told["start_ms"].as_u64().unwrap() <= 60_000, "{told}, {language:?}");
    }
}

#[test]
fn at_open_speakers_too_somebody_else_is_told_and_an_echo_is_nobody() {
    for (language, second_voice_db) in
        [(Language::Ja, Some(-18.0)), (Language::En, Some(-18.0)), (Language::Ja, None), (Language::En, None)]
    {
        let room = Room::speakers(Leak { room: 323_000, ..Leak::new(-15.0) });
        let scene = Scene { room, second_voice_db, ..Scene::new(323_000, language) };
        let [troubles, reasons] = told(&scene).0;
        for names in [&troubles, &reasons] {
            assert_eq!(names.contains("other_voices"), second_voice_db.is_some(), "{names:?}, {language:?}");
        }
        assert!(reasons.contains("leak"), "{reasons:?}");
    }
}

#[test]
fn a_share_that_cannot_be_known_is_not_told() {
    for (fault, name) in [(Fault::Muted, "no_voice"), (Fault::Mixed, "same_sound")] {
        let scene = Scene { seconds: 200, fault: Some(fault), ..Scene::new(321_000, Language::Ja) };
        let (names, share) = told(&scene);
        let wanted = BTreeSet::from([name.to_owned()]);
        assert_eq!((names, share), ([wanted.clone(), wanted], Value::Null), "{fault:?}");
    }
}
