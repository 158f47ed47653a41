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
use tokio::sync::OnceCell;

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
    root: PathBuf,
    /// None until its folder is there.
    place: OnceCell<Place>,
    drafts: Drafts,
}

impl FolderFiles {
    /// Makes the folder where it is missing. Where it cannot be made, as on a file server that is away,
    /// the store opens all the same, and each call tries again.
    pub(crate) async fn open(root: PathBuf, context: OpenContext) -> Result<FolderFiles> {
        if root.to_str().is_none_or(str::is_empty) {
            return Err(Error::invalid(format!("`root` is `{}`: name a folder", root.display())));
        }
        let (name, drafts) = (context.name.clone(), Drafts::new(context.name, context.shutdown));
        let files = FolderFiles { root, place: OnceCell::new(), drafts };
        if let Err(error) = files.place().await {
            tracing::warn!(store = %name, error = ?error, "the folder of a store cannot be made");
        }
        Ok(files)
    }

    async fn place(&self) -> Result<&Place> {
        let make = async || {
            let shown = self.root.display();
            let failed = |error: std::io::Error| {
                let message = "the folder of the store is not there, and cannot be made";
                Error::new(Kind::Unavailable, message)
                    .with_source(format!("cannot make the folder `{shown}`: {error}"))
            };
            tokio::fs::create_dir_all(&self.root).await.map_err(failed)?;
            let text = self.root.to_str().unwrap_or_default();
            let folder = Operator::new(Fs::default().root(text)).map_err(error::of)?;
            Ok(Place::new(folder, self.root.clone()))
        };
        self.place.get_or_try_init(make).await
    }
}

#[async_trait]
impl File for FolderFiles {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Shared, Capability::Attributes]
    }

    /// Whether the folder is still there.
    async fn health(&self, cx: &CallContext) -> Result<()> {
        in_time(cx, async { self.place().await?.health().await }).await
    }

    async fn open(
        &self,
        cx: &CallContext,
        name: &FileName,
        range: Range,
    ) -> Result<Option<Box<dyn Reader>>> {
        in_time(cx, async {
            let place = self.place().await?;
            for _ in 0..TRIES {
                let Some(info) = place.info(name).await? else { return Ok(None) };
                let source = place.folder().reader(name::path(name)?).await;
                let source = source.map_err(error::of)?;
                // the first byte opens the file, which is then held whatever becomes of its name
                if info.size > 0 && source.read(0..1).await.is_err() {
                    continue;
                }
                if place.info(name).await?.as_ref() == Some(&info) {
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
        let begin = async { FolderDraft::begin(self.place().await?, &file).await };
        let draft = in_time(cx, begin).await?;
        Ok(Box::new(self.drafts.begin(file, draft, u64::MAX)?))
    }

    async fn stat(&self, cx: &CallContext, name: &FileName) -> Result<Option<Info>> {
        in_time(cx, async { self.place().await?.info(name).await }).await
    }

    async fn delete(&self, cx: &CallContext, name: &FileName) -> Result<()> {
        in_time(cx, async {
            let place = self.place().await?;
            if place.what(name).await? != There::File {
                return Ok(());
            }
            match place.folder().delete(name::path(name)?).await {
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
        let page = async { list::page(self.place().await?, prefix, after, limit.get()).await };
        in_time(cx, page).await
    }
}
