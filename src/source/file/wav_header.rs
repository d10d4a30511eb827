//! Headers of WAV's kin that the decoder does not read: RF64 and BW64 (EBU Tech 3306), Sony's W64, and a WAV whose recorder
//! died before it wrote the sizes.
//!
//! Each is given a plain header in place of its own; the samples behind it are the same in all.

/// The first bytes of a W64: the GUID of `riff`.
const W64_RIFF: [u8; 16] = *b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00";

/// What stands where a size does not fit or is not known.
const UNKNOWN: u32 = u32::MAX;

/// A plain header for a file, and where its samples lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlainHeader {
    /// RIFF, the format and the beginning of the data.
    pub(super) bytes: Vec<u8>,
    /// Where the samples begin, in bytes of the file.
    pub(super) data_at: u64,
    /// How many bytes of samples there are.
    pub(super) data_length: u64,
}

/// Where a file's parts lie.
struct WavLayout<'a> {
    format: &'a [u8],
    data_at: usize,
    /// Bytes; 0 if the recorder did not come to write it.
    data_length: u64,
}

/// Whether a file begins as a WAV, RF64 or W64.
pub(super) fn is_wav(head: &[u8]) -> bool {
    let riff = [b"RIFF", b"RF64", b"BW64"].iter().any(|mark| head.starts_with(*mark));
    riff && head.get(8..12) == Some(b"WAVE") || head.starts_with(&W64_RIFF)
}

/// A plain header for a file that needs one; `None` if its own will do, or is damaged. `length` is the file's in bytes, if it
/// is known.
pub(super) fn plain_header(head: &[u8], length: Option<u64>) -> Option<PlainHeader> {
    let is_w64 = head.starts_with(&W64_RIFF);
    let layout = if is_w64 { w64_layout(head)? } else { riff_layout(head)? };
    let rest = length.map(|length| length.saturating_sub(layout.data_at as u64));
    let finished = layout.data_length > 0;
    if head.starts_with(b"RIFF") && (finished || rest.is_none_or(|rest| rest == 0)) {
        return None;
    }
    let data_length = if finished { layout.data_length } else { rest.unwrap_or(u64::MAX) };
    let around = 4 + 8 + layout.format.len() as u64 + 8;
    let fitting = |size: u64| u32::try_from(size).unwrap_or(UNKNOWN);
    let data_size = if fitting(data_length.saturating_add(around)) == UNKNOWN { UNKNOWN } else { fitting(data_length) };
    let mut bytes = Vec::with_capacity(around as usize + 8);
    bytes.extend(b"RIFF");
    bytes.extend(fitting(data_length.saturating_add(around)).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(fitting(layout.format.len() as u64).to_le_bytes());
    bytes.extend(layout.format);
    bytes.extend(b"data");
    bytes.extend(data_size.to_le_bytes());
    Some(PlainHeader { bytes, data_at: layout.data_at as u64, data_length })
}

/// RIFF, RF64 and BW64: chunks of a name, a size of 32 bits and the content, to an even byte.
fn riff_layout(head: &[u8]) -> Option<WavLayout<'_>> {
    let (mut at, mut format, mut long_length) = (12, None, None);
    loop {
        let (name, size) = (head.get(at..at + 4)?, u32_at(head, at + 4)?);
        let inside = at + 8;
        match name {
            b"data" => {
                let data_length = if size == UNKNOWN { long_length.unwrap_or(0) } else { u64::from(size) };
                return Some(WavLayout { format: format?, data_at: inside, data_length });
            }
            b"fmt " => format = head.get(inside..inside.checked_add(size as usize)?),
            // The length of the whole comes first, that of the data second.
            b"ds64" => long_length = u64_at(head, inside + 8),
            _ => {}
        }
        at = inside.checked_add(size as usize)?.checked_next_multiple_of(2)?;
    }
}

/// W64: chunks of a GUID that begins with the name, a size of 64 bits that counts these 24 bytes too, and the content, to a
/// multiple of eight bytes.
fn w64_layout(head: &[u8]) -> Option<WavLayout<'_>> {
    let (mut at, mut format) = (40, None);
    loop {
        let (name, size) = (head.get(at..at + 4)?, u64_at(head, at + 16)?);
        let (inside, end) = (at + 24, at.checked_add(usize::try_from(size).ok()?)?);
        match name {
            b"data" => {
                return Some(WavLayout { format: format?, data_at: inside, data_length: size.saturating_sub(24) });
            }
            b"fmt " => format = head.get(inside..end),
            _ => {}
        }
        at = end.max(inside).checked_next_multiple_of(8)?;
    }
}

fn u32_at(head: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(head.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn u64_at(head: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(head.get(at..at.checked_add(8)?)?.try_into().ok()?))
}
