use super::*;

/// Features of a made-up stream: bands that rise and fall about their means, each in its own time.
fn features(frame: usize, stream: usize) -> [f32; BANDS] {
    array::from_fn(|band| {
        let at = (frame * (band % 7 + 1) + 31 * stream + 5 * band) as f32 / 9.0;
        WEIGHTS.means[band] + 1.5 * at.sin() / WEIGHTS.inverse_deviations[band]
    })
}

/// The bits of the logits of two streams.
fn bits(network: &DfsmnNetwork, frames: usize) -> Vec<[u32; 2]> {
    let [mut one, mut other] = [DfsmnState::new(), DfsmnState::new()];
    let both = |frame| network.logits([(&mut one, &features(frame, 0)), (&mut other, &features(frame, 1))]);
    (0..frames).map(both).map(|logits| logits.map(f32::to_bits)).collect()
}

#[test]
fn processors_of_all_kinds_give_the_same_bits() {
    let best = bits(DfsmnNetwork::shared(), 60);
    assert!(best.windows(2).all(|pair| pair[0] != pair[1]), "the frames differ");
    let level = Level::new();
    let mut levels = vec![Level::baseline()];
    #[cfg(target_arch = "x86_64")]
    levels.extend([level.as_sse4_2().map(Level::Sse4_2), level.as_avx2().map(Level::Avx2)].into_iter().flatten());
    for lesser in levels {
        assert_eq!(bits(&DfsmnNetwork::on(lesser), 60), best, "{lesser:?} beside {level:?}");
    }
}

#[test]
fn a_stream_is_heard_alone_as_it_is_beside_another() {
    let network = DfsmnNetwork::shared();
    let together = bits(network, 60);
    for stream in [0, 1] {
        let mut state = DfsmnState::new();
        let alone: Vec<u32> =
            (0..60).map(|frame| network.logits([(&mut state, &features(frame, stream))])[0].to_bits()).collect();
        assert_eq!(alone, together.iter().map(|logits| logits[stream]).collect::<Vec<_>>());
    }
}
