//! The texts of every version of the site that calls have walked, so that a call of last month can be walked again as it
//! was: `versions/HASH/` below the state folder, the newest of them only.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::disk;
use super::load::{self, SiteSource};
use crate::base::limit::VERSIONS_MAX;

/// The folder of a version, if it is kept.
pub(crate) fn folder(state: &Path, version: &str) -> Option<PathBuf> {
    // A version is hex digits: what a record says is no path.
    let fits = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    let folder = state.join("versions").join(version);
    (fits && folder.is_dir()).then_some(folder)
}

/// The folder of the version that was kept last.
pub(crate) fn newest(state: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(state.join("versions")).ok()?.flatten();
    let kept = entries.filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())));
    kept.filter(|(_, path)| path.extension().is_none()).max().map(|(_, path)| path)
}

/// Keeps the texts of a site under its version, and forgets the oldest versions beyond the bound.
///
/// # Errors
/// What the system says when they cannot be written.
pub(crate) fn keep(state: &Path, version: &str, source: &SiteSource) -> io::Result<()> {
    let folder = state.join("versions").join(version);
    disk::narrow(&state.join("versions"), 2);
    if folder.is_dir() {
        return Ok(());
    }
    let texts = load::sources_of(source).map_err(|error| io::Error::other(error.to_string()))?;
    let part = state.join("versions").join(format!("{version}.part"));
    // Passwords may stand in them.
    disk::folder(&part)?;
    for text in texts {
        let name = Path::new(&text.path).file_name().unwrap_or_default();
        disk::write(&part.join(name), text.text.as_bytes())?;
    }
    std::fs::rename(&part, &folder)?;
    forget_oldest(&state.join("versions"))
}

fn forget_oldest(folder: &Path) -> io::Result<()> {
    let mut kept: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(folder)?.flatten() {
        kept.push((entry.metadata()?.modified()?, entry.path()));
    }
    kept.sort();
    let old = kept.len().saturating_sub(VERSIONS_MAX);
    for (_, path) in kept.into_iter().take(old) {
        std::fs::remove_dir_all(path)?;
    }
    Ok(())
}
