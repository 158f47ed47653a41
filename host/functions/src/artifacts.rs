//! The content-addressed store of `.wasm` files.
//!
//! What was uploaded is held for a while, until a deploy names it: nobody removes it in between. What
//! is held too long, like what a host left behind that was killed, is for the next collection.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ottavo_core::{Digest, Error, Kind, Result};
use parking_lot::Mutex;
use tempfile::NamedTempFile;
use tokio::time::Instant;

use crate::durable;

/// For a deploy to name what was uploaded for it.
const HELD: Duration = Duration::from_secs(60 * 60);

/// What the names end with.
const EXTENSION: &str = ".wasm";

/// Files named by the digest of what they hold.
pub(crate) struct Artifacts {
    folder: PathBuf,
    /// Not to be removed, and since when.
    held: Mutex<HashMap<Digest, Instant>>,
}

impl Artifacts {
    pub(crate) fn open(folder: &Path) -> io::Result<Artifacts> {
        durable::open_folder(folder)?;
        Ok(Artifacts { folder: folder.to_owned(), held: Mutex::default() })
    }

    /// Where it is kept.
    pub(crate) fn path(&self, digest: &Digest) -> PathBuf {
        self.folder.join(format!("{digest}{EXTENSION}"))
    }

    /// Those that are there. Blocks.
    pub(crate) fn all(&self) -> io::Result<BTreeSet<Digest>> {
        let mut all = BTreeSet::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let stem = name.to_str().and_then(|name| name.strip_suffix(EXTENSION));
            all.extend(stem.and_then(|digest| digest.parse::<Digest>().ok()));
        }
        Ok(all)
    }

    /// Keeps one from being removed, for a while or until it is released.
    pub(crate) fn hold(&self, digest: Digest) {
        self.held.lock().insert(digest, Instant::now());
    }

    pub(crate) fn is_held(&self, digest: &Digest) -> bool {
        self.held.lock().contains_key(digest)
    }

    /// Ends that: the catalogue names it, or nobody wants it.
    pub(crate) fn release(&self, digest: &Digest) {
        self.held.lock().remove(digest);
    }

    /// Those that were held for too long, and are not any more.
    pub(crate) fn expired(&self) -> BTreeSet<Digest> {
        let over = |since: &Instant| since.elapsed() >= HELD;
        self.held.lock().extract_if(|_, since| over(since)).map(|(digest, _)| digest).collect()
    }

    /// Removes what was kept; whether it was there. What is held stays. Blocks.
    pub(crate) fn remove(&self, digest: &Digest) -> io::Result<bool> {
        // locked meanwhile: who holds it next finds that it is gone, and writes it once more
        let held = self.held.lock();
        if held.contains_key(digest) {
            return Ok(false);
        }
        match fs::remove_file(self.path(digest)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A file for what is to be kept. Blocks.
    pub(crate) fn draft(&self) -> Result<NamedTempFile> {
        durable::draft(&self.folder).map_err(|error| unwritable(&self.folder, error))
    }

    /// Keeps a file of which it is known what it holds, on disk when this returns, and holds it.
    /// Blocks.
    pub(crate) fn keep(&self, digest: &Digest, draft: NamedTempFile) -> Result<()> {
        self.hold(*digest);
        let path = self.path(digest);
        if path.exists() {
            return Ok(());
        }
        durable::keep(draft, &path).map_err(|error| unwritable(&path, error))
    }

    /// Reads what was kept, and checks that it still is that. Blocks.
    pub(crate) fn get(&self, digest: &Digest) -> Result<Vec<u8>> {
        read(&self.path(digest), digest)
    }
}

fn unwritable(path: &Path, error: io::Error) -> Error {
    let path = path.display();
    Error::new(Kind::Unavailable, format!("cannot write `{path}`: {error}")).with_source(error)
}

/// Reads an artifact, and checks that it is the one that it should be. Blocks.
pub(crate) fn read(path: &Path, digest: &Digest) -> Result<Vec<u8>> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, digest, error))?;
    match Digest::of(&bytes) == *digest {
        true => Ok(bytes),
        false => Err(damaged(path)),
    }
}

/// Why an artifact was not read.
pub(crate) fn unreadable(path: &Path, digest: &Digest, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => Error::not_found(format!(
            "no artifact `{}` was uploaded: upload it before it is deployed",
            digest.short()
        )),
        _ => Error::new(Kind::Unavailable, format!("cannot read `{}`: {error}", path.display()))
            .with_source(error),
    }
}

/// That it is another one.
pub(crate) fn damaged(path: &Path) -> Error {
    let path = path.display();
    let error = format!("`{path}` does not hold what its name says: deploy it once more");
    Error::new(Kind::DataLoss, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_held_stays_until_it_is_released_or_forgotten() {
        let folder = tempfile::tempdir().expect("a folder");
        let artifacts = Artifacts::open(folder.path()).expect("opened");
        let [one, two] = [b"one", b"two"].map(|bytes| {
            let digest = Digest::of(bytes);
            let draft = artifacts.draft().expect("a file");
            fs::write(draft.path(), bytes).expect("written");
            artifacts.keep(&digest, draft).expect("kept");
            digest
        });
        fs::write(folder.path().join("other.txt"), b"not ours").expect("written");
        assert_eq!(artifacts.all().expect("read"), BTreeSet::from([one, two]));
        assert!(!artifacts.remove(&one).expect("removed"), "held");
        artifacts.release(&one);
        assert!(artifacts.remove(&one).expect("removed"));
        assert_eq!(artifacts.expired(), BTreeSet::new());
        tokio::time::advance(HELD).await;
        assert_eq!(artifacts.expired(), BTreeSet::from([two]));
        assert!(artifacts.remove(&two).expect("removed"), "nobody deployed it");
    }
}
