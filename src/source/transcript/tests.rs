use std::path::Path;

use super::*;
use crate::time::SampleTime;

mod broken;
mod choice;
mod paragraphs;
mod source;
mod tables;
mod webvtt;

fn parse(name: &str, bytes: &[u8]) -> Result<Transcript, TranscriptError> {
    Transcript::parse(Path::new(name), bytes)
}

/// Every cue as `name 1.00-2.50 words`.
fn cues(name: &str, bytes: impl AsRef<[u8]>) -> Vec<String> {
    let transcript = parse(name, bytes.as_ref()).unwrap();
    let seconds = |at: SampleTime| at.as_ms() as f64 / 1000.0;
    let cue = |cue: &Cue| {
        let name = &transcript.speakers()[cue.speaker].name;
        format!("{name} {:.2}-{:.2} {}", seconds(cue.span.start), seconds(cue.span.end), cue.text).trim_end().to_owned()
    };
    transcript.cues().iter().map(cue).collect()
}

/// What is said of a transcript that cannot be taken.
fn refusal(name: &str, bytes: impl AsRef<[u8]>) -> String {
    parse(name, bytes.as_ref()).unwrap_err().to_string()
}

#[test]
fn cues_are_put_in_order() {
    let rows = "start,end,speaker,text\n5,6,B,three\n1,2,A,one\n3,4,B,two\n";
    assert_eq!(cues("call.csv", rows), ["A 1.00-2.00 one", "B 3.00-4.00 two", "B 5.00-6.00 three"]);
}

#[test]
fn what_overlaps_of_one_speaker_is_joined() {
    let rows = "start,end,speaker,text\n1,3,A,one\n2,2.5,B,yes\n2.9,4,A,two\n3.5,3.8,A,two\n4,5,A,three\n";
    assert_eq!(cues("call.csv", rows), ["A 1.00-4.00 one two two", "B 2.00-2.50 yes", "A 4.00-5.00 three"]);
}

#[test]
fn one_cue_that_stands_twice_is_said_once() {
    let rows = "start,end,speaker,text\n1,3,A,one\n1,3,A,one\n3,4,B,yes\n";
    assert_eq!(cues("call.csv", rows), ["A 1.00-3.00 one", "B 3.00-4.00 yes"]);
}

#[test]
fn edges_are_rounded_to_blocks_and_what_is_shorter_is_gone() {
    let rows = "start,end,speaker\n1.004,1.996,A\n2.0151,3,B\n4.001,4.004,C\n5,5,D\n";
    assert_eq!(cues("call.csv", rows), ["A 1.00-2.00", "B 2.02-3.00"]);
}

#[test]
fn speakers_stand_in_the_order_of_their_first_words_with_their_talk() {
    let transcript = parse("call.csv", b"start,end,speaker\n4,5,A\n1,3,B\n3,4,C\n6,8,A\n").unwrap();
    let speakers: Vec<_> = transcript.speakers().iter().map(|one| (one.name.as_str(), one.talk.as_ms())).collect();
    assert_eq!(speakers, [("B", 2_000), ("C", 1_000), ("A", 3_000)]);
}

#[test]
fn a_name_in_another_case_or_width_is_the_same_person() {
    let rows = "start,end,speaker\n1,2,Aoki Ken\n2,3,田中\n3,4,ＡＯＫＩ　Ｋｅｎ\n4,5, aoki  ken \n";
    assert_eq!(
        cues("call.csv", rows),
        ["Aoki Ken 1.00-2.00", "田中 2.00-3.00", "Aoki Ken 3.00-4.00", "Aoki Ken 4.00-5.00"]
    );
}

/// The same words in every character set.
#[test]
fn characters_are_read_however_they_are_written() {
    let text = "start,end,speaker,text\n0,1,青木,こんにちは\n1,2,田中,ﾊｲ～\n";
    let wanted = ["青木 0.00-1.00 こんにちは", "田中 1.00-2.00 ﾊｲ～"];
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    let shift_jis = encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
    for bytes in [
        text.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        shift_jis,
        text.replace('\n', "\r\n").into_bytes(),
        text.replace('\n', "\r").into_bytes(),
    ] {
        assert_eq!(cues("call.csv", &bytes), wanted, "{:?}", &bytes[..8]);
    }
}

/// A file is known by its beginning even where that is cut through a character.
#[test]
fn a_long_file_is_known_by_its_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("call.dat");
    let rows: String = (0..4_000).map(|at| format!("{at},{},A,そうですね、それは\n", at + 1)).collect();
    let text = format!("start,end,speaker,text\n{rows}");
    let marked = format!("\u{feff}{text}");
    let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let shift_jis = encoding_rs::SHIFT_JIS.encode(&text).0.into_owned();
    for shift in 0..6 {
        for bytes in [text.as_bytes(), marked.as_bytes(), &utf16, &shift_jis] {
            // Blank lines before the header move the cut.
            let lead: Vec<u8> = if bytes == utf16 { Vec::new() } else { b"\n".repeat(shift) };
            let mark = if bytes == marked.as_bytes() { 3 } else { 0 };
            std::fs::write(&path, [&bytes[..mark], &lead, &bytes[mark..]].concat()).unwrap();
            assert!(Transcript::is_transcript(&path), "{shift} {:?}", &bytes[..8]);
        }
    }
}

#[test]
fn a_recording_is_no_transcript_whatever_it_is_called() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [("call.vtt", &b"RIFF\x24\0\0\0WAVEfmt "[..]), ("call.json", b"fLaC\0\0\0\x22")] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        assert!(!Transcript::is_transcript(&path), "{name}");
    }
    assert!(!Transcript::is_transcript(folder.path()), "a folder");
    assert!(!Transcript::is_transcript(&folder.path().join("nowhere.vtt")));
}
