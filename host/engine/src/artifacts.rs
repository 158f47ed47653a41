//! Compiled artifacts, kept on disk so that a restart does not compile again.
//!
//! They hold native code: the folder is private to the user, and nothing is ever put into it but
//! what `compile` wrote. The name holds the digest of the component as it was uploaded, and the hash of
//! its headroom and of all that compatibility depends on; wasmtime checks version and settings once more when it loads one.

use std::fs::{self, DirBuilder};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ottavo_core::{Digest, Error, Kind, Result};
use tempfile::NamedTempFile;
use wasmtime::component::Component;

use crate::Headroom;

/// What the name of a file begins with while it is written.
const PART: &str = ".part-";

/// After which nobody writes to such a file any more.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// The folder and what its names end with.
pub(crate) struct Artifacts {
    folder: PathBuf,
    compatibility: u64,
}

impl Artifacts {
    /// Opens the folder, creating it for this user alone.
    pub(crate) fn open(folder: &Path, engine: &wasmtime::Engine) -> Result<Artifacts> {
        let failed = |error: std::io::Error| {
            let folder = folder.display();
            Error::invalid(format!(
                "cannot keep compiled functions in `{folder}`: {error}; make it writable, or choose another data directory"
            ))
            .with_source(error)
        };
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(failed)?;
        sweep(folder).map_err(failed)?;
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        Ok(Artifacts { folder: folder.to_owned(), compatibility: hasher.finish() })
    }

    fn path(&self, digest: &Digest, headroom: Headroom) -> PathBuf {
        let mut hasher = DefaultHasher::new();
        (self.compatibility, headroom).hash(&mut hasher);
        self.folder.join(format!("{digest}-{:016x}.cwasm", hasher.finish()))
    }

    /// Whether there is a file.
    pub(crate) fn has(&self, digest: &Digest, headroom: Headroom) -> bool {
        self.path(digest, headroom).exists()
    }

    /// What was compiled before from the component of this digest.
    pub(crate) fn load(
        &self,
        engine: &wasmtime::Engine,
        digest: &Digest,
        headroom: Headroom,
    ) -> Option<Component> {
        let path = self.path(digest, headroom);
        if !path.exists() {
            return None;
        }
        #[expect(unsafe_code, reason = "loading native code that this host compiled")]
        // SAFETY: the folder is this user's alone and only `keep` puts files of this name into it,
        // whole ones that `compile` gave.
        let loaded = unsafe { Component::deserialize_file(engine, &path) };
        match loaded {
            Ok(component) => Some(component),
            Err(error) => {
                tracing::warn!(path = %path.display(), error = %error, "a compiled artifact is not usable and is made anew");
                None
            }
        }
    }

    /// Removes what was compiled; a host that has it open goes on. Failing to is not fatal: it is
    /// only room on the disk.
    pub(crate) fn remove(&self, digest: &Digest, headroom: Headroom) {
        if let Err(error) = fs::remove_file(self.path(digest, headroom))
            && error.kind() != ErrorKind::NotFound
        {
            tracing::warn!(%digest, %error, "a compiled artifact stays behind");
        }
    }

    /// A file for what is compiled. Its name is its own: other hosts may share the folder.
    pub(crate) fn draft(&self) -> Result<Draft> {
        let draft = tempfile::Builder::new().prefix(PART).tempfile_in(&self.folder);
        Ok(Draft(draft.map_err(|error| self.unwritable(error))?))
    }

    /// Keeps what was compiled of the component of this digest, on disk when this returns.
    pub(crate) fn keep(&self, digest: &Digest, headroom: Headroom, draft: Draft) -> Result<()> {
        let kept = draft.0.as_file().sync_all();
        kept.and_then(|()| Ok(draft.0.persist(self.path(digest, headroom)).map(drop)?))
            .map_err(|error| self.unwritable(error))
    }

    fn unwritable(&self, error: std::io::Error) -> Error {
        let folder = self.folder.display();
        let message = format!("cannot write a compiled function into `{folder}`: {error}");
        Error::new(Kind::Unavailable, message).with_source(error)
    }
}

/// A file for what is compiled, removed with the value unless it is kept.
pub struct Draft(NamedTempFile);

impl Draft {
    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

/// Removes what hosts left behind that were killed while something was compiled.
fn sweep(folder: &Path) -> Result<(), std::io::Error> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_part = entry.file_name().to_string_lossy().starts_with(PART);
        let age = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if is_part && age().is_some_and(|age| age > ABANDONED) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
