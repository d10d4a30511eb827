//! Messages of the bus, as bytes (D-Bus specification, "message protocol", version 1), little-endian.

use std::io::{self, Read};

/// The flag of a message that nobody answers.
const NO_REPLY_EXPECTED: u8 = 1;

/// A message is no longer than this; what is longer is none that is waited for.
const MAX_MESSAGE_BYTES: usize = 1 << 20;

/// What a message is for; the number stands in its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MessageKind {
    MethodCall = 1,
    MethodReturn,
    Error,
    Signal,
}

/// A message that came.
#[derive(Debug)]
pub(super) struct ReceivedMessage {
    pub(super) kind: MessageKind,
    pub(super) serial: u32,
    /// Whether its sender waits for an answer, if it is a call.
    pub(super) wants_reply: bool,
    /// Who sent it, as the bus says.
    pub(super) sender: String,
    /// The object, the interface and the member: of a signal or a call.
    pub(super) path: String,
    pub(super) interface: String,
    pub(super) member: String,
    /// Which message it answers.
    pub(super) reply_to: Option<u32>,
    pub(super) body: Vec<u8>,
}

/// A message that is sent. What is empty is left out.
#[derive(Default)]
pub(super) struct SentMessage<'a> {
    pub(super) serial: u32,
    pub(super) destination: &'a str,
    pub(super) path: &'a str,
    pub(super) interface: &'a str,
    pub(super) member: &'a str,
    /// The error's name, of one that refuses a call.
    pub(super) error: &'a str,
    /// Which message it answers.
    pub(super) reply_to: Option<u32>,
    /// The types of the body.
    pub(super) signature: &'a str,
    pub(super) body: BodyWriter,
}

impl SentMessage<'_> {
    /// The message as a call that is answered.
    pub(super) fn encode_call(&self) -> Vec<u8> {
        self.encode(MessageKind::MethodCall, 0)
    }

    /// The message as one of another kind, or as a call that nobody is to answer.
    pub(super) fn encode_unanswered(&self, kind: MessageKind) -> Vec<u8> {
        self.encode(kind, NO_REPLY_EXPECTED)
    }

    fn encode(&self, kind: MessageKind, flags: u8) -> Vec<u8> {
        let mut fields = BodyWriter::default();
        let texts = [
            (1, "o", self.path),
            (2, "s", self.interface),
            (3, "s", self.member),
            (4, "s", self.error),
            (6, "s", self.destination),
            (8, "g", self.signature),
        ];
        for (code, signature, value) in texts.into_iter().filter(|(.., value)| !value.is_empty()) {
            fields.structure(|field| {
                field.byte(code);
                field.variant(signature, |field| match signature {
                    "g" => field.signature(value),
                    _ => field.string(value),
                });
            });
        }
        if let Some(serial) = self.reply_to {
            fields.structure(|field| {
                field.byte(5);
                field.variant("u", |field| field.u32(serial));
            });
        }
        let mut message = BodyWriter::default();
        // Little-endian, version 1.
        message.bytes.extend([b'l', kind as u8, flags, 1]);
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
        self.array(4, |list| texts.for_each(|text| list.string(text)));
    }

    pub(super) fn byte(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub(super) fn bool(&mut self, value: bool) {
        self.u32(value.into());
    }

    /// A list of bytes.
    pub(super) fn blob(&mut self, bytes: &[u8]) {
        self.u32(length(bytes));
        self.bytes.extend(bytes);
    }

    /// A list: `write` adds its elements, which lie at multiples of `alignment` bytes.
    pub(super) fn array(&mut self, alignment: usize, write: impl FnOnce(&mut Self)) {
        self.u32(0);
        let length_at = self.bytes.len() - 4;
        // The first is aligned even if there is none.
        self.align(alignment);
        let start = self.bytes.len();
        write(self);
        let length = length(&self.bytes[start..]);
        self.bytes[length_at..length_at + 4].copy_from_slice(&length.to_le_bytes());
    }

    /// A structure, or an entry of a map: `write` adds its fields.
    pub(super) fn structure(&mut self, write: impl FnOnce(&mut Self)) {
        self.align(8);
        write(self);
    }

    /// A value with its type.
    pub(super) fn variant(&mut self, signature: &str, write: impl FnOnce(&mut Self)) {
        self.signature(signature);
        write(self);
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

    pub(super) fn i32(&mut self) -> Option<i32> {
        self.u32().map(u32::cast_signed)
    }

    /// The start of a list of which the elements lie at multiples of `alignment` bytes: where it ends.
    pub(super) fn array(&mut self, alignment: usize) -> Option<usize> {
        let length = self.u32()? as usize;
        self.at = self.at.next_multiple_of(alignment);
        self.at.checked_add(length).filter(|end| *end <= self.bytes.len())
    }

    /// Whether a list that ends there has more.
    pub(super) fn has_more(&self, end: usize) -> bool {
        self.at < end
    }

    /// The start of a structure.
    pub(super) fn structure(&mut self) {
        self.at = self.at.next_multiple_of(8);
    }

    /// The type of a variant whose value follows.
    pub(super) fn signature(&mut self) -> Option<&'a str> {
        let length = usize::from(self.take(1)?[0]);
        self.text(length)
    }

    pub(super) fn string(&mut self) -> Option<&'a str> {
        let length = self.u32()? as usize;
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
        let (body, serial, fields) = (reader.u32(), reader.u32(), reader.u32());
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
        let message = Self {
            kind,
            serial: serial.ok_or_else(wrong)?,
            wants_reply: kind == MessageKind::MethodCall && head[2] & NO_REPLY_EXPECTED == 0,
            sender: String::new(),
            path: String::new(),
            interface: String::new(),
            member: String::new(),
            reply_to: None,
            body,
        };
        message.with_fields(&rest[..fields]).ok_or_else(wrong)
    }

    /// The same with what its header's fields say.
    fn with_fields(mut self, bytes: &[u8]) -> Option<Self> {
        let mut reader = BodyReader::new(bytes);
        while reader.at.next_multiple_of(8) < bytes.len() {
            reader.structure();
            let code = reader.take(1)?[0];
            match reader.signature()? {
                "u" => {
                    let value = reader.u32()?;
                    self.reply_to = self.reply_to.or((code == 5).then_some(value));
                }
                "g" => drop(reader.signature()?),
                _ => {
                    let text = reader.string()?;
                    match code {
                        1 => text.clone_into(&mut self.path),
                        2 => text.clone_into(&mut self.interface),
                        3 => text.clone_into(&mut self.member),
                        7 => text.clone_into(&mut self.sender),
                        _ => {}
                    }
                }
            }
        }
        Some(self)
    }
}

#[cfg(test)]
mod tests;
