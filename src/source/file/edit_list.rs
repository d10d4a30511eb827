//! What an MP4 or MOV says of its tracks that the decoder leaves aside: their names, and where on the common time axis
//! they lie (the edit list, ISO/IEC 14496-12, 8.6.5 and 8.6.6).

use std::io::{self, Read, SeekFrom};
use std::ops::Range;

use mp4_atom::{Atom, Buf, Elst, FourCC, Header, Mdhd, Mvhd, ReadFrom, Tkhd};
use symphonia::core::io::MediaSource;

/// More than any of the boxes read here holds in a recording.
const LARGEST_BOX: u64 = 1 << 20;

/// A track, and which part of it is played when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TrackEdit {
    /// The track's number in its file.
    pub(super) id: u32,
    /// What its recorder called it.
    pub(super) name: Option<String>,
    /// From the start of the file to the track's first sound.
    pub(super) delay: Ticks,
    /// What is left out at the track's own start: its encoder's delay, or what somebody cut off.
    pub(super) skip: Ticks,
    /// How long the track is played, if the file says so in a single piece.
    pub(super) length: Option<Ticks>,
}

/// A length of time in a clock of the file's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ticks {
    pub(super) count: u64,
    /// Ticks a second; not zero.
    pub(super) per_second: u32,
}

impl Ticks {
    /// The same length in frames of a rate, to the nearest one.
    pub(super) fn frames(self, rate: u32) -> u64 {
        let scaled = u128::from(self.count) * u128::from(rate) + u128::from(self.per_second / 2);
        u64::try_from(scaled / u128::from(self.per_second.max(1))).unwrap_or(u64::MAX)
    }
}

/// All tracks of an MP4; empty if it has no index. The file may stand anywhere afterwards.
///
/// # Errors
/// When the file cannot be read, or a box of its index is damaged.
pub(super) fn track_edits(file: &mut dyn MediaSource) -> io::Result<Vec<TrackEdit>> {
    let end = file.seek(SeekFrom::End(0))?;
    let Some(index) = find(file, 0..end, b"moov")? else { return Ok(Vec::new()) };
    let movie: Mvhd = decode(file, index.clone(), b"mvhd")?.ok_or_else(damaged)?;
    let mut edits = Vec::new();
    for track in boxes(file, index)?.into_iter().filter(|(kind, _)| *kind == FourCC::new(b"trak")) {
        edits.push(track_edit(file, track.1, movie.timescale)?);
    }
    Ok(edits)
}

fn track_edit(file: &mut dyn MediaSource, track: Range<u64>, movie_ticks: u32) -> io::Result<TrackEdit> {
    let head: Tkhd = decode(file, track.clone(), b"tkhd")?.ok_or_else(damaged)?;
    let media = find(file, track.clone(), b"mdia")?.ok_or_else(damaged)?;
    let media: Mdhd = decode(file, media, b"mdhd")?.ok_or_else(damaged)?;
    if movie_ticks == 0 || media.timescale == 0 {
        return Err(damaged());
    }
    let list: Option<Elst> = match find(file, track.clone(), b"edts")? {
        Some(edits) => decode(file, edits, b"elst")?,
        None => None,
    };
    let name = match find(file, track, b"udta")? {
        Some(user_data) => find(file, user_data, b"name")?.map(|name| read(file, name)).transpose()?,
        None => None,
    };
    let entries = list.map(|list| list.entries).unwrap_or_default();
    let empty = entries.iter().take_while(|entry| entry.media_time.is_none()).map(|entry| entry.segment_duration);
    let delay = empty.fold(0, u64::saturating_add);
    let played: Vec<_> = entries.iter().filter(|entry| entry.media_time.is_some()).collect();
    let length = match &played[..] {
        [only] if only.segment_duration > 0 => Some(only.segment_duration),
        _ => None,
    };
    Ok(TrackEdit {
        id: head.track_id,
        name: name.map(|name| String::from_utf8_lossy(&name).trim_matches('\0').trim().to_owned()),
        delay: Ticks { count: delay, per_second: movie_ticks },
        skip: Ticks {
            count: played.first().and_then(|entry| entry.media_time).unwrap_or(0),
            per_second: media.timescale,
        },
        length: length.map(|count| Ticks { count, per_second: movie_ticks }),
    })
}

/// The boxes that lie in a part of the file, each with where its content lies.
fn boxes(file: &mut dyn MediaSource, within: Range<u64>) -> io::Result<Vec<(FourCC, Range<u64>)>> {
    let mut found = Vec::new();
    let mut next = within.start;
    while let Some((kind, content)) = box_at(file, next, within.end)? {
        next = content.end;
        found.push((kind, content));
    }
    Ok(found)
}

/// The first box of a kind in a part of the file.
fn find(file: &mut dyn MediaSource, within: Range<u64>, kind: &[u8; 4]) -> io::Result<Option<Range<u64>>> {
    let mut next = within.start;
    while let Some((found, content)) = box_at(file, next, within.end)? {
        if found == FourCC::new(kind) {
            return Ok(Some(content));
        }
        next = content.end;
    }
    Ok(None)
}

/// The box that begins here, if one with a whole header does; one that ends behind its parent ends with it.
fn box_at(file: &mut dyn MediaSource, start: u64, end: u64) -> io::Result<Option<(FourCC, Range<u64>)>> {
    if start.saturating_add(8) > end {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(start))?;
    let Ok(header) = Header::read_from(file) else { return Ok(None) };
    let content = file.stream_position()?;
    let length = header.size.map_or(end, |size| content.saturating_add(size as u64));
    Ok(Some((header.kind, content..length.min(end).max(content))))
}

/// Reads and decodes the first box of a kind in a part of the file.
fn decode<T: Atom>(file: &mut dyn MediaSource, within: Range<u64>, kind: &[u8; 4]) -> io::Result<Option<T>> {
    let Some(content) = find(file, within, kind)? else { return Ok(None) };
    let bytes = read(file, content)?;
    let mut rest = &bytes[..];
    let decoded = T::decode_body(&mut rest).map_err(|_| damaged())?;
    if rest.remaining() > 0 {
        tracing::debug!(bytes = rest.remaining(), "a box of an MP4 is longer than its fields");
    }
    Ok(Some(decoded))
}

fn read(file: &mut dyn MediaSource, content: Range<u64>) -> io::Result<Vec<u8>> {
    let length = content.end - content.start;
    if length > LARGEST_BOX {
        return Err(damaged());
    }
    file.seek(SeekFrom::Start(content.start))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn damaged() -> io::Error {
    io::ErrorKind::InvalidData.into()
}
