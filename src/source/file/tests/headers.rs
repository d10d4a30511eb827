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

/// A Matroska element whose length takes eight bytes.
fn element(id: &[u8], content: &[u8]) -> Vec<u8> {
    [id, &(0x0100_0000_0000_0000 | content.len() as u64).to_be_bytes(), content].concat()
}

/// A Matroska file with as many audio tracks, of which the first has two seconds in one cluster of many blocks.
fn matroska(tracks: u8) -> Vec<u8> {
    let entry = |number: u8| {
        let audio =
            [element(&[0xb5], &16_000_f64.to_be_bytes()), element(&[0x9f], &[2]), element(&[0x62, 0x64], &[16])];
        element(
            &[0xae],
            &[
                element(&[0xd7], &[number]),
                element(&[0x73, 0xc5], &[number]),
                element(&[0x83], &[2]),
                element(&[0x86], b"A_PCM/INT/LIT"),
                element(&[0xe1], &audio.concat()),
            ]
            .concat(),
        )
    };
    let pcm = wav(16_000, Depth::I16, &two_seconds(16_000))[DATA..].to_vec();
    let block = |(at, part): (usize, &[u8])| {
        let ms = (at as u16 * 100).to_be_bytes();
        element(&[0xa3], &[&[0x81], &ms[..], &[0x80], part].concat())
    };
    let blocks: Vec<u8> = pcm.chunks(6_400).enumerate().flat_map(block).collect();
    let scale = element(&[0x2a, 0xd7, 0xb1], &1_000_000_u32.to_be_bytes());
    let apps = [element(&[0x4d, 0x80], b"test"), element(&[0x57, 0x41], b"test")].concat();
    let info = element(&[0x15, 0x49, 0xa9, 0x66], &[scale, apps].concat());
    let all: Vec<u8> = (1..=tracks).flat_map(entry).collect();
    let cluster = element(&[0x1f, 0x43, 0xb6, 0x75], &[element(&[0xe7], &[0]), blocks].concat());
    let segment = [info, element(&[0x16, 0x54, 0xae, 0x6b], &all), cluster].concat();
    let head = [element(&[0x42, 0x82], b"matroska"), element(&[0x42, 0x87], &[4]), element(&[0x42, 0x85], &[2])];
    [element(&[0x1a, 0x45, 0xdf, 0xa3], &head.concat()), element(&[0x18, 0x53, 0x80, 0x67], &segment)].concat()
}

#[test]
fn of_several_audio_tracks_none_is_taken_silently() {
    Heard::of(&matroska(1)).beeps_within(2);
    for tracks in [2, 3] {
        let said = refusal(matroska(tracks));
        assert!(said.starts_with(&format!("call has {tracks} audio tracks, and which of them")), "{said}");
    }
}
