//! What svi writes to the disk: every file and folder that holds what callers said, dialled or left, or a secret of the site,
//! is made here, for its owner alone whatever the umask. Tests break each of these calls in turn (`fault.rs`).

#[cfg(test)]
pub(super) mod fault;

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;

/// What can fail.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Create,
    Write,
    Sync,
    Rename,
    Remove,
    Resize,
}

/// From now on, what this process makes is its owner's alone, by whatever library or command it is made.
pub(crate) fn close_umask() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// Binds a socket with a name in the file system, for its owner alone from its first moment.
///
/// # Errors
/// What binding says.
pub(super) fn private_socket<T>(bind: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let before = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o177));
    let bound = bind();
    rustix::process::umask(before);
    bound
}

/// Makes a folder and those above it that are missing.
///
/// # Errors
/// What the system says.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    may(Act::Create)?;
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path)
}

/// A new file; never one that is there, never through a link.
pub(super) fn create_new(path: &Path) -> io::Result<PrivateFile> {
    may(Act::Create)?;
    OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path).map(PrivateFile)
}

/// A file that is there, to be read and written.
pub(super) fn open(path: &Path) -> io::Result<PrivateFile> {
    OpenOptions::new().read(true).write(true).open(path).map(PrivateFile)
}

/// A file to be written from its beginning, in the place of an older one.
fn create(path: &Path) -> io::Result<PrivateFile> {
    may(Act::Create)?;
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(FILE_MODE).open(path)?;
    // One that was there keeps its mode.
    file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    Ok(PrivateFile(file))
}

/// A file to be added to, made if it is not there.
///
/// # Errors
/// What the system says.
pub(crate) fn append(path: &Path) -> io::Result<PrivateFile> {
    may(Act::Create)?;
    OpenOptions::new().read(true).append(true).create(true).mode(FILE_MODE).open(path).map(PrivateFile)
}

/// Writes a whole file; what it says is not brought to the platter.
///
/// # Errors
/// What the system says.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    create(path)?.write_all(bytes)
}

/// Writes a whole file under another name, brings it to the platter and gives it its name: it is whole, or not there.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = with(path, ".part");
    let mut file = create(&part)?;
    file.write_all(bytes)?;
    sync(&file)?;
    name(&part, path)
}

/// Brings what was written to the platter.
pub(super) fn sync(file: &PrivateFile) -> io::Result<()> {
    may(Act::Sync)?;
    file.0.sync_all()
}

/// Gives a file its name, for good.
pub(super) fn name(part: &Path, whole: &Path) -> io::Result<()> {
    may(Act::Rename)?;
    fs::rename(part, whole)?;
    sync_folder_of(whole)
}

/// Removes a file for good; one that is not there is removed.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    may(Act::Remove)?;
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync_folder_of(path),
    }
}

fn sync_folder_of(path: &Path) -> io::Result<()> {
    may(Act::Sync)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// Takes from files and folders that are there already what others may do with them.
pub(super) fn narrow(path: &Path, depth: u8) {
    let Ok(metadata) = fs::symlink_metadata(path) else { return };
    let mode = metadata.permissions().mode() & 0o7777;
    if !metadata.is_symlink() && mode & 0o007 != 0 {
        let narrowed = fs::set_permissions(path, Permissions::from_mode(mode & !0o007));
        if let Err(error) = narrowed {
            tracing::warn!(%error, path = %path.display(), "others may read this, and it cannot be changed");
        }
    }
    if metadata.is_dir() && depth > 0 {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            narrow(&entry.path(), depth - 1);
        }
    }
}

/// The path with more at its end: `with_extension` would cut a name that has a dot.
pub(super) fn with(path: &Path, end: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// A file of ours.
#[derive(Debug)]
pub(crate) struct PrivateFile(File);

impl PrivateFile {
    /// How long it is.
    pub(super) fn length(&self) -> io::Result<u64> {
        self.0.metadata().map(|metadata| metadata.len())
    }

    /// Cuts it, or makes it longer.
    pub(super) fn resize(&self, length: u64) -> io::Result<()> {
        may(Act::Resize)?;
        self.0.set_len(length)
    }

    /// The file itself, to be read or locked.
    pub(super) fn file(&self) -> &File {
        &self.0
    }
}

impl Write for PrivateFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        #[cfg(test)]
        if let Some(short) = fault::short_write(bytes.len()) {
            return self.0.write(&bytes[..short]);
        }
        may(Act::Write)?;
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Seek for PrivateFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

/// Whether this call is let through: always, but in tests.
#[cfg(not(test))]
#[allow(clippy::unnecessary_wraps)] // the tests' one fails
fn may(_: Act) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
fn may(act: Act) -> io::Result<()> {
    fault::may(act)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_its_owners_alone_and_what_was_there_is_narrowed() {
        let folder = std::env::temp_dir().join(format!("svi-disk-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        super::folder(&folder.join("a/b")).unwrap();
        assert_eq!((mode(&folder.join("a")), mode(&folder.join("a/b"))), (0o700, 0o700));
        let old = folder.join("old");
        fs::write(&old, "x").unwrap();
        fs::set_permissions(&old, Permissions::from_mode(0o644)).unwrap();
        narrow(&folder, 1);
        assert_eq!(mode(&old), 0o640, "a group that the operator let in stays");
        write(&old, b"y").unwrap();
        append(&folder.join("log")).unwrap();
        write_whole(&folder.join("whole"), b"z").unwrap();
        create_new(&folder.join("new")).unwrap();
        for name in ["old", "log", "whole", "new"] {
            assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
