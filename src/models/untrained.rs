//! A model that has learned nothing: as fast as a real one of its shape, for measuring a machine that has none yet.

use super::ggml::{BINS, MAGIC};
use super::layout::{Role, Side, Sizes, tensors};
use super::manifest::Network;

/// The width of one head of Whisper's attention.
const HEAD: u32 = 64;

/// The ggml file of a multilingual network of this shape; all its numbers are zero, and its tokens have no words but one.
pub(super) fn file(network: Network) -> Vec<u8> {
    let side = |context, layers: u32| Side {
        context,
        state: network.width as usize,
        heads: (network.width / HEAD) as usize,
        layers: layers as usize,
    };
    let audio = side(1500, network.encoder_layers);
    let text = side(448, network.decoder_layers);
    let sizes = Sizes { vocabulary: 51_865, audio, text, mels: 80 };
    let mut file = Vec::new();
    let numbers = |file: &mut Vec<u8>, numbers: &[usize]| {
        file.extend(numbers.iter().flat_map(|number| (*number as u32).to_le_bytes()));
    };
    file.extend(MAGIC.to_le_bytes());
    numbers(&mut file, &[sizes.vocabulary]);
    for Side { context, state, heads, layers } in [audio, text] {
        numbers(&mut file, &[context, state, heads, layers]);
    }
    // Matrices of half precision.
    numbers(&mut file, &[sizes.mels, 1, sizes.mels, BINS]);
    file.resize(file.len() + sizes.mels * BINS * size_of::<f32>(), 0);
    // The one token that the recogniser looks up by its word; the others have none.
    numbers(&mut file, &[1, 1]);
    file.push(b' ');
    for tensor in tensors(&sizes) {
        let (kind, bytes) = if tensor.role == Role::Exact { (0, size_of::<f32>()) } else { (1, size_of::<u16>()) };
        numbers(&mut file, &[tensor.shape.len(), tensor.name.len(), kind]);
        tensor.shape.iter().rev().for_each(|dimension| numbers(&mut file, &[*dimension]));
        file.extend(tensor.name.as_bytes());
        file.resize(file.len() + bytes * tensor.numbers(), 0);
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_sound_file_of_its_shape() {
        let network = Network { width: 128, encoder_layers: 2, decoder_layers: 1 };
        let sizes = super::super::ggml::check(&file(network)).unwrap();
        assert_eq!((sizes.audio.state, sizes.audio.heads, sizes.audio.layers), (128, 2, 2));
        assert_eq!((sizes.text.state, sizes.text.layers, sizes.vocabulary), (128, 1, 51_865));
    }
}
