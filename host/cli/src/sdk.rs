//! The SDKs that this binary carries, where functions find them.
//!
//! An SDK is unpacked into the user's cache, into a folder named by version and content, and a function
//! reaches it through the link `.ottavo/sdk` in its own folder. The files of a function so hold no path
//! of one machine: wherever they are copied to, the next build makes the link, and unpacks what the
//! cache lacks. Several processes may do so at once: a folder appears whole, a file is replaced whole.
//!
//! A folder in place of the link is its owner's, and stays.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use ottavo_core::Digest;
use ottavo_settings::Env;
use tempfile::{Builder, NamedTempFile};

use crate::cache;
use crate::failure::{Failure, Result};
use crate::language::File;

/// The link in a function's folder.
pub(crate) const LINK: &str = ".ottavo/sdk";

/// The SDK of one language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sdk<'a> {
    pub(crate) language: &'a str,
    pub(crate) files: &'a [File],
}

impl Sdk<'_> {
    /// Makes the SDK be there for the function in `dir`. Returns where it is.
    pub(crate) fn provide(&self, dir: &Path, env: &Env) -> Result<PathBuf> {
        let link = dir.join(LINK);
        if fs::symlink_metadata(&link).is_ok_and(|found| found.is_dir()) {
            return Ok(link);
        }
        let folder = self.unpack(env)?;
        point(&link, &folder)
            .map_err(|error| Failure::new(format!("link `{}`: {error}", link.display())))?;
        Ok(folder)
    }

    /// The SDK in the cache: unpacked if it is missing, repaired if it is damaged.
    pub(crate) fn unpack(&self, env: &Env) -> Result<PathBuf> {
        let cache = cache::folder(env).ok_or_else(|| {
            Failure::new("no folder for the SDK").hint("set `HOME` or `XDG_CACHE_HOME`")
        })?;
        let folder = cache.join("sdk").join(self.version()).join(self.language);
        self.write(&folder).map_err(|error| {
            let shown = folder.display();
            Failure::new(format!("unpack the SDK into `{shown}`: {error}"))
                .hint("remove that folder, or choose another cache with `XDG_CACHE_HOME`")
        })?;
        Ok(folder)
    }

    /// Of the binary, and of the content: what differs is never in the same folder.
    fn version(&self) -> String {
        let mut all = Vec::new();
        for (path, text) in self.files {
            for part in [path, text] {
                all.extend((part.len() as u64).to_le_bytes());
                all.extend(part.as_bytes());
            }
        }
        format!("{}-{}", env!("CARGO_PKG_VERSION"), Digest::of(&all).short())
    }

    fn write(&self, folder: &Path) -> std::io::Result<()> {
        if !folder.exists() {
            let above = folder.parent().unwrap_or(Path::new("/"));
            fs::create_dir_all(above)?;
            let fresh = Builder::new().prefix(".unpack-").tempdir_in(above)?;
            self.files.iter().try_for_each(|file| replace(fresh.path(), file))?;
            // when another process was quicker, its folder is looked through as any other
            if fs::rename(fresh.path(), folder).is_ok() {
                return Ok(());
            }
        }
        self.files
            .iter()
            .filter(|file| !is_whole(folder, file))
            .try_for_each(|file| replace(folder, file))
    }
}

fn is_whole(folder: &Path, (path, text): &File) -> bool {
    fs::read(folder.join(path)).is_ok_and(|content| content == text.as_bytes())
}

/// Writes a file in one step.
fn replace(folder: &Path, (path, text): &File) -> std::io::Result<()> {
    let file = folder.join(path);
    let above = file.parent().unwrap_or(folder);
    fs::create_dir_all(above)?;
    let mut fresh = NamedTempFile::new_in(above)?;
    fresh.write_all(text.as_bytes())?;
    fresh.persist(file)?;
    Ok(())
}

/// Makes a link point to a folder, in one step.
fn point(link: &Path, folder: &Path) -> std::io::Result<()> {
    if fs::read_link(link).is_ok_and(|target| target == folder) {
        return Ok(());
    }
    let above = link.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(above)?;
    let fresh = Builder::new().prefix(".link-").make_in(above, |path| symlink(folder, path))?;
    fresh.persist(link).map_err(|error| error.error)
}

#[cfg(test)]
mod tests;
