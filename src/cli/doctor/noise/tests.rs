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
    RoomNoise::from_blocks(heard).unwrap().advice()
}

#[test]
fn a_fan_makes_a_room_noisy() {
    let said = advice(&noise(300, -40.0)).unwrap();
    assert_eq!(said, "the room is noisy (noise at -40 dBFS). Find a quieter one, or a microphone nearer to your mouth");
}

#[test]
fn a_quiet_room_is_none() {
    assert_eq!(advice(&noise(300, -65.0)), None);
    assert_eq!(advice(&vec![SILENCE; 300]), None);
    // The quietest tenth of the blocks tells.
    assert_eq!(RoomNoise::from_blocks(&noise(300, -65.0)).unwrap().found(), "noise at -66 dBFS");
}

#[test]
fn whoever_speaks_with_a_pause_makes_no_noise() {
    let quiet = noise(40, -65.0);
    assert_eq!(advice(&[noise(130, -20.0), quiet, noise(130, -20.0)].concat()), None);
}

#[test]
fn without_a_block_nothing_is_known() {
    assert_eq!(RoomNoise::from_blocks(&[]), None);
}
