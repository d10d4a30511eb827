use super::*;
use crate::audio::{BLOCK_SIZE, level_dbfs};

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

/// How the far end gets into the microphone.
#[derive(Clone, Copy)]
struct Way {
    /// How many times as loud as the far end, at each block.
    leak: fn(usize) -> f32,
    /// How many blocks after the far end; negative where the far end's own track is late.
    late: isize,
    /// Where a loudspeaker clips.
    clips: f32,
    /// Which room it is.
    room: u32,
    /// Whether the far end is coloured as a voice is, another way every 120 ms, rather than white.
    voice: bool,
}

const HEADSET: Way = Way { leak: |_| 0.0, late: 3, clips: f32::MAX, room: 9, voice: false };
/// A leak at −15 dB, 30 ms late.
const SPEAKERS: Way = Way { leak: |_| 0.178, ..HEADSET };

/// Blocks of a call in a room of 0.3 s.
fn call(blocks: usize, way: Way, near: impl Fn(usize) -> i16, far: impl Fn(usize) -> i16) -> Vec<Block> {
    let (mut voice, mut other, mut hiss) = (Noise(1), Noise(2), Noise(3));
    let (mut room, mut colour) = (Room::new(way.room), Resonance::default());
    let mut played: VecDeque<_> = (0..-way.late).map(|_| SILENCE).collect();
    let mut echoes: VecDeque<_> = (0..way.late).map(|_| [0.0; BLOCK_SIZE]).collect();
    (0..blocks)
        .map(|i| {
            let said = other.block(far(i));
            let said = if way.voice { colour.pass(i, &said) } else { said };
            played.push_back(said);
            echoes.push_back(room.ring(&said.map(|sample| f32::from(sample).clamp(-way.clips, way.clips))));
            let (them, echo) = (played.pop_front().unwrap(), echoes.pop_front().unwrap());
            let (mut me, noise) = (voice.block(near(i)), hiss.block(20));
            for (sample, (echo, noise)) in me.iter_mut().zip(echo.iter().zip(noise)) {
                *sample = sample.saturating_add((echo * (way.leak)(i)) as i16).saturating_add(noise);
            }
            let start = SampleTime::new(i as u64 * BLOCK_SIZE as u64);
            Block { start, pcm: PerTrack { me, them }, lost: PerTrack::default(), speech: None }
        })
        .collect()
}

/// One formant that moves.
#[derive(Default)]
struct Resonance([f32; 2]);

impl Resonance {
    fn pass(&mut self, block: usize, pcm: &Pcm) -> Pcm {
        let hz = [400.0, 1_900.0, 700.0, 2_600.0, 1_100.0, 500.0, 3_200.0][block / 12 % 7];
        let turn = 2.0 * (std::f32::consts::TAU * hz / 16_000.0).cos();
        pcm.map(|sample| {
            let out = 0.2 * f32::from(sample) + 0.97 * turn * self.0[0] - 0.94 * self.0[1];
            self.0 = [out, self.0[0]];
            out as i16
        })
    }
}

/// A room that keeps the level of what sounds in it: a direct path, and reflections that decay by 60 dB in 0.3 s.
struct Room {
    response: Vec<(usize, f32)>,
    heard: VecDeque<f32>,
}

impl Room {
    fn new(seed: u32) -> Self {
        let mut noise = Noise(seed);
        let mut response: Vec<_> = (0..30)
            .flat_map(|block| noise.block(1_000).into_iter().step_by(8).enumerate().map(move |(i, at)| (block, i, at)))
            .map(|(block, i, at)| {
                let delay = block * BLOCK_SIZE + i * 8;
                (delay, f32::from(at) * 10_f32.powf(-3.0 * delay as f32 / 4_800.0))
            })
            .collect();
        response[0].1 = 2_000.0;
        let power: f32 = response.iter().map(|(_, at)| at * at).sum();
        response.iter_mut().for_each(|(_, at)| *at /= power.sqrt());
        Self { response, heard: VecDeque::from(vec![0.0; 31 * BLOCK_SIZE]) }
    }

    fn ring(&mut self, pcm: &[f32; BLOCK_SIZE]) -> [f32; BLOCK_SIZE] {
        self.heard.drain(..BLOCK_SIZE);
        self.heard.extend(pcm);
        let now = self.heard.make_contiguous();
        std::array::from_fn(|i| {
            let at = 30 * BLOCK_SIZE + i;
            self.response.iter().map(|(delay, gain)| now[at - delay] * gain).sum()
        })
    }
}

fn clean(echo: &mut EchoStage, blocks: &[Block]) -> Vec<CleanBlock> {
    let mut out: Vec<_> = blocks.iter().flat_map(|block| echo.push(block.clone())).collect();
    out.extend(echo.finish());
    out
}

/// Far end in bursts of a second, so that a canceller hears both speech and pauses.
fn bursts(i: usize) -> i16 {
    if (i / 100).is_multiple_of(2) { 8_000 } else { 0 }
}

#[test]
fn every_block_comes_out_once_and_in_order() {
    let blocks = call(50, HEADSET, |_| 500, |_| 0);
    let out = clean(&mut EchoStage::new(), &blocks);
    let starts = |of: &[SampleTime]| of.to_vec();
    assert_eq!(
        starts(&out.iter().map(|clean| clean.start).collect::<Vec<_>>()),
        starts(&blocks.iter().map(|block| block.start).collect::<Vec<_>>())
    );
    for (clean, block) in out.iter().zip(&blocks) {
        assert_eq!((clean.raw, clean.lost), (block.pcm, block.lost));
    }
}

#[test]
fn a_leak_is_removed_measured_and_reported() {
    let blocks = call(3_000, SPEAKERS, |_| 0, bursts);
    let mut echo = EchoStage::new();
    let out = clean(&mut echo, &blocks);
    let leak = echo.leak();
    assert!(leak.detected);
    let level = leak.level_db.unwrap();
    assert!((-18.0..=-12.0).contains(&level), "the leak is at −15 dB, measured {level}");
    assert!(leak.rejected > Samples::from_secs(8), "{:?}", leak.rejected);
    assert!(loud(&out[2_000..], |clean| clean.raw.me) > 400);
    assert!(
        loud(&out[2_000..], |clean| clean.pcm.me) < 20,
        "{} blocks still hold it",
        loud(&out, |clean| clean.pcm.me)
    );
    let delay = leak.delay_ms.unwrap();
    assert!((25..=55).contains(&delay), "the leak is 30 ms late, measured {delay}");
}

/// Blocks in which somebody is heard.
fn loud(out: &[CleanBlock], pcm: impl Fn(&CleanBlock) -> Pcm) -> usize {
    out.iter().filter(|clean| level_dbfs(&pcm(clean)) > -50.0).count()
}

/// Turns, and a fifth of a second of both at each.
fn turns(i: usize) -> i16 {
    if (i + 20) / 100 % 2 == 1 { 4_000 } else { 0 }
}

#[test]
fn a_headset_is_left_alone() {
    let blocks = call(3_000, HEADSET, turns, bursts);
    let mut echo = EchoStage::new();
    let out = clean(&mut echo, &blocks);
    assert!(!echo.leak().detected);
    assert_eq!(echo.leak().rejected, Samples::ZERO);
    let touched: Vec<_> = (0..out.len()).filter(|i| out[*i].pcm != out[*i].raw).collect();
    assert!(out.iter().all(|clean| clean.echo_only == PerTrack::default()));
    assert!(touched.iter().all(|i| *i < 450), "two bursts of the far end tell it: {:?}", touched.last());
}

#[test]
fn before_the_far_end_first_speaks_the_microphone_is_left_alone() {
    let blocks = call(1_000, SPEAKERS, |_| 3_000, |i| if i < 600 { 0 } else { bursts(i) });
    let out = clean(&mut EchoStage::new(), &blocks);
    assert!(out[..600].iter().all(|clean| clean.pcm == clean.raw));
}

#[test]
fn faint_crosstalk_of_a_headset_is_not_worth_cancelling() {
    let crosstalk = Way { leak: |_| 0.003, ..HEADSET };
    let mut echo = EchoStage::new();
    let out = clean(&mut echo, &call(3_000, crosstalk, turns, bursts));
    assert!(!echo.leak().detected);
    assert!(out[1_500..].iter().all(|clean| clean.pcm == clean.raw));
}

#[test]
fn a_leak_that_comes_before_its_reference_is_removed_and_every_time_stays() {
    // The manager says one word in the last pause of the far end.
    let blocks =
        call(3_000, Way { late: -6, ..SPEAKERS }, |i| if (2_940..2_960).contains(&i) { 4_000 } else { 0 }, bursts);
    let mut echo = EchoStage::new();
    let out = clean(&mut echo, &blocks);
    let delay = echo.leak().delay_ms.unwrap();
    assert!((-65..=-35).contains(&delay), "the leak is 60 ms early, measured {delay}");
    assert_eq!(out.len(), blocks.len());
    for (clean, block) in out.iter().zip(&blocks) {
        assert_eq!((clean.start, clean.raw), (block.start, block.pcm));
    }
    assert!(loud(&out[1_000..2_900], |clean| clean.raw.me) > 900);
    assert!(loud(&out[1_000..2_900], |clean| clean.pcm.me) < 40, "{}", loud(&out[1_000..2_900], |clean| clean.pcm.me));
    let word: Vec<_> = (2_920..3_000).filter(|i| level_dbfs(&out[*i].pcm.me) > -40.0).collect();
    assert_eq!((word.first(), word.last()), (Some(&2_940), Some(&2_959)));
}

#[test]
fn a_headset_waits_for_the_first_verdict_alone() {
    let mut echo = EchoStage::new();
    let blocks = call(2_000, HEADSET, turns, bursts);
    let mut late = Vec::new();
    for block in &blocks {
        late.extend(echo.push(block.clone()).iter().map(|clean| block.start - clean.start));
    }
    assert_eq!(late.len(), blocks.len() - 1);
    let waits = |late: &[Samples]| late.iter().max().copied().unwrap_or_default();
    assert!(waits(&late) <= Samples::from_ms(2_500), "for the first verdict: {:?}", waits(&late));
    assert!(late[500..].iter().all(|late| *late == BLOCK_DURATION));
}

#[test]
fn a_loudspeaker_that_clips_is_not_the_manager() {
    let clipped = Way { clips: 3_000.0, leak: |_| 0.3, ..HEADSET };
    let out = clean(&mut EchoStage::new(), &call(3_000, clipped, |_| 0, bursts));
    let left = loud(&out[1_000..], |clean| clean.pcm.me);
    assert!(left < 40, "{left} blocks still hold the far end");
}

#[test]
fn a_leak_that_ends_in_mid_call_is_noticed() {
    let unplugged = Way { leak: |i| if i < 2_000 { 0.178 } else { 0.0 }, ..HEADSET };
    let mut echo = EchoStage::new();
    let out = clean(&mut echo, &call(4_000, unplugged, turns, bursts));
    assert!(!echo.leak().detected);
    let touched = (2_000..out.len()).rfind(|i| out[*i].pcm != out[*i].raw).unwrap();
    assert!(touched < 3_200, "within six bursts of the far end, not {touched}");
}

#[test]
fn a_leak_that_begins_in_mid_call_is_noticed() {
    let plugged = Way { leak: |i| if i < 2_000 { 0.0 } else { 0.178 }, ..HEADSET };
    let mut echo = EchoStage::new();
    let out = clean(&mut echo, &call(4_000, plugged, |_| 0, bursts));
    assert!(echo.leak().detected);
    let last = (2_000..out.len()).rfind(|i| level_dbfs(&out[*i].pcm.me) > -50.0).unwrap();
    assert!(last < 2_300, "within the second burst of the far end, not {last}");
}

#[test]
fn a_volume_that_is_turned_up_is_followed() {
    let turned_up = Way { leak: |i| if i < 2_000 { 0.056 } else { 0.316 }, ..HEADSET };
    let out = clean(&mut EchoStage::new(), &call(4_000, turned_up, |_| 0, bursts));
    let left = loud(&out[2_400..], |clean| clean.pcm.me);
    assert!(left < 40, "{left} blocks still hold the far end");
}

/// A microphone that is carried to another place after 20 s.
fn moved(blocks: usize, near: impl Fn(usize) -> i16) -> Vec<Block> {
    let place = |room, late| call(blocks, Way { room, late, voice: true, ..SPEAKERS }, &near, bursts);
    let (mut before, after) = (place(9, 3), place(4, 5));
    before.splice(2_000.., after.into_iter().skip(2_000));
    before
}

#[test]
fn what_a_microphone_that_is_moved_hears_at_its_new_place_is_still_the_leak() {
    let out = clean(&mut EchoStage::new(), &moved(3_000, |_| 0));
    let passes: Vec<_> =
        (2_000..3_000).filter(|i| level_dbfs(&out[*i].raw.me) > -50.0 && !out[*i].echo_only.me).collect();
    // The first blocks of each burst are loud before a filter of blocks can know.
    assert!(passes.len() < 80, "{passes:?}");
}

#[test]
fn who_speaks_over_a_leak_is_heard_whole_and_within_a_second() {
    let near = |i: usize| if i > 1_000 && (40..140).contains(&(i % 300)) { 2_000 } else { 0 };
    for blocks in [call(4_000, SPEAKERS, near, bursts), moved(4_000, near)] {
        let (mut echo, mut out, mut late) = (EchoStage::new(), Vec::new(), Samples::ZERO);
        for (i, block) in blocks.iter().enumerate() {
            for clean in echo.push(block.clone()) {
                late = late.max(if i < 1_000 { Samples::ZERO } else { block.start - clean.start });
                out.push(clean);
            }
        }
        let said: Vec<_> = (1_000..3_990).filter(|i| near(*i) > 0).collect();
        let heard = said.iter().filter(|i| !out[**i].echo_only.me && level_dbfs(&out[**i].pcm.me) > -35.0).count();
        assert!(heard >= said.len() * 95 / 100, "{heard} of {}", said.len());
        assert!(late <= Samples::from_ms(1_030), "{late:?}");
    }
}

#[test]
fn words_louder_than_any_leak_stay_as_loud() {
    let near = |i: usize| if i >= 2_000 && (20..80).contains(&(i % 200)) { 12_000 } else { 0 };
    let out = clean(&mut EchoStage::new(), &call(3_000, Way { leak: |_| 0.056, ..HEADSET }, near, bursts));
    let said: Vec<_> = (2_000..3_000).filter(|i| near(*i) > 0).collect();
    let whole = |clean: &CleanBlock| level_dbfs(&clean.pcm.me) > level_dbfs(&clean.raw.me) - 1.0 && !clean.echo_only.me;
    let heard = said.iter().filter(|i| whole(&out[**i])).count();
    assert!(heard >= said.len() * 95 / 100, "{heard} of {}", said.len());
}

#[test]
fn lost_marks_stay_with_their_blocks() {
    let mut blocks = call(10, HEADSET, |_| 0, |_| 0);
    blocks[4].lost[Track::Them] = true;
    let out = clean(&mut EchoStage::new(), &blocks);
    let lost: Vec<_> = out.iter().filter(|clean| clean.lost.them).map(CleanBlock::span).collect();
    assert_eq!(lost, [blocks[4].span()]);
}

#[test]
fn what_was_learned_before_a_call_holds_from_its_first_block() {
    let heard = call(900, SPEAKERS, |_| 0, bursts);
    let (before, after) = heard.split_at(800);
    let mut stage = EchoStage::new();
    for block in before {
        let _ = stage.push(block.clone());
    }
    let mut stage = stage.begin_call();
    assert!(stage.leak().detected);

    let begin = after[0].start;
    let after: Vec<Block> =
        after.iter().map(|block| Block { start: SampleTime::ZERO + (block.start - begin), ..block.clone() }).collect();
    let out = clean(&mut stage, &after);
    assert_eq!(out.len(), after.len(), "nothing of before the call comes out, and nothing of it is lost");
    for (clean, block) in out.iter().zip(&after) {
        assert_eq!((clean.start, clean.raw), (block.start, block.pcm));
    }

    let removed_db = |out: &[CleanBlock]| {
        let power = |pcm: &Pcm| pcm.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
        let raw: f64 = out.iter().map(|clean| power(&clean.raw.me)).sum();
        let me: f64 = out.iter().map(|clean| power(&clean.pcm.me)).sum();
        10.0 * (raw / me).log10()
    };
    let (kept, anew) = (removed_db(&out[..50]), removed_db(&clean(&mut EchoStage::new(), &after)[..50]));
    assert!(
        kept > 10.0 && kept > anew + 3.0,
        "the first half second: {kept} dB, by a stage that begins anew {anew} dB"
    );
}

#[test]
fn my_own_voice_on_their_line_is_found_and_taken_off_and_is_no_leak() {
    // I speak in bursts, and their open speakers return it 100 ms later at −15 dB.
    let mut blocks = call(3_000, Way { late: 10, ..SPEAKERS }, |_| 0, bursts);
    for block in &mut blocks {
        std::mem::swap(&mut block.pcm.me, &mut block.pcm.them);
    }
    let mut echo = EchoStage::new();
    let out = clean(&mut echo, &blocks);
    let returning = echo.returning();
    assert!(returning.detected && !echo.leak().detected, "{returning:?}, {:?}", echo.leak());
    let delay = returning.delay_ms.unwrap();
    assert!((90..=125).contains(&delay), "it returns after 100 ms, measured {delay}");
    assert!(loud(&out[2_000..], |clean| clean.raw.them) > 400);
    assert!(loud(&out[2_000..], |clean| clean.pcm.them) < 20);
    assert!(out.iter().all(|clean| clean.pcm.me == clean.raw.me), "my own line is left alone");
}

#[test]
fn a_constant_offset_is_taken_off_and_loud_noise_is_no_offset() {
    let heard = |offset: i16| {
        let mut blocks = call(300, HEADSET, |_| 3_000, |_| 0);
        blocks.iter_mut().for_each(|block| block.pcm.me.iter_mut().for_each(|sample| *sample += offset));
        (clean(&mut EchoStage::new(), &blocks), blocks)
    };
    let mean = |pcm: &Pcm| pcm.iter().map(|sample| f32::from(*sample)).sum::<f32>() / BLOCK_SIZE as f32;
    let (out, _) = heard(3_000);
    let left = out[100..].iter().map(|clean| mean(&clean.raw.me)).sum::<f32>() / 200.0;
    assert!(left.abs() < 60.0, "of 3000 is left {left}");
    let (out, blocks) = heard(0);
    assert!(out.iter().zip(&blocks).all(|(clean, block)| clean.raw == block.pcm), "to the bit");
}
