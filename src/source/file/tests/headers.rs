//! WAV and its kin of larger sizes, and recorders that did not finish.

use super::*;

/// The plain WAV that the others are made of, and where its format and its samples lie.
fn plain() -> Vec<u8> {
    wav(44_100, Depth::I16, &two_seconds(44_100))
}

const FORMAT: std::ops::Range<usize> = 12..36;
const DATA: usize = 44;

/// The same as RF64: sizes of 64 bits in a chunk of their own, and a chunk behind the samples.
fn rf64(mark: &[u8], data_length: u64) -> Vec<u8> {
    let plain = plain();
    let mut file = [mark, &u32::MAX.to_le_bytes(), b"WAVEds64", &28_u32.to_le_bytes()].concat();
    file.extend([0_u64.to_le_bytes(), data_length.to_le_bytes(), 0_u64.to_le_bytes()].concat());
    file.extend(0_u32.to_le_bytes());
    file.extend(&plain[FORMAT]);
    file.extend([b"data", &u32::MAX.to_le_bytes()[..]].concat());
    file.extend(&plain[DATA..]);
    file.extend([b"LIST", &400_u32.to_le_bytes()[..], &[0x55; 400]].concat());
    file
}

/// The same as W64.
fn w64() -> Vec<u8> {
    let plain = plain();
    let chunk = |name: &[u8; 4], content: &[u8]| -> Vec<u8> {
        let guid = b"\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a";
        let mut chunk = [&name[..], guid, &(content.len() as u64 + 24).to_le_bytes(), content].concat();
        chunk.resize(chunk.len().next_multiple_of(8), 0);
        chunk
    };
    let inside = [chunk(b"fmt ", &plain[20..36]), chunk(b"junk", &[1; 5]), chunk(b"data", &plain[DATA..])].concat();
    let mut file = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00".to_vec();
    file.extend((40 + inside.len() as u64).to_le_bytes());
    file.extend(b"wave\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a");
    file.extend(inside);
    file
}

#[test]
fn larger_sizes_hold_the_same_sound() {
    let (plain, length) = (Heard::of(&plain()), plain().len() as u64 - DATA as u64);
    for (name, file) in [("RF64", rf64(b"RF64", length)), ("BW64", rf64(b"BW64", length)), ("W64", w64())] {
        assert_eq!(Heard::of(&file), plain, "{name}");
        assert_eq!(open_bytes(file).unwrap().length().map(Samples::as_ms), Some(2_000), "{name}");
    }
}

#[test]
fn a_recorder_that_died_before_it_wrote_the_sizes() {
    let whole = Heard::of(&plain());
    let mut file = plain();
    file[4..8].fill(0);
    file[40..44].fill(0);
    assert_eq!(Heard::of(&file), whole);
    // The size of the whole was written, that of the samples was not.
    file[4..8].copy_from_slice(&36_u32.to_le_bytes());
    assert_eq!(Heard::of(&file), whole);
}

#[test]
fn larger_sizes_that_are_cut_short_are_told() {
    let (file, length) = (w64(), plain().len() as u64 - DATA as u64);
    for file in [&file[..file.len() * 6 / 10], &rf64(b"RF64", length)[..200_000]] {
        assert!(matches!(Heard::of(file).notices[..], [Notice::CutShort { .. }]));
    }
}

#[test]
fn windows_media_has_its_own_sentence() {
    let file = [&b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"[..], &[0; 400]].concat();
    assert_eq!(
        refusal(file),
        "call is Windows Media (WMA, WMV), which keicho does not decode. Convert it first: ffmpeg -i call call.wav"
    );
}
