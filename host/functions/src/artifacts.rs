//! The content-addressed store of `.wasm` files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ottavo_core::{Digest, Error, Kind, Result};

use crate::durable;

/// Files named by the digest of what they hold.
pub(crate) struct Artifacts {
    folder: PathBuf,
}

impl Artifacts {
    pub(crate) fn open(folder: &Path) -> io::Result<Artifacts> {
        durable::open_folder(folder)?;
        Ok(Artifacts { folder: folder.to_owned() })
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        self.folder.join(format!("{digest}.wasm"))
    }

    /// Keeps `bytes`, on disk when this returns. Blocks.
    pub(crate) fn put(&self, digest: &Digest, bytes: &[u8]) -> Result<()> {
        let path = self.path(digest);
        if path.exists() {
            return Ok(());
        }
        durable::replace(&path, bytes).map_err(|error| {
            let path = path.display();
            Error::new(Kind::Unavailable, format!("cannot write `{path}`: {error}"))
                .with_source(error)
        })
    }

    /// Removes what was kept; whether it was there. Blocks.
    pub(crate) fn remove(&self, digest: &Digest) -> io::Result<bool> {
        match fs::remove_file(self.path(digest)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Reads what was kept, and checks that it still is that. Blocks.
    pub(crate) fn get(&self, digest: &Digest) -> Result<Vec<u8>> {
        let path = self.path(digest);
        let bytes = fs::read(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::not_found(format!(
                "no artifact `{}` was uploaded: upload it before it is deployed",
                digest.short()
            )),
            _ => {
                Error::new(Kind::Unavailable, format!("cannot read `{}`: {error}", path.display()))
                    .with_source(error)
            }
        })?;
        if Digest::of(&bytes) != *digest {
            let path = path.display();
            let error = format!("`{path}` does not hold what its name says: deploy it once more");
            return Err(Error::new(Kind::DataLoss, error));
        }
        Ok(bytes)
    }
}
