use super::*;
use crate::audio::{Track, level_dbfs};
use crate::echo::sonora::{Aec3, Rebuilding};

/// Noise that is the same in every run.
struct Noise(u32);

impl Noise {
    fn block(&mut self, amplitude: i16) -> Pcm {
        let mut pcm = SILENCE;
        for sample in &mut pcm {
            self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *sample = (i32::from(amplitude) * ((self.0 >> 16) as i16 as i32) / 32_768) as i16;
        }
        pcm
    }
}

/// Blocks of a call: the far end is heard in the microphone `leak` times as loud, 30 ms late.
fn call(blocks: usize, leak: f32, near: impl Fn(usize) -> i16, far: impl Fn(usize) -> i16) -> Vec<Block> {
    let (mut voice, mut other, mut hiss) = (Noise(1), Noise(2), Noise(3));
    let mut played: VecDeque<Pcm> = VecDeque::from([SILENCE; 3]);
    (0..blocks)
        .map(|i| {
            let them = other.block(far(i));
            played.push_back(them);
            let echo = played.pop_front().unwrap();
            let (mut me, noise) = (voice.block(near(i)), hiss.block(20));
            for (sample, (echo, noise)) in me.iter_mut().zip(echo.iter().zip(noise)) {
                *sample = sample.saturating_add((f32::from(*echo) * leak) as i16).saturating_add(noise);
            }
            let start = SampleTime::new(i as u64 * BLOCK as u64);
            Block { start, pcm: PerTrack { me, them }, lost: PerTrack::default(), speech: None }
        })
        .collect()
}

fn clean(echo: &mut Echo, blocks: &[Block]) -> Vec<Clean> {
    let mut out: Vec<_> = blocks.iter().filter_map(|block| echo.push(block.clone())).collect();
    out.extend(std::iter::from_fn(|| echo.finish()));
    out
}

/// Far end in bursts of a second, so that a canceller hears both speech and pauses.
fn bursts(i: usize) -> i16 {
    if (i / 100).is_multiple_of(2) { 8_000 } else { 0 }
}

#[test]
fn every_block_comes_out_once_and_in_order() {
    let blocks = call(50, 0.0, |_| 500, |_| 0);
    let out = clean(&mut Echo::new(), &blocks);
    let starts = |of: &[SampleTime]| of.to_vec();
    assert_eq!(
        starts(&out.iter().map(|clean| clean.start).collect::<Vec<_>>()),
        starts(&blocks.iter().map(|block| block.start).collect::<Vec<_>>())
    );
    for (clean, block) in out.iter().zip(&blocks) {
        assert_eq!((clean.raw, clean.them, clean.lost), (block.pcm.me, block.pcm.them, block.lost));
    }
}

#[test]
fn the_three_signals_lie_at_one_time() {
    let mut canceller = Aec3::new();
    let mut noise = Noise(7);
    let (mut near, mut out) = (Vec::new(), Vec::new());
    for _ in 0..300 {
        let block = noise.block(4_000);
        out.extend(canceller.cancel(&block, &SILENCE));
        near.extend(block);
    }
    let likeness = |lag: usize| -> f64 {
        (16_000..40_000).map(|i| f64::from(near[i]) * f64::from(out[i + lag])).sum::<f64>().abs()
    };
    let best = (0..400).max_by(|a, b| likeness(*a).total_cmp(&likeness(*b))).unwrap();
    assert_eq!(best as u64, canceller.delay().count());
}

#[test]
fn a_leak_is_removed_measured_and_reported() {
    let blocks = call(3_000, 0.178, |_| 0, bursts);
    let mut echo = Echo::new();
    let out = clean(&mut echo, &blocks);
    let leak = echo.leak();
    assert!(leak.detected);
    let level = leak.level_db.unwrap();
    assert!((-18.0..=-12.0).contains(&level), "the leak is at −15 dB, measured {level}");
    assert!(leak.rejected > Samples::from_secs(8), "{:?}", leak.rejected);
    let loud =
        |pcm: &dyn Fn(&Clean) -> Pcm| out[2_000..].iter().filter(|clean| level_dbfs(&pcm(clean)) > -50.0).count();
    assert!(loud(&|clean| clean.raw) > 400);
    assert!(loud(&|clean| clean.me) < 20, "{} blocks still hold the far end", loud(&|clean| clean.me));
}

#[test]
fn a_headset_is_left_alone() {
    // Turns, and a fifth of a second of both at each.
    let blocks = call(3_000, 0.0, |i| if (i + 20) / 100 % 2 == 1 { 4_000 } else { 0 }, bursts);
    let mut echo = Echo::new();
    let out = clean(&mut echo, &blocks);
    assert!(!echo.leak().detected);
    assert_eq!(echo.leak().rejected, Samples::ZERO);
    assert!(out[2_000..].iter().all(|clean| clean.me == clean.raw), "bypassed");
}

/// A canceller that panics at one block and else takes everything away.
struct Fragile {
    blocks: u32,
}

impl Canceller for Fragile {
    fn cancel(&mut self, _: &Pcm, _: &Pcm) -> Pcm {
        self.blocks += 1;
        assert!(self.blocks != 5, "on purpose");
        SILENCE
    }

    fn delay(&self) -> Samples {
        Samples::ZERO
    }
}

#[test]
fn a_canceller_that_panics_is_built_anew_and_its_block_passes() {
    let mut canceller = Rebuilding::new(|| Fragile { blocks: 0 });
    let near = [100; BLOCK];
    let out: Vec<_> = (0..9).map(|_| canceller.cancel(&near, &SILENCE)).collect();
    let passed: Vec<_> = (0..9).filter(|i| out[*i] == near).collect();
    assert_eq!(passed, [4], "the block that failed; four later the new one would fail as its fifth");
    assert_eq!(canceller.rebuilt(), 1);
}

#[test]
fn lost_marks_stay_with_their_blocks() {
    let mut blocks = call(10, 0.0, |_| 0, |_| 0);
    blocks[4].lost[Track::Them] = true;
    let out = clean(&mut Echo::new(), &blocks);
    let lost: Vec<_> = out.iter().filter(|clean| clean.lost.them).map(Clean::span).collect();
    assert_eq!(lost, [blocks[4].span()]);
}
