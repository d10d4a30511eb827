use super::*;

#[test]
fn nothing_but_the_trouble_itself_while_audio_is_lost() {
    let mut call = Call::begin(Policy::default());
    call.moment.stops.set(Stopped::Lost, true);
    call.share(0.90, 0.90).go(300.0).hand_over().talk(100.0).pause(0.6).cut_in().they_talk(70.0).they_pause(0.6);
    assert!(call.seen.is_empty());
    assert_eq!(call.nudges.stopped(), Some(Stopped::Lost));
    call.moment.sound = vec![Sound::Lost(Track::Me)];
    assert_eq!(call.talk(4.0).seen.len(), 1);
    call.moment.stops = Stops::default();
    call.step();
    assert_eq!(call.nudges.stopped(), None);
}

#[test]
fn an_echo_stops_what_it_makes_unsure_and_nothing_else() {
    let mut call = Call::begin(Policy::default());
    call.moment.stops.set(Stopped::Echo, true);
    call.over().hand_over().cut_in().they_talk(70.0).they_pause(0.6);
    assert!(call.seen.is_empty(), "{:?}", call.seen);
    call.talk(61.0).pause(0.6);
    assert_eq!(call.seen, ["monologue 60 at 332"]);
}

#[test]
fn who_is_muted_in_the_call_is_not_told_how_to_talk() {
    let mut call = Call::begin(Policy::default());
    call.nudges.hold(Stopped::Muted, true);
    call.over().hand_over().talk(61.0).pause(0.6);
    assert!(call.seen.is_empty());
    assert_eq!(call.nudges.stopped(), Some(Stopped::Muted));
    call.nudges.hold(Stopped::Muted, false);
    assert_eq!(call.hand_over().seen.len(), 1);
}

#[test]
fn the_gravest_reason_is_told_and_all_of_them_stop() {
    let stops: Stops = [Stopped::Echo, Stopped::FarEnd].into_iter().collect();
    assert_eq!(stops.gravest(), Some(Stopped::FarEnd));
    assert!(stops.stop(Kind::Fillers) && stops.stop(Kind::Monologue) && !stops.stop(Kind::Pace));
    let mut call = Call::begin(Policy::default());
    call.moment.stops = stops;
    call.nudges.hold(Stopped::OffRecord, true);
    call.step();
    assert_eq!(call.nudges.stopped(), Some(Stopped::OffRecord));
}

#[test]
fn what_each_reason_leaves() {
    let left =
        |why: Stopped| -> Vec<_> { Kind::ALL.into_iter().filter(|kind| !why.stops(*kind)).map(Kind::name).collect() };
    assert_eq!(left(Stopped::Paused), [""; 0]);
    assert_eq!(left(Stopped::OffRecord), [""; 0]);
    assert_eq!(left(Stopped::Muted), ["audio"]);
    assert_eq!(left(Stopped::Lost), ["audio"]);
    assert_eq!(left(Stopped::FarEnd), ["closed_run", "pace", "fillers", "audio"]);
    assert_eq!(left(Stopped::Echo), ["monologue", "closed_run", "pace", "audio"]);
}

#[test]
fn a_shown_one_goes_when_the_user_stops_it() {
    let mut call = Call::begin(Policy::default());
    call.over().hand_over();
    call.nudges.hold(Stopped::OffRecord, true);
    assert_eq!(call.nudges.shown(), None);
}
