//! The way from the root of a store to a file, one segment at a time, without following a link.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use ottavo_core::{Error, Kind, Result};
use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::error::disk;

/// The folders above a file, each open, and the file's own segment.
pub(super) struct Way<'a> {
    root: BorrowedFd<'a>,
    below: Vec<(&'a str, OwnedFd)>,
    pub(super) leaf: &'a str,
}

/// Opens a folder that is no link; none when there is no such folder.
pub(super) fn folder(dir: BorrowedFd<'_>, segment: &str) -> Result<Option<OwnedFd>> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match rustix::fs::openat(dir, segment, flags, Mode::empty()) {
        Ok(found) => Ok(Some(found)),
        // a link among them: it is not followed, and so leads nowhere
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::NAMETOOLONG) => Ok(None),
        Err(error) => Err(disk(error)),
    }
}

impl<'a> Way<'a> {
    /// Through folders that exist; none when one of them does not.
    pub(super) fn find(root: BorrowedFd<'a>, name: &'a str) -> Result<Option<Way<'a>>> {
        Way::walk(root, name, folder)
    }

    /// Through folders that are made where they are missing.
    pub(super) fn make(root: BorrowedFd<'a>, name: &'a str) -> Result<Way<'a>> {
        let made = Way::walk(root, name, |dir, segment| {
            match rustix::fs::mkdirat(dir, segment, Mode::from_raw_mode(0o777)) {
                Ok(()) => rustix::fs::fsync(dir).map_err(disk)?,
                Err(Errno::EXIST) => {}
                Err(error) => return Err(disk(error)),
            }
            folder(dir, segment)
        });
        made?.ok_or_else(|| {
            let shown = name.escape_debug();
            let message = format!("`{shown}` lies below a file or a link: use another name");
            Error::new(Kind::FailedPrecondition, message)
        })
    }

    fn walk(
        root: BorrowedFd<'a>,
        name: &'a str,
        mut next: impl FnMut(BorrowedFd<'_>, &str) -> Result<Option<OwnedFd>>,
    ) -> Result<Option<Way<'a>>> {
        let (folders, leaf) = name.rsplit_once('/').unwrap_or(("", name));
        let mut way = Way { root, below: Vec::new(), leaf };
        for segment in folders.split('/').filter(|segment| !segment.is_empty()) {
            let Some(found) = next(way.dir(), segment)? else { return Ok(None) };
            way.below.push((segment, found));
        }
        Ok(Some(way))
    }

    /// The folder that the file is in.
    pub(super) fn dir(&self) -> BorrowedFd<'_> {
        self.below.last().map_or(self.root, |(_, dir)| dir.as_fd())
    }

    /// Fails when something else than a file has the file's name.
    pub(super) fn expect_file(&self) -> Result<()> {
        let what = match self.kind()? {
            None | Some(FileType::RegularFile) => return Ok(()),
            Some(FileType::Directory) => "a folder with files in it",
            Some(_) => "no file",
        };
        let leaf = self.leaf.escape_debug();
        let message = format!("`{leaf}` is {what}: use another name");
        Err(Error::new(Kind::FailedPrecondition, message))
    }

    /// What has the file's name, links not followed.
    pub(super) fn kind(&self) -> Result<Option<FileType>> {
        match rustix::fs::statat(self.dir(), self.leaf, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(FileType::from_raw_mode(stat.st_mode))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(disk(error)),
        }
    }

    /// Removes the folders that are empty now, and puts what remains on the disk.
    pub(super) fn prune(mut self) -> Result<()> {
        while let Some((segment, _)) = self.below.pop() {
            if rustix::fs::unlinkat(self.dir(), segment, AtFlags::REMOVEDIR).is_err() {
                // it holds other files
                if let Some(dir) = folder(self.dir(), segment)? {
                    return rustix::fs::fsync(dir).map_err(disk);
                }
                break;
            }
        }
        rustix::fs::fsync(self.dir()).map_err(disk)
    }
}
