//! Opus: its decoder, and what its own header says that the decoder leaves to others.

use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia::core::errors::Error;
use symphonia_adapter_libopus::OpusDecoder;

use super::format::AudioFormat;

/// The rate that Opus counts in, whatever it was made from (RFC 6716, 2).
pub(super) const OPUS_RATE: u32 = 48_000;

/// The identification header (RFC 7845, 5.1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct OpusHead {
    /// Frames at the start that are the encoder's own delay.
    pub(super) pre_skip: u16,
    /// What every sample is to be multiplied with.
    pub(super) gain: f32,
}

impl OpusHead {
    /// The header of a track, if the track is Opus. One without a header has neither delay nor gain.
    pub(super) fn of(params: &AudioCodecParameters, container: AudioFormat) -> Option<Self> {
        if params.codec != CODEC_ID_OPUS {
            return None;
        }
        let bytes = params.extra_data.as_deref().unwrap_or_default();
        // In MP4 the same fields stand the other way round (Encapsulation of Opus in ISO base media, 4.3.2).
        let number = match container {
            AudioFormat::Mp4 => u16::from_be_bytes,
            _ => u16::from_le_bytes,
        };
        let field = |at: usize| match bytes.get(at..at + 2) {
            Some(&[a, b]) => number([a, b]),
            _ => 0,
        };
        // A gain of 0 dB is the rule; the field is a signed number of 1/256 dB.
        let decibels = f32::from(field(16).cast_signed()) / 256.0;
        Some(Self { pre_skip: field(10), gain: 10_f32.powf(decibels / 20.0) })
    }
}

/// A decoder for a track.
///
/// # Errors
/// When there is none for its codec, or the codec's parameters are damaged.
pub(super) fn audio_decoder(params: &AudioCodecParameters) -> Result<Box<dyn AudioDecoder>, Error> {
    let mut codecs = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut codecs);
    codecs.register_audio_decoder::<OpusDecoder>();
    let mut params = params.clone();
    if params.codec == CODEC_ID_OPUS {
        // Some recorders state the rate of their microphone, which the decoder would take for its own.
        params.sample_rate = Some(OPUS_RATE);
        // Without its header the decoder leaves the delay to its caller: it does not know an MP4's order of bytes.
        params.extra_data = None;
    }
    codecs.make_audio_decoder(&params, &AudioDecoderOptions::default())
}
