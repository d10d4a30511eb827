//! Messages of the bus, as bytes (D-Bus specification, "message protocol", version 1), little-endian.

use std::io::{self, Read};

/// A message is no longer than this; what is longer is none that is waited for.
const MAX_MESSAGE_BYTES: usize = 1 << 20;

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MessageKind {
    MethodCall,
    MethodReturn,
    Error,
    Signal,
}

/// A message that came.
#[derive(Debug)]
pub(super) struct ReceivedMessage {
    pub(super) kind: MessageKind,
    /// Of a signal or a call.
    pub(super) member: String,
    /// Which message it answers.
    pub(super) reply_to: Option<u32>,
    pub(super) body: Vec<u8>,
}

/// A call of a method.
pub(super) struct MethodCall<'a> {
    pub(super) serial: u32,
    pub(super) destination: &'a str,
    pub(super) path: &'a str,
    pub(super) interface: &'a str,
    pub(super) member: &'a str,
    /// The types of the body.
    pub(super) signature: &'a str,
    pub(super) body: BodyWriter,
}

impl MethodCall<'_> {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut fields = BodyWriter::default();
        let texts = [
            (1, "o", self.path),
            (2, "s", self.interface),
            (3, "s", self.member),
            (6, "s", self.destination),
            (8, "g", self.signature),
        ];
        for (code, signature, value) in texts.into_iter().filter(|(.., value)| !value.is_empty()) {
            fields.align(8);
            fields.bytes.push(code);
            fields.signature(signature);
            match signature {
                "g" => fields.signature(value),
                _ => fields.string(value),
            }
        }
        let mut message = BodyWriter::default();
        // Little-endian, a call, no flags, version 1.
        message.bytes.extend([b'l', 1, 0, 1]);
        message.u32(length(&self.body.bytes));
        message.u32(self.serial);
        message.u32(length(&fields.bytes));
        message.bytes.extend(&fields.bytes);
        message.align(8);
        message.bytes.extend(&self.body.bytes);
        message.bytes
    }
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

/// Writes values one after another, each where its type may lie.
#[derive(Default)]
pub(super) struct BodyWriter {
    bytes: Vec<u8>,
}

impl BodyWriter {
    pub(super) fn u32(&mut self, value: u32) {
        self.align(4);
        self.bytes.extend(value.to_le_bytes());
    }

    pub(super) fn i32(&mut self, value: i32) {
        self.align(4);
        self.bytes.extend(value.to_le_bytes());
    }

    /// A text without NUL: that would end it.
    pub(super) fn string(&mut self, text: &str) {
        let text = text.replace('\0', "");
        self.u32(length(text.as_bytes()));
        self.bytes.extend(text.as_bytes());
        self.bytes.push(0);
    }

    pub(super) fn strings<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        let mut list = Self::default();
        texts.for_each(|text| list.string(text));
        // Its length is of 4 bytes, and what follows has the same alignment.
        self.u32(length(&list.bytes));
        self.bytes.extend(list.bytes);
    }

    /// A map of texts to bytes, each in a variant.
    pub(super) fn byte_map(&mut self, entries: &[(&str, u8)]) {
        let mut map = Self::default();
        for (name, value) in entries {
            map.align(8);
            map.string(name);
            map.signature("y");
            map.bytes.push(*value);
        }
        self.u32(length(&map.bytes));
        // The first entry is aligned even if there is none.
        self.align(8);
        self.bytes.extend(map.bytes);
    }

    fn signature(&mut self, signature: &str) {
        self.bytes.push(u8::try_from(signature.len()).unwrap_or(u8::MAX));
        self.bytes.extend(signature.as_bytes());
        self.bytes.push(0);
    }

    fn align(&mut self, to: usize) {
        self.bytes.resize(self.bytes.len().next_multiple_of(to), 0);
    }
}

/// Reads values of a message that came; `None` past its end.
pub(super) struct BodyReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> BodyReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.at = self.at.next_multiple_of(4);
        let bytes = self.take(4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    }

    pub(super) fn string(&mut self) -> Option<&'a str> {
        let length = self.u32()? as usize;
        self.text(length)
    }

    fn signature(&mut self) -> Option<&'a str> {
        let length = usize::from(self.take(1)?[0]);
        self.text(length)
    }

    fn text(&mut self, length: usize) -> Option<&'a str> {
        let text = std::str::from_utf8(self.take(length)?).ok()?;
        self.take(1)?;
        Some(text)
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }
}

impl ReceivedMessage {
    /// Waits for the next message.
    ///
    /// # Errors
    /// When the connection ends, or what comes is no message of a little-endian computer.
    pub(super) fn read(from: &mut impl Read) -> io::Result<Self> {
        let wrong = || io::Error::from(io::ErrorKind::InvalidData);
        let mut head = [0; 16];
        from.read_exact(&mut head)?;
        let mut reader = BodyReader::new(&head[4..]);
        let (body, _, fields) = (reader.u32(), reader.u32(), reader.u32());
        let (body, fields) = (body.ok_or_else(wrong)? as usize, fields.ok_or_else(wrong)? as usize);
        let whole = fields.next_multiple_of(8);
        if head[0] != b'l' || whole > MAX_MESSAGE_BYTES || body > MAX_MESSAGE_BYTES {
            return Err(wrong());
        }
        let mut rest = vec![0; whole + body];
        from.read_exact(&mut rest)?;
        let body = rest.split_off(whole);
        let kind = match head[1] {
            1 => MessageKind::MethodCall,
            2 => MessageKind::MethodReturn,
            3 => MessageKind::Error,
            4 => MessageKind::Signal,
            _ => return Err(wrong()),
        };
        let (member, reply_to) = read_fields(&rest[..fields]).ok_or_else(wrong)?;
        Ok(Self { kind, member, reply_to, body })
    }
}

/// The member and the message that is answered, of a message's header.
fn read_fields(bytes: &[u8]) -> Option<(String, Option<u32>)> {
    let (mut member, mut reply_to) = (String::new(), None);
    let mut reader = BodyReader::new(bytes);
    while reader.at.next_multiple_of(8) < bytes.len() {
        reader.at = reader.at.next_multiple_of(8);
        let code = reader.take(1)?[0];
        match reader.signature()? {
            "u" => {
                let value = reader.u32()?;
                reply_to = reply_to.or((code == 5).then_some(value));
            }
            "g" => drop(reader.signature()?),
            _ => {
                let text = reader.string()?;
                if code == 3 {
                    text.clone_into(&mut member);
                }
            }
        }
    }
    Some((member, reply_to))
}

#[cfg(test)]
mod tests;
