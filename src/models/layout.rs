//! Whisper's tensors: how ggml names, shapes and orders them, and where CTranslate2 keeps each.

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
    /// Its name in ggml.
    pub(super) name: String,
    /// Outermost first.
    pub(super) shape: Vec<usize>,
    pub(super) role: Role,
    /// The variable of CTranslate2 that holds it.
    pub(super) origin: String,
    /// Which part of the origin's rows it is, and of how many equal ones.
    pub(super) part: (usize, usize),
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

/// All tensors of a model, in the order of the published files.
pub(super) fn tensors(sizes: &Sizes) -> Vec<Tensor> {
    let Sizes { vocabulary, audio, text, mels } = *sizes;
    let mut list = List(Vec::new());
    let position = "position_encodings/encodings";
    list.add("decoder.positional_embedding", &[text.context, text.state], Role::Exact, format!("decoder/{position}"));
    list.add("encoder.positional_embedding", &[audio.context, audio.state], Role::Exact, format!("encoder/{position}"));
    list.add("decoder.token_embedding.weight", &[vocabulary, text.state], Role::Matrix, "decoder/embeddings/weight");
    for n in 0..text.layers {
        let (block, layer) = (format!("decoder.blocks.{n}"), format!("decoder/layer_{n}"));
        list.block(&block, &layer, text.state);
        list.norm(&format!("{block}.cross_attn_ln"), &format!("{layer}/attention"), text.state);
        list.cross_attention(&format!("{block}.cross_attn"), &format!("{layer}/attention"), text.state);
    }
    list.norm("decoder.ln", "decoder", text.state);
    list.convolution("encoder.conv1", "encoder/conv1", [audio.state, mels]);
    list.convolution("encoder.conv2", "encoder/conv2", [audio.state, audio.state]);
    for n in 0..audio.layers {
        list.block(&format!("encoder.blocks.{n}"), &format!("encoder/layer_{n}"), audio.state);
    }
    list.norm("encoder.ln_post", "encoder", audio.state);
    list.0
}

/// A variable as it is. Others hold several matrices, stacked by rows.
const WHOLE: (usize, usize) = (0, 1);

struct List(Vec<Tensor>);

impl List {
    /// What encoder and decoder blocks share: the perceptron and the attention to themselves.
    fn block(&mut self, block: &str, layer: &str, state: usize) {
        // As wide as in every Whisper.
        let inner = 4 * state;
        self.norm(&format!("{block}.mlp_ln"), &format!("{layer}/ffn"), state);
        self.linear(&format!("{block}.mlp.0"), &format!("{layer}/ffn/linear_0"), WHOLE, [inner, state]);
        self.linear(&format!("{block}.mlp.2"), &format!("{layer}/ffn/linear_1"), WHOLE, [state, inner]);
        self.norm(&format!("{block}.attn_ln"), &format!("{layer}/self_attention"), state);
        let (name, origin) = (format!("{block}.attn"), format!("{layer}/self_attention"));
        let stacked = format!("{origin}/linear_0");
        self.linear(&format!("{name}.query"), &stacked, (0, 3), [state, state]);
        self.matrix(&format!("{name}.key"), &stacked, (1, 3), [state, state]);
        self.linear(&format!("{name}.value"), &stacked, (2, 3), [state, state]);
        self.linear(&format!("{name}.out"), &format!("{origin}/linear_1"), WHOLE, [state, state]);
    }

    fn cross_attention(&mut self, name: &str, origin: &str, state: usize) {
        let stacked = format!("{origin}/linear_1");
        self.linear(&format!("{name}.query"), &format!("{origin}/linear_0"), WHOLE, [state, state]);
        self.matrix(&format!("{name}.key"), &stacked, (0, 2), [state, state]);
        self.linear(&format!("{name}.value"), &stacked, (1, 2), [state, state]);
        self.linear(&format!("{name}.out"), &format!("{origin}/linear_2"), WHOLE, [state, state]);
    }

    fn norm(&mut self, name: &str, owner: &str, state: usize) {
        self.add(format!("{name}.weight"), &[state], Role::Exact, format!("{owner}/layer_norm/gamma"));
        self.add(format!("{name}.bias"), &[state], Role::Exact, format!("{owner}/layer_norm/beta"));
    }

    fn linear(&mut self, name: &str, origin: &str, part: (usize, usize), [rows, columns]: [usize; 2]) {
        self.matrix(name, origin, part, [rows, columns]);
        self.add_part(format!("{name}.bias"), &[rows], Role::Exact, format!("{origin}/bias"), part);
    }

    /// A linear layer without a bias, as all keys are.
    fn matrix(&mut self, name: &str, origin: &str, part: (usize, usize), shape: [usize; 2]) {
        self.add_part(format!("{name}.weight"), &shape, Role::Matrix, format!("{origin}/weight"), part);
    }

    fn convolution(&mut self, name: &str, origin: &str, [channels, inputs]: [usize; 2]) {
        // Every kernel of Whisper is three frames long.
        self.add(format!("{name}.weight"), &[channels, inputs, 3], Role::Kernel, format!("{origin}/weight"));
        self.add(format!("{name}.bias"), &[channels, 1], Role::Exact, format!("{origin}/bias"));
    }

    fn add(&mut self, name: impl Into<String>, shape: &[usize], role: Role, origin: impl Into<String>) {
        self.add_part(name.into(), shape, role, origin.into(), WHOLE);
    }

    fn add_part(&mut self, name: String, shape: &[usize], role: Role, origin: String, part: (usize, usize)) {
        self.0.push(Tensor { name, shape: shape.to_vec(), role, origin, part });
    }
}
