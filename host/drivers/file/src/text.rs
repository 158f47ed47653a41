//! Reading one file: private, of a bounded size, and the same from its beginning to its end.

use std::fs::{self, File, Metadata};
use std::io::Read as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::{Duration, SystemTime};

use ottavo_core::{Error, Kind, Result};

/// The bits of a file's mode with which somebody else reaches it.
const OTHERS: u32 = 0o077;

/// The largest file.
pub(crate) const LARGEST: u64 = 1 << 20;

/// A file that changed this short ago may change again within one tick of the file system's clock.
const TICK: Duration = Duration::from_millis(100);

/// Changes whenever the file does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    device: u64,
    inode: u64,
    length: u64,
    mode: u32,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    /// The stamp of the file at a path, and whether it will be another when the file changes again.
    ///
    /// # Errors
    /// As [`bytes`].
    pub(crate) fn at(path: &Path) -> Result<(Stamp, bool)> {
        let about = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        let age = about.modified().ok().and_then(|at| SystemTime::now().duration_since(at).ok());
        Ok((Stamp::of(&about), age.is_some_and(|age| age > TICK)))
    }

    fn of(about: &Metadata) -> Stamp {
        Stamp {
            device: about.dev(),
            inode: about.ino(),
            length: about.len(),
            mode: about.mode(),
            modified: (about.mtime(), about.mtime_nsec()),
            changed: (about.ctime(), about.ctime_nsec()),
        }
    }
}

/// What a file holds.
///
/// # Errors
/// `unavailable` when it cannot be read, `failed-precondition` when others may read it or it is too
/// large. The path is in the source, for the operator; the message is for callers.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>> {
    // opening a pipe would wait for its writer
    let about = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if !about.is_file() {
        return Err(refused(path, "it is not a file"));
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let about = file.metadata().map_err(|error| unreadable(path, &error))?;
    if about.permissions().mode() & OTHERS != 0 {
        return Err(refused(
            path,
            "others on this machine may open it: `chmod 600` keeps it to its user",
        ));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(refused(path, "it has more than 1 MiB"));
    }
    Ok(bytes)
}

/// The disk does not give it.
pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    let cause = format!("`{}`: {error}", path.display());
    Error::new(Kind::Unavailable, "the secrets cannot be read: see the host's log")
        .with_source(cause)
}

/// It is there, and cannot be used as it is.
pub(crate) fn refused(path: &Path, why: &str) -> Error {
    let cause = format!("`{}`: {why}", path.display());
    Error::new(Kind::FailedPrecondition, "the secrets cannot be used: see the host's log")
        .with_source(cause)
}
