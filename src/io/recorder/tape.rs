//! One recording on its way to its file, and into its place when it is over.
//!
//! In this order, so that whatever fails or is cut off in between can be gone on with, now or by the next process: the sound
//! is whole on the platter as `.wav.part`; what is known of it stands beside it as `.json`; the sound gets its name.

use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::audio::wav::{self, Writer};
use crate::io::disk::{self, PrivateFile};
use crate::io::recovery;

pub(super) struct Tape {
    /// Without an extension.
    path: PathBuf,
    state: State,
    /// Its file was made by us.
    ours: bool,
    /// Samples that the file says it has: flushed, header and all.
    flushed: u64,
    /// Those since then: a disk that refuses them now may take them later.
    pending: Vec<i16>,
}

/// Samples between two flushes at the most: two seconds.
const PENDING_MAX: usize = 16_000;
/// Octets of the header that `audio/wav.rs` writes.
const HEADER_BYTES: u64 = 44;

enum State {
    /// Nothing has been heard: no file.
    Blank,
    /// On its way.
    Running(Box<Writer<BufWriter<PrivateFile>>>),
    /// A write failed: what was written stays, nothing is added.
    Broken,
    /// Its header says what is there.
    Ended,
}

/// What is to become of a recording that is over.
pub(super) enum Wish {
    /// Its place, with this beside it.
    Keep(Option<String>),
    /// It is thrown away.
    Discard,
}

/// Why it is not done yet.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) why: io::Error,
    /// Trying again cannot help.
    pub(super) for_good: bool,
}

impl From<io::Error> for Trouble {
    fn from(why: io::Error) -> Self {
        Self { why, for_good: false }
    }
}

impl Tape {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, state: State::Blank, ours: false, flushed: 0, pending: Vec::new() }
    }

    /// Adds samples; an error once, when it breaks.
    pub(super) fn write(&mut self, samples: &[i16]) -> io::Result<()> {
        if let State::Blank = self.state {
            self.pending.extend(samples);
            self.state = State::Broken;
            let file = create(&self.part())?;
            self.ours = true;
            self.state = State::Running(Box::new(Writer::new(BufWriter::new(file))?));
            return self.attempt(|writer| writer.write(samples));
        }
        if self.pending.len() >= PENDING_MAX {
            self.flush()?;
        }
        if let State::Running(_) = self.state {
            self.pending.extend(samples);
        }
        self.attempt(|writer| writer.write(samples))
    }

    /// Brings the header up to date; an error once, when it breaks.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.attempt(Writer::flush)?;
        if let State::Running(_) = self.state {
            self.flushed += self.pending.len() as u64;
            self.pending.clear();
        }
        Ok(())
    }

    /// Does what is wished, or what is still missing of it; where the file then is. A file that is broken is mended first.
    pub(super) fn file(&mut self, wish: &Wish) -> Result<PathBuf, Trouble> {
        match wish {
            Wish::Keep(metadata) => self.keep(metadata.as_deref()),
            Wish::Discard => self.discard().map(|()| self.path.clone()),
        }
    }

    fn keep(&mut self, metadata: Option<&str>) -> Result<PathBuf, Trouble> {
        let (part, whole) = (self.part(), disk::with(&self.path, ".wav"));
        self.end(&part)?;
        let named = whole.exists() && !part.exists();
        if !named {
            recovery::sync(&part)?;
        }
        if let Some(metadata) = metadata {
            disk::write_whole(&disk::with(&self.path, ".json"), metadata.as_bytes())?;
        }
        if !named {
            disk::name(&part, &whole)?;
        }
        Ok(whole)
    }

    /// Makes the file say how long it is.
    fn end(&mut self, part: &Path) -> Result<(), Trouble> {
        match std::mem::replace(&mut self.state, State::Broken) {
            State::Blank => {
                self.state = State::Blank;
                let why = io::Error::new(io::ErrorKind::NotFound, "nothing was heard");
                return Err(Trouble { why, for_good: true });
            }
            State::Running(writer) => {
                if writer.finish().is_err() {
                    self.rewrite(part)?;
                }
            }
            State::Broken => self.rewrite(part)?,
            State::Ended => {}
        }
        self.state = State::Ended;
        Ok(())
    }

    /// Writes once more what the disk had refused.
    fn rewrite(&mut self, part: &Path) -> Result<(), Trouble> {
        if !self.ours {
            create(part).map_err(|why| {
                let kind = why.kind();
                Trouble { why, for_good: kind == io::ErrorKind::AlreadyExists }
            })?;
            self.ours = true;
        }
        if self.flushed == 0 {
            return Ok(disk::write(part, &wav::to_file(&self.pending)?)?);
        }
        let mut file = disk::open(part)?;
        file.resize(HEADER_BYTES + 2 * self.flushed)?;
        file.seek(SeekFrom::End(0))?;
        let octets: Vec<u8> = self.pending.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        file.write_all(&octets)?;
        Ok(recovery::mend(part)?)
    }

    /// Throws the file away. One that cannot be removed is emptied: the next process must not take it for a message.
    fn discard(&mut self) -> Result<(), Trouble> {
        let part = self.part();
        self.state = State::Broken;
        if !self.ours {
            return Ok(());
        }
        disk::remove(&part).map_err(|why| {
            if let Ok(file) = disk::open(&part) {
                let _ = file.resize(0);
            }
            why.into()
        })
    }

    fn attempt(
        &mut self,
        act: impl FnOnce(&mut Writer<BufWriter<PrivateFile>>) -> io::Result<()>,
    ) -> io::Result<()> {
        let State::Running(writer) = &mut self.state else { return Ok(()) };
        let done = act(writer);
        if done.is_err() {
            self.state = State::Broken;
        }
        done
    }

    fn part(&self) -> PathBuf {
        disk::with(&self.path, ".wav.part")
    }
}

fn create(part: &Path) -> io::Result<PrivateFile> {
    if let Some(folder) = part.parent() {
        disk::folder(folder)?;
    }
    // Never over a file that is there, never through a link.
    disk::create_new(part)
}
