//! The mel filters that every ggml file of Whisper carries: Slaney's scale, as librosa computes it.

/// Bins of a 400-point FFT, half of it and the middle.
pub(super) const BINS: usize = 201;

/// Hz from one bin to the next, at 16 kHz.
const BIN_HZ: f64 = 40.0;

/// Half the rate of the sound.
const TOP_HZ: f64 = 8000.0;

/// Where Slaney's scale turns from linear to logarithmic, and its slopes on either side.
const BEND_HZ: f64 = 1000.0;
const LINEAR_HZ: f64 = 200.0 / 3.0;
const BEND_MEL: f64 = BEND_HZ / LINEAR_HZ;

/// `mels` rows of [`BINS`] weights. Their rounding, step by step, is that of the published files.
pub(super) fn filters(mels: usize) -> Vec<[f32; BINS]> {
    let edges = edges(mels);
    let row = |edge: &[f64]| {
        let &[low, middle, high] = edge else { return [0.0; BINS] };
        let scale = 2.0 / (high - low);
        std::array::from_fn(|bin| {
            let hz = hz(bin);
            let rising = -(low - hz) / (middle - low);
            let falling = (high - hz) / (high - middle);
            // In this order, so that what lies outside is +0 and never -0.
            let triangle = if rising.min(falling) > 0.0 { rising.min(falling) as f32 } else { 0.0 };
            (f64::from(triangle) * scale) as f32
        })
    };
    edges.windows(3).map(row).collect()
}

fn hz(bin: usize) -> f64 {
    bin as f64 * BIN_HZ
}

/// Where the triangles begin, peak and end, in Hz: each shares two with its neighbour.
fn edges(mels: usize) -> Vec<f64> {
    let log_step = 6.4_f64.ln() / 27.0;
    let top = BEND_MEL + (TOP_HZ / BEND_HZ).ln() / log_step;
    let step = top / (mels + 1) as f64;
    let hz = |mel: f64| if mel >= BEND_MEL { BEND_HZ * (log_step * (mel - BEND_MEL)).exp() } else { LINEAR_HZ * mel };
    (0..=mels).map(|at| hz(at as f64 * step)).chain([hz(top)]).collect()
}
