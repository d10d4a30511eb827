//! Recordings that are damaged, cut short, or none at all.

use super::formats::{AAC, ALAC, ALL, BARE_MP3, FLAC, MP3, OGG};
use super::*;
use crate::doubles::damage::cases;

/// A file with some bytes overwritten.
fn damaged(bytes: &[u8], at: usize, count: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..at + count].fill(0xaa);
    bytes
}

/// Where the pages of an Ogg file begin.
fn pages(bytes: &[u8]) -> Vec<usize> {
    (0..bytes.len()).filter(|&at| bytes[at..].starts_with(b"OggS")).collect()
}

#[test]
fn a_damaged_packet_is_a_hole_and_what_follows_stays_in_place() {
    // In the second beep of four, the first on the right.
    for (name, file, at, hole) in
        [("FLAC", FLAC, 5_000, (780, 840)), ("ALAC", ALAC, 6_000, (740, 840)), ("AAC", AAC, 3_250, (760, 790))]
    {
        let (whole, heard) = (Heard::of(file), Heard::of(&damaged(file, at, 60)));
        assert_eq!(heard.lost(Track::Me), [hole], "{name}");
        assert_eq!(heard.lost(Track::Them), [hole], "{name}");
        assert_eq!((heard.length_ms(), &heard.notices), (whole.length_ms(), &whole.notices), "{name}");
        for track in Track::BOTH {
            assert_eq!(heard.sounds(track).last(), whole.sounds(track).last(), "{name}");
        }
    }
}

#[test]
fn a_damaged_page_of_ogg_is_a_hole_a_page_late_at_most() {
    // Only the page after the next one says by its time that one is missing; a page holds 0.2 s here.
    let at = pages(OGG)[6];
    let (whole, heard) = (Heard::of(OGG), Heard::of(&damaged(OGG, at + 40, 60)));
    let lost = heard.lost(Track::Me);
    let [(start, end)] = lost[..] else { panic!("{lost:?}") };
    assert!((830..=1_060).contains(&start) && (200..=230).contains(&(end - start)), "{lost:?}");
    assert_eq!(heard.length_ms(), 2_000);
    assert_eq!(heard.notices, []);
    let last_end = |of: &Heard, track| of.sounds(track).last().map(|sound| sound.1);
    for track in Track::BOTH {
        assert_eq!(last_end(&heard, track), last_end(&whole, track));
    }
}

#[test]
fn a_damaged_frame_of_mp3_moves_what_follows_by_its_own_length() {
    // MP3 keeps no time: a frame whose header is gone cannot be counted.
    let (whole, heard) = (Heard::of(MP3), Heard::of(&damaged(MP3, 1_500, 60)));
    let (was, is) = (whole.sounds(Track::Me)[0].0, heard.sounds(Track::Me)[0].0);
    assert!((20..=26).contains(&(was - is)), "one frame is 24 ms; moved from {was} to {is} ms");
    assert_eq!(heard.notices, []);
}

#[test]
fn damage_at_the_very_beginning_is_a_hole_too() {
    // The first frames of the FLAC file: 14 bytes each, for silence.
    let heard = Heard::of(&damaged(FLAC, 118, 40));
    let lost = heard.lost(Track::Me);
    assert!(matches!(lost[..], [(0..=30, 80..=140)]), "{lost:?}");
    heard.beeps_within(2);
}

#[test]
fn a_recording_that_is_cut_short_is_analysed_as_far_as_it_goes() {
    let long = wav(44_100, Depth::I24, &two_seconds(44_100));
    for (name, file, part) in
        [("WAV", &long[..], 60), ("FLAC", FLAC, 60), ("MP3", MP3, 60), ("Ogg", OGG, 85), ("M4A", AAC, 60)]
    {
        let (whole, heard) = (Heard::of(file), Heard::of(&file[..file.len() * part / 100]));
        let [Notice::CutShort { path, at }] = &heard.notices[..] else { panic!("{name}: {:?}", heard.notices) };
        assert_eq!(path, Path::new("call"));
        assert!((900..1_900).contains(&heard.length_ms()), "{name}: {}", heard.length_ms());
        assert!(at.as_ms().abs_diff(heard.length_ms()) <= 10, "{name}: {at} of {}", heard.length_ms());
        assert_eq!(heard.lost(Track::Me), [], "{name}");
        assert_eq!(heard.sounds(Track::Me)[0], whole.sounds(Track::Me)[0], "{name}");
        assert_eq!(heard.sounds(Track::Them)[0], whole.sounds(Track::Them)[0], "{name}");
    }
}

#[test]
fn wherever_a_recording_is_cut_it_is_told_or_refused() {
    let long = wav(8_000, Depth::U8, &two_seconds(8_000));
    for file in [&long[..], FLAC, MP3, OGG, AAC, ALAC] {
        for part in 1..40 {
            let cut = &file[..file.len() * part / 42];
            match open_bytes(cut.to_vec()) {
                Ok(source) => {
                    let heard = Heard::all(source);
                    assert!(matches!(heard.notices[..], [Notice::CutShort { .. }]), "{part}: {:?}", heard.notices);
                }
                Err(refused) => assert!(is_sentence(&refused.to_string()), "{refused}"),
            }
        }
    }
}

#[test]
fn an_ogg_that_is_cut_between_two_pages_is_told_too() {
    for page in &pages(OGG)[4..] {
        let heard = Heard::of(&OGG[..*page]);
        assert!(matches!(heard.notices[..], [Notice::CutShort { .. }]), "at {page}: {:?}", heard.notices);
    }
}

#[test]
fn of_an_mp3_that_states_no_length_nobody_can_tell_that_it_was_cut() {
    let heard = Heard::of(&BARE_MP3[..BARE_MP3.len() * 6 / 10]);
    assert_eq!(heard.notices, []);
    assert!(heard.length_ms() > 900);
}

/// One sentence about the file, and one that says what to do.
fn is_sentence(text: &str) -> bool {
    text.starts_with("call ") && !text.contains('\n') && text.matches(". ").count() == 1
}

#[test]
fn an_m4a_without_its_index_was_not_finished() {
    let cut = ALAC[..ALAC.len() - 500].to_vec();
    assert!(refusal(cut).contains("its index is missing or damaged"), "{}", refusal(ALAC[..8_000].to_vec()));
}

#[test]
fn a_header_without_sound_is_empty() {
    let header = wav(16_000, Depth::I16, &[vec![], vec![]]);
    let cut = wav(16_000, Depth::I16, &two_seconds(16_000))[..44].to_vec();
    for bytes in [vec![], header.clone(), header[..20].to_vec(), cut, FLAC[..60].to_vec(), OGG[..3_000].to_vec()] {
        assert!(refusal(bytes.clone()).starts_with("call holds no sound"), "{}", refusal(bytes));
    }
}

#[test]
fn a_rate_that_cannot_be_is_refused() {
    for rate in [0, 1, 4_000_000_007] {
        let mut bytes = wav(16_000, Depth::I16, &two_seconds(16_000));
        bytes[24..28].copy_from_slice(&u32::to_le_bytes(rate));
        assert!(refusal(bytes).contains("is not a recording that keicho can read"), "{rate} Hz");
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn noise_is_refused_whole(seed: u64, size in 1_usize..300_000) {
        let refused = refusal(noise(seed, size));
        prop_assert!(refused.contains("it does not begin like one") && is_sentence(&refused), "{refused}");
    }

    #[test]
    fn noise_behind_a_true_beginning_gives_a_sentence_or_a_call(seed: u64, file in 0..ALL.len(), keep in 4_usize..200) {
        let bytes = [&ALL[file][..keep], &noise(seed, 60_000)[..]].concat();
        match open_bytes(bytes) {
            Ok(source) => prop_assert!(Heard::all(source).length_ms() < 60_000),
            Err(refused) => prop_assert!(is_sentence(&refused.to_string()), "{refused}"),
        }
    }

    #[test]
    fn damage_anywhere_ends_no_program(file in 0..ALL.len(), at: u64, count in 1_usize..2_000, seed: u64) {
        let mut bytes = ALL[file].to_vec();
        let at = (at % bytes.len() as u64) as usize;
        let end = bytes.len().min(at + count);
        bytes[at..end].copy_from_slice(&noise(seed, end - at));
        match open_bytes(bytes) {
            Ok(source) => prop_assert!(Heard::all(source).length_ms() < 60_000),
            Err(refused) => prop_assert!(is_sentence(&refused.to_string()), "{refused}"),
        }
    }
}

/// Bytes at random, by xorshift.
fn noise(seed: u64, size: usize) -> Vec<u8> {
    let mut state = seed | 1;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..size).map(|_| byte()).collect()
}
