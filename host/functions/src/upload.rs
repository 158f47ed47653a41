//! An artifact that arrives in pieces: each goes to disk, and nothing of it stays unless it is what its
//! digest says.

use std::io::{self, Write};

use ottavo_core::digest::Hasher;
use ottavo_core::{Digest, Error, Kind, Result};
use tempfile::NamedTempFile;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::Functions;
use crate::prepare::blocking;

/// Those that arrive at once.
const ROOM: usize = 8;

/// Room for uploads.
pub(crate) fn room() -> Semaphore {
    Semaphore::new(ROOM)
}

/// Removed with the value, unless it is kept.
pub struct Upload<'f> {
    functions: &'f Functions,
    digest: Digest,
    hasher: Hasher,
    size: u64,
    draft: NamedTempFile,
    _room: SemaphorePermit<'f>,
}

impl Functions {
    /// Begins to receive the artifact of this digest.
    ///
    /// # Errors
    /// `unavailable` when too many arrive at once, or nothing can be written.
    pub fn receive(&self, digest: Digest) -> Result<Upload<'_>> {
        let room = self.uploads.try_acquire().map_err(|_| {
            let error = format!("{ROOM} uploads are under way: try it once one has ended");
            Error::new(Kind::Unavailable, error)
        })?;
        let draft = blocking(|| self.host.artifacts.draft())?;
        let hasher = Hasher::default();
        Ok(Upload { functions: self, digest, hasher, size: 0, draft, _room: room })
    }
}

impl Upload<'_> {
    /// Takes the next piece.
    ///
    /// # Errors
    /// `unavailable` when it cannot be written.
    pub fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.size += piece.len() as u64;
        let (hasher, draft) = (&mut self.hasher, &mut self.draft);
        let written = blocking(|| {
            hasher.update(piece);
            draft.write_all(piece)
        });
        written.map_err(|error| {
            let full = matches!(
                error.kind(),
                io::ErrorKind::StorageFull
                    | io::ErrorKind::QuotaExceeded
                    | io::ErrorKind::FileTooLarge
            );
            let message = match full {
                true => {
                    "there is no room on the disk for the artifact: make some, or delete functions"
                        .to_owned()
                }
                false => format!("cannot write the artifact: {error}"),
            };
            let told = Error::new(Kind::Unavailable, message).with_source(error);
            if full { told.with_detail("storage", "full") } else { told }
        })
    }

    /// Keeps it, on disk when this returns; gives its size.
    ///
    /// # Errors
    /// `invalid-argument` when it is not what its digest says, `unavailable` when it cannot be kept.
    pub fn keep(self) -> Result<u64> {
        let Upload { functions, digest, hasher, size, draft, .. } = self;
        let found = hasher.finish();
        if found != digest {
            return Err(Error::invalid(format!(
                "the artifact has the digest `{found}`, not `{digest}`: send it once more"
            )));
        }
        blocking(|| functions.host.artifacts.keep(&digest, draft))?;
        Ok(size)
    }
}
