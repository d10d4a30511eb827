//! A Whisper that is as small as the format lets one be.

use crate::models::Sha256;
use crate::models::layout::{Role, Side, Sizes, tensors};

/// A multilingual model, two numbers wide and two blocks deep.
pub(super) const SIZES: Sizes = Sizes {
    vocabulary: 51_865,
    audio: Side { context: 1500, state: 2, heads: 1, layers: 2 },
    text: Side { context: 448, state: 2, heads: 1, layers: 2 },
    mels: 80,
};

/// Where its vocabulary begins: behind the magic number, eleven more, and the filters with their two.
pub(super) const VOCABULARY: usize = 4 * (12 + 2 + 80 * 201);

/// Where its tensors begin: behind three tokens, of which the first is one byte long.
pub(super) const TENSORS: usize = VOCABULARY + 4 + 5 + 4 + 4;

/// The ggml file of the model.
pub(super) fn small() -> Vec<u8> {
    let mut file = Vec::new();
    let words = |file: &mut Vec<u8>, words: &[usize]| {
        words.iter().for_each(|&word| file.extend(u32::try_from(word).unwrap().to_le_bytes()));
    };
    let Sizes { vocabulary, audio, text, mels } = SIZES;
    words(&mut file, &[0x6767_6d6c, vocabulary]);
    for Side { context, state, heads, layers } in [audio, text] {
        words(&mut file, &[context, state, heads, layers]);
    }
    words(&mut file, &[mels, 1, mels, 201]);
    file.resize(VOCABULARY, 0);
    words(&mut file, &[3, 1]);
    file.push(b'a');
    words(&mut file, &[0, 0]);
    for tensor in tensors(&SIZES) {
        let (kind, bytes) = if tensor.role == Role::Exact { (0, 4) } else { (1, 2) };
        words(&mut file, &[tensor.shape.len(), tensor.name.len(), kind]);
        tensor.shape.iter().rev().for_each(|&dimension| words(&mut file, &[dimension]));
        file.extend(tensor.name.as_bytes());
        file.resize(file.len() + bytes * tensor.numbers(), 7);
    }
    file
}

/// A list that knows this file alone, as `small`, with these sources.
pub(super) fn list(file: &[u8], sources: &[&str]) -> String {
    format!(
        "[[model]]\nname = \"small\"\nfile = \"small.bin\"\nbytes = {}\nsha256 = \"{}\"\nlicence = \"none\"\nsources = {sources:?}\nkind.recogniser.languages = [\"en\", \"ja\"]\n",
        file.len(),
        Sha256::of(file),
    )
}
