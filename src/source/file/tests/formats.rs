//! Formats that a decoder is needed for. `tests/audio/make.sh` makes the recordings.

use super::*;

pub(super) const FLAC: &[u8] = include_bytes!("../../../../tests/audio/beeps.flac");
pub(super) const MP3: &[u8] = include_bytes!("../../../../tests/audio/beeps.mp3");
pub(super) const BARE_MP3: &[u8] = include_bytes!("../../../../tests/audio/bare.mp3");
pub(super) const OGG: &[u8] = include_bytes!("../../../../tests/audio/beeps.ogg");
pub(super) const AAC: &[u8] = include_bytes!("../../../../tests/audio/beeps.m4a");
pub(super) const ALAC: &[u8] = include_bytes!("../../../../tests/audio/alac.m4a");
pub(super) const ALL: [&[u8]; 6] = [FLAC, MP3, BARE_MP3, OGG, AAC, ALAC];

#[test]
fn formats_without_loss_are_exact() {
    let reference = Heard::of(&wav_of_flac());
    for (name, bytes) in [("FLAC", FLAC), ("ALAC", ALAC)] {
        let heard = Heard::of(bytes);
        heard.beeps_within(2);
        assert_eq!(heard, reference, "{name}");
        assert_eq!((heard.length_ms(), heard.lost(Track::Me)), (2_000, vec![]), "{name}");
    }
}

/// The sound of the FLAC file as a WAV, so that the whole way can be compared.
fn wav_of_flac() -> Vec<u8> {
    let mut planes = vec![Vec::new(); 2];
    let mut decoder =
        Decoder::new(Container::open(Path::new("call"), Box::new(Cursor::new(FLAC))).unwrap(), 0).unwrap();
    while decoder.read(&mut planes) == ReadOutcome::Sound {}
    let planes: Vec<Vec<f64>> = planes.iter().map(|plane| plane.iter().map(|s| f64::from(*s)).collect()).collect();
    wav(decoder.rate(), Depth::I16, &planes)
}

#[test]
fn formats_that_state_their_encoders_delay_lie_where_they_were() {
    for (name, bytes) in [("MP3", MP3), ("Ogg Vorbis", OGG)] {
        let heard = Heard::of(bytes);
        heard.beeps_within(5);
        assert_eq!((heard.length_ms(), heard.lost(Track::Me)), (2_000, vec![]), "{name}");
        assert_eq!(heard.notices, [], "{name}");
    }
}

#[test]
fn an_m4a_begins_and_ends_where_its_edit_list_says() {
    // Its encoder put 1024 frames before the sound, and filled the last packet up.
    let heard = Heard::of(AAC);
    heard.beeps_within(2);
    assert_eq!((heard.length_ms(), heard.lost(Track::Me)), (2_000, vec![]));
    assert_eq!(heard.notices, []);
}

#[test]
fn an_mp3_that_states_no_length_is_read_to_its_end() {
    // By the rate of its first frames it would be half as long.
    let heard = Heard::of(BARE_MP3);
    assert_eq!(heard.notices, []);
    let beep = BEEPS.them[1] + 500;
    let last = *heard.sounds(Track::Them).last().unwrap();
    assert!(last.0.abs_diff(beep) < 60 && last.1.abs_diff(beep + 100) < 60, "{last:?}");
}

#[test]
fn an_mp3_may_have_a_tag_or_the_rest_of_a_frame_before_it() {
    let mut tagged = b"ID3\x04\x00\x00\x00\x00\x00\x0a".to_vec();
    tagged.extend([0; 10]);
    tagged.extend(MP3);
    let torn = [&[0x55; 100], MP3].concat();
    let whole = Heard::of(MP3);
    assert_eq!(Heard::of(&tagged), whole);
    assert_eq!(Heard::of(&torn), whole);
}

#[test]
fn a_wav_that_was_written_into_a_pipe_is_read_to_its_end() {
    let mut bytes = wav(16_000, Depth::I16, &two_seconds(16_000));
    bytes[4..8].copy_from_slice(&[0xff; 4]);
    bytes[40..44].copy_from_slice(&[0xff; 4]);
    let heard = Heard::of(&bytes);
    assert_eq!((heard.length_ms(), &heard.notices[..]), (2_000, &[][..]));
    heard.beeps_within(1);
}

#[test]
fn the_length_is_known_beforehand_where_the_file_says_it() {
    for (bytes, ms) in [(FLAC, 2_000), (MP3, 2_000), (OGG, 2_000), (ALAC, 2_000)] {
        assert_eq!(open_bytes(bytes.to_vec()).unwrap().length().map(Samples::as_ms), Some(ms));
    }
    assert_eq!(open_bytes(BARE_MP3.to_vec()).unwrap().length(), None);
}
