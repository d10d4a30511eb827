//! Whisper's tensors: how ggml names and shapes them, and how exactly each must be kept.

/// The numbers at the head of a ggml file that say how large the model is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sizes {
    pub(super) vocabulary: usize,
    pub(super) audio: Side,
    pub(super) text: Side,
    pub(super) mels: usize,
}

/// Those of the encoder or of the decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) context: usize,
    pub(super) state: usize,
    pub(super) heads: usize,
    pub(super) layers: usize,
}

/// One tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tensor {
    pub(super) name: String,
    /// Outermost first.
    pub(super) shape: Vec<usize>,
    pub(super) role: Role,
}

/// What a tensor is, which says how exactly it must be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A vector or the position of something: always single precision.
    Exact,
    /// A kernel of a convolution: half precision at least.
    Kernel,
    /// A matrix: as coarse as the file says.
    Matrix,
}

impl Tensor {
    pub(super) fn numbers(&self) -> usize {
        self.shape.iter().product()
    }
}

/// All tensors of a model.
pub(super) fn tensors(sizes: &Sizes) -> Vec<Tensor> {
    let Sizes { vocabulary, audio, text, mels } = *sizes;
    let mut list = TensorList(Vec::new());
    list.add("decoder.positional_embedding", &[text.context, text.state], Role::Exact);
    list.add("encoder.positional_embedding", &[audio.context, audio.state], Role::Exact);
    list.add("decoder.token_embedding.weight", &[vocabulary, text.state], Role::Matrix);
    for n in 0..text.layers {
        list.block(&format!("decoder.blocks.{n}"), text.state);
        list.attention(&format!("decoder.blocks.{n}.cross_attn"), text.state);
    }
    list.norm("decoder.ln", text.state);
    // Every kernel of Whisper is three frames long.
    for (name, inputs) in [("encoder.conv1", mels), ("encoder.conv2", audio.state)] {
        list.add(format!("{name}.weight"), &[audio.state, inputs, 3], Role::Kernel);
        list.add(format!("{name}.bias"), &[audio.state, 1], Role::Exact);
    }
    for n in 0..audio.layers {
        list.block(&format!("encoder.blocks.{n}"), audio.state);
    }
    list.norm("encoder.ln_post", audio.state);
    list.0
}

struct TensorList(Vec<Tensor>);

impl TensorList {
    /// What encoder and decoder blocks share: the perceptron and the attention to themselves.
    fn block(&mut self, block: &str, state: usize) {
        // As wide as in every Whisper.
        let inner = 4 * state;
        self.norm(&format!("{block}.mlp_ln"), state);
        self.linear(&format!("{block}.mlp.0"), [inner, state]);
        self.linear(&format!("{block}.mlp.2"), [state, inner]);
        self.attention(&format!("{block}.attn"), state);
    }

    fn attention(&mut self, name: &str, state: usize) {
        self.norm(&format!("{name}_ln"), state);
        self.linear(&format!("{name}.query"), [state, state]);
        // A key has no bias.
        self.add(format!("{name}.key.weight"), &[state, state], Role::Matrix);
        self.linear(&format!("{name}.value"), [state, state]);
        self.linear(&format!("{name}.out"), [state, state]);
    }

    fn norm(&mut self, name: &str, state: usize) {
        self.add(format!("{name}.weight"), &[state], Role::Exact);
        self.add(format!("{name}.bias"), &[state], Role::Exact);
    }

    fn linear(&mut self, name: &str, [rows, columns]: [usize; 2]) {
        self.add(format!("{name}.weight"), &[rows, columns], Role::Matrix);
        self.add(format!("{name}.bias"), &[rows], Role::Exact);
    }

    fn add(&mut self, name: impl Into<String>, shape: &[usize], role: Role) {
        self.0.push(Tensor { name: name.into(), shape: shape.to_vec(), role });
    }
}
