//! Compiled artifacts, kept on disk so that a restart does not compile again.
//!
//! They hold native code: the folder is private to the user, and nothing is ever put into it but
//! what this engine compiled. The name holds the digest of the component and the hash of all that
//! compatibility depends on; wasmtime checks version and settings once more when it loads one.

use std::fs::{self, DirBuilder, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use ottavo_core::{Digest, Error, Result};
use wasmtime::component::Component;

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
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        Ok(Artifacts { folder: folder.to_owned(), compatibility: hasher.finish() })
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        self.folder.join(format!("{digest}-{:016x}.cwasm", self.compatibility))
    }

    /// What was compiled before from the component of this digest.
    pub(crate) fn load(&self, engine: &wasmtime::Engine, digest: &Digest) -> Option<Component> {
        let path = self.path(digest);
        if !path.exists() {
            return None;
        }
        #[expect(unsafe_code, reason = "loading native code that this engine wrote")]
        // SAFETY: the folder is this user's alone and only `store` writes into it, whole files that
        // `Component::serialize` gave.
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
    pub(crate) fn remove(&self, digest: &Digest) {
        if let Err(error) = fs::remove_file(self.path(digest))
            && error.kind() != ErrorKind::NotFound
        {
            tracing::warn!(%digest, %error, "a compiled artifact stays behind");
        }
    }

    /// Keeps a compiled component. Failing to is not fatal: it will be compiled again.
    pub(crate) fn store(&self, digest: &Digest, component: &Component) {
        if let Err(error) = self.try_store(digest, component) {
            tracing::warn!(%digest, error = %error, "a compiled artifact could not be kept");
        }
    }

    fn try_store(&self, digest: &Digest, component: &Component) -> Result<(), std::io::Error> {
        let bytes = component.serialize().map_err(std::io::Error::other)?;
        let path = self.path(digest);
        // a name of its own: other hosts may share the folder
        let part = path.with_extension(format!("{}.part", std::process::id()));
        let written = File::create(&part).and_then(|mut file| {
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&part, &path)
        });
        if written.is_err()
            && let Err(error) = fs::remove_file(&part)
            && error.kind() != ErrorKind::NotFound
        {
            tracing::debug!(path = %part.display(), %error, "a partial artifact stays behind");
        }
        written
    }
}
