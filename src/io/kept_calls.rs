//! Call records of the past, one by one, wherever they are: in the store of a state folder, or in files of a line of JSON each, as
//! `svi calls export` writes them and earlier versions did. A year of them is not held in memory.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::store::{Place, Reader, StoreError};

/// What every file of records is named like.
const LINES: &str = ".jsonl";

/// Each record below a folder, or in a file, in order. Lines that are no record are passed over.
///
/// # Errors
/// There is no such folder or file, no record in it, or it cannot be read.
pub(crate) fn each(place: &Path, mut take: impl FnMut(&Value)) -> Result<(), StoreError> {
    let mut line = |line: &str| {
        if let Ok(record) = serde_json::from_str(line) {
            take(&record);
        }
    };
    if let Some(place) = Place::there(place) {
        return Reader::open(&place)?.each(line);
    }
    for path in files(place)? {
        for text in BufReader::new(File::open(path)?).lines() {
            line(&text?);
        }
    }
    Ok(())
}

/// The record of a call, by its id, or the newest of its reference.
///
/// # Errors
/// As [`each`].
pub(crate) fn find(place: &Path, call: &str) -> Result<Option<Value>, StoreError> {
    if let Some(place) = Place::there(place) {
        return Reader::open(&place)?.get(call);
    }
    let mut found = None;
    each(place, |record| {
        if record["id"] == *call || record["reference"] == *call {
            found = Some(record.clone());
        }
    })?;
    Ok(found)
}

/// The file itself, or `records.jsonl` of a folder and what was rotated away beside it.
fn files(place: &Path) -> Result<Vec<PathBuf>, StoreError> {
    if place.is_file() {
        return Ok(vec![place.to_owned()]);
    }
    let mut files: Vec<PathBuf> = std::fs::read_dir(place)?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains(LINES)))
        .collect();
    files.sort();
    if files.is_empty() { Err(StoreError::None) } else { Ok(files) }
}
