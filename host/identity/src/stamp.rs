//! Whether a file is another one than before, without reading it.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::Duration;

/// How often files are looked at.
pub(crate) const INTERVAL: Duration = Duration::from_secs(1);

/// What changes with a file's content, also when a link to it is turned to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    /// That of a file that is there.
    pub(crate) fn of(about: &Metadata) -> Stamp {
        Stamp {
            device: about.dev(),
            inode: about.ino(),
            size: about.size(),
            modified: (about.mtime(), about.mtime_nsec()),
            changed: (about.ctime(), about.ctime_nsec()),
        }
    }

    /// None when it is not there, which is a change too.
    pub(crate) async fn now(path: &Path) -> Option<Stamp> {
        tokio::fs::metadata(path).await.ok().as_ref().map(Stamp::of)
    }
}
