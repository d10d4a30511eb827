use super::*;
use crate::audio::Track;
use crate::time::Span;

fn line(track: Track, start: u64, end: u64, text: &str) -> TrackCue {
    TrackCue { track, span: Span::from_ms(start, end), text: text.to_owned() }
}

/// Every line with its arrival, when the desk is asked each 10 ms up to `until`; then what is left.
fn heard(desk: &mut FromTranscript, until: u64) -> Vec<(u64, Track, String)> {
    let mut all = Vec::new();
    let told = |at: u64, heard: Heard| (at, heard.track, heard.understood().unwrap().text.clone());
    for now in (10..=until).step_by(10) {
        while let Some(one) = desk.poll(SampleTime::from_ms(now)) {
            all.push(told(now, one));
        }
    }
    all.extend(desk.close().into_iter().map(|one| told(0, one)));
    all
}

#[test]
fn a_line_comes_a_second_after_its_end_and_the_last_ones_at_the_calls_end() {
    let (me, them) = (Track::Me, Track::Them);
    let lines = [line(me, 0, 3_000, "long"), line(them, 500, 1_000, "short"), line(me, 3_500, 4_500, "last")];
    let mut desk = FromTranscript::new(&lines, None);
    assert_eq!(desk.status(), TranscriberStatus::Ready);
    let wanted = [(2_000, them, "short".into()), (4_000, me, "long".into()), (0, me, "last".into())];
    assert_eq!(heard(&mut desk, 4_500), wanted);
}

#[test]
fn a_call_that_is_stopped_has_no_words_of_later() {
    let lines =
        [line(Track::Me, 0, 1_000, "one"), line(Track::Them, 1_000, 2_000, "two"), line(Track::Me, 2_000, 9_000, "no")];
    let words: Vec<_> =
        heard(&mut FromTranscript::new(&lines, None), 2_500).into_iter().map(|(at, _, text)| (at, text)).collect();
    assert_eq!(words, [(2_000, "one".into()), (0, "two".into())]);
}

#[test]
fn lines_without_words_are_no_words() {
    let mut desk = FromTranscript::new(&[line(Track::Me, 0, 1_000, "")], None);
    assert_eq!((desk.status(), heard(&mut desk, 3_000)), (TranscriberStatus::Off, vec![]));
}

#[test]
fn letters_tell_the_language() {
    for text in ["はい", "ﾊｲ", "了解", "OK です", "スラックで", "ラーメン", "Q&Aの件"] {
        assert_eq!(detect_language(text), Language::Ja, "{text}");
    }
    for text in ["yes", "OK", "I met 田中 today", "100", "Anna・Lee", ""] {
        assert_eq!(detect_language(text), Language::En, "{text}");
    }
}

#[test]
fn a_line_is_read_in_its_language_unless_one_is_said() {
    let lines =
        [line(Track::Me, 0, 1_000, "どうでしたか？"), line(Track::Them, 1_000, 2_000, "It went well, thank you.")];
    let languages = |said| -> Vec<_> {
        let mut desk = FromTranscript::new(&lines, said);
        let all = (0..=300).filter_map(|at| desk.poll(SampleTime::from_ms(at * 10)));
        all.map(|one| one.understood().map(|said| (said.language, said.reading.questions.len())).unwrap()).collect()
    };
    assert_eq!(languages(None), [(Language::Ja, 1), (Language::En, 0)]);
    assert_eq!(languages(Some(Language::Ja)), [(Language::Ja, 1), (Language::Ja, 0)]);
}
