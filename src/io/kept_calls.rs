//! Call records as `io/records.rs` wrote them, read again one by one: a file of a year is not held in memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The name of the file of call records in a state folder.
pub(crate) const RECORDS: &str = "records.jsonl";

/// The files of records below a folder, or the file itself: `records.jsonl` and what was rotated away beside it.
///
/// # Errors
/// There is no such folder or file, or no records in it.
pub(crate) fn files(place: &Path) -> io::Result<Vec<PathBuf>> {
    if place.is_file() {
        return Ok(vec![place.to_owned()]);
    }
    let mut files: Vec<PathBuf> = std::fs::read_dir(place)?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains(".jsonl")))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("there is no {RECORDS} in it")));
    }
    Ok(files)
}

/// Each record of these files, in order. Lines that are no record are passed over.
pub(crate) fn each(files: &[PathBuf], mut take: impl FnMut(&Value)) -> io::Result<()> {
    for path in files {
        for line in BufReader::new(File::open(path)?).lines() {
            if let Ok(record) = serde_json::from_str::<Value>(&line?) {
                take(&record);
            }
        }
    }
    Ok(())
}
