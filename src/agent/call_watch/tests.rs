use super::*;

const ZOOM: &str = "ZOOM VoiceEngine";

fn stream(stream_use: StreamUse, index: u32, name: &str) -> AppStream {
    AppStream {
        stream_use,
        index,
        microphone: None,
        process: None,
        names: vec![name.to_owned()],
        is_corked: false,
        is_muted: false,
    }
}

fn records(index: u32, name: &str) -> AppStream {
    stream(StreamUse::Record, index, name)
}

fn plays(index: u32, name: &str) -> AppStream {
    stream(StreamUse::Play, index, name)
}

/// A watch for Zoom and Firefox that asks after 3 s and ends after 20.
struct Scene(CallWatch);

impl Scene {
    fn new() -> Self {
        let rules = CallRules {
            applications: vec!["zoom".to_owned(), "firefox".to_owned()],
            asks_after: Duration::from_secs(3),
            ends_after: Duration::from_secs(20),
        };
        Self(CallWatch::new(rules))
    }

    /// From this second on the server has these streams.
    fn at(&mut self, second: u64, streams: &[AppStream]) -> Vec<CallStep> {
        let sound = SoundState { streams: streams.to_vec(), ..SoundState::default() };
        self.0.observe(&sound, Duration::from_secs(second));
        self.0.take_steps()
    }

    /// It is that second, and nothing has changed.
    fn later(&mut self, second: u64) -> Vec<CallStep> {
        self.0.advance(Duration::from_secs(second));
        self.0.take_steps()
    }

    fn deadline(&self) -> Option<u64> {
        self.0.deadline().map(|due| due.as_secs())
    }
}

fn ask(application: &str) -> CallStep {
    CallStep::Ask { application: application.to_owned() }
}

#[test]
fn who_records_and_plays_for_three_seconds_is_in_a_call() {
    let mut scene = Scene::new();
    assert_eq!((scene.at(0, &[plays(1, ZOOM)]), scene.deadline()), (vec![], None));
    let call = [plays(1, ZOOM), records(1, ZOOM)];
    assert_eq!((scene.at(10, &call), scene.deadline()), (vec![], Some(13)));
    assert_eq!(scene.later(12), []);
    assert_eq!(scene.later(13), [ask(ZOOM)]);
    assert_eq!(scene.deadline(), None, "nothing is due until the server says something");
    assert_eq!(scene.at(14, &call), [], "it asks once");
    assert_eq!(scene.later(10_000), []);
}

#[test]
fn a_moment_a_monitor_or_a_stranger_is_no_call() {
    let mut scene = Scene::new();
    assert_eq!(scene.at(0, &[plays(1, ZOOM), records(1, ZOOM)]), []);
    assert_eq!((scene.at(2, &[plays(1, ZOOM)]), scene.deadline()), (vec![], None));
    assert_eq!(scene.later(60), []);
    // What records from a monitor is not in the list at all, so this is a player alone.
    scene.at(70, &[plays(2, "Firefox")]);
    scene.at(70, &[plays(3, "Recorder"), records(3, "Recorder")]);
    // Two halves of two applications are none.
    scene.at(71, &[plays(4, "Firefox"), records(4, ZOOM)]);
    let paused = AppStream { is_corked: true, ..records(5, ZOOM) };
    scene.at(72, &[plays(5, ZOOM), paused]);
    assert_eq!((scene.later(200), scene.deadline()), (vec![], None));
}

#[test]
fn what_keicho_itself_records_is_no_call() {
    let mut scene = Scene::new();
    scene.0.rules.applications.push("keicho".to_owned());
    scene.at(0, &[plays(1, "Keicho"), records(1, "Keicho")]);
    assert_eq!((scene.later(9), scene.deadline()), (vec![], None));
}

#[test]
fn one_stream_that_two_words_name_is_one_call() {
    let mut scene = Scene::new();
    let both =
        |stream_use| AppStream { names: vec!["Firefox".to_owned(), "zoom".to_owned()], ..stream(stream_use, 7, "") };
    scene.at(0, &[both(StreamUse::Record), both(StreamUse::Play)]);
    assert_eq!(scene.later(3), [ask("zoom")]);
}

#[test]
fn a_call_that_was_begun_ends_after_its_time_unless_it_comes_back() {
    let mut scene = Scene::new();
    let call = [plays(1, ZOOM), records(1, ZOOM)];
    scene.at(0, &call);
    assert_eq!(scene.later(3), [ask(ZOOM)]);
    scene.0.set_begun(ZOOM);
    let muted = AppStream { is_corked: true, ..records(1, ZOOM) };
    assert_eq!(scene.at(50, &[plays(1, ZOOM), muted]), [], "muted, and still there");
    let application = || ZOOM.to_owned();
    let closing = CallStep::Closing { application: application(), ends_in: Duration::from_secs(20) };
    assert_eq!(scene.at(100, &[plays(1, ZOOM)]), std::slice::from_ref(&closing));
    assert_eq!(scene.deadline(), Some(120));
    // Another microphone is another stream of the same call.
    assert_eq!(scene.at(119, &[plays(1, ZOOM), records(2, ZOOM)]), [CallStep::Reopened { application: application() }]);
    assert_eq!((scene.later(500), scene.deadline()), (vec![], None));
    assert_eq!(scene.at(600, &[]), [closing]);
    assert_eq!(scene.later(619), []);
    assert_eq!(scene.later(620), [CallStep::End { application: application() }]);
    assert_eq!((scene.later(700), scene.deadline()), (vec![], None));
    scene.at(800, &[plays(3, ZOOM), records(3, ZOOM)]);
    assert_eq!(scene.later(803), [ask(ZOOM)], "the next call is another");
}

#[test]
fn the_call_after_one_of_which_ours_is_over_is_asked_for() {
    let mut scene = Scene::new();
    let call = [plays(1, ZOOM), records(1, ZOOM)];
    scene.at(0, &call);
    assert_eq!(scene.later(3), [ask(ZOOM)]);
    scene.0.set_begun(ZOOM);
    assert_eq!(scene.at(100, &[]).len(), 1);
    scene.0.forget(ZOOM);
    assert_eq!((scene.at(105, &call), scene.later(108)), (vec![], vec![ask(ZOOM)]));
}

#[test]
fn a_call_that_was_passed_ends_nothing_and_is_not_asked_for_again() {
    let mut scene = Scene::new();
    scene.at(0, &[plays(1, ZOOM), records(1, ZOOM)]);
    assert_eq!(scene.later(3), [ask(ZOOM)]);
    scene.0.pass(ZOOM);
    assert_eq!(scene.at(10, &[plays(1, ZOOM)]), []);
    assert_eq!(scene.at(15, &[plays(1, ZOOM), records(2, ZOOM)]), [], "another microphone");
    assert_eq!(scene.later(60), []);
    assert_eq!(scene.at(70, &[]), []);
    assert_eq!((scene.later(90), scene.deadline()), (vec![], None));
}

#[test]
fn an_offer_for_a_call_that_is_over_is_taken_back() {
    let mut scene = Scene::new();
    scene.at(0, &[plays(1, ZOOM), records(1, ZOOM)]);
    assert_eq!(scene.later(3), [ask(ZOOM)]);
    assert_eq!(scene.at(5, &[]), [CallStep::Withdraw { application: ZOOM.to_owned() }]);
    assert_eq!((scene.later(25), scene.deadline()), (vec![], None));
}

#[test]
fn an_offer_that_was_taken_back_is_made_again_if_the_call_comes_back_unless_it_was_declined() {
    let mut scene = Scene::new();
    let call = [plays(1, ZOOM), records(1, ZOOM)];
    scene.at(0, &call);
    assert_eq!(scene.later(3), [ask(ZOOM)]);
    assert_eq!(scene.at(5, &[]), [CallStep::Withdraw { application: ZOOM.to_owned() }]);
    assert_eq!(scene.at(6, &call), [ask(ZOOM)], "a sound server that was away for a moment, or a muted application");
    scene.0.dismiss(ZOOM);
    assert_eq!(scene.at(7, &[]), []);
    assert_eq!(scene.at(8, &call), []);
    let mut begun = Scene::new();
    begun.at(0, &call);
    begun.later(3);
    begun.0.set_begun(ZOOM);
    let closing = CallStep::Closing { application: ZOOM.to_owned(), ends_in: Duration::from_secs(20) };
    assert_eq!(begun.at(10, &[]), [closing]);
    begun.0.dismiss(ZOOM);
    assert_eq!(begun.later(30), [CallStep::End { application: ZOOM.to_owned() }], "who closes a warning was warned");
}
