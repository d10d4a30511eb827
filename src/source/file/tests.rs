use std::io::{Cursor, Read, Seek, SeekFrom};

use proptest::prelude::*;

use super::*;
use crate::doubles::wav::{Depth, beeps, wav};

mod broken;
mod formats;
mod headers;
mod recorders;

/// When the left channel of every test's recording beeps, and the right one; 100 ms each.
const BEEPS: PerTrack<[u64; 2]> = PerTrack { me: [250, 1_250], them: [750, 1_750] };

/// All of a recording.
#[derive(Debug, PartialEq)]
struct Heard {
    blocks: Vec<Block>,
    notices: Vec<Notice>,
}

impl Heard {
    fn all(mut source: FileSource) -> Self {
        let (mut blocks, mut notices) = (Vec::new(), Vec::new());
        while let Some(block) = source.next().unwrap() {
            blocks.push(block);
        }
        notices.extend(std::iter::from_fn(|| source.next_notice()));
        for (index, block) in blocks.iter().enumerate() {
            assert_eq!(block.start, SampleTime::from_ms(10 * index as u64), "blocks follow each other without a gap");
        }
        Self { blocks, notices }
    }

    fn of(bytes: &[u8]) -> Self {
        Self::all(open_bytes(bytes.to_vec()).unwrap())
    }

    fn samples(&self, track: Track) -> Vec<i16> {
        self.blocks.iter().flat_map(|block| block.pcm[track]).collect()
    }

    fn length_ms(&self) -> u64 {
        10 * self.blocks.len() as u64
    }

    /// When a track sounds: milliseconds, from the first loud one to the last, joined over 40 ms.
    fn sounds(&self, track: Track) -> Vec<(u64, u64)> {
        let mut spans: Vec<(u64, u64)> = Vec::new();
        for (ms, step) in self.samples(track).chunks_exact(16).enumerate() {
            let (ms, loud) = (ms as u64, step.iter().any(|sample| sample.unsigned_abs() > 4_000));
            match spans.last_mut() {
                Some(last) if loud && ms < last.1 + 40 => last.1 = ms + 1,
                _ if loud => spans.push((ms, ms + 1)),
                _ => {}
            }
        }
        spans
    }

    /// From when to when a track is marked lost.
    fn lost(&self, track: Track) -> Vec<(u64, u64)> {
        let mut spans: Vec<(u64, u64)> = Vec::new();
        for block in self.blocks.iter().filter(|block| block.lost[track]) {
            let (start, end) = (block.span().start.as_ms(), block.span().end.as_ms());
            match spans.last_mut() {
                Some(last) if last.1 == start => last.1 = end,
                _ => spans.push((start, end)),
            }
        }
        spans
    }

    /// Each track beeps when it should, to within so many milliseconds, and no sound leaks from one to the other.
    #[track_caller]
    fn beeps_within(&self, slack: u64) {
        for track in Track::BOTH {
            let sounds = self.sounds(track);
            let right = |(sound, start): (&(u64, u64), &u64)| {
                sound.0.abs_diff(*start) <= slack && sound.1.abs_diff(start + 100) <= slack
            };
            let all = sounds.len() == 2 && sounds.iter().zip(&BEEPS[track]).all(right);
            assert!(all, "{track:?} sounds at {sounds:?}, not at {:?}", BEEPS[track]);
        }
    }
}

fn open_bytes(bytes: Vec<u8>) -> Result<FileSource, SourceError> {
    FileSource::two_channels(Path::new("call"), Box::new(Cursor::new(bytes)))
}

/// The sentence that a file is refused with.
#[track_caller]
fn refusal(bytes: Vec<u8>) -> String {
    open_bytes(bytes).err().expect("refused").to_string()
}

/// Two seconds, left and right.
fn two_seconds(rate: u32) -> [Vec<f64>; 2] {
    [beeps(rate, 600.0, &BEEPS.me, 2_000), beeps(rate, 1_500.0, &BEEPS.them, 2_000)]
}

#[test]
fn any_rate_and_depth_comes_out_at_the_same_moments() {
    for rate in [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000] {
        for depth in Depth::ALL {
            let heard = Heard::of(&wav(rate, depth, &two_seconds(rate)));
            assert_eq!((heard.length_ms(), &heard.notices[..]), (2_000, &[][..]), "{rate} Hz, {depth:?}");
            assert_eq!(heard.lost(Track::Me), [], "{rate} Hz, {depth:?}");
            heard.beeps_within(1);
        }
    }
}

#[test]
fn at_the_calls_own_rate_no_sample_is_touched() {
    let me: Vec<f64> = (0..1_600).map(|i| f64::from(i * 20 - 16_000) / 32_768.0).collect();
    let them: Vec<f64> = me.iter().map(|sample| -sample).collect();
    let heard = Heard::of(&wav(16_000, Depth::I16, &[me, them]));
    let ramp: Vec<i16> = (0..1_600).map(|i| i * 20 - 16_000).collect();
    assert_eq!(heard.samples(Track::Me), ramp);
    assert_eq!(heard.samples(Track::Them), ramp.iter().map(|sample| -sample).collect::<Vec<_>>());
}

#[test]
fn a_click_stays_where_it_was() {
    for rate in [8_000, 22_050, 44_100, 48_000, 96_000] {
        let mut me = vec![0.0; rate as usize];
        me[rate as usize / 2] = 1.0;
        let them = vec![0.0; rate as usize];
        let heard = Heard::of(&wav(rate, Depth::F32, &[me, them])).samples(Track::Me);
        let loudest = (0..heard.len()).max_by_key(|&i| heard[i].unsigned_abs()).unwrap();
        assert!(loudest.abs_diff(8_000) <= 1, "half a second at {rate} Hz became sample {loudest}");
    }
}

#[test]
fn the_last_block_is_filled_with_silence() {
    for rate in [16_000, 44_100] {
        let frames = |ms: usize| vec![0.5; rate as usize * ms / 1000];
        for ms in [1, 9, 10, 11, 995] {
            let heard = Heard::of(&wav(rate, Depth::I16, &[frames(ms), vec![0.0; frames(ms).len()]]));
            assert_eq!(heard.length_ms(), (ms as u64).div_ceil(10) * 10, "{ms} ms at {rate} Hz");
            assert_eq!(heard.lost(Track::Me), [], "{ms} ms at {rate} Hz");
        }
    }
}

/// Writes what a pair of files needs, and opens them.
fn pair(me: &[u8], them: &[u8]) -> Heard {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("私 の.wav"), folder.path().join("them.wav"));
    std::fs::write(&one, me).unwrap();
    std::fs::write(&two, them).unwrap();
    Heard::all(FileSource::open(&one, Some(&two)).unwrap())
}

#[test]
fn two_mono_files_of_different_rates_are_one_call() {
    let me = wav(8_000, Depth::U8, &two_seconds(8_000)[..1]);
    let them = wav(48_000, Depth::F32, &two_seconds(48_000)[1..]);
    let heard = pair(&me, &them);
    assert_eq!(heard.length_ms(), 2_000);
    heard.beeps_within(1);
}

#[test]
fn of_two_files_a_stereo_one_is_mixed() {
    let [left, right] = two_seconds(16_000);
    let heard = pair(&wav(16_000, Depth::I16, &[left.clone(), left]), &wav(16_000, Depth::I16, &[right]));
    heard.beeps_within(1);
    assert_eq!(heard.notices, []);
}

#[test]
fn the_shorter_of_two_files_is_lost_after_its_end() {
    let long = wav(16_000, Depth::I16, &two_seconds(16_000)[..1]);
    let short = wav(44_100, Depth::I16, &[beeps(44_100, 1_500.0, &[250], 1_235)]);
    let heard = pair(&long, &short);
    assert_eq!(heard.length_ms(), 2_000);
    assert_eq!((heard.lost(Track::Me), heard.lost(Track::Them)), (vec![], vec![(1_240, 2_000)]));
    let turned = pair(&short, &long);
    assert_eq!((turned.lost(Track::Me), turned.lost(Track::Them)), (vec![(1_240, 2_000)], vec![]));
}

/// Hands out as many bytes a read as its list says, over and over; a file that is read through a network does.
struct Stutter {
    bytes: Cursor<Vec<u8>>,
    sizes: Vec<usize>,
    reads: usize,
}

impl Read for Stutter {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let size = self.sizes[self.reads % self.sizes.len()].min(buf.len());
        self.reads += 1;
        self.bytes.read(&mut buf[..size])
    }
}

impl Seek for Stutter {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.bytes.seek(to)
    }
}

impl MediaSource for Stutter {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        self.bytes.byte_len()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_sizes_of_reads_change_nothing(sizes in prop::collection::vec(1_usize..5_000, 1..8)) {
        let wavs = [wav(44_100, Depth::I24, &two_seconds(44_100)), wav(8_000, Depth::U8, &two_seconds(8_000))];
        for bytes in formats::ALL.iter().map(|file| file.to_vec()).chain(wavs) {
            let whole = Heard::of(&bytes);
            let stutter = Stutter { bytes: Cursor::new(bytes), sizes: sizes.clone(), reads: 0 };
            let source = FileSource::two_channels(Path::new("call"), Box::new(stutter)).unwrap();
            prop_assert!(Heard::all(source) == whole);
        }
    }
}

#[test]
fn one_file_needs_two_channels() {
    let channels = |count| wav(16_000, Depth::I16, &vec![vec![0.1; 1_600]; count]);
    assert!(refusal(channels(1)).starts_with("call is mono"), "{}", refusal(channels(1)));
    assert!(refusal(channels(3)).starts_with("call has 3 channels"), "{}", refusal(channels(3)));
}

#[test]
fn the_same_sound_in_both_channels_is_told_at_the_end() {
    let same = Notice::SameChannels { path: PathBuf::from("call") };
    let [left, right] = two_seconds(44_100);
    let mix: Vec<f64> = left.iter().zip(&right).map(|(left, right)| left + right).collect();
    let told =
        |left: &[f64], right: &[f64]| Heard::of(&wav(44_100, Depth::I16, &[left.to_vec(), right.to_vec()])).notices;
    assert_eq!(told(&mix, &mix), std::slice::from_ref(&same));
    // Another 40 dB down is a codec's or a dither's noise.
    let noisy: Vec<f64> = mix.iter().enumerate().map(|(i, sample)| sample + [0.001, -0.001][i % 2]).collect();
    assert_eq!(told(&mix, &noisy), [same]);
    // One voice that leaks into the other's channel is no mix; a channel that is empty, or both, are not either.
    let leak: Vec<f64> = left.iter().zip(&right).map(|(left, right)| left + right / 2.0).collect();
    for (left, right) in [(&leak, &right), (&left, &vec![0.0; left.len()]), (&vec![0.0; 44_100], &vec![0.0; 44_100])] {
        assert_eq!(told(left, right), []);
    }
}
