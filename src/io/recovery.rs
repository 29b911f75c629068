//! Recordings that an earlier process left: mended, and brought into their place.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::disk;
use crate::audio::wav;

/// The metadata of a recording that was cut off: what was known of it is lost.
pub(super) const RECOVERED: &str = "{\"recovered\":true}\n";
/// What a recording without a sample is long.
const HEADER_BYTES: u64 = 44;
/// Folders below the first in which recordings lie: mailbox, year, month, and one more.
pub(super) const DEPTH_MAX: u8 = 4;

/// Mends and names every recording below `folder` that an earlier process left; beside it stands what that process had written
/// there, or else what `known` says of a file of this name, or [`RECOVERED`]. One that holds nothing is removed. Gives what was
/// kept.
pub(super) fn recover(folder: &Path, known: &dyn Fn(&Path) -> Option<String>) -> io::Result<Vec<PathBuf>> {
    let mut kept = Vec::new();
    search(folder, DEPTH_MAX, known, &mut kept)?;
    Ok(kept)
}

fn search(
    folder: &Path,
    depth: u8,
    known: &dyn Fn(&Path) -> Option<String>,
    kept: &mut Vec<PathBuf>,
) -> io::Result<()> {
    let (mut notes, mut sounds) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() && depth > 0 {
            if let Err(why) = search(&path, depth - 1, known, kept) {
                tracing::error!(%why, path = %path.display(), "a folder of recordings cannot be searched");
            }
        } else if kind.is_file() && path.extension() == Some(OsStr::new("part")) {
            let sound = path.with_extension("").extension() == Some(OsStr::new("wav"));
            if sound { sounds.push(path) } else { notes.push(path) }
        }
    }
    // One file that cannot be mended must not keep the server from starting.
    for path in notes {
        if let Err(why) = rescue_note(&path) {
            tracing::error!(%why, path = %path.display(), "what was written beside a recording cannot be mended");
        }
    }
    for path in sounds {
        match rescue(&path, known) {
            Ok(Some(whole)) => kept.push(whole),
            Ok(None) => {}
            Err(why) => tracing::error!(%why, path = %path.display(), "a recording cannot be mended"),
        }
    }
    Ok(())
}

/// A file that was being written beside a recording: all of it is there, or it is removed.
fn rescue_note(part: &Path) -> io::Result<()> {
    let whole = part.with_extension("");
    let complete =
        || fs::read(part).is_ok_and(|text| serde_json::from_slice::<serde_json::Value>(&text).is_ok());
    if !whole.exists() && complete() { disk::name(part, &whole) } else { disk::remove(part) }
}

fn rescue(part: &Path, known: &dyn Fn(&Path) -> Option<String>) -> io::Result<Option<PathBuf>> {
    let whole = part.with_extension("");
    if fs::metadata(part)?.len() <= HEADER_BYTES {
        disk::remove(part)?;
        return Ok(None);
    }
    mend(part)?;
    sync(part)?;
    let beside = whole.with_extension("json");
    if !beside.exists() {
        let text = known(&whole).unwrap_or_else(|| RECOVERED.to_owned());
        disk::write_whole(&beside, text.as_bytes())?;
    }
    disk::name(part, &whole)?;
    Ok(Some(whole))
}

/// Makes the header of a WAV file say how much is there.
pub(super) fn mend(path: &Path) -> io::Result<()> {
    let mut file = disk::open(path)?;
    let length = file.length()?;
    let mut start = Vec::new();
    file.file().take(HEADER_BYTES).read_to_end(&mut start)?;
    let repaired = wav::repair(&start, length).ok_or(io::ErrorKind::InvalidData)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&repaired.header)?;
    file.resize(repaired.length)
}

/// Brings a file that was written to the platter.
pub(super) fn sync(path: &Path) -> io::Result<()> {
    disk::sync(&disk::open(path)?)
}
