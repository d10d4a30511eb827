use super::script::{Script, ScriptResult};
use super::*;
use crate::health::{SoundReport, Trouble};

/// What a call told at its end, and what it would be told to have come to had it been killed there; both in one order,
/// without what nobody knows of a call that was killed.
fn both_ends(told: &ScriptResult) -> (Vec<String>, Vec<String>) {
    let (before, after) = told.journal.split_at(told.before_the_end);
    let last = &told.shown[told.shown.len() - 2];
    let sorted = |events: &[(SampleTime, Event)]| {
        let known = events.iter().filter(|(_, event)| !matches!(event, Event::Ended { .. }));
        let mut lines: Vec<String> = known.map(|event| format!("{event:?}")).collect();
        lines.sort();
        lines
    };
    (sorted(&recover_ending(before, &RecoveryPoint::from_snapshot(last))), sorted(after))
}

fn off_record(last: u64, next: u64) -> Command {
    Command::OffRecord { last: Samples::from_secs(last), next: Samples::from_secs(next) }
}

fn talk() -> Script {
    Script::silent_call(60).me(&[(1.0, 9.0), (30.0, 33.0)]).them(&[(4.0, 4.4), (10.0, 28.0), (34.0, 60.0)])
}

#[test]
fn what_goes_on_is_over_as_it_is_at_an_end() {
    let nod = talk().me(&[(59.0, 59.6)]);
    let cut_in = talk().me(&[(57.0, 60.0)]);
    let silence = Script::silent_call(60).me(&[(10.0, 54.0)]);
    let mine = Script::silent_call(60).me(&[(2.0, 57.4), (58.0, 60.0)]);
    let lost = talk().lost(Span::from_ms(40_000, 60_000));
    let paused = talk().at(45.0, Command::Pause);
    let paused_twice = talk().at(15.0, Command::Pause).at(20.0, Command::Resume).at(50.0, Command::Pause);
    let muted = talk().me(&[(41.0, 60.0)]).at(45.0, Command::Mute);
    let off = talk().at(50.0, off_record(20, 60));
    let was_off = talk().at(20.0, off_record(5, 5));
    let others = vec![Span::from_ms(31_000, 33_000), Span::from_ms(57_000, 58_000)];
    let taken_back = talk().me(&[(57.0, 60.0)]).takes_back(59.0, others);
    for script in [talk(), nod, cut_in, silence, mine, lost, paused, paused_twice, muted, off, was_off, taken_back] {
        let (cut_off, ended) = both_ends(&script.run());
        assert_eq!(cut_off, ended);
    }
}

#[test]
fn a_turn_that_went_on_is_there() {
    let told = Script::silent_call(20).them(&[(1.0, 4.0)]).me(&[(5.0, 20.0)]).run();
    let end = recover_ending(
        &told.journal[..told.before_the_end],
        &RecoveryPoint::from_snapshot(&told.shown[told.shown.len() - 2]),
    );
    let run = Event::Turn(TurnEvent::Turn { track: Track::Me, span: Span::from_ms(5_000, 20_000) });
    assert!(end.contains(&(SampleTime::from_ms(20_000), run)), "{end:?}");
}

#[test]
fn what_was_told_since_is_not_told_again() {
    let told = Script::silent_call(20).me(&[(1.0, 9.0)]).run();
    let before = &told.journal[..told.before_the_end];
    // It went on when it was last asked, and was told to be over a moment later.
    let untold = RecoveryPoint::from_snapshot(told.at(8.9));
    assert!(untold.runs.me.is_some());
    let end = recover_ending(before, &untold);
    assert!(end.iter().all(|(_, event)| !matches!(event, Event::Turn(TurnEvent::Run { .. }))), "{end:?}");
    assert!(end.iter().all(|(at, _)| *at == before.last().unwrap().0));
    // So it is where it went off the record, or a track was being lost.
    let apart = |script: Script, second: f64, kind: fn(&Event) -> bool| {
        let told = script.run();
        let end = recover_ending(&told.journal[..told.before_the_end], &RecoveryPoint::from_snapshot(told.at(second)));
        assert!(told.journal.iter().any(|(_, event)| kind(event)));
        assert!(!end.iter().any(|(_, event)| kind(event)), "{end:?}");
    };
    apart(talk().at(20.0, off_record(5, 5)), 24.9, |event| matches!(event, Event::OffRecord { .. }));
    apart(talk().lost(Span::from_ms(20_000, 25_000)), 24.9, |event| matches!(event, Event::Lost { .. }));
}

#[test]
fn what_is_erased_is_not_told_at_an_end_either() {
    let untold = RecoveryPoint::from_snapshot(talk().run().at(59.0)).erased_after(SampleTime::from_ms(50_000));
    assert_eq!(untold.runs, PerTrack::default());
    let off = Event::OffRecord { span: Span::from_ms(50_000, 59_000) };
    assert!(recover_ending(&[], &untold).contains(&(SampleTime::from_ms(59_000), off)));
}

#[test]
fn of_the_sound_the_troubles_alone_are_known() {
    let (trouble, at) = (Trouble::Noisy(Track::Me), SampleTime::from_ms(2_000));
    let told = [
        (SampleTime::from_ms(3_000), Event::Health(HealthEvent::Began { trouble, at })),
        (SampleTime::from_ms(4_000), Event::Leak(Leak { detected: true, level_db: Some(-20.0), ..Leak::default() })),
    ];
    let end = recover_ending(&told, &RecoveryPoint { until: SampleTime::from_ms(9_000), ..RecoveryPoint::default() });
    let span = Span::from_ms(2_000, 9_000);
    assert_eq!(end[0].1, Event::Health(HealthEvent::Ended { trouble, span }));
    let Event::Ended { leak, sound } = &end[1].1 else { panic!("{end:?}") };
    assert!(leak.detected && sound.sound.me.clipped.is_none());
    assert_eq!(*sound, SoundReport { stood: vec![(trouble, span.len())], ..SoundReport::default() });
    // While its sound is not heard it is not known to stand: 2 to 3, 4 to 5, and 6 to 9 s are left.
    let gaps = [
        (SampleTime::from_ms(3_000), Event::Paused),
        (SampleTime::from_ms(4_000), Event::Resumed),
        (SampleTime::from_ms(6_000), Event::Lost { track: Track::Me, span: Span::from_ms(5_000, 6_000) }),
        (SampleTime::from_ms(8_000), Event::Lost { track: Track::Them, span: Span::from_ms(7_000, 8_000) }),
    ];
    let told: Vec<_> = told.into_iter().chain(gaps).collect();
    let end = recover_ending(&told, &RecoveryPoint { until: SampleTime::from_ms(9_000), ..RecoveryPoint::default() });
    let sound = end.iter().find_map(|(_, event)| match event {
        Event::Ended { sound, .. } => Some(sound.trouble_time(trouble)),
        _ => None,
    });
    assert_eq!(sound, Some(Samples::from_secs(5)));
}
