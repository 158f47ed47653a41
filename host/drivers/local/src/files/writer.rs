//! Writes a file under no name, and names it when it is on the disk.

use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_blocks::file::{Info, NewFile, Writer};
use ottavo_core::{CallContext, Error, Result};

use super::root::{Begun, Root};
use super::{attributes, blocking, error};

pub(super) struct LocalWriter {
    root: Arc<Root>,
    new: NewFile,
    begun: Begun,
}

impl LocalWriter {
    pub(super) fn begin(root: &Arc<Root>, new: NewFile) -> Result<LocalWriter> {
        Ok(LocalWriter { root: Arc::clone(root), new, begun: root.begin()? })
    }
}

/// The file, which is away while a write that was given up goes on.
fn take(begun: &mut Begun) -> Result<File> {
    begun.file.take().ok_or_else(|| Error::internal("a write to this file was given up"))
}

#[async_trait]
impl Writer for LocalWriter {
    async fn write(&mut self, _: &CallContext, data: Bytes) -> Result<()> {
        let mut file = take(&mut self.begun)?;
        let written = blocking(move || {
            file.write_all(&data).map_err(|error| error::io(&error))?;
            Ok(file)
        });
        self.begun.file = Some(written.await?);
        Ok(())
    }

    async fn finish(self: Box<Self>, _: &CallContext) -> Result<Info> {
        let LocalWriter { root, new, mut begun } = *self;
        blocking(move || {
            let file = take(&mut begun)?;
            attributes::write(&file, &attributes::text(&new))?;
            file.sync_all().map_err(|error| error::io(&error))?;
            root.name(&begun, &new.name, &new.precondition)?;
            let stat = rustix::fs::fstat(&file).map_err(error::disk)?;
            attributes::info(&file, &new.name, &stat)
        })
        .await
    }
}
