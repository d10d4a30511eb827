//! How loud something is.

/// The loudness of a stretch of sound, in decibels below full scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoundLevel {
    /// The loudest sample; `None` if all were zero.
    pub peak_dbfs: Option<f32>,
    /// The root of the mean square; `None` if all were zero.
    pub rms_dbfs: Option<f32>,
}

impl SoundLevel {
    /// The level of samples from −1 to 1; `None` if there are none.
    pub fn measure(samples: &[f32]) -> Option<Self> {
        if samples.is_empty() {
            return None;
        }
        let peak = samples.iter().fold(0.0_f32, |peak, s| peak.max(s.abs()));
        let power: f64 = samples.iter().map(|&s| f64::from(s) * f64::from(s)).sum();
        let rms = (power / samples.len() as f64).sqrt() as f32;
        Some(Self { peak_dbfs: decibels(peak), rms_dbfs: decibels(rms) })
    }
}

fn decibels(amplitude: f32) -> Option<f32> {
    (amplitude > 0.0).then(|| 20.0 * amplitude.log10())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_is_six_decibels_down() {
        let level = SoundLevel::measure(&[0.5, -0.5, 0.5]).unwrap();
        assert!((level.peak_dbfs.unwrap() + 6.02).abs() < 0.01 && (level.rms_dbfs.unwrap() + 6.02).abs() < 0.01);
    }

    #[test]
    fn digital_silence_has_no_level_and_nothing_at_all_is_not_silence() {
        assert_eq!(SoundLevel::measure(&[0.0; 9]), Some(SoundLevel { peak_dbfs: None, rms_dbfs: None }));
        assert_eq!(SoundLevel::measure(&[]), None);
    }
}
