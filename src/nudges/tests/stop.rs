use super::*;

#[test]
fn nothing_but_the_trouble_itself_while_audio_is_lost() {
    let mut call = Call::begin(Policy::default());
    call.moment.stop_reasons.set(StopReason::Lost, true);
    call.share(0.90, 0.90).go(300.0).hand_over().talk(100.0).pause(0.6).cut_in().they_talk(70.0).they_pause(0.6);
    assert!(call.seen.is_empty());
    assert_eq!(call.nudges.stop_reason(), Some(StopReason::Lost));
    call.moment.sound_troubles = vec![ActionableTrouble::Lost(Track::Me)];
    assert_eq!(call.talk(4.0).seen.len(), 1);
    call.moment.stop_reasons = StopReasons::default();
    call.step();
    assert_eq!(call.nudges.stop_reason(), None);
}

#[test]
fn an_echo_stops_what_it_makes_unsure_and_nothing_else() {
    let mut call = Call::begin(Policy::default());
    call.moment.stop_reasons.set(StopReason::Echo, true);
    call.over().hand_over().cut_in().they_talk(70.0).they_pause(0.6);
    assert!(call.seen.is_empty(), "{:?}", call.seen);
    call.talk(61.0).pause(0.6);
    assert_eq!(call.seen, ["monologue 60 at 332"]);
}

#[test]
fn who_is_muted_in_the_call_is_not_told_how_to_talk() {
    let mut call = Call::begin(Policy::default());
    call.nudges.set_stopped(StopReason::Muted, true);
    call.over().hand_over().talk(61.0).pause(0.6);
    assert!(call.seen.is_empty());
    assert_eq!(call.nudges.stop_reason(), Some(StopReason::Muted));
    call.nudges.set_stopped(StopReason::Muted, false);
    assert_eq!(call.hand_over().seen.len(), 1);
}

#[test]
fn the_gravest_reason_is_told_and_all_of_them_stop() {
    let stops: StopReasons = [StopReason::Echo, StopReason::FarEnd].into_iter().collect();
    assert_eq!(stops.gravest(), Some(StopReason::FarEnd));
    assert!(stops.stops(NudgeKind::Fillers) && stops.stops(NudgeKind::Monologue) && !stops.stops(NudgeKind::Pace));
    let mut call = Call::begin(Policy::default());
    call.moment.stop_reasons = stops;
    call.nudges.set_stopped(StopReason::OffRecord, true);
    call.step();
    assert_eq!(call.nudges.stop_reason(), Some(StopReason::OffRecord));
}

#[test]
fn what_each_reason_leaves() {
    let left = |why: StopReason| -> Vec<_> {
        NudgeKind::VARIANTS.iter().copied().filter(|kind| !why.stops(*kind)).map(NudgeKind::name).collect()
    };
    assert_eq!(left(StopReason::Paused), [""; 0]);
    assert_eq!(left(StopReason::OffRecord), [""; 0]);
    assert_eq!(left(StopReason::Muted), ["audio"]);
    assert_eq!(left(StopReason::Lost), ["audio"]);
    assert_eq!(left(StopReason::FarEnd), ["closed_run", "pace", "fillers", "audio"]);
    assert_eq!(left(StopReason::Echo), ["monologue", "closed_run", "pace", "audio"]);
}

#[test]
fn a_shown_one_goes_when_the_user_stops_it() {
    let mut call = Call::begin(Policy::default());
    call.over().hand_over();
    call.nudges.set_stopped(StopReason::OffRecord, true);
    assert_eq!(call.nudges.shown(), None);
}
