//! Files in a folder that cannot be left.
//!
//! A file is written under a name of its own, synced, and renamed to where it belongs; what is said of
//! it is an extended attribute, so that both change in one step. Every name is walked segment by
//! segment from the folder's own handle, and no link is followed: there is no path that could lead
//! out. The disk is read and written on threads that may wait for it.

mod attributes;
mod error;
mod list;
mod path;
mod reader;
mod root;
mod writer;

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::file::{
    Capability, File, FileName, FilePage, Info, NewFile, PageLimit, Range, Reader, Writer,
};
use ottavo_blocks::state::cursor;
use ottavo_core::{CallContext, Error, Result};

use reader::LocalReader;
pub(crate) use root::Root;
use writer::LocalWriter;

/// One store.
pub(crate) struct LocalFiles(Arc<Root>);

impl LocalFiles {
    pub(crate) fn new(root: Root) -> LocalFiles {
        LocalFiles(Arc::new(root))
    }

    /// Runs what waits for the disk.
    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Arc<Root>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let root = Arc::clone(&self.0);
        blocking(move || work(&root)).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Error::internal("the work on a file broke off").with_source(error))?
}

#[async_trait]
impl File for LocalFiles {
    fn capabilities(&self) -> &'static [Capability] {
        &[
            Capability::Durable,
            Capability::FirstWrites,
            Capability::Preconditions,
            Capability::Attributes,
            Capability::ListsInFull,
        ]
    }

    /// Whether the folder is still there.
    async fn health(&self, _: &CallContext) -> Result<()> {
        self.on_disk(|root| root.health()).await
    }

    async fn open(
        &self,
        _: &CallContext,
        name: &FileName,
        range: Range,
    ) -> Result<Option<Box<dyn Reader>>> {
        let name = name.clone();
        let opened = self.on_disk(move |root| root.open(&name)).await?;
        let reader = |(file, info)| Box::new(LocalReader::new(file, info, range)) as Box<_>;
        Ok(opened.map(reader))
    }

    async fn create(&self, _: &CallContext, file: NewFile) -> Result<Box<dyn Writer>> {
        let begun = self.on_disk(move |root| {
            root.check(&file.name, &file.precondition)?;
            LocalWriter::begin(root, file)
        });
        Ok(Box::new(begun.await?))
    }

    async fn stat(&self, _: &CallContext, name: &FileName) -> Result<Option<Info>> {
        let name = name.clone();
        self.on_disk(move |root| Ok(root.open(&name)?.map(|(_, info)| info))).await
    }

    async fn delete(&self, _: &CallContext, name: &FileName) -> Result<()> {
        let name = name.clone();
        self.on_disk(move |root| root.delete(&name)).await
    }

    async fn list(
        &self,
        cx: &CallContext,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<FilePage> {
        let after = cursor.map(|cursor| cursor::parse(cursor, prefix)).transpose()?;
        let (cx, prefix) = (cx.clone(), prefix.to_owned());
        self.on_disk(move |root| {
            let after = after.as_ref().map(|name| name.as_str());
            list::page(root, &cx, &prefix, after, limit.get())
        })
        .await
    }
}
