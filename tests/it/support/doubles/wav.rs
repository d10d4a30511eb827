//! WAV files of any rate and depth, made from samples in −1..1.

use std::f64::consts::TAU;

/// How a sample is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    U8,
    I16,
    I24,
    I32,
    F32,
}

impl Depth {
    pub const ALL: [Self; 5] = [Self::U8, Self::I16, Self::I24, Self::I32, Self::F32];

    fn bits(self) -> u16 {
        match self {
            Self::U8 => 8,
            Self::I16 => 16,
            Self::I24 => 24,
            Self::I32 | Self::F32 => 32,
        }
    }

    fn write(self, sample: f64, file: &mut Vec<u8>) {
        let scaled = |full: f64| (sample * full).round().clamp(-full, full - 1.0);
        match self {
            Self::U8 => file.push((scaled(128.0) + 128.0) as u8),
            Self::I16 => file.extend((scaled(32_768.0) as i16).to_le_bytes()),
            Self::I24 => file.extend(&(scaled(8_388_608.0) as i32).to_le_bytes()[..3]),
            Self::I32 => file.extend((scaled(2_147_483_648.0) as i32).to_le_bytes()),
            Self::F32 => file.extend((sample as f32).to_le_bytes()),
        }
    }
}

/// The bytes of a WAV file: a list of samples a channel, all of one length.
pub fn wav(rate: u32, depth: Depth, channels: &[Vec<f64>]) -> Vec<u8> {
    let width = u32::from(depth.bits() / 8) * channels.len() as u32;
    let frames = channels.first().map_or(0, Vec::len);
    let bytes = width * frames as u32;
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend((36 + bytes).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend((if depth == Depth::F32 { 3_u16 } else { 1 }).to_le_bytes());
    file.extend((channels.len() as u16).to_le_bytes());
    file.extend(rate.to_le_bytes());
    file.extend((rate * width).to_le_bytes());
    file.extend((width as u16).to_le_bytes());
    file.extend(depth.bits().to_le_bytes());
    file.extend(b"data");
    file.extend(bytes.to_le_bytes());
    for frame in 0..frames {
        channels.iter().for_each(|channel| depth.write(channel[frame], &mut file));
    }
    file
}

/// A channel that beeps for 100 ms at each of these moments, in milliseconds, and is silent elsewhere.
pub fn beeps(rate: u32, hz: f64, starts_ms: &[u64], length_ms: u64) -> Vec<f64> {
    let frames = length_ms * u64::from(rate) / 1000;
    let at = |frame: u64| {
        let ms = frame as f64 * 1000.0 / f64::from(rate);
        let sounds = starts_ms.iter().any(|&start| start as f64 <= ms && ms < (start + 100) as f64);
        if sounds { 0.5 * (TAU * hz * frame as f64 / f64::from(rate)).sin() } else { 0.0 }
    };
    (0..frames).map(at).collect()
}
