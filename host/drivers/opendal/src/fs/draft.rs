//! A draft that is a file of its own, beside all others.

use std::collections::HashMap;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use opendal::options::{ListOptions, WriteOptions};
use opendal::{ErrorKind, Operator, Writer};
use ottavo_blocks::file::{ContentType, FileName, Metadata, NewFile};
use ottavo_core::Result;
use serde::{Deserialize, Serialize};

use super::place::{Place, There};
use crate::draft::Draft;
use crate::{error, name};

/// Where drafts are. No name of a caller leads there.
pub(super) const WRITING: &str = ".writing||";

/// How often a file is put in a place whose folders come and go.
const TRIES: usize = 5;

/// One draft.
pub(super) struct FolderDraft {
    place: Place,
    name: FileName,
    /// Where it is until it is finished.
    path: String,
    writer: Writer,
}

impl FolderDraft {
    pub(super) async fn begin(place: &Place, file: &NewFile) -> Result<FolderDraft> {
        if place.what(&file.name).await? == There::Other {
            return Err(error::of_folder(&file.name));
        }
        let path = format!("{WRITING}/{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        let attributes =
            Attributes::of(file).map(|text| HashMap::from([(Attributes::NAME.to_owned(), text)]));
        let options = WriteOptions { user_metadata: attributes, ..WriteOptions::default() };
        let writer = place.folder().writer_options(&path, options).await.map_err(error::of)?;
        Ok(FolderDraft { place: place.clone(), name: file.name.clone(), path, writer })
    }

    /// Renames it, over the file that is there.
    async fn put(&self) -> Result<()> {
        let (folder, path) = (self.place.folder(), name::path(&self.name)?);
        for _ in 0..TRIES {
            match self.place.what(&self.name).await? {
                There::Other => return Err(error::of_folder(&self.name)),
                There::Folder => clear(folder, path).await?,
                There::File | There::Nothing => {}
            }
            match folder.rename(&self.path, path).await {
                // a folder on the way was taken by who puts a file there
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                outcome => return outcome.map_err(error::of),
            }
        }
        Err(error::of_folder(&self.name))
    }
}

#[async_trait]
impl Draft for FolderDraft {
    async fn write(&mut self, data: Bytes) -> Result<()> {
        self.writer.write(data).await.map_err(error::of)
    }

    async fn finish(&mut self) -> Result<()> {
        // writes what opendal holds, the attributes, and syncs
        self.writer.close().await.map_err(error::of)?;
        self.put().await
    }

    async fn remove(&mut self) -> Result<()> {
        match self.place.folder().delete(&self.path).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error::of(error)),
            _ => Ok(()),
        }
    }
}

/// Removes folders in which there is nothing but folders: deleted files leave them behind.
async fn clear(folder: &Operator, path: &str) -> Result<()> {
    let options = ListOptions { recursive: true, ..ListOptions::default() };
    let top = format!("{path}/");
    let mut listed = folder.lister_options(&top, options).await.map_err(error::of)?;
    let mut empty = vec![top];
    while let Some(entry) = listed.try_next().await.map_err(error::of)? {
        if !entry.metadata().is_dir() {
            return Err(error::of_disk(std::io::ErrorKind::IsADirectory));
        }
        empty.push(entry.path().to_owned());
    }
    // those below others first
    empty.sort();
    empty.dedup();
    for path in empty.iter().rev() {
        folder.delete(path).await.map_err(error::of)?;
    }
    Ok(())
}

/// What is said of a file beside its bytes, as JSON in an extended attribute.
#[derive(Default)]
pub(super) struct Attributes {
    pub(super) content_type: Option<ContentType>,
    pub(super) metadata: Metadata,
}

#[derive(Deserialize, Serialize)]
struct Text {
    content_type: Option<String>,
    metadata: Vec<(String, String)>,
}

impl Attributes {
    /// What follows `user.` in the name of the attribute.
    pub(super) const NAME: &str = "ottavo.file";

    /// None where there is nothing to say, so that a file system without attributes will do.
    fn of(file: &NewFile) -> Option<String> {
        let metadata = file.metadata.pairs().to_vec();
        let content_type = file.content_type.as_ref().map(|text| text.as_str().to_owned());
        let said = content_type.is_some() || !metadata.is_empty();
        let text = Text { content_type, metadata };
        said.then(|| serde_json::to_string(&text).expect("texts are JSON"))
    }

    /// Nothing of what another program wrote.
    pub(super) fn read(text: &str) -> Attributes {
        let Ok(Text { content_type, metadata }) = serde_json::from_str(text) else {
            return Attributes::default();
        };
        let content_type = content_type.and_then(|text| ContentType::parse(text).ok());
        Attributes { content_type, metadata: Metadata::parse(metadata).unwrap_or_default() }
    }
}
