use super::*;
use crate::asr::{Missed, Transcription};
use crate::language::{self, Language};

/// What was heard of an utterance that was spoken in these runs, in milliseconds.
fn heard(track: Track, runs: &[(u64, u64)], text: &str, language: Language) -> Heard {
    let runs = runs.iter().map(|(start, end)| Span::from_ms(*start, *end)).collect();
    let said = Transcription {
        text: text.to_owned(),
        language,
        reading: language::analyze(text, language),
        written: false,
        doubtful: false,
    };
    Heard { track, runs, transcription: Ok(Some(said)) }
}

fn missed(track: Track, start: u64, end: u64) -> Heard {
    Heard { track, runs: vec![Span::from_ms(start, end)], transcription: Err(Missed::Behind) }
}

#[test]
fn a_sure_filler_counts_wherever_it_stands() {
    let one = heard(Track::Me, &[(1_000, 5_000)], "それで、えーと、来週の火曜日までに終わらせます。", Language::Ja);
    let found = filled_pauses(&one);
    assert_eq!(found.len(), 1);
    assert!(found[0].span.start >= SampleTime::from_ms(1_000) && found[0].span.end <= SampleTime::from_ms(2_500));
    assert_eq!(found[0].text, "えーと");
}

#[test]
fn a_word_that_is_also_something_else_counts_beside_a_pause() {
    let text = "来週の火曜日までに終わらせたいと思います、まあ、難しいかもしれませんが、やってみます。";
    let in_one_breath = heard(Track::Them, &[(0, 8_000)], text, Language::Ja);
    assert_eq!(filled_pauses(&in_one_breath), []);
    let with_a_pause = heard(Track::Them, &[(0, 4_100), (4_500, 8_400)], text, Language::Ja);
    assert_eq!(filled_pauses(&with_a_pause).len(), 1);
}

#[test]
fn such_a_word_alone_is_an_answer() {
    let alone = |text| filled_pauses(&heard(Track::Me, &[(0, 450)], text, Language::Ja)).len();
    assert_eq!([alone("なんか"), alone("まあ。"), alone("えーと。")], [0, 0, 1]);
}

#[test]
fn a_silence_follows_a_question_if_the_text_says_so() {
    let mut words = HeardUtterances::default();
    let since = SampleTime::from_ms(3_000);
    assert_eq!(words.follows_question(Track::Me, since), None, "nobody knows yet");
    words.push(heard(Track::Me, &[(0, 3_000)], "最近どうですか？", Language::Ja));
    assert_eq!(words.follows_question(Track::Me, since), Some(true));
    assert_eq!(words.follows_question(Track::Them, since), None);
    assert_eq!(words.follows_question(Track::Me, SampleTime::from_ms(9_000)), None, "another silence");
    words.push(heard(Track::Me, &[(8_000, 9_000)], "わかりました。", Language::Ja));
    assert_eq!(words.follows_question(Track::Me, SampleTime::from_ms(9_000)), Some(false));
    words.push(missed(Track::Me, 10_000, 11_000));
    assert_eq!(words.follows_question(Track::Me, SampleTime::from_ms(11_000)), None, "nobody listened");
}

#[test]
fn a_question_in_the_middle_ends_nothing() {
    let one = heard(Track::Me, &[(0, 6_000)], "How was it? I heard that it went well.", Language::En);
    let asked = questions(&one);
    assert_eq!(asked.len(), 1);
    assert!(!asked[0].ends_utterance && asked[0].at < SampleTime::from_ms(3_500), "{asked:?}");
    assert_eq!(ends_with_question(&one), Some(false));
    assert_eq!(
        ends_with_question(&heard(Track::Me, &[(0, 6_000)], "It went well. How was it?", Language::En)),
        Some(true)
    );
}

#[test]
fn coverage_is_what_the_recogniser_heard_of_all_that_came_back() {
    let mut words = HeardUtterances::default();
    assert_eq!(words.coverage(), None);
    words.push(heard(Track::Me, &[(0, 2_000), (2_300, 3_300)], "はい", Language::Ja));
    assert_eq!(words.coverage(), Some(1.0));
    words.push(missed(Track::Them, 5_000, 6_000));
    assert_eq!(words.coverage(), Some(0.75));
    assert_eq!(words.coverage_of(Track::Them), None, "a word alone says nothing");
    words.push(heard(Track::Me, &[(10_000, 110_000)], "はい", Language::Ja));
    words.push(heard(Track::Them, &[(110_000, 125_000)], "はい", Language::Ja));
    words.push(missed(Track::Them, 125_000, 139_000));
    assert_eq!((words.coverage_of(Track::Me), words.coverage_of(Track::Them)), (Some(1.0), Some(0.5)));
}

#[test]
fn what_a_text_says_of_the_floor() {
    let hinted = |text, language| text_hint(&heard(Track::Me, &[(0, 900)], text, language)).map(|hint| hint.kind);
    assert_eq!(hinted("うんうん、なるほど", Language::Ja), Some(TextKind::RecognizedBackchannel));
    assert!(text_hint(&heard(Track::Me, &[(0, 900)], "どうですか？", Language::Ja)).unwrap().ends_with_question);
    assert_eq!(hinted("それは違うんです", Language::Ja), Some(TextKind::Substantive));
    assert_eq!(hinted("But I disagree.", Language::En), Some(TextKind::Substantive));
    assert_eq!(hinted("針", Language::Ja), Some(TextKind::Unsure), "a recogniser may have misheard");
    let nod = heard(Track::Me, &[(0, 460)], "バイッバイッ", Language::Ja);
    assert_eq!(text_hint(&nod).map(|hint| hint.kind), Some(TextKind::Unsure), "nobody speaks so fast");
    let mut written = heard(Track::Me, &[(0, 600)], "No.", Language::En);
    assert_eq!(text_hint(&written).map(|hint| hint.kind), Some(TextKind::Unsure));
    written.transcription.as_mut().unwrap().as_mut().unwrap().written = true;
    assert_eq!(
        text_hint(&written).map(|hint| hint.kind),
        Some(TextKind::Substantive),
        "what is written down is what it is"
    );
    assert_eq!(text_hint(&missed(Track::Me, 0, 900)), None);
}

#[test]
fn what_is_decoded_again_replaces_what_stood_there_and_lines_of_a_transcript_do_not() {
    let mut words = HeardUtterances::default();
    words.push(heard(Track::Me, &[(0, 2_000), (2_300, 3_300)], "How is it today?", Language::En));
    words.push(heard(Track::Them, &[(1_000, 3_000)], "いいですね", Language::Ja));
    words.push(heard(Track::Me, &[(0, 2_000)], "今日は", Language::Ja));
    words.push(heard(Track::Me, &[(2_300, 3_300)], "どうですか", Language::Ja));
    assert_eq!(
        words.heard().iter().map(|one| one.understood().unwrap().text.as_str()).collect::<Vec<_>>(),
        ["今日は", "いいですね", "どうですか"]
    );
    let missed = Heard { transcription: Err(Missed::Failed), ..Heard::clone(&words.heard()[0]) };
    words.push(missed);
    assert_eq!(words.recognized_speech(), Some(Samples::from_ms(3_000)));
    assert_eq!(words.coverage(), Some(0.6));

    let mut lines = HeardUtterances::default();
    for text in ["One of them.", "Another of them."] {
        let mut line = heard(Track::Them, &[(0, 2_000)], text, Language::En);
        line.transcription = line.transcription.map(|said| said.map(|said| Transcription { written: true, ..said }));
        lines.push(line);
    }
    assert_eq!(lines.heard().len(), 2);
}

#[test]
fn doubtful_words_are_kept_and_count_nowhere() {
    let mut words = HeardUtterances::default();
    words.push(heard(Track::Me, &[(0, 3_000)], "来週の火曜日までに終わらせます。", Language::Ja));
    let mut one = heard(Track::Me, &[(4_000, 5_000)], "えーと、どうですか？", Language::Ja);
    one.transcription = one.transcription.map(|said| said.map(|said| Transcription { doubtful: true, ..said }));
    assert_eq!((filled_pauses(&one), questions(&one), text_hint(&one)), (Vec::new(), Vec::new(), None));
    words.push(one);
    assert_eq!(words.recognized_speech(), Some(Samples::from_secs(3)));
    assert_eq!(words.coverage(), Some(0.75));
    assert_eq!(words.follows_question(Track::Me, SampleTime::from_ms(5_000)), None, "nobody knows");
    assert_eq!(words.heard()[1].understood().map(|said| said.text.as_str()), Some("えーと、どうですか？"));
    // Decoded again, it is surer.
    words.push(heard(Track::Me, &[(4_000, 5_000)], "そうですか。", Language::Ja));
    assert_eq!(words.coverage(), Some(1.0));
}
