//! The folder of a store, and what a name leads to in it.

use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use opendal::{ErrorKind, Metadata, Operator};
use ottavo_blocks::file::{FileName, Info};
use ottavo_core::{Error, Kind, Result};

use super::draft::Attributes;
use crate::{error, name};

/// What a name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum There {
    File,
    Folder,
    /// Nothing, and a file could be made.
    Nothing,
    /// Nothing that callers can have: it lies below a file or over a link, or is a pipe or the like.
    Other,
}

/// A folder. Cheap to clone.
#[derive(Clone)]
pub(super) struct Place {
    folder: Operator,
    root: PathBuf,
}

impl Place {
    pub(super) fn new(folder: Operator, root: PathBuf) -> Place {
        Place { folder, root }
    }

    pub(super) fn folder(&self) -> &Operator {
        &self.folder
    }

    /// Whether the folder is still there.
    pub(super) async fn health(&self) -> Result<()> {
        let found = tokio::fs::read_dir(&self.root).await;
        found.map(drop).map_err(|error| {
            let mapped = match error.kind() {
                io::ErrorKind::NotFound => {
                    Error::new(Kind::Unavailable, "the folder of the store is not there")
                }
                kind => error::of_disk(kind),
            };
            mapped.with_source(error)
        })
    }

    /// Looks at every segment on the way.
    pub(super) async fn what(&self, name: &FileName) -> Result<There> {
        let mut path = self.root.clone();
        let mut found = There::Folder;
        for segment in name::path(name)?.split('/') {
            if found != There::Folder {
                return Ok(There::Other);
            }
            path.push(segment);
            found = match look(&path).await? {
                There::Nothing => return Ok(There::Nothing),
                found => found,
            };
        }
        Ok(found)
    }

    /// What is known of a file; none of anything else.
    pub(super) async fn info(&self, name: &FileName) -> Result<Option<Info>> {
        if self.what(name).await? != There::File {
            return Ok(None);
        }
        match self.folder.stat(name::path(name)?).await {
            Ok(found) if found.is_file() => Ok(Some(info(name.clone(), &found))),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error::of(error)),
        }
    }
}

async fn look(path: &Path) -> Result<There> {
    match tokio::fs::symlink_metadata(path).await {
        Ok(found) if found.is_file() => Ok(There::File),
        Ok(found) if found.is_dir() => Ok(There::Folder),
        Ok(_) => Ok(There::Other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(There::Nothing),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(There::Other),
        Err(error) => Err(error::of_disk(error.kind()).with_source(error)),
    }
}

/// A file as it was found.
pub(super) fn info(name: FileName, found: &Metadata) -> Info {
    let kept = found.user_metadata().and_then(|pairs| pairs.get(Attributes::NAME));
    let Attributes { content_type, metadata } = kept.map(Attributes::read).unwrap_or_default();
    let modified = found.last_modified().map(std::time::SystemTime::from);
    let since = modified.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    Info {
        name,
        size: found.content_length(),
        content_type,
        last_modified: since.and_then(|since| since.as_millis().try_into().ok()),
        etag: None,
        metadata,
    }
}
