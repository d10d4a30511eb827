use super::*;
use crate::audio::Track;
use crate::report::summary::UtteranceEntry;
use crate::report::summary::tests::{summary, with_words};

#[test]
fn turns_are_rows() {
    assert_eq!(turns(&summary()), "speaker,start_ms,end_ms,length_ms\r\nme,10000,310000,300000\r\n");
}

#[test]
fn words_are_cues_where_they_are_kept() {
    assert_eq!(transcript(&summary()), None);
    let cues = transcript(&with_words()).unwrap();
    assert!(cues.starts_with("WEBVTT\n\n00:00:10.000 --> "), "{cues}");
    assert!(cues.contains("資料は &lt;b&gt;来週&lt;/b&gt; です。"), "{cues}");
}

#[test]
fn a_cue_ends_where_it_ends_whatever_was_said() {
    let mut call = summary();
    let text = "a\n\n00:00:01.000 --> 00:00:02.000\nb & <v Boss>".to_owned();
    call.utterances = Some(vec![UtteranceEntry { track: Track::Them, start_ms: 3_725_000, end_ms: 3_726_250, text }]);
    let cue = "a 00:00:01.000 --&gt; 00:00:02.000 b &amp; &lt;v Boss&gt;";
    assert_eq!(transcript(&call).unwrap(), format!("WEBVTT\n\n01:02:05.000 --> 01:02:06.250\n<v them>{cue}\n"));
}
