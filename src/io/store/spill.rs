//! The file for records that the database cannot take now: a line of JSON each, on the platter before it is acknowledged. Several
//! may add to it, each under the file's lock; who takes it in holds the lock until it is empty.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use crate::io::disk::{self, PrivateFile};

/// Lines that are taken in at once.
pub(super) const PAGE: usize = 500;

/// See the module.
pub(super) struct Spill {
    path: PathBuf,
    file: PrivateFile,
    inode: u64,
}

/// While it lives, nobody else touches the file.
struct Locked(File);

impl Locked {
    fn of(file: &PrivateFile) -> io::Result<Self> {
        let file = file.file().try_clone()?;
        flock(&file, FlockOperation::LockExclusive)?;
        Ok(Self(file))
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        let _ = flock(&self.0, FlockOperation::Unlock);
    }
}

impl Spill {
    /// Opens it, or makes it.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        let file = disk::append(&path)?;
        disk::narrow(&path, 0);
        let inode = file.file().metadata()?.ino();
        Ok(Self { path, file, inode })
    }

    /// Adds whole lines, each with its end, and brings them to the platter: all of them, or none that counts. A line that was cut
    /// off stands by itself, and one that is written again counts once.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn append(&mut self, lines: &str) -> io::Result<()> {
        self.follow()?;
        let _locked = Locked::of(&self.file)?;
        let before = self.file.length()?;
        let torn = is_torn(&self.file, before)?;
        let text = if torn { format!("\n{lines}") } else { lines.to_owned() };
        let written = self.file.write_all(text.as_bytes()).and_then(|()| disk::sync(&self.file));
        written.inspect_err(|_| drop(self.file.resize(before)))
    }

    /// The lines that stand in it, some at a time, and empties it when all are taken.
    ///
    /// # Errors
    /// What `take` says, or the system.
    pub(super) fn take_in<E: From<io::Error>>(
        &mut self,
        mut take: impl FnMut(&[String]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.follow()?;
        let _locked = Locked::of(&self.file)?;
        if self.file.length()? == 0 {
            return Ok(());
        }
        let mut lines = lines_of(self.file.file().try_clone()?)?;
        loop {
            let page = lines.by_ref().take(PAGE).collect::<io::Result<Vec<_>>>()?;
            if page.is_empty() {
                break;
            }
            take(&page)?;
        }
        self.file.resize(0)?;
        Ok(disk::sync(&self.file)?)
    }

    /// Opens the file that lies there now, should ours have been moved away.
    fn follow(&mut self) -> io::Result<()> {
        if std::fs::metadata(&self.path).is_ok_and(|there| there.ino() == self.inode) {
            return Ok(());
        }
        *self = Self::open(self.path.clone())?;
        Ok(())
    }
}

/// Whether the last line has no end.
fn is_torn(file: &PrivateFile, length: u64) -> io::Result<bool> {
    let mut last = [b'\n'];
    if length > 0 {
        std::os::unix::fs::FileExt::read_exact_at(file.file(), &mut last, length - 1)?;
    }
    Ok(last != *b"\n")
}

fn lines_of(mut file: File) -> io::Result<impl Iterator<Item = io::Result<String>>> {
    file.seek(SeekFrom::Start(0))?;
    let lines = BufReader::new(file).split(b'\n');
    Ok(lines.map(|line| Ok(String::from_utf8_lossy(&line?).into_owned())))
}

/// Each line of a spill file, for who only reads; there may be none.
pub(super) fn each<E: From<io::Error>>(
    path: &Path,
    mut take: impl FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    // What is added meanwhile is not waited for.
    let length = file.metadata()?.len();
    for line in BufReader::new(file.take(length)).split(b'\n') {
        take(&String::from_utf8_lossy(&line?))?;
    }
    Ok(())
}
