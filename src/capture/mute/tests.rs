use super::*;
use crate::capture::sound_state::Microphone;

const OURS: u32 = 100;

fn stream(stream_use: StreamUse, index: u32, name: &str) -> AppStream {
    let microphone = (stream_use == StreamUse::Record).then_some(1);
    let (names, process) = (vec![name.to_owned()], Some(index));
    AppStream { stream_use, index, microphone, process, names, is_corked: false, is_muted: false }
}

fn records(index: u32, name: &str) -> AppStream {
    stream(StreamUse::Record, index, name)
}

fn plays(index: u32, name: &str) -> AppStream {
    stream(StreamUse::Play, index, name)
}

fn muted(stream: AppStream) -> AppStream {
    AppStream { is_muted: true, ..stream }
}

fn corked(stream: AppStream) -> AppStream {
    AppStream { is_corked: true, ..stream }
}

/// Our own stream, on the first microphone.
fn ours() -> AppStream {
    AppStream { process: Some(OURS), ..records(9, "Keicho") }
}

/// A judge of a call with this other side, beside Zoom and Firefox.
fn judge(them: &str) -> MuteJudge {
    let call_applications = vec!["zoom".to_owned(), "firefox".to_owned()];
    let them = them.parse().unwrap();
    MuteJudge { call_applications, them, process: OURS, sound: None, starting: Vec::new() }
}

/// Whether I am muted if the server has these streams and the first of two microphones is so.
fn hears(judge: &mut MuteJudge, microphone_is_muted: bool, streams: &[AppStream]) -> bool {
    let microphone = |index, is_muted| Microphone { index, is_muted };
    let microphones = vec![microphone(1, microphone_is_muted), microphone(2, !microphone_is_muted)];
    judge.observe(Some(SoundState { microphones, streams: streams.to_vec() }));
    judge.is_muted()
}

#[test]
fn the_microphone_that_is_recorded_is_muted_and_no_other() {
    let mut call = judge("default");
    assert!(!hears(&mut call, false, &[ours()]), "the second is muted, and not recorded");
    assert!(hears(&mut call, true, &[ours()]));
    let another_keicho = AppStream { process: Some(7), ..ours() };
    assert!(!hears(&mut call, true, &[another_keicho]));
    assert!(!hears(&mut call, true, &[records(3, "Zoom")]), "nobody of ours records");
    call.observe(None);
    assert!(!call.is_muted(), "no server, no word of it");
}

#[test]
fn the_application_that_is_the_other_side_is_muted_or_paused() {
    let mut call = judge("app:Talk");
    let talk = || records(3, "My Talk");
    assert!(!hears(&mut call, false, &[ours(), talk()]));
    assert!(hears(&mut call, false, &[ours(), muted(talk())]));
    assert!(hears(&mut call, false, &[ours(), corked(talk())]));
    assert!(
        !hears(&mut call, false, &[ours(), muted(talk()), records(4, "My Talk")]),
        "another of its streams goes out"
    );
    assert!(!hears(&mut call, false, &[ours(), talk(), muted(records(5, "Zoom"))]), "none of this call");
    assert!(!hears(&mut call, false, &[ours(), muted(plays(3, "My Talk"))]), "what it plays is the other side");
    assert!(!hears(&mut call, false, &[ours()]), "what records nothing says nothing");
}

#[test]
fn without_one_application_those_for_calls_count_that_play() {
    let mut call = judge("default");
    let zoom = || muted(records(3, "Zoom"));
    assert!(!hears(&mut call, false, &[ours(), zoom()]));
    assert!(!hears(&mut call, false, &[ours(), zoom(), corked(plays(4, "Zoom"))]));
    assert!(hears(&mut call, false, &[ours(), zoom(), plays(4, "Zoom")]));
    assert!(!hears(&mut call, false, &[ours(), muted(records(3, "Recorder")), plays(4, "Recorder")]));
    call.them = "app:Talk".parse().unwrap();
    assert!(!call.is_muted(), "the other side is another now");
}

#[test]
fn a_stream_that_begins_is_not_paused() {
    let mut call = judge("app:Talk");
    let talk = || records(3, "Talk");
    assert!(!hears(&mut call, false, &[ours()]));
    assert!(!hears(&mut call, false, &[ours(), corked(talk())]), "PipeWire has it so until it is linked");
    assert!(!hears(&mut call, false, &[ours(), talk()]));
    assert!(hears(&mut call, false, &[ours(), corked(talk())]));
    assert!(!hears(&mut call, false, &[ours(), talk()]));
    let mut late = judge("app:Talk");
    assert!(hears(&mut late, false, &[ours(), corked(talk())]), "who was paused before us is");
}

#[test]
fn an_application_that_joins_paused_is_not_known_to_be_until_it_has_run() {
    let mut call = judge("app:Talk");
    let (first, second) = (|| records(3, "Talk"), || records(4, "Talk"));
    assert!(!hears(&mut call, false, &[ours()]));
    for _ in 0..3 {
        assert!(!hears(&mut call, false, &[ours(), corked(first())]), "it looks like one that begins");
    }
    // Another of its streams is judged by itself.
    assert!(!hears(&mut call, false, &[ours(), corked(first()), second()]));
    assert!(hears(&mut call, false, &[ours(), corked(first()), muted(second())]));
    assert!(!hears(&mut call, false, &[ours(), first(), muted(second())]));
    assert!(hears(&mut call, false, &[ours(), corked(first()), muted(second())]));
    // It leaves and joins again, paused as before.
    assert!(!hears(&mut call, false, &[ours()]));
    assert!(!hears(&mut call, false, &[ours(), corked(first())]));
}
