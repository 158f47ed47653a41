//! The folder of a store, by its handle.

use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use ottavo_blocks::file::{FileName, Info, Precondition, rules};
use ottavo_core::{Error, Kind, Result};
use parking_lot::Mutex;
use rustix::fs::{AtFlags, Dir, FileType, FlockOperation, Mode, OFlags};
use rustix::io::Errno;

use super::path::{Way, folder};
use super::{attributes, error::disk};
use crate::folder as folders;

/// Where files are written before they have their name. No file of a caller can have this one: it
/// ends as the prefix of an app does, with nothing behind.
pub(super) const WRITING: &str = ".writing||";

/// One folder, for one store of one host at a time.
pub(crate) struct Root {
    dir: OwnedFd,
    writing: OwnedFd,
    /// Held from looking at what is there until it is replaced or gone.
    change: Mutex<()>,
}

/// A file without a name of its own yet. It goes with this.
pub(super) struct Begun {
    writing: OwnedFd,
    name: String,
    pub(super) file: Option<File>,
}

impl Root {
    /// Takes the folder, which is made if it is missing, and rids it of what a crash left half
    /// written.
    pub(crate) fn take(path: &Path) -> Result<Root> {
        folders::prepare(path)?;
        let failed = |error: Errno| crate::error::folder("open", path, error.into());
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let dir = rustix::fs::open(path, flags, Mode::empty()).map_err(failed)?;
        match rustix::fs::mkdirat(&dir, WRITING, Mode::from_raw_mode(0o700)) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(failed(error)),
        }
        let writing = folder(dir.as_fd(), WRITING)?.ok_or_else(|| failed(Errno::NOTDIR))?;
        rustix::fs::flock(&writing, FlockOperation::NonBlockingLockExclusive).map_err(|error| {
            let path = path.display();
            let message = format!(
                "`{path}` is in use: another store has this folder; give each one of its own"
            );
            Error::new(Kind::FailedPrecondition, message).with_source(error)
        })?;
        for entry in Dir::read_from(&writing).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if entry.file_type() == FileType::RegularFile {
                rustix::fs::unlinkat(&writing, entry.file_name(), AtFlags::empty())
                    .map_err(failed)?;
            }
        }
        let root = Root { dir, writing, change: Mutex::new(()) };
        let begun = root.begin()?;
        attributes::write(begun.file.as_ref().expect("begun with one"), "0\n\n")?;
        Ok(root)
    }

    pub(super) fn dir(&self) -> &OwnedFd {
        &self.dir
    }

    pub(super) fn health(&self) -> Result<()> {
        match rustix::fs::fstat(&self.writing).map_err(disk)?.st_nlink {
            0 => Err(Error::new(Kind::Unavailable, "the folder of the store was removed")),
            _ => Ok(()),
        }
    }

    /// An empty file to write to.
    pub(super) fn begin(&self) -> Result<Begun> {
        let name = format!("{:032x}", fastrand::u128(..));
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let writing = self.writing.try_clone().map_err(|error| super::error::io(&error))?;
        let file = rustix::fs::openat(&writing, &*name, flags, Mode::from_raw_mode(0o666));
        Ok(Begun { file: Some(file.map_err(disk)?.into()), writing, name })
    }

    /// The file of a name, and what is known of it.
    pub(super) fn open(&self, name: &FileName) -> Result<Option<(File, Info)>> {
        match Way::find(self.dir.as_fd(), name.as_str())? {
            Some(way) => look(way.dir(), way.leaf, name),
            None => Ok(None),
        }
    }

    /// Compares a precondition with what is there.
    pub(super) fn check(&self, name: &FileName, precondition: &Precondition) -> Result<()> {
        if *precondition == Precondition::Any {
            return Ok(());
        }
        let current = self.open(name)?.and_then(|(_, info)| info.etag);
        rules::check(precondition, name, current.as_ref())
    }

    /// Gives a synced file its name, in place of one that has it.
    pub(super) fn name(
        &self,
        begun: &Begun,
        name: &FileName,
        precondition: &Precondition,
    ) -> Result<()> {
        let changing = self.change.lock();
        self.check(name, precondition)?;
        let way = Way::make(self.dir.as_fd(), name.as_str())?;
        way.expect_file()?;
        rustix::fs::renameat(&begun.writing, &*begun.name, way.dir(), way.leaf).map_err(disk)?;
        drop(changing);
        rustix::fs::fsync(way.dir()).map_err(disk)
    }

    /// Deletes a file, and the folders that are empty without it.
    pub(super) fn delete(&self, name: &FileName) -> Result<()> {
        let _changing = self.change.lock();
        let Some(way) = Way::find(self.dir.as_fd(), name.as_str())? else { return Ok(()) };
        if way.kind()? != Some(FileType::RegularFile) {
            return Ok(());
        }
        match rustix::fs::unlinkat(way.dir(), way.leaf, AtFlags::empty()) {
            Ok(()) => way.prune(),
            Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(disk(error)),
        }
    }
}

/// Opens a file of a folder, and tells what is known of it; none when it is missing, or no file.
pub(super) fn look(dir: impl AsFd, leaf: &str, name: &FileName) -> Result<Option<(File, Info)>> {
    // without waiting: a pipe would have it wait for a writer
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match rustix::fs::openat(dir, leaf, flags, Mode::empty()) {
        Ok(file) => file,
        Err(Errno::NOENT | Errno::LOOP | Errno::NXIO | Errno::NAMETOOLONG) => return Ok(None),
        Err(error) => return Err(disk(error)),
    };
    let stat = rustix::fs::fstat(&file).map_err(disk)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Ok(None);
    }
    let info = attributes::info(&file, name, &stat)?;
    Ok(Some((file.into(), info)))
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.file = None;
        // it is not there any more when it has its name
        match rustix::fs::unlinkat(&self.writing, &*self.name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(error) => tracing::warn!(%error, "a half-written file stays until the next start"),
        }
    }
}
