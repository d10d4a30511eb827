//! What a file is, by its own first bytes. A decoder that looks for marks anywhere in a file finds them in noise too,
//! and would decode a little of it; so a file is given to the one decoder that its beginning names, or refused.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use symphonia::core::formats::probe::Probe;
use symphonia::core::io::MediaSource;
use symphonia::default::formats::{
    AdtsReader, AiffReader, CafReader, FlacReader, IsoMp4Reader, MkvReader, MpaReader, OggReader, WavReader,
};
use symphonia::default::meta::Id3v2Reader;

use super::truncated_mp4::with_stated_length;
use super::wav_header;

/// How much of a file is looked at. Frames may begin after the rest of one that was cut through.
const HEAD: u64 = 64 * 1024;

/// Frames that must follow each other, each where the one before ends and of the same kind. Noise of this length holds
/// three such headers once in 10¹² files.
const CHAIN: usize = 3;

/// The formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AudioFormat {
    /// RIFF WAVE, RF64, W64.
    Wav,
    /// AIFF and AIFF-C.
    Aiff,
    /// FLAC in its own container.
    Flac,
    /// Ogg.
    Ogg,
    /// M4A, MP4, MOV.
    Mp4,
    /// Apple's Core Audio Format.
    Caf,
    /// Matroska and WebM.
    Mkv,
    /// Bare frames after each other, MP3 or AAC, perhaps behind an ID3 tag.
    Frames,
    /// Windows Media, which cannot be decoded.
    WindowsMedia,
}

impl AudioFormat {
    /// Looks at a file's beginning, and gives the file back at its start; `None` if it begins like no recording.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn detect(mut bytes: Box<dyn MediaSource>) -> io::Result<Option<(Self, Box<dyn MediaSource>)>> {
        let mut head = Vec::new();
        (&mut bytes).take(HEAD).read_to_end(&mut head)?;
        let Some(format) = Self::from_head(&head) else { return Ok(None) };
        if format == Self::Wav
            && bytes.is_seekable()
            && let Some(header) = wav_header::plain_header(&head, bytes.byte_len())
        {
            bytes.seek(SeekFrom::Start(header.data_at))?;
            let reader = ForwardReader { head: Cursor::new(header.bytes), rest: bytes, left: header.data_length };
            return Ok(Some((format, Box::new(reader))));
        }
        // Where frames state no length, the decoder would guess one from the first few, and end there.
        if format != Self::Frames && bytes.is_seekable() {
            bytes.seek(SeekFrom::Start(0))?;
            let bytes = if format == Self::Mp4 { with_stated_length(bytes)? } else { bytes };
            return Ok(Some((format, bytes)));
        }
        Ok(Some((format, Box::new(ForwardReader { head: Cursor::new(head), rest: bytes, left: u64::MAX }))))
    }

    /// A probe that knows this format alone.
    pub(super) fn probe(self) -> Probe {
        let mut probe = Probe::new();
        match self {
            Self::Wav => probe.register_format::<WavReader<'_>>(),
            Self::Aiff => probe.register_format::<AiffReader<'_>>(),
            Self::Flac => probe.register_format::<FlacReader<'_>>(),
            Self::Ogg => probe.register_format::<OggReader<'_>>(),
            Self::Mp4 => probe.register_format::<IsoMp4Reader<'_>>(),
            Self::Caf => probe.register_format::<CafReader<'_>>(),
            Self::Mkv => probe.register_format::<MkvReader<'_>>(),
            Self::Frames => {
                probe.register_format::<MpaReader<'_>>();
                probe.register_format::<AdtsReader<'_>>();
                // Some taggers put ID3 before FLAC too.
                probe.register_format::<FlacReader<'_>>();
                probe.register_metadata::<Id3v2Reader<'_>>();
            }
            Self::WindowsMedia => {}
        }
        probe
    }

    pub(super) fn from_head(head: &[u8]) -> Option<Self> {
        let at = |from: usize, mark: &[u8]| head.get(from..).is_some_and(|rest| rest.starts_with(mark));
        match head {
            _ if wav_header::is_wav(head) => Some(Self::Wav),
            _ if at(0, &[0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11]) => Some(Self::WindowsMedia),
            _ if at(0, b"FORM") && at(8, b"AIF") => Some(Self::Aiff),
            _ if at(0, b"fLaC") => Some(Self::Flac),
            _ if at(0, b"OggS") => Some(Self::Ogg),
            _ if at(4, b"ftyp") => Some(Self::Mp4),
            _ if at(0, b"caff") => Some(Self::Caf),
            _ if at(0, &[0x1a, 0x45, 0xdf, 0xa3]) => Some(Self::Mkv),
            _ if at(0, b"ID3") => Some(Self::Frames),
            _ => (0..head.len()).any(|start| is_frame_chain(&head[start..])).then_some(Self::Frames),
        }
    }
}

/// A file that is read from its start to its end, with the head that was looked at before the rest.
struct ForwardReader {
    head: Cursor<Vec<u8>>,
    rest: Box<dyn MediaSource>,
    /// Bytes of the rest that belong to the recording.
    left: u64,
}

impl Read for ForwardReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.head.read(buf)? {
            0 => {
                let room = usize::try_from(self.left).unwrap_or(usize::MAX).min(buf.len());
                let read = self.rest.read(&mut buf[..room])?;
                self.left -= read as u64;
                Ok(read)
            }
            read => Ok(read),
        }
    }
}

impl Seek for ForwardReader {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl MediaSource for ForwardReader {
    fn is_seekable(&self) -> bool {
        false
    }

    fn byte_len(&self) -> Option<u64> {
        None
    }
}

fn is_frame_chain(mut bytes: &[u8]) -> bool {
    let mut first = None;
    for _ in 0..CHAIN {
        let Some(frame) = FrameHeader::parse(bytes) else { return false };
        if *first.get_or_insert(frame.kind) != frame.kind {
            return false;
        }
        bytes = bytes.get(frame.length..).unwrap_or(&[]);
    }
    true
}

/// The header of a frame of MPEG audio or of AAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FrameHeader {
    /// The bits that all frames of a recording have in common.
    kind: [u8; 3],
    /// Bytes to the next header.
    length: usize,
}

impl FrameHeader {
    fn parse(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, b, ..] if b & 0xf6 == 0xf0 => Self::parse_adts(bytes),
            [0xff, b, ..] if b & 0xe0 == 0xe0 => Self::parse_mpeg(bytes),
            _ => None,
        }
    }

    /// ADTS: ISO/IEC 13818-7, 6.2.
    fn parse_adts(bytes: &[u8]) -> Option<Self> {
        let &[_, b, c, d, e, f, _, ..] = bytes else { return None };
        let length = usize::from(d & 3) << 11 | usize::from(e) << 3 | usize::from(f) >> 5;
        (length > 7 && c >> 2 & 15 < 13).then_some(Self { kind: [b, c & 0xfd, d & 0xc0], length })
    }

    /// MPEG-1, 2 and 2.5 audio, layers I to III: ISO/IEC 11172-3, 2.4.1.3.
    fn parse_mpeg(bytes: &[u8]) -> Option<Self> {
        let &[_, b, c, d, ..] = bytes else { return None };
        let (version, layer) = (b >> 3 & 3, 4 - (b >> 1 & 3));
        let rates = match version {
            3 => [44_100, 48_000, 32_000],
            2 => [22_050, 24_000, 16_000],
            0 => [11_025, 12_000, 8_000],
            _ => return None,
        };
        let rate = *rates.get(usize::from(c >> 2 & 3))?;
        let table = match (version, layer) {
            (3, 1) => &KBPS[0],
            (3, 2) => &KBPS[1],
            (3, 3) => &KBPS[2],
            (_, 1) => &KBPS[3],
            (_, 2 | 3) => &KBPS[4],
            _ => return None,
        };
        let bits = 1000 * *table.get(usize::from(c >> 4).checked_sub(1)?)?;
        let padding = usize::from(c >> 1 & 1);
        let length = match (version, layer) {
            (_, 1) => 4 * (12 * bits / rate + padding),
            (0 | 2, 3) => 72 * bits / rate + padding,
            _ => 144 * bits / rate + padding,
        };
        // Stereo and joint stereo may take turns.
        let mono = if d >> 6 == 3 { 1 } else { 0 };
        Some(Self { kind: [b & 0xfe, c & 0x0c, mono], length })
    }
}

/// Bit rates by version and layer; a frame of free bit rate or of the forbidden one has none.
const KBPS: [[usize; 14]; 5] = [
    [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
