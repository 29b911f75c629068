//! Letters on the disk: one JSON file each, written whole before it is tried, so that a kill loses none. What was given up
//! lies in `failed/`; a file that is moved from there back into the spool is taken up at the next start.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::schedule;
use crate::base::diagnostic::Text;
use crate::base::limit::{LETTER_BYTES_MAX, LETTER_LIFE, LETTERS_FAILED_MAX, LETTERS_MAX};
use crate::base::rng::Rng;
use crate::base::time::{Duration, Wall};
use crate::io::disk;
use crate::say;

/// A letter to one recipient, as its file says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Written {
    /// Names it for ever: the `Message-ID` of an e-mail is made of it. Letters to many share it.
    pub(crate) id: String,
    /// When it was written, milliseconds since 1970.
    pub(crate) written_ms: i64,
    /// When it is tried next.
    pub(crate) due_ms: i64,
    /// How often it was tried.
    pub(crate) tries: u32,
    /// Why the last try failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    /// What it is.
    pub(crate) letter: Content,
}

/// What is delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Content {
    /// A text message.
    Sms {
        /// The number, E.164.
        to: String,
        /// What it says.
        text: String,
    },
    /// An e-mail.
    Email {
        /// Whom this one goes to.
        recipient: String,
        /// Whom it names as its recipients.
        to: Vec<String>,
        /// The subject.
        subject: String,
        /// What it says.
        text: String,
        /// Recordings, below the folder of messages, without extension.
        attachments: Vec<String>,
    },
}

/// Why a letter was not delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Trying again would not help.
    pub(crate) for_good: bool,
    /// In words of who refused it.
    pub(crate) why: String,
    /// It is not to be tried again before this, the refuser says (`Retry-After`).
    pub(crate) after: Option<Duration>,
}

impl Refusal {
    /// Trying again may help.
    pub(crate) fn passing(why: impl Into<String>) -> Self {
        Self { for_good: false, why: why.into(), after: None }
    }

    /// It would not.
    pub(crate) fn for_good(why: impl Into<String>) -> Self {
        Self { for_good: true, ..Self::passing(why) }
    }
}

/// How it goes on with a letter that was not delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is tried again after this.
    Again(Duration),
    /// It is not; it lies in `failed/`.
    GivenUp,
}

/// The folder, and what is in it.
#[derive(Debug)]
pub(crate) struct Spool {
    folder: PathBuf,
    /// By the names of their files.
    letters: BTreeMap<String, Written>,
    /// Those that are being tried.
    out: std::collections::BTreeSet<String>,
    rng: Rng,
}

impl Spool {
    /// Opens the folder, made if need be; takes up what an earlier process left, and says what could not be read.
    ///
    /// # Errors
    /// The folder cannot be made or read.
    pub(crate) fn open(folder: &Path, rng: Rng, now: Wall) -> io::Result<(Self, Vec<Text>)> {
        disk::folder(&folder.join(FAILED))?;
        disk::narrow(folder, 2);
        let mut spool =
            Self { folder: folder.to_owned(), letters: BTreeMap::new(), out: Default::default(), rng };
        let mut told = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name.ends_with(PART) {
                // The process died while it wrote; whoever wanted it sent was not told that it would be.
                let _ = fs::remove_file(entry.path());
            } else if name.ends_with(JSON) {
                match spool.take_up(&entry.path(), now) {
                    Ok(letter) => drop(spool.letters.insert(name, letter)),
                    Err(why) => {
                        spool.move_to_failed(&name);
                        told.push(say!(
                            "the letter {} cannot be read and lies in {}: {}",
                            &name,
                            FAILED,
                            why
                        ));
                    }
                }
            }
        }
        Ok((spool, told))
    }

    /// Writes a letter; once it comes back well, no kill can lose it.
    ///
    /// # Errors
    /// There are too many, it is too large, or the disk refuses it.
    pub(crate) fn write(&mut self, id: &str, content: Content, now: Wall) -> io::Result<()> {
        if self.letters.len() >= LETTERS_MAX {
            return Err(io::Error::other("too many letters wait"));
        }
        let ms = now.epoch_ms();
        let letter =
            Written { id: id.to_owned(), written_ms: ms, due_ms: ms, tries: 0, why: None, letter: content };
        let name = format!("{ms}-{}{JSON}", self.rng.hex(8));
        self.store(&name, &letter)?;
        self.letters.insert(name, letter);
        Ok(())
    }

    /// A name for letters that belong together.
    pub(crate) fn new_id(&mut self, now: Wall) -> String {
        format!("{}.{}", now.epoch_ms(), self.rng.hex(8))
    }

    /// The next letter to be tried now; it is out until it is told how it went.
    pub(crate) fn take_due(&mut self, now: Wall) -> Option<(String, Written)> {
        let due = |(name, letter): &(&String, &Written)| {
            letter.due_ms <= now.epoch_ms() && !self.out.contains(*name)
        };
        let (name, letter) = self.letters.iter().filter(due).min_by_key(|(_, letter)| letter.due_ms)?;
        let (name, letter) = (name.clone(), letter.clone());
        self.out.insert(name.clone());
        Some((name, letter))
    }

    /// How long until [`Spool::take_due`] has something, if anything waits.
    pub(crate) fn next_due(&self, now: Wall) -> Option<Duration> {
        let waiting = self.letters.iter().filter(|(name, _)| !self.out.contains(*name));
        let due_ms = waiting.map(|(_, letter)| letter.due_ms).min()?;
        Some(Duration::from_millis(u64::try_from(due_ms - now.epoch_ms()).unwrap_or(0)))
    }

    /// A letter has arrived.
    pub(crate) fn delivered(&mut self, name: &str) {
        self.out.remove(name);
        if self.letters.remove(name).is_some()
            && let Err(why) = fs::remove_file(self.folder.join(name))
        {
            tracing::error!(%why, name, "a letter that was delivered cannot be removed; it will be sent again");
        }
    }

    /// A letter has not; see [`schedule`].
    pub(crate) fn refused(&mut self, name: &str, refusal: &Refusal, now: Wall) -> Verdict {
        self.out.remove(name);
        let Some(letter) = self.letters.get_mut(name) else { return Verdict::GivenUp };
        letter.tries += 1;
        letter.why = Some(refusal.why.clone());
        let age = u64::try_from(now.epoch_ms() - letter.written_ms).unwrap_or(0);
        let age = Duration::from_millis(age);
        let pause = schedule::pause(letter.tries, age, self.rng.u64());
        // Asked to wait, it waits; the last try is at the end of its life all the same.
        let pause = pause
            .map(|pause| pause.max(refusal.after.unwrap_or_default()).min(LETTER_LIFE.saturating_sub(age)));
        let pause = pause.filter(|_| !refusal.for_good);
        letter.due_ms = (now + pause.unwrap_or_default()).epoch_ms();
        let letter = letter.clone();
        if let Err(why) = self.store(name, &letter) {
            tracing::error!(%why, name, "the state of a letter cannot be written");
        }
        let Some(pause) = pause else {
            self.letters.remove(name);
            self.move_to_failed(name);
            return Verdict::GivenUp;
        };
        Verdict::Again(pause)
    }

    /// How many wait or are being tried.
    pub(crate) fn len(&self) -> usize {
        self.letters.len()
    }

    fn take_up(&self, path: &Path, now: Wall) -> Result<Written, String> {
        if self.letters.len() >= LETTERS_MAX {
            return Err("too many letters wait".to_owned());
        }
        let length = fs::metadata(path).map_err(|why| why.to_string())?.len();
        // JSON doubles a text that is full of quotes.
        if length > 3 * LETTER_BYTES_MAX as u64 {
            return Err("it is too large".to_owned());
        }
        let text = fs::read_to_string(path).map_err(|why| why.to_string())?;
        let mut letter: Written = serde_json::from_str(&text).map_err(|why| why.to_string())?;
        // A clock that was set back must not make a letter wait for years, nor one that was moved here by hand.
        let now = now.epoch_ms();
        let life_ms = i64::try_from(LETTER_LIFE.as_millis()).unwrap_or(i64::MAX);
        if letter.written_ms > now || now - letter.written_ms >= life_ms {
            letter.written_ms = now;
        }
        letter.due_ms = letter.due_ms.min(now + life_ms);
        Ok(letter)
    }

    /// Whole or not at all: under another name, to the platter, then renamed.
    fn store(&self, name: &str, letter: &Written) -> io::Result<()> {
        let text = serde_json::to_vec(letter)?;
        disk::write_whole(&self.folder.join(name), &text)
    }

    fn move_to_failed(&self, name: &str) {
        let failed = self.folder.join(FAILED);
        if let Err(why) = fs::rename(self.folder.join(name), failed.join(name)) {
            tracing::error!(%why, name, "a letter that was given up cannot be moved");
        }
        let Ok(entries) = fs::read_dir(&failed) else { return };
        let mut kept: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        // Names begin with the time of writing.
        kept.sort();
        for old in kept.iter().take(kept.len().saturating_sub(LETTERS_FAILED_MAX)) {
            let _ = fs::remove_file(old);
        }
    }
}

const FAILED: &str = "failed";
const PART: &str = ".part";
const JSON: &str = ".json";
