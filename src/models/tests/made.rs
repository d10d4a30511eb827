//! A Whisper that is as small as the format lets one be, in both layouts.

use std::collections::BTreeMap;

use crate::models::layout::{Side, Sizes, tensors};
use crate::models::{Sha256, relayout, vocabulary};

/// A multilingual model, two numbers wide and two blocks deep.
pub(super) const SIZES: Sizes = Sizes {
    vocabulary: 51_865,
    audio: Side { context: 1500, state: 2, heads: 1, layers: 2 },
    text: Side { context: 448, state: 2, heads: 1, layers: 2 },
    mels: 80,
};

/// Where a ggml file's vocabulary begins: behind the magic number, eleven more, and the filters with their two.
pub(super) const VOCABULARY: usize = 4 * (12 + 2 + 80 * 201);

/// The model.
pub(super) struct Made {
    /// CTranslate2's layout.
    pub(super) source: Vec<u8>,
    /// The list of tokens beside it.
    pub(super) tokens: String,
    /// ggml's layout of both.
    pub(super) file: Vec<u8>,
}

impl Made {
    pub(super) fn new() -> Self {
        let source = ctranslate();
        let tokens = tokens().collect::<Vec<_>>().join("\n");
        let file = relayout::ggml(&source, &vocabulary::of_lines(tokens.as_bytes()).unwrap()).unwrap();
        Self { source, tokens, file }
    }

    /// The ggml file with three tokens, so that its tensors' table is soon reached.
    pub(super) fn short(&self) -> Vec<u8> {
        let mut at = VOCABULARY + 4;
        for _ in 0..50_257 {
            at += 4 + usize::try_from(u32::from_le_bytes(self.file[at..][..4].try_into().unwrap())).unwrap();
        }
        let three = [3, 1, u32::from(b'a'), 0, 0].map(u32::to_le_bytes).concat();
        // The first token is one byte long.
        let three = [&three[..9], &three[12..]].concat();
        [&self.file[..VOCABULARY], &three, &self.file[at..]].concat()
    }

    /// A list that knows this model alone, as `small`, with these sources.
    pub(super) fn list(&self, sources: &[&str]) -> String {
        let sources: Vec<_> = sources.iter().map(|source| format!("[[model.source]]\n{source}\n")).collect();
        format!(
            "[[model]]\nname = \"small\"\nfile = \"small.bin\"\nbytes = {}\nsha256 = \"{}\"\nlicence = \"none\"\nkind.recogniser.languages = [\"en\", \"ja\"]\n{}",
            self.file.len(),
            Sha256::of(&self.file),
            sources.concat()
        )
    }
}

/// As many tokens as there are, in byte-level text.
pub(super) fn tokens() -> impl Iterator<Item = String> {
    (0..50_257).map(|n| if n == 0 { "a".to_owned() } else { n.to_string() })
}

fn ctranslate() -> Vec<u8> {
    let mut variables = BTreeMap::new();
    for tensor in tensors(&SIZES) {
        let mut shape = tensor.shape.clone();
        shape[0] *= tensor.part.1;
        if shape.len() == 2 && shape[1] == 1 {
            shape.pop();
        }
        variables.insert(tensor.origin, shape);
    }
    let mut file = 6_u32.to_le_bytes().to_vec();
    string(&mut file, "WhisperSpec");
    file.extend(3_u32.to_le_bytes());
    file.extend((u32::try_from(variables.len()).unwrap() + 2).to_le_bytes());
    for side in ["decoder", "encoder"] {
        string(&mut file, &format!("{side}/num_heads"));
        file.extend([0, 2, 2, 0, 0, 0, 1, 0]);
    }
    let mut number = 0_u16;
    for (name, shape) in variables {
        string(&mut file, &name);
        file.push(u8::try_from(shape.len()).unwrap());
        shape.iter().for_each(|&dimension| file.extend(u32::try_from(dimension).unwrap().to_le_bytes()));
        let numbers: usize = shape.iter().product();
        file.push(4);
        file.extend(u32::try_from(2 * numbers).unwrap().to_le_bytes());
        for _ in 0..numbers {
            // Any half that is a number, subnormal ones and negative ones too.
            number = (number + 7) % 0x7c00;
            file.extend((number | (number & 1) << 15).to_le_bytes());
        }
    }
    file.extend(1_u32.to_le_bytes());
    string(&mut file, "decoder/projection/weight");
    string(&mut file, "decoder/embeddings/weight");
    file
}

fn string(file: &mut Vec<u8>, text: &str) {
    file.extend(u16::try_from(text.len() + 1).unwrap().to_le_bytes());
    file.extend(text.as_bytes());
    file.push(0);
}
