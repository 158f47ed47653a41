//! One look at a folder: its files by their paths within it, and the folders themselves.

use std::collections::BTreeMap;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ottavo_blocks::file::FileName;
use ottavo_core::{Error, Kind, Result};
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

/// The most files and folders, and the deepest folder, that are looked at.
const MOST: usize = 100_000;
const DEEPEST: usize = 64;

/// What tells a file from what it was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    inode: u64,
    pub(crate) size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    fn of(stat: &Stat) -> Stamp {
        // the types of these fields differ between systems
        #[expect(clippy::unnecessary_cast, reason = "needed on other systems")]
        Stamp {
            inode: stat.st_ino as u64,
            size: stat.st_size as u64,
            modified: (stat.st_mtime as i64, stat.st_mtime_nsec as i64),
            changed: (stat.st_ctime as i64, stat.st_ctime_nsec as i64),
        }
    }

    /// When its contents changed last.
    pub(crate) fn modified(&self) -> SystemTime {
        let (seconds, nanos) = self.modified;
        let since = Duration::from_secs(seconds.max(0).unsigned_abs());
        UNIX_EPOCH + since + Duration::from_nanos(nanos.max(0).unsigned_abs())
    }
}

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Look {
    /// By their paths within the folder, with `/` between segments.
    pub(crate) files: BTreeMap<String, Stamp>,
    pub(crate) folders: Vec<PathBuf>,
    /// Names that are no text, or that nobody could name.
    pub(crate) unnamed: usize,
    entries: usize,
}

impl Look {
    /// Looks at a folder. Blocks.
    ///
    /// # Errors
    /// `unavailable` when it is not there or cannot be read, `exhausted` when too much is in it.
    pub(crate) fn at(root: &Path, recursive: bool) -> Result<Look> {
        let folder = open(root)?;
        let mut look = Look::default();
        look.visit(root, folder.as_fd(), "", if recursive { DEEPEST } else { 0 })?;
        Ok(look)
    }

    /// Whether it is there and may be read. Blocks.
    ///
    /// # Errors
    /// As [`Look::at`].
    pub(crate) fn readable(root: &Path) -> Result<()> {
        Dir::read_from(open(root)?.as_fd()).map(drop).map_err(|error| disk(root, error.into()))
    }

    fn visit(&mut self, root: &Path, dir: BorrowedFd<'_>, base: &str, deeper: usize) -> Result<()> {
        let failed = |error: Errno| disk(root, error.into());
        self.folders.push(root.join(base));
        for entry in Dir::read_from(dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Ok(own) = entry.file_name().to_str() else {
                self.unnamed += 1;
                continue;
            };
            // hidden: what programs write to before they rename it
            if own.starts_with('.') {
                continue;
            }
            self.entries += 1;
            if self.entries > MOST {
                let message =
                    format!("the folder has more than {MOST} entries: watch a smaller one");
                return Err(Error::new(Kind::Exhausted, message));
            }
            let stat = match rustix::fs::statat(dir, own, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) => stat,
                Err(Errno::NOENT) => continue,
                Err(error) => return Err(failed(error)),
            };
            let path = format!("{base}{own}");
            match FileType::from_raw_mode(stat.st_mode) {
                FileType::RegularFile if FileName::parse(&*path).is_ok() => {
                    self.files.insert(path, Stamp::of(&stat));
                }
                FileType::RegularFile => self.unnamed += 1,
                FileType::Directory if deeper > 0 => {
                    if let Some(below) = folder(dir, own).map_err(failed)? {
                        self.visit(root, below.as_fd(), &format!("{path}/"), deeper - 1)?;
                    }
                }
                // links, pipes, devices
                _ => {}
            }
        }
        Ok(())
    }
}

/// Opens the folder itself, which may be behind links: its owner chose it.
fn open(root: &Path) -> Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    rustix::fs::open(root, flags, Mode::empty()).map_err(|error| disk(root, error.into()))
}

/// Opens a folder that is no link; none when there is none, or it may not be read.
fn folder(dir: BorrowedFd<'_>, segment: &str) -> Result<Option<OwnedFd>, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match rustix::fs::openat(dir, segment, flags, Mode::empty()) {
        Ok(found) => Ok(Some(found)),
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::ACCESS) => Ok(None),
        Err(error) => Err(error),
    }
}

fn disk(root: &Path, error: std::io::Error) -> Error {
    let message = match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
            "the folder of the binding is not there"
        }
        _ => "the folder of the binding cannot be read: see the host's log",
    };
    let cause = format!("cannot look at `{}`: {error}", root.display());
    Error::new(Kind::Unavailable, message).with_source(cause)
}
