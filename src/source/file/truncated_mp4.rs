//! An M4A that was cut short, read as far as it goes.
//!
//! The decoder passes over a box that ends behind the end of the file. So the file is made to look as long as its boxes
//! say; where its bytes end, reading ends.

use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

/// Gives an M4A back at its start, as long as its boxes say.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn with_stated_length(mut bytes: Box<dyn MediaSource>) -> io::Result<Box<dyn MediaSource>> {
    let actual = bytes.seek(SeekFrom::End(0))?;
    let stated = stated_length(&mut *bytes, actual)?;
    bytes.seek(SeekFrom::Start(0))?;
    if stated <= actual {
        return Ok(bytes);
    }
    Ok(Box::new(StatedLengthReader { bytes, length: stated }))
}

/// Where the last box on the top level ends.
fn stated_length(bytes: &mut dyn MediaSource, actual: u64) -> io::Result<u64> {
    let mut end = 0_u64;
    while end + 16 <= actual {
        bytes.seek(SeekFrom::Start(end))?;
        let mut header = [0; 16];
        bytes.read_exact(&mut header)?;
        let [a, b, c, d, _, _, _, _, long @ ..] = header;
        // One stands for a length of 64 bits behind the name, zero for all the rest of the file.
        let length = match u32::from_be_bytes([a, b, c, d]) {
            0 => return Ok(actual),
            1 => u64::from_be_bytes(long),
            length => u64::from(length),
        };
        if length < 8 {
            return Ok(actual);
        }
        end = end.saturating_add(length);
    }
    Ok(end)
}

/// A file that states another length than it has.
struct StatedLengthReader {
    bytes: Box<dyn MediaSource>,
    length: u64,
}

impl Read for StatedLengthReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buf)
    }
}

impl Seek for StatedLengthReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match to {
            SeekFrom::End(back) => self.bytes.seek(SeekFrom::Start(self.length.saturating_add_signed(back))),
            _ => self.bytes.seek(to),
        }
    }
}

impl MediaSource for StatedLengthReader {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length)
    }
}
