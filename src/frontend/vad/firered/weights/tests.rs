use sha2::Digest as _;

use super::*;

#[test]
fn the_file_is_the_one_that_the_script_makes() {
    let digest = sha2::Sha256::digest(include_bytes!("../../../../../models/firered/stream_vad.bin"));
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, "d6753a4237afe7cdd2b53ddeab6901c3ad614f3277fd25f2a6ffedbd35f6819e");
    let script = include_str!("../../../../../models/firered/make.py");
    assert!(script.contains(&digest), "the script makes another file");
}

#[test]
fn every_number_of_the_file_is_used() {
    let any = |tiles: &[[f32; TILE]]| tiles.iter().flatten().any(|weight| *weight != 0.0);
    assert!(WEIGHTS.input.tiles.iter().all(|tile| any(tile)) && WEIGHTS.output.tiles.iter().all(|tile| any(tile)));
    assert_eq!(WEIGHTS.output_weights[HIDDEN - 1].to_bits() & 0x1fff, 0, "a half has no more digits");
    assert_ne!(WEIGHTS.output_weights[HIDDEN - 1], 0.0, "the last one of the file");
}
