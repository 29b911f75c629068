//! What a caller has left beside the store: sounds in the folder of messages, letters that wait, what is known of calls that go on.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::disk;
use super::store;

/// Folders below the one of messages: a mailbox, and what it is divided into.
const FOLDERS_DEEP: usize = 4;
/// The sound, and what is known of it.
const ENDINGS: [&str; 2] = ["wav", "json"];

/// Files of messages and recordings of a caller (the number in normal form): those whose JSON names who called, and those that
/// `named` has, as records name them. No other file is ever told.
pub(crate) fn sounds(messages: &Path, number: &str, named: &BTreeSet<String>) -> Vec<PathBuf> {
    let of_caller = |path: &Path| {
        let text = fs::read_to_string(path.with_extension("json")).unwrap_or_default();
        let json: Value = serde_json::from_str(&text).unwrap_or_default();
        json["caller"].as_str().is_some_and(|caller| store::names(number, caller))
    };
    let is_named = |path: &Path| {
        let name = path.strip_prefix(messages).unwrap_or(path).with_extension("");
        named.iter().any(|named| Path::new(named.trim_end_matches(".wav")) == name)
    };
    let mut found = files(messages, FOLDERS_DEEP);
    found.retain(|path| {
        let ours = path.extension().is_some_and(|end| ENDINGS.iter().any(|ours| end == *ours));
        ours && (is_named(path) || of_caller(path))
    });
    found
}

/// Files that speak of a caller and that a running server holds: letters, calls that go on, call backs that were promised.
pub(crate) fn mentions(state: &Path, number: &str) -> Vec<PathBuf> {
    let mut found = files(&state.join("outbox"), 1);
    found.push(state.join("open.jsonl"));
    found.retain(|path| {
        fs::read(path).is_ok_and(|text| store::names(number, &String::from_utf8_lossy(&text)))
    });
    found
}

/// Takes files away.
///
/// # Errors
/// The first that cannot be; the others have gone.
pub(crate) fn erase(files: &[PathBuf]) -> io::Result<()> {
    files.iter().map(|file| disk::remove(file)).fold(Ok(()), Result::and)
}

/// The files below a folder, so many folders deep, in order.
fn files(folder: &Path, deep: usize) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut found = Vec::new();
    for entry in entries {
        // A link leads elsewhere.
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && deep > 0 => found.extend(files(&entry.path(), deep - 1)),
            Ok(kind) if kind.is_file() => found.push(entry.path()),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What lies there, and the names of what is found.
    fn world(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("svi-traces-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        for (file, text) in files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn names(folder: &Path, files: &[PathBuf]) -> Vec<String> {
        files.iter().map(|file| file.strip_prefix(folder).unwrap().display().to_string()).collect()
    }

    #[test]
    fn sounds_of_a_caller_are_found_by_their_json_and_by_the_record_and_nobody_elses() {
        let folder = world(
            "sounds",
            &[
                ("accueil/1.wav", "RIFF"),
                ("accueil/1.json", r#"{"caller":"+33612345678"}"#),
                ("accueil/2.wav", "RIFF"),
                ("accueil/2.json", r#"{"caller":"+33612345679","note":"rappeler +33612345678"}"#),
                (".recordings/3.wav", "RIFF"),
                ("accueil/4.txt", "+33612345678"),
            ],
        );
        let named = BTreeSet::from([".recordings/3".to_owned(), "../../etc/passwd".to_owned()]);
        let found = sounds(&folder, "+33612345678", &named);
        assert_eq!(names(&folder, &found), [".recordings/3.wav", "accueil/1.json", "accueil/1.wav"]);
        erase(&found).unwrap();
        assert!(sounds(&folder, "+33612345678", &named).is_empty());
        assert!(folder.join("accueil/2.wav").exists() && folder.join("accueil/4.txt").exists());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn letters_and_promises_that_name_a_caller_are_told() {
        let folder = world(
            "mentions",
            &[
                ("outbox/1.json", r#"{"letter":{"sms":{"to":"+33612345678"}}}"#),
                ("outbox/2.json", r#"{"letter":{"sms":{"to":"+33612345679"}}}"#),
                ("outbox/failed/3.json", r#"{"text":"rappeler le 06 12 34 56 78"}"#),
                ("open.jsonl", r#"{"keep":{"number":"0612345678"}}"#),
            ],
        );
        let found = mentions(&folder, "+33612345678");
        assert_eq!(names(&folder, &found), ["outbox/1.json", "outbox/failed/3.json", "open.jsonl"]);
        fs::remove_dir_all(folder).unwrap();
    }
}
