//! Files in a folder that several stores and hosts may share, such as one of a network file system.
//!
//! A file is written under a name of its own and renamed to its place. Links are not followed: what a
//! name leads over is looked at before. Who can put links there while a call runs is trusted, which
//! `local`, alone in its folder, need not do.

mod draft;
mod list;
mod place;

use std::path::PathBuf;

use async_trait::async_trait;
use opendal::services::Fs;
use opendal::{ErrorKind, Operator};
use ottavo_blocks::file::{
    Capability, File, FileName, FilePage, Info, NewFile, PageLimit, Precondition, Range, Reader,
    Writer,
};
use ottavo_blocks::state::cursor;
use ottavo_core::{CallContext, Error, Kind, Result};
use ottavo_registry::OpenContext;

use crate::draft::Drafts;
use crate::error::{self, in_time};
use crate::name;
use crate::reader::Stream;
use draft::FolderDraft;
use place::{Place, There};

/// How often a file is opened that is replaced meanwhile.
const TRIES: usize = 64;

/// One store.
pub(crate) struct FolderFiles {
    place: Place,
    drafts: Drafts,
}

impl FolderFiles {
    /// Makes the folder where it is missing.
    pub(crate) async fn open(root: PathBuf, context: OpenContext) -> Result<FolderFiles> {
        let shown = root.display();
        let text = root.to_str().filter(|text| !text.is_empty());
        let text =
            text.ok_or_else(|| Error::invalid(format!("`root` is `{shown}`: name a folder")))?;
        let failed = |error: std::io::Error| {
            let message = format!("cannot make the folder `{shown}`: {}", error.kind());
            Error::new(Kind::Unavailable, message).with_source(error)
        };
        tokio::fs::create_dir_all(&root).await.map_err(failed)?;
        let folder = Operator::new(Fs::default().root(text)).map_err(error::of)?;
        let drafts = Drafts::new(context.name, context.shutdown);
        Ok(FolderFiles { place: Place::new(folder, root), drafts })
    }
}

#[async_trait]
impl File for FolderFiles {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Shared, Capability::Attributes]
    }

    /// Whether the folder is still there.
    async fn health(&self, cx: &CallContext) -> Result<()> {
        in_time(cx, self.place.health()).await
    }

    async fn open(
        &self,
        cx: &CallContext,
        name: &FileName,
        range: Range,
    ) -> Result<Option<Box<dyn Reader>>> {
        in_time(cx, async {
            for _ in 0..TRIES {
                let Some(info) = self.place.info(name).await? else { return Ok(None) };
                let source = self.place.folder().reader(name::path(name)?).await;
                let source = source.map_err(error::of)?;
                // the first byte opens the file, which is then held whatever becomes of its name
                if info.size > 0 && source.read(0..1).await.is_err() {
                    continue;
                }
                if self.place.info(name).await?.as_ref() == Some(&info) {
                    return Ok(Some(Box::new(Stream::new(info, source, range)) as Box<dyn Reader>));
                }
            }
            Err(error::changed())
        })
        .await
    }

    async fn create(&self, cx: &CallContext, file: NewFile) -> Result<Box<dyn Writer>> {
        if file.precondition != Precondition::Any {
            let message = "a folder that is shared knows no preconditions: use a store on `local`, \
                           `s3` or `memory`, or write without one";
            return Err(Error::new(Kind::Unsupported, message));
        }
        let draft = in_time(cx, FolderDraft::begin(&self.place, &file)).await?;
        Ok(Box::new(self.drafts.begin(file, draft, u64::MAX)?))
    }

    async fn stat(&self, cx: &CallContext, name: &FileName) -> Result<Option<Info>> {
        in_time(cx, self.place.info(name)).await
    }

    async fn delete(&self, cx: &CallContext, name: &FileName) -> Result<()> {
        in_time(cx, async {
            if self.place.what(name).await? != There::File {
                return Ok(());
            }
            match self.place.folder().delete(name::path(name)?).await {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(error::of(error)),
                _ => Ok(()),
            }
        })
        .await
    }

    async fn list(
        &self,
        cx: &CallContext,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<FilePage> {
        let after = cursor.map(|cursor| cursor::parse(cursor, prefix)).transpose()?;
        let after = after.as_ref().map(|name| name.as_str());
        in_time(cx, list::page(&self.place, prefix, after, limit.get())).await
    }
}
