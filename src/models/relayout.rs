//! From CTranslate2's layout to ggml's. The numbers are moved, not changed, so that the file is the published one to
//! the byte and one digest serves every source.

use super::bytes::Damage;
use super::ctranslate::Variables;
use super::ggml;
use super::layout::{Role, Side, Sizes, Tensor, tensors};
use super::mel;

/// About what the vocabulary and the filters take, and what single precision takes more.
const ROOM: usize = 4 << 20;

/// The ggml file of a CTranslate2 model in half precision and the bytes of its text tokens.
pub(super) fn ggml(model: &[u8], tokens: &[Vec<u8>]) -> Result<Vec<u8>, Damage> {
    let variables = Variables::read(model)?;
    let sizes = sizes(&variables)?;
    let mut file = File(Vec::with_capacity(model.len() + ROOM));
    let Sizes { vocabulary, audio, text, mels } = sizes;
    file.number(ggml::MAGIC);
    file.count(vocabulary)?;
    for Side { context, state, heads, layers } in [audio, text] {
        for size in [context, state, heads, layers] {
            file.count(size)?;
        }
    }
    file.count(mels)?;
    file.number(ggml::HALF_PRECISION);
    file.count(mels)?;
    file.count(mel::BINS)?;
    mel::filters(mels).iter().flatten().for_each(|weight| file.0.extend(weight.to_le_bytes()));
    file.count(tokens.len())?;
    for token in tokens {
        file.count(token.len())?;
        file.0.extend(token);
    }
    for tensor in tensors(&sizes) {
        file.tensor(&tensor, &variables)?;
    }
    Ok(file.0)
}

/// How large the model is, by the shapes of what it holds.
fn sizes(variables: &Variables<'_>) -> Result<Sizes, Damage> {
    let [vocabulary, _] = variables.shape("decoder/embeddings/weight")?;
    let [_, mels, _] = variables.shape("encoder/conv1/weight")?;
    let side = |side: &str| {
        let [context, state] = variables.shape(&format!("{side}/position_encodings/encodings"))?;
        let heads = variables.number(&format!("{side}/num_heads"))?;
        Ok::<_, Damage>(Side { context, state, heads, layers: variables.layers(side) })
    };
    let sizes = Sizes { vocabulary, audio: side("encoder")?, text: side("decoder")?, mels };
    ggml::sane(&sizes).map(|()| sizes)
}

struct File(Vec<u8>);

impl File {
    fn number(&mut self, number: u32) {
        self.0.extend(number.to_le_bytes());
    }

    fn count(&mut self, count: usize) -> Result<(), Damage> {
        let number = u32::try_from(count).map_err(|_| Damage::new("it is too large"))?;
        self.number(number);
        Ok(())
    }

    fn tensor(&mut self, tensor: &Tensor, variables: &Variables<'_>) -> Result<(), Damage> {
        let (part, of) = tensor.part;
        let all = variables.halves(&tensor.origin, of * tensor.numbers())?;
        let length = all.len() / of;
        let halves = &all[part * length..][..length];
        self.count(tensor.shape.len())?;
        self.count(tensor.name.len())?;
        self.number(if tensor.role == Role::Exact { ggml::F32 } else { ggml::F16 });
        for &dimension in tensor.shape.iter().rev() {
            self.count(dimension)?;
        }
        self.0.extend(tensor.name.as_bytes());
        match tensor.role {
            Role::Exact => {
                let (halves, _) = halves.as_chunks();
                halves.iter().for_each(|&half| self.0.extend(single(u16::from_le_bytes(half)).to_le_bytes()));
            }
            Role::Kernel | Role::Matrix => self.0.extend(halves),
        }
        Ok(())
    }
}

/// A number in half precision, in single: no bit of it is lost.
fn single(half: u16) -> f32 {
    let (sign, exponent, fraction) = (u32::from(half >> 15) << 31, (half >> 10) & 0x1f, u32::from(half & 0x3ff));
    // The exponent's bias is 15 in one and 127 in the other; a half below its normal range is a multiple of 2^-24.
    let magnitude = match exponent {
        0 => (fraction as f32 * 2.0_f32.powi(-24)).to_bits(),
        0x1f => 0x7f80_0000 | fraction << 13,
        _ => (u32::from(exponent) + 112) << 23 | fraction << 13,
    };
    f32::from_bits(sign | magnitude)
}
