//! What makes files whole: mending what was cut off, naming in one step, writing beside.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::audio::wav;

/// The metadata of a recording that was cut off: what was known of it is lost.
pub(super) const RECOVERED: &str = "{\"recovered\":true}\n";
/// What a recording without a sample is long.
const HEADER_BYTES: u64 = 44;
/// Folders below the first in which recordings lie: mailbox, year, month, and one more.
const DEPTH_MAX: u8 = 4;

/// Mends and names every recording below `folder` that an earlier process left, with [`RECOVERED`] beside it; one that holds
/// nothing is removed. Gives what was kept.
pub(super) fn recover(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut kept = Vec::new();
    search(folder, DEPTH_MAX, &mut kept)?;
    Ok(kept)
}

fn search(folder: &Path, depth: u8, kept: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() && depth > 0 {
            if let Err(why) = search(&path, depth - 1, kept) {
                tracing::error!(%why, path = %path.display(), "a folder of recordings cannot be searched");
            }
        } else if kind.is_file() && path.extension() == Some(OsStr::new("part")) {
            // One file that cannot be mended must not keep the server from starting.
            match rescue(&path) {
                Ok(Some(whole)) => kept.push(whole),
                Ok(None) => {}
                Err(why) => tracing::error!(%why, path = %path.display(), "a recording cannot be mended"),
            }
        }
    }
    Ok(())
}

fn rescue(part: &Path) -> io::Result<Option<PathBuf>> {
    let whole = part.with_extension("");
    if whole.extension() != Some(OsStr::new("wav")) {
        // The rest of a file that was to be written beside.
        fs::remove_file(part)?;
        return Ok(None);
    }
    if fs::metadata(part)?.len() <= HEADER_BYTES {
        fs::remove_file(part)?;
        return Ok(None);
    }
    mend(part)?;
    let whole = name(part, &whole)?;
    let beside = whole.with_extension("json");
    if !beside.exists() {
        write_beside(&beside, RECOVERED)?;
    }
    Ok(Some(whole))
}

/// Makes the header of a WAV file say how much is there.
pub(super) fn mend(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let length = file.metadata()?.len();
    let mut start = Vec::new();
    (&mut file).take(HEADER_BYTES).read_to_end(&mut start)?;
    let repaired = wav::repair(&start, length).ok_or(io::ErrorKind::InvalidData)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&repaired.header)?;
    file.set_len(repaired.length)
}

/// Brings a file to the disk and gives it its name: under that name it is whole, or not there.
pub(super) fn name(part: &Path, whole: &Path) -> io::Result<PathBuf> {
    File::open(part)?.sync_all()?;
    fs::rename(part, whole)?;
    if let Some(folder) = whole.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(whole.to_owned())
}

/// Writes a small file in one step.
pub(super) fn write_beside(path: &Path, text: &str) -> io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let written = File::create(&part).and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => name(&part, path).map(drop),
        Err(why) => {
            let _ = fs::remove_file(&part);
            Err(why)
        }
    }
}
