//! Files that are no transcripts, or nearly: always one sentence, never a panic.

use proptest::prelude::*;

use super::*;
use crate::audio::BLOCK_DURATION;
use crate::doubles::damage::cases;

const ENDINGS: [&str; 6] = ["call.vtt", "call.rttm", "call.csv", "call.json", "call.txt", "call"];

/// Files that can be read, to be damaged.
const WHOLE: [&[u8]; 10] = [
    include_bytes!("../../../../tests/transcripts/zoom.vtt"),
    include_bytes!("../../../../tests/transcripts/teams.vtt"),
    include_bytes!("../../../../tests/transcripts/talk.rttm"),
    include_bytes!("../../../../tests/transcripts/talk.csv"),
    include_bytes!("../../../../tests/transcripts/talk.json"),
    include_bytes!("../../../../tests/transcripts/webex.vtt"),
    include_bytes!("../../../../tests/transcripts/otter.txt"),
    include_bytes!("../../../../tests/transcripts/notta.txt"),
    include_bytes!("../../../../tests/transcripts/zoom_captions.txt"),
    include_bytes!("../../../../tests/transcripts/meet.txt"),
];

#[test]
fn what_holds_nothing() {
    for (name, bytes, said) in [
        ("a.vtt", &b""[..], "a.vtt is empty. Export the transcript again"),
        ("a.csv", b"\xef\xbb\xbf \r\n", "a.csv is empty. Export the transcript again"),
        ("a.vtt", b"WEBVTT\n", "a.vtt holds no speech. Export the transcript again, with its times"),
        (
            "a.json",
            b"[]",
            "a.json: there is no list of entries with start, end and speaker in it. Export the transcript \
                           with its times",
        ),
        ("a.vtt", b"\x00\x01\xff\xfd", "a.vtt is not text in UTF-8, UTF-16 or Shift_JIS. Save the transcript as UTF-8"),
        (
            "a.txt",
            b"Minutes\n",
            "a.txt is no transcript that keicho can read. Give WebVTT, SubRip, RTTM, CSV or JSON with start, end, \
             speaker and text, or the text of Otter, Notta or Zoom's captions",
        ),
    ] {
        assert_eq!(refusal(name, bytes), said);
    }
}

#[test]
fn what_does_not_tell_two_sides() {
    assert_eq!(
        refusal("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n"),
        "a.vtt names no speakers: nothing can be said of two sides. Export it with the speakers' names"
    );
    assert_eq!(
        refusal("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Aoki Ken>hello</v>\n"),
        "a.vtt names only Aoki Ken: nothing can be said of two sides. Give a transcript of both"
    );
}

#[test]
fn names_and_quotes_are_one_line_and_not_endless() {
    let name = "A\u{1b}[31m\n".repeat(1_000);
    let said =
        refusal("a.json", format!("[{{\"start\":0,\"end\":1,\"speaker\":{name:?}}}]").replace("\\u{1b}", "\\u001b"));
    assert!(said.len() < 400 && !said.contains(char::is_control), "{said}");
    let said = refusal("a.csv", format!("start,end,speaker\n{},1,A\n", "x".repeat(10_000)));
    assert!(said.len() < 400, "{said}");
}

/// Whatever is read holds the promises of a transcript.
fn judge(name: &str, bytes: &[u8]) {
    match parse(name, bytes) {
        Err(error) => assert!(!error.to_string().contains('\n'), "{error}"),
        Ok(transcript) => {
            assert!(transcript.speakers().len() > 1);
            let mut ends = vec![SampleTime::ZERO; transcript.speakers().len()];
            let mut start = SampleTime::ZERO;
            for cue in transcript.cues() {
                assert!(cue.span.start >= start && !cue.span.is_empty(), "in order");
                assert!(cue.span.start >= ends[cue.speaker], "one speaker never overlaps");
                assert_eq!(
                    (cue.span.start.count() % BLOCK_DURATION.count(), cue.span.end.count() % BLOCK_DURATION.count()),
                    (0, 0)
                );
                assert!(cue.span.end <= SampleTime::from_ms(86_400_000) && !cue.text.contains(char::is_control));
                (start, ends[cue.speaker]) = (cue.span.start, cue.span.end);
            }
        }
    }
}

#[test]
fn every_beginning_of_a_file_is_read_or_refused() {
    for whole in WHOLE {
        for end in 0..whole.len() {
            for name in ENDINGS {
                judge(name, &whole[..end]);
            }
        }
    }
}

/// What transcripts are made of, in no order.
fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop_oneof![
        Just("WEBVTT\n\n"),
        Just("NOTE "),
        Just(" --> "),
        Just("-->"),
        Just("00:00:01.000"),
        Just("1:02,5"),
        Just("99:59"),
        Just("<v "),
        Just("</v>"),
        Just("<"),
        Just(">"),
        Just("&amp;"),
        Just("&#x110000;"),
        Just("&"),
        Just(";"),
        Just("SPEAKER f 1 "),
        Just("<NA> <NA> A <NA> <NA>\n"),
        Just("1.5 "),
        Just("start,end,speaker\n"),
        Just(","),
        Just("\""),
        Just("sep=;\n"),
        Just("\t"),
        Just("[{\"start\":"),
        Just("\"end\":"),
        Just("\"speaker\":"),
        Just("}"),
        Just("]"),
        Just("{"),
        Just("1e308"),
        Just("-1"),
        Just("A: "),
        Just("A  0:01\n"),
        Just("[B] 23:59:59\n"),
        Just("00:05:00\n"),
        Just("田中："),
        Just("\n"),
        Just("\r\n"),
        Just(" "),
        Just("\u{feff}"),
        Just("18446744073709551615"),
    ];
    proptest::collection::vec(scrap, 0..40).prop_map(|scraps| scraps.concat())
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300), name in 0_usize..6) {
        judge(ENDINGS[name], &bytes);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}", name in 0_usize..6) {
        judge(ENDINGS[name], text.as_bytes());
    }

    #[test]
    fn scraps_of_transcripts_are_read_or_refused(text in scraps(), name in 0_usize..6) {
        judge(ENDINGS[name], text.as_bytes());
    }

    #[test]
    fn damaged_files_are_read_or_refused(
        whole in 0_usize..10,
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>(), 0_u8..3), 1..8),
        name in 0_usize..6,
    ) {
        let mut bytes = WHOLE[whole].to_vec();
        for (at, byte, kind) in damage {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        judge(ENDINGS[name], &bytes);
    }
}
