use super::*;
use crate::audio::{BLOCK_SIZE, SILENCE};
use crate::doubles::random::Random;

/// So many blocks of noise of a level.
fn noise(blocks: usize, dbfs: f32) -> Vec<Pcm> {
    let mut random = Random::new(1);
    // Evenly spread noise has a third of its greatest power.
    let loudest = 3.0_f32.sqrt() * 32_768.0 * 10.0_f32.powf(dbfs / 20.0);
    let mut next = || (loudest * random.noise() as f32) as i16;
    (0..blocks).map(|_| std::array::from_fn::<_, BLOCK_SIZE, _>(|_| next())).collect()
}

fn advice(heard: &[Pcm]) -> Option<String> {
    RoomNoise::from_blocks(heard, None).unwrap().advice(true)
}

#[test]
fn a_fan_makes_a_room_noisy() {
    let said = advice(&noise(300, -40.0)).unwrap();
    assert_eq!(said, "the room is noisy (noise at -40 dBFS). Find a quieter one, or give --vad silero to the call");
}

#[test]
fn what_has_to_be_fetched_first_is_said() {
    let said = RoomNoise::from_blocks(&noise(300, -40.0), None).unwrap().advice(false).unwrap();
    assert!(said.ends_with("fetch its network with `keicho models fetch silero`, and give --vad silero to the call"));
}

#[test]
fn a_quiet_room_is_none() {
    assert_eq!(advice(&noise(300, -65.0)), None);
    assert_eq!(advice(&vec![SILENCE; 300]), None);
    // The quietest tenth of the blocks tells.
    assert_eq!(RoomNoise::from_blocks(&noise(300, -65.0), None).unwrap().found(), "noise at -66 dBFS");
}

#[test]
fn whoever_speaks_with_a_pause_makes_no_noise() {
    let quiet = noise(40, -65.0);
    assert_eq!(advice(&[noise(130, -20.0), quiet, noise(130, -20.0)].concat()), None);
}

#[test]
fn bursts_that_pass_for_speech_are_noise_however_quiet_it_is_between_them() {
    let room = |misheard| RoomNoise { noise_dbfs: -70.0, misheard: Some(misheard) };
    assert!(room(0.3).advice(true).unwrap().contains("noise passed for speech 30 % of the time"));
    assert_eq!(room(0.1).advice(true), None);
}

#[test]
fn what_one_detector_hears_alone_is_misheard() {
    let of =
        |one: &[bool], other: &[bool]| disagreement(one.iter().copied().collect(), other.iter().copied().collect());
    assert_eq!(of(&[true, true, false, false], &[true, false, true, false]), 0.25);
    // The one that judges later says less.
    assert_eq!(of(&[true, true, true, true], &[false, true]), 0.5);
    assert_eq!(of(&[], &[]), 0.0);
}

#[test]
fn a_microphone_that_sent_nothing_says_nothing() {
    assert_eq!(RoomNoise::from_blocks(&[], None), None);
}
