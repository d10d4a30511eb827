//! The choice for noisy rooms: Silero's network (version 6) over 32 ms frames, run by `rten`.
//!
//! The network's file is not part of the program: whoever chooses it gives its bytes, which were held against their
//! digest before.

use std::fmt;
use std::sync::Arc;

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, op_registry};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView, Tensor};

use crate::audio::{BLOCK_DURATION, Pcm};
use crate::frontend::vad::{Vad, VadError, VadFrame};
use crate::time::{SampleTime, Samples, Span};

/// Samples the network takes at once, of 16 kHz …
const FRAME: usize = 512;

/// … behind so many of the frame before.
const CONTEXT: usize = 64;

/// The rate of the call's clock, in Hz, which the network asks for.
const RATE: i32 = 16_000;

/// What the network remembers: the two vectors of its recurrent cell.
const STATE_SHAPE: [usize; 3] = [2, 1, 128];

/// Speech begins and ends at the scores that Silero's own iterator over streams has.
const ON_THRESHOLD: f32 = 0.5;
const OFF_THRESHOLD: f32 = 0.35;

/// The network's memory trails: its score fits the labels of calls best a frame back (F1 of speech 0.981 on average
/// against 0.976 where the frame is; edges of silences 28 ms off against 41 ms).
const LOOK_BACK: Samples = Samples::new(FRAME as u64);

/// Silero's network, loaded. Clones share its weights; what a track was heard to say is each detector's own.
#[derive(Clone)]
pub struct SileroModel(Arc<SileroNetwork>);

struct SileroNetwork {
    model: Model,
    inputs: InputNodes,
    outputs: [NodeId; 2],
    /// One thread, which sleeps between frames: threads of the library's own number would only wake for each other.
    pool: Arc<ThreadPool>,
}

struct InputNodes {
    sound: NodeId,
    memory: NodeId,
    rate: NodeId,
}

impl SileroModel {
    /// Loads the network from the bytes of its ONNX file, and runs it once.
    ///
    /// # Errors
    /// When it cannot be read, or is another network.
    pub fn load(file: Vec<u8>) -> Result<Self, VadError> {
        let operators = op_registry!(
            Add,
            Cast,
            Concat,
            ConstantOfShape,
            Conv,
            Equal,
            Gather,
            Identity,
            If,
            LSTM,
            Mul,
            Not,
            Pad,
            Pow,
            ReduceMean,
            Relu,
            Reshape,
            Shape,
            Sigmoid,
            Size,
            Slice,
            Sqrt,
            Squeeze,
            Sub,
            Transpose,
            Unsqueeze
        );
        let model = ModelOptions::with_ops(operators).load(file).map_err(invalid_model)?;
        let node = |name| model.node_id(name).map_err(invalid_model);
        let inputs = InputNodes { sound: node("input")?, memory: node("state")?, rate: node("sr")? };
        let outputs = [node("output")?, node("stateN")?];
        let loaded =
            Self(Arc::new(SileroNetwork { model, inputs, outputs, pool: Arc::new(ThreadPool::with_num_threads(1)) }));
        // What runs once runs again: all frames are of one shape.
        loaded.score(&[0.0; CONTEXT + FRAME], &mut NdTensor::zeros(STATE_SHAPE))?;
        Ok(loaded)
    }

    /// How surely a frame, behind its context, is speech: 0 to 1. The memory becomes that after the frame.
    fn score(&self, sound: &[f32; CONTEXT + FRAME], memory: &mut NdTensor<f32, 3>) -> Result<f32, VadError> {
        let SileroNetwork { model, inputs, outputs, pool } = &*self.0;
        let rate = Tensor::from(RATE);
        let sound = NdTensorView::from_data([1, CONTEXT + FRAME], sound);
        let given = vec![
            (inputs.sound, sound.into()),
            (inputs.memory, memory.view().into()),
            (inputs.rate, rate.view().into()),
        ];
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(pool)));
        let [score, after] = model.run_n(given, *outputs, Some(options)).map_err(invalid_model)?;
        *memory = after.try_into().map_err(invalid_model)?;
        let score: Tensor<f32> = score.try_into().map_err(invalid_model)?;
        score.item().copied().ok_or_else(|| invalid_model("its score is no number"))
    }
}

fn invalid_model(cause: impl fmt::Display) -> VadError {
    VadError::InvalidModel { cause: cause.to_string() }
}

impl fmt::Debug for SileroModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Silero").field("parameters", &self.0.model.total_params()).finish()
    }
}

/// One track's detector.
pub(super) struct SileroVad {
    network: SileroModel,
    /// The last frame's end, then what came since of the next one.
    sound: Vec<f32>,
    memory: NdTensor<f32, 3>,
    heard: SampleTime,
    speech: bool,
}

impl SileroVad {
    pub(super) fn new(network: SileroModel) -> Self {
        let mut sound = Vec::with_capacity(CONTEXT + 2 * FRAME);
        sound.resize(CONTEXT, 0.0);
        Self { network, sound, memory: NdTensor::zeros(STATE_SHAPE), heard: SampleTime::ZERO, speech: false }
    }
}

impl Vad for SileroVad {
    fn push(&mut self, pcm: &Pcm) -> Option<VadFrame> {
        self.sound.extend(pcm.iter().map(|&sample| f32::from(sample) / 32_768.0));
        let frame = self.sound.first_chunk::<{ CONTEXT + FRAME }>()?;
        let score = self.network.score(frame, &mut self.memory).unwrap_or_else(|cause| {
            tracing::error!("a frame could not be judged: {cause}");
            0.0
        });
        self.sound.drain(..FRAME);
        self.speech = score >= if self.speech { OFF_THRESHOLD } else { ON_THRESHOLD };
        let start = self.heard;
        self.heard += Samples::new(FRAME as u64);
        Some(VadFrame {
            span: Span::new(start.saturating_sub(LOOK_BACK), self.heard.saturating_sub(LOOK_BACK)),
            speech: self.speech,
        })
    }

    fn latency(&self) -> Samples {
        LOOK_BACK + Samples::new(FRAME as u64) + BLOCK_DURATION
    }
}
