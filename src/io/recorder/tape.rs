//! One recording on its way to its file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::audio::wav::Writer;
use crate::io::recovery;

/// Readable by the service and its group only: a message is personal data.
const MODE: u32 = 0o640;

pub(super) struct Tape {
    /// Without an extension.
    path: PathBuf,
    state: State,
}

enum State {
    /// Nothing has been heard: no file.
    Blank,
    /// On its way.
    Running(Box<Writer<BufWriter<File>>>),
    /// A write failed: what was written stays, nothing is added.
    Broken,
}

impl Tape {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, state: State::Blank }
    }

    /// Adds samples; an error once, when it breaks.
    pub(super) fn write(&mut self, samples: &[i16]) -> io::Result<()> {
        if let State::Blank = self.state {
            self.state = match begin(&self.part()) {
                Ok(writer) => State::Running(Box::new(writer)),
                Err(why) => {
                    self.state = State::Broken;
                    return Err(why);
                }
            };
        }
        self.attempt(|writer| writer.write(samples))
    }

    /// Brings the header up to date; an error once, when it breaks.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.attempt(Writer::flush)
    }

    /// Ends the file, gives it its name, and writes `metadata` beside it. A file that is broken is mended first.
    pub(super) fn keep(self, metadata: Option<&str>) -> io::Result<PathBuf> {
        let part = self.part();
        match self.state {
            State::Blank => return Err(io::Error::new(io::ErrorKind::NotFound, "nothing was heard")),
            State::Running(writer) => {
                if let Err(why) = writer.finish() {
                    tracing::warn!(%why, path = %part.display(), "a recording is cut short");
                    recovery::mend(&part)?;
                }
            }
            State::Broken => recovery::mend(&part)?,
        }
        let whole = recovery::name(&part, &with(&self.path, ".wav"))?;
        if let Some(metadata) = metadata {
            recovery::write_beside(&with(&self.path, ".json"), metadata)?;
        }
        Ok(whole)
    }

    /// Throws the file away.
    pub(super) fn discard(self) -> io::Result<()> {
        let part = self.part();
        let exists = !matches!(self.state, State::Blank);
        drop(self.state);
        if exists { fs::remove_file(part) } else { Ok(()) }
    }

    fn attempt(
        &mut self,
        act: impl FnOnce(&mut Writer<BufWriter<File>>) -> io::Result<()>,
    ) -> io::Result<()> {
        let State::Running(writer) = &mut self.state else { return Ok(()) };
        let done = act(writer);
        if done.is_err() {
            self.state = State::Broken;
        }
        done
    }

    fn part(&self) -> PathBuf {
        with(&self.path, ".wav.part")
    }
}

fn begin(part: &Path) -> io::Result<Writer<BufWriter<File>>> {
    if let Some(folder) = part.parent() {
        fs::create_dir_all(folder)?;
    }
    // Never over a file that is there, never through a link.
    let file = OpenOptions::new().write(true).create_new(true).mode(MODE).open(part)?;
    Writer::new(BufWriter::new(file))
}

/// The path with more at its end: `with_extension` would cut a name that has a dot.
fn with(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}
