//! The ggml file of a Whisper model: what the recogniser is given. It is written in C and trusts what it reads, so a
//! file is looked through here first, from the first byte to the last.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::bytes::{ByteReader, Damage};
use super::layout::{Role, Side, Sizes, Tensor, tensors};

/// "ggml", as a little-endian number.
pub(super) const MAGIC: u32 = 0x6767_6d6c;

/// Bins of a mel filter: half those of a 400-point FFT, and the middle one.
pub(super) const BINS: usize = 201;

/// Looks through a whole file and says how large its model is.
///
/// A model of another shape than Whisper's is refused as well: the recogniser computes token numbers from the size of
/// the vocabulary, and places in its buffers from the lengths of its contexts.
pub(super) fn check(file: &[u8]) -> Result<Sizes, Damage> {
    let mut file = ByteReader::new(file);
    if file.u32("its magic number")? != MAGIC {
        return Err(Damage::new("it is no ggml file of Whisper"));
    }
    let (sizes, matrix) = head(&mut file)?;
    filters(&mut file, &sizes)?;
    vocabulary(&mut file, &sizes)?;
    let mut missing: HashMap<_, _> = tensors(&sizes).into_iter().map(|tensor| (tensor.name.clone(), tensor)).collect();
    while !file.is_empty() {
        tensor(&mut file, &mut missing, matrix)?;
    }
    match missing.keys().min() {
        Some(name) => Err(Damage::new(format!("{name} is missing"))),
        None => Ok(sizes),
    }
}

/// What every Whisper is like, and this room for those to come.
fn check_sizes(sizes: &Sizes) -> Result<(), Damage> {
    let Sizes { vocabulary, audio, text, mels } = *sizes;
    let checks = [
        // English alone, multilingual, and the third version's with one language more.
        ("the vocabulary's size", vocabulary, 51_864..=51_866),
        ("the encoder's context", audio.context, 1500..=1500),
        ("the decoder's context", text.context, 448..=448),
        ("the encoder's width", audio.state, 1..=2048),
        // The decoder looks at what the encoder gives.
        ("the decoder's width", text.state, audio.state..=audio.state),
        ("the encoder's number of heads", audio.heads, 1..=audio.state),
        ("the decoder's number of heads", text.heads, 1..=text.state),
        ("the encoder's depth", audio.layers, 1..=64),
        ("the decoder's depth", text.layers, 1..=64),
    ];
    for (what, size, sane) in checks {
        if !sane.contains(&size) {
            return Err(Damage::new(format!("{what} cannot be {size}")));
        }
    }
    if !audio.state.is_multiple_of(audio.heads) || !text.state.is_multiple_of(text.heads) {
        return Err(Damage::new("its width cannot be shared among its heads"));
    }
    if mels != 80 && mels != 128 {
        return Err(Damage::new(format!("the number of mel filters cannot be {mels}")));
    }
    Ok(())
}

/// A type of tensor: its number in the file, and how many numbers lie in a block of how many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TensorType {
    code: u32,
    numbers: usize,
    bytes: usize,
}

impl TensorType {
    const SINGLE: Self = Self::new(0, 1, 4);
    const HALF: Self = Self::new(1, 1, 2);

    const fn new(code: u32, numbers: usize, bytes: usize) -> Self {
        Self { code, numbers, bytes }
    }

    /// The type of the matrices in a file of this type, which holds the version of its blocks in its thousands.
    fn of_matrices(file: u32) -> Option<Self> {
        Some(match (file / 1000, file % 1000) {
            (0, 0) => Self::SINGLE,
            (0, 1) => Self::HALF,
            (0..=2, 2) => Self::new(2, 32, 18),
            (0..=2, 3) => Self::new(3, 32, 20),
            (0..=2, 7) => Self::new(8, 32, 34),
            (0..=2, 8) => Self::new(6, 32, 22),
            (0..=2, 9) => Self::new(7, 32, 24),
            (0..=2, 10) => Self::new(10, 256, 84),
            (0..=2, 11) => Self::new(11, 256, 110),
            (0..=2, 12) => Self::new(12, 256, 144),
            (0..=2, 13) => Self::new(13, 256, 176),
            (0..=2, 14) => Self::new(14, 256, 210),
            _ => return None,
        })
    }

    /// What a tensor must be if the matrices are of this type.
    fn of(self, role: Role) -> Self {
        match role {
            Role::Exact => Self::SINGLE,
            Role::Kernel if self == Self::SINGLE => Self::SINGLE,
            Role::Kernel => Self::HALF,
            Role::Matrix => self,
        }
    }

    /// How many bytes a tensor takes, if its rows are whole blocks.
    fn length(self, tensor: &Tensor) -> Option<usize> {
        let row = tensor.shape.last()?;
        row.is_multiple_of(self.numbers).then(|| tensor.numbers() / self.numbers * self.bytes)
    }
}

fn head(file: &mut ByteReader<'_>) -> Result<(Sizes, TensorType), Damage> {
    // What is sane is said in one place, above.
    const ANY: RangeInclusive<u32> = 0..=1 << 20;
    let vocabulary = file.count("the vocabulary's size", ANY)?;
    let mut side = || {
        Ok::<_, Damage>(Side {
            context: file.count("a context", ANY)?,
            state: file.count("a width", ANY)?,
            heads: file.count("a number of heads", ANY)?,
            layers: file.count("a depth", ANY)?,
        })
    };
    let (audio, text) = (side()?, side()?);
    let sizes = Sizes { vocabulary, audio, text, mels: file.count("the number of mel filters", ANY)? };
    check_sizes(&sizes)?;
    let kind = file.u32("the type of its matrices")?;
    let matrix = TensorType::of_matrices(kind).ok_or_else(|| Damage::new(format!("its type {kind} is not known")))?;
    Ok((sizes, matrix))
}

fn filters(file: &mut ByteReader<'_>, sizes: &Sizes) -> Result<(), Damage> {
    let rows = file.u32("the mel filters")?;
    let columns = file.u32("the mel filters")?;
    if usize::try_from(rows) != Ok(sizes.mels) || usize::try_from(columns) != Ok(BINS) {
        return Err(Damage::new(format!("its mel filters cannot be {rows} times {columns}")));
    }
    file.take(sizes.mels * BINS * size_of::<f32>(), "the mel filters").map(drop)
}

fn vocabulary(file: &mut ByteReader<'_>, sizes: &Sizes) -> Result<(), Damage> {
    /// Several times the longest there is.
    const LONGEST: u32 = 1024;
    let tokens = file.count("the number of tokens", 0..=1 << 20)?;
    if tokens > sizes.vocabulary {
        return Err(Damage::new(format!("it holds {tokens} tokens for a vocabulary of {}", sizes.vocabulary)));
    }
    for _ in 0..tokens {
        let length = file.count("a token's length", 0..=LONGEST)?;
        file.take(length, "a token")?;
    }
    Ok(())
}

/// The next tensor, which must be one of those that are missing still.
fn tensor(file: &mut ByteReader<'_>, missing: &mut HashMap<String, Tensor>, matrix: TensorType) -> Result<(), Damage> {
    /// Longer than any name of Whisper's.
    const LONGEST: u32 = 128;
    let dimensions = file.count("a tensor's number of dimensions", 1..=4)?;
    let length = file.count("the length of a tensor's name", 1..=LONGEST)?;
    let code = file.u32("a tensor's type")?;
    let innermost_first = (0..dimensions)
        .map(|_| file.count("a tensor's dimension", 1..=i32::MAX.unsigned_abs()))
        .collect::<Result<Vec<_>, _>>()?;
    let name = String::from_utf8_lossy(file.take(length, "a tensor's name")?);
    let Some(tensor) = missing.remove(name.as_ref()) else {
        return Err(Damage::new(format!("{name:?} is no tensor of Whisper's, or is there twice")));
    };
    if !innermost_first.iter().eq(tensor.shape.iter().rev()) {
        return Err(Damage::new(format!("{name} is of another shape than the model")));
    }
    let kind = matrix.of(tensor.role);
    let length = kind.length(&tensor).filter(|_| kind.code == code);
    let length = length.ok_or_else(|| Damage::new(format!("{name} is not of the type that the file says")))?;
    file.take(length, &name).map(drop)
}
