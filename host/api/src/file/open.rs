//! A reader and a writer of one session: each of their calls passes the choke point, too.

use bytes::Bytes;
use ottavo_blocks::file::{ChunkSize, File, FileName, Info, Reader, Writer, rules};
use ottavo_core::{Error, Kind, Result, StoreName};

use super::FileCalls;
use crate::Session;
use crate::scope::Scope;

/// A file that is being read. Dropping it stops what it does.
pub struct OpenReader {
    session: Session,
    store: StoreName,
    info: Info,
    reader: Box<dyn Reader>,
}

impl OpenReader {
    pub(super) fn new(
        scope: &Scope<'_, dyn File>,
        name: FileName,
        reader: Box<dyn Reader>,
    ) -> OpenReader {
        let info = Info { name, ..reader.info().clone() };
        OpenReader { session: scope.session.clone(), store: scope.name().clone(), info, reader }
    }

    /// As [`Reader::info`].
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// As [`Reader::read`].
    pub async fn read(&mut self, max: ChunkSize) -> Result<Bytes> {
        let OpenReader { session, store, reader, .. } = self;
        let FileCalls(scope) = session.file(store.as_str())?;
        scope.run("read", reader.read(&session.cx, max)).await
    }
}

/// A file that is being written. Dropping it leaves nothing behind.
pub struct OpenWriter {
    session: Session,
    store: StoreName,
    name: FileName,
    /// None once it is finished, has failed, or was given up in the middle of a call.
    writer: Option<Box<dyn Writer>>,
}

impl OpenWriter {
    pub(super) fn new(
        scope: &Scope<'_, dyn File>,
        name: FileName,
        writer: Box<dyn Writer>,
    ) -> OpenWriter {
        let (session, store) = (scope.session.clone(), scope.name().clone());
        OpenWriter { session, store, name, writer: Some(writer) }
    }

    /// As [`Writer::write`]. More than [`MAX_CHUNK`](ottavo_blocks::file::MAX_CHUNK) is `too-large`.
    pub async fn write(&mut self, data: Bytes) -> Result<()> {
        let OpenWriter { session, store, name, writer } = self;
        let FileCalls(scope) = session.file(store.as_str())?;
        scope
            .run("write", async {
                let mut live = writer.take().ok_or_else(|| over(name))?;
                rules::check_chunk(&data)?;
                if !data.is_empty() {
                    live.write(&session.cx, data).await?;
                }
                *writer = Some(live);
                Ok(())
            })
            .await
    }

    /// As [`Writer::finish`].
    pub async fn finish(&mut self) -> Result<Info> {
        let OpenWriter { session, store, name, writer } = self;
        let FileCalls(scope) = session.file(store.as_str())?;
        scope
            .run("finish", async {
                let live = writer.take().ok_or_else(|| over(name))?;
                let info = live.finish(&session.cx).await?;
                Ok(Info { name: name.clone(), ..info })
            })
            .await
    }
}

fn over(name: &FileName) -> Error {
    let name = name.as_str().escape_debug();
    let message = format!("the writer of the file `{name}` has ended: create the file again");
    Error::new(Kind::FailedPrecondition, message)
}
