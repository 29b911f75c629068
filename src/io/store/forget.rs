//! One caller's right to be told what is kept of them, and to be forgotten: in columns, in records, in journals, in the spill file;
//! and a search that proves it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::db::{Db, DbError, Mode, Row, Value, values};
use super::entry::whole;
use super::keep::rewrite;
use super::key::Key;
use super::place::{Place, StoreError};
use super::spill::{self, Spill};
use super::{import, schema};

/// Calls of one transaction.
const PAGE: usize = 200;
/// Digits that tell a caller: with fewer, others would be forgotten too.
const DIGITS_MIN: usize = 8;
/// Digits of a French number after its 0 or +33: it is written in many ways, which all end in these.
const NATIONAL_DIGITS: usize = 9;
/// Octets that are searched at once.
const CHUNK: usize = 1_024 * 1_024;

/// What was forgotten, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Forgotten {
    /// Calls in whose records the number stood.
    pub(crate) calls: u64,
    /// Files beside the store in which it still stands: copies from before an upgrade, old files of records.
    pub(crate) left: Vec<PathBuf>,
}

/// Takes a number, in normal form, out of texts.
pub(super) struct Eraser {
    number: String,
    /// Those that every way to write it has in common.
    digits: String,
}

impl Eraser {
    pub(super) fn of(number: &str) -> Self {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let french = number.starts_with("+33") && digits.len() > NATIONAL_DIGITS;
        let from = if french { digits.len() - NATIONAL_DIGITS } else { 0 };
        Self { number: number.to_owned(), digits: digits[from..].to_owned() }
    }

    /// A record without the number, and without what else tells who called; `stand_in` stands where it stood as the caller's.
    pub(super) fn record(&self, json: &str, stand_in: Option<&str>) -> serde_json::Result<String> {
        let mut record: Json = serde_json::from_str(json)?;
        let is_caller =
            record["caller"].as_str().is_some_and(|caller| self.is_in(caller) || Some(caller) == stand_in);
        self.erase(&mut record);
        if let Json::Object(fields) = &mut record {
            if is_caller {
                fields.insert("caller".to_owned(), stand_in.map_or(Json::Null, Json::from));
                // The name, and a signature in which the number is written in another alphabet.
                fields.insert("identity".to_owned(), Json::Null);
                fields.remove("caller_name");
            }
            fields.remove("journal");
        }
        Ok(record.to_string())
    }

    fn erase(&self, json: &mut Json) {
        match json {
            Json::String(text) if self.is_in(text) => text.clear(),
            Json::Number(number) if self.is_in(&number.to_string()) => *json = Json::from(0),
            Json::Array(items) => items.iter_mut().for_each(|item| self.erase(item)),
            Json::Object(fields) => fields.values_mut().for_each(|field| self.erase(field)),
            _ => {}
        }
    }

    /// Whether so few others have its digits that it is looked for within texts.
    fn tells(&self) -> bool {
        self.digits.len() >= DIGITS_MIN
    }

    /// Whether the number stands in a text, grouped or not; a short one, an extension perhaps, is the whole text.
    fn is_in(&self, text: &str) -> bool {
        if !self.tells() {
            return text == self.number;
        }
        let joined: String =
            text.chars().filter(|sign| !matches!(sign, ' ' | '.' | '-' | '\u{a0}')).collect();
        joined.contains(&self.digits)
    }

    fn like(&self) -> String {
        format!("%{}%", self.digits)
    }
}

/// Erases a caller, by the number in normal form.
///
/// # Errors
/// The number is too short to tell a caller, or what the database says; what has gone by then has gone.
pub(crate) fn forget(place: &Place, number: &str) -> Result<Forgotten, StoreError> {
    let (eraser, mut db, key) = begin(place, number, Mode::Command)?;
    // What waits is taken in first: then it stands in one place.
    let mut spill = Spill::open(place.spill())?;
    spill.take_in(|lines| import::lines(&mut db, &key, lines).map(drop))?;
    let (mut forgotten, hash) = (Forgotten::default(), key.hash(number));
    loop {
        let calls = db.transaction(|db| {
            let rows = mentions(db, &eraser, &hash, "")?;
            for row in &rows {
                let json = eraser.record(row.text(1).unwrap_or_default(), None)?.replace(&hash, "");
                rewrite(db, row.text(0).unwrap_or_default(), &json, &key)?;
            }
            Ok(rows.len() as u64)
        })?;
        if calls == 0 {
            break;
        }
        forgotten.calls += calls;
    }
    db.settle()?;
    if files_with(place, &eraser)?.contains(&place.file) {
        // What stood where a page was rearranged: all of it is written anew.
        db.script("VACUUM")?;
        db.settle()?;
    }
    forgotten.left = files_with(place, &eraser)?;
    Ok(forgotten)
}

/// All that is kept of a caller: the records in which the number stands, with their journals.
///
/// # Errors
/// As [`forget`].
pub(crate) fn export_caller(
    place: &Place,
    number: &str,
    mut take: impl FnMut(&str),
) -> Result<(), StoreError> {
    let (eraser, mut db, key) = begin(place, number, Mode::Read)?;
    let (mut after, hash) = (String::new(), key.hash(number));
    loop {
        let rows = mentions(&mut db, &eraser, &hash, &after)?;
        for row in &rows {
            take(&whole(row.text(1).unwrap_or_default(), row.text(2)));
        }
        let Some(last) = rows.last() else { break };
        after = last.text(0).unwrap_or_default().to_owned();
    }
    spill::each(&place.spill(), |line| {
        if eraser.is_in(line) {
            take(line);
        }
        Ok(())
    })
}

/// Whether a caller's number, in normal form, stands in a text, however it is grouped there.
pub(crate) fn names(number: &str, text: &str) -> bool {
    Eraser::of(number).is_in(text)
}

fn begin(place: &Place, number: &str, mode: Mode) -> Result<(Eraser, Db, Key), StoreError> {
    let eraser = Eraser::of(number);
    if !eraser.tells() {
        return Err(StoreError::Short);
    }
    let mut db = place.open(mode)?;
    schema::judge(&mut db)?;
    Ok((eraser, db, Key::of(place)?))
}

/// Records in which the number stands, or its hash, or in whose journals it stands; by their ids, a page of them.
fn mentions(db: &mut Db, eraser: &Eraser, hash: &str, after: &str) -> Result<Vec<Row>, DbError> {
    let values: &[Value<'_>] = values![after, &*eraser.number, hash, eraser.like(), PAGE];
    db.query(
        "SELECT c.id, r.json, j.json FROM calls c JOIN records r ON r.call_id = c.id
        LEFT JOIN journals j ON j.call_id = c.id
        WHERE c.id > $1 AND (c.caller = $2 OR c.caller_hash = $3 OR r.json LIKE $4 OR j.json LIKE $4)
        ORDER BY c.id LIMIT $5",
        values,
    )
}

/// Files of the store and beside it in whose octets the number stands.
fn files_with(place: &Place, eraser: &Eraser) -> io::Result<Vec<PathBuf>> {
    let folder = place.file.parent().unwrap_or(Path::new(""));
    let stem = place.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = name.starts_with(&stem) || name.contains("records.jsonl");
        if ours && entry.file_type()?.is_file() && stands_in(&entry.path(), eraser.digits.as_bytes())? {
            found.insert(entry.path());
        }
    }
    Ok(found.into_iter().collect())
}

fn stands_in(path: &Path, digits: &[u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    loop {
        // What could be its beginning is looked at again with what follows.
        bytes.drain(..bytes.len().saturating_sub(digits.len()));
        if file.by_ref().take(CHUNK as u64).read_to_end(&mut bytes)? == 0 {
            return Ok(false);
        }
        if bytes.windows(digits.len()).any(|window| window == digits) {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_erased_however_it_is_written_and_a_short_one_alone() {
        let record = serde_json::json!({
            "caller": "+33612345678", "caller_name": "Jeanne", "identity": "eyJ…", "number": "+33800123456", "keys": "0612345678#",
            "events": [{ "name": "rappel", "with": { "a": "06 12 34 56 78", "b": "vers 06.12.34.56.79" } }], "journal": { "n": 612_345_678 },
        });
        let erased = |number, json: &Json, stand_in| -> Json {
            serde_json::from_str(&Eraser::of(number).record(&json.to_string(), stand_in).unwrap()).unwrap()
        };
        let expected = serde_json::json!({
            "caller": "hash:1", "identity": null, "number": "+33800123456", "keys": "",
            "events": [{ "name": "rappel", "with": { "a": "", "b": "vers 06.12.34.56.79" } }],
        });
        assert_eq!(erased("+33612345678", &record, Some("hash:1")), expected);
        assert_eq!(erased("+33612345678", &expected, None)["caller"], "hash:1", "of whom nothing is known");
        let phone = serde_json::json!({ "caller": "101", "flow": "accueil", "reference": "101101", "identity": null });
        let expected =
            serde_json::json!({ "caller": null, "flow": "accueil", "reference": "101101", "identity": null });
        assert_eq!(erased("101", &phone, None), expected);
    }
}
